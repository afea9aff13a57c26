//! No secret in anything that is printed.

use std::error::Error as _;

use discovery_runtime::auth::StaticToken;
use discovery_runtime::clock::ManualClock;
use discovery_runtime::testing::{FaultServer, Reply};
use discovery_runtime::{Call, ErrorKind};

use crate::api::{Client, Thing};
use crate::faults::transports;
use crate::observe::Traced;
use crate::script::{Script, Step};

const TOKEN: &str = "opaque-token-5812";
const KEY: &str = "key-in-the-url-7731";
const HEADER: &str = "header-secret-9920";

fn assert_clean(what: &str, text: &str) {
    for secret in [TOKEN, KEY, HEADER] {
        assert!(!text.contains(secret), "{what} shows {secret}: {text}");
    }
}

/// Everything that an error can print, down to the last cause.
fn printed(error: &discovery_runtime::Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{:?}", error.http());
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!("\n{error}\n{error:?}"));
        cause = error.source();
    }
    text
}

fn call(client: &Client) -> Call {
    let call = client.create("p", &Thing::named(HEADER)).key(KEY);
    call.with_header("x-api-token", HEADER).into_untyped()
}

#[tokio::test]
async fn clients_calls_requests_and_errors() {
    let traced = Traced::default();
    let guard = tracing::subscriber::set_default(traced.clone());
    let echo = format!(
        r#"{{"error":{{"code":403,"message":"token {TOKEN} is bad","status":"PERMISSION_DENIED",
        "details":[{{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"X",
        "metadata":{{"consumer":"{TOKEN}"}}}}]}}}}"#
    );
    let steps = [Step::status(403, &echo), Step::Break, Step::ok("<html>"), Step::ok("[1]")];
    let script = Script::new(steps.clone());
    let builder = script.client(&ManualClock::jumping());
    let builder = builder.with_credentials(StaticToken::new(TOKEN));
    let builder = builder.with_header("x-api-token", HEADER);
    assert_clean("builder", &format!("{builder:?}"));
    let client = builder.build().unwrap();
    assert_clean("client", &format!("{client:?}"));
    assert_clean("call", &format!("{:?}", call(&client)));
    let request = call(&client).into_request().unwrap();
    assert_clean("request", &format!("{request:?} {:?}", request.options()));
    let list = client.list("p").key(KEY).with_header("x-api-token", HEADER);
    assert_clean("pages", &format!("{:?} {:?}", list.clone().pages(), list.items()));
    for step in steps {
        let error = call(&client).execute().await;
        let text = match error {
            Ok(response) => format!("{response:?}"),
            Err(error) => printed(&error),
        };
        assert_clean(&format!("error after {step:?}"), &text);
    }
    drop(guard);
    assert_clean("spans", &traced.text());
    assert!(script.sent()[0].line.contains(KEY), "the key was not sent at all");
}

#[tokio::test]
async fn errors_of_every_transport() {
    let server = FaultServer::replying(Reply::json("{}")).await.unwrap();
    let gone = server.url();
    drop(server);
    for (name, _, transport) in transports() {
        let builder = Client::builder().with_endpoint(gone.clone());
        let builder = builder.with_credentials(StaticToken::new(TOKEN)).with_transport(transport);
        let call = call(&builder.build().unwrap()).with_retry(discovery_runtime::retry::NoRetry);
        let error = call.execute().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert_clean(name, &printed(&error));
    }
}

#[test]
fn a_wrong_url_is_shown_without_its_query() {
    use discovery_runtime::{Method as _, Request};
    let spec = crate::api::Get::SPEC;
    let error = Request::new(spec, http::Method::GET, &format!("/v1?key={KEY}")).unwrap_err();
    assert_clean("error", &printed(&error));
}
