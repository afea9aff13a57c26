//! The configuration file, `config.yaml` in the configuration folder.

mod methods;
mod parameters;
mod profiles;
mod section;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::app::App;
use crate::failure::Failure;
use crate::host::reason;
use crate::{suggest, yaml};

pub(crate) use methods::MethodPatterns;
pub(crate) use profiles::Layers;
pub(crate) use section::{Section, Source};

/// Name of the file.
pub(crate) const FILE: &str = "config.yaml";

/// Keys at the top of the file, besides those of a section.
const TOP: &[&str] = &["profile", "profiles"];

/// The configuration file. A missing one is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    /// The file, if it exists.
    pub(crate) path: Option<PathBuf>,
    /// Settings of every call.
    common: Section,
    /// Profile of calls that name none.
    profile: Option<String>,
    profiles: BTreeMap<String, Section>,
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
        let common = Section::read(app, folder, &members, TOP)?;
        let profile = members.get("profile").map(|value| section::text("profile", value));
        let profiles = match members.get("profiles") {
            None => BTreeMap::new(),
            Some(value) => profiles(app, folder, value)?,
        };
        let config = Self { path: None, common, profile: profile.transpose()?, profiles };
        if let Some(name) = &config.profile {
            config.find(name).map_err(|message| format!("'profile': {message}"))?;
        }
        Ok(config)
    }

    /// Returns the names of the profiles.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    fn find(&self, name: &str) -> Result<&Section, String> {
        self.profiles.get(name).ok_or_else(|| match suggest::closest(name, self.names()) {
            Some(near) => format!("there is no profile '{name}', did you mean '{near}'?"),
            None => format!("there is no profile '{name}' in {FILE}"),
        })
    }
}

fn profiles(app: &App, folder: &Path, value: &Value) -> Result<BTreeMap<String, Section>, String> {
    let members = value.as_object().ok_or("'profiles' must be a map of names and settings")?;
    let one = |(name, value): (&String, &Value)| {
        let settings = value.as_object().ok_or("it must be a map of settings".to_owned());
        let section = settings.and_then(|members| Section::read(app, folder, members, &[]));
        let section = section.map_err(|message| format!("profile '{name}': {message}"))?;
        Ok((name.clone(), section))
    };
    members.iter().map(one).collect()
}
