//! The words with which a description begins to say how a field behaves.

/// Which markers a description begins with, in the words of AIP-203.
///
/// Documents carry these facts in prose far more often than in `annotations` or `readOnly`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lead {
    /// "Required.": the caller must set the field.
    pub required: bool,
    /// "Optional.": the caller may leave the field unset.
    pub optional: bool,
    /// "Output only.": the server sets the field and ignores what a caller sends.
    pub output_only: bool,
    /// "Input only.": the server takes the field and never answers with it.
    pub input_only: bool,
    /// "Immutable.": the field can be set at creation, and never again.
    pub immutable: bool,
    /// "Identifier.": the field is the name of the resource.
    pub identifier: bool,
    /// "Deprecated.": the field should not be used.
    pub deprecated: bool,
}

impl Lead {
    fn set(&mut self, badge: Badge) {
        match badge {
            Badge::Required => self.required = true,
            Badge::Optional => self.optional = true,
            Badge::OutputOnly => self.output_only = true,
            Badge::InputOnly => self.input_only = true,
            Badge::Immutable => self.immutable = true,
            Badge::Identifier => self.identifier = true,
            Badge::Deprecated => self.deprecated = true,
        }
    }
}

#[derive(Clone, Copy)]
enum Badge {
    Required,
    Optional,
    OutputOnly,
    InputOnly,
    Immutable,
    Identifier,
    Deprecated,
}

const WORDS: [(&str, Badge); 13] = [
    ("required", Badge::Required),
    ("optional", Badge::Optional),
    ("output only", Badge::OutputOnly),
    ("output-only", Badge::OutputOnly),
    ("output_only", Badge::OutputOnly),
    ("outputonly", Badge::OutputOnly),
    ("input only", Badge::InputOnly),
    ("input-only", Badge::InputOnly),
    ("input_only", Badge::InputOnly),
    ("inputonly", Badge::InputOnly),
    ("immutable", Badge::Immutable),
    ("identifier", Badge::Identifier),
    ("deprecated", Badge::Deprecated),
];

/// Marks that set a marker off from the sentence: `[Output Only]`, `(Optional)`, `**Deprecated**`.
const WRAPS: [(&str, &str); 6] =
    [("[", "]"), ("(", ")"), ("**", "**"), ("*", "*"), ("`", "`"), ("@", "")];

/// Takes the markers off the front of a description: `Optional. Immutable. The name.` is
/// (optional, immutable) and `The name.`
///
/// A word that belongs to the sentence is no marker: `Optional labels`, `Required, except for …`.
pub fn lead(text: &str) -> (Lead, &str) {
    let mut lead = Lead::default();
    let mut rest = text.trim_start();
    while let Some((badge, after)) = marker(rest) {
        lead.set(badge);
        rest = after;
    }
    (lead, rest)
}

/// One marker at the start of the text, and what follows it.
fn marker(text: &str) -> Option<(Badge, &str)> {
    let (badge, rest) = WRAPS
        .iter()
        .find_map(|(open, close)| {
            let (badge, rest) = word(text.strip_prefix(open)?)?;
            let rest = stop(rest).unwrap_or(rest).strip_prefix(close)?;
            // `[Required](https://…)` is a link.
            (!rest.starts_with(['(', '['])).then(|| (badge, stop(rest).unwrap_or(rest)))
        })
        .or_else(|| {
            let (badge, rest) = word(text)?;
            Some((badge, stop(rest).or_else(|| dash(rest))?))
        })?;
    Some((badge, rest.trim_start()))
}

/// The text after the mark that ends a marker: a stop, or the end of the text.
fn stop(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(['.', ':', '!']).unwrap_or(text);
    let ends =
        rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || "])*`".contains(c));
    (ends && (rest.is_empty() || rest.len() < text.len())).then_some(rest)
}

/// The text after a dash between blanks.
fn dash(text: &str) -> Option<&str> {
    [" - ", " – ", " — "].iter().find_map(|dash| text.strip_prefix(dash))
}

/// A marker word at the start of the text, in any case.
fn word(text: &str) -> Option<(Badge, &str)> {
    WORDS.iter().find_map(|(word, badge)| {
        let head = text.get(..word.len())?;
        let rest = &text[word.len()..];
        let whole = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        (whole && head.eq_ignore_ascii_case(word)).then_some((*badge, rest))
    })
}
