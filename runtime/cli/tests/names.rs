//! Completion of names from lists: on request, from one page, in silence.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use discovery_cli::testing::names;
use support::{Answer, SINK, Seen, Server};

const BOXES: &str = r#"{"boxes":[
    {"name":"shops/s/shelves/a1","id":"a1","label":"x"},
    {"name":"shops/s/shelves/a2","id":"a2"},
    {"name":"shops/s/shelves/b","id":"b"},
    {"label":"without a name"}],"nextPageToken":"t"}"#;

/// Returns the variables of a run that asks for names.
fn variables(server: &Server) -> BTreeMap<String, String> {
    let all = [
        ("SINK_ENDPOINT", server.url.as_str()),
        ("SINK_ACCESS_TOKEN", "conformance-token"),
        ("SINK_COMPLETE_NAMES", "600"),
        ("HOME", "/nowhere"),
    ];
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

fn complete(env: &BTreeMap<String, String>, words: &[&str], typed: &str) -> Vec<String> {
    names(&SINK, env.clone(), Path::new("/"), words, typed)
}

const GET_BOX: &[&str] = &["listed", "boxes", "get", "s"];
const GET_SHELF: &[&str] = &["listed", "shelves", "get"];

fn requests(server: &Server) -> Vec<String> {
    let line = |seen: &Seen| format!("{} {}?{}", seen.method, seen.path, seen.query);
    server.seen().iter().map(line).collect()
}

#[test]
fn ids_come_from_the_list_at_their_place() {
    let server = Server::json(BOXES);
    let env = variables(&server);
    assert_eq!(complete(&env, GET_BOX, ""), ["a1", "a2", "b"]);
    assert_eq!(complete(&env, GET_BOX, "a"), ["a1", "a2"]);
    assert_eq!(complete(&env, &["listed", "boxes-get", "s"], "b"), ["b"]);
    assert!(complete(&env, GET_BOX, "x").is_empty());
    // One page, with what is needed.
    let mask = "fields=boxes(id)&alt=json&prettyPrint=false";
    let seen = requests(&server);
    assert!(seen.iter().all(|line| line.starts_with("GET /sink/v1/listed/v1/shops/s/boxes?")));
    assert!(seen[0].contains("fields=boxes%28id%29") || seen[0].contains(mask), "{seen:?}");
    assert_eq!(server.seen()[0].headers["authorization"], "Bearer conformance-token");
    // The shop itself has no list.
    let before = server.seen().len();
    assert!(complete(&env, &["listed", "boxes", "get"], "").is_empty());
    assert_eq!(server.seen().len(), before);
}

#[test]
fn full_names_come_from_the_list_of_their_parent() {
    let server = Server::json(BOXES);
    let env = variables(&server);
    let all = ["shops/s/shelves/a1", "shops/s/shelves/a2", "shops/s/shelves/b"];
    assert_eq!(complete(&env, GET_SHELF, "shops/s/shelves/"), all);
    assert_eq!(complete(&env, GET_SHELF, "shops/s/shelves/b"), all[2..]);
    assert!(requests(&server)[0].starts_with("GET /sink/v1/listed/v1/shops/s/shelves?"));
    let before = server.seen().len();
    for typed in
        ["", "shops", "shops/", "shops/s/", "shops/s/boxes/", "a/b/c/shelves/", "/shelves/"]
    {
        assert!(complete(&env, GET_SHELF, typed).is_empty(), "{typed}");
    }
    assert_eq!(server.seen().len(), before, "the parent is not known");
}

#[test]
fn nothing_is_asked_without_the_users_choice() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json(BOXES);
    let all = variables(&server);
    let asked = |change: &dyn Fn(&mut BTreeMap<String, String>), config: &str| {
        std::fs::write(folder.path().join("config.yaml"), config).unwrap();
        let mut env = all.clone();
        env.insert("SINK_CONFIG_DIR".to_owned(), folder.path().display().to_string());
        env.remove("SINK_COMPLETE_NAMES");
        change(&mut env);
        let before = server.seen().len();
        let found = complete(&env, GET_BOX, "a");
        assert_eq!(found.is_empty(), server.seen().len() == before, "{config}");
        server.seen().len() - before
    };
    let set = |value: &'static str| {
        move |env: &mut BTreeMap<String, String>| {
            env.insert("SINK_COMPLETE_NAMES".to_owned(), value.to_owned());
        }
    };
    assert_eq!(asked(&|_| {}, ""), 0);
    assert_eq!(asked(&|_| {}, "complete-names: 600"), 1);
    assert_eq!(asked(&|_| {}, "complete-names: false"), 0);
    assert_eq!(asked(&set("0"), "complete-names: 600"), 0);
    assert_eq!(asked(&set("no"), "complete-names: 600"), 0);
    assert_eq!(asked(&set("600"), ""), 1);
    assert_eq!(asked(&set("maybe"), ""), 0);
    // Limits hold, and a broken configuration asks nobody.
    assert_eq!(asked(&set("600"), "deny: ['*.boxes.list']"), 0);
    assert_eq!(asked(&set("600"), "nonsense: 1"), 0);
    assert_eq!(asked(&set("600"), "profiles: {w: {complete-names: false}}\nprofile: w"), 1);
    assert_eq!(asked(&|_| {}, "profiles: {w: {complete-names: 600}}\nprofile: w"), 1);
    // Without credentials, only a server on this machine is asked.
    let anonymous = |env: &mut BTreeMap<String, String>| {
        set("600")(env);
        env.remove("SINK_ACCESS_TOKEN");
    };
    assert_eq!(asked(&anonymous, ""), 1);
    let elsewhere = |env: &mut BTreeMap<String, String>| {
        anonymous(env);
        env.insert("SINK_ENDPOINT".to_owned(), "http://192.0.2.1/".to_owned());
    };
    assert_eq!(asked(&elsewhere, ""), 0);
}

