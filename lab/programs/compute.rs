//! Compute Engine: list the machines of all zones, create one, wait, label it, stop it.

use google_compute_v1::models::{
    AttachedDisk, AttachedDiskInitializeParams, Instance, InstancesSetLabelsRequest,
    NetworkInterface, Operation, OperationStatus,
};
use google_compute_v1::{CallOptions, Client};
use std::error::Error;
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder().build()?;
    let (project, zone, name) = ("my-project", "europe-west1-b", "example");

    // The machines of all zones.
    let mut zones = client.instances().aggregated_list(project).filter("status = RUNNING").items();
    while let Some(zone) = zones.next().await {
        let (zone, list) = zone?;
        for instance in list.instances.unwrap_or_default() {
            println!("{zone} {:?} {:?}", instance.name, instance.status);
        }
    }

    // Create one, and wait for it.
    let disk = AttachedDiskInitializeParams::new()
        .set_source_image("projects/debian-cloud/global/images/family/debian-12")
        .set_disk_size_gb(20);
    let instance = Instance::new()
        .set_name(name)
        .set_machine_type(format!("zones/{zone}/machineTypes/e2-small"))
        .set_labels([("team", "data")])
        .set_disks([AttachedDisk::new().set_boot(true).set_initialize_params(disk)])
        .set_network_interfaces([NetworkInterface::new().set_network("global/networks/default")]);
    let operation = client.instances().insert(project, zone, &instance).send().await?;
    wait(&client, project, zone, operation).await?;

    // Label it: the fingerprint detects concurrent changes.
    let instance = client.instances().get(project, zone, name).send().await?;
    let mut labels = instance.labels.unwrap_or_default();
    labels.insert("state".into(), "ready".into());
    let request = InstancesSetLabelsRequest::new()
        .set_labels(labels)
        .set_label_fingerprint(instance.label_fingerprint.ok_or("no fingerprint")?);
    let call = client.instances().set_labels(project, zone, name, &request);
    wait(&client, project, zone, call.send().await?).await?;

    // Stop it.
    let operation = client.instances().stop(project, zone, name).send().await?;
    wait(&client, project, zone, operation).await
}

/// Waits for an operation. The server holds each request for up to two minutes.
async fn wait(
    client: &Client,
    project: &str,
    zone: &str,
    mut operation: Operation,
) -> Result<(), Box<dyn Error>> {
    while operation.status != Some(OperationStatus::Done) {
        let name = operation.name.as_deref().ok_or("an operation without a name")?;
        let call = client.zone_operations().wait(project, zone, name);
        operation =
            call.with_attempt_timeout(Duration::from_secs(150)).with_timeout(None).send().await?;
    }
    match operation.error.and_then(|error| error.errors).unwrap_or_default().first() {
        Some(error) => Err(format!("{:?}: {:?}", error.code, error.message).into()),
        None => Ok(()),
    }
}
