//! `regen` in small clones: which one it works on, and what it removes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

#[cfg(unix)]
mod odd;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A clone with this repository's templates and small documents.
struct Clone {
    root: PathBuf,
}

/// Result of a command.
struct Output {
    success: bool,
    text: String,
}

impl Clone {
    fn new(root: PathBuf) -> Self {
        let repository = std::env::current_dir().unwrap().parent().unwrap().to_owned();
        fs::create_dir_all(root.join("discovery")).unwrap();
        fs::create_dir_all(root.join("hand/src")).unwrap();
        let manifest = fs::read_to_string(repository.join("Cargo.toml")).unwrap();
        let members = manifest.lines().find(|line| line.starts_with("members")).unwrap();
        let manifest = manifest
            .replace(members, "members = [\"generated/*\", \"hand\"]")
            .replace("path = \"", &format!("path = \"{}/", repository.display()));
        let clone = Self { root };
        clone.put("Cargo.toml", &manifest);
        clone.put("hand/Cargo.toml", "[package]\nname = \"hand\"\nversion = \"0.1.0\"\n");
        clone.put("hand/src/lib.rs", "");
        let document = repository.join("generator/tests/shapes/updates/discovery.json");
        let document = fs::read_to_string(document).unwrap();
        for name in ["tiny", "other"] {
            let document = document.replace("\"tiny", &format!("\"{name}"));
            clone.put(&format!("discovery/{name}.json"), &document);
        }
        clone
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn apis(&self, apis: &[(&str, &[&str])]) {
        let entry = |(name, products): &(&str, &[&str])| {
            format!(
                "{{\"id\":\"{name}:v1\",\"document\":\"{name}.json\",\"products\":{products:?}}}"
            )
        };
        let entries: Vec<String> = apis.iter().map(entry).collect();
        let runtime = std::env::current_dir().unwrap().parent().unwrap().join("runtime");
        let list =
            format!("{{\"runtime\":{{\"path\":{runtime:?}}},\"apis\":[{}]}}", entries.join(","));
        self.put("discovery/apis.json", &list);
    }

    /// Writes a catalog of `tiny` with some of its methods.
    fn methods(&self, patterns: &[&str]) {
        self.apis(&[("tiny", ALL)]);
        let list = fs::read_to_string(self.root.join("discovery/apis.json")).unwrap();
        let with = format!("\"methods\":{patterns:?},\"products\"");
        self.put("discovery/apis.json", &list.replace("\"products\"", &with));
    }

    fn command(&self, folder: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-discovery"));
        command.arg("discovery").args(args).current_dir(self.root.join(folder));
        command
    }

    fn run(&self, folder: &str, args: &[&str]) -> Output {
        let output = self.command(folder, args).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        Output { success: output.status.success(), text: String::from_utf8(text).unwrap() }
    }

    #[track_caller]
    fn regen(&self, more: &[&str]) -> String {
        let output = self.run(".", &[&["regen"], more].concat());
        assert!(output.success, "{}", output.text);
        self.cargo_reads_it();
        output.text
    }

    #[track_caller]
    fn refused(&self, more: &[&str]) -> String {
        let output = self.run(".", &[&["regen"], more].concat());
        assert!(!output.success, "{}", output.text);
        output.text
    }

    #[track_caller]
    fn cargo_reads_it(&self) {
        let output = Command::new(std::env::var_os("CARGO").unwrap())
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .current_dir(&self.root)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Returns the folders in `generated/`.
    fn packages(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.root.join("generated")) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Returns every file below the root with its text.
    fn files(&self) -> Vec<(PathBuf, String)> {
        let (mut out, mut work) = (Vec::new(), vec![self.root.clone()]);
        while let Some(path) = work.pop() {
            if path.is_dir() {
                work.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            } else if let Ok(text) = fs::read_to_string(&path) {
                out.push((path, text));
            }
        }
        out.sort();
        out
    }
}

const ALL: &[&str] = &["client", "cli", "mock", "docs"];

#[test]
fn the_current_folders_workspace_is_used() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().canonicalize().unwrap();
    let (a, b) = (Clone::new(dir.join("a")), Clone::new(dir.join("b")));
    a.apis(&[("tiny", &["client"])]);
    b.apis(&[("other", &["client"])]);

    let output = a.run(".", &["regen"]);
    assert!(output.success && !output.text.contains("working on"), "{}", output.text);
    assert_eq!((a.packages(), b.packages()), (vec!["tiny-v1".to_owned()], Vec::new()));

    let output = b.run("discovery", &["regen"]);
    let note = format!("note: working on {}\n", b.root.display());
    assert!(output.success && output.text.contains(&note), "{}", output.text);
    assert_eq!(
        (a.packages(), b.packages()),
        (vec!["tiny-v1".to_owned()], vec!["other-v1".to_owned()])
    );

    let elsewhere = Clone { root: dir };
    let output = elsewhere.run(".", &["regen", "--check"]);
    assert!(!output.success && output.text.contains("has discovery/apis.json"), "{}", output.text);
}

#[test]
fn apis_no_longer_in_the_catalog_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    let clone = Clone::new(dir.path().join("a"));
    clone.apis(&[("tiny", ALL), ("other", ALL)]);
    clone.regen(&[]);
    clone.regen(&["--check"]);

