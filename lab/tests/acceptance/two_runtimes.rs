//! A client created outside of a Tokio runtime works in one runtime and, after its shutdown, in
//! another.

use discovery_runtime::auth::Adc;
use discovery_runtime::testing::{FaultServer, Reply};
use google_jobs_v3::models::{CreateJobRequest, Job};

use crate::jobs;

#[test]
fn one_client_works_in_two_runtimes() {
    let host = tokio::runtime::Runtime::new().unwrap();
    // Tokens expire immediately, so that each runtime needs the token service.
    let tokens = r#"{"access_token": "short", "expires_in": 0}"#;
    let start = |text: &'static str| host.block_on(FaultServer::replying(Reply::json(text)));
    let (tokens, api) = (start(tokens).unwrap(), start(r#"{"name":"n"}"#).unwrap());
    let file = format!(
        r#"{{"type": "authorized_user", "client_id": "c", "client_secret": "s",
             "refresh_token": "r", "token_uri": "{}"}}"#,
        tokens.url()
    );
    let adc = Adc::from_json(&file).unwrap();
    let client = jobs(&api).with_credentials(adc).build().unwrap();
    let request = CreateJobRequest::new().set_job(Job::new().set_title("T"));
    for round in 1..=3 {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        // The pool holds a connection of the first runtime; a create on it would fail without a
        // retry.
        for _ in 0..2 {
            let call = client.projects().jobs().create("projects/p", &request);
            let job = runtime.block_on(call.send()).unwrap();
            assert_eq!(job.name.as_deref(), Some("n"));
        }
        drop(runtime);
        assert_eq!(api.requests().len(), 2 * round);
        assert!(tokens.requests().len() >= round);
    }
}
