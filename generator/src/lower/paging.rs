//! Pass: finds methods with pages (AIP-158) and the locations of their page tokens.

use super::Lowering;
use crate::ir::{
    Api, Body, Field, Location, Method, MethodId, Paging, Scalar, Shape, TokenIn, Type, Unpaged,
    Verb, WireName,
};

/// Names of the next page's token in a response; BigQuery uses the request's name.
const NEXT: [&str; 2] = ["nextPageToken", "pageToken"];
/// Names of the token in a request; Identity Toolkit uses the response's name.
const REQUEST: [&str; 2] = ["pageToken", "nextPageToken"];
/// Names of the position of the first item, in APIs without tokens.
const POSITIONS: [&str; 3] = ["startIndex", "offset", "start"];

impl Lowering<'_> {
    pub(super) fn detect_paging(&mut self) {
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            self.api.methods[id.index()].paging = paging(&self.api, &self.api[id]);
        }
    }

    pub(super) fn explain_lists(&mut self) {
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            self.api.methods[id.index()].unpaged = unpaged(&self.api, &self.api[id]);
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
    let (token, param) =
        REQUEST.iter().find_map(|name| Some((token(api, method, name)?, *name)))?;
    Some(Paging { token, param: WireName(param.to_owned()), next: next.name.clone() })
}

/// Returns the location of a token in the request.
fn token(api: &Api, method: &Method, name: &str) -> Option<TokenIn> {
    let in_query = (method.params.iter())
        .any(|p| p.location == Location::Query && p.name.as_str() == name && !p.repeated);
    let in_body = matches!(&method.request, Some(Body::Json(ty))
    if fields_of(api, ty).is_some_and(|f| {
        f.iter().any(|f| f.name.as_str() == name && f.ty == Scalar::String)
    }));
    match (in_query, in_body) {
        (true, _) => Some(TokenIn::Query),
        (false, true) => Some(TokenIn::Body),
        (false, false) => None,
    }
}

/// Returns why a method that looks like a list has no pages, or pages without items. Runs after the
/// passes that find both.
fn unpaged(api: &Api, method: &Method) -> Option<Unpaged> {
    if method.paging.is_some() || method.streams.is_some() {
        let unclear = method.paging.is_some() && method.items.is_none();
        return unclear.then_some(Unpaged::AmbiguousItems);
    }
    let name = method.name.as_str().to_ascii_lowercase();
    let said = ["list", "search", "aggregatedlist"].iter().any(|verb| name.starts_with(verb));
    if said && matches!(method.response, Some(Body::Raw(_))) {
        return Some(Unpaged::RawResponse);
    }
    let fields = response_fields(api, method)?;
    let has = |fields: &[Field], name: &str| fields.iter().any(|f| f.name.as_str() == name);
    let takes = |name: &str| method.params.iter().any(|p| p.name.as_str() == name);
    let taken = REQUEST.iter().any(|name| takes(name) || token(api, method, name).is_some());
    let inside = || {
        let mut objects = fields.iter().filter_map(|f| fields_of(api, &f.ty));
        objects.any(|fields| has(fields, "nextPageToken"))
    };
    let holds = fields.iter().any(|f| matches!(api.resolve(&f.ty), Type::List(_) | Type::Map(_)));
    if NEXT.iter().any(|name| has(fields, name)) {
        return Some(if taken { Unpaged::TokenNotText } else { Unpaged::NoTokenInRequest });
    }
    if holds && method.verb == Verb::Get && inside() {
        return Some(Unpaged::TokenInMember);
    }
    if holds && taken && (said || method.items.is_some()) {
        return Some(Unpaged::NoTokenInResponse);
    }
    let body = match &method.request {
        Some(Body::Json(ty)) => fields_of(api, ty).unwrap_or_default(),
        _ => &[],
    };
    if holds && POSITIONS.iter().any(|name| takes(name) || has(body, name)) {
        return Some(Unpaged::Positions);
    }
    (said || method.items.is_some()).then_some(Unpaged::OneAnswer)
}
