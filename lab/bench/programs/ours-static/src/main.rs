//! Gets a job with our crate and a token.

use google_jobs_v3::Client;
use google_jobs_v3::runtime::auth::StaticToken;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("TOKEN")?;
    let client = Client::builder().with_credentials(StaticToken::new(token)).build()?;
    let job = client.projects().jobs().get("projects/p/jobs/1").send().await?;
    println!("{}", job.title.unwrap_or_default());
    Ok(())
}
