//! Gets a job with google-jobs3 and a token.

use google_jobs3::CloudTalentSolution;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("TOKEN")?;
    let https = HttpsConnectorBuilder::new()
        .with_native_roots()?
        .https_or_http()
        .enable_all_versions()
        .build();
    let client = Client::builder(TokioExecutor::new()).build(https);
    let hub = CloudTalentSolution::new(client, token);
    let (_, job) = hub.projects().jobs_get("projects/p/jobs/1").doit().await?;
    println!("{}", job.title.unwrap_or_default());
    Ok(())
}
