//! Resources and methods.

use super::change::{Action, Change, Place, Subject, Verdict};
use super::forms::agree;
use super::matching::Matched;
use super::pairs::{Pairs, object};
use super::schemas::{list, with_values};
use super::side::{Side, path_text, scopes};
use super::{Comparison, Who};
use crate::ir::{
    Api, Body, Method, MethodId, PathPart, PathTemplate, ResourceId, TokenIn, Type, Upload,
};

impl Comparison<'_> {
    pub(super) fn resources(&mut self, pairs: &Pairs) {
        let id = |i: &usize| ResourceId(u32::try_from(*i).unwrap_or(u32::MAX));
        for a in pairs.resources.gone.iter().map(id) {
            let place = self.old.resource(a);
            let change = Change::new(Subject::Resource, Action::Removed, place, Verdict::SOURCE);
            self.push(change, Who::Resource(Some(a), None));
        }
        for b in pairs.resources.fresh.iter().map(id) {
            let place = self.new.resource(b);
            let change = Change::new(Subject::Resource, Action::Added, place, Verdict::Compatible);
            self.push(change, Who::Resource(None, Some(b)));
        }
        for (a, b) in &pairs.resources.both {
            let (a, b) = (id(a), id(b));
            if b != Api::ROOT {
                self.resource(a, b);
            }
        }
    }

    fn resource(&mut self, a: ResourceId, b: ResourceId) {
        let who = Who::Resource(Some(a), Some(b));
        let (was, is) = (self.old.resource(a), self.new.resource(b));
        let (old, new) = (self.old.names.resource(a), self.new.names.resource(b));
        if was.name != is.name {
            let source = was.rust != is.rust || old.accessor != new.accessor;
            let verdict = Verdict::breaking(source, false, Verdict::Compatible);
            let change = Change::new(Subject::Resource, Action::Renamed, is.clone(), verdict);
            self.push(change.old(was.name).new_is(is.name.clone()), who);
        } else {
            let all = |n: &crate::rust::ResourceNames| {
                format!("{}(), {}::{}", n.accessor, n.module, n.handle)
            };
            self.rust_name(Subject::Resource, &is, &all(old), &all(new), who);
        }
        let (old, new) = (self.old.api[a].deprecated, self.new.api[b].deprecated);
        self.deprecation(Subject::Resource, &is, old, new, who);
    }

    pub(super) fn methods(&mut self, pairs: &Pairs) {
        let id = |i: &usize| MethodId(u32::try_from(*i).unwrap_or(u32::MAX));
        for a in pairs.methods.gone.iter().map(id) {
            let place = self.old.method(a);
            let change = Change::new(Subject::Method, Action::Removed, place, Verdict::SOURCE);
            let change = change.note(self.no_longer_selected(a));
            self.push(change.old(route(&self.old.api[a])), Who::Method(Some(a), None));
        }
        for b in pairs.methods.fresh.iter().map(id) {
            let place = self.new.method(b);
            let change = Change::new(Subject::Method, Action::Added, place, Verdict::Compatible);
            let change = change.note(self.newly_selected(b));
            self.push(change.new_is(route(&self.new.api[b])), Who::Method(None, Some(b)));
        }
        for (a, b) in &pairs.methods.both {
            self.method(pairs, id(a), id(b));
        }
    }

    fn method(&mut self, pairs: &Pairs, a: MethodId, b: MethodId) {
        let who = Who::Method(Some(a), Some(b));
        let place = self.new.method(b);
        let (old, new) = (&self.old.api[a], &self.new.api[b]);
        self.method_name(pairs, a, b, &place);
        let params = self.params(a, b, &place);
        if old.verb != new.verb {
            let change = Change::new(Subject::Method, Action::Verb, place.clone(), Verdict::WIRE);
            self.push(change.old(old.verb.as_str()).new_is(new.verb.as_str()), who);
        }
        if !same_path(&old.path, &new.path, old, new, &params) {
            let change = Change::new(Subject::Method, Action::Path, place.clone(), Verdict::WIRE);
            let (was, is) = (path_text(&old.path, true), path_text(&new.path, true));
            self.push(change.old(was).new_is(is), who);
        }
        self.body(
            pairs,
            Action::Request,
            (old.request.as_ref(), new.request.as_ref()),
            &place,
            who,
        );
        let responses = (old.response.as_ref(), new.response.as_ref());
        self.body(pairs, Action::Response, responses, &place, who);
        if old.streams.is_some() != new.streams.is_some() {
            let text = |m: &Method| if m.streams.is_some() { "a stream" } else { "one message" };
            let change =
                Change::new(Subject::Method, Action::Response, place.clone(), Verdict::SOURCE);
            self.push(change.old(text(old)).new_is(text(new)), who);
        }
        self.behavior(old, new, &place, who);
        self.update_function(a, b, &place);
        self.paging(pairs, a, b, &place);
        self.media(old, new, &params, &place, who);
        self.deprecation(Subject::Method, &place, old.deprecated, new.deprecated, who);
        self.docs(Subject::Method, &place, &old.doc, &new.doc, who);
    }

    fn method_name(&mut self, pairs: &Pairs, a: MethodId, b: MethodId, place: &Place) {
        let who = Who::Method(Some(a), Some(b));
        let (old, new) = (&self.old.api[a], &self.new.api[b]);
        let (was, is) = (self.old.names.method(a), self.new.names.method(b));
        let all = |n: &crate::rust::MethodNames| format!("{}, {}", n.function, n.marker);
        let change = |action, verdict| Change::new(Subject::Method, action, place.clone(), verdict);
        if pairs.resource(old.resource) != Some(new.resource) {
            let change = change(Action::Moved, Verdict::SOURCE);
            self.push(change.old(self.old.method(a).rust).new_is(place.rust.as_str()), who);
        } else if old.name != new.name {
            let source = all(was) != all(is);
            let verdict = Verdict::breaking(source, false, Verdict::Compatible);
            let change = change(Action::Renamed, verdict);
            self.push(change.old(&old.id.0).new_is(&new.id.0), who);
        } else {
            self.rust_name(Subject::Method, place, &all(was), &all(is), who);
            if old.id != new.id {
                let change = change(Action::Id, Verdict::Compatible);
                self.push(change.old(&old.id.0).new_is(&new.id.0), who);
            }
        }
    }

    fn body(
        &mut self,
        pairs: &Pairs,
        action: Action,
        (old, new): (Option<&Body>, Option<&Body>),
        place: &Place,
        who: Who,
    ) {
        if pairs.same_body(&self.old, &self.new, old, new) {
            return;
        }
        let agrees = match (old, new) {
            (Some(Body::Json(a)), Some(Body::Json(b))) => agree(&self.old, &self.new, a, b),
            // A response that becomes unused breaks no caller.
            (None, Some(_)) => action == Action::Response,
            _ => false,
        };
        let verdict = Verdict::breaking(true, !agrees, Verdict::None);
        let change = Change::new(Subject::Method, action, place.clone(), verdict);
        let (was, is) = (self.old.body_name(old), self.new.body_name(new));
        self.push(change.old(was).new_is(is), who);
    }

    /// Compares what the signature does not show.
    fn behavior(&mut self, old: &Method, new: &Method, place: &Place, who: Who) {
        let change = |action, verdict| Change::new(Subject::Method, action, place.clone(), verdict);
        let (was, is) = (scopes(old), scopes(new));
        if was != is {
            let change = change(Action::Scopes, Verdict::Compatible);
            let lost = was.difference(&is).next().is_some();
            let note = if lost { "A token with none of the new scopes is refused." } else { "" };
            self.push(change.old(list(was)).new_is(list(is)).note(note), who);
        }
        let repeats = [old, new].map(|m| m.idempotent || m.request_id.is_some());
        if repeats[0] != repeats[1] {
            let text = |yes: bool| if yes { "repeated after a failure" } else { "sent once" };
            let change = change(Action::Idempotency, Verdict::Compatible);
            self.push(change.old(text(repeats[0])).new_is(text(repeats[1])), who);
        }
        if old.api_version != new.api_version {
            let pinned = old.api_version.is_some();
            let verdict = Verdict::breaking(false, pinned, Verdict::Compatible);
            let change = change(Action::ApiVersion, verdict);
            self.push(
                with_values(change, old.api_version.as_deref(), new.api_version.as_deref()),
                who,
            );
        }
        if old.operation != new.operation {
            let text = |yes: bool| if yes { "long-running operation" } else { "plain answer" };
            let change = change(Action::Operation, Verdict::Compatible);
            self.push(change.old(text(old.operation)).new_is(text(new.operation)), who);
        }
    }

    fn paging(&mut self, pairs: &Pairs, a: MethodId, b: MethodId, place: &Place) {
        let who = Who::Method(Some(a), Some(b));
        let (old, new) = (&self.old.api[a], &self.new.api[b]);
        let verdict = match (&old.paging, &new.paging) {
            (None, None) => return,
            (None, Some(_)) => Verdict::Compatible,
            (Some(_), None) => Verdict::SOURCE,
            (Some(x), Some(y)) => {
                let same = match (item(self.old.api, old), item(self.new.api, new)) {
                    (Item::Of(x), Item::Of(y)) | (Item::Entry(x), Item::Entry(y)) => {
                        pairs.same(&self.old, &self.new, x, y)
                    }
                    // The item is the whole response; reported as a change of the response.
                    (Item::Whole, Item::Whole) => true,
                    _ => false,
                };
                let place = |m: &Method| m.items.as_ref().map(|i| i.member.clone());
                let tokens = x.token == y.token && x.next == y.next;
                if same && place(old) == place(new) && tokens {
                    return;
                }
                Verdict::breaking(!same, false, Verdict::Compatible)
            }
        };
        let change = Change::new(Subject::Method, Action::Paging, place.clone(), verdict);
        let (was, is) = (pages(&self.old, old), pages(&self.new, new));
        self.push(change.old(was).new_is(is), who);
    }

    fn media(&mut self, old: &Method, new: &Method, params: &Matched, place: &Place, who: Who) {
        let verdict = match (&old.media.upload, &new.media.upload) {
            (None, None) => None,
            (None, Some(_)) => Some(Verdict::Compatible),
            (Some(_), None) => Some(Verdict::SOURCE),
            (Some(x), Some(y)) => {
                let wire =
                    !same_path(&x.path, &y.path, old, new, params) || (x.resumable && !y.resumable);
                let facts = |upload: &Upload| {
                    let Upload { resumable, accept, max_size, media_type, .. } = upload.clone();
                    (resumable, accept, max_size, media_type)
                };
                let other = facts(x) != facts(y);
                let otherwise = if other { Verdict::Compatible } else { Verdict::None };
                Some(Verdict::breaking(false, wire, otherwise)).filter(|v| *v != Verdict::None)
            }
        };
        if let Some(verdict) = verdict {
            let change = Change::new(Subject::Method, Action::Upload, place.clone(), verdict);
            self.push(change.old(upload(old)).new_is(upload(new)), who);
        }
        if old.media.download != new.media.download {
            let verdict = if new.media.download { Verdict::Compatible } else { Verdict::SOURCE };
            let text = |yes: bool| if yes { "offered" } else { "not offered" };
            let change = Change::new(Subject::Method, Action::Download, place.clone(), verdict);
            let (was, is) = (text(old.media.download), text(new.media.download));
            self.push(change.old(was).new_is(is), who);
        }
    }
}

