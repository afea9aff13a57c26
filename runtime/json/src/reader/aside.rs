//! Values that do not fit their types: set aside in `Extra`, in linear time.
//!
//! A model catches the error of a member, goes back to the member's value, and keeps its text. A
//! value set aside may contain others, so texts could be read and copied once per level. Once they
//! add up to more than the whole text, values are only counted and skipped; a second pass then
//! copies the outermost ones.

use super::Reader;
use super::cursor::Object;
use super::skip::close_quote;
use crate::error::DecodeError;
use crate::extra::Extra;
use std::collections::BTreeMap;

/// How many errors to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Keep {
    #[default]
    First,
    All,
}

/// The values set aside by a reader.
#[derive(Debug, Default)]
pub(crate) struct Asides {
    /// In document order; none contains another.
    found: Vec<Aside>,
    /// The members of the outermost object that are set aside.
    members: BTreeMap<Box<str>, DecodeError>,
    keep: Keep,
    /// Values to copy; `None` in the first pass, which copies all within the budget.
    chosen: Option<Vec<usize>>,
    /// Number of bytes that were read again.
    again: usize,
    /// Whether the first pass left out values.
    incomplete: bool,
    /// Whether the outermost value is known to have no undeclared member `error`.
    errorless: bool,
    /// Whether a map was read that takes undeclared members.
    mapped: bool,
}

#[derive(Debug)]
struct Aside {
    /// Offset of the value.
    start: usize,
    error: Option<DecodeError>,
}

impl Asides {
    pub(crate) fn new(keep: Keep) -> Self {
        Self { keep, ..Self::default() }
    }

