//! Programs that print a token ([AIP-4117](https://google.aip.dev/auth/4117)).

use super::subject::ACTION;
use crate::auth::environment::Environment;
use crate::auth::oauth::string;
use crate::auth::{AuthContext, AuthError, AuthErrorKind, Secret};
use crate::clock::timeout_at;
use serde_json::{Map, Value};
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Variable that permits credential files to run programs.
const PERMISSION: &str = "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES";
/// Maximum size of what a program prints.
const OUTPUT_LIMIT: u64 = 256 * 1024;
/// Time between two looks at a program that has closed its output.
const PAUSE: Duration = Duration::from_millis(5);

/// A program of a credential file.
#[derive(Debug)]
pub(in crate::auth) struct Executable {
    pub(in crate::auth) environment: Environment,
    pub(in crate::auth) command: String,
    pub(in crate::auth) timeout: Duration,
    /// Where the program keeps its answer while it is valid.
    pub(in crate::auth) output_file: Option<PathBuf>,
    /// Account to be impersonated with the token, which the program is told.
    pub(in crate::auth) impersonated: Option<String>,
}

impl Executable {
    /// Returns the program's token. It runs only with the permission of the environment, since a
    /// credential file must not be able to run programs by itself.
    pub(super) async fn token(
        &self,
        cx: &AuthContext,
        audience: &str,
        token_type: &str,
    ) -> Result<Secret, AuthError> {
        if self.environment.get(PERMISSION).as_deref() != Some("1") {
            let message = format!(
                "the credential file names a program, which is not run without permission: set \
                 {PERMISSION} to 1 if you trust the file"
            );
            return Err(AuthError::new(AuthErrorKind::Invalid, message));
        }
        let now = cx.clock().unix();
        if let Some(token) = self.kept(now) {
            return Ok(token);
        }
        let (command, timeout) = (self.command(audience, token_type)?, self.timeout);
        let (done, answer) = tokio::sync::oneshot::channel();
        let start = std::thread::Builder::new().name("credentials".to_owned());
        let started = start.spawn(move || drop(done.send(run(command, timeout))));
        started.map_err(|error| failed(&format!("cannot be run: {error}")))?;
        let text = match timeout_at(&**cx.clock(), cx.deadline(), answer).await {
            Ok(Ok(output)) => output.map_err(|why| failed(&why))?,
            Ok(Err(_)) => return Err(failed("ended without a result")),
            Err(_) => return Err(AuthError::timeout(ACTION)),
        };
        let answer = Answer::parse(&text).ok_or_else(|| failed("printed no JSON object"))?;
        answer.token(now, self.output_file.is_some())
    }

    /// Returns the token of the output file if it is still valid.
    fn kept(&self, now: Duration) -> Option<Secret> {
        let text = std::fs::read_to_string(self.output_file.as_ref()?).ok()?;
        Answer::parse(&text)?.token(now, true).ok()
    }

    fn command(&self, audience: &str, token_type: &str) -> Result<Command, AuthError> {
        let mut words = self.command.split_whitespace();
        let program = words.next().ok_or_else(|| failed("has no name"))?;
        let mut command = Command::new(program);
        command
            .args(words)
            .env("GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE", audience)
            .env("GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE", token_type)
            .env("GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some(email) = &self.impersonated {
            command.env("GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL", email);
        }
        if let Some(file) = &self.output_file {
            command.env("GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", file);
        }
        Ok(command)
    }
}

/// Runs a program and returns what it prints.
fn run(mut command: Command, timeout: Duration) -> Result<String, String> {
    let end = Instant::now() + timeout;
    let mut child = command.spawn().map_err(|error| format!("cannot be run: {error}"))?;
    let (done, printed) = mpsc::channel();
    if let Some(output) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut text = String::new();
            let read = output.take(OUTPUT_LIMIT).read_to_string(&mut text);
            let _ = done.send(read.map(|_| text));
        });
    }
    let printed = printed.recv_timeout(timeout);
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if printed.is_ok() && Instant::now() < end => std::thread::sleep(PAUSE),
            Ok(None) | Err(_) => break None,
        }
    };
    let Some(status) = status else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!("did not end within {timeout:?} and was stopped"));
    };
    match printed {
        // A program that fails may say why in its answer.
        Ok(Ok(text)) if status.success() || !text.trim().is_empty() => Ok(text),
        Ok(Ok(_)) => Err(format!("failed ({status})")),
        Ok(Err(_)) | Err(_) => Err("printed no text".to_owned()),
    }
}

fn failed(why: &str) -> AuthError {
    let message = format!("the program of the credential file {why}");
    AuthError::new(AuthErrorKind::Invalid, message)
}

/// What a program prints.
struct Answer(Map<String, Value>);

impl Answer {
    fn parse(text: &str) -> Option<Self> {
        match serde_json::from_str(text) {
            Ok(Value::Object(object)) => Some(Self(object)),
            _ => None,
        }
    }

    fn token(&self, now: Duration, must_expire: bool) -> Result<Secret, AuthError> {
        if self.0.get("version").and_then(Value::as_u64) != Some(1) {
            return Err(failed("answers in another version of the protocol than 1"));
        }
        if self.0.get("success").and_then(Value::as_bool) != Some(true) {
            let code = string(&self.0, "code").unwrap_or("unknown");
            let message = string(&self.0, "message").unwrap_or("no message");
            let shown: String = message.chars().filter(|c| !c.is_control()).take(300).collect();
            return Err(failed(&format!("reports an error: {shown} (code {code})")));
        }
        match self.0.get("expiration_time").and_then(Value::as_u64) {
            Some(at) if at <= now.as_secs() => return Err(failed("gave an expired token")),
            None if must_expire => return Err(failed("gave a token without expiration_time")),
            _ => {}
        }
        let member = match string(&self.0, "token_type") {
            Some("urn:ietf:params:oauth:token-type:saml2") => "saml_response",
            Some(
                "urn:ietf:params:oauth:token-type:jwt"
                | "urn:ietf:params:oauth:token-type:id_token",
            ) => "id_token",
            _ => return Err(failed("gave a token of an unknown type")),
        };
        let token = string(&self.0, member).filter(|token| !token.is_empty());
        token.map(Secret::from).ok_or_else(|| failed(&format!("gave no {member}")))
    }
}
