//! Pass: finds methods with pages (AIP-158) and the locations of their page tokens.

use super::Lowering;
use crate::ir::{
    Api, Body, Field, Location, Method, MethodId, Paging, Scalar, Shape, TokenIn, Type,
};

/// Names of the next page's token in a response; BigQuery uses the request's name.
const NEXT: [&str; 2] = ["nextPageToken", "pageToken"];
const TOKEN: &str = "pageToken";

impl Lowering<'_> {
    pub(super) fn detect_paging(&mut self) {
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            self.api.methods[id.index()].paging = paging(&self.api, &self.api[id]);
        }
    }
}

/// Returns the fields of a method's response, if it is an object.
pub(super) fn response_fields<'a>(api: &'a Api, method: &'a Method) -> Option<&'a [Field]> {
    let Some(Body::Json(ty)) = &method.response else { return None };
    fields_of(api, ty)
}

fn fields_of<'a>(api: &'a Api, ty: &'a Type) -> Option<&'a [Field]> {
    match api.resolve(ty) {
        Type::Object(id) => match &api[*id].shape {
            Shape::Object(object) => Some(&object.fields),
            _ => None,
        },
        _ => None,
    }
}

fn paging(api: &Api, method: &Method) -> Option<Paging> {
    if method.streams.is_some() {
        return None;
    }
    let fields = response_fields(api, method)?;
    let named = |name: &&str| fields.iter().find(|f| f.name.as_str() == *name);
    let next = NEXT.iter().find_map(named).filter(|f| f.ty == Scalar::String)?;
    let in_query = (method.params.iter())
        .any(|p| p.location == Location::Query && p.name.as_str() == TOKEN && !p.repeated);
    let in_body = matches!(&method.request, Some(Body::Json(ty))
    if fields_of(api, ty).is_some_and(|f| {
        f.iter().any(|f| f.name.as_str() == TOKEN && f.ty == Scalar::String)
    }));
    let token = match (in_query, in_body) {
        (true, _) => TokenIn::Query,
        (false, true) => TokenIn::Body,
        (false, false) => return None,
    };
    Some(Paging { token, next: next.name.clone() })
}
