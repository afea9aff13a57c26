//! Dependencies:
//!
//! ```toml
//! google-kitchen-sink-v1 = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use google_kitchen_sink_v1::{Client, models};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().build()?;
    let request = models::UpdatesKey::new();
    let response = client
        .updates_keys()
        .update("n", "labels", &request)
        .send()
        .await?;
    println!("{response:#?}");
    Ok(())
}
