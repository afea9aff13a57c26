//! Compute Engine: list the machines of all zones, create one, wait, label it, stop it.

use google_compute_v1::models::{
    AttachedDisk, AttachedDiskInitializeParams, Instance, InstancesSetLabelsRequest,
    NetworkInterface,
};
use google_compute_v1::Client;
use std::error::Error;

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
    let created = client.instances().insert(project, zone, &instance).until_done().resource().await?;

    // Label it: the fingerprint detects concurrent changes.
    let mut labels = created.labels.unwrap_or_default();
    labels.insert("state".into(), "ready".into());
    let request = InstancesSetLabelsRequest::new()
        .set_labels(labels)
        .set_label_fingerprint(created.label_fingerprint.ok_or("no fingerprint")?);
    let call = client.instances().set_labels(project, zone, name, &request);
    call.until_done().await?;

    // Stop it.
    client.instances().stop(project, zone, name).until_done().await?;
    Ok(())
}
