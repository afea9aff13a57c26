//! The output of `--code rust` compiles: the programs are checked in as modules of this test.
//!
//! `UPDATE=1 cargo test -p discovery-cli --test code` updates them.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]
#![allow(dead_code, reason = "the programs are compiled, not run")]
#![allow(deprecated, reason = "a user may set what is deprecated")]
#![allow(
    clippy::uninlined_format_args,
    clippy::needless_doctest_main,
    reason = "programs as printed"
)]

mod support;

use std::path::PathBuf;

use support::{JOBS, Run, SINK, Server};

#[rustfmt::skip]
#[path = "code/create.rs"]
mod create;
#[rustfmt::skip]
#[path = "code/delete.rs"]
mod delete;
#[rustfmt::skip]
#[path = "code/event.rs"]
mod event;
#[rustfmt::skip]
#[path = "code/list.rs"]
mod list;
#[rustfmt::skip]
#[path = "code/patch.rs"]
mod patch;
#[rustfmt::skip]
#[path = "code/download.rs"]
mod download;
#[path = "code/export.rs"]
mod export;
#[rustfmt::skip]
#[path = "code/params.rs"]
mod params;
#[rustfmt::skip]
#[path = "code/params_odd.rs"]
mod params_odd;
#[rustfmt::skip]
#[path = "code/raw.rs"]
mod raw;
#[rustfmt::skip]
#[path = "code/upload.rs"]
mod upload;
#[rustfmt::skip]
#[path = "code/search.rs"]
mod search;
#[rustfmt::skip]
#[path = "code/typed.rs"]
mod typed;
#[rustfmt::skip]
#[path = "code/mask.rs"]
mod mask;
#[rustfmt::skip]
#[path = "code/union.rs"]
mod union;
#[rustfmt::skip]
#[path = "code/union_member.rs"]
mod union_member;
#[rustfmt::skip]
#[path = "code/number.rs"]
mod number;
#[rustfmt::skip]
#[path = "code/map.rs"]
mod map;
#[rustfmt::skip]
#[path = "code/list_body.rs"]
mod list_body;

/// Names of programs, and the command lines that print them.
const PROGRAMS: &[(&str, &[&str])] = &[
    (
        "create",
        &[
            "projects",
            "jobs-create",
            "projects/p1",
            "-r",
            ".job",
            "title=it's \"new\"\n",
            "addresses=a",
            "addresses=b",
            "employment-types=FULL_TIME",
            "employment-types=NEW",
            "visibility=ACCOUNT_ONLY",
            "posting-publish-time=2024-01-01T00:00:00.5Z",
            "promotion-value=-3",
            "custom-attributes.k.string-values=v",
            "custom-attributes.l.long-values=7",
            "compensation-info.entries.+.amount.units=5",
            "processing-options.disable-street-address-resolution=true",
        ],
    ),
    (
        "delete",
        &[
            "projects",
            "jobs-delete",
            "projects/p1/jobs/j1",
            "-p",
            "quota-user=u",
            "xgafv=2",
            "--quota-project",
            "p2",
            "--scope",
            "jobs",
        ],
    ),
    (
        "event",
        &[
            "projects",
            "client-events-create",
            "projects/p1",
            "-r",
            ".client-event",
            "create-time=et",
            "event-id=magna",
            "extra-info=key=no",
            "job-event",
            "jobs=ipsum",
            "type=voluptua.",
            "..",
            "parent-event-id=at",
            "request-id=sanctus",
        ],
    ),
    (
        "list",
        &[
            "projects",
            "jobs-list",
            "projects/p1",
            "--filter",
            "a=\"b\"",
            "--job-view",
            "JOB_VIEW_FULL",
            "--page-size",
            "3",
            "--limit",
            "5",
            "--max-pages",
            "2",
            "-p",
            "fields=jobs(name)",
            "key=K",
            "callback=cb",
        ],
    ),
    (
        "patch",
        &[
            "projects",
            "companies-patch",
            "projects/p1/companies/c1",
            "-r",
            "update-mask=displayName",
            ".company.derived-info.headquarters-location.lat-lng",
            "latitude=1e2",
            "longitude=-0.5",
            ".company.display-name=D",
            ".company.size:=\"HUGE\"",
        ],
    ),
    (
        "search",
        &[
            "projects",
            "jobs-search",
            "projects/p1",
            "-r",
            "job-query.commute-filter.travel-duration=600s",
            "job-query.commute-filter.departure-time.hours=8",
            "job-query.location-filters.+.address=MV",
            "job-query.location-filters.+.distance-in-miles=5",
            "job-query.company-names:=[]",
            "histogram-facets.simple-histogram-facets=CITY",
            "histogram-facets.compensation-histogram-facets.+.bucketing-option.bucket-bounds=1.5",
        ],
    ),
];

/// The same for the API with every shape.
const SINK_PROGRAMS: &[(&str, &[&str])] = &[
    (
        "params",
        &[
            "params",
            "list",
            "must",
            "a",
            "b",
            "--size",
            "+5",
            "--flag",
            "--ttl",
            "5s",
            "--views",
            "FULL",
            "--views",
            "NEW",
            "--mask",
            "a.b",
            "--raw",
            "aGk=",
            "--ratio",
            "1",
            "--since",
            "2024-01-01T00:00:00Z",
        ],
    ),
    ("params_odd", &["params", "list", "must", "a", "--since", "now", "--ttl", "long"]),
    (
        "typed",
        &[
            "names-of-setters-things",
            "typed",
            "+1",
            "2",
            "aGk=",
            "true",
            "2024-01-31",
            "2024-01-31T00:00:00Z",
        ],
    ),
    ("mask", &["updates-keys", "update", "n", "labels", "--json", "{}"]),
    ("union", &["variant-odd-u", "get", "--json", r#"{"kind":"x"}"#]),
    (
        "union_member",
        &["variant-odd-u", "get", "--json", r#"{"kind":"x","u":{"kind":"y","z":"text"}}"#],
    ),
    ("number", &["bodies-inline-b", "m15", "--json", "5"]),
    ("map", &["bodies-inline-b", "m5", "--json", r#"{"a":{}}"#]),
    ("list_body", &["bodies-inline-b", "m12", "--json", "[{}]"]),
    ("raw", &["bodies", "raw", "-f", "a.xml"]),
    ("upload", &["media", "insert", "-u", "resumable", "-f", "a.png"]),
    ("export", &["media", "export", "id", "image/png", "--as-stored"]),
    ("download", &["media", "get", "id", "-p", "alt=media", "-o", "a.png"]),
];

#[test]
fn checked_in_programs_match_the_output() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(Vec::new());
    std::fs::write(folder.path().join("a.xml"), "<a/>").unwrap();
    let jobs = PROGRAMS.iter().map(|program| (JOBS, program));
    let sink = SINK_PROGRAMS.iter().map(|program| (SINK, program));
    for (app, (name, args)) in jobs.chain(sink) {
        let mut run = Run::new(folder.path(), &server, &[args, &["--code", "rust"][..]].concat());
        run.env.clear();
        let output = run.of(app).go();
        assert_eq!(output.status, 0, "{name}: {}", output.stderr);
        let path = PathBuf::from(format!("tests/code/{name}.rs"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &output.stdout).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == output.stdout, "{name} has changed; it prints\n{}", output.stdout);
    }
}
