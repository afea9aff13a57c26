//! Removes secrets from bodies, after decompression and part by part.

use std::io::Read as _;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::LIMIT;
use super::redact::Redactor;
use crate::multipart::{Boundary, Multipart, Part, line};
use crate::redact::Secrets;

/// A recorded body.
pub(super) struct Redacted {
    pub(super) bytes: Bytes,
    /// Whether it was compressed, in which case `Content-Encoding` no longer applies.
    pub(super) unpacked: bool,
}

impl Redactor {
    /// Removes secrets from a body of any type. `partial` is for a response to a range request.
    ///
    /// # Errors
    ///
    /// Returns an error if the body cannot be recorded, since its content cannot be inspected.
    pub(super) fn body(
        &self,
        headers: &HeaderMap,
        body: &Bytes,
        partial: bool,
    ) -> Result<Redacted, String> {
        let plain = unpack(headers, body, partial)?;
        let unpacked = plain.is_some();
        let plain = plain.unwrap_or_else(|| body.clone());
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default();
        let parts = match Boundary::from_content_type(content_type) {
            Some(boundary) => self.parts(&boundary, &plain)?,
            None => None,
        };
        let bytes = parts.map_or_else(|| self.bytes(content_type, plain), Ok)?;
        Ok(Redacted { bytes, unpacked })
    }

    fn bytes(&self, content_type: &str, body: Bytes) -> Result<Bytes, String> {
        let content_type = content_type.to_ascii_lowercase();
        if content_type.starts_with("application/http") {
            return self.message(&body);
        }
        // Of the original content type, since boundaries are case-sensitive.
        if let Some(text) = std::str::from_utf8(&body).ok().map(|t| self.content(&content_type, t))
        {
            return Ok(if text.as_bytes() == &*body { body } else { text.into() });
        }
        // Other content is recorded unchanged, except for known secrets.
        let text = String::from_utf8_lossy(&body);
        if self.text(&text) == text {
            return Ok(body);
        }
        Err("it contains a secret in binary data".to_owned())
    }

    /// Processes the parts of a multipart body by their own type.
    fn parts(&self, boundary: &Boundary, body: &Bytes) -> Result<Option<Bytes>, String> {
        let multipart = Multipart::parse(body, boundary);
        if !multipart.complete {
            return Ok(None);
        }
        let mut out = Vec::new();
        let mut changed = false;
        for part in &multipart.parts {
            let (headers, bytes) = self.part(part)?;
            changed |= bytes != part.body || headers != part.headers;
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            out.extend_from_slice(boundary.open(&headers).as_bytes());
            out.extend_from_slice(&bytes);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(boundary.close().as_bytes());
        Ok(Some(if changed { out.into() } else { body.clone() }))
    }

    /// Processes an HTTP message in a batch.
    fn message(&self, block: &Bytes) -> Result<Bytes, String> {
        let (first, next) = line(block, 0);
        let first = String::from_utf8_lossy(first).into_owned();
        let words: Vec<String> = first.split(' ').map(|word| self.url(word)).collect();
        let part = Part::read(&block.slice(next..));
        let (headers, body) = self.part(&part)?;
        let shown = words.join(" ");
        if shown == first && headers == part.headers && body == part.body {
            return Ok(block.clone());
        }
        let mut out = format!("{shown}\r\n").into_bytes();
        for (name, value) in &headers {
            out.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&body);
        Ok(out.into())
    }

    fn part(&self, part: &Part) -> Result<(Vec<(String, String)>, Bytes), String> {
        let all = header_map(part);
        let redacted = self.body(&all, &part.body, false)?;
        let mut headers = Vec::with_capacity(part.headers.len());
        for (name, value) in &part.headers {
            let value = match HeaderName::try_from(name.as_str()) {
                Ok(name) if redacted.unpacked && name == CONTENT_ENCODING => continue,
                Ok(name) if name == CONTENT_LENGTH => redacted.bytes.len().to_string(),
                Ok(name) => self.header(&name, value),
                Err(_) => self.text(value),
            };
            headers.push((name.clone(), value));
        }
        Ok((headers, redacted.bytes))
    }
}

/// Adds the secrets of a batch's calls.
pub(super) fn secrets_of_parts(body: &Bytes, boundary: &Boundary, secrets: &mut Secrets) {
    for part in Multipart::parse(body, boundary).parts {
        let (first, next) = line(&part.body, 0);
        let first = String::from_utf8_lossy(first);
        let target = first.split(' ').nth(1).unwrap_or_default();
        secrets.add_pairs(target.split_once('?').map_or("", |(_, query)| query));
        secrets.add_headers(&header_map(&Part::read(&part.body.slice(next..))));
    }
}

fn header_map(part: &Part) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in &part.headers {
        let name = HeaderName::try_from(name.as_str());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value.as_str())) {
            headers.append(name, value);
        }
    }
    headers
}

/// Decompresses a gzip body; `None` if it is not encoded.
fn unpack(headers: &HeaderMap, body: &Bytes, partial: bool) -> Result<Option<Bytes>, String> {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let words = values.flat_map(|value| value.to_str().unwrap_or("?").split(','));
    let words: Vec<String> = words.map(|word| word.trim().to_ascii_lowercase()).collect();
    let words: Vec<&str> =
        words.iter().map(String::as_str).filter(|w| !matches!(*w, "" | "identity")).collect();
    if words.is_empty() || body.is_empty() {
        return Ok(None);
    }
    if !matches!(words.as_slice(), ["gzip" | "x-gzip"]) {
        return Err(format!("its content encoding, {}, is not supported", words.join(", ")));
    }
    if partial {
        return Err("it is a range of compressed content".to_owned());
    }
    let mut plain = Vec::new();
    let decoder = flate2::read::MultiGzDecoder::new(&**body);
    let read = decoder.take(LIMIT + 1).read_to_end(&mut plain);
    read.map_err(|_| "it is invalid gzip".to_owned())?;
    if plain.len() as u64 > LIMIT {
        return Err(format!("it has more than {LIMIT} bytes when decompressed"));
    }
    Ok(Some(plain.into()))
}
