//! Firestore: a query whose documents arrive one by one. The server is in this process; with the real one,
//! the client is `Client::builder().build()?`.

use google_firestore_v1::Client;
use google_firestore_v1::models::{
    CollectionSelector, FieldFilter, FieldFilterOp, FieldReference, Filter, RunQueryRequest,
    StructuredQuery, Value,
};
use google_firestore_v1::runtime::testing::{FaultServer, Reply};
use std::error::Error;

/// The answer has messages without a document, too.
const ANSWER: &str = r#"[
    {"document": {"name": "people/ada", "fields": {"age": {"integerValue": "36"}}}},
    {"readTime": "2026-01-01T00:00:00Z"},
    {"document": {"name": "people/grace", "fields": {"age": {"integerValue": "85"}}}}
]"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = FaultServer::start(|_| async { Reply::json(ANSWER) }).await?;
    let client = Client::builder().with_endpoint(server.url()).with_anonymous().build()?;

    let adults = FieldFilter::new()
        .set_field(FieldReference::new().set_field_path("age"))
        .set_op(FieldFilterOp::GreaterThanOrEqual)
        .set_value(Value::new().set_integer_value(18));
    let query = StructuredQuery::new()
        .set_from([CollectionSelector::new().set_collection_id("people")])
        .set_where(Filter::new().set_field_filter(adults));
    let request = RunQueryRequest::new().set_structured_query(query);
    let parent = "projects/my-project/databases/(default)/documents";

    let documents = client.projects().databases().documents();
    let mut answers = documents.run_query(parent, &request).stream();
    let mut found = Vec::new();
    while let Some(answer) = answers.next().await {
        let Some(document) = answer?.document else { continue };
        let age = document.fields.unwrap_or_default().get("age").and_then(|age| age.integer_value);
        println!("{} {age:?}", document.name.as_deref().unwrap_or_default());
        found.push(age);
    }
    assert_eq!(found, [Some(36), Some(85)]);
    let sent = server.requests().remove(0);
    assert!(sent.line().contains("/documents:runQuery?"), "{}", sent.line());
    Ok(())
}
