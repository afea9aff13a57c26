//! Contents of requests.

use discovery_runtime::CallOptions;
use std::time::Duration;

use discovery_runtime::clock::ManualClock;
use discovery_runtime::{ClientBuilder, ErrorKind};

use crate::api::{Client, Thing};
use crate::script::{Script, Sent, Step};

fn client(script: &Script) -> Client {
    script.client(&ManualClock::jumping()).build().unwrap()
}

fn header<'a>(sent: &'a Sent, name: &str) -> Option<&'a str> {
    sent.headers.get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn url_headers_and_body_of_a_call() {
    let script = Script::new([Step::ok("{}"), Step::ok("{}"), Step::ok("{}")]);
    let client = client(&script);
    client.list("p/ü x").page_size(5).tags(["a,b", "c"]).page_size(7).send().await.unwrap();
    client.create("p/q", &Thing::named("n")).send().await.unwrap();
    client.ping().send().await.unwrap();
    let [list, create, ping] = &script.sent()[..] else { panic!() };
    let base = "https://things.googleapis.com/things/v1";
    assert_eq!(
        list.line,
        format!(
            "GET {base}/p/%C3%BC%20x/things?tags=a%2Cb&tags=c&pageSize=7&alt=json&prettyPrint=false"
        )
    );
    assert_eq!(list.body, "");
    assert_eq!(header(list, "accept-encoding"), Some("gzip"));
    assert_eq!(header(list, "content-type"), None);
    let agent = header(list, "user-agent").unwrap();
    assert!(agent.starts_with("google-things-v1/0.3.0 discovery-runtime/"), "{agent}");
    assert!(agent.ends_with("(gzip)"), "{agent}");
    let tracker = header(list, "x-goog-api-client").unwrap();
    assert!(tracker.starts_with("gl-rust/") && tracker.contains("gdcl/"), "{tracker}");

    assert_eq!(create.line, format!("POST {base}/p/q/things?alt=json&prettyPrint=false"));
    assert_eq!(create.body, r#"{"name":"n"}"#);
    assert_eq!(header(create, "content-type"), Some("application/json"));

    assert_eq!(header(ping, "content-length"), Some("0"));
    assert_eq!(header(ping, "x-goog-api-version"), Some("2026-01-01"));
}

#[tokio::test]
async fn parameters_that_every_method_has() {
    let script = Script::new(vec![Step::ok("{}"); 3]);
    let client = client(&script);
    let call = client.get("a").fields("name").quota_user("u 1").user_ip("::1").xgafv(2).key("k");
    call.with_query("new", "x&y").send().await.unwrap();
    client
        .get("a")
        .with_query("alt", "media")
        .with_query("prettyPrint", true)
        .send()
        .await
        .unwrap();
    // A method parameter takes precedence over an added one with the same name.
    client.list("a").page_token("own").with_query("pageToken", "other").send().await.unwrap();
    let lines: Vec<String> = script.sent().into_iter().map(|sent| sent.line).collect();
    let query = |line: &str| line.split_once('?').unwrap().1.to_owned();
    assert_eq!(
        query(&lines[0]),
        "alt=json&prettyPrint=false&fields=name&quotaUser=u%201&userIp=%3A%3A1&%24.xgafv=2&key=k\
         &new=x%26y"
    );
    assert_eq!(query(&lines[1]), "alt=media&prettyPrint=true");
    assert_eq!(query(&lines[2]), "pageToken=own&alt=json&prettyPrint=false");
}

#[tokio::test]
async fn headers_of_client_and_call() {
    let script = Script::new(vec![Step::ok("{}"); 2]);
    let builder = script.client(&ManualClock::jumping());
    let builder = builder.with_user_agent("inventory/2.1").with_quota_project("p1");
    let client = builder.with_header("x-team", "a").build().unwrap();
    client.get("a").send().await.unwrap();
    let call = client.get("a").with_header("x-team", "b").with_quota_project("p2");
    call.with_header("user-agent", "mine").send().await.unwrap();
    let sent = script.sent();
    assert!(header(&sent[0], "user-agent").unwrap().starts_with("inventory/2.1 google-things"));
    assert_eq!(header(&sent[0], "x-goog-user-project"), Some("p1"));
    assert_eq!(header(&sent[0], "x-team"), Some("a"));
    assert_eq!(header(&sent[1], "x-goog-user-project"), Some("p2"));
    assert_eq!(header(&sent[1], "x-team"), Some("b"));
    assert_eq!(header(&sent[1], "user-agent"), Some("mine"));
}

#[tokio::test]
async fn query_of_client_and_call() {
    let script = Script::new(vec![Step::ok("{}"); 4]);
    let builder = script.client(&ManualClock::jumping());
    let builder = builder.with_query("quotaUser", "a b").with_query("prettyPrint", true);
    let client = builder.with_query("pageToken", "x").with_query("$.xgafv", 2).build().unwrap();
    client.get("a").send().await.unwrap();
    client.get("a").quota_user("u").with_query("$.xgafv", 1).send().await.unwrap();
    client.list("a").page_token("own").send().await.unwrap();
    drop(client.get("a").await);
    let query = |line: &str| line.split_once('?').unwrap().1.to_owned();
    let lines: Vec<String> = script.sent().iter().map(|sent| query(&sent.line)).collect();
    let all = "alt=json&quotaUser=a%20b&prettyPrint=true&pageToken=x&%24.xgafv=2";
    assert_eq!(lines[0], all);
    assert_eq!(lines[1], "alt=json&prettyPrint=true&pageToken=x&quotaUser=u&%24.xgafv=1");
    let own = "pageToken=own&alt=json&quotaUser=a%20b&prettyPrint=true&%24.xgafv=2";
    assert_eq!(lines[2], own);
    assert_eq!(lines[3], all);
}

#[tokio::test]
async fn timeouts_of_client_and_call() {
    for (of_client, of_call, expected) in
        [(None, None, "60s"), (Some(7), None, "7s"), (Some(7), Some(9), "9s")]
    {
        let script = Script::new([Step::Hang, Step::Hang]);
        let mut builder = script.client(&ManualClock::jumping()).with_attempt_timeout(None);
        if let Some(seconds) = of_client {
            builder = builder.with_timeout(Duration::from_secs(seconds));
        }
        let mut call = builder.build().unwrap().get("a");
        if let Some(seconds) = of_call {
            call = call.with_timeout(Duration::from_secs(seconds));
        }
        let error = call.send().await.unwrap_err();
        assert!(error.message().contains(&format!("deadline of {expected} ")), "{error}");
    }
}

#[tokio::test]
async fn endpoints() {
    async fn line(change: impl FnOnce(ClientBuilder<Client>) -> ClientBuilder<Client>) -> String {
        let script = Script::new([Step::ok("{}")]);
        let client = change(script.client(&ManualClock::jumping())).build().unwrap();
        client.get("x").send().await.unwrap();
        let line = script.sent()[0].line.clone();
        line.split('?').next().unwrap().to_owned()
    }
    let table = [
        (line(|b| b).await, "https://things.googleapis.com/things/v1/x"),
        (line(|b| b.with_mtls_endpoint()).await, "https://things.mtls.googleapis.com/things/v1/x"),
        (
            line(|b| b.with_universe_domain("example.cloud")).await,
            "https://things.example.cloud/things/v1/x",
        ),
        (line(|b| b.with_endpoint("http://localhost:9")).await, "http://localhost:9/things/v1/x"),
        (
            line(|b| b.with_endpoint("https://proxy.example/google/")).await,
            "https://proxy.example/google/things/v1/x",
        ),
    ];
    for (line, expected) in table {
        assert_eq!(line, format!("GET {expected}"));
    }
}

#[test]
fn invalid_settings_are_rejected() {
    let clock = ManualClock::new();
    let builder = || Script::new([]).client(&clock);
    let wrong = [
        builder().with_endpoint("ftp://x/").build(),
        builder().with_endpoint("no url").build(),
        builder().with_endpoint("").build(),
        builder().with_endpoint("https://u:p@host/").build(),
        builder().with_endpoint("https://host/?q").build(),
        builder().with_header("a b", "c").build(),
        builder().with_user_agent("a\nb").build(),
        builder().with_quota_project("a\nb").build(),
        builder().with_subject("user@example.com").build(),
    ];
    for result in wrong {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(!error.to_string().contains("u:p"), "{error}");
    }
}

#[test]
fn a_client_is_made_without_runtime_or_network() {
    // Default transport and credentials: no search yet.
    let client = Client::builder().with_timeout(Duration::from_secs(1)).build().unwrap();
    assert_eq!(client.inner.root_url(), "https://things.googleapis.com/");
    let clone = client.clone();
    drop(client);
    assert_eq!(clone.inner.service().id, "things:v1");
}

/// An invalid mask from text, in the body and in the query.
#[tokio::test]
async fn invalid_values_are_reported_before_sending() {
    use discovery_runtime::json::{DateTime, FieldMask, IntoValue};

    let script = Script::new([Step::ok("{}"), Step::ok("{}")]);
    let client = client(&script);
    let get = || client.raw::<crate::api::Get>();
    let mask = |text: &'static str| IntoValue::<FieldMask>::into_value(text);
    for (call, want) in [
        (get().query_checked("mask", mask("a,,b")), "parameter `mask`: expected a field path"),
        (
            get().query_checked("from", IntoValue::<DateTime>::into_value("today")),
            "parameter `from`: expected a date and time such as",
        ),
        (get().body(&FieldMask::from("a b")), "the body: expected a field path"),
    ] {
        let error = call.clone().send::<Thing>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(want), "{error}");
        let mut batch = discovery_runtime::Batch::new(call.client());
        assert!(batch.add(call).unwrap_err().to_string().contains(want));
    }
    assert_eq!(script.sent().len(), 0);
    get().query_checked("mask", mask("a, b_c")).send::<Thing>().await.unwrap();
    assert!(script.sent()[0].line.contains("?mask=a%2CbC&"), "{}", script.sent()[0].line);
}

