use super::pattern::Pattern;
use super::{Selection, select};
use crate::discovery;
use crate::error::Report;
use serde_json::{Value, json};

#[test]
fn patterns_match() {
    let paths = [
        "about.get",
        "files.get",
        "files.getAll",
        "files.list",
        "projects.get",
        "projects.locations.list",
        "projects.locations.jobs.list",
        "projects.locations.jobs.tasks.list",
        "batch",
    ];
    for (pattern, expected) in [
        ("files.list", &["files.list"][..]),
        ("files.*", &["files.get", "files.getAll", "files.list"]),
        ("files.get*", &["files.get", "files.getAll"]),
        ("files.*l*", &["files.getAll", "files.list"]),
        ("files.*t", &["files.get", "files.list"]),
        ("f*s.get", &["files.get"]),
        ("*.get", &["about.get", "files.get", "projects.get"]),
        (
            "projects.locations.*",
            &[
                "projects.locations.list",
                "projects.locations.jobs.list",
                "projects.locations.jobs.tasks.list",
            ],
        ),
        (
            "projects.*.list",
            &[
                "projects.locations.list",
                "projects.locations.jobs.list",
                "projects.locations.jobs.tasks.list",
            ],
        ),
        ("projects.*.jobs.list", &["projects.locations.jobs.list"]),
        ("projects.**", &paths[4..8]),
        ("*", &paths),
        ("batch", &["batch"]),
        ("files", &[]),
        ("files.get.*", &[]),
        ("*.batch", &[]),
        ("Files.get", &[]),
        ("iles.get", &[]),
    ] {
        let parsed = Pattern::parse(pattern).unwrap();
        let found: Vec<&str> = paths.into_iter().filter(|path| parsed.matches(path)).collect();
        assert_eq!(found, expected, "{pattern}");
    }
}

#[test]
fn partial_matches_are_rejected() {
    for (part, name, fits) in [
        ("a*a", "a", false),
        ("a*a", "aa", true),
        ("a*b*c", "abc", true),
        ("a*b*c", "acb", false),
        ("*b*", "abc", true),
        ("ab*bc", "abc", false),
        ("get*", "get", true),
    ] {
        assert_eq!(Pattern::parse(part).unwrap().matches(name), fits, "{part} {name}");
    }
}

fn document() -> Value {
    let method = |id: &str| json!({"id": id, "path": "v1/x", "httpMethod": "GET"});
    let methods = |names: &[&str]| -> Value {
        names
            .iter()
            .map(|name| ((*name).to_owned(), method(name)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    json!({
        "name": "drive", "version": "v3",
        "resources": {
            "files": {"methods": methods(&["get", "list", "watch"])},
            "permissions": {"methods": methods(&["create", "list"])},
            "projects": {"resources": {"jobs": {"methods": methods(&["batchDelete"])}}},
        },
        "methods": methods(&["ping"]),
    })
}

fn selected(patterns: &[&str], lenient: bool) -> Result<Vec<String>, String> {
    let value = document();
    let mut report = Report::new("drive.json");
    let document = discovery::parse(&value, &mut report).unwrap();
    let patterns: Vec<String> = patterns.iter().map(|text| (*text).to_owned()).collect();
    let selection = Selection { patterns: &patterns, lenient };
    let found = select(selection, &document, &mut report);
    report.check().map_err(|report| report.to_string())?;
    let short = |at: String| at.replace("/resources/", ".").replace("/methods/", ".");
    Ok(found.methods.into_iter().map(|at| short(at).trim_start_matches('.').to_owned()).collect())
}

#[test]
fn patterns_include_and_exclude_in_any_order() {
    for patterns in [
        ["files.*", "!files.watch", "permissions.create"],
        ["permissions.create", "!files.watch", "files.*"],
    ] {
        let found = selected(&patterns, false).unwrap();
        assert_eq!(found, ["files.get", "files.list", "permissions.create"]);
    }
    let found = selected(&["!files.*", "!projects.*"], false).unwrap();
    assert_eq!(found, ["ping", "permissions.create", "permissions.list"]);
}

#[test]
fn errors_include_suggestions() {
    for (patterns, told) in [
        (
            &["files.gte"][..],
            "`files.gte` matches no method of drive:v3\n  help: did you mean `files.get`?",
        ),
        (&["files"], "did you mean `files.*`?"),
        (&["projects"], "did you mean `projects.*`?"),
        (&["!permisions.list"], "did you mean `!permissions.list`?"),
        (&["drive.files.get"], "did you mean `files.get`?"),
        (&["drive.files.*"], "did you mean `files.*`?"),
        (&["file.*"], "did you mean `files.*`?"),
        (&["Files.Watch"], "did you mean `files.watch`?"),
        (&["watch"], "did you mean `files.watch`?"),
        (&["list"], "did you mean `files.list` or `permissions.list`?"),
        (&["projects.jobs.batch_delete"], "did you mean `projects.jobs.batchDelete`?"),
        (&["zebra.*"], "the document has `files.*`, `permissions.*`, `ping`, `projects.*`"),
        (
            &["files.*", "", "x"],
            "drive.json#(methods)/1: `` is not a pattern of methods: it names nothing",
        ),
        (&["!"], "it names nothing"),
        (&["files..get"], "a name between dots is empty"),
        (&["files. get"], "there is a space in it"),
        (&[], "`methods` selects no method"),
        (&["files.get", "!files.*"], "`methods` selects no method"),
        (&["!*"], "`methods` selects no method"),
    ] {
        let message = selected(patterns, false).unwrap_err();
        assert!(message.contains(told), "{patterns:?}: {message}");
    }
    let all = selected(&["files.gte", "permissions.crate", "ping"], false).unwrap_err();
    assert_eq!(all.matches("error[select]").count(), 2, "{all}");
}

#[test]
fn patterns_of_another_revision_may_match_nothing() {
    assert_eq!(selected(&["files.get", "files.future"], true).unwrap(), ["files.get"]);
    assert!(selected(&["files.future"], true).unwrap().is_empty());
}
