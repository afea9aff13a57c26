//! Dependencies:
//!
//! ```toml
//! google-kitchen-sink-v1 = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use google_kitchen_sink_v1::{Client, json};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().build()?;
    let request = json::from_response::<i32>(r#"5"#.as_bytes())?;
    let response = client
        .bodies_inline_b()
        .m15(&request)
        .send()
        .await?;
    println!("{response:#?}");
    Ok(())
}
