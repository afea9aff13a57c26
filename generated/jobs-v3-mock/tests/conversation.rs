//! A session of the generated client with the generated server over real sockets: create a company
//! and jobs, search, page, report an event, patch, delete, and handle errors.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use google_jobs_v3::json::{FieldMask, Model};
use google_jobs_v3::models::{
    ApplicationInfo, ClientEvent, Company, CreateClientEventRequest, CreateCompanyRequest,
    CreateJobRequest, Job, JobEvent, JobEventType, JobQuery, RequestMetadata, SearchJobsRequest,
    UpdateJobRequest,
};
use google_jobs_v3::{Client, Error};
use google_jobs_v3_mock::mock::Running;

fn start() -> (Running, Client) {
    let server = google_jobs_v3_mock::builder().build().spawn("127.0.0.1:0").unwrap();
    let builder = Client::builder().with_endpoint(server.endpoint()).with_anonymous();
    (server, builder.build().unwrap())
}

async fn company(client: &Client, id: &str) -> Result<Company, Error> {
    let company = Company::new().set_display_name("Acme").set_external_id(id);
    let request = CreateCompanyRequest::new().set_company(company);
    client.projects().companies().create("projects/p", &request).send().await
}

async fn job(client: &Client, company: &str, requisition: &str, title: &str) -> Job {
    let job = Job::new()
        .set_company_name(company)
        .set_requisition_id(requisition)
        .set_title(title)
        .set_description("Builds things.")
        .set_application_info(ApplicationInfo::new().set_emails(["jobs@example.com"]));
    let request = CreateJobRequest::new().set_job(job);
    client.projects().jobs().create("projects/p", &request).send().await.unwrap()
}

fn search(query: &str) -> SearchJobsRequest {
    let metadata =
        RequestMetadata::new().set_domain("example.com").set_session_id("s").set_user_id("u");
    SearchJobsRequest::new()
        .set_request_metadata(metadata)
        .set_job_query(JobQuery::new().set_query(query))
}

#[tokio::test]
async fn full_session() {
    let (_server, client) = start();
    let acme = company(&client, "acme").await.unwrap();
    let name = acme.name.as_deref().unwrap();
    for i in 0..5 {
        job(&client, name, &format!("r-{i}"), if i == 3 { "Baker" } else { "Engineer" }).await;
    }

    let jobs = client.projects().jobs();
    let filter = format!("companyName = \"{name}\"");
    let mut items = jobs.list("projects/p").filter(&filter).page_size(2).items();
    let mut listed = Vec::new();
    while let Some(job) = items.next().await {
        listed.push(job.unwrap());
    }
    assert_eq!(listed.len(), 5, "three pages");

    let found = jobs.search("projects/p", &search("Baker")).send().await.unwrap();
    let matching = found.matching_jobs.unwrap();
    assert_eq!(matching.len(), 1);
    let baker = matching[0].job.clone().unwrap();
    assert_eq!(baker.title.as_deref(), Some("Baker"));

    let event = ClientEvent::new()
        .set_event_id("e-1")
        .set_request_id(found.metadata.and_then(|m| m.request_id).unwrap_or_default())
        .set_create_time("2026-01-15T10:00:00Z".parse::<google_jobs_v3::json::Timestamp>().unwrap())
        .set_job_event(
            JobEvent::new().set_type(JobEventType::View).set_jobs([baker.name.clone().unwrap()]),
        );
    let request = CreateClientEventRequest::new().set_client_event(event);
    let event =
        client.projects().client_events().create("projects/p", &request).send().await.unwrap();
    assert_eq!(event.event_id.as_deref(), Some("e-1"));

    let name = baker.name.as_deref().unwrap();
    let request = UpdateJobRequest::new()
        .set_job(baker.clone().set_title("Pastry chef"))
        .set_update_mask(FieldMask::of([Job::TITLE]));
    let patched = jobs.patch(name, &request).send().await.unwrap();
    assert_eq!(patched.title.as_deref(), Some("Pastry chef"));
    assert_eq!(patched.requisition_id, baker.requisition_id);

    jobs.delete(name).send().await.unwrap();
    let gone = jobs.get(name).send().await.unwrap_err();
    assert_eq!(gone.http_status().map(|s| s.as_u16()), Some(404), "{gone}");
}

#[tokio::test]
async fn errors_report_status_and_field() {
    let (_server, client) = start();
    company(&client, "acme").await.unwrap();
    let twice = company(&client, "acme").await.unwrap_err();
    assert!(twice.to_string().contains("jobs.projects.companies.create"), "{twice}");
    assert!(twice.to_string().contains("ALREADY_EXISTS"), "{twice}");
    let empty = CreateCompanyRequest::new().set_company(Company::new());
    let wrong = client.projects().companies().create("projects/p", &empty).send().await;
    assert!(wrong.unwrap_err().to_string().contains("INVALID_ARGUMENT"));
}

#[tokio::test]
async fn unknown_fields_survive_get_and_patch() {
    let (_server, client) = start();
    let acme = company(&client, "acme").await.unwrap();
    let text = acme.to_json();
    let with =
        format!("{},\"brandNew\":{{\"n\":1e400}},\"size\":\"GIGANTIC\"}}", &text[..text.len() - 1]);
    let read = Company::from_json(&with).unwrap();
    assert_eq!(read.size.as_ref().map(|s| s.as_str()), Some("GIGANTIC"));
    let written = read.to_json();
    assert!(
        written.contains("\"brandNew\":{\"n\":1e400}") && written.contains("GIGANTIC"),
        "{written}"
    );
}
