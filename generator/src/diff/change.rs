//! Results of a comparison, as plain data in the API's own terms.

use serde::{Serialize, Serializer};
use std::fmt;

/// Effect of a change on users of the generated crate, from least to most severe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// No visible effect.
    #[default]
    None,
    /// Only documentation changed.
    Docs,
    /// Existing code compiles and behaves as before. The crate may offer more, deprecate an item,
    /// or document another default.
    Compatible,
    /// Existing code must change, or calls behave differently.
    Breaking(Breach),
}

/// Kind of breakage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breach {
    /// Code compiles, but requests or responses differ.
    Wire,
    /// Code that uses the item fails to compile or silently changes meaning.
    Source,
    /// Both.
    Both,
}

impl Verdict {
    /// Breaks source compatibility.
    pub const SOURCE: Self = Self::Breaking(Breach::Source);
    /// Breaks wire compatibility.
    pub const WIRE: Self = Self::Breaking(Breach::Wire);
    /// Breaks source and wire compatibility.
    pub const BOTH: Self = Self::Breaking(Breach::Both);

    /// Returns `true` if the change is breaking.
    #[must_use]
    pub fn is_breaking(self) -> bool {
        matches!(self, Self::Breaking(_))
    }

    /// Returns `true` if code may fail to compile.
    #[must_use]
    pub fn breaks_source(self) -> bool {
        matches!(self, Self::Breaking(Breach::Source | Breach::Both))
    }

    /// Returns `true` if requests or responses differ.
    #[must_use]
    pub fn breaks_wire(self) -> bool {
        matches!(self, Self::Breaking(Breach::Wire | Breach::Both))
    }

    /// Returns a breaking verdict according to the two flags, or `otherwise` if neither is set.
    #[must_use]
    pub fn breaking(source: bool, wire: bool, otherwise: Self) -> Self {
        match (source, wire) {
            (true, true) => Self::BOTH,
            (true, false) => Self::SOURCE,
            (false, true) => Self::WIRE,
            (false, false) => otherwise,
        }
    }

    /// Combines two verdicts into the more severe one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::breaking(
            self.breaks_source() || other.breaks_source(),
            self.breaks_wire() || other.breaks_wire(),
            self.max(other),
        )
    }

    /// Returns the heading of the report section for this verdict.
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
    /// Kind of item that changed, in the order of reports.
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
    /// Kind of change.
    Action {
        /// It is new.
        Added => "added",
        /// It is gone.
        Removed => "removed",
        /// Renamed.
        Renamed => "renamed",
        /// Moved.
        Moved => "moved",
        /// Only the Rust name changed: a name conflict appeared or disappeared.
        RustName => "renamed in Rust",
        /// Type changed.
        Type => "type changed",
        /// Object, other type, or union.
        Form => "form changed",
        /// Whether recursion forces it into a `Box`.
        Boxed => "box changed",
        /// Type of undeclared members.
        Additional => "undeclared members changed",
        /// Member that discriminates the cases of a union.
        Discriminant => "discriminant changed",
        /// HTTP verb.
        Verb => "verb changed",
        /// URL path.
        Path => "path changed",
        /// Path or query.
        Location => "location changed",
        /// Order of arguments.
        Order => "order changed",
        /// Whether it is required.
        Required => "requirement changed",
        /// Whether it is repeated.
        Repeated => "repetition changed",
        /// Request body.
        Request => "request changed",
        /// Response body.
        Response => "response changed",
        /// Accepted scopes.
        Scopes => "scopes changed",
        /// Whether it is retried after a failure.
        Idempotency => "idempotency changed",
        /// `X-Goog-Api-Version`.
        ApiVersion => "API version changed",
        /// Function that builds an update from two values of a resource.
        Update => "update changed",
        /// Whether and how it pages.
        Paging => "paging changed",
        /// Upload of media.
        Upload => "upload changed",
        /// Download of media.
        Download => "download changed",
        /// Whether it returns a long-running operation.
        Operation => "operation changed",
        /// Pattern, minimum, or maximum.
        Limits => "limits changed",
        /// Default value on the server.
        Default => "default changed",
        /// Whether only the server sets it.
        ReadOnly => "read-only changed",
        /// Methods whose requests require it.
        RequiredBy => "required-by changed",
        /// A URL.
        Url => "URL changed",
        /// `{"data": …}` around bodies.
        Wrapper => "wrapper changed",
        /// The discovery id.
        Id => "id changed",
        /// Cargo features that enable it.
        Features => "features changed",
        /// It is deprecated now.
        Deprecated => "deprecated",
        /// No longer deprecated.
        Undeprecated => "no longer deprecated",
        /// Selection of methods changed.
        Selection => "selection changed",
        /// Text that people read.
        Docs => "docs changed",
    }
}

/// A change.
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

/// Location of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// A method's id, `Schema.field`, or a similar path.
    pub name: String,
    /// JSON pointer into the new document, or into the old one for removals.
    pub pointer: String,
    /// The item of the generated crate; empty if there is none.
    pub rust: String,
}

/// Methods that a change affects: sorted discovery ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Affected {
    /// Whether callers of every method are affected.
    pub everyone: bool,
    /// Methods that change themselves.
    pub calls: Vec<String>,
    /// Methods whose requests contain the item.
    pub sends: Vec<String>,
    /// Methods whose responses contain the item.
    pub reads: Vec<String>,
}

impl Affected {
    /// Returns `true` if no method is affected.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        !self.everyone && self.calls.is_empty() && self.sends.is_empty() && self.reads.is_empty()
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Effect on users.
    pub verdict: Verdict,
    /// A change.
    pub kind: Kind,
    /// Location.
    pub place: Place,
    /// Short form of the old value; the full text for [`Action::Docs`].
    pub old: Option<String>,
    /// Short form of the new value.
    pub new: Option<String>,
    /// Further explanation; may be empty.
    pub note: String,
    /// Affected methods.
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

/// Differences between two revisions of an API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// `name:version`.
    pub api: String,
    /// Revision before.
    pub old_revision: String,
    /// Revision after.
    pub new_revision: String,
    /// Most severe effect of all changes.
    pub verdict: Verdict,
    /// Changes, most severe first, then by subject, action, and place.
    pub changes: Vec<Change>,
}

impl Diff {
    /// Returns the changes under one [`Verdict::heading`].
    pub fn under(&self, heading: &str) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |c| c.verdict.heading() == heading)
    }

    /// Returns `true` if there are no differences.
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
    fn verdicts_are_printed() {
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
