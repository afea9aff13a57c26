//! Dependencies:
//!
//! ```toml
//! google-kitchen-sink-v1 = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use google_kitchen_sink_v1::{CallOptions, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().build()?;
    let response = client
        .params()
        .list("must", ["a"])
        .with_query("since", "now")
        .with_query("ttl", "long")
        .send()
        .await?;
    println!("{response:#?}");
    Ok(())
}
