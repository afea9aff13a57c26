//! Pass: which methods list, and where their items are (rule 52).

use super::Lowering;
use crate::error::Kind;
use crate::ir::{
    Api, Body, Field, Location, Method, MethodId, Paging, Shape, TokenIn, Type, WireName,
};

const NEXT: &str = "nextPageToken";
const TOKEN: &str = "pageToken";

impl Lowering<'_> {
    pub(super) fn detect_paging(&mut self) {
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            let hint = self.hints.items.get(&self.api[id].id.0).cloned();
            let Some(mut paging) = paging(&self.api, &self.api[id]) else { continue };
            if let Some(field) = hint {
                let exists = response_fields(&self.api, &self.api[id])
                    .is_some_and(|f| f.iter().any(|f| f.name.as_str() == field));
                if exists {
                    self.used_hints.insert(self.api[id].id.0.clone());
                    paging.items = Some(WireName(field));
                } else {
                    let (at, message) =
                        (self.api[id].at.clone(), format!("the response has no field `{field}`"));
                    self.error(Kind::Dangling, &at, message, "correct `items` in the overlay");
                }
            }
            if paging.items.is_none() {
                let at = self.api[id].at.clone();
                let message = "the item field of this list method cannot be told".to_owned();
                self.warn(Kind::Other, &at, message, "name it under `items` in the overlay");
            }
            self.api.methods[id.index()].paging = Some(paging);
        }
    }
}

/// The fields of a method's response, if it is an object.
fn response_fields<'a>(api: &'a Api, method: &'a Method) -> Option<&'a [Field]> {
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
    let fields = response_fields(api, method)?;
    if !fields.iter().any(|f| f.name.as_str() == NEXT && f.ty == Type::String) {
        return None;
    }
    let in_query = (method.params.iter())
        .any(|p| p.location == Location::Query && p.name.as_str() == TOKEN && !p.repeated);
    let in_body = matches!(&method.request, Some(Body::Json(ty))
    if fields_of(api, ty).is_some_and(|f| {
        f.iter().any(|f| f.name.as_str() == TOKEN && f.ty == Type::String)
    }));
    let token = match (in_query, in_body) {
        (true, _) => TokenIn::Query,
        (false, true) => TokenIn::Body,
        (false, false) => return None,
    };
    Some(Paging { token, items: items(api, method, fields).map(|f| f.name.clone()) })
}

/// The field that holds the items. Each rule is tried on the arrays first, the least doubtful
/// first; a rule decides only if exactly one field fits.
fn items<'a>(api: &Api, method: &Method, fields: &'a [Field]) -> Option<&'a Field> {
    let lists = || fields.iter().filter(|f| matches!(api.resolve(&f.ty), Type::List(_)));
    let aside = ["unreachable", "warning", "failed", "error", "missing"];
    let main = || {
        lists().filter(|f| {
            let name = f.name.as_str().to_ascii_lowercase();
            !aside.iter().any(|a| name.starts_with(a))
        })
    };
    let resource = api[method.resource].name.as_ref().map(|n| n.as_str().to_ascii_lowercase());
    let got = get_response(api, method);
    let named = |name: &'static str| move |f: &&Field| f.name.as_str() == name;
    let item_is_got = |f: &&Field| matches!(api.resolve(&f.ty), Type::List(item) if got.is_some() && Some(&**item) == got);
    let like_resource = |f: &&Field| {
        resource.as_deref().is_some_and(|r| f.name.as_str().to_ascii_lowercase().ends_with(r))
    };
    sole(lists())
        .or_else(|| sole(main()))
        .or_else(|| sole(main().filter(item_is_got)))
        .or_else(|| sole(main().filter(named("items"))))
        .or_else(|| sole(main().filter(like_resource)))
        .or_else(|| sole(main().filter(named("results"))))
        .or_else(|| sole(main().filter(named("rows"))))
        .or_else(|| {
            let maps = fields.iter().filter(|f| matches!(api.resolve(&f.ty), Type::Map(_)));
            if lists().next().is_none() { sole(maps) } else { None }
        })
}

fn sole<'a>(mut fields: impl Iterator<Item = &'a Field>) -> Option<&'a Field> {
    let first = fields.next()?;
    fields.next().is_none().then_some(first)
}

/// What `get` of the same resource answers.
fn get_response<'a>(api: &'a Api, method: &Method) -> Option<&'a Type> {
    let get = (api[method.resource].methods.iter()).find(|id| api[**id].name.as_str() == "get")?;
    match &api[*get].response {
        Some(Body::Json(ty)) => Some(ty),
        _ => None,
    }
}
