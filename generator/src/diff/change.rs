//! What a comparison finds: plain data, in the words of the API.

use serde::{Serialize, Serializer};
use std::fmt;

/// What a change does to those who use the generated crate, from the least to the worst.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing that a user could see.
    #[default]
    None,
    /// Only text that people read.
    Docs,
    /// Code compiles as before and means the same. There may be more to use, a new deprecation,
    /// or another default.
    Compatible,
    /// Code must change, or calls no longer do what they did.
    Breaking(Breach),
}

/// What a breaking change breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breach {
    /// Code compiles, but what travels is not what travelled before.
    Wire,
    /// Code that names the item no longer compiles, or quietly means something else.
    Source,
    /// Both.
    Both,
}

impl Verdict {
    /// Breaks code.
    pub const SOURCE: Self = Self::Breaking(Breach::Source);
    /// Breaks what travels.
    pub const WIRE: Self = Self::Breaking(Breach::Wire);
    /// Breaks code and what travels.
    pub const BOTH: Self = Self::Breaking(Breach::Both);

    /// Whether anyone must act.
    #[must_use]
    pub fn is_breaking(self) -> bool {
        matches!(self, Self::Breaking(_))
    }

    /// Whether code may fail to compile.
    #[must_use]
    pub fn breaks_source(self) -> bool {
        matches!(self, Self::Breaking(Breach::Source | Breach::Both))
    }

    /// Whether what travels is different.
    #[must_use]
    pub fn breaks_wire(self) -> bool {
        matches!(self, Self::Breaking(Breach::Wire | Breach::Both))
    }

    /// Breaking as the two flags say, else `otherwise`.
    #[must_use]
    pub fn breaking(source: bool, wire: bool, otherwise: Self) -> Self {
        match (source, wire) {
            (true, true) => Self::BOTH,
            (true, false) => Self::SOURCE,
            (false, true) => Self::WIRE,
            (false, false) => otherwise,
        }
    }

    /// Both verdicts in one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::breaking(
            self.breaks_source() || other.breaks_source(),
            self.breaks_wire() || other.breaks_wire(),
            self.max(other),
        )
    }

    /// The part of the report that it belongs to.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Docs => "docs",
            Self::Compatible => "compatible",
            Self::Breaking(_) => "breaking",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaking(Breach::Wire) => "breaking (wire)",
            Self::Breaking(Breach::Source) => "breaking (source)",
            Self::Breaking(Breach::Both) => "breaking (source, wire)",
            other => other.heading(),
        })
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident => $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $text,)* })
            }
        }
    };
}

words! {
    /// What changed. The order is that of reports.
    Subject {
        /// The API as a whole.
        Api => "api",
        /// A cargo feature of the generated crate.
        Feature => "feature",
        /// A regional endpoint.
        Endpoint => "endpoint",
        /// An OAuth scope.
        Scope => "scope",
        /// A parameter of every method.
        Global => "global parameter",
        /// A resource.
        Resource => "resource",
        /// A method.
        Method => "method",
        /// A parameter of one method.
        Parameter => "parameter",
        /// A schema.
        Schema => "schema",
        /// A member of a schema.
        Field => "field",
        /// A case of a tagged union.
        Case => "case",
        /// An enumeration.
        Enum => "enum",
        /// A value of an enumeration.
        Value => "value",
    }
}

words! {
    /// How it changed.
    Action {
        /// It is new.
        Added => "added",
        /// It is gone.
        Removed => "removed",
        /// The same under another name.
        Renamed => "renamed",
        /// The same in another place.
        Moved => "moved",
        /// It is called otherwise in Rust, though not on the wire: another name came in its way,
        /// or went out of it.
        RustName => "renamed in Rust",
        /// Its type.
        Type => "type changed",
        /// Object, other type, or union.
        Form => "form changed",
        /// Whether recursion forces it into a `Box`.
        Boxed => "box changed",
        /// Type of members that are not declared.
        Additional => "undeclared members changed",
        /// The member that tells the cases of a union apart.
        Discriminant => "discriminant changed",
        /// HTTP verb.
        Verb => "verb changed",
        /// URL path.
        Path => "path changed",
        /// Path or query.
        Location => "location changed",
        /// Order of arguments.
        Order => "order changed",
        /// Whether it must be given.
        Required => "requirement changed",
        /// Whether it may be given many times.
        Repeated => "repetition changed",
        /// Request body.
        Request => "request changed",
        /// Response body.
        Response => "response changed",
        /// Scopes of which one suffices.
        Scopes => "scopes changed",
        /// Whether it is repeated after a failure.
        Idempotency => "idempotency changed",
        /// `X-Goog-Api-Version`.
        ApiVersion => "API version changed",
        /// Whether and how it pages.
        Paging => "paging changed",
        /// Upload of media.
        Upload => "upload changed",
        /// Download of media.
        Download => "download changed",
        /// Whether it answers with a long-running operation.
        Operation => "operation changed",
        /// Pattern, least or greatest value.
        Limits => "limits changed",
        /// What the server assumes.
        Default => "default changed",
        /// Whether only the server sets it.
        ReadOnly => "read-only changed",
        /// Methods whose requests must carry it.
        RequiredBy => "required-by changed",
        /// A URL.
        Url => "URL changed",
        /// `{"data": …}` around bodies.
        Wrapper => "wrapper changed",
        /// The discovery id.
        Id => "id changed",
        /// Which cargo features it needs.
        Features => "features changed",
        /// It is deprecated now.
        Deprecated => "deprecated",
        /// It is no longer deprecated.
        Undeprecated => "no longer deprecated",
        /// Which methods of the document are generated.
        Selection => "selection changed",
        /// Text that people read.
        Docs => "docs changed",
    }
}

