//! What is fuzzed.

use super::Mutator;

/// A target: an input's maker, and a check of what becomes of the input.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, also that of the folder of its seeds.
    pub name: &'static str,
    /// What must hold.
    pub about: &'static str,
    /// Words of the inputs' language.
    pub words: &'static [&'static str],
    /// Makes an input.
    pub make: fn(&mut Mutator<'_>) -> Vec<u8>,
    /// Returns whether an input was accepted; the error is a broken promise.
    pub check: fn(&[u8]) -> Result<bool, String>,
    /// Bounds of inputs and of work.
    pub bounds: Bounds,
    /// More seeds: files below a folder of the repository, by the end of their names.
    pub more: Option<(&'static str, &'static str)>,
}

impl Target {
    /// Creates a target whose inputs are changed seeds.
    #[must_use]
    pub const fn new(
        name: &'static str,
        about: &'static str,
        check: fn(&[u8]) -> Result<bool, String>,
    ) -> Self {
        let bounds = Bounds { input: 4096, fixed: 4 << 20, per_byte: 4096 };
        Self {
            name,
            about,
            words: &[],
            make: |mutator| mutator.mutated(),
            check,
            bounds,
            more: None,
        }
    }

    /// Adds words of the inputs' language.
    #[must_use]
    pub const fn words(self, words: &'static [&'static str]) -> Self {
        Self { words, ..self }
    }

    /// Replaces the maker of inputs.
    #[must_use]
    pub const fn make(self, make: fn(&mut Mutator<'_>) -> Vec<u8>) -> Self {
        Self { make, ..self }
    }

    /// Adds files below a folder of the repository as seeds, by the end of their names.
    #[must_use]
    pub const fn seeds(self, folder: &'static str, ending: &'static str) -> Self {
        Self { more: Some((folder, ending)), ..self }
    }

    /// Replaces the bounds.
    #[must_use]
    pub const fn bounds(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }
}

/// Bounds of an input's size, and of the bytes that it may make the program allocate: a measure of
/// work that does not depend on the machine.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Most bytes of an input.
    pub input: usize,
    /// Bytes allocated for any input.
    pub fixed: u64,
    /// Bytes allocated for each byte of the input.
    pub per_byte: u64,
}

impl Bounds {
    /// Most bytes that an input of this length may allocate.
    #[must_use]
    pub fn most(self, length: usize) -> u64 {
        self.fixed + self.per_byte * length as u64
    }
}
