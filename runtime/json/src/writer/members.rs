//! Unknown fields, written after declared ones.

use super::Writer;
use crate::extra::Extra;
use crate::reader::Reader;
use crate::scan::is_space;
use std::collections::BTreeSet;

impl Writer {
    /// Writes the members of `extra` that were not written since `start`: a declared field that has
    /// been set takes precedence over its old null or undecoded value.
    #[inline(never)]
    pub(super) fn extra_members(&mut self, start: usize, extra: &Extra) {
        let written = names(self.out.get(start..).unwrap_or_default(), extra);
        for (name, text) in extra.raw_members() {
            if !written.contains(name) {
                self.separate(b'{');
                self.string(name);
                self.out.push(':');
                self.verbatim(text);
            }
        }
    }
}

/// Returns the members of `extra` that an open object already has.
fn names<'e>(members: &str, extra: &'e Extra) -> BTreeSet<&'e str> {
    let mut found = BTreeSet::new();
    let mut r = Reader::from_text(members);
    // Written text is valid; an error only ends the search.
    while r.offset() < members.len() && !is_space(r.peek()) {
        let Ok(name) = r.string() else { break };
        if let Some(name) = extra.stored_name(&name) {
            found.insert(name);
        }
        r.advance();
        if r.skip().is_err() {
            break;
        }
        r.advance();
    }
    found
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "what the macro writes is public")]
mod tests {
    use crate::{self as json, Json, Model};

    #[derive(Clone, PartialEq)]
    struct Thing {
        name: Option<String>,
        extra: json::Extra,
    }

    json::model! {
        Thing = "Thing";
        "name" => name as NAME_FIELD;
    }

    #[derive(Clone, PartialEq)]
    struct Open {
        name: Option<String>,
        rest: json::Map<i32>,
        extra: json::Extra,
    }

    json::model! {
        Open = "Open";
        "name" => name as NAME_FIELD;
        _ => rest;
    }

    #[test]
    fn a_declared_member_wins_over_its_old_null() {
        let mut thing = Thing::default();
        thing.extra.set_null("name");
        thing.extra.insert("other", 1);
        assert_eq!(thing.to_json(), r#"{"name":null,"other":1}"#);
        thing.name = Some("n".to_owned());
        assert_eq!(thing.to_json(), r#"{"name":"n","other":1}"#);
        thing.extra.remove("name");
        assert_eq!(thing.to_json(), r#"{"name":"n","other":1}"#);
        assert!(Thing::NAME_FIELD.name() == "name" && !thing.is_null(Thing::NAME_FIELD));
    }

    #[test]
    fn a_name_below_or_in_a_text_does_not_hide_an_unknown_member() {
        let text = r#"{"name":"\"other\":2","nested":{"other":3},"other":1}"#;
        assert_eq!(Thing::from_json(text).map(|t| t.to_json()).as_deref(), Ok(text));
    }

    #[test]
    fn a_member_of_the_map_wins_over_an_unread_one() {
        let mut open = Open::default();
        open.extra.insert("count", Json::NULL);
        open.extra.insert("other", 2);
        open.rest.insert("count".to_owned(), 1);
        assert_eq!(open.to_json(), r#"{"count":1,"other":2}"#);
        assert!(!open.is_null(Open::NAME_FIELD));
    }
}
