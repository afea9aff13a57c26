//! The in-process server as the transport of a client, with its resources in a file.
#![cfg(test)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::path::PathBuf;
use std::time::Duration;

use google_jobs_v3::models::{Company, CreateCompanyRequest};
use google_jobs_v3::{Client, Result};
use google_jobs_v3_mock::mock::Server;

fn client(server: Server) -> Client {
    Client::builder().with_transport(server).with_anonymous().build().unwrap()
}

async fn create(client: &Client, id: &str) -> Result<Company> {
    let company = Company::new().set_display_name("Acme").set_external_id(id);
    let request = CreateCompanyRequest::new().set_company(company);
    client.projects().companies().create("projects/p", &request).await
}

fn file(name: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name).join("mock.redb");
    std::fs::remove_file(&file).ok();
    file
}

#[tokio::test]
async fn clients_work_without_a_socket() {
    let fault = "503:first=1,method=jobs.projects.companies.list".parse().unwrap();
    let server = google_jobs_v3_mock::builder().fault(fault).build();
    let client = client(server.clone());
    let company = create(&client, "a").await.unwrap();
    assert_eq!(company.name.as_deref(), Some("projects/p/companies/1"));
    assert!(create(&client, "a").await.unwrap_err().is_already_exists());
    // The fault is injected as behind a socket, and the client retries.
    let list = client.projects().companies().list("projects/p").await.unwrap();
    assert_eq!(list.companies, Some(vec![company]));
    assert_eq!(server.store().len(), 1);
}

#[tokio::test]
async fn resources_persist_in_the_file() {
    let file = file("stays");
    let first = google_jobs_v3_mock::open(&file).unwrap();
    create(&client(first.clone()), "a").await.unwrap();
    drop(first);
    let again = client(google_jobs_v3_mock::open(&file).unwrap());
    assert!(create(&again, "a").await.unwrap_err().is_already_exists());
    let second = create(&again, "b").await.unwrap();
    assert_eq!(second.name.as_deref(), Some("projects/p/companies/2"));
}

#[test]
fn programs_wait_for_the_file() {
    let file = file("waits");
    let first = google_jobs_v3_mock::open(&file).unwrap();
    let second = std::thread::spawn(move || google_jobs_v3_mock::open(&file).map(drop));
    std::thread::sleep(Duration::from_millis(50));
    assert!(!second.is_finished());
    drop(first);
    second.join().unwrap().unwrap();
}
