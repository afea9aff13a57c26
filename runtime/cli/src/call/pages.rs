//! Lists that come in pages: which token goes where, and the pages as one document.

use discovery_runtime::reflect::MethodInfo;
use discovery_runtime::spec::{ItemsIn, TokenIn};
use serde_json::{Map, Value};

use crate::failure::{Failure, exit};
use crate::plan::Plan;

/// Puts the token of the next page into a plan.
pub(super) fn set_token(plan: &mut Plan, place: TokenIn, token: &str) {
    match place {
        TokenIn::Query(name) => {
            plan.values.query.retain(|(other, _)| *other != name);
            plan.values.query.push((name, vec![token.to_owned()]));
        }
        TokenIn::Body(name) => {
            let body = plan.body.get_or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(members) = body {
                members.insert(name.to_owned(), Value::String(token.to_owned()));
            }
        }
    }
}

/// The token of the page after a document.
pub(super) fn next_token(method: &MethodInfo, doc: &Value) -> Option<String> {
    let name = method.spec.paging?.next;
    let token = doc.get(name)?.as_str()?;
    (!token.is_empty()).then(|| token.to_owned())
}

/// Pages put together.
pub(super) struct Merged {
    items: Option<&'static str>,
    next: Option<&'static str>,
    doc: Option<Value>,
}

/// Lists beside the items that every page adds to ([AIP-217](https://google.aip.dev/217)).
const UNREACHABLE: &str = "unreachable";

impl Merged {
    pub(super) fn new(method: &MethodInfo) -> Self {
        Self {
            items: method.spec.items.map(ItemsIn::name),
            next: method.spec.paging.map(|paging| paging.next),
            doc: None,
        }
    }

    /// How many items a page has.
    pub(super) fn count(&self, page: &Value) -> usize {
        match self.items.and_then(|name| page.get(name)) {
            Some(Value::Array(items)) => items.len(),
            Some(Value::Object(items)) => items.len(),
            _ => 0,
        }
    }

    /// Keeps only the first `left` items of a page.
    pub(super) fn truncate(&self, page: &mut Value, left: usize) {
        match self.items.and_then(|name| page.get_mut(name)) {
            Some(Value::Array(items)) => items.truncate(left),
            Some(Value::Object(items)) => {
                let kept: Map<String, Value> =
                    std::mem::take(items).into_iter().take(left).collect();
                *items = kept;
            }
            _ => {}
        }
    }

    /// Adds a page: its items go behind those before; other members stay those of the first page,
    /// but for the token, which is that of the last.
    pub(super) fn add(&mut self, page: Value) {
        let Some(Value::Object(doc)) = &mut self.doc else {
            self.doc = Some(page);
            return;
        };
        let Value::Object(page) = page else { return };
        if let Some(next) = self.next {
            doc.shift_remove(next);
        }
        for (name, value) in page {
            let grows = Some(name.as_str()) == self.items || name == UNREACHABLE;
            match doc.get_mut(&name) {
                Some(known) if grows => append(known, value),
                Some(_) => {}
                None => {
                    doc.insert(name, value);
                }
            }
        }
    }

    /// The document; `more` says whether it ends before the list does.
    pub(super) fn finish(self, more: bool) -> Value {
        let mut doc = self.doc.unwrap_or_else(|| Value::Object(Map::new()));
        if let (Value::Object(members), Some(next), false) = (&mut doc, self.next, more) {
            members.shift_remove(next);
        }
        doc
    }
}

fn append(known: &mut Value, more: Value) {
    match (known, more) {
        (Value::Array(known), Value::Array(more)) => known.extend(more),
        (Value::Object(known), Value::Object(more)) => {
            for (key, value) in more {
                match known.get_mut(&key) {
                    Some(place) => append(place, value),
                    None => {
                        known.insert(key, value);
                    }
                }
            }
        }
        (known, more) => *known = more,
    }
}

/// A server that gives the same token again would never end.
pub(super) fn loops(token: &str) -> Failure {
    Failure::new(
        exit::SERVER,
        "page_loop",
        format!("the server gave the page token '{token}' twice; following it would not end"),
    )
}
