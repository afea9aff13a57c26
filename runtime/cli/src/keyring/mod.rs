//! The system's keyring, by the program that comes with it: `secret-tool` of libsecret, or
//! `security` of macOS.
//!
//! Secrets are passed through pipes, since other users of the machine can see arguments.

mod process;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use self::process::{Output, run};
use crate::host::Host;

/// Time limit with a terminal, whose user may have to unlock the keyring.
const PATIENCE: Duration = Duration::from_secs(60);

/// Time limit without one.
const HASTE: Duration = Duration::from_secs(10);

/// The program of a keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The Secret Service of the session: GNOME, KDE, and others.
    SecretTool,
    /// The keychain of macOS.
    Security,
}

/// A keyring.
#[derive(Clone, Debug)]
pub(crate) struct Keyring {
    kind: Kind,
    program: PathBuf,
    env: BTreeMap<String, String>,
    limit: Duration,
}

/// Names a secret. The folder of the configuration tells apart logins that share an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) program: &'static str,
    pub(crate) account: String,
    pub(crate) folder: PathBuf,
}

impl Keyring {
    /// Returns the keyring of a run.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub(crate) fn find(host: &Host<'_>) -> Result<Self, &'static str> {
        let (kind, name, missing) = if cfg!(target_os = "macos") {
            (Kind::Security, "security", "the program 'security' is missing")
        } else if cfg!(unix) {
            if !has_session_bus(host) {
                return Err("there is no session bus");
            }
            let missing = "the program 'secret-tool' is missing (package libsecret-tools)";
            (Kind::SecretTool, "secret-tool", missing)
        } else {
            return Err("this system has no program for its keyring");
        };
        let limit = if host.terminals.stderr { PATIENCE } else { HASTE };
        let program = on_path(name, host).ok_or(missing)?;
        Ok(Self { kind, program, env: host.env.clone(), limit })
    }

    /// Stores a secret, and checks that it can be read back.
    pub(crate) fn store(&self, entry: &Entry, secret: &str) -> Result<(), String> {
        let output = match self.kind {
            Kind::SecretTool => {
                let label = format!("--label={} login of {}", entry.program, entry.account);
                self.run(&["store", &label], entry, secret)?
            }
            Kind::Security => {
                let (service, account) = (service(entry), &entry.account);
                let secret = STANDARD.encode(secret);
                let line =
                    format!("add-generic-password -U -s {service} -a {account} -w {secret}\n");
                run(self.command().arg("-i"), &line, self.limit)?
            }
        };
        if !output.success {
            return Err(output.why());
        }
        match self.load(entry)? {
            Some(kept) if kept == secret => Ok(()),
            _ => Err("it does not return what it was given".to_owned()),
        }
    }

    /// Returns a secret, or `None` if there is none.
    pub(crate) fn load(&self, entry: &Entry) -> Result<Option<String>, String> {
        let verb = match self.kind {
            Kind::SecretTool => &["lookup"][..],
            Kind::Security => &["find-generic-password", "-w"],
        };
        let output = self.run(verb, entry, "")?;
        if !output.success {
            return if self.is_absent(&output) { Ok(None) } else { Err(output.why()) };
        }
        let text = output.stdout.trim_end_matches('\n');
        if self.kind == Kind::SecretTool {
            return Ok(Some(text.to_owned()));
        }
        let bytes = STANDARD.decode(text).ok();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        text.map(Some).ok_or_else(|| "it returns another text than it was given".to_owned())
    }

    /// Deletes a secret, if there is one.
    pub(crate) fn delete(&self, entry: &Entry) -> Result<(), String> {
        let verb = match self.kind {
            Kind::SecretTool => "clear",
            Kind::Security => "delete-generic-password",
        };
        let output = self.run(&[verb], entry, "")?;
        if output.success || self.is_absent(&output) { Ok(()) } else { Err(output.why()) }
    }

    /// Returns `true` if a failure says that there is no such secret.
    fn is_absent(&self, output: &Output) -> bool {
        match self.kind {
            // It has no status of its own for that, and no message.
            Kind::SecretTool => output.status == Some(1) && output.stderr.trim().is_empty(),
            // errSecItemNotFound
            Kind::Security => output.status == Some(44),
        }
    }

    /// Runs the program with the name of a secret.
    fn run(&self, words: &[&str], entry: &Entry, input: &str) -> Result<Output, String> {
        let mut command = self.command();
        command.args(words);
        match self.kind {
            Kind::SecretTool => {
                command.args(["program", entry.program, "account", &entry.account, "folder"]);
                command.arg(&entry.folder)
            }
            Kind::Security => command.args(["-s", &service(entry), "-a", &entry.account]),
        };
        run(&mut command, input, self.limit)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env_clear().envs(&self.env);
        command
    }
}

/// Returns `true` if the session has a bus. Without one, `secret-tool` would try to start one.
fn has_session_bus(host: &Host<'_>) -> bool {
    let socket = || host.var("XDG_RUNTIME_DIR").map(|folder| Path::new(folder).join("bus"));
    host.var("DBUS_SESSION_BUS_ADDRESS").is_some() || socket().is_some_and(|path| path.exists())
}

/// Finds a program in the folders of `PATH`.
fn on_path(name: &str, host: &Host<'_>) -> Option<PathBuf> {
    let folders = std::env::split_paths(host.var("PATH")?);
    folders.map(|folder| host.path(folder).join(name)).find(|path| path.is_file())
}

/// Returns the name of the service of a macOS entry. `security` splits its input into words, so
/// characters other than those of usual paths are encoded.
fn service(entry: &Entry) -> String {
    let mut out = format!("{}:", entry.program);
    for byte in entry.folder.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/._@+-".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests;
