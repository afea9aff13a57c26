//! Media content of resources, stored beside them and deleted with them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use discovery_runtime::reflect::TypeInfo;
use discovery_testing::crc32c_base64;
use md5::{Digest as _, Md5};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;

use crate::call::Call;
use crate::error::ApiError;
use crate::render::Answer;
use crate::schema::{field, object, resolve};
use crate::standard::{Plans, is_deleted, name_after, place_name};
use crate::upload::Content;

/// Kind of content records; no schema has this name.
const KIND: &str = "$content";

/// Stores the uploaded content of a call's resource.
pub(crate) fn keep(plans: &Plans, call: &mut Call<'_, '_>, answer: &mut Value, content: &Content) {
    if let Some(name) = name_after(plans, call, answer) {
        describe(call, &name, answer, content);
        let data = STANDARD.encode(&content.bytes);
        let upload = call.method().spec.upload;
        let given = content.media_type.as_deref();
        // Content without a media type has the type that its metadata names.
        let media_type = upload.map_or(given, |upload| {
            let named = upload.media_type.and_then(|name| answer.get(name)?.as_str());
            Some(upload.content_type(given, named, None))
        });
        let record = json!({ "mediaType": media_type, "data": data });
        call.store_mut().put(KIND, &place(&name), record);
    }
}

/// Sets size, checksum, and generation of the resource, where its schema has them.
fn describe(call: &mut Call<'_, '_>, name: &str, answer: &mut Value, content: &Content) {
    let Some(schema) = call.method().response.and_then(object) else { return };
    let generation = answer.get("generation").and_then(Value::as_str);
    let generation = generation.and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) + 1;
    let mut members = checksums(&content.bytes);
    members.push(("generation", generation.to_string()));
    members.push(("metageneration", "1".to_owned()));
    // A client follows this link, so it leads to this server.
    let service = call.method().spec.service.service_path;
    members.push(("mediaLink", format!("{}/{service}{name}?alt=media", call.origin)));
    if let Some(media_type) =
        content.media_type.clone().filter(|_| answer.get("contentType").is_none())
    {
        members.push(("contentType", media_type));
    }
    let mut changed = false;
    for (member, text) in members {
        let fits =
            |ty| matches!(resolve(ty), TypeInfo::String | TypeInfo::Int64 | TypeInfo::UInt64);
        if field(schema, member).is_some_and(|field| fits(field.ty)) {
            answer[member] = Value::String(text);
            changed = true;
        }
    }
    if changed {
        call.store_mut().put(schema.name, name, answer.clone());
    }
}

/// Field names of size and checksums of content.
fn checksums(bytes: &[u8]) -> Vec<(&'static str, String)> {
    let md5 = Md5::digest(bytes);
    vec![
        ("size", bytes.len().to_string()),
        ("crc32c", crc32c_base64(bytes)),
        ("md5Hash", STANDARD.encode(md5)),
        ("md5Checksum", hex(&md5)),
        ("sha1Checksum", hex(&Sha1::digest(bytes))),
        ("sha256Checksum", hex(&Sha256::digest(bytes))),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the content of a call's resource, or a line of text if nothing was uploaded or the API
/// cannot create the resource.
///
/// # Errors
///
/// `NOT_FOUND` if the API can create the resource and it does not exist.
pub(crate) fn download(plans: &Plans, call: &Call<'_, '_>) -> Result<Answer, ApiError> {
    let name = place_name(call);
    let creatable = plans.find(call.id()).is_some_and(|plan| plan.resource.creatable);
    if is_deleted(call.store(), &name) || (creatable && call.store().get(&name).is_none()) {
        return Err(ApiError::not_found(&name));
    }
    let stored = call.store().get(&place(&name)).and_then(|record| {
        let bytes = STANDARD.decode(record.get("data")?.as_str()?).ok()?;
        Some(Answer::Content(record.get("mediaType")?.as_str()?.to_owned(), bytes.into()))
    });
    Ok(stored.unwrap_or_else(|| {
        let text = format!("Content of {name}.\n");
        Answer::Content("application/octet-stream".to_owned(), Bytes::from(text))
    }))
}

/// Returns the name of a content record, outside of the resource's children so that lists do not
/// find it.
fn place(name: &str) -> String {
    format!("{KIND}/{name}")
}