    // An API with generated files only.
    clone.apis(&[("tiny", ALL)]);
    let before = clone.files();
    let check = clone.refused(&["--check"]);
    for folder in ["other-v1:", "other-v1-cli:", "other-v1-mock:"] {
        assert!(check.contains(&format!("removed generated/{folder}")), "{folder}: {check}");
    }
    assert_eq!(clone.files(), before, "--check writes nothing");
    clone.regen(&["--api", "tiny:v1", "--check"]);
    assert_eq!(clone.files(), before, "--api leaves others alone");
    clone.regen(&[]);
    assert_eq!(clone.packages(), ["tiny-v1", "tiny-v1-cli", "tiny-v1-mock"]);
    clone.regen(&["--check"]);

    // A product, with a user's file in its folder.
    clone.put("generated/tiny-v1-cli/tests/mine.rs", "// by hand\n");
    clone.apis(&[("tiny", &["client", "mock", "docs"])]);
    assert!(clone.refused(&["--check"]).contains("generated/tiny-v1-cli/tests/mine.rs"));
    let told = clone.regen(&["--api", "tiny:v1"]);
    assert!(told.contains("generated/tiny-v1-cli/tests/mine.rs"), "{told}");
    assert!(told.contains("Cargo.toml: `members` and `exclude`"), "{told}");
    let cli = clone.root.join("generated/tiny-v1-cli");
    assert_eq!(fs::read_dir(&cli).unwrap().count(), 1, "only the user's folder is left");
    let told = clone.regen(&["--check"]);
    assert!(!told.contains("kept"), "{told}");

    // The product is added again: its package is a member again.
    clone.apis(&[("tiny", ALL)]);
    clone.regen(&[]);
    let manifest = fs::read_to_string(clone.root.join("Cargo.toml")).unwrap();
    assert!(!manifest.contains("exclude") && cli.join("tests/mine.rs").exists(), "{manifest}");
    clone.regen(&["--check"]);
}

#[test]
fn renamed_packages_move() {
    let dir = tempfile::tempdir().unwrap();
    let clone = Clone::new(dir.path().join("a"));
    clone.apis(&[("tiny", ALL), ("other", &["client"])]);
    clone.regen(&[]);
    // Package names of an older version of the generator.
    fs::rename(clone.root.join("generated/tiny-v1"), clone.root.join("generated/small-v1"))
        .unwrap();
    clone.refused(&["--check", "--api", "tiny:v1"]);
    clone.regen(&["--api", "tiny:v1"]);
    assert_eq!(clone.packages(), ["other-v1", "tiny-v1", "tiny-v1-cli", "tiny-v1-mock"]);
}

#[test]
fn used_packages_are_not_removed() {
    let dir = tempfile::tempdir().unwrap();
    let clone = Clone::new(dir.path().join("a"));
    clone.apis(&[("tiny", ALL), ("other", &["client"])]);
    clone.regen(&[]);
    let hand = "[package]\nname = \"hand\"\nversion = \"0.1.0\"\n";
    let user = "[target.'cfg(unix)'.dev-dependencies]\nx = { path = \"../generated/other-v1\" }\n";
    clone.put("hand/Cargo.toml", &format!("{hand}{user}"));
    clone.apis(&[("tiny", ALL)]);
    for args in [&[][..], &["--check"]] {
        let before = clone.files();
        let told = clone.refused(args);
        assert!(told.contains("hand/Cargo.toml depends on generated/other-v1"), "{told}");
        assert_eq!(clone.files(), before);
    }
    // A command line without its client.
    clone.put("hand/Cargo.toml", hand);
    clone.apis(&[("tiny", &["cli", "mock"])]);
    let before = clone.files();
    let told = clone.refused(&[]);
    assert!(told.contains("tiny-v1"), "{told}");
    assert_eq!(clone.files(), before);
}

