//! Stored logins: in the system's keyring, or in a file.
//!
//! A login in the keyring has a file, too, which takes the place of the login's own. It has no
//! secret, and makes the account known without a look into the keyring.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use discovery_runtime::BoxFuture;
use discovery_runtime::auth::installed::Grant;
use discovery_runtime::auth::{
    AuthContext, AuthError, AuthErrorKind, AuthorizedUser, Cached, Credentials, Token,
    TokenProvider,
};
use discovery_runtime::file::write_private;
use discovery_runtime::observe::shown_path;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::app::App;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::host::Host;
use crate::keyring::{Entry, Keyring};
use crate::transport::unusable;

/// Type of the file of a login in the keyring.
const IN_KEYRING: &str = "keyring";

/// Where a login is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    File,
    Keyring,
}

/// A stored login.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) path: PathBuf,
    pub(super) place: Place,
    entry: Entry,
}

impl Kept {
    /// Finds the login of an account.
    pub(super) fn find(app: &App, folder: &Folder, account: &str) -> Option<Self> {
        let path = folder.login_of(account);
        let text = path.is_file().then(|| std::fs::read_to_string(&path).unwrap_or_default())?;
        let kind: Option<Value> = serde_json::from_str(&text).ok();
        let in_keyring = kind.is_some_and(|file| file["type"] == IN_KEYRING);
        let place = if in_keyring { Place::Keyring } else { Place::File };
        Some(Self { path, place, entry: entry(app, folder, account) })
    }

    /// Says where the login is, after `the login`.
    pub(super) fn origin(&self) -> String {
        match self.place {
            Place::File => format!("in {}", shown_path(&self.path)),
            Place::Keyring => format!("of '{}' in the system's keyring", self.entry.account),
        }
    }

    /// Returns its credentials. The keyring is asked only for a token.
    pub(super) fn credentials(&self, host: &Host<'_>) -> Result<Arc<dyn Credentials>, AuthError> {
        Ok(match self.place {
            Place::File => Arc::new(Grant::load(&self.path)?.credentials()),
            Place::Keyring => {
                let keyring = Keyring::find(host).map_err(str::to_owned);
                let (entry, user) = (self.entry.clone(), OnceLock::new());
                Arc::new(Cached::new(InKeyring { keyring, entry, user }))
            }
        })
    }

    /// Reads the login.
    pub(super) fn load(&self, host: &Host<'_>) -> Result<Grant, AuthError> {
        match self.place {
            Place::File => Grant::load(&self.path),
            Place::Keyring => load(&Keyring::find(host).map_err(str::to_owned), &self.entry),
        }
    }

    /// Deletes the login, that in the keyring first.
    pub(super) fn delete(&self, host: &Host<'_>) -> Result<(), Failure> {
        if self.place == Place::Keyring {
            let deleted = Keyring::find(host).map_err(str::to_owned);
            let deleted = deleted.and_then(|keyring| keyring.delete(&self.entry));
            deleted.map_err(|why| unusable(&unreachable(&self.entry, &why)))?;
        }
        std::fs::remove_file(&self.path).map_err(|error| {
            Failure::config(format!("{} cannot be deleted: {error}", self.path.display()))
        })
    }
}

/// Stores the login of an account: in `place`, or else in the keyring if there is one that works.
/// Returns where, and why it is not in the keyring.
pub(super) fn keep(
    app: &App,
    folder: &Folder,
    account: &str,
    grant: &Grant,
    place: Option<Place>,
    host: &Host<'_>,
) -> Result<(Kept, Option<String>), Failure> {
    let entry = entry(app, folder, account);
    let path = folder.login_of(account);
    let before = Kept::find(app, folder, account);
    let mut why = None;
    if place != Some(Place::File) {
        match into_keyring(&entry, &path, grant, host) {
            Ok(()) => return Ok((Kept { path, place: Place::Keyring, entry }, None)),
            Err(error) if place.is_some() => return Err(no_keyring(&error)),
            Err(error) => why = Some(error),
        }
    }
    grant.save(&path).map_err(|error| Failure::config(error.to_string()))?;
    if before.is_some_and(|before| before.place == Place::Keyring)
        && let Ok(keyring) = Keyring::find(host)
        && let Err(error) = keyring.delete(&entry)
    {
        let warning = format!("the earlier login stays in the system's keyring: {error}");
        host.print_tagged(&crate::style::warning("warning"), &warning);
    }
    Ok((Kept { path, place: Place::File, entry }, why))
}

/// Fails if the user wants the keyring and there is none.
pub(super) fn check(place: Option<Place>, host: &Host<'_>) -> Result<(), Failure> {
    match Keyring::find(host) {
        Err(why) if place == Some(Place::Keyring) => Err(no_keyring(why)),
        _ => Ok(()),
    }
}

fn no_keyring(why: &str) -> Failure {
    Failure::config(format!("the system's keyring cannot be used: {why}"))
        .note("--store file stores the login in a file that only you can read")
}

fn entry(app: &App, folder: &Folder, account: &str) -> Entry {
    Entry { program: app.name, account: account.to_owned(), folder: folder.path.clone() }
}

fn into_keyring(entry: &Entry, path: &Path, grant: &Grant, host: &Host<'_>) -> Result<(), String> {
    let login = grant.to_json();
    Keyring::find(host)?.store(entry, login.expose())?;
    let hash = digest(&SHA256, login.expose().as_bytes());
    let version: String = hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    // The version tells logins apart for whom the state of uploads is kept.
    let file = json!({"type": IN_KEYRING, "account": entry.account, "version": version});
    write_private(path, format!("{file:#}\n").as_bytes()).map_err(|error| {
        format!("{} cannot be written: {}", path.display(), crate::host::reason(&error))
    })
}

fn load(keyring: &Result<Keyring, String>, entry: &Entry) -> Result<Grant, AuthError> {
    let keyring = keyring.as_ref().map_err(|why| unreachable(entry, why))?;
    let text = keyring.load(entry).map_err(|why| unreachable(entry, &why))?;
    let text = text.ok_or_else(|| unreachable(entry, "it has no such entry, or is locked"))?;
    Grant::from_json(&text).map_err(|error| unreachable(entry, &error.to_string()))
}

fn unreachable(entry: &Entry, why: &str) -> AuthError {
    let Entry { program, account, .. } = entry;
    let message = format!(
        "the login of '{account}' is in the system's keyring, which cannot be used: {why}; sign in \
         again with '{program} auth login {account} --store file'"
    );
    AuthError::new(AuthErrorKind::NotFound, message)
}

/// A login that is read from the keyring when a token is needed.
#[derive(Debug)]
struct InKeyring {
    keyring: Result<Keyring, String>,
    entry: Entry,
    user: OnceLock<AuthorizedUser>,
}

impl TokenProvider for InKeyring {
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>> {
        Box::pin(async move {
            let user = match self.user.get() {
                Some(user) => user,
                None => {
                    let user = load(&self.keyring, &self.entry)?.user();
                    self.user.get_or_init(|| user)
                }
            };
            user.fetch(cx).await
        })
    }

    fn scoped(&self) -> bool {
        false
    }
}
