//! Configuration files.

use std::path::PathBuf;
use std::sync::LazyLock;

use super::cli::second_part;
use super::program::{Run, read_line, two_parts};
use crate::engine::{Bounds, Target};

/// A command line and its configuration file.
pub(super) const CONFIG: Target =
    Target::new("config", "a configuration is used, or refused with a message", config)
        .make(second_part)
        .words(&[
            "profile: ",
            "profiles:\n  ",
            "endpoint: ",
            "scopes: [",
            "account: ",
            "quota-project: ",
            "read-only: true",
            "allow: ['*.list']",
            "deny: [",
            "ca-file: ",
            "subject: ",
            "parameters: {",
            "format: yaml",
            "timeout: 1",
            "jobs.projects.*",
            "!",
            "*",
            "&a ",
            "*a",
            "http://127.0.0.1:9",
        ])
        .bounds(Bounds { input: 4096, fixed: 64 << 20, per_byte: 64 << 10 });

/// A folder of this process.
static FOLDER: LazyLock<std::io::Result<PathBuf>> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("lab-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
});

fn config(input: &[u8]) -> Result<bool, String> {
    let (line, file) = two_parts(input);
    let Some((app, words)) = read_line(line) else { return Ok(false) };
    let folder = FOLDER.as_ref().map_err(|error| format!("folder: {error}"))?;
    std::fs::write(folder.join("config.yaml"), file).map_err(|error| format!("file: {error}"))?;
    let more = ["--config-dir".to_owned(), ".".to_owned()];
    let words: Vec<String> = words.into_iter().chain(more).collect();
    let run = Run { folder: folder.clone(), ..Run::new(app, words) };
    Ok(run.go()?.status == 0)
}
