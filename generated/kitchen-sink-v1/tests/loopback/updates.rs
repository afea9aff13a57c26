//! What is sent of the difference of two values: as a merge patch where the method has no update mask,
//! under the mask where it has one.

use super::client;
use discovery_runtime::ErrorKind;
use discovery_runtime::testing::{FaultServer, Reply};
use google_kitchen_sink_v1::json::{Json, Model};
use google_kitchen_sink_v1::models::{UpdatesBucket, UpdatesFlatRequest, UpdatesKey};

const OLD: &str =
    r#"{"labels":{"a":"1","b":"2"},"name":"n","title":"t","undeclared":{"x":{"y":1}}}"#;

/// What becomes of `OLD`, and the body that says so.
const EDITS: &[(&str, fn(&mut UpdatesBucket), &str)] = &[
    ("a key goes", |b| drop(b.labels.as_mut().unwrap().remove("a")), r#"{"labels":{"a":null}}"#),
    (
        "a key comes",
        |b| drop(b.labels.as_mut().unwrap().insert("c".into(), "3".into())),
        r#"{"labels":{"c":"3"}}"#,
    ),
    ("no keys are left", |b| b.labels = Some([].into()), r#"{"labels":{"a":null,"b":null}}"#),
    ("the map goes", |b| b.labels = None, r#"{"labels":null}"#),
    ("a field goes", |b| b.title = None, r#"{"title":null}"#),
    (
        "an undeclared member shrinks",
        |b| drop(b.extra.insert("undeclared", r#"{"x":{}}"#.parse::<Json>().unwrap())),
        r#"{"undeclared":{"x":{"y":null}}}"#,
    ),
];

#[tokio::test]
async fn a_patch_without_a_mask_is_a_merge_patch() {
    let server = FaultServer::replying(Reply::json(OLD)).await.unwrap();
    let client = client(&server);
    let buckets = client.updates_buckets();
    let old = buckets.get("n").send().await.unwrap();
    server.take_requests();
    for (what, edit, body) in EDITS {
        let mut new = old.clone();
        edit(&mut new);
        buckets.patch_between("n", &old, &new).unwrap().send().await.unwrap();
        let sent = server.take_requests().pop().unwrap();
        assert_eq!(std::str::from_utf8(&sent.body).unwrap(), *body, "{what}");
        assert_eq!(sent.head.query("updateMask"), None, "{what}");
    }
    assert!(buckets.patch_between("n", &old, &old).is_none());
}

#[tokio::test]
async fn what_a_merge_patch_cannot_say_is_not_sent() {
    let server = FaultServer::replying(Reply::json(OLD)).await.unwrap();
    let client = client(&server);
    let old = UpdatesBucket::from_json(OLD).unwrap();
    let mut new = old.clone();
    new.extra.insert("undeclared", r#"{"x":null}"#.parse::<Json>().unwrap());
    let call = client.updates_buckets().patch_between("n", &old, &new).unwrap();
    let error = call.send().await.unwrap_err();
    assert!(error.kind() == ErrorKind::InvalidRequest, "{error}");
    assert!(error.message().starts_with("undeclared.x: a JSON merge patch"), "{error}");
    assert_eq!(server.take_requests().len(), 0);
}

#[tokio::test]
async fn under_a_mask_maps_are_sent_whole() {
    let server = FaultServer::replying(Reply::json("{}")).await.unwrap();
    let client = client(&server);
    let old = UpdatesKey::from_json(r#"{"labels":{"a":"1","b":"2"},"inner":{"on":true}}"#).unwrap();
    let mut new = old.clone();
    new.labels.as_mut().unwrap().remove("a");
    new.inner.as_mut().unwrap().on = None;
    let call = client.updates_keys().update_between("n", &old, &new).unwrap();
    call.send().await.unwrap();
    let sent = server.take_requests().pop().unwrap();
    assert_eq!(
        std::str::from_utf8(&sent.body).unwrap(),
        r#"{"inner":{"on":null},"labels":{"b":"2"}}"#
    );
    assert_eq!(sent.head.query("updateMask").as_deref(), Some("inner.on,labels"));
    // The description of this mask allows the top level only.
    let request = UpdatesFlatRequest::between(&old, &new).unwrap().unwrap();
    assert_eq!(
        request.to_json(),
        r#"{"key":{"inner":{},"labels":{"b":"2"}},"updateMask":"inner,labels"}"#
    );
}
