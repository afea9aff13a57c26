//! `{"data": …}`, in which services with the `dataWrapper` feature send and receive JSON.

use crate::json::{self, DecodeError};

/// Wraps the JSON of a request.
pub(crate) fn wrap(json: &str) -> String {
    format!("{{\"data\":{json}}}")
}

/// Returns the JSON within a response; `None` if the response has no member `data`, or if it is
/// null. Other members are ignored.
///
/// # Errors
/// The answer is not a JSON object.
pub fn unwrap(body: &[u8]) -> Result<Option<json::Json>, DecodeError> {
    json::from_response::<Wrapped>(body).map(|wrapped| wrapped.0)
}

struct Wrapped(Option<json::Json>);

impl json::Decode for Wrapped {
    fn decode(r: &mut json::Reader<'_>) -> Result<Self, DecodeError> {
        let mut data = None;
        let mut others = json::Extra::default();
        let mut object = r.object()?;
        while let Some(key) = object.next(r, &mut others)? {
            match &*key {
                "data" => data = Some(r.read()?),
                _ => others.read(&key, r)?,
            }
        }
        Ok(Self(data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_and_nothing_else() {
        for (body, want) in [
            (wrap("[1]"), Some("[1]")),
            (r#"{"apiVersion": "1", "data": {"a": 1}}"#.to_owned(), Some(r#"{"a":1}"#)),
            (r#"{"data": null}"#.to_owned(), None),
            ("{}".to_owned(), None),
            (r#"{"a": 1}"#.to_owned(), None),
        ] {
            let data = unwrap(body.as_bytes()).ok().flatten();
            assert_eq!(data.as_ref().map(json::Json::as_str), want, "{body}");
        }
        for body in ["", "[]", "1", "{"] {
            assert!(unwrap(body.as_bytes()).is_err(), "{body}");
        }
    }
}
