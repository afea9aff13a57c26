//! Members that some methods require and others that send the same schema do not.

use discovery_runtime::ErrorKind;
use google_kitchen_sink_v1::Client;
use google_kitchen_sink_v1::models::RequiredByBucket;

#[tokio::test]
async fn a_member_is_required_by_the_methods_that_are_named() {
    let server = google_kitchen_sink_v1_mock::builder().build();
    let client = Client::builder().with_transport(server).with_anonymous().build().unwrap();
    let buckets = client.required_by_buckets();
    let bucket = RequiredByBucket::new().set_name("b").set_title("T");
    let made = buckets.insert(&bucket).send().await.unwrap();
    assert_eq!(made.name.as_deref(), Some("b"));

    let error = buckets.insert(&RequiredByBucket::new().set_title("T")).send().await.unwrap_err();
    assert!(error.to_string().contains("name"), "{error}");

    let error = buckets.update("b", &bucket).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    for field in ["etag", "acl"] {
        assert!(error.to_string().contains(field), "{field}: {error}");
    }
    assert!(!error.to_string().contains("'name'"), "{error}");
    let bucket = bucket.set_etag(made.etag.unwrap()).set_acl(["me"]);
    buckets.update("b", &bucket).send().await.unwrap();
}
