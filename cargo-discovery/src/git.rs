//! Reads files of earlier revisions from git.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

fn git(root: &Path, args: &[&str]) -> Result<std::process::Output, String> {
    Command::new("git")
        .arg("-C")
        .arg(root)
        .args(args)
        .output()
        .map_err(|e| format!("failed to run git: {e}; install it, or pass files instead"))
}

/// Returns the short commit of `revision`; `None` if it does not exist.
pub(crate) fn commit(root: &Path, revision: &str) -> Result<Option<String>, String> {
    if revision.starts_with('-') {
        return Ok(None);
    }
    let spec = format!("{revision}^{{commit}}");
    let output = git(root, &["rev-parse", "--verify", "--quiet", "--short", &spec])?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok((output.status.success() && !text.is_empty()).then_some(text))
}

/// Reads a file of a revision; `None` if it did not exist.
pub(crate) fn file(root: &Path, revision: &str, path: &str) -> Result<Option<String>, String> {
    Ok(files(root, revision, &[path.to_owned()])?.remove(path))
}

/// Reads all files below a folder of a revision, by path from the root of the repository.
pub(crate) fn folder(
    root: &Path,
    revision: &str,
    folder: &str,
) -> Result<BTreeMap<String, String>, String> {
    let output =
        git(root, &["ls-tree", "-r", "-z", "--name-only", "--full-tree", revision, folder])?;
    if !output.status.success() {
        return Err(format!("git ls-tree {revision}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    let names: Vec<String> =
        names.split('\0').filter(|n| !n.is_empty()).map(str::to_owned).collect();
    files(root, revision, &names)
}

/// Reads several files with one process; omits missing ones.
fn files(
    root: &Path,
    revision: &str,
    paths: &[String],
) -> Result<BTreeMap<String, String>, String> {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("failed to run git: {e}"))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else {
        return Err("git cat-file has no input".to_owned());
    };
    let requests: String = paths.iter().map(|p| format!("{revision}:{p}\n")).collect();
    // In a separate thread, because git may block until its output is read.
    let writer = std::thread::spawn(move || stdin.write_all(requests.as_bytes()));
    let read = answers(BufReader::new(stdout), paths);
    let _ = writer.join();
    let _ = child.wait();
    read.map_err(|e| format!("git cat-file: {e}"))
}

fn answers(
    mut from: impl BufRead,
    paths: &[String],
) -> Result<BTreeMap<String, String>, std::io::Error> {
    let mut out = BTreeMap::new();
    for path in paths {
        let mut head = String::new();
        from.read_line(&mut head)?;
        // `<object> blob <size>`, or `<name> missing`.
        let size = head.trim_end().rsplit_once(' ').and_then(|(_, n)| n.parse::<u64>().ok());
        let Some(size) = size else { continue };
        let mut text = Vec::new();
        from.by_ref().take(size + 1).read_to_end(&mut text)?;
        text.pop();
        out.insert(path.clone(), String::from_utf8_lossy(&text).into_owned());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_output_is_parsed() {
        let text = "abc1 blob 3\nx\ny\nHEAD:b missing\nabc2 blob 0\n\n";
        let paths = ["a", "b", "c"].map(str::to_owned);
        let files = answers(text.as_bytes(), &paths).unwrap();
        assert_eq!(files.get("a").map(String::as_str), Some("x\ny"));
        assert_eq!(files.get("c").map(String::as_str), Some(""));
        assert!(!files.contains_key("b"));
    }

    #[test]
    fn options_are_not_revisions() {
        assert_eq!(commit(Path::new("."), "--help"), Ok(None));
    }
}
