//! Programs without async.

use std::sync::{Arc, Mutex};

use discovery_runtime::CallOptions;
use discovery_runtime::auth::{AuthError, AuthErrorKind, TokenFn};
use discovery_runtime::observe::{
    AttemptReport, AttemptStart, CallReport, Interceptor, RetryReport,
};
use discovery_runtime::testing::{Fault, FaultServer, Reply};

use crate::api::{Client, Thing};

fn server() -> (tokio::runtime::Runtime, FaultServer) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(FaultServer::start(|request| async move {
        Reply::json(match request.head().query("pageToken").as_deref() {
            None if request.head().path().ends_with("/things") => {
                r#"{"things":[{"name":"a"},{"name":"b"}],"nextPageToken":"t"}"#
            }
            Some("t") => r#"{"things":[{"name":"c"}]}"#,
            _ => r#"{"name":"one"}"#,
        })
    }));
    (runtime, server.unwrap())
}

fn client(server: &FaultServer) -> Client {
    Client::builder().with_endpoint(server.url()).with_anonymous().build().unwrap()
}

#[test]
fn calls_pages_and_items() {
    let (_runtime, server) = server();
    let client = client(&server);
    let thing = client.get("p/t").blocking().send().unwrap();
    assert_eq!(thing, Thing::named("one"));
    let full = client.get("p/t").blocking().send_full().unwrap();
    assert_eq!(full.response.status, 200);

    let pages: Vec<_> = client.list("p").blocking().pages().map(Result::unwrap).collect();
    assert_eq!(pages.len(), 2);
    let items = client.list("p").blocking().items();
    let names: Vec<_> = items.map(|item| item.unwrap().name.unwrap()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    let mut some = client.list("p").blocking().items().max_items(2);
    assert_eq!(some.by_ref().count(), 2);
    assert!(some.next().is_none());
    let rest = client.list("p").blocking().items().starting_at("t");
    assert_eq!(rest.count(), 1);
    // One background runtime with one pool uses a single connection.
    assert_eq!(server.connections(), 1);
}

#[test]
fn from_many_threads_and_from_inside_a_runtime() {
    let (runtime, server) = server();
    let client = client(&server);
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            std::thread::spawn(move || client.get("p").blocking().send().unwrap())
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    // It blocks the thread, as documented, without a panic.
    runtime.block_on(async { client.get("p").blocking().send().unwrap() });
}

#[test]
fn errors_are_returned() {
    let (_runtime, server) = server();
    let error = client(&server).get("..").blocking().send().unwrap_err();
    assert_eq!(error.kind(), discovery_runtime::ErrorKind::InvalidRequest);
    let error = discovery_runtime::blocking::wait(async { panic!("on purpose") }).unwrap_err();
    assert!(error.to_string().contains("panicked"));
}

#[test]
fn a_callback_cannot_wait_for_itself() {
    let (_runtime, server) = server();
    let (url, plain) = (server.url(), client(&server));
    let token = TokenFn::new(move |_| {
        let error = plain.get("p").blocking().send().unwrap_err();
        async move { Err(AuthError::new(AuthErrorKind::Invalid, error.to_string())) }
    });
    let builder = Client::builder().with_endpoint(url).with_credentials(token);
    let error = builder.build().unwrap().get("p").blocking().send().unwrap_err();
    assert!(error.to_string().contains("cannot make a blocking call"), "{error}");
    // Later calls are not affected.
    client(&server).get("p").blocking().send().unwrap();
}

/// Makes a blocking call from each of its methods, and keeps the errors.
struct Nosy {
    client: Client,
    errors: Arc<Mutex<Vec<String>>>,
}

impl Nosy {
    fn call(&self) {
        let error = self.client.get("p").blocking().send().unwrap_err();
        self.errors.lock().unwrap().push(error.to_string());
    }
}

impl Interceptor for Nosy {
    fn before_attempt(&self, _: &mut AttemptStart<'_>) {
        self.call();
    }

    fn after_attempt(&self, _: &AttemptReport<'_>) {
        self.call();
    }

    fn on_retry(&self, _: &RetryReport<'_>) {
        self.call();
    }

    fn after_call(&self, _: &CallReport<'_>) {
        self.call();
    }
}

#[test]
fn an_interceptor_cannot_wait_for_itself() {
    let (_runtime, server) = server();
    server.inject(Fault::Status(503));
    let errors = Arc::new(Mutex::new(Vec::new()));
    let nosy = Nosy { client: client(&server), errors: Arc::clone(&errors) };
    let builder = Client::builder().with_endpoint(server.url()).with_anonymous();
    let observed = builder.with_interceptor(nosy).build().unwrap();
    observed.get("p").blocking().send().unwrap();
    let errors = errors.lock().unwrap();
    // Two attempts, a retry, and the end.
    assert_eq!(errors.len(), 6, "{errors:?}");
    assert!(errors.iter().all(|error| error.contains("cannot make a blocking call")), "{errors:?}");
    client(&server).get("p").blocking().send().unwrap();
}
