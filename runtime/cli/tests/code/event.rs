//! Dependencies:
//!
//! ```toml
//! google-jobs-v3 = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use google_jobs_v3::{Client, json, models};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().build()?;
    let request = models::CreateClientEventRequest::new()
        .set_client_event(json::from_response::<models::ClientEvent>(r#"{"createTime":"et","eventId":"magna","extraInfo":{"key":"no"},"jobEvent":{"jobs":["ipsum"],"type":"voluptua."},"parentEventId":"at","requestId":"sanctus"}"#.as_bytes())?);
    let response = client
        .projects()
        .client_events()
        .create("projects/p1", &request)
        .send()
        .await?;
    println!("{response:#?}");
    Ok(())
}
