//! Imports that a Rust file needs for its fragments.

use serde::Serialize;
use std::ops::{BitOr, BitOrAssign};

/// Modules that a fragment needs in scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imports {
    /// `json`, the values of `discovery-json`.
    pub json: bool,
    /// `models`, the module of schemas.
    pub models: bool,
}

impl Imports {
    /// `json` alone.
    pub const JSON: Self = Self { json: true, models: false };
    /// `models` alone.
    pub const MODELS: Self = Self { json: false, models: true };
}

impl BitOr for Imports {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self { json: self.json | other.json, models: self.models | other.models }
    }
}

impl BitOrAssign for Imports {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl FromIterator<Self> for Imports {
    fn from_iter<I: IntoIterator<Item = Self>>(all: I) -> Self {
        all.into_iter().fold(Self::default(), BitOr::bitor)
    }
}
