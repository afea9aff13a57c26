//! No token, key, or credential is printed: in `Debug` and `Display` of builders, clients, calls,
//! requests, responses, batches, sessions, and errors with all their causes, and in spans and
//! events of traces.
//!
//! `auth/secrets.rs` checks credentials, `media/sessions.rs` upload sessions.

use discovery_runtime::CallOptions;
use std::error::Error as _;

use discovery_runtime::auth::StaticToken;
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::reqwest::ReqwestTransport;
use discovery_runtime::retry::NoRetry;
use discovery_runtime::testing::{Fault, FaultServer, Reply};
use discovery_runtime::transport::Transport;
use discovery_runtime::{Call, Error, ErrorKind};
use google_jobs_v3::Client;
use google_jobs_v3::models::{CreateJobRequest, Job};

use crate::support::server;
use crate::traced::Traced;
use crate::user;

const TOKEN: &str = "opaque-token-5812";
const KEY: &str = "key-in-the-url-7731";
const HEADER: &str = "header-secret-9920";

fn assert_clean(what: &str, text: &str) {
    for secret in [TOKEN, KEY, HEADER] {
        assert!(!text.contains(secret), "{what} shows {secret}: {text}");
    }
}

/// Returns everything that an error can print, including all causes.
fn printed(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{:?}", error.http());
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!("\n{error}\n{error:?}"));
        cause = error.source();
    }
    text
}

/// Creates a call with a secret in its body, its URL, and a header.
fn call(client: &Client) -> Call {
    let job = CreateJobRequest::new().set_job(Job::new().set_title(HEADER));
    let call = client.projects().jobs().create("projects/p", &job).key(KEY);
    call.with_header("x-api-token", HEADER).with_retry(NoRetry).into()
}

/// Creates a client with secrets in all settings.
fn client(url: &str) -> Client {
    let builder = Client::builder().with_endpoint(url).with_header("x-api-token", HEADER);
    let builder = builder.with_credentials(StaticToken::new(TOKEN));
    assert_clean("builder", &format!("{builder:?}"));
    builder.build().unwrap()
}

#[tokio::test]
async fn clients_calls_requests_responses_and_traces() {
    let traced = Traced::default();
    let guard = traced.listen();
    let echo = format!(
        r#"{{"error":{{"code":403,"message":"token {TOKEN} is bad","status":"PERMISSION_DENIED",
        "details":[{{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"X",
        "metadata":{{"consumer":"{TOKEN}"}}}}]}}}}"#
    );
    let refusal = Reply::new(403).with_body("application/json", echo);
    for (reply, fault) in [
        (refusal, None),
        (Reply::json("{}"), Some(Fault::BrokenStream)),
        (Reply::json("<html>"), None),
        (Reply::json("[1]"), None),
        (Reply::json("{}"), None),
    ] {
        let server = FaultServer::replying(reply).await.unwrap();
        let client = client(&server.url());
        assert_clean("client", &format!("{client:?}"));
        assert_clean("call", &format!("{:?}", call(&client)));
        let request = call(&client).into_request().unwrap();
        assert_clean("request", &format!("{request:?} {:?}", request.options()));
        let list = client.projects().jobs().list("projects/p").key(KEY);
        let list = list.with_header("x-api-token", HEADER);
        assert_clean("pages", &format!("{:?} {:?}", list.clone().pages(), list.clone().items()));
        let mut batch = client.batch();
        let ticket = batch.add(list).unwrap();
        assert_clean("batch", &format!("{batch:?} {ticket:?}"));
        fault.into_iter().for_each(|fault| server.inject(fault));
        let text = match call(&client).execute().await {
            Ok(response) => format!("{response:?}"),
            Err(error) => printed(&error),
        };
        assert_clean("outcome", &text);
        assert_clean("server", &format!("{server:?} {:?}", server.requests()));
        let sent = server.requests().pop().unwrap();
        let secrets = (sent.line().contains(KEY), sent.head.header("x-api-token"));
        assert_eq!(secrets, (true, Some(HEADER)), "the secrets were not sent at all");
    }
    drop(guard);
    assert!(traced.text().contains("span attempt"), "nothing was traced");
    assert_clean("trace", &traced.text());
}

#[tokio::test]
async fn connections_that_fail_on_either_transport() {
    let server = server("{}").await;
    let gone = server.url();
    drop(server);
    let hyper = HyperTransport::builder().with_no_proxy().build().unwrap();
    let reqwest = crate::direct::reqwest().build().unwrap();
    let transports: [std::sync::Arc<dyn Transport>; 2] =
        [std::sync::Arc::new(hyper), std::sync::Arc::new(ReqwestTransport::new(reqwest))];
    for transport in transports {
        let builder = Client::builder().with_endpoint(gone.clone()).with_transport(transport);
        let client = builder.with_credentials(StaticToken::new(TOKEN)).build().unwrap();
        let error = call(&client).execute().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert_clean("error", &printed(&error));
    }
}

#[tokio::test]
async fn a_token_service_that_quotes_the_request() {
    let traced = Traced::default();
    let guard = traced.listen();
    let refusal = r#"{"error":"invalid_grant","error_description":"bad","refresh_token":"s3cr3t"}"#;
    let tokens = FaultServer::replying(Reply::new(400).with_body("application/json", refusal));
    let (tokens, api) = (tokens.await.unwrap(), server("{}").await);
    let builder = Client::builder().with_endpoint(api.url()).with_credentials(user(&tokens));
    let client = builder.build().unwrap();
    let error = client.projects().jobs().get("projects/p/jobs/j").send().await.unwrap_err();
    drop(guard);
    assert_eq!((error.kind(), api.requests().len()), (ErrorKind::Auth, 0));
    let text = format!("{} {} {client:?}", printed(&error), traced.text());
    assert!(!text.contains("s3cr3t"), "{text}");
}

#[test]
fn a_wrong_url_is_shown_without_its_query() {
    use discovery_runtime::{Method as _, Request};
    let spec = google_jobs_v3::resources::projects::jobs::Get::SPEC;
    let error = Request::new(spec, http::Method::GET, &format!("/v1?key={KEY}")).unwrap_err();
    assert_clean("error", &printed(&error));
}
