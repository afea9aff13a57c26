//! Every place of every request of the Jobs API can be set with `-r` and is offered by completion.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_cli::testing;
use google_jobs_v3::reflect::API;

/// Leaves of the eight methods with a body.
const LEAVES: usize = 330;

#[test]
fn every_leaf_can_be_set_and_is_offered() {
    let mut count = 0;
    let mut methods = 0;
    for method in API.methods.iter().filter(|method| method.request.is_some()) {
        methods += 1;
        for leaf in testing::leaves(method) {
            count += 1;
            let token = format!("{}={}", leaf.path, leaf.value);
            let (body, issues) = testing::request(method, &[&token]);
            assert!(issues.all().is_empty(), "{}: {token}: {issues:?}", method.spec.id);
            assert!(depth(&body) >= leaf.path.split('.').filter(|part| *part != "+").count());
            offered(method, &leaf.path);
        }
    }
    assert_eq!((methods, count), (8, LEAVES));
}

fn depth(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        serde_json::Value::Array(elements) => elements.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Goes down the path as a user does, with a Tab for each name.
fn offered(method: &'static discovery_runtime::reflect::MethodInfo, path: &str) {
    let names: Vec<&str> = path.split('.').collect();
    let mut typed = String::new();
    for (i, name) in names.iter().enumerate() {
        let last = i + 1 == names.len();
        if *name == "KEY" {
            // Keys are free.
            typed.push_str(if last { "KEY=" } else { "KEY." });
            continue;
        }
        let offers = testing::completions(method, &[], &typed);
        let want = format!("{typed}{name}");
        let offer = offers.iter().find(|offer| {
            offer
                .strip_prefix(&want)
                .is_some_and(|rest| rest.starts_with(['.', '=']) || rest.is_empty())
        });
        assert!(
            offer.is_some() || typed.ends_with(".+."),
            "{}: after '{typed}' there is no '{name}' in {offers:?}",
            method.spec.id
        );
        typed = format!("{want}{}", if last { "=" } else { "." });
    }
}

#[test]
fn completion_knows_the_cursor_and_values() {
    let method = API.methods.iter().find(|m| m.spec.id == "jobs.projects.jobs.create").unwrap();
    let offers = |before: &[&str], current: &str| testing::completions(method, before, current);
    assert_eq!(offers(&[], ""), ["job."]);
    assert_eq!(offers(&[], "job.tit"), ["job.title="]);
    assert_eq!(offers(&[".job"], "tit"), ["title="]);
    assert_eq!(offers(&[".job", "application-info"], "..tit"), ["..title="]);
    assert_eq!(offers(&[".job"], "visibility=ACC"), ["visibility=ACCOUNT_ONLY"]);
    assert_eq!(offers(&[".job"], "compensation-info.ent"), ["compensation-info.entries.+"]);
    assert_eq!(offers(&[".job.compensation-info.entries.+"], "..0.ty"), ["..0.type="]);
    assert!(offers(&[".nowhere"], "t").is_empty());
    assert!(offers(&[], "job.nowhere.x").is_empty());
}
