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
        .names_of_setters_things()
        .typed(1, 2, &"aGk=".parse::<json::Bytes>()?, true, "2024-01-31", "2024-01-31T00:00:00Z")
        .send()
        .await?;
    println!("{response:#?}");
    Ok(())
}
