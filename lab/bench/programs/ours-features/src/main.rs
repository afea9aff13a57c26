//! Gets a job with our crate and the features chosen for the build.

use google_jobs_v3::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder();
    #[cfg(not(feature = "adc"))]
    let client = client.with_credentials(google_jobs_v3::runtime::auth::StaticToken::new(
        std::env::var("TOKEN")?,
    ));
    let job = client.build()?.projects().jobs().get("projects/p/jobs/1").send().await?;
    println!("{}", job.title.unwrap_or_default());
    Ok(())
}
