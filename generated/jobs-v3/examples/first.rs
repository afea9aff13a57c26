//! The program of the README: create a job, then list all of a company's.

use google_jobs_v3::models::{CreateJobRequest, Job};
use google_jobs_v3::{Client, Result};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let client = Client::builder().build()?; // Application Default Credentials
    let job = Job::new().set_title("Engineer").set_requisition_id("r-1");
    let request = CreateJobRequest::new().set_job(job);
    let job = client.projects().jobs().create("projects/p", &request).send().await?;
    println!("{}", job.name.as_deref().unwrap_or_default());

    let filter = "companyName = \"projects/p/companies/c\"";
    let mut jobs = client.projects().jobs().list("projects/p").filter(filter).items();
    while let Some(job) = jobs.next().await {
        println!("{}", job?.title.as_deref().unwrap_or_default());
    }
    Ok(())
}