fn route(method: &Method) -> String {
    format!("{} {}", method.verb.as_str(), path_text(&method.path, true))
}

/// Returns `true` if two paths yield the same URL for the same arguments.
fn same_path(
    a: &PathTemplate,
    b: &PathTemplate,
    old: &Method,
    new: &Method,
    params: &Matched,
) -> bool {
    let same = |x: &str, y: &str| {
        let find = |m: &Method, name: &str| m.params.iter().position(|p| p.name.as_str() == name);
        let pair = find(old, x).zip(find(new, y));
        pair.map_or(x == y, |pair| params.both.contains(&pair))
    };
    a.0.len() == b.0.len()
        && a.0.iter().zip(&b.0).all(|(x, y)| match (x, y) {
            (PathPart::Literal(x), PathPart::Literal(y)) => x == y,
            (PathPart::Simple(x), PathPart::Simple(y))
            | (PathPart::Reserved(x), PathPart::Reserved(y))
            | (PathPart::Segments(x), PathPart::Segments(y)) => same(x.as_str(), y.as_str()),
            _ => false,
        })
}

/// Item type of a list method's stream.
enum Item<'a> {
    /// Items of a list.
    Of(&'a Type),
    /// Entries of a map.
    Entry(&'a Type),
    /// The response itself.
    Whole,
}

fn item<'a>(api: &'a Api, method: &'a Method) -> Item<'a> {
    let (Some(items), Some(Body::Json(ty))) = (method.paged_items(), &method.response) else {
        return Item::Whole;
    };
    let Type::Object(id) = api.resolve(ty) else { return Item::Whole };
    let field = object(api, *id).and_then(|o| o.fields.iter().find(|f| f.name == items.member));
    match field.map(|f| api.resolve(&f.ty)) {
        Some(Type::List(item)) => Item::Of(item),
        Some(Type::Map(item)) => Item::Entry(item),
        _ => Item::Whole,
    }
}

fn pages(side: &Side<'_>, method: &Method) -> String {
    let Some(paging) = &method.paging else { return "none".to_owned() };
    let what = match item(side.api, method) {
        Item::Of(ty) | Item::Entry(ty) => side.type_name(ty),
        Item::Whole => "whole responses".to_owned(),
    };
    let field = method.paged_items().map(|i| format!(" of `{}`", i.member)).unwrap_or_default();
    let token = match paging.token {
        TokenIn::Query => "query",
        TokenIn::Body => "body",
    };
    format!("{what}{field}, token in the {token}")
}

fn upload(method: &Method) -> String {
    let Some(upload) = &method.media.upload else { return "none".to_owned() };
    let resumable = if upload.resumable { ", resumable" } else { "" };
    let size = upload.max_size.map(|n| format!(", at most {n} bytes")).unwrap_or_default();
    let typed = upload.media_type.as_ref().map(|name| format!(", its type in `{name}`"));
    let (path, typed) = (path_text(&upload.path, true), typed.unwrap_or_default());
    format!("{path} of {}{resumable}{size}{typed}", list(&upload.accept))
}
