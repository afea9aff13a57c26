//! Environment variables.

use std::collections::BTreeMap;
use std::fmt;

/// Environment variables: those of the process, or a given set.
#[derive(Clone, Default)]
pub(super) struct Environment(Option<BTreeMap<String, String>>);

/// Omits values, some of which are secrets.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(variables) => f.debug_set().entries(variables.keys()).finish(),
            None => f.write_str("process"),
        }
    }
}

/// Returns the universe of clients that set none, from `GOOGLE_CLOUD_UNIVERSE_DOMAIN`.
pub(crate) fn universe_domain() -> Option<String> {
    Environment::default().get("GOOGLE_CLOUD_UNIVERSE_DOMAIN")
}

impl Environment {
    pub(super) fn from_variables<K, V>(variables: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<String>,
    {
        Self(Some(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect()))
    }

    /// Returns a variable that is set and not empty.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let value = match &self.0 {
            Some(variables) => variables.get(name).cloned(),
            None => std::env::var(name).ok(),
        };
        value.filter(|value| !value.is_empty())
    }
}
