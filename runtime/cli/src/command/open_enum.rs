//! Suggested but not required values.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};
use discovery_runtime::reflect::EnumInfo;

use crate::text;

/// Suggests the values of an enum but accepts any text: the server may know more.
#[derive(Clone)]
pub(crate) struct OpenEnumParser(pub(crate) &'static EnumInfo);

impl TypedValueParser for OpenEnumParser {
    type Value = String;

    fn parse_ref(
        &self,
        cmd: &Command,
        _: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, Error> {
        let text = value.to_str().map(str::to_owned);
        text.ok_or_else(|| Error::new(ErrorKind::InvalidUtf8).with_cmd(cmd))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(
            self.0
                .values
                .iter()
                .map(|value| PossibleValue::new(value.name).help(text::summary(value.description))),
        ))
    }
}
