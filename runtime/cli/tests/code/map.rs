//! Dependencies:
//!
//! ```toml
//! google-kitchen-sink-v1 = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use google_kitchen_sink_v1::{Client, json, models};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().build()?;
    let request = json::from_response::<json::Map<models::BodiesInlineR>>(r#"{"a":{}}"#.as_bytes())?;
    let response = client
        .bodies_inline_b()
        .m5(&request)
        .send()
        .await?;
    println!("{response:#?}");
    Ok(())
}
