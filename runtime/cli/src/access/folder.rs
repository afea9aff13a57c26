//! Configuration folder: the stored login and the user's own OAuth client.

use std::path::{Path, PathBuf};

use discovery_describe::names::env_prefix;

use crate::app::App;
use crate::host::Host;
use crate::settings::Settings;

/// Folder for persistent state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folder {
    /// The folder itself; it may not exist.
    pub(crate) path: PathBuf,
    name: &'static str,
    home: Option<PathBuf>,
}

impl Folder {
    /// Returns the folder from `--config-dir`, from the environment, or the system's default: below
    /// `XDG_CONFIG_HOME` or `~/.config`, on Windows below `%APPDATA%`.
    pub(crate) fn of(app: &App, settings: &Settings, host: &Host<'_>) -> Self {
        Self::at(app, settings.access.config_dir.clone(), host)
    }

    /// As [`of`](Self::of), with the value of `--config-dir`.
    pub(crate) fn at(app: &App, config_dir: Option<PathBuf>, host: &Host<'_>) -> Self {
        let home = host.var("HOME").or_else(|| host.var("USERPROFILE")).map(PathBuf::from);
        let chosen = config_dir.or_else(|| {
            host.var(&format!("{}_CONFIG_DIR", env_prefix(app.name))).map(PathBuf::from)
        });
        let usual = || {
            let base = host.var("XDG_CONFIG_HOME").map(PathBuf::from).or_else(|| {
                if cfg!(windows) {
                    host.var("APPDATA").map(PathBuf::from)
                } else {
                    home.as_ref().map(|home| home.join(".config"))
                }
            });
            base.unwrap_or_else(|| host.folder.join(".config")).join(app.name)
        };
        Self { path: host.path(chosen.unwrap_or_else(usual)), name: app.name, home }
    }

    /// Returns the path of the stored login.
    pub(crate) fn login(&self) -> PathBuf {
        self.path.join(format!("{}-token.json", self.name))
    }

    /// Returns candidate paths of an OAuth client by precedence, including the names and the folder
    /// that google-apis-rs programs use.
    pub(crate) fn clients(&self) -> Vec<PathBuf> {
        let secret = format!("{}-secret.json", self.name);
        let mut out = vec![self.path.join(&secret), self.path.join("client_secret.json")];
        if let Some(home) = &self.home {
            out.push(home.join(".google-service-cli").join(&secret));
        }
        out
    }

    /// Returns the first existing OAuth client file.
    pub(crate) fn client(&self) -> Option<PathBuf> {
        self.clients().into_iter().find(|path| Path::is_file(path))
    }
}