/// What changed, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind(pub Subject, pub Action);

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.1)
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// Where a change is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// A method's id, `Schema.field`, and the like.
    pub name: String,
    /// JSON pointer: into the new document, or into the old one for what is gone.
    pub pointer: String,
    /// The item of the generated crate; empty if there is none.
    pub rust: String,
}

/// Who has to do with it: discovery ids of methods, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Affected {
    /// Callers of all methods.
    pub everyone: bool,
    /// Those who call one of these.
    pub calls: Vec<String>,
    /// Those who send it in a request of one of these.
    pub sends: Vec<String>,
    /// Those who read it in a response of one of these.
    pub reads: Vec<String>,
}

impl Affected {
    /// Whether no method has to do with it.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        !self.everyone && self.calls.is_empty() && self.sends.is_empty() && self.reads.is_empty()
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it does to users.
    pub verdict: Verdict,
    /// What changed, and how.
    pub kind: Kind,
    /// Where.
    pub place: Place,
    /// How it was, in a few words; a whole description for [`Action::Docs`].
    pub old: Option<String>,
    /// How it is.
    pub new: Option<String>,
    /// What is not evident from the rest; else empty.
    pub note: String,
    /// Who has to do with it.
    pub affected: Affected,
}

impl Change {
    pub(super) fn new(subject: Subject, action: Action, place: Place, verdict: Verdict) -> Self {
        Self {
            verdict,
            kind: Kind(subject, action),
            place,
            old: None,
            new: None,
            note: String::new(),
            affected: Affected::default(),
        }
    }

    pub(super) fn old(mut self, old: impl Into<String>) -> Self {
        self.old = Some(old.into());
        self
    }

    pub(super) fn new_is(mut self, new: impl Into<String>) -> Self {
        self.new = Some(new.into());
        self
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    pub(super) fn affects(mut self, affected: Affected) -> Self {
        self.affected = affected;
        self
    }
}

/// The difference of two revisions of one API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// `name:version`.
    pub api: String,
    /// Revision before.
    pub old_revision: String,
    /// Revision after.
    pub new_revision: String,
    /// What all changes together do to users.
    pub verdict: Verdict,
    /// The changes, worst first, then by subject, action and place.
    pub changes: Vec<Change>,
}

impl Diff {
    /// Changes under one [`Verdict::heading`].
    pub fn under(&self, heading: &str) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |c| c.verdict.heading() == heading)
    }

    /// Whether the two are the same for everybody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_add_up() {
        assert_eq!(Verdict::WIRE.and(Verdict::SOURCE), Verdict::BOTH);
        assert_eq!(Verdict::Docs.and(Verdict::Compatible), Verdict::Compatible);
        assert_eq!(Verdict::SOURCE.and(Verdict::Docs), Verdict::SOURCE);
        assert_eq!(Verdict::default().and(Verdict::None), Verdict::None);
    }

    #[test]
    fn verdicts_are_told_in_words() {
        for (verdict, text) in [
            (Verdict::None, "none"),
            (Verdict::Docs, "docs"),
            (Verdict::Compatible, "compatible"),
            (Verdict::WIRE, "breaking (wire)"),
            (Verdict::SOURCE, "breaking (source)"),
            (Verdict::BOTH, "breaking (source, wire)"),
        ] {
            assert_eq!(verdict.to_string(), text);
        }
    }
}