    /// Returns the state for a second pass, if the first one was incomplete.
    pub(crate) fn second_pass(&self) -> Option<Self> {
        self.incomplete.then(|| {
            let chosen = self.found.iter().map(|aside| aside.start).collect();
            let Self { keep, again, .. } = *self;
            Self { keep, again, chosen: Some(chosen), ..Self::default() }
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Returns whether the outermost value is a model without an undeclared member `error`.
    pub(crate) fn errorless(&self) -> bool {
        self.errorless && !self.mapped
    }

    /// Returns the kept errors, and those of the members of the outermost object.
    pub(crate) fn into_parts(self) -> (Vec<DecodeError>, BTreeMap<Box<str>, DecodeError>) {
        (self.found.into_iter().filter_map(|aside| aside.error).collect(), self.members)
    }

    /// Records a value, in place of those within it; returns whether to copy it.
    fn note(&mut self, start: usize, error: DecodeError, budget: usize) -> bool {
        let outside = self.found.partition_point(|aside| aside.start < start);
        self.found.truncate(outside);
        let kept = self.keep == Keep::All || self.found.is_empty();
        self.found.push(Aside { start, error: kept.then_some(error) });
        match &self.chosen {
            Some(chosen) => chosen.binary_search(&start).is_ok(),
            None => {
                self.incomplete |= self.again > budget;
                !self.incomplete
            }
        }
    }
}

impl Object {
    /// Sets the current member aside, whose value could not be decoded.
    ///
    /// # Errors
    /// If the reader is strict, or the text is not JSON.
    #[cold]
    #[inline(never)]
    pub(super) fn set_aside(
        &self,
        error: DecodeError,
        name: &str,
        extra: &mut Extra,
        r: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        let budget = r.text.len();
        let Some(asides) = r.asides.as_mut().filter(|_| error.is_misfit()) else {
            return Err(error);
        };
        if self.depth == 1 {
            asides.members.insert(name.into(), error.clone());
        }
        let copied = asides.note(self.value, error, budget);
        if !copied {
            r.leave_member(self.depth);
            return Ok(());
        }
        (r.pos, r.depth) = (self.value, self.depth);
        extra.read(name, r)?;
        let size = r.pos - self.value;
        if let Some(asides) = &mut r.asides {
            asides.again += size;
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// Records whether the outermost object, which is a model, has an undeclared member `error`:
    /// servers report failures there, and a search of every response would take as long as
    /// reading it.
    #[inline(never)]
    pub(super) fn end_outermost(&mut self, extra: &Extra) {
        if let Some(asides) = &mut self.asides {
            asides.errorless = extra.raw_members().all(|(name, _)| name != "error");
        }
    }

    /// Records that undeclared members are not all in an `Extra`.
    pub(super) fn mapped(&mut self) {
        if let Some(asides) = &mut self.asides {
            asides.mapped = true;
        }
    }

    /// Moves behind the current member of an object whose members are at `depth`, without
    /// validating what is left of its value.
    fn leave_member(&mut self, depth: u32) {
        let bytes = self.text.as_bytes();
        let mut open = self.depth.saturating_sub(depth);
        while let Some(&byte) = bytes.get(self.pos) {
            match byte {
                b'"' => {
                    self.pos = close_quote(bytes, self.pos + 1);
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' | b',' if open == 0 => break,
                b'}' | b']' => open -= 1,
                _ => {}
            }
            self.pos += 1;
        }
        self.depth = depth;
    }
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "what the macro writes is public")]
mod tests {
    use super::*;
    use crate::{self as json, Decode, Json, Model};
    use std::fmt::Write as _;

    #[derive(Clone, PartialEq)]
    struct Node {
        name: Option<String>,
        list: Option<Vec<Node>>,
        extra: json::Extra,
    }

    json::model! {
        Node = "Node";
        "name" => name as NAME;
        "list" => list as LIST of Node;
    }

    const _: (json::Field<Node>, json::Field<Node, Node>) = (Node::NAME, Node::LIST);

    /// Decodes a text; returns the value and the work: bytes read, in all passes.
    fn read(text: &str) -> Result<(Node, usize), DecodeError> {
        let mut r = Reader::lenient(text, Asides::new(Keep::First));
        let mut node = Node::decode(&mut r)?;
        r.finish()?;
        let mut asides = r.into_asides();
        let mut work = text.len();
        if let Some(second) = asides.second_pass() {
            let mut r = Reader::lenient(text, second);
            node = Node::decode(&mut r)?;
            r.finish()?;
            asides = r.into_asides();
            assert!(asides.second_pass().is_none(), "a third pass");
            // Before the second pass, the text is validated.
            work += 2 * text.len();
        }
        Ok((node, work + asides.again))
    }

    #[test]
    fn many_odd_values_cost_their_own_length() {
        for odd in [1, 99, 101, 5000] {
            let good = r#"{"name":"a name that fits"},"#.repeat(20);
            let bad = format!("{good}{{\"name\":5}},");
            let text = format!(r#"{{"list":[{}{{}}]}}"#, bad.repeat(odd));
            let (node, work) = read(&text).unwrap();
            assert_eq!(work, text.len() + odd, "{odd} odd values");
            assert_eq!(node.to_json(), text);
            let list = node.list.unwrap();
            assert_eq!(list.iter().filter(|node| !node.extra.is_empty()).count(), odd);
            assert_eq!(list.iter().filter(|node| node.name.is_some()).count(), 20 * odd);
        }
    }

    /// Lists that do not fit because of their last item, which contain such lists.
    fn nested(levels: usize, weight: usize) -> String {
        let mut text = format!(r#"{{"name":{:?}}}"#, "x".repeat(weight));
        for _ in 0..levels {
            text = format!(r#"{{"list":[{text},5]}}"#);
        }
        text
    }

    #[test]
    fn nested_odd_values_stay_linear() {
        for weight in [10_000, 1_000_000] {
            for levels in [1, 2, 3, 10, 62] {
                let text = nested(levels, weight);
                let (node, work) = read(&text).unwrap();
                assert!(work <= 7 * text.len(), "{levels} levels: {work} of {}", text.len());
                assert!(node.to_json() == text);
                assert_eq!(node.extra.len(), 1, "the outermost list is set aside");
            }
        }
    }

    #[test]
    fn siblings_after_nested_odd_values_are_read() {
        let inner = nested(40, 100_000);
        let text = format!(r#"{{"name":"a","list":[{{"list":[{inner},6]}},{{"name":"b"}}]}}"#);
        let (node, _) = read(&text).unwrap();
        assert!(node.to_json() == text);
        assert_eq!(node.name.as_deref(), Some("a"));
        assert_eq!(node.list.unwrap()[1].name.as_deref(), Some("b"));
    }

    fn place(error: &DecodeError) -> (json::ErrorKind, usize) {
        (error.kind(), error.offset())
    }

    #[test]
    fn damaged_text_stays_an_error_at_its_place() {
        let text = nested(50, 10_000);
        for at in (0..text.len()).filter(|at| at % 997 == 0 || text.len() - at < 500) {
            for odd in ["", "}", "]", ",", "\"", "x", "{", "["] {
                let mut damaged = text.clone();
                damaged.replace_range(at..=at, odd);
                let strict = json::from_str::<Json>(&damaged);
                let read = json::from_response::<Node>(damaged.as_bytes());
                match (strict, read) {
                    (Ok(json), Ok(node)) => assert_eq!(Json::encode(&node), json),
                    // A string in place of the outermost object.
                    (_, Err(read)) if read.is_misfit() => assert_eq!(read.offset(), 0),
                    (Err(strict), Err(read)) => {
                        assert_eq!(place(&strict), place(&read), "at {at}: {odd}");
                    }
                    (Ok(_), Err(read)) => panic!("refused what is JSON: {read}"),
                    (Err(error), Ok(_)) => panic!("accepted what is not JSON: {error}"),
                }
            }
        }
    }

    #[test]
    fn messages_do_not_repeat_long_values() {
        let long = "é".repeat(1_000_000);
        let error = json::from_str::<f64>(&format!("{long:?}")).unwrap_err();
        let text = format!("{error} {error:?} {}", error.reason());
        assert!(text.len() < 2000 && text.contains("expected a number, found \"éé"));
    }

    #[test]
    fn the_last_of_equal_names_counts() {
        for (text, kept) in [
            (r#"{"name":"a","name":5}"#, r#"{"name":5}"#),
            (r#"{"name":5,"name":"a"}"#, r#"{"name":"a"}"#),
            (r#"{"list":[{}],"list":[{},5]}"#, r#"{"list":[{},5]}"#),
        ] {
            assert_eq!(read(text).unwrap().0.to_json(), kept, "{text}");
        }
    }

    #[test]
    fn names_of_the_outermost_object() {
        let mut text = String::new();
        write!(text, r#"{{"list":[{{"name":1}}],"name":[],"other":2}}"#).unwrap();
        let (_, misfits) = json::read_response::<Node>(text.as_bytes()).unwrap();
        let member = |name| misfits.member(name).map(DecodeError::pointer);
        assert_eq!((member("name"), member("list"), member("other")), (Some("/name"), None, None));
        assert_eq!(misfits.len(), 2);
        assert_eq!(misfits.first().map(DecodeError::pointer), Some("/list/0/name"));
    }

    #[derive(Clone, PartialEq)]
    struct Open {
        rest: json::Map<Json>,
        extra: json::Extra,
    }

    json::model! {
        Open = "Open";
        _ => rest;
    }

    #[test]
    fn only_models_prove_that_there_is_no_error() {
        fn proven<T: Decode>(text: &str) -> bool {
            json::read_response::<T>(text.as_bytes()).unwrap().1.errorless()
        }
        for text in ["{}", r#"{"name":"error"}"#, r#"{"list":[{"error":{}}]}"#, r#"{"name":5}"#] {
            assert!(proven::<Node>(text), "{text}");
        }
        for text in [r#"{"error":{}}"#, r#"{"name":5,"error":"x"}"#] {
            assert!(!proven::<Node>(text), "{text}");
        }
        let text = r#"{"error":{}}"#;
        assert!(!proven::<Json>(text) && !proven::<json::Map<Json>>(text) && !proven::<()>(text));
        assert!(!proven::<Open>(text) && proven::<Open>("{}"));
        assert!(!proven::<Vec<Node>>(r#"[{"error":{}}]"#) && !proven::<Vec<Node>>("[{}]"));
    }
}
