//! Content of resources: kept beside them in the store, so that it lasts as long as they do.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::call::Call;
use crate::render::Answer;
use crate::standard::{Plans, name_after, place_name};
use crate::upload::Content;

/// Kind of the records that hold content. No schema is named so.
const KIND: &str = "$content";

/// Keeps what was uploaded for the resource of a call.
pub(crate) fn keep(plans: &Plans, call: &mut Call<'_, '_>, answer: &Value, content: &Content) {
    if let Some(name) = name_after(plans, call, answer) {
        let data = STANDARD.encode(&content.bytes);
        let upload = call.method().spec.upload;
        let given = content.media_type.as_deref();
        // Without a type of its own, content is of the type that its metadata names.
        let media_type = upload.map_or(given, |upload| {
            let named = upload.media_type.and_then(|name| answer.get(name)?.as_str());
            Some(upload.content_type(given, named, None))
        });
        let record = json!({ "mediaType": media_type, "data": data });
        call.store_mut().put(KIND, &place(&name), record);
    }
}

/// The content of the resource of a call, or a line of text if nothing was uploaded.
pub(crate) fn download(call: &Call<'_, '_>) -> Answer {
    let name = place_name(call);
    let stored = call.store().get(&place(&name)).and_then(|record| {
        let bytes = STANDARD.decode(record.get("data")?.as_str()?).ok()?;
        Some(Answer::Content(record.get("mediaType")?.as_str()?.to_owned(), bytes.into()))
    });
    stored.unwrap_or_else(|| {
        let text = format!("Content of {name}.\n");
        Answer::Content("application/octet-stream".to_owned(), Bytes::from(text))
    })
}

/// Content is not below its resource, where lists would find it.
fn place(name: &str) -> String {
    format!("{KIND}/{name}")
}
