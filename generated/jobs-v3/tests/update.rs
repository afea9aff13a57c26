//! Updates of jobs and companies: requests for edited values.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use discovery_runtime::testing::{FaultServer, Reply};
use google_jobs_v3::Client;
use google_jobs_v3::json::{FieldMask, Json, Model};
use google_jobs_v3::models::{
    ApplicationInfo, Company, CompanyDerivedInfo, CompanySize, Job, Location, UpdateCompanyRequest,
    UpdateJobRequest,
};

const JOB: &str = r#"{"addresses":["Zürich"],"applicationInfo":{"emails":["a@example.com"],"instruction":"Write","undeclared":1},"customAttributes":{"k":{"filterable":true,"longValues":["9007199254740993"]}},"name":"projects/p/jobs/1","promotionValue":3,"title":"Baker","visibility":"NOT_YET_DECLARED","undeclared":{"a":null}}"#;

/// Edits of `JOB`, with the expected requests. The masks of this API contain only top-level fields:
/// a changed object is sent as a whole.
const EDITS: &[(&str, fn(&mut Job), &str)] = &[
    ("set", |j| j.title = Some("Cook".into()), r#"{"job":{"title":"Cook"},"updateMask":"title"}"#),
    ("clear", |j| j.title = None, r#"{"job":{"title":null},"updateMask":"title"}"#),
    (
        "set nested",
        |j| j.application_info.get_or_insert_default().instruction = Some("Call".into()),
        r#"{"job":{"applicationInfo":{"emails":["a@example.com"],"instruction":"Call","undeclared":1}},"updateMask":"applicationInfo"}"#,
    ),
    (
        "clear nested",
        |j| j.application_info.get_or_insert_default().instruction = None,
        r#"{"job":{"applicationInfo":{"emails":["a@example.com"],"undeclared":1}},"updateMask":"applicationInfo"}"#,
    ),
    (
        "clear an object",
        |j| j.application_info = None,
        r#"{"job":{"applicationInfo":null},"updateMask":"applicationInfo"}"#,
    ),
    (
        "empty an object",
        |j| j.application_info = Some(ApplicationInfo::new()),
        r#"{"job":{"applicationInfo":{}},"updateMask":"applicationInfo"}"#,
    ),
    (
        "set an object",
        |j| j.processing_options = Some(Default::default()),
        r#"{"job":{"processingOptions":{}},"updateMask":"processingOptions"}"#,
    ),
    (
        "empty list",
        |j| j.addresses = Some(Vec::new()),
        r#"{"job":{"addresses":[]},"updateMask":"addresses"}"#,
    ),
    (
        "empty map",
        |j| j.custom_attributes = Some(Default::default()),
        r#"{"job":{"customAttributes":{}},"updateMask":"customAttributes"}"#,
    ),
    (
        "change inside a map",
        |j| {
            let map = j.custom_attributes.get_or_insert_default();
            map.entry("k".into()).or_default().filterable = Some(false);
        },
        r#"{"job":{"customAttributes":{"k":{"filterable":false,"longValues":["9007199254740993"]}}},"updateMask":"customAttributes"}"#,
    ),
    (
        "zero",
        |j| j.promotion_value = Some(0),
        r#"{"job":{"promotionValue":0},"updateMask":"promotionValue"}"#,
    ),
    (
        "an undeclared member",
        |j| drop(j.extra.remove("undeclared")),
        r#"{"job":{"undeclared":null},"updateMask":"undeclared"}"#,
    ),
];

#[tokio::test]
async fn edits_of_a_job_as_a_server_receives_them() {
    let server = FaultServer::replying(Reply::json(JOB)).await.unwrap();
    let builder = Client::builder().with_endpoint(server.url()).with_anonymous();
    let client = builder.build().unwrap();
    let old = Job::from_json(JOB).unwrap();
    for (what, edit, body) in EDITS {
        let mut new = old.clone();
        edit(&mut new);
        let request = UpdateJobRequest::between(&old, &new).unwrap().unwrap();
        client.projects().jobs().patch("projects/p/jobs/1", &request).await.unwrap();
        let sent = server.take_requests().pop().unwrap();
        assert_eq!(std::str::from_utf8(&sent.body).unwrap(), *body, "{what}");
    }
    assert_eq!(UpdateJobRequest::between(&old, &old).unwrap(), None);
}

#[test]
fn edits_of_a_company() {
    let old = Company::new()
        .set_display_name("Acme")
        .set_size(CompanySize::Big)
        .set_suspended(true)
        .set_derived_info(
            CompanyDerivedInfo::new()
                .set_headquarters_location(Location::new().set_radius_in_miles(2.5)),
        );
    let mut new = old.clone().set_suspended(false).set_display_name("Ajax");
    let place = new.derived_info.as_mut().unwrap().headquarters_location.as_mut().unwrap();
    place.radius_in_miles = Some(0.0);
    new.size = None;
    let request = UpdateCompanyRequest::between(&old, &new).unwrap().unwrap();
    assert_eq!(
        request.to_json(),
        r#"{"company":{"derivedInfo":{"headquartersLocation":{"radiusInMiles":0}},"displayName":"Ajax","suspended":false,"size":null},"updateMask":"derivedInfo,displayName,size,suspended"}"#
    );
}

#[test]
fn masks_are_made_of_checked_names() {
    let request = UpdateJobRequest::new()
        .set_job(Job::new().set_title("Cook"))
        .set_update_mask([Job::TITLE, Job::VISIBILITY]);
    assert_eq!(request.to_json(), r#"{"job":{"title":"Cook"},"updateMask":"title,visibility"}"#);
    let mask = FieldMask::of((Job::TITLE, Job::APPLICATION_INFO));
    let request = UpdateJobRequest::new().set_update_mask(mask);
    assert_eq!(request.to_json(), r#"{"updateMask":"title,applicationInfo"}"#);
}

#[test]
fn unset_null_and_value_at_every_depth() {
    let bodies = [
        r#"{"job":{"applicationInfo":{}}}"#,
        r#"{"job":{"applicationInfo":{"instruction":null}}}"#,
        r#"{"job":{"applicationInfo":{"instruction":"","emails":[]}}}"#,
        r#"{"job":{"applicationInfo":null}}"#,
        r#"{"job":null}"#,
    ];
    for body in bodies {
        let request = UpdateJobRequest::from_json(body).unwrap();
        assert_eq!(Json::encode(&request), body.parse::<Json>().unwrap());
    }
}
