//! `Debug` of models.

use crate::reader::Kind;
use crate::traits::Encode;
use crate::values::json::Json;
use std::fmt;

/// Formats a model for `{:?}`: its name and the members it would send, by their wire names.
///
/// Generated models call this from `Debug`, instead of deriving it.
///
/// # Errors
/// If the formatter fails.
pub fn debug(value: &dyn Encode, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (key, member) in Json::encode(value).members() {
        shown.field(&key, &Shown(member));
    }
    shown.finish()
}

struct Shown(Json);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.kind() {
            Kind::Object => {
                let members = self.0.members().map(|(key, value)| (key, Shown(value)));
                f.debug_map().entries(members).finish()
            }
            Kind::List => f.debug_list().entries(self.0.items().map(Shown)).finish(),
            _ => f.write_str(self.0.as_str()),
        }
    }
}
