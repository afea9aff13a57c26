//! Gets a job with our crate and Application Default Credentials.

use google_jobs_v3::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().build()?;
    let job = client.projects().jobs().get("projects/p/jobs/1").send().await?;
    println!("{}", job.title.unwrap_or_default());
    Ok(())
}