#[test]
fn words_that_a_shell_would_run_or_expand_are_left_out() {
    let hostile = [
        "$(touch x)",
        "`touch x`",
        "a b",
        "a;b",
        "a|b",
        "a&b",
        "a>b",
        "a*",
        "a?",
        "[a]",
        "{a}",
        "~a",
        "'a'",
        "\"a\"",
        "\\a",
        "#a",
        "!a",
        "-a",
        "=a",
        "a\nb",
        "a\u{1b}[2J",
        "",
    ];
    let boxes: Vec<_> = hostile.iter().map(|id| serde_json::json!({"id": id})).collect();
    let more = [serde_json::json!({"id": "a:b@c.d_e-f%g+h"}), serde_json::json!({"id": "größe"})];
    let all = [boxes, more.to_vec()].concat();
    let page = serde_json::json!({"boxes": all});
    let server = Server::json(&page.to_string());
    assert_eq!(complete(&variables(&server), GET_BOX, ""), ["a:b@c.d_e-f%g+h", "größe"]);
}

#[test]
fn failures_are_silent_and_slow_servers_are_left() {
    for answer in [
        Answer::json(403, r#"{"error":{"code":403,"message":"no"}}"#),
        Answer::json(200, "[]"),
        Answer::json(200, r#"{"boxes":5}"#),
        Answer::of(200, "text/html", b"<html></html>"),
    ] {
        let server = Server::new(vec![answer]);
        assert!(complete(&variables(&server), GET_BOX, "").is_empty());
    }
    // The server answers after the completion has ended.
    let (release, released) = std::sync::mpsc::channel::<()>();
    let released = std::sync::Mutex::new(released);
    let server = Server::of(move |_, _| {
        let _ = released.lock().unwrap().recv();
        Answer::json(200, BOXES)
    });
    let mut env = variables(&server);
    env.insert("SINK_COMPLETE_NAMES".to_owned(), "1".to_owned());
    assert!(complete(&env, GET_BOX, "").is_empty());
    drop(release);
}
