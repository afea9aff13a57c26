//! `--edit`: the request in the user's editor.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::app::App;
use crate::body::{Draft, Rules};
use crate::command::Arguments;
use crate::failure::Failure;
use crate::host::{Host, reason};
use crate::issue::Issues;
use crate::plan::{Plan, parse_base};
use crate::settings::Settings;
use crate::{skeleton, yaml};

/// Opens the request of a plan, or a commented form, in the editor. If the text is invalid, it
/// stays in a file, which the message names.
pub(crate) fn edit(
    app: &App,
    plan: &mut Plan,
    arguments: &Arguments,
    host: &Host<'_>,
    settings: &Settings,
    issues: &mut Issues,
) -> Result<(), Failure> {
    let Some(ty) = plan.method.request else { return Ok(()) };
    if settings.access.no_input {
        return Err(Failure::usage("--edit needs a person: drop --no-input"));
    }
    let empty =
        plan.body.as_ref().is_none_or(|body| *body == Value::Object(serde_json::Map::new()));
    let start = match &plan.body {
        Some(body) if !empty => yaml::to_string(body),
        _ => skeleton::text(app, plan.method, "yaml"),
    };
    let failed = |path: &Path, error: &std::io::Error| {
        Failure::config(format!("{} cannot be used: {}", path.display(), reason(error)))
    };
    let folder = host.path(std::env::temp_dir());
    let name = format!("{}-{}-{}", app.name, plan.method.name, std::process::id());
    let path = write_new(&folder, &name, &start).map_err(|error| failed(&folder, &error))?;
    open(host, &path)?;
    let text = fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
    let kept = || format!("your text is kept in {}", path.display());
    if text.trim().is_empty() || (empty && text == start) {
        let _ = fs::remove_file(&path);
        return Err(Failure::usage("nothing was written in the editor; nothing was sent"));
    }
    let (value, yaml) =
        parse_base(&text).map_err(|message| Failure::usage(message).note(kept()))?;
    let rules = Rules { allow_unknown: arguments.has("allow-unknown"), yaml };
    let mut draft = Draft::new(ty, rules);
    draft.base(value, "--edit", rules);
    let (body, found) = draft.finish();
    if found.has_errors() {
        return Err(Failure::issues(&found).note(kept()));
    }
    let _ = fs::remove_file(&path);
    issues.extend(found);
    plan.body = Some(body);
    Ok(())
}

/// Maximum number of saved texts under one name.
const MAX_SAVED: u32 = 1000;

/// Writes a new file; never overwrites a saved text.
fn write_new(folder: &Path, name: &str, text: &str) -> std::io::Result<PathBuf> {
    let mut path = folder.join(format!("{name}.yaml"));
    for number in 1..MAX_SAVED {
        match write_private(&path, text) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                path = folder.join(format!("{name}-{number}.yaml"));
            }
            written => return written.map(|()| path),
        }
    }
    write_private(&path, text).map(|()| path)
}

/// A request may contain secrets: only the user may read the file.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}

/// Runs `$VISUAL` or `$EDITOR`, which may include arguments.
fn open(host: &Host<'_>, path: &Path) -> Result<(), Failure> {
    let usual = if cfg!(windows) { "notepad" } else { "vi" };
    let editor = host.var("VISUAL").or_else(|| host.var("EDITOR")).unwrap_or(usual);
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or(usual);
    let mut command = Command::new(program);
    command.args(words).arg(path);
    // Standard output is for data: the editor uses the terminal directly.
    if !host.terminals.stdout {
        command.stdout(terminal());
    }
    let status = command.status().map_err(|error| {
        Failure::config(format!("the editor '{editor}' cannot be run: {}", reason(&error)))
            .note("set EDITOR to one that can")
    })?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::usage(format!("the editor '{editor}' ended with {status}; nothing was sent"))
        .note(format!("your text is kept in {}", path.display())))
}

fn terminal() -> Stdio {
    let name = if cfg!(windows) { "CONOUT$" } else { "/dev/tty" };
    fs::OpenOptions::new().write(true).open(name).map_or_else(|_| Stdio::null(), Stdio::from)
}
