//! Google Chat: list spaces, send a message, send a file, edit a message, read new messages.

use google_chat_v1::Client;
use google_chat_v1::models::{Attachment, Message, UploadAttachmentRequest};
use google_chat_v1::Source;
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder().build()?;

    let mut spaces = client.spaces().list().filter("spaceType = \"SPACE\"").items();
    while let Some(space) = spaces.next().await {
        println!("{:?}", space?.display_name);
    }

    // Send a message; the request ID makes a retry safe.
    let space = "spaces/AAAA";
    let messages = client.spaces().messages();
    let message = Message::new().set_text("The build is green.");
    let sent = messages.create(space, &message).request_id("build-17").send().await?;
    let name = sent.name.ok_or("a message without a name")?;

    // Send a file.
    let request = UploadAttachmentRequest::new().set_filename("log.txt");
    let uploaded = client
        .media()
        .upload(space, &request)
        .upload(Source::from_path("log.txt").with_content_type("text/plain"))
        .send()
        .await?;
    let attachment =
        Attachment::new().set_attachment_data_ref(uploaded.attachment_data_ref.ok_or("no data")?);
    let message = Message::new().set_text("The log").set_attachment([attachment]);
    messages.create(space, &message).send().await?;

    // Change the text.
    let change = Message::new().set_text("The build is red.");
    messages.patch(&name, &change).update_mask("text").send().await?;

    // Read today's messages.
    let mut said = messages.list(space).filter("createTime > \"2026-11-28T00:00:00Z\"").items();
    while let Some(message) = said.next().await {
        let message = message?;
        println!("{:?} {:?}", message.create_time, message.text);
    }
    Ok(())
}
