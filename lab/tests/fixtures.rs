//! The files in lab/fixtures/generated match the generator's output.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use discovery_generator::ir::Body;
use discovery_generator::{Input, analyze};
use discovery_runtime::spec::BodyKind;
use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn fixtures_are_fresh() {
    let output = Command::new(env!("CARGO_BIN_EXE_lab")).args(["fixtures", "--check"]).output();
    let output = output.unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "run `cargo lab fixtures`\n{text}");
    assert!(text.contains("kitchen-sink:v1"), "{text}");
}

/// A generated spec states only what differs from the constructor of its verb, so the compiled spec
/// has to state what the document does.
#[test]
fn specs_state_what_the_document_does() {
    let text = std::fs::read_to_string("fixtures/discovery/kitchen-sink-v1.json").unwrap();
    let overlay = std::fs::read_to_string("fixtures/discovery/kitchen-sink-v1.overlay.json").ok();
    let input = Input {
        file: "kitchen-sink-v1.json",
        document: &text,
        overlay: overlay.as_deref(),
        methods: None,
    };
    let model = analyze(&input).unwrap();
    let body = |body: Option<&Body>| match body {
        None => BodyKind::None,
        Some(Body::Json(_)) => BodyKind::Json,
        Some(Body::Raw(_)) => BodyKind::Raw,
    };
    let mut verbs = BTreeSet::new();
    for method in &model.api.methods {
        let all = google_kitchen_sink_v1::reflect::API.methods.iter();
        let spec = all.map(|info| info.spec).find(|spec| spec.id == method.id.as_str()).unwrap();
        assert_eq!(spec.idempotent, method.idempotent, "{}", spec.id);
        assert_eq!(spec.request, body(method.request.as_ref()), "{}", spec.id);
        assert_eq!(spec.response, body(method.response.as_ref()), "{}", spec.id);
        verbs.insert(spec.verb.as_str());
    }
    assert!(["DELETE", "GET", "PATCH", "POST", "PUT"].iter().all(|verb| verbs.contains(verb)));
}