/// In the path, before and after escapes, and in the query.
#[tokio::test]
async fn a_url_that_is_too_long_is_reported_before_sending() {
    let script = Script::new([Step::ok("{}"), Step::ok("{}")]);
    let client = client(&script);
    for (call, is_sent) in [
        (client.get(&"p".repeat(66_000)).with_query("a", 1), false),
        (client.get(&"%".repeat(22_000)).with_query("a", 1), false),
        (client.get("p").with_query("q", "v".repeat(66_000)), false),
        (client.get(&"p".repeat(65_000)).with_query("a", 1), true),
        (client.get("p").with_query("q", "v".repeat(65_000)), true),
    ] {
        match call.send().await {
            Ok(_) => assert!(is_sent),
            Err(error) => {
                assert!(!is_sent && error.kind() == ErrorKind::InvalidRequest, "{error}");
                let text = error.to_string();
                assert!(text.contains("bytes") && text.contains("65534"), "{error}");
                assert!(text.contains("things.get") && text.len() < 200, "{error}");
            }
        }
    }
    assert_eq!(script.sent().len(), 2);
}

/// Variables belong to a process, so the test runs itself in another one.
#[cfg(feature = "adc")]
#[test]
fn the_environment_sets_the_universe() {
    const VARIABLE: &str = "GOOGLE_CLOUD_UNIVERSE_DOMAIN";
    if std::env::var_os(VARIABLE).is_none() {
        let mut program = std::process::Command::new(std::env::current_exe().unwrap());
        program.args(["--exact", "requests::the_environment_sets_the_universe"]);
        let output = program.env(VARIABLE, "example.cloud").output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
        return;
    }
    let script = Script::new([]);
    let builder = || script.client(&ManualClock::jumping());
    assert_eq!(builder().build().unwrap().inner.universe_domain(), "example.cloud");
    let client = builder().build().unwrap();
    assert_eq!(client.inner.root_url(), "https://things.example.cloud/");
    let client = builder().with_universe_domain("other.cloud").build().unwrap();
    assert_eq!(client.inner.root_url(), "https://things.other.cloud/");
}
