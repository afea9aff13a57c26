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
        // Scripts of completion quote nothing in bash, and have descriptions within double quotes in fish.
        let plain = self.0.values.iter().filter(|value| text::is_word(value.name));
        Some(Box::new(plain.map(|value| {
            let help = text::summary(value.description).replace(['"', '$', '`', '\\'], "");
            PossibleValue::new(value.name).help(help)
        })))
    }
}

#[cfg(test)]
mod tests {
    use discovery_runtime::reflect::EnumValueInfo;

    use super::*;

    #[test]
    fn scripts_get_no_value_that_a_shell_would_run() {
        static INFO: EnumInfo = EnumInfo {
            rust_name: "E",
            values: &[
                EnumValueInfo::new("FINE", "Fine", "Runs $(touch x) and \"`y`\". More."),
                EnumValueInfo::new("$(touch x)", "A", ""),
                EnumValueInfo::new("`touch x`", "B", ""),
                EnumValueInfo::new("a;b", "C", ""),
                EnumValueInfo::new("-x", "D", ""),
                EnumValueInfo::new("a.b/c-d_e", "F", ""),
            ],
        };
        let parser = OpenEnumParser(&INFO);
        let values: Vec<PossibleValue> = parser.possible_values().unwrap().collect();
        let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
        assert_eq!(names, ["FINE", "a.b/c-d_e"]);
        assert_eq!(values[0].get_help().unwrap().to_string(), "Runs (touch x) and y");
    }
}
