//! Cloud Storage: create a bucket, upload, list, download, copy, label, share, delete.

use google_storage_v1::Client;
use google_storage_v1::models::{Bucket, Object, ObjectAccessControl};
use google_storage_v1::Source;
use std::collections::HashMap;
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder().build()?;

    let bucket = Bucket::new().set_name("my-bucket").set_labels([("team", "data")]);
    client.buckets().insert("my-project", &bucket).send().await?;

    // Upload a file, and bytes, with metadata.
    let metadata = HashMap::from([("source".to_owned(), "scanner".to_owned())]);
    let object = Object::new().set_name("scans/1.jpg").set_metadata(metadata);
    let source = Source::from_path("scan.jpg").with_content_type("image/jpeg");
    let object = client.objects().insert("my-bucket", &object).upload(source).send().await?;
    let generation = object.generation.ok_or("an object without a generation")?;
    let note = Object::new().set_name("scans/1.txt");
    let call = client.objects().insert("my-bucket", &note).if_generation_match(0);
    call.upload(Source::from_bytes("first scan")).send().await?;

    // List a folder.
    let mut objects = client.objects().list("my-bucket").prefix("scans/").items();
    while let Some(object) = objects.next().await {
        let object = object?;
        println!("{:?} {:?} {:?}", object.name, object.size, object.updated);
    }

    // Download: to memory, and to a file.
    let text =
        client.objects().get("my-bucket", "scans/1.txt").download().to_bytes(1 << 20).await?;
    println!("{}", String::from_utf8_lossy(&text));
    client.objects().get("my-bucket", "scans/1.jpg").download().to_file("1.jpg").await?;

    // Copy; large objects take several calls.
    let mut token: Option<String> = None;
    loop {
        let mut call =
            client.objects().rewrite("my-bucket", "scans/1.jpg", "other", "1.jpg", &Object::new());
        if let Some(token) = &token {
            call = call.rewrite_token(token);
        }
        let answer = call.send().await?;
        if answer.done == Some(true) {
            break;
        }
        token = answer.rewrite_token;
    }

    // Change a label and remove another, unless there are concurrent changes.
    let old = client.buckets().get("my-bucket").send().await?;
    let mut new = old.clone();
    let labels = new.labels.get_or_insert_default();
    labels.insert("team".into(), "research".into());
    labels.remove("owner");
    if let Some(call) = client.buckets().patch_between("my-bucket", &old, &new) {
        let generation = old.metageneration.unwrap_or_default();
        call.if_metageneration_match(generation).send().await?;
    }

    // Share, and delete.
    let reader = ObjectAccessControl::new().set_entity("allUsers").set_role("READER");
    client.object_access_controls().insert("my-bucket", "scans/1.jpg", &reader).send().await?;
    client.objects().delete("my-bucket", "scans/1.jpg").generation(generation).send().await?;
    Ok(())
}
