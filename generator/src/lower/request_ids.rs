//! Pass: finds methods whose server recognizes a repeated request by its ID
//! ([AIP-155](https://google.aip.dev/155)).
//!
//! A member named `requestId` is not sufficient: some are IDs of another request, or of an earlier
//! response. The description must state the purpose of the ID, or that it is a UUID.

use super::Lowering;
use crate::ir::{Api, Body, Location, Method, MethodId, RequestId, Scalar, Shape, Type, Verb};

const NAME: &str = "requestId";

impl Lowering<'_> {
    pub(super) fn detect_request_ids(&mut self) {
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            self.api.methods[id.index()].request_id = request_id(&self.api, &self.api[id]);
        }
    }
}

/// Returns the location of the ID. Read-only methods need none.
fn request_id(api: &Api, method: &Method) -> Option<RequestId> {
    if matches!(method.verb, Verb::Get | Verb::Head | Verb::Options) {
        return None;
    }
    let in_query = method.params.iter().find(|p| {
        p.location == Location::Query
            && p.name.as_str() == NAME
            && !p.repeated
            && p.ty == Scalar::String
    });
    if let Some(param) = in_query {
        return identifies(&param.doc.0).then(|| RequestId::Query(param.name.clone()));
    }
    let Some(Body::Json(ty)) = &method.request else { return None };
    let Type::Object(id) = api.resolve(ty) else { return None };
    let Shape::Object(object) = &api[*id].shape else { return None };
    let member =
        object.fields.iter().find(|f| f.name.as_str() == NAME && f.ty == Scalar::String)?;
    identifies(&member.doc.0).then(|| RequestId::Body(member.name.clone()))
}

/// Returns `true` if a description says that the ID identifies repeated requests, or that it is a
/// UUID.
fn identifies(doc: &str) -> bool {
    let text = doc.to_ascii_lowercase();
    let words = ["uuid", "idempoten", "de-dup", "dedup", "if you must retry", "will be ignored"];
    !text.contains("output only") && words.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::identifies;

    #[test]
    fn descriptions_say_what_the_id_is_for() {
        for (text, expected) in [
            ("The request ID must be a valid UUID.", true),
            ("Request ID to support idempotency.", true),
            ("A unique request ID so that if you must retry your request, …", true),
            ("The second request will be ignored and the first job returned.", true),
            ("This is used to de-dup incoming request.", true),
            ("", false),
            ("Optional. An optional request ID to identify requests.", false),
            ("A unique ID generated in the API responses.", false),
            ("Output only. UUID of the request that caused this.", false),
        ] {
            assert_eq!(identifies(text), expected, "{text}");
        }
    }
}
