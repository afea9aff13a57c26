//! Changes outside schemas and methods: URLs, endpoints, scopes, Cargo features.

use super::change::{Action, Change, Place, Subject, Verdict};
use super::matching::Matched;
use super::pairs::Pairs;
use super::schemas::{list, with_values};
use super::{Comparison, Who};
use crate::ir::{Method, SchemaId};
use std::collections::BTreeSet;

impl Comparison<'_> {
    pub(super) fn api(&mut self) {
        let (old, new) = (self.old.api, self.new.api);
        let place = |key: &str, rust: &str| Place {
            name: key.to_owned(),
            pointer: format!("/{key}"),
            rust: rust.to_owned(),
        };
        let (was, is) = (&self.old.names.package.package, &self.new.names.package.package);
        if old.id != new.id {
            let verdict = Verdict::breaking(was != is, true, Verdict::None);
            let change = Change::new(Subject::Api, Action::Renamed, place("id", is), verdict);
            self.push(change.old(&old.id).new_is(&new.id), Who::Everyone);
        }
        let some = |text: &String| Some(text.clone());
        for (key, was, is, only_if_known) in [
            ("rootUrl", some(&old.root_url), some(&new.root_url), false),
            ("servicePath", some(&old.service_path), some(&new.service_path), false),
            ("mtlsRootUrl", old.mtls_root_url.clone(), new.mtls_root_url.clone(), true),
            ("batchPath", old.batch_path.clone(), new.batch_path.clone(), true),
        ] {
            if was == is {
                continue;
            }
            // Without a batch path, `Client::batch` is not generated and code that calls it breaks.
            let gone = key == "batchPath" && is.is_none();
            let wire = !(gone || only_if_known && was.is_none());
            let verdict = Verdict::breaking(gone, wire, Verdict::Compatible);
            let change = Change::new(Subject::Api, Action::Url, place(key, "SERVICE"), verdict);
            self.push(with_values(change, was.as_deref(), is.as_deref()), Who::Everyone);
        }
        if old.data_wrapper != new.data_wrapper {
            let text = |yes: bool| if yes { "bodies in `data`" } else { "plain bodies" };
            let place = place("features", "SERVICE");
            let change = Change::new(Subject::Api, Action::Wrapper, place, Verdict::WIRE);
            let change = change.old(text(old.data_wrapper)).new_is(text(new.data_wrapper));
            self.push(change, Who::Everyone);
        }
        let link = |text: &str| crate::ir::Doc(text.to_owned());
        let links = (link(&old.documentation_link), link(&new.documentation_link));
        for (key, was, is) in [
            ("title", &old.title, &new.title),
            ("description", &old.doc, &new.doc),
            ("documentationLink", &links.0, &links.1),
        ] {
            self.docs(Subject::Api, &place(key, ""), was, is, Who::Nobody);
        }
        self.endpoints();
        self.scopes();
        self.globals();
    }

    fn endpoints(&mut self) {
        let (old, new) = (&self.old.api.endpoints, &self.new.api.endpoints);
        let (was, is) = (&self.old.names.endpoints, &self.new.names.endpoints);
        let place = |location: &str, rust: &str| Place {
            name: location.to_owned(),
            pointer: "/endpoints".to_owned(),
            rust: format!("Endpoint::{rust}"),
        };
        let mut matched = Matched::by_key(
            old.iter().map(|e| e.location.as_str()),
            new.iter().map(|e| e.location.as_str()),
        );
        let renamed = matched.match_unique(|i| was.get(i), |j| is.get(j));
        for (i, j) in &renamed {
            let place = place(new[*j].location.as_str(), is[*j].as_str());
            let change = Change::new(Subject::Endpoint, Action::Renamed, place, Verdict::WIRE);
            let change = change.old(&old[*i].location.0).new_is(&new[*j].location.0);
            self.push(change, Who::Nobody);
        }
        matched.both.extend(renamed);
        for i in matched.gone {
            let place = place(old[i].location.as_str(), was[i].as_str());
            let change = Change::new(Subject::Endpoint, Action::Removed, place, Verdict::BOTH);
            self.push(change.old(&old[i].url), Who::Nobody);
        }
        for j in matched.fresh {
            let place = place(new[j].location.as_str(), is[j].as_str());
            let change = Change::new(Subject::Endpoint, Action::Added, place, Verdict::Compatible);
            self.push(change.new_is(&new[j].url), Who::Nobody);
        }
        for (i, j) in matched.both {
            let place = place(new[j].location.as_str(), is[j].as_str());
            let names = (was[i].as_str(), is[j].as_str());
            self.rust_name(Subject::Endpoint, &place, names.0, names.1, Who::Nobody);
            if old[i].url != new[j].url {
                let change =
                    Change::new(Subject::Endpoint, Action::Url, place.clone(), Verdict::WIRE);
                self.push(change.old(&old[i].url).new_is(&new[j].url), Who::Nobody);
            }
            self.docs(Subject::Endpoint, &place, &old[i].doc, &new[j].doc, Who::Nobody);
        }
    }

    fn scopes(&mut self) {
        let (old, new) = (&self.old.api.scopes, &self.new.api.scopes);
        let (was, is) = (&self.old.names.scopes, &self.new.names.scopes);
        let place = |url: &str, rust: &str| Place {
            name: url.to_owned(),
            pointer: crate::error::pointer("/auth/oauth2/scopes", url),
            rust: format!("scopes::{rust}"),
        };
        let mut matched =
            Matched::by_key(old.iter().map(|s| s.url.as_str()), new.iter().map(|s| s.url.as_str()));
        let renamed = matched.match_unique(|i| was.get(i), |j| is.get(j));
        for (i, j) in &renamed {
            let (before, after) = (old[*i].url.as_str(), new[*j].url.as_str());
            let place = place(after, is[*j].as_str());
            let change = Change::new(Subject::Scope, Action::Renamed, place, Verdict::WIRE);
            self.push_for_scope(change.old(before).new_is(after), before);
        }
        matched.both.extend(renamed);
        for i in matched.gone {
            let place = place(old[i].url.as_str(), was[i].as_str());
            let change = Change::new(Subject::Scope, Action::Removed, place, Verdict::SOURCE);
            self.push_for_scope(change, old[i].url.as_str());
        }
        for j in matched.fresh {
            let place = place(new[j].url.as_str(), is[j].as_str());
            let change = Change::new(Subject::Scope, Action::Added, place, Verdict::Compatible);
            self.push_for_scope(change, new[j].url.as_str());
        }
        for (i, j) in matched.both {
            let place = place(new[j].url.as_str(), is[j].as_str());
            let names = (was[i].as_str(), is[j].as_str());
            self.rust_name(Subject::Scope, &place, names.0, names.1, Who::Nobody);
            self.docs(Subject::Scope, &place, &old[i].doc, &new[j].doc, Who::Nobody);
        }
    }

    /// Records a change to a scope; it affects the methods that accept the scope.
    fn push_for_scope(&mut self, change: Change, url: &str) {
        let takes = |m: &&Method| m.scopes.iter().any(|s| s.as_str() == url);
        let methods = self.old.api.methods.iter().chain(&self.new.api.methods);
        let calls: BTreeSet<String> = methods.filter(takes).map(|m| m.id.0.clone()).collect();
        self.push(change, Who::Nobody);
        if let Some(change) = self.changes.last_mut() {
            change.affected.calls = calls.into_iter().collect();
        }
    }

    /// Compares the Cargo features of large APIs.
    pub(super) fn features(&mut self, pairs: &Pairs) {
        let place = |name: &str| Place {
            name: name.to_owned(),
            pointer: String::new(),
            rust: format!("feature = {name:?}"),
        };
        let (was, is) = (self.old.features(), self.new.features());
        if was.is_empty() && !is.is_empty() {
            let change =
                Change::new(Subject::Api, Action::Features, place("full"), Verdict::SOURCE);
            let note = "Cargo features now gate resources and their schemas.";
            self.push(change.new_is(list(is)).note(note), Who::Everyone);
            return;
        }
        for name in was.difference(&is) {
            let change =
                Change::new(Subject::Feature, Action::Removed, place(name), Verdict::SOURCE);
            self.push(change, Who::Nobody);
        }
        for name in is.difference(&was) {
            let change =
                Change::new(Subject::Feature, Action::Added, place(name), Verdict::Compatible);
            self.push(change, Who::Nobody);
        }
        let id = |i: &usize| SchemaId(u32::try_from(*i).unwrap_or(u32::MAX));
        for (a, b) in pairs.schemas.both.iter().map(|(i, j)| (id(i), id(j))) {
            self.schema_features(a, b);
        }
    }

    /// Reports schemas that fewer features enable than before.
    fn schema_features(&mut self, a: SchemaId, b: SchemaId) {
        let (a_owner, b_owner) = (self.old.api[a].owner, self.new.api[b].owner);
        let Some(is) = self.new.needs(b_owner) else { return };
        let was = self.old.needs(a_owner);
        if was.as_ref().is_some_and(|was| was.iter().all(|f| is.contains(f) || *f == "full")) {
            return;
        }
        let text = was.map_or("always there".to_owned(), |was| list(was.iter()));
        let place = self.new.schema(b);
        let change = Change::new(Subject::Schema, Action::Features, place, Verdict::SOURCE);
        self.push(change.old(text).new_is(list(is.iter())), Who::Schema(Some(a), Some(b)));
    }
}
