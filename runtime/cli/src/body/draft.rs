//! Request body under construction.

use std::collections::BTreeSet;

use discovery_runtime::reflect::{ParamInfo, TypeInfo};
use serde_json::{Map, Value};

use super::check::{self, Rules};
use super::cursor::{self, Named};
use super::hint;
use super::leaves;
use super::place::{self, Key, Place};
use super::placeholder::placeholder;
use super::source::Source;
use super::token::{self, Astray, Op, PathError, Seg, Step, Token};
use crate::issue::{Issue, Issues};
use crate::schema::{self, Kind};

/// Request body with its cursor and the issues found so far.
pub(crate) struct Draft {
    pub(super) root: TypeInfo,
    pub(super) doc: Value,
    pub(super) cursor: Vec<Seg>,
    /// Parameters of the call, to recognize one typed as a field.
    pub(super) params: Vec<&'static ParamInfo>,
    pub(super) rules: Rules,
    pub(super) issues: Issues,
    /// Whether the cursor is invalid, so that relative names cannot be checked.
    lost: bool,
    /// Places set by tokens; each may override the base once.
    set: BTreeSet<Vec<Key>>,
}

/// Token with a parsed path.
pub(super) struct Read<'t> {
    pub(super) raw: &'t str,
    pub(super) token: Token<'t>,
    pub(super) steps: Vec<Step>,
    pub(super) names: Vec<Named>,
}

impl Read<'_> {
    pub(super) fn segs(&self) -> Vec<Seg> {
        self.names.iter().map(|named| named.seg.clone()).collect()
    }

    pub(super) fn dotted(&self) -> String {
        place::dotted(&self.segs())
    }
}

impl Draft {
    /// An empty request of a type.
    pub(crate) fn new(root: TypeInfo, rules: Rules) -> Self {
        let doc = match schema::kind(root) {
            Kind::List(_) => Value::Array(Vec::new()),
            _ => Value::Object(Map::new()),
        };
        Self {
            root,
            doc,
            cursor: Vec::new(),
            params: Vec::new(),
            rules,
            issues: Issues::default(),
            lost: false,
            set: BTreeSet::new(),
        }
    }

    /// Adds the parameters of the call, for messages.
    pub(crate) fn with_parameters(
        mut self,
        params: impl IntoIterator<Item = &'static ParamInfo>,
    ) -> Self {
        self.params.extend(params);
        self
    }

    /// Sets the base value; `flag` names it in messages.
    pub(crate) fn base(&mut self, mut value: Value, flag: &str, rules: Rules) {
        let found = check::value(&mut value, self.root, "", rules);
        for issue in found.all() {
            self.issues.push(issue.clone().at(flag, ""));
        }
        self.doc = value;
    }

    /// Removes the member or element at a path.
    pub(crate) fn unset(&mut self, path: &str) {
        let names = token::path(path)
            .map_err(|error| error.to_string())
            .and_then(|steps| cursor::resolve(&[], &steps).map_err(|astray| astray.to_string()))
            .map(|names| names.into_iter().map(|named| named.seg).collect::<Vec<_>>());
        let issue = match names {
            Err(message) => Issue::error(message),
            Ok(segs) => match place::find(self.root, &segs, &self.doc) {
                Ok(place) => return place::remove(&mut self.doc, &place.keys),
                Err(_) => {
                    let message = format!("Field '{}' does not exist.", place::dotted(&segs));
                    Issue::error(message).instead(hint::corrected_path(self.root, &segs))
                }
            },
        };
        self.issues.push(issue.at("--unset", path));
    }

    /// Applies one `-r` token.
    pub(crate) fn token(&mut self, raw: &str, source: &mut dyn Source) {
        let token = token::split(raw);
        let steps = match token::path(token.path) {
            Ok(steps) => steps,
            Err(error) => return self.unreadable(raw, &token, error),
        };
        if token.op == Op::Set && token.value.is_empty() {
            return self.empty_value(raw, &token, &steps);
        }
        match steps.first() {
            Some(Step::Root) => self.lost = false,
            _ if self.lost => return,
            _ => {}
        }
        match cursor::resolve(&self.cursor, &steps) {
            Err(astray) => {
                let instead = match astray {
                    Astray::AboveRoot => hint::from_root(&steps, &token),
                    Astray::TooDeep => None,
                };
                self.issue(raw, Issue::error(astray.to_string()).instead(instead));
            }
            Ok(names) => {
                let op = token.op;
                let read = Read { raw, token, steps, names };
                if op == Op::Move { self.go(&read) } else { self.assign(&read, source) }
            }
        }
    }

