//! Paging: the location of tokens, and merging of pages.

use discovery_runtime::page::{self, Mask};
use discovery_runtime::reflect::MethodInfo;
use discovery_runtime::spec::{ItemsIn, TokenIn};
use serde_json::{Map, Value};

use crate::failure::{Failure, exit};
use crate::issue::{Issue, Issues};
use crate::plan::Plan;

/// Sets the page token of a plan.
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

/// Returns the token of the next page.
pub(super) fn next_token(method: &MethodInfo, doc: &Value) -> Result<Option<String>, Failure> {
    let Some(paging) = method.spec.paging else { return Ok(None) };
    let value = doc.get(paging.next).and_then(|value| value.to_string().parse().ok());
    page::next_token(paging.next, value.as_ref())
        .map_err(|error| Failure::new(exit::SERVER, error.kind().as_str(), error.to_string()))
}

/// Returns the `fields` mask: its position among the query parameters, and the mask.
fn mask(plan: &Plan) -> Option<(usize, Mask<'_>)> {
    let spec = plan.method.spec;
    let own = |name: &str| plan.method.params.iter().any(|param| param.name == name);
    let is_mask = |name: &str| Mask::is_parameter(name) && !own(name);
    let at = plan.values.query.iter().position(|(name, _)| is_mask(name))?;
    let text = plan.values.query.get(at)?.1.last()?;
    Some((at, Mask::new(text, spec.service.data_wrapper)))
}

/// Rejects a mask without the items to collect.
pub(super) fn check_mask(plan: &Plan, issues: &mut Issues) {
    let Some((_, mask)) = mask(plan) else { return };
    let items = plan.method.spec.items.map(ItemsIn::name);
    if let Some(items) = items.filter(|items| !mask.keeps(items)) {
        let message = format!("The mask leaves out '{items}', which holds the items of the list.");
        issues.push(Issue::error(message).at("fields", mask.text()));
    }
}

/// Adds the next page's token to a mask without it. Returns whether it did, so that the output
/// omits the token as requested.
pub(super) fn keep_token(plan: &mut Plan) -> bool {
    let Some(paging) = plan.method.spec.paging else { return false };
    let joined = mask(plan).and_then(|(at, mask)| Some((at, mask.with(paging.next)?)));
    let Some((at, joined)) = joined else { return false };
    if let Some((_, values)) = plan.values.query.get_mut(at) {
        *values = vec![joined];
    }
    true
}

/// Merged pages.
pub(super) struct Merged {
    items: Option<&'static str>,
    next: Option<&'static str>,
    doc: Option<Value>,
}

/// Other lists that every page extends ([AIP-217](https://google.aip.dev/217)).
const UNREACHABLE: &str = "unreachable";

impl Merged {
    pub(super) fn new(method: &MethodInfo) -> Self {
        Self {
            items: method.spec.items.map(ItemsIn::name),
            next: method.spec.paging.map(|paging| paging.next),
            doc: None,
        }
    }

    /// Returns the number of items in a page.
    pub(super) fn count(&self, page: &Value) -> usize {
        match self.items.and_then(|name| page.get(name)) {
            Some(Value::Array(items)) => items.len(),
            Some(Value::Object(items)) => items.len(),
            _ => 0,
        }
    }

    /// Truncates a page to its first `left` items.
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

    /// Appends a page's items. Other members remain those of the first page, except the token,
    /// which is the last page's.
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

    /// Returns the document; `more` means that the list continues.
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

/// A repeated token would never end.
pub(super) fn loops(token: &str) -> Failure {
    Failure::new(
        exit::SERVER,
        "page_loop",
        format!("the server gave the page token '{token}' twice; following it would not end"),
    )
}
