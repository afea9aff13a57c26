//! A tour of the crate. It starts a server of this API inside the process, so it needs no account
//! and no network:
//!
//! ```console
//! $ cargo run -p google-jobs-v3 --example tour
//! ```
//!
//! Lines with `->` are requests as the server received them. Against the real API, only `main`
//! would differ: `Client::builder().build()?` uses Application Default Credentials.

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

    println!("\nThat was all. At a shell, `jobs3 --mock` has such a server too.");
    Ok(())
}

/// A server on a free port that says what it is asked. It fails one completion, so that there is
/// a retry to see.
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

/// A path and query without what every call has, and without the signs that queries need.
fn readable(target: &str) -> String {
    let target = target.replace("alt=json&prettyPrint=false", "");
    let target = target.replace("%20", " ").replace("%3D", "=").replace("%22", "\"");
    target.trim_end_matches(['?', '&']).to_owned()
}

/// Requests are built with `set_` methods; every field of an answer is an `Option`.
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
    println!("   The server named the first {} and", first.name.as_deref().unwrap_or_default());
    println!("   set the time when it expires, {expires}");
    Ok(posted)
}

/// `items` asks for one page after another, as they are needed; `pages` gives whole answers.
async fn paging(client: &Client, company: &Company) -> Result<()> {
    println!("\n3. List them all, in pages of two");
    let filter = format!("companyName = \"{}\"", company.name.as_deref().unwrap_or_default());
    let list = client.projects().jobs().list(PARENT).filter(&filter).page_size(2);
    let mut jobs = list.items();
    while let Some(job) = jobs.next().await {
        println!("   {}", job?.title.as_deref().unwrap_or_default());
    }
    Ok(())
}

/// Gives the id of the answer, which events refer to.
async fn search(client: &Client) -> Result<String> {
    println!("\n4. Search, as somebody who looks for work");
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

/// Values that are text on the wire have types: `Timestamp`, `Duration`, `FieldMask`, enumerations.
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

/// The request holds the difference of two values, and the mask that names it: nobody else's change
/// is undone.
async fn patch(client: &Client, job: &Job) -> std::result::Result<(), Box<dyn Error>> {
    println!("\n6. Change two fields, and only those");
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

/// Errors say what to do. What may be tried again was tried again before there is one.
async fn errors(client: &Client, company: &Company) -> Result<()> {
    println!("\n7. Be refused, and be lucky at the second try");
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
    // A company with jobs cannot go.
    if let Err(error) = companies.delete(company.name.as_deref().unwrap_or_default()).await {
        println!("   {}", error.message());
    }
    let answer = client.projects().complete(PARENT).query("ru").page_size(5).await?;
    let words = answer.completion_results.into_iter().flatten().filter_map(|word| word.suggestion);
    println!("   'ru' may become {:?}", words.collect::<Vec<_>>());
    Ok(())
}