#[test]
fn products_contain_only_selected_methods() {
    let dir = tempfile::tempdir().unwrap();
    let (some, deleted) = (Clone::new(dir.path().join("a")), Clone::new(dir.path().join("b")));
    some.methods(&["buckets.*", "!buckets.p*", "!buckets.rename", "!buckets.replace"]);
    some.regen(&[]);
    some.regen(&["--check"]);

    // The same document, with everything else deleted by hand.
    let path = deleted.root.join("discovery/tiny.json");
    let mut document: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let keep = |part: &mut serde_json::Value, names: &[&str]| {
        part.as_object_mut().unwrap().retain(|name, _| names.contains(&name.as_str()));
    };
    keep(&mut document["schemas"], &["Bucket"]);
    keep(&mut document["resources"], &["buckets"]);
    keep(&mut document["resources"]["buckets"]["methods"], &["get"]);
    deleted.put("discovery/tiny.json", &document.to_string());
    deleted.apis(&[("tiny", ALL)]);
    deleted.regen(&[]);
    let generated = |clone: &Clone| -> Vec<(PathBuf, String)> {
        let inside = |(path, text): (PathBuf, String)| {
            Some((path.strip_prefix(clone.root.join("generated")).ok()?.to_owned(), text))
        };
        clone.files().into_iter().filter_map(inside).collect()
    };
    let (some, deleted) = (generated(&some), generated(&deleted));
    assert!(some.len() > 30, "{} files", some.len());
    for (a, b) in some.iter().zip(&deleted) {
        assert_eq!(a, b);
    }
    assert_eq!(some.len(), deleted.len());
}

#[test]
fn invalid_selections_are_rejected() {
    let dir = tempfile::tempdir().unwrap();
    let clone = Clone::new(dir.path().join("a"));
    clone.methods(&["buckets.get"]);
    clone.regen(&[]);
    for (patterns, told) in [
        (&["buckets.get", "bucket.*"][..], "did you mean `buckets.*`?"),
        (&["tiny.buckets.get"], "did you mean `buckets.get`?"),
        (&["buckets"], "did you mean `buckets.*`?"),
        (&["buckets.get", "!buckets.*"], "selects no method"),
        (&[], "selects no method"),
        (&["buckets get"], "there is a space in it"),
    ] {
        clone.methods(patterns);
        let before = clone.files();
        let output = clone.refused(&[]);
        assert!(output.contains("error[select]: discovery/tiny.json#(methods)"), "{output}");
        assert!(output.contains(told), "{patterns:?}: {output}");
        assert_eq!(clone.files(), before, "{patterns:?}: nothing is written");
    }
}

#[test]
fn diffs_cover_only_selected_methods() {
    let dir = tempfile::tempdir().unwrap();
    let clone = Clone::new(dir.path().join("a"));
    let old = fs::read_to_string(clone.root.join("discovery/tiny.json")).unwrap();
    let mut new: serde_json::Value = serde_json::from_str(&old).unwrap();
    new["resources"]["keys"]["methods"].as_object_mut().unwrap().remove("set");
    clone.put("new.json", &new.to_string());
    let diff = || clone.run(".", &["diff", "discovery/tiny.json", "new.json"]).text;
    clone.methods(&["buckets.*"]);
    assert!(diff().contains("no changes"), "{}", diff());
    clone.methods(&["*"]);
    assert!(diff().contains("method removed: tiny.keys.set"), "{}", diff());
    clone.methods(&["buckets.*", "keys.set"]);
    let told = diff();
    assert!(told.contains("method removed: tiny.keys.set"), "{told}");
    let note = "new.json: `keys.set` matches no method of tiny:v1; pattern ignored";
    assert!(told.contains(note), "{told}");
}
