//! Dependencies:
//!
//! ```toml
//! google-kitchen-sink-v1 = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use google_kitchen_sink_v1::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().build()?;
    let response = client
        .media()
        .export("id", "image/png")
        .download()
        .with_stored_bytes()
        .to_file("content")
        .await?;
    println!("{response:#?}");
    Ok(())
}
