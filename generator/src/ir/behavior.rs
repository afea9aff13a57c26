//! How fields and parameters behave.

/// Behavior of a field or parameter, as its description states it in the terms of
/// [AIP-203](https://google.aip.dev/203).
///
/// Documents carry these facts in prose far more often than in `annotations` or `readOnly`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldBehavior {
    /// "Required.": the caller must set the field.
    pub required: bool,
    /// "Optional.": the caller may leave the field unset.
    pub optional: bool,
    /// "Output only.": the server sets the field and ignores what a caller sends.
    pub output_only: bool,
    /// "Input only.": the server accepts the field but never returns it.
    pub input_only: bool,
    /// "Immutable.": the field can be set at creation, and never again.
    pub immutable: bool,
    /// "Identifier.": the field is the name of the resource.
    pub identifier: bool,
    /// "Deprecated.": the field should not be used.
    pub deprecated: bool,
    /// Length of the leading markers in the description, in bytes.
    pub markers: usize,
}

impl FieldBehavior {
    /// Returns `true` if the description has no marker.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        Self { markers: 0, ..*self } == Self::default()
    }
}
