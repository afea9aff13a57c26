//! Every field of every request of the Jobs API can be set with `-r`, and completion offers it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_cli::testing;
use google_jobs_v3::reflect::API;
use serde_json::Value;

/// Counts the leaves of a schema in the document: scalars, lists of scalars, and values of maps.
/// Recursive schemas count once.
fn in_document<'a>(document: &'a Value, schema: &'a Value, open: &mut Vec<&'a str>) -> usize {
    if let Some(name) = schema["$ref"].as_str() {
        if open.contains(&name) {
            return 0;
        }
        open.push(name);
        let count = in_document(document, &document["schemas"][name], open);
        open.pop();
        return count;
    }
    let inner = [&schema["items"], &schema["additionalProperties"]];
    if let Some(inner) = inner.into_iter().find(|inner| !inner.is_null()) {
        return in_document(document, inner, open);
    }
    match schema["properties"].as_object() {
        Some(members) => members.values().map(|member| in_document(document, member, open)).sum(),
        None => 1,
    }
}

#[test]
fn every_leaf_can_be_set_and_is_offered() {
    let document = std::fs::read_to_string("../../discovery/jobs-v3.json").unwrap();
    let document: Value = serde_json::from_str(&document).unwrap();
    for method in API.methods.iter().filter(|method| method.request.is_some()) {
        let schema = &request(&document, method.spec.id)["request"];
        let mut count = 0;
        for leaf in testing::leaves(method) {
            count += 1;
            let token = format!("{}={}", leaf.path, leaf.value);
            let (body, issues) = testing::request(method, &[&token]);
            assert!(issues.all().is_empty(), "{}: {token}: {issues:?}", method.spec.id);
            assert!(depth(&body) >= leaf.path.split('.').filter(|part| *part != "+").count());
            offered(method, &leaf.path);
        }
        assert_eq!(count, in_document(&document, schema, &mut Vec::new()), "{}", method.spec.id);
    }
}

/// Returns the request of a method in the document.
fn request<'a>(document: &'a Value, id: &str) -> &'a Value {
    let mut names: Vec<&str> = id.split('.').skip(1).collect();
    let method = names.pop().unwrap();
    let resource = names.iter().fold(document, |at, name| &at["resources"][name]);
    &resource["methods"][method]
}

fn depth(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        serde_json::Value::Array(elements) => elements.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Follows a path like a user, with a Tab for each name.
fn offered(method: &'static discovery_runtime::reflect::MethodInfo, path: &str) {
    let names: Vec<&str> = path.split('.').collect();
    let mut typed = String::new();
    for (i, name) in names.iter().enumerate() {
        let last = i + 1 == names.len();
        if *name == "KEY" {
            // Keys are arbitrary.
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
