//! Pass: finds the response member with the items of a list.
//!
//! The rules apply in order, most reliable first; a rule decides only if exactly one member
//! matches. Deprecated members count only if there are no others, and diagnostic members
//! (`unreachable`, `warnings`) only if a rule names them.

use super::Lowering;
use super::paging::response_fields;
use crate::error::Kind;
use crate::ir::{Api, Body, Field, Items, ItemsKind, ItemsRule, Method, MethodId, Type, WireName};

impl Lowering<'_> {
    /// Runs after the pass that detects paging.
    pub(super) fn detect_items(&mut self) {
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            let method = &self.api[id];
            let (at, paged) = (method.at.clone(), method.paging.is_some());
            let items = match self.hints.items.get(&method.id.0).cloned() {
                Some(field) => self.hinted_items(id, &field),
                None if method.streams.is_some() => None,
                None => items(&self.api, method),
            };
            if items.is_none() && paged {
                let message = "the item field of this list method is ambiguous".to_owned();
                self.warn(Kind::Other, &at, message, "name it under `items` in the overlay");
            }
            self.api.methods[id.index()].items = items;
        }
    }

    /// The member that the overlay names.
    fn hinted_items(&mut self, id: MethodId, name: &str) -> Option<Items> {
        let method = &self.api[id];
        let fields = response_fields(&self.api, method).unwrap_or_default();
        let found = fields.iter().find(|f| f.name.as_str() == name);
        let kind = found.and_then(|field| kind(&self.api, field));
        if let Some(kind) = kind {
            self.used_hints.insert(method.id.0.clone());
            return Some(Items {
                member: WireName(name.to_owned()),
                kind,
                rule: ItemsRule::Overlay,
            });
        }
        let at = method.at.clone();
        let message = match found {
            None => format!("the response has no field `{name}`"),
            Some(_) => format!("the field `{name}` of the response is neither a list nor a map"),
        };
        self.error(Kind::Dangling, &at, message, "correct `items` in the overlay");
        None
    }
}

fn items(api: &Api, method: &Method) -> Option<Items> {
    let fields = response_fields(api, method)?;
    if !lists(api, method, fields) {
        return None;
    }
    let (field, rule) = Rules::new(api, method, fields).choose()?;
    let kind = kind(api, field)?;
    Some(Items { member: field.name.clone(), kind, rule })
}

fn kind(api: &Api, field: &Field) -> Option<ItemsKind> {
    match api.resolve(&field.ty) {
        Type::List(_) => Some(ItemsKind::List),
        Type::Map(_) => Some(ItemsKind::Map),
        _ => None,
    }
}

/// Returns `true` if a method lists: it has pages, its name says so, or its response is only a list
/// of objects and not a resource that other methods send.
fn lists(api: &Api, method: &Method, fields: &[Field]) -> bool {
    let name = method.name.as_str().to_ascii_lowercase();
    let said = ["list", "search", "aggregatedlist"].iter().any(|verb| name.starts_with(verb));
    let of_objects = |field: &Field| match api.resolve(&field.ty) {
        Type::List(item) => matches!(api.resolve(item), Type::Object(_)),
        _ => false,
    };
    method.paging.is_some()
        || said
        || fields.iter().any(|f| f.name.as_str() == "nextPageToken")
        || matches!(fields, [only] if of_objects(only)) && !is_sent(api, method)
}

/// Returns `true` if another method sends this method's response type.
fn is_sent(api: &Api, method: &Method) -> bool {
    let Some(Body::Json(answer)) = &method.response else { return false };
    let takes = |other: &Method| matches!(&other.request, Some(Body::Json(ty)) if ty == answer);
    api.methods.iter().any(takes)
}

struct Rules<'a> {
    api: &'a Api,
    /// Lists and maps of the response.
    all: Vec<&'a Field>,
    /// Returns the members that are not diagnostic.
    main: Vec<&'a Field>,
    /// Response type of `get` of the same resource.
    got: Option<&'a Type>,
    resource: String,
    method: String,
    paged: bool,
}

impl<'a> Rules<'a> {
    fn new(api: &'a Api, method: &Method, fields: &'a [Field]) -> Self {
        let lower = |name: &WireName| name.as_str().to_ascii_lowercase();
        let held: Vec<_> = fields.iter().filter(|f| kind(api, f).is_some()).collect();
        let current: Vec<_> = held.iter().copied().filter(|f| !f.deprecated).collect();
        let all = if current.is_empty() { held } else { current };
        let main = all.iter().copied().filter(|f| !is_aside(f.name.as_str())).collect();
        let resource = api[method.resource].name.as_ref().map(lower).unwrap_or_default();
        let (got, paged) = (got(api, method), method.paging.is_some());
        Self { api, all, main, got, resource, method: lower(&method.name), paged }
    }

