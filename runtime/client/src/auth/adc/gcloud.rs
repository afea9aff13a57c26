//! Accounts of the gcloud command line.
//!
//! gcloud keeps its accounts in a database, and a copy of each as a credential file in
//! `legacy_credentials/ACCOUNT/adc.json`, which is read here.

use super::{AdcBuilder, AuthError, AuthErrorKind, Source, file};
use crate::auth::environment::Environment;
use crate::auth::secret_file::read_text;
use crate::auth::{Cached, Impersonated};
use crate::redact::shown_path;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The account that a program chose.
#[derive(Clone, Debug)]
pub(super) enum Choice {
    Active,
    Named(String),
}

/// Returns the folder of gcloud's configuration.
pub(super) fn folder(environment: &Environment) -> Option<PathBuf> {
    Some(match environment.get("CLOUDSDK_CONFIG") {
        Some(folder) => PathBuf::from(folder),
        None if cfg!(windows) => Path::new(&environment.get("APPDATA")?).join("gcloud"),
        None => Path::new(&environment.get("HOME")?).join(".config/gcloud"),
    })
}

/// Returns the active account, if its credentials can be read.
pub(super) fn active(environment: &Environment) -> Option<String> {
    let config = Config::read(environment)?;
    let account = config.get("core", "account")?;
    config.credentials(&account).is_some_and(|path| path.is_file()).then_some(account)
}

/// Reads the credentials of an account.
pub(super) fn read(choice: &Choice, builder: &AdcBuilder) -> Result<Source, AuthError> {
    let missing = |message: String| AuthError::new(AuthErrorKind::NotFound, message);
    let config = Config::read(&builder.environment)
        .ok_or_else(|| missing("there is no home directory with accounts of gcloud".to_owned()))?;
    let account = match choice {
        Choice::Named(email) => email.clone(),
        Choice::Active => config.get("core", "account").ok_or_else(|| {
            missing("gcloud has no active account: run `gcloud auth login`".to_owned())
        })?,
    };
    let path = config.credentials(&account).filter(|path| path.is_file()).ok_or_else(|| {
        let folder = shown_path(&config.folder);
        missing(format!(
            "gcloud has no credentials of the account {account:?} in {folder}: run `gcloud auth \
             login` with this account"
        ))
    })?;
    let mut source = config.source(&path, builder)?;
    source.description = format!("gcloud's account {account} ({})", shown_path(&path));
    Ok(config.impersonated(source))
}

/// Configuration of gcloud. Environment variables take precedence over the file, as in gcloud.
struct Config<'a> {
    environment: &'a Environment,
    folder: PathBuf,
    text: String,
}

impl<'a> Config<'a> {
    fn read(environment: &'a Environment) -> Option<Self> {
        let folder = folder(environment)?;
        let text = |path: PathBuf| std::fs::read_to_string(path).unwrap_or_default();
        let name = environment.get("CLOUDSDK_ACTIVE_CONFIG_NAME");
        let name = name.unwrap_or_else(|| text(folder.join("active_config")).trim().to_owned());
        let name = if name.is_empty() { "default" } else { &name };
        let text = match is_file_name(name) {
            true => text(folder.join("configurations").join(format!("config_{name}"))),
            false => String::new(),
        };
        Some(Self { environment, folder, text })
    }

    /// Returns a property: `CLOUDSDK_SECTION_KEY`, or a line `key = value` below `[section]`.
    fn get(&self, section: &str, key: &str) -> Option<String> {
        let variable = format!("CLOUDSDK_{section}_{key}").to_ascii_uppercase();
        self.environment.get(&variable).or_else(|| {
            let value = property(&self.text, section, key)?;
            (!value.is_empty()).then(|| value.to_owned())
        })
    }

    fn credentials(&self, account: &str) -> Option<PathBuf> {
        let folder = self.folder.join("legacy_credentials");
        is_file_name(account).then(|| folder.join(account).join("adc.json"))
    }

    /// Returns the project that calls of a user are billed to.
    fn quota_project(&self) -> Option<String> {
        match self.get("billing", "quota_project").as_deref() {
            None | Some("CURRENT_PROJECT" | "CURRENT_PROJECT_WITH_FALLBACK") => {
                self.get("core", "project")
            }
            // The project of the resource, which a call bills by itself.
            Some("LEGACY") => None,
            Some(project) => Some(project.to_owned()),
        }
    }

    fn source(&self, path: &Path, builder: &AdcBuilder) -> Result<Source, AuthError> {
        let text = read_text(path, "gcloud's credential file")?;
        let user = serde_json::from_str(&text).ok().filter(|file: &Value| {
            file["type"] == "authorized_user" && file.get("quota_project_id").is_none()
        });
        let (Some(mut file), Some(project)) = (user, self.quota_project()) else {
            return file::parse(&text, &shown_path(path), builder);
        };
        file["quota_project_id"] = json!(project);
        file::parse(&file.to_string(), &shown_path(path), builder)
    }

    /// Impersonates the service account of the configuration: the last of a list, by way of the
    /// others.
    fn impersonated(&self, source: Source) -> Source {
        let Some(list) = self.get("auth", "impersonate_service_account") else { return source };
        let mut emails: Vec<&str> = list.split(',').map(str::trim).collect();
        let target = emails.pop().unwrap_or_default();
        let description = format!("{target}, impersonated by {}", source.description);
        let mut account = Impersonated::new(Cached::new(source.provider), target);
        account = account.with_delegates(emails);
        if let Some(project) = &source.quota_project {
            account = account.with_quota_project(project.as_str());
        }
        let quota_project = source.quota_project;
        Source { quota_project, ..Source::with_id_tokens(account, description) }
    }
}

/// Returns `true` if `name` stays within its folder.
fn is_file_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\', ':', '\0']) && !name.starts_with('.')
}

fn property<'a>(text: &'a str, section: &str, key: &str) -> Option<&'a str> {
    let mut inside = false;
    let mut found = None;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            inside = name.trim() == section;
        } else if let Some((name, value)) = line.split_once('=')
            && inside
            && name.trim() == key
        {
            found = Some(value.trim());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_read() {
        let text = "# x\n[core]\naccount = a@b\nproject=p\n[billing]\naccount = other\n\n[core]\n";
        assert_eq!(property(text, "core", "account"), Some("a@b"));
        assert_eq!(property(text, "core", "project"), Some("p"));
        assert_eq!(property(text, "billing", "account"), Some("other"));
        assert_eq!(property(text, "billing", "project"), None);
        assert_eq!(property("account = a", "core", "account"), None);
    }

    #[test]
    fn names_stay_in_their_folder() {
        for (name, good) in [("me@x.org", true), ("..", false), ("a/../b", false), ("", false)] {
            assert_eq!(is_file_name(name), good, "{name}");
        }
    }
}
