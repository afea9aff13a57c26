//! Tokens that assign a value.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use discovery_runtime::reflect::TypeInfo;
use serde_json::Value;

use super::check;
use super::draft::{Draft, Read};
use super::hint;
use super::place::{self, Key, Place};
use super::source::{self, Source};
use super::token::Op;
use super::value::{self, Typed};
use crate::issue::Issue;
use crate::schema::{self, Kind};

impl Draft {
    /// Assigns the value at the token's path; does not move the cursor.
    pub(super) fn assign(&mut self, read: &Read<'_>, source: &mut dyn Source) {
        match place::find(self.root, &read.segs(), &self.doc) {
            Err(nowhere) => {
                let issue = hint::unknown_path(self, read, &nowhere);
                self.issue(read.raw, issue);
            }
            Ok(place) => {
                let done = match read.token.op {
                    Op::Set => self.set_text(read, &place, read.token.value),
                    Op::SetFile => self.set_file(read, &place, source),
                    Op::SetJson => self.set_json(read, &place, read.token.value),
                    Op::SetJsonFile => source::text(source, read.token.value)
                        .map_err(Issue::error)
                        .and_then(|text| self.set_json(read, &place, &text)),
                    Op::Move => Ok(()),
                };
                if let Err(issue) = done {
                    self.issue(read.raw, issue);
                }
            }
        }
    }

    fn set_text(&mut self, read: &Read<'_>, place: &Place, text: &str) -> Result<(), Issue> {
        match schema::kind(place.ty) {
            Kind::Scalar(_) | Kind::Any => self.set_once(read, place, text),
            Kind::List(of) if schema::is_scalar(of) => {
                let element = self.next_element(place, of);
                self.set_scalar(read, &element, text)
            }
            Kind::Map(of) if schema::is_scalar(of) => self.set_entry(read, place, of, text),
            Kind::Object(..) | Kind::List(_) | Kind::Map(_) => {
                Err(hint::structure_with_value(read, place.ty))
            }
        }
    }

    /// `field=key=value`
    fn set_entry(
        &mut self,
        read: &Read<'_>,
        place: &Place,
        of: TypeInfo,
        text: &str,
    ) -> Result<(), Issue> {
        let Some((key, value)) = text.split_once('=').filter(|(_, value)| !value.is_empty()) else {
            let message = format!("'{text}' does not match pattern <key>=<value>.");
            let instead = match text.strip_suffix('=') {
                Some(key) => format!("{}[{key}]:=\"\"", read.token.path),
                None => format!("{}={text}=VALUE", read.token.path),
            };
            return Err(Issue::error(message).instead(Some(instead)));
        };
        let mut entry = place.clone();
        entry.keys.push(Key::Name(key.to_owned()));
        entry.ty = of;
        self.set_once(read, &entry, value)
    }

    fn set_once(&mut self, read: &Read<'_>, place: &Place, text: &str) -> Result<(), Issue> {
        self.refuse_second(read, place)?;
        self.set_scalar(read, place, text)
    }

    fn set_scalar(&mut self, read: &Read<'_>, place: &Place, text: &str) -> Result<(), Issue> {
        let again = |other: String| {
            // The value is at the end of the token, also after a map's key.
            read.raw.strip_suffix(text).map(|before| format!("{before}{other}"))
        };
        let Kind::Scalar(ty) = schema::kind(place.ty) else {
            self.put(&place.keys, Value::String(text.to_owned()));
            return Ok(());
        };
        let Typed { value, lint } = value::scalar(text, ty).map_err(|error| {
            Issue::error(error.message(place.name, text, ty)).instead(error.instead.and_then(again))
        })?;
        self.put(&place.keys, value);
        if let Some(lint) = lint {
            let message = format!("{}.", lint.message);
            self.issue(read.raw, Issue::warning(message).instead(lint.instead.and_then(again)));
        }
        Ok(())
    }

    fn set_file(
        &mut self,
        read: &Read<'_>,
        place: &Place,
        source: &mut dyn Source,
    ) -> Result<(), Issue> {
        let element = match schema::kind(place.ty) {
            Kind::List(of) if schema::is_scalar(of) => self.next_element(place, of),
            Kind::Scalar(_) | Kind::Any => {
                self.refuse_second(read, place)?;
                place.clone()
            }
            _ => return Err(hint::structure_with_value(read, place.ty)),
        };
        let path = read.token.value;
        if let Kind::Scalar(TypeInfo::Bytes) = schema::kind(element.ty) {
            let bytes = source.read(path).map_err(Issue::error)?;
            self.put(&element.keys, Value::String(STANDARD.encode(bytes)));
            return Ok(());
        }
        let text = source::text(source, path).map_err(Issue::error)?;
        self.set_scalar(read, &element, &text)
    }

    fn set_json(&mut self, read: &Read<'_>, place: &Place, text: &str) -> Result<(), Issue> {
        self.refuse_second(read, place)?;
        let mut value: Value = serde_json::from_str(text).map_err(|error| {
            let quoted = Value::String(text.to_owned());
            let plain = !text.starts_with(['{', '[', '"']);
            let instead = plain.then(|| format!("{}:={quoted}", read.token.path));
            Issue::error(format!("Not JSON: {error}."))
                .instead(instead.filter(|_| read.token.op == Op::SetJson && !text.is_empty()))
        })?;
        let found = check::value(&mut value, place.ty, &read.dotted(), self.rules);
        for issue in found.all() {
            self.issue(read.raw, issue.clone());
        }
        if !found.has_errors() {
            self.put(&place.keys, value);
        }
        Ok(())
    }

    fn refuse_second(&self, read: &Read<'_>, place: &Place) -> Result<(), Issue> {
        if self.was_set(&place.keys) {
            return Err(Issue::error(format!("Value at '{}' was already set.", read.dotted())));
        }
        Ok(())
    }

    fn next_element(&self, place: &Place, of: TypeInfo) -> Place {
        let len =
            place::lookup(&self.doc, &place.keys).and_then(Value::as_array).map_or(0, Vec::len);
        let mut element = Place { ty: of, ..place.clone() };
        element.keys.push(Key::Index(len));
        element
    }
}
