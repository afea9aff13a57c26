//! The configuration file, `config.yaml` in the configuration folder.

mod methods;
mod section;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::app::App;
use crate::failure::Failure;
use crate::host::reason;
use crate::yaml;

pub(crate) use methods::MethodPatterns;
pub(crate) use section::Section;

/// Name of the file.
const FILE: &str = "config.yaml";

/// The configuration file. A missing one is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    /// The file, if it exists.
    pub(crate) path: Option<PathBuf>,
    /// Settings of every call.
    pub(crate) common: Section,
}

impl Config {
    /// Reads the file in a folder. Any part that has no effect is an error: a misspelled limit
    /// would silently protect nothing.
    pub(crate) fn load(app: &App, folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                let why = reason(&error);
                return Err(Failure::config(format!("{} cannot be read: {why}", path.display())));
            }
        };
        Self::parse(app, folder, &text)
            .map(|config| Self { path: Some(path.clone()), ..config })
            .map_err(|message| Failure::config(format!("{}: {message}", path.display())))
    }

    fn parse(app: &App, folder: &Path, text: &str) -> Result<Self, String> {
        let members = match yaml::parse(text)? {
            Value::Object(members) => members,
            Value::Null => return Ok(Self::default()),
            _ => return Err("the file is not a map of settings".to_owned()),
        };
        let common = Section::read(app, folder, &members)?;
        Ok(Self { path: None, common })
    }
}
