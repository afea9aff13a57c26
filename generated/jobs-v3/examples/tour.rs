//! A tour of the crate. It starts a server of this API in process, so it needs neither account nor
//! network:
//!
//! ```console
//! $ cargo run -p google-jobs-v3 --example tour
//! ```
//!
//! Lines with `->` are requests as received by the server. With the real API, only `main` would
//! differ: `Client::builder().build()?` uses Application Default Credentials.

use google_jobs_v3::json::{Model, Timestamp};
use google_jobs_v3::models::{
    ApplicationInfo, ClientEvent, Company, CreateClientEventRequest, CreateCompanyRequest,
    CreateJobRequest, Job, JobEvent, JobEventType, JobQuery, RequestMetadata, SearchJobsRequest,
    UpdateJobRequest,
};
use google_jobs_v3::{Client, Result};
use google_jobs_v3_mock::mock::{FaultRule, Running};
use std::error::Error;

const PARENT: &str = "projects/tour";

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn Error>> {
    let server = server()?;
    let client = Client::builder().with_endpoint(server.endpoint()).with_anonymous().build()?;

    let company = company(&client).await?;
    let jobs = jobs(&client, &company).await?;
    paging(&client, &company).await?;
    let request_id = search(&client).await?;
    event(&client, &request_id, &jobs[0]).await?;
    patch(&client, &jobs[0]).await?;
    errors(&client, &company).await?;

    println!("\nDone. On the command line, `jobs3 --mock` includes the same server.");
    Ok(())
}

/// Starts a server on a free port that prints its requests. It fails one completion, to demonstrate
/// a retry.
fn server() -> std::result::Result<Running, Box<dyn Error>> {
    let fault: FaultRule = "503:first=1,method=jobs.projects.complete".parse()?;
    let server = google_jobs_v3_mock::builder()
        .fault(fault)
        .log(|entry| {
            let status = entry.status.map_or("closed".to_owned(), |status| status.to_string());
            println!("   -> {} {} {status}", entry.verb, readable(&entry.target));
        })
        .build()
        .spawn("127.0.0.1:0")?;
    println!("The server is {} in this process.", server.endpoint());
    Ok(server)
}

/// Formats a path and query without common parameters, unescaped.
fn readable(target: &str) -> String {
    let target = target.replace("alt=json&prettyPrint=false", "");
    let target = target.replace("%20", " ").replace("%3D", "=").replace("%22", "\"");
    target.trim_end_matches(['?', '&']).to_owned()
}

/// Requests are built with `set_` methods; every field of a response is an `Option`.
async fn company(client: &Client) -> Result<Company> {
    println!("\n1. Create a company");
    let company = Company::new().set_display_name("Acme").set_external_id("acme-1");
    let request = CreateCompanyRequest::new().set_company(company);
    let company = client.projects().companies().create(PARENT, &request).await?;
    println!("   {company:?}");
    Ok(company)
}

async fn jobs(client: &Client, company: &Company) -> Result<Vec<Job>> {
    println!("\n2. Post jobs");
    let mut posted = Vec::new();
    for title in ["Rust engineer", "Data engineer", "Rust trainer", "Cook", "Nurse"] {
        let apply = ApplicationInfo::new().set_emails(["jobs@acme.example"]);
        let job = Job::new()
            .set_company_name(company.name.as_deref().unwrap_or_default())
            .set_requisition_id(title.to_lowercase().replace(' ', "-"))
            .set_title(title)
            .set_description(format!("We look for a {}.", title.to_lowercase()))
            .set_addresses(["Paris, France"])
            .set_application_info(apply);
        let request = CreateJobRequest::new().set_job(job);
        posted.push(client.projects().jobs().create(PARENT, &request).await?);
    }
    let first = &posted[0];
    let expires = first.posting_expire_time.map(|time| time.to_string()).unwrap_or_default();
    println!("   The server assigned the name {} and", first.name.as_deref().unwrap_or_default());
    println!("   set the expiry time, {expires}");
    Ok(posted)
}

