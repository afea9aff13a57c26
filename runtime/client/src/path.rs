//! Expansion of path templates.
//!
//! Values are literal: `%41` in a value is the text `%41`, not `A`. All bytes are percent-encoded
//! except letters, digits, `-`, `.`, `_`, and `~`, and in `{+name}` also `/`; the server decodes
//! all of them but `%2F`.

use crate::error::{Error, Result};
use crate::percent::encode;
use crate::spec::Segment;

/// Maximum length of a URL in bytes, which `http::Uri` sets.
pub(crate) const MAX_URL: usize = u16::MAX as usize - 1;

/// Expands `template` with the values returned by `find`.
///
/// # Errors
///
/// If a value is missing, empty, longer than a URL can be, contains a control character other than
/// a tab, or has a segment `.` or `..`, in `{+name}` even percent-encoded. URL parsers on the way
/// resolve such segments, so that the request would reach another resource.
pub fn expand<'v>(
    template: &[Segment],
    mut find: impl FnMut(&'static str) -> Option<&'v str>,
) -> Result<String> {
    let mut path = String::with_capacity(96);
    for segment in template {
        match *segment {
            Segment::Literal(text) => path.push_str(text),
            Segment::Simple(name) => {
                let value = required_value(name, find(name))?;
                // `%2e%2e` is sent as `%252e%252e`, the name of an object in Cloud Storage.
                reject_dot(name, value, value)?;
                encode(value, false, &mut path);
            }
            Segment::Reserved(name) => {
                let value = required_value(name, find(name))?;
                reject_dot_segments(name, value)?;
                encode(value, true, &mut path);
            }
            Segment::Segments(name) => {
                let value = required_value(name, find(name))?;
                reject_dot_segments(name, value)?;
                for part in value.split('/') {
                    path.push('/');
                    encode(part, false, &mut path);
                }
            }
        }
    }
    Ok(path)
}

fn required_value<'v>(name: &str, value: Option<&'v str>) -> Result<&'v str> {
    let value = value.unwrap_or_default();
    if value.is_empty() {
        return Err(Error::invalid(format!("path parameter `{name}` is empty")));
    }
    if value.len() > MAX_URL {
        let message = format!(
            "path parameter `{name}` has {} bytes, more than a URL can have ({MAX_URL})",
            value.len()
        );
        return Err(Error::invalid(message));
    }
    if value.chars().any(|c| c.is_control() && c != '\t') {
        let message = format!("path parameter `{name}` contains a control character");
        return Err(Error::invalid(message));
    }
    Ok(value)
}

fn reject_dot_segments(name: &str, value: &str) -> Result<()> {
    if !value.contains(['%', '\\']) {
        // Almost every value needs no decoding.
        return value.split('/').try_for_each(|part| reject_dot(name, part, value));
    }
    // Decoding comes first: `a%2F..` is one segment here but two after a lenient proxy.
    let decoded = decode(value);
    decoded.split(['/', '\\']).try_for_each(|part| reject_encoded_dots(name, part, value))
}

fn reject_encoded_dots(name: &str, part: &str, value: &str) -> Result<()> {
    if part.contains('%') {
        return reject_dot(name, &decode(part), value);
    }
    reject_dot(name, part, value)
}

fn reject_dot(name: &str, part: &str, value: &str) -> Result<()> {
    if part == "." || part == ".." {
        return Err(Error::invalid(format!(
            "path parameter `{name}` is {value:?}, whose segment {part:?} would lead to another \
             resource"
        )));
    }
    Ok(())
}

/// Decodes percent-encoded bytes repeatedly: `%252e` is `.` after two proxies.
fn decode(text: &str) -> String {
    let mut decoded: Vec<u8> = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        decoded.push(byte);
        // A decoded byte may complete another escape. Each round makes the text shorter, so all of
        // them together take linear time.
        while let Some(byte) = last_escape(&decoded) {
            decoded.truncate(decoded.len() - 3);
            decoded.push(byte);
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Returns the byte of an escape at the end.
fn last_escape(bytes: &[u8]) -> Option<u8> {
    let [.., b'%', high, low] = bytes else { return None };
    let hex = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(hex(*high)? * 16 + hex(*low)?).ok()
}

/// Joins root URL, service path, and path. A path with a leading `/`, as of media uploads, is
/// relative to the root.
pub(crate) fn join(root: &str, service_path: &str, path: &str) -> String {
    // Leaves room for a query.
    let mut url = String::with_capacity(root.len() + service_path.len() + path.len() + 128);
    url.push_str(root);
    match path.strip_prefix('/') {
        Some(path) => url.push_str(path),
        None => {
            url.push_str(service_path.strip_prefix('/').unwrap_or(service_path));
            url.push_str(path);
        }
    }
    url
}

#[cfg(test)]
#[path = "path_tests.rs"]
mod tests;
