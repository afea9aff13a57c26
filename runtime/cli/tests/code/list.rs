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
        .with_anonymous()
        .build()?;
    let mut items = client
        .projects()
        .jobs()
        .list("projects/p1")
        .filter("a=\"b\"")
        .job_view("JOB_VIEW_FULL")
        .page_size(3)
        .fields("jobs(name)")
        .key(std::env::var("KEY")?)
        .with_query("callback", "cb")
        .items()
        .max_items(5)
        .max_pages(2);
    while let Some(item) = items.next().await {
        println!("{:#?}", item?);
    }
    Ok(())
}