    fn choose(&self) -> Option<(&'a Field, ItemsRule)> {
        self.by_name_or_type(&self.main)
            .or_else(|| self.only(ItemsKind::List).map(|f| (f, ItemsRule::OnlyList)))
            .or_else(|| self.only(ItemsKind::Map).map(|f| (f, ItemsRule::OnlyMap)))
            .or_else(|| self.by_name_or_type(&self.all))
    }

    fn by_name_or_type(&self, of: &[&'a Field]) -> Option<(&'a Field, ItemsRule)> {
        use ItemsRule::{Items, MethodName, Resource, ResourceName, Results};
        let rules = [Resource, Items, ResourceName, MethodName, Results];
        rules.into_iter().find_map(|rule| {
            let fitting = of.iter().copied().filter(|field| self.fits(field, rule));
            Some((sole(fitting)?, rule))
        })
    }

    fn fits(&self, field: &Field, rule: ItemsRule) -> bool {
        let name = field.name.as_str();
        let lower = name.to_ascii_lowercase();
        match rule {
            ItemsRule::Resource => match (self.api.resolve(&field.ty), self.got) {
                (Type::List(item) | Type::Map(item), Some(got)) => **item == *got,
                _ => false,
            },
            ItemsRule::Items => name == "items",
            ItemsRule::ResourceName => !self.resource.is_empty() && lower.ends_with(&self.resource),
            ItemsRule::MethodName => {
                self.method.len() > lower.len() && self.method.ends_with(&lower)
            }
            ItemsRule::Results => ["results", "result", "rows"].contains(&name),
            ItemsRule::Overlay | ItemsRule::OnlyList | ItemsRule::OnlyMap => false,
        }
    }

    /// Returns the only container of a kind. A map counts only if the method has pages and there is
    /// no list.
    fn only(&self, wanted: ItemsKind) -> Option<&'a Field> {
        let is = |field: &&Field, wanted| kind(self.api, field) == Some(wanted);
        let lists = self.main.iter().any(|f| is(f, ItemsKind::List));
        if wanted == ItemsKind::Map && (lists || !self.paged) {
            return None;
        }
        sole(self.main.iter().copied().filter(|field| is(field, wanted)))
    }
}

fn sole<'a>(mut fields: impl Iterator<Item = &'a Field>) -> Option<&'a Field> {
    let first = fields.next()?;
    fields.next().is_none().then_some(first)
}

/// Returns `true` if a member is diagnostic or describes the response itself.
fn is_aside(name: &str) -> bool {
    const WORDS: [&str; 9] = [
        "unreachable",
        "unreachables",
        "warning",
        "warnings",
        "error",
        "errors",
        "failed",
        "failures",
        "missing",
    ];
    let starts = name.char_indices().filter(|(at, c)| *at == 0 || c.is_ascii_uppercase());
    let mut words = starts.map(|(at, _)| {
        let rest = &name[at..];
        let end = rest.char_indices().skip(1).find(|(_, c)| c.is_ascii_uppercase());
        rest[..end.map_or(rest.len(), |(end, _)| end)].to_ascii_lowercase()
    });
    name == "metadata" || words.any(|word| WORDS.contains(&word.as_str()))
}

/// Response type of `get` of the same resource.
fn got<'a>(api: &'a Api, method: &Method) -> Option<&'a Type> {
    let get = (api[method.resource].methods.iter()).find(|id| api[**id].name.as_str() == "get")?;
    match &api[*get].response {
        Some(Body::Json(ty)) => Some(ty),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_aside;

    #[test]
    fn members_with_diagnostics() {
        for name in [
            "unreachable",
            "unreachables",
            "unreachableLocations",
            "scopedWarnings",
            "errors",
            "partialErrors",
            "failedLocations",
            "missingZones",
            "itemsMissingInCatalog",
            "metadata",
        ] {
            assert!(is_aside(name), "{name}");
        }
        for name in ["items", "mirrors", "terrorists", "metadataStores", "x", ""] {
            assert!(!is_aside(name), "{name}");
        }
    }
}
