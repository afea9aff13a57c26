//! Precedence of settings: flags, a profile named by flag, the environment, the profile of the
//! environment or the file, the top of the file.

use discovery_describe::names::env_prefix;

use super::{Config, FILE, Section};
use crate::app::App;
use crate::command::Arguments;
use crate::failure::Failure;
use crate::host::Host;

/// The profile of a run.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    /// Name of the profile.
    pub(crate) name: String,
    /// Whether `--profile` names it: its settings then precede the environment.
    by_flag: bool,
    section: Section,
}

/// Settings of the configuration file for a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layers {
    pub(crate) profile: Option<Selected>,
    common: Section,
}

impl Config {
    /// Chooses the profile of a run.
    pub(crate) fn layers(
        &self,
        app: &App,
        arguments: &Arguments,
        host: &Host<'_>,
    ) -> Result<Layers, Failure> {
        let variable = format!("{}_PROFILE", env_prefix(app.name));
        let by_flag = arguments.one("profile").map(|name| (name, "--profile"));
        let by_variable = || host.var(&variable).map(|name| (name.to_owned(), &*variable));
        let by_file = || self.profile.clone().map(|name| (name, "'profile'"));
        let is_flag = by_flag.is_some();
        let profile = match by_flag.or_else(by_variable).or_else(by_file) {
            None => None,
            Some((name, place)) => {
                let section = self.find(&name);
                let failed = |message| Failure::config(format!("{place}: {message}"));
                let section = section.map_err(failed)?.clone();
                Some(Selected { name, by_flag: is_flag, section })
            }
        };
        Ok(Layers { profile, common: self.common.clone() })
    }
}

impl Layers {
    /// Returns a setting of a profile named by flag.
    pub(crate) fn before_environment<T>(&self, get: impl Fn(&Section) -> Option<T>) -> Option<T> {
        get(&self.profile.as_ref().filter(|profile| profile.by_flag)?.section)
    }

    /// Returns a setting of the profile, or else of the top of the file.
    pub(crate) fn get<T>(&self, get: impl Fn(&Section) -> Option<T>) -> Option<T> {
        let own = self.profile.as_ref().and_then(|profile| get(&profile.section));
        own.or_else(|| get(&self.common))
    }

    /// Returns all sections with names for messages, the profile's first.
    pub(crate) fn sections(&self) -> impl Iterator<Item = (String, &Section)> {
        let own = self.profile.iter();
        let own = own.map(|p| (format!("profile '{}' of {FILE}", p.name), &p.section));
        own.chain([(FILE.to_owned(), &self.common)])
    }
}
