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
    let response = client
        .params()
        .list("must", ["a", "b"])
        .flag(true)
        .mask("a.b")
        .ratio(1.0)
        .raw(&"aGk=".parse::<json::Bytes>()?)
        .since("2024-01-01T00:00:00Z")
        .size(5)
        .ttl("5s")
        .views(["FULL", "NEW"])
        .send()
        .await?;
    println!("{response:#?}");
    Ok(())
}
