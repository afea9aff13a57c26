//! Configuration folder: the stored login and the user's own OAuth client.

use std::path::{Path, PathBuf};

use discovery_describe::names::env_prefix;

use crate::app::App;
use crate::host::Host;

/// Account of the login that is stored without a name.
pub(crate) const DEFAULT_ACCOUNT: &str = "default";

/// Folder of the logins of named accounts.
const LOGINS: &str = "logins";

/// File with the account that `auth switch` chose.
const SWITCHED: &str = "account";

/// Checks that the name of an account is safe as a file name: it cannot lead out of the folder.
pub(crate) fn check_account(name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "@._+-".contains(c);
    if !name.is_empty() && name.len() <= 100 && !name.starts_with('.') && name.chars().all(fits) {
        return Ok(());
    }
    Err(format!("'{name}' cannot name an account: use letters, digits, and @ . _ + -"))
}

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
    pub(crate) fn of(app: &App, config_dir: Option<PathBuf>, host: &Host<'_>) -> Self {
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

    /// Returns the path of the login that is stored without a name.
    pub(crate) fn login(&self) -> PathBuf {
        self.path.join(format!("{}-token.json", self.name))
    }

    /// Returns the path of the login of an account; [`DEFAULT_ACCOUNT`] has none of its own name.
    pub(crate) fn login_of(&self, account: &str) -> PathBuf {
        match account {
            DEFAULT_ACCOUNT => self.login(),
            account => self.path.join(LOGINS).join(format!("{account}.json")),
        }
    }

    /// Returns the accounts with a stored login.
    pub(crate) fn accounts(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path.join(LOGINS)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut named: Vec<String> =
            names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect();
        named.sort_unstable();
        let default = self.login().is_file().then(|| DEFAULT_ACCOUNT.to_owned());
        default.into_iter().chain(named).collect()
    }

    /// Returns the account that `auth switch` chose.
    pub(crate) fn switched(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.path.join(SWITCHED)).ok()?;
        Some(text.trim().to_owned()).filter(|name| check_account(name).is_ok())
    }

    /// Stores the account that calls use by default.
    pub(crate) fn switch(&self, account: &str) -> std::io::Result<()> {
        let path = self.path.join(SWITCHED);
        if account != DEFAULT_ACCOUNT {
            std::fs::create_dir_all(&self.path)?;
            return std::fs::write(path, format!("{account}\n"));
        }
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
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
