//! Dependencies:
//!
//! ```toml
//! google-kitchen-sink-v1 = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use google_kitchen_sink_v1::{Client, runtime};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().build()?;
    let response = client
        .bodies()
        .raw(runtime::HttpBody::new("application/xml", std::fs::read("a.xml")?))
        .send()
        .await?;
    println!("{response:#?}");
    Ok(())
}
