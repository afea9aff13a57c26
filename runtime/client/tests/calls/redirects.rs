//! Redirects: which are followed, and with which credentials.

use discovery_runtime::auth::StaticToken;
use discovery_runtime::clock::ManualClock;
use discovery_runtime::retry::NoRetry;

use crate::api::{Client, Thing};
use crate::script::{Script, Step};

fn moved(status: u16, to: &str) -> Step {
    Step::status(status, "<html>Moved</html>").with("location", to)
}

fn client(script: &Script) -> Client {
    let builder = script.client(&ManualClock::jumping()).with_retry(NoRetry);
    builder.with_credentials(StaticToken::new("token-1")).build().unwrap()
}

fn sent(script: &Script) -> Vec<(String, bool)> {
    let of = |sent: crate::script::Sent| (sent.line, sent.headers.contains_key("authorization"));
    script.sent().into_iter().map(of).collect()
}

#[tokio::test]
async fn get_follows_and_only_its_own_origin_gets_the_token() {
    let own = "https://things.googleapis.com";
    for status in [301, 302, 303, 307, 308] {
        let script = Script::new([
            moved(status, "/v2/a"),
            moved(status, "https://cdn.example/b?sig=1"),
            moved(status, &format!("{own}/c")),
            Step::ok(r#"{"name":"n"}"#),
        ]);
        let thing = client(&script).get("a/b").send().await.unwrap();
        assert_eq!(thing.name.as_deref(), Some("n"));
        let sent = sent(&script);
        let after: Vec<(&str, bool)> = sent[1..].iter().map(|(l, a)| (l.as_str(), *a)).collect();
        // No secret is sent to an address chosen by another origin.
        assert_eq!(
            after,
            [
                (format!("GET {own}/v2/a").as_str(), true),
                ("GET https://cdn.example/b?sig=1", false),
                (format!("GET {own}/c").as_str(), false),
            ]
        );
    }
}

#[tokio::test]
async fn a_retry_starts_where_the_call_started() {
    let script = Script::new([
        moved(302, "https://cdn.example/once"),
        Step::status(503, ""),
        Step::ok("{}"),
    ]);
    let builder = script.client(&ManualClock::jumping());
    let client = builder.with_credentials(StaticToken::new("t")).build().unwrap();
    client.get("a/b").send().await.unwrap();
    let sent = sent(&script);
    assert_eq!(sent[0], sent[2]);
    assert!(sent[2].1 && !sent[1].1);
}

#[tokio::test]
async fn unfollowed_redirects_name_their_target() {
    let to = "https://login.example/start?token=secret";
    let script = Script::new([moved(302, to)]);
    let error = client(&script).create("p", &Thing::default()).send().await.unwrap_err();
    assert!(error.message().contains("redirects to https://login.example/start"), "{error}");
    assert!(!error.to_string().contains("secret"), "{error}");

    for to in ["http://things.googleapis.com/a", "ftp://x/", ""] {
        let script = Script::new([moved(307, to)]);
        let error = client(&script).get("a").send().await.unwrap_err();
        assert_eq!((script.count(), error.http_status().unwrap().as_u16()), (1, 307), "{to}");
    }
    // A redirect loop ends.
    let script = Script::new((0..9).map(|_| moved(302, "/again")));
    let error = client(&script).get("a").send().await.unwrap_err();
    assert!(script.count() == 6 && error.message().contains("at most 5 times"), "{error}");
}
