//! Names of files, as git checks them for every system.

use super::Found;
use super::crates::{Crates, empty};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Adds every file to an index that protects what Windows and macOS cannot have.
pub(super) fn read(crates: &Crates) -> Result<Found, String> {
    let folder = crates.folder.join("git");
    empty(&folder)?;
    git(&folder, &["init", "--quiet"], "")?;
    let blob = git(&folder, &["hash-object", "-w", "--stdin"], "x")?;
    let (mut index, mut faults, mut count) = (String::new(), Vec::new(), 0);
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    for (path, _) in crates.apis.iter().flat_map(|api| api.tree.iter()) {
        index.push_str(&format!("100644 {}\t{path}\0", blob.trim()));
        count += 1;
        if let Some(other) = folded.insert(path.to_lowercase(), path) {
            faults.push(format!("{path} and {other} are one file on some systems"));
        }
    }
    let strict = ["-c", "core.protectNTFS=true", "-c", "core.protectHFS=true"];
    let add = [&strict[..], &["update-index", "--add", "-z", "--index-info"]].concat();
    faults.extend(git(&folder, &add, &index).err());
    let tree = git(&folder, &["write-tree"], "")?;
    let listed = git(&folder, &["ls-tree", "-r", "-z", "--name-only", tree.trim()], "")?;
    let kept = listed.split('\0').filter(|path| !path.is_empty()).count();
    if kept != count {
        faults.push(format!("git keeps {kept} of {count} files"));
    }
    faults.extend(git(&folder, &["fsck", "--strict"], "").err());
    Ok(Found { count, things: "files", faults })
}

fn git(folder: &Path, args: &[&str], input: &str) -> Result<String, String> {
    let failed = |e: std::io::Error| format!("git: {e}");
    let mut command = Command::new("git");
    command.args(args).current_dir(folder).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.success() && !errors.contains("error") {
        Ok(text)
    } else {
        Err(errors.into_owned())
    }
}
