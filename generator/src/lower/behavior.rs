//! Reads field behavior from the leading words of a description (AIP-203).

use crate::ir::{Doc, FieldBehavior};

/// Returns a description and the behavior that its leading markers state: `Optional. Immutable. The
/// name.` yields (optional, immutable). Markers that repeat are removed, since Compute's fields say
/// it twice: `Output only. [Output Only] The name.`
///
/// A word that is part of the sentence is not a marker: `Optional labels`, `Required, except for
/// …`.
pub(super) fn described(text: &str) -> (Doc, FieldBehavior) {
    let mut doc = text.to_owned();
    let mut behavior = FieldBehavior::default();
    let mut at = text.len() - text.trim_start().len();
    while let Some((badge, after)) = marker(&doc[at..]) {
        let end = doc.len() - after.len();
        let before = behavior;
        set(&mut behavior, badge);
        if behavior == before {
            doc.replace_range(at..end, "");
        } else {
            at = end;
        }
    }
    behavior.markers = at;
    (Doc(doc), behavior)
}

fn set(behavior: &mut FieldBehavior, badge: Badge) {
    match badge {
        Badge::Required => behavior.required = true,
        Badge::Optional => behavior.optional = true,
        Badge::OutputOnly => behavior.output_only = true,
        Badge::InputOnly => behavior.input_only = true,
        Badge::Immutable => behavior.immutable = true,
        Badge::Identifier => behavior.identifier = true,
        Badge::Deprecated => behavior.deprecated = true,
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

/// Delimiters around a marker: `[Output Only]`, `(Optional)`, `**Deprecated**`.
const WRAPS: [(&str, &str); 6] =
    [("[", "]"), ("(", ")"), ("**", "**"), ("*", "*"), ("`", "`"), ("@", "")];

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

/// Returns the text after the end of a marker: a period or the end of the text.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_leave_the_sentence() {
        let none = FieldBehavior::default();
        let required = FieldBehavior { required: true, ..none };
        let optional = FieldBehavior { optional: true, ..none };
        let output = FieldBehavior { output_only: true, ..none };
        let deprecated = FieldBehavior { deprecated: true, ..none };
        let cases = [
            ("Required. The name.", required, "The name."),
            ("[Required] The name.", required, "The name."),
            ("REQUIRED: The name.", required, "The name."),
            ("Required - The name.", required, "The name."),
            ("Optional. Immutable. It.", FieldBehavior { immutable: true, ..optional }, "It."),
            ("Output only. [Output Only]\nIt.", output, "It."),
            ("Output-only. It.", output, "It."),
            ("@OutputOnly It.", output, "It."),
            (
                "Input only. Identifier. It.",
                FieldBehavior { input_only: true, identifier: true, ..none },
                "It.",
            ),
            ("**DEPRECATED** (use b)", deprecated, "(use b)"),
            ("*Deprecated*: use b.", deprecated, "use b."),
            ("**Optional.** It.", optional, "It."),
            ("Optional.", optional, ""),
            ("deprecated", deprecated, ""),
            ("Optional labels.", none, "Optional labels."),
            ("Required, if new.", none, "Required, if new."),
            ("Required.name is set.", none, "Required.name is set."),
            ("[Required](https://a.example)", none, "[Required](https://a.example)"),
            ("Identifiers.", none, "Identifiers."),
            ("", none, ""),
        ];
        for (text, expected, rest) in cases {
            let (doc, found) = described(text);
            assert_eq!(&doc.0[found.markers..], rest, "{text:?}");
            assert_eq!(FieldBehavior { markers: 0, ..found }, expected, "{text:?}");
        }
    }

    #[test]
    fn a_marker_is_said_once() {
        for (text, expected) in [
            ("Output only. [Output Only] The name.", "Output only. The name."),
            ("Required. Immutable. [Required] It.", "Required. Immutable. It."),
            ("[Output Only] The name.", "[Output Only] The name."),
        ] {
            assert_eq!(described(text).0.0, expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn markers_end_at_a_character(text in r"(\[?(Required|Optional|Output only)[.:\]] ?){0,3}.{0,20}") {
            let (doc, behavior) = described(&text);
            proptest::prop_assert!(doc.0.get(behavior.markers..).is_some());
        }
    }
}