/// `items` requests pages as needed; `pages` returns whole responses.
async fn paging(client: &Client, company: &Company) -> Result<()> {
    println!("\n3. List all jobs, in pages of two");
    let filter = format!("companyName = \"{}\"", company.name.as_deref().unwrap_or_default());
    let list = client.projects().jobs().list(PARENT).filter(&filter).page_size(2);
    let mut jobs = list.items();
    while let Some(job) = jobs.next().await {
        println!("   {}", job?.title.as_deref().unwrap_or_default());
    }
    Ok(())
}

/// Returns the id of the response, which events refer to.
async fn search(client: &Client) -> Result<String> {
    println!("\n4. Search as a job seeker");
    let user =
        RequestMetadata::new().set_domain("example.com").set_session_id("s").set_user_id("u");
    let request = SearchJobsRequest::new()
        .set_request_metadata(user)
        .set_job_query(JobQuery::new().set_query("rust"))
        .set_order_by("title");
    let answer = client.projects().jobs().search(PARENT, &request).await?;
    for job in answer.matching_jobs.iter().flatten().filter_map(|found| found.job.as_ref()) {
        println!("   found {}", job.title.as_deref().unwrap_or_default());
    }
    println!("   {} in all", answer.total_size.unwrap_or_default());
    Ok(answer.metadata.and_then(|metadata| metadata.request_id).unwrap_or_default())
}

/// Values sent as text have types: `Timestamp`, `Duration`, `FieldMask`, and enums.
async fn event(
    client: &Client,
    request_id: &str,
    job: &Job,
) -> std::result::Result<(), Box<dyn Error>> {
    println!("\n5. Report that the first job was viewed");
    let viewed = JobEvent::new().set_type(JobEventType::View).set_jobs(job.name.clone());
    let event = ClientEvent::new()
        .set_create_time("2026-01-15T10:00:00Z".parse::<Timestamp>()?)
        .set_event_id("event-1")
        .set_request_id(request_id)
        .set_job_event(viewed);
    let request = CreateClientEventRequest::new().set_client_event(event);
    let event = client.projects().client_events().create(PARENT, &request).await?;
    println!("   {event:?}");
    Ok(())
}

/// The request contains the difference of two values and its mask: concurrent changes of other
/// fields are kept.
async fn patch(client: &Client, job: &Job) -> std::result::Result<(), Box<dyn Error>> {
    println!("\n6. Update two fields");
    let mut wanted = job.clone().set_title("Senior Rust engineer");
    wanted.addresses = None;
    let Some(request) = UpdateJobRequest::between(job, &wanted)? else { return Ok(()) };
    println!("   {}", request.to_json());
    let name = job.name.as_deref().unwrap_or_default();
    let job = client.projects().jobs().patch(name, &request).await?;
    let title = job.title.as_deref().unwrap_or_default();
    println!("   the job is now: {title}, {} addresses", job.addresses.iter().flatten().count());
    Ok(())
}

/// Errors state what to do. Temporary failures have already been retried.
async fn errors(client: &Client, company: &Company) -> Result<()> {
    println!("\n7. Handle errors, and a retry");
    let companies = client.projects().companies();
    match companies.get("projects/tour/companies/none").await {
        Err(error) if error.is_not_found() => println!("   not found: {}", error.message()),
        other => println!("   unexpected: {other:?}"),
    }
    let request = CreateCompanyRequest::new().set_company(Company::new());
    if let Err(error) = companies.create(PARENT, &request).await {
        let code = error.code().map_or("", |code| code.as_str());
        println!("   {code}");
        for violation in error.field_violations() {
            println!("   field {}: {}", violation.field, violation.description);
        }
    }
    // A company with jobs cannot be deleted.
    if let Err(error) = companies.delete(company.name.as_deref().unwrap_or_default()).await {
        println!("   {}", error.message());
    }
    let answer = client.projects().complete(PARENT).query("ru").page_size(5).await?;
    let words = answer.completion_results.into_iter().flatten().filter_map(|word| word.suggestion);
    println!("   completions of 'ru': {:?}", words.collect::<Vec<_>>());
    Ok(())
}
