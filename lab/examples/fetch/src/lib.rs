//! Calls from JavaScript. On other targets than WebAssembly, this crate is empty.
#![cfg(target_family = "wasm")]

use std::time::Duration;

use google_jobs_v3::runtime::auth::StaticToken;
use google_jobs_v3::runtime::{Error, ServiceClient};
use google_jobs_v3::{CallOptions, models};
use google_kitchen_sink_v1 as kitchen_sink;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// Names the kind of an error for JavaScript.
fn shown(error: Error) -> JsError {
    let sent = if error.maybe_sent() { "maybe sent" } else { "not sent" };
    JsError::new(&format!("{:?}, {sent}: {error}", error.kind()))
}

fn client<C: ServiceClient>(endpoint: &str) -> Result<C, JsError> {
    let builder = google_jobs_v3::runtime::ClientBuilder::<C>::new();
    builder
        .with_endpoint(endpoint)
        .with_credentials(StaticToken::new("t0ken"))
        .build()
        .map_err(shown)
}

/// Returns the names of all companies.
#[wasm_bindgen]
pub async fn companies(endpoint: &str) -> Result<Vec<String>, JsError> {
    let client: google_jobs_v3::Client = client(endpoint)?;
    let items = client.projects().companies().list("projects/p").items();
    let found = items.collect().await.map_err(shown)?;
    Ok(found.into_iter().filter_map(|company| company.display_name).collect())
}

/// Returns the name of a company, within a limit of time.
#[wasm_bindgen]
pub async fn company(endpoint: &str, milliseconds: u32) -> Result<String, JsError> {
    let client: google_jobs_v3::Client = client(endpoint)?;
    let call = client.projects().companies().get("projects/p/companies/1");
    let limit = Duration::from_millis(milliseconds.into());
    let found = call.with_timeout(limit).send().await.map_err(shown)?;
    Ok(found.display_name.unwrap_or_default())
}

/// The same with an API key.
#[wasm_bindgen]
pub async fn company_by_key(endpoint: &str) -> Result<String, JsError> {
    let builder = google_jobs_v3::Client::builder().with_endpoint(endpoint);
    let client = builder.with_api_key("AIzaSecret").build().map_err(shown)?;
    let call = client.projects().companies().get("projects/p/companies/1");
    let found = call.send().await.map_err(shown)?;
    Ok(found.display_name.unwrap_or_default())
}

/// Creates a company and returns the name that the server gave.
#[wasm_bindgen]
pub async fn create(endpoint: &str, name: &str) -> Result<String, JsError> {
    let client: google_jobs_v3::Client = client(endpoint)?;
    let company = models::Company::new().set_display_name(name);
    let request = models::CreateCompanyRequest::new().set_company(company);
    let call = client.projects().companies().create("projects/p", &request);
    Ok(call.send().await.map_err(shown)?.name.unwrap_or_default())
}

/// Deletes a thing, with an ID by which the server recognizes repetitions.
#[wasm_bindgen]
pub async fn remove(endpoint: &str) -> Result<(), JsError> {
    let client: kitchen_sink::Client = client(endpoint)?;
    client.request_ids().delete("thing").send().await.map_err(shown)
}

/// Uploads bytes in chunks and returns the name of the file.
#[wasm_bindgen]
pub async fn upload(endpoint: &str, bytes: Vec<u8>) -> Result<String, JsError> {
    let client: kitchen_sink::Client = client(endpoint)?;
    let source = google_jobs_v3::runtime::Source::from_bytes(bytes).with_content_type("image/png");
    let upload = client.media().insert(&Default::default()).upload(source);
    let upload = upload.with_protocol(kitchen_sink::runtime::media::Protocol::Resumable);
    let file = upload.with_chunk_size(256 * 1024).send().await.map_err(shown)?;
    Ok(file.name.unwrap_or_default())
}

/// Downloads a file and returns its bytes.
#[wasm_bindgen]
pub async fn download(endpoint: &str) -> Result<Vec<u8>, JsError> {
    let client: kitchen_sink::Client = client(endpoint)?;
    let mut stream = client.media().get("1").download().open().await.map_err(shown)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk.map_err(shown)?);
    }
    Ok(bytes)
}

/// Downloads a file as it is stored.
#[wasm_bindgen]
pub async fn download_stored(endpoint: &str) -> Result<Vec<u8>, JsError> {
    let client: kitchen_sink::Client = client(endpoint)?;
    let download = client.media().get("1").download().with_stored_bytes();
    Ok(download.to_bytes(1 << 20).await.map_err(shown)?.to_vec())
}

/// Starts a download, reads one chunk, and drops the rest.
#[wasm_bindgen]
pub async fn first_chunk(endpoint: &str) -> Result<usize, JsError> {
    let client: kitchen_sink::Client = client(endpoint)?;
    let mut stream = client.media().get("1").download().open().await.map_err(shown)?;
    let chunk = stream.next().await.transpose().map_err(shown)?;
    Ok(chunk.map_or(0, |chunk| chunk.len()))
}
