//! Compute Engine: create a machine, wait until it exists, and read it. The server is in this process; with
//! the real one, the client is `Client::builder().build()?`.

use google_compute_v1::Client;
use google_compute_v1::models::Instance;
use google_compute_v1::runtime::testing::{FaultServer, Incoming, Reply};
use std::error::Error;
use std::time::Duration;

const ZONE: &str = "https://www.googleapis.com/compute/v1/projects/my-project/zones/europe-west1-b";

/// Starts an operation, which ends when the client waits for it.
async fn answer(request: Incoming) -> Reply {
    let operation = |status: &str| {
        Reply::json(format!(
            r#"{{"name": "operation-1", "status": "{status}",
                "selfLink": "{ZONE}/operations/operation-1",
                "targetLink": "{ZONE}/instances/example"}}"#
        ))
    };
    match request.head().path().rsplit('/').next().unwrap_or_default() {
        "instances" => operation("RUNNING"),
        "wait" => operation("DONE"),
        "example" => Reply::json(r#"{"name": "example", "status": "RUNNING"}"#),
        _ => Reply::error(404, "not here"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = FaultServer::start(answer).await?;
    let client = Client::builder().with_endpoint(server.url()).with_anonymous().build()?;

    let instance = Instance::new().set_name("example");
    let insert = client.instances().insert("my-project", "europe-west1-b", &instance);
    let instance = insert
        .until_done()
        .with_pauses(Duration::from_millis(10), Duration::from_millis(20))
        .on_progress(|operation| println!("{:?} {:?}", operation.name, operation.status))
        .resource()
        .await?;
    println!("{:?} {:?}", instance.name, instance.status);
    assert_eq!(instance.name.as_deref(), Some("example"));
    let lines: Vec<String> = server.requests().iter().map(|request| request.line()).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    Ok(())
}
