//! A create with a lost response is sent once, whatever the fault; a search, which is read-only, is
//! retried.

use std::time::Duration;

use discovery_runtime::retry::DefaultRetry;
use discovery_runtime::testing::Fault;
use google_jobs_v3::models::{CreateJobRequest, Job, SearchJobsRequest};

use crate::jobs;
use crate::support::server;

/// Faults after which the server may have executed the call.
const LOST: [Fault; 8] = [
    Fault::LoseAnswer,
    Fault::Reset,
    Fault::ResetAfter(4),
    Fault::BrokenStream,
    Fault::WrongLength,
    Fault::Truncated,
    Fault::Status(503),
    Fault::Html(502),
];

#[tokio::test]
async fn creates_are_sent_once_and_searches_are_retried() {
    let server = server(r#"{"name":"projects/p/jobs/j","metadata":{"requestId":"r"}}"#).await;
    let fast = DefaultRetry::new().with_backoff(Duration::ZERO, Duration::from_millis(5));
    let client = jobs(&server).with_retry(fast).build().unwrap();
    let create = CreateJobRequest::new().set_job(Job::new().set_title("Engineer"));
    for fault in LOST {
        // On a new connection and on a reused one.
        for _ in 0..2 {
            server.inject(fault);
            let error =
                client.projects().jobs().create("projects/p", &create).send().await.unwrap_err();
            assert_eq!(server.take_requests().len(), 1, "create, {fault}");
            assert_eq!((error.attempts(), error.maybe_sent()), (1, true), "{fault}: {error}");

            server.inject(fault);
            let search = client.projects().jobs().search("projects/p", &SearchJobsRequest::new());
            let found = search.send().await.unwrap_or_else(|error| panic!("{fault}: {error}"));
            assert_eq!(server.take_requests().len(), 2, "search, {fault}");
            assert_eq!(found.metadata.unwrap().request_id.as_deref(), Some("r"));
        }
    }
}
