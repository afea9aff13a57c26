//! Google Drive: list, search, create a folder, upload, download, export, share, rename.

use google_drive_v3::models::{File, Permission};
use google_drive_v3::Source;
use google_drive_v3::{CallOptions, Client};
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder().build()?;

    // List, newest first; `fields` keeps the answers small.
    let mut files = client
        .files()
        .list()
        .order_by("modifiedTime desc")
        .page_size(50)
        .fields("files(id,name,modifiedTime)")
        .items();
    while let Some(file) = files.next().await {
        let file = file?;
        println!("{:?} {:?} {:?}", file.id, file.name, file.modified_time);
    }

    // Search.
    let query = "mimeType = 'application/pdf' and trashed = false";
    let found = client.files().list().q(query).send().await?;
    println!("{} files", found.files.unwrap_or_default().len());

    // Create a folder, and upload a file into it.
    let folder = File::new()
        .set_name("Reports")
        .set_mime_type("application/vnd.google-apps.folder")
        .set_app_properties([("made-by", "example")]);
    let folder = client.files().create(&folder).send().await?;
    let parent = folder.id.ok_or("a folder without an ID")?;
    let metadata = File::new().set_name("report.pdf").set_parents([&parent]);
    let report = client
        .files()
        .create(&metadata)
        .upload(Source::from_path("report.pdf").with_content_type("application/pdf"))
        .on_progress(|progress| println!("{} bytes", progress.transferred))
        .send()
        .await?;
    let id = report.id.ok_or("a file without an ID")?;

    // Download it again, and export a Google Doc.
    client.files().get(&id).download().to_file("copy.pdf").await?;
    client.files().export("document-id", "text/plain").download().to_file("document.txt").await?;

    // Share it with two people, in one request.
    let mut batch = client.batch();
    let mut tickets = Vec::new();
    for address in ["ada@example.com", "grace@example.com"] {
        let permission =
            Permission::new().set_type("user").set_role("reader").set_email_address(address);
        let call = client.permissions().create(&id, &permission).send_notification_email(false);
        tickets.push(batch.add(call)?);
    }
    let mut answers = batch.send().await?;
    for ticket in tickets {
        println!("{:?}", answers.take(ticket)?.id);
    }

    // Rename.
    let renamed = client.files().update(&id, &File::new().set_name("final.pdf")).send().await?;
    println!("{:?}", renamed.name);
    Ok(())
}
