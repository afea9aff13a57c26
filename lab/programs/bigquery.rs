//! BigQuery: query with parameters, wait for a job, insert rows, load a file.

use google_bigquery_v2::json::Map;
use google_bigquery_v2::models::{
    Job, JobConfiguration, JobConfigurationLoad, QueryParameter, QueryParameterType,
    QueryParameterValue, QueryRequest, TableDataInsertAllRequest, TableDataInsertAllRequestRows,
    TableReference,
};
use google_bigquery_v2::Source;
use google_bigquery_v2::{CallOptions, Client};
use serde_json::json;
use std::error::Error;
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder().build()?;
    let project = "my-project";

    // Query.
    let state = QueryParameter::new()
        .set_name("state")
        .set_parameter_type(QueryParameterType::new().set_type("STRING"))
        .set_parameter_value(QueryParameterValue::new().set_value("TX"));
    let request = QueryRequest::new()
        .set_query("SELECT name, SUM(number) FROM t WHERE state = @state GROUP BY name")
        .set_use_legacy_sql(false)
        .set_labels([("program", "example")])
        .set_query_parameters([state]);
    let mut answer = client.jobs().query(project, &request).send().await?;

    // Wait until it is done, then read its rows.
    let job = answer.job_reference.take().and_then(|job| job.job_id).ok_or("no job")?;
    let results = loop {
        let call = client.jobs().get_query_results(project, &job).timeout_ms(10_000);
        let results = call.with_attempt_timeout(Duration::from_secs(30)).send().await?;
        if results.job_complete == Some(true) {
            break results;
        }
    };
    for row in results.rows.unwrap_or_default() {
        let cells = row.f.unwrap_or_default();
        let texts = cells.iter().map(|cell| cell.v.as_ref().and_then(|v| v.as_text()));
        println!("{:?}", texts.collect::<Vec<_>>());
    }

    // Insert rows: JSON, or a map.
    let rows = [
        TableDataInsertAllRequestRows::new()
            .set_insert_id("1")
            .set_json(Map::try_from(json!({"name": "Ada", "number": 3}))?),
        TableDataInsertAllRequestRows::new().set_json([("name", "Grace")]),
    ];
    let request = TableDataInsertAllRequest::new().set_rows(rows);
    let answer =
        client.tabledata().insert_all(project, "dataset", "people", &request).send().await?;
    for error in answer.insert_errors.unwrap_or_default() {
        println!("row {:?}: {:?}", error.index, error.errors);
    }

    // Load a file.
    let table = TableReference::new()
        .set_project_id(project)
        .set_dataset_id("dataset")
        .set_table_id("people");
    let load = JobConfigurationLoad::new()
        .set_destination_table(table)
        .set_source_format("CSV")
        .set_autodetect(true);
    let job = Job::new().set_configuration(JobConfiguration::new().set_load(load));
    let job =
        client.jobs().insert(project, &job).upload(Source::from_path("people.csv")).send().await?;
    println!("{:?}", job.status.and_then(|status| status.state));
    Ok(())
}
