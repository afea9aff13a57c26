//! The code of the page for users of google-apis-rs: `runtime/client/src/migration.md`.

use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    use google_drive_v3::Client;

    let client = Client::builder().build()?;
    credentials()?;
    files(&client, "folder-id").await?;
    media(&client).await?;
    retries(&client).await?;
    errors(&client, "file-id").await
}

fn credentials() -> Result<(), Box<dyn Error>> {
    use google_drive_v3::Client;
    use google_drive_v3::runtime::auth::Adc;

    let client = Client::builder().with_credentials(Adc::from_file("key.json")?).build()?;
    drop(client);
    Ok(())
}

async fn files(client: &google_drive_v3::Client, folder: &str) -> Result<(), Box<dyn Error>> {
    let mut files = client.files().list().q("trashed = false").page_size(100).items();
    while let Some(file) = files.next().await {
        println!("{:?}", file?.name);
    }

    use google_drive_v3::CallOptions;

    let file = client.files().get("file-id").fields("id,name,size").send().await?;
    println!("{:?} {:?}", file.name, file.size);

    use google_drive_v3::models::File;

    let metadata = File::new()
        .set_name("Reports")
        .set_mime_type("application/vnd.google-apps.folder")
        .set_parents([folder]);
    let created = client.files().create(&metadata).send().await?;
    println!("{:?}", created.id);

    let change = File::new().set_name("Reports 2026");
    client.files().update("file-id", &change).add_parents(folder).send().await?;

    // Or from the difference of two values:
    let mut changed = file.clone();
    changed.description = Some("Quarterly".to_owned());
    if let Some(call) = client.files().update_between("file-id", &file, &changed) {
        call.send().await?;
    }
    Ok(())
}

async fn media(client: &google_drive_v3::Client) -> Result<(), Box<dyn Error>> {
    use google_drive_v3::Source;
    use google_drive_v3::models::File;

    let metadata = File::new().set_name("scan.pdf");
    let source = Source::from_path("scan.pdf").with_content_type("application/pdf");
    let uploaded = client
        .files()
        .create(&metadata)
        .upload(source)
        .on_progress(|progress| println!("{} of {:?}", progress.confirmed, progress.total))
        .send()
        .await?;
    println!("{:?}", uploaded.id);

    client.files().get("file-id").download().to_file("copy.pdf").await?;
    let bytes = client.files().get("file-id").download().to_bytes(10 << 20).await?;
    println!("{} bytes", bytes.len());
    Ok(())
}

async fn retries(client: &google_drive_v3::Client) -> Result<(), Box<dyn Error>> {
    use google_drive_v3::CallOptions;
    use google_drive_v3::runtime::retry::DefaultRetry;
    use std::time::Duration;

    let file = client
        .files()
        .get("file-id")
        .with_retry(DefaultRetry::new().with_max_attempts(8))
        .with_timeout(Duration::from_secs(60))
        .send()
        .await?;
    println!("{:?}", file.name);
    Ok(())
}

async fn errors(client: &google_drive_v3::Client, id: &str) -> Result<(), Box<dyn Error>> {
    match client.files().get(id).send().await {
        Ok(file) => {
            println!("{:?}", file.name);
            for (name, value) in file.extra.iter() {
                println!("unknown field {name}: {value}");
            }
        }
        Err(error) if error.is_not_found() => println!("no such file"),
        Err(error) if error.is_rate_limited() => println!("wait {:?}", error.retry_after()),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
