//! Dependencies:
//!
//! ```toml
//! google-kitchen-sink-v1 = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use google_kitchen_sink_v1::{Client, Source, models, runtime};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().build()?;
    let response = client
        .media()
        .insert(&models::MediaFile::new())
        .upload(Source::from_path("a.png").with_content_type("image/png"))
        .with_protocol(runtime::media::Protocol::Resumable)
        .send()
        .await?;
    println!("{response:#?}");
    Ok(())
}
