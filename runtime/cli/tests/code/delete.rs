//! Dependencies:
//!
//! ```toml
//! google-jobs-v3 = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use google_jobs_v3::{CallOptions, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .with_quota_project("p2")
        .build()?;
    client
        .projects()
        .jobs()
        .delete("projects/p1/jobs/j1")
        .quota_user("u")
        .xgafv("2")
        .with_scopes(["https://www.googleapis.com/auth/jobs"])
        .send()
        .await?;
    Ok(())
}