    /// Returns the body and the issues found.
    pub(crate) fn finish(self) -> (Value, Issues) {
        (self.doc, self.issues)
    }

    /// Returns type and cursor, for completion.
    pub(crate) fn position(&self) -> Option<(TypeInfo, &[Seg], &Value)> {
        (!self.lost).then_some((self.root, self.cursor.as_slice(), &self.doc))
    }

    fn go(&mut self, read: &Read<'_>) {
        let segs = read.segs();
        let issue = match place::find(self.root, &segs, &self.doc) {
            Ok(place) if self.can_hold_cursor(place.ty) => return self.enter(&segs, &place),
            Ok(place) => hint::leaf_without_value(read, place.ty),
            Err(nowhere) => hint::unknown_path(self, read, &nowhere),
        };
        self.issue(read.raw, issue);
        match hint::corrected(self.root, read, &self.doc) {
            Some((segs, _)) => self.cursor = segs,
            None => self.lost = true,
        }
    }

    fn can_hold_cursor(&self, ty: TypeInfo) -> bool {
        match schema::kind(ty) {
            Kind::Object(..) | Kind::Map(_) | Kind::Any => true,
            Kind::List(of) => !schema::is_scalar(of),
            Kind::Scalar(_) => false,
        }
    }

    /// Moves the cursor; creates an element after the last one.
    fn enter(&mut self, segs: &[Seg], place: &Place) {
        for (depth, key) in place.keys.iter().enumerate() {
            let way = &place.keys[..=depth];
            if matches!(key, Key::Index(_)) && place::lookup(&self.doc, way).is_none() {
                place::change(&mut self.doc, way, &mut |element| {
                    *element = Value::Object(Map::new());
                });
            }
        }
        self.cursor = segs
            .iter()
            .zip(&place.keys)
            .map(|(seg, key)| match key {
                Key::Index(index) => Seg::new(index.to_string()),
                Key::Name(_) => seg.clone(),
            })
            .collect();
    }

    /// Returns `true` if a token set this place or something inside it.
    pub(super) fn was_set(&self, keys: &[Key]) -> bool {
        self.set.range(keys.to_vec()..).next().is_some_and(|other| other.starts_with(keys))
    }

    /// Sets a place; an error the second time.
    pub(super) fn put(&mut self, keys: &[Key], value: Value) {
        place::change(&mut self.doc, keys, &mut |slot| *slot = value.clone());
        self.set.insert(keys.to_vec());
    }

    pub(super) fn issue(&mut self, raw: &str, issue: Issue) {
        self.issues.push(issue.at("-r", raw));
    }

    fn empty_value(&mut self, raw: &str, token: &Token<'_>, steps: &[Step]) {
        let message = format!("'{raw}' does not match pattern <key>=<value>.");
        let ty = cursor::resolve(&self.cursor, steps).ok().and_then(|names| {
            let segs: Vec<Seg> = names.into_iter().map(|named| named.seg).collect();
            place::find(self.root, &segs, &self.doc).ok().map(|place| place.ty)
        });
        let instead = ty.filter(|ty| leaves::takes_value(*ty)).map(|ty| match schema::kind(ty) {
            Kind::Scalar(TypeInfo::String) | Kind::Any => format!("{}:=\"\"", token.path),
            _ => format!("{}={}", token.path, placeholder(ty)),
        });
        self.issue(raw, Issue::error(message).instead(instead));
    }

    fn unreadable(&mut self, raw: &str, token: &Token<'_>, error: PathError) {
        let path = match error {
            PathError::TrailingDot => Some(token.path.trim_end_matches('.')),
            PathError::Empty | PathError::AfterBracket | PathError::TooDeep => None,
        };
        let instead = path.map(|path| format!("{path}{}{}", token.op.as_str(), token.value));
        self.issue(raw, Issue::error(error.to_string()).instead(instead));
        // The intended place is clear enough to check the following tokens.
        let (Some(path), Op::Move) = (path, token.op) else { return };
        let before = std::mem::take(&mut self.issues);
        self.token(path, &mut super::source::NoSource);
        self.issues = before;
    }
}
