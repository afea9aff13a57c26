//! Finds the end of a JSON value that arrives in pieces.

/// Progress in a value at the start of a buffer that grows at its end.
///
/// Considers only strings and brackets; decoding validates the value.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scan {
    /// Number of bytes seen.
    at: usize,
    /// Number of open brackets.
    depth: usize,
    inside: Inside,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inside {
    /// Between tokens.
    #[default]
    Nothing,
    String,
    /// A string, after a backslash.
    Escape,
    /// A number or a literal outside of containers.
    Scalar,
}

impl Scan {
    /// Returns `true` if no byte of a value has been seen.
    pub(super) fn is_outside(&self) -> bool {
        self.at == 0
    }

    /// Returns `true` if the value ends at the end of the text: it is a number or a literal.
    pub(super) fn ends_with_text(&self) -> bool {
        self.inside == Inside::Scalar
    }

    /// Returns `true` if the whole text is a single value, apart from whitespace.
    pub(super) fn is_whole(text: &[u8]) -> bool {
        let text = text.trim_ascii();
        let mut scan = Self::default();
        match scan.end(text) {
            Some(end) => end == text.len(),
            None => scan.ends_with_text(),
        }
    }

    /// Scans new bytes, and returns the length of the value once it is complete.
    pub(super) fn end(&mut self, text: &[u8]) -> Option<usize> {
        while let Some(&byte) = text.get(self.at) {
            if self.inside == Inside::Scalar && is_end_of_scalar(byte) {
                return Some(self.at);
            }
            self.at += 1;
            if self.step(byte) {
                return Some(self.at);
            }
        }
        None
    }

    /// Advances by a byte; returns `true` if it is the last of the value.
    fn step(&mut self, byte: u8) -> bool {
        self.inside = match (self.inside, byte) {
            (Inside::String, b'\\') => Inside::Escape,
            (Inside::String, b'"') => {
                self.inside = Inside::Nothing;
                return self.depth == 0;
            }
            (Inside::Escape | Inside::String, _) => Inside::String,
            (Inside::Scalar, _) => Inside::Scalar,
            (Inside::Nothing, b'"') => Inside::String,
            (Inside::Nothing, b'{' | b'[') => {
                self.depth += 1;
                Inside::Nothing
            }
            (Inside::Nothing, b'}' | b']') => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            (Inside::Nothing, _) if self.depth == 0 => Inside::Scalar,
            (Inside::Nothing, _) => Inside::Nothing,
        };
        false
    }
}

/// Returns `true` if a number or literal ends before a byte.
fn is_end_of_scalar(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}' | b'{' | b'[' | b'"')
}
