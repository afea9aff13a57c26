//! `add` and `remove` in an empty folder, a package, and a workspace, and their errors.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A user's folder, with documents next to it.
struct Folder {
    dir: tempfile::TempDir,
}

/// Result of a command.
struct Output {
    success: bool,
    text: String,
}

fn repository() -> PathBuf {
    std::env::current_dir().unwrap().parent().unwrap().to_owned()
}

impl Folder {
    fn new() -> Self {
        let folder = Self { dir: tempfile::tempdir().unwrap() };
        let document = repository().join("generator/tests/shapes/updates/discovery.json");
        let document = fs::read_to_string(document).unwrap();
        for name in ["tiny", "other"] {
            let document = document.replace("\"tiny", &format!("\"{name}"));
            folder.put(&format!("documents/{name}.v1.json"), &document);
        }
        fs::create_dir_all(folder.app()).unwrap();
        folder
    }

    fn app(&self) -> PathBuf {
        self.dir.path().join("app")
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.dir.path().join(path)).unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-discovery"));
        command.arg("discovery").args(args).current_dir(self.app());
        // An unreachable proxy makes network access fail immediately.
        command.env("https_proxy", "http://127.0.0.1:1").env_remove("no_proxy");
        command.env("XDG_CACHE_HOME", self.dir.path().join("cache"));
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        let output = self.command(args).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        Output { success: output.status.success(), text: String::from_utf8(text).unwrap() }
    }

    /// Adds APIs from the documents, with the runtime of this repository.
    fn add(&self, args: &[&str]) -> Output {
        let runtime = repository().join("runtime");
        let more = ["--from", "../documents", "--runtime-path", runtime.to_str().unwrap()];
        self.run(&[&["add"], args, &more].concat())
    }

    #[track_caller]
    fn added(&self, args: &[&str]) -> String {
        let output = self.add(args);
        assert!(output.success, "{}", output.text);
        self.cargo_reads_it();
        output.text
    }

    /// Runs a command that must fail without changing anything.
    #[track_caller]
    fn refused(&self, args: &[&str]) -> String {
        let before = files(self.dir.path());
        let output = self.run(args);
        assert!(!output.success, "{}", output.text);
        assert_eq!(files(self.dir.path()), before, "{}", output.text);
        let errors = output.text.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, 1, "one error: {}", output.text);
        output.text
    }

    /// Returns the members of the workspace according to Cargo.
    #[track_caller]
    fn cargo_reads_it(&self) -> Vec<String> {
        let output = Command::new(std::env::var_os("CARGO").unwrap())
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .current_dir(self.app())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let packages = metadata["packages"].as_array().unwrap().iter();
        let mut names: Vec<String> =
            packages.map(|package| package["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }
}

/// Returns every file with its content, by path.
fn files(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let (mut out, mut work) = (Vec::new(), vec![root.to_owned()]);
    while let Some(path) = work.pop() {
        let kind = fs::symlink_metadata(&path).unwrap();
        if kind.is_dir() {
            work.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            out.push((path, Vec::new()));
        } else if kind.is_file() {
            let text = fs::read(&path).unwrap();
            out.push((path, text));
        }
    }
    out.sort();
    out
}

#[test]
fn an_empty_folder_becomes_a_package() {
    let folder = Folder::new();
    let told = folder.added(&["tiny:v1", "other:v1"]);
    assert!(told.contains("`cargo run` runs it"), "{told}");
    assert_eq!(folder.cargo_reads_it(), ["app", "google-other-v1", "google-tiny-v1"]);
    let manifest = folder.text("app/Cargo.toml");
    assert!(manifest.contains("google-tiny-v1 = { path = \"generated/tiny-v1\" }"), "{manifest}");
    let main = folder.text("app/src/main.rs");
    assert!(main.contains("use google_tiny_v1::Client;"), "{main}");
    let library = folder.text("app/generated/tiny-v1/src/lib.rs");
    let head = "// @generated by cargo discovery regen from discovery/tiny-v1.json. Do not edit.\n";
    assert!(library.starts_with(head), "{library}");
    let output = folder.run(&["regen", "--check"]);
    assert!(output.success, "{}", output.text);
}

#[test]
fn a_package_becomes_a_workspace() {
    let folder = Folder::new();
    let manifest = "# mine\n[package]\nname = \"mine\" # by hand\nversion = \"0.1.0\"\n";
    folder.put("app/Cargo.toml", manifest);
    folder.put("app/src/lib.rs", "");
    let told = folder.added(&["tiny:v1", "--output", "clients/google", "--products", "cli,mock"]);
    for line in [
        "google-tiny-v1 = { path = \"clients/google/tiny-v1\" }",
        "use google_tiny_v1::Client;",
        "cargo run -p google-tiny-v1-cli -- --help",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    let names = ["google-tiny-v1", "google-tiny-v1-cli", "google-tiny-v1-mock", "mine"];
    assert_eq!(folder.cargo_reads_it(), names);
    let text = folder.text("app/Cargo.toml");
    assert!(text.starts_with(manifest), "existing content is kept: {text}");
    assert!(!folder.app().join("src/main.rs").exists(), "existing packages get no program");

    // Adds another API and removes it.
    folder.added(&["other:v1"]);
    assert!(folder.app().join("clients/google/other-v1/Cargo.toml").exists(), "the list's output");
    let output = folder.run(&["remove", "tiny:v1", "other:v1"]);
    assert!(output.success, "{}", output.text);
    assert_eq!(folder.cargo_reads_it(), ["mine"]);
    assert!(
        !folder.app().join("clients").exists() || files(&folder.app().join("clients")).len() < 3
    );
    assert!(!folder.app().join("discovery/tiny-v1.json").exists());
}

#[test]
fn a_member_adds_to_its_workspace() {
    let folder = Folder::new();
    folder.put("app/Cargo.toml", "[workspace]\nmembers = [\"*\"]\nresolver = \"3\"\n");
    folder.put("app/mine/Cargo.toml", "[package]\nname = \"mine\"\nversion = \"0.1.0\"\n");
    folder.put("app/mine/src/lib.rs", "");
    let runtime = repository().join("runtime");
    let output = folder
        .command(&["add", "tiny:v1", "--from", "../../documents", "--runtime-path"])
        .arg(runtime)
        .current_dir(folder.app().join("mine"))
        .output()
        .unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success() && text.contains("note: working on"), "{text}");
    // The pattern also matches folders without a package: they are excluded.
    assert_eq!(folder.cargo_reads_it(), ["google-tiny-v1", "mine"]);
}

#[test]
fn invalid_arguments_cause_one_error() {
    let folder = Folder::new();
    folder.put("documents/wrong.json", &folder.text("documents/tiny.v1.json"));
    folder.put("empty/x", "");
    let runtime = repository().join("runtime");
    let runtime = runtime.to_str().unwrap();
    for (args, told) in [
        (&["add", "tiny", "--from", "../documents"][..], "a name and a version"),
        (&["add", "tiny:v9", "--from", "../documents"], "has none of tiny.v9.json"),
        (
            &["add", "other:v1", "--from", "../documents/wrong.json"],
            "expected other:v1, got tiny:v1",
        ),
        (&["add", "tiny:v1", "--from", "../documents/no.json"], "No such file"),
        (&["add", "tiny:v1", "tiny:v1", "--from", "../documents"], "named twice"),
        (&["add", "tiny:v1", "--from", "../documents", "--output", "../out"], "--output"),
        (&["add", "tiny:v1", "--from", "../documents", "--output", "/tmp/x"], "--output"),
        (&["add", "tiny:v1", "--from", "../documents", "--runtime-path", "../empty"], "no runtime"),
        (
            &["add", "tiny:v1", "--from", "../documents", "--runtime-version", "one"],
            "--runtime-version one",
        ),
        (&["add", "tiny:v1", "--from", "../documents", "--templates", "../empty"], "no templates"),
        (&["add", "tiny:v1", "--from", "ftp://x/y"], "only http, https, and files"),
        (&["regen"], "`cargo discovery add` makes one"),
        (&["remove", "tiny:v1"], "`cargo discovery add` makes one"),
    ] {
        let text = folder.refused(args);
        assert!(text.contains(told), "{args:?}: {text}");
    }
    folder.added(&["tiny:v1"]);
    for (args, told) in [
        (&["add", "tiny:v1", "--from", "../documents"][..], "is in discovery/apis.json already"),
        (&["remove", "other:v1"], "which has tiny:v1"),
        (&["remove", "tiny:v1"], "Cargo.toml depends on generated/tiny-v1"),
        (&["regen", "--api", "other:v1"], "which has tiny:v1"),
        (&["add", "tiny:v1", "--runtime-git", "https://x"], "--runtime-rev"),
    ] {
        let text = folder.refused(args);
        assert!(text.contains(told), "{args:?}: {text}");
    }
    folder.put("app/discovery/apis.json", "{\"apis\": [}");
    let text =
        folder.refused(&["add", "other:v1", "--from", "../documents", "--runtime-path", runtime]);
    assert!(text.contains("discovery/apis.json: expected value"), "{text}");
}

#[test]
fn missing_network_is_reported_and_changes_nothing() {
    let folder = Folder::new();
    let text = folder.refused(&["add", "tiny:v1", "--timeout", "5"]);
    assert!(text.contains("tiny.googleapis.com"), "{text}");
    let text = folder.refused(&["search", "drive", "--timeout", "5"]);
    assert!(text.contains("without a network, pass a file with --from"), "{text}");
}

#[test]
fn files_in_the_way_are_named() {
    let folder = Folder::new();
    folder.put("app/Cargo.toml", "[package]\nname = \"mine\"\nversion = \"0.1.0\"\n");
    folder.put("app/src/lib.rs", "");
    let add = |folder: &Folder| {
        let runtime = repository().join("runtime");
        let runtime = runtime.to_str().unwrap();
        folder.refused(&["add", "tiny:v1", "--from", "../documents", "--runtime-path", runtime])
    };
    folder.put("app/generated/tiny-v1/src/lib.rs", "// mine\n");
    assert!(add(&folder).contains("move them:\n  generated/tiny-v1/src/lib.rs"));
    fs::remove_dir_all(folder.app().join("generated")).unwrap();
    folder.put("app/generated", "a file");
    assert!(add(&folder).contains("generated is not a folder"));
    fs::remove_file(folder.app().join("generated")).unwrap();
    folder.put("app/discovery/tiny-v1.json", "{}");
    assert!(add(&folder).contains("discovery/tiny-v1.json is in the way"));
    fs::remove_dir_all(folder.app().join("discovery")).unwrap();
    folder.put("app/Cargo.toml", "[package\n");
    assert!(add(&folder).contains("Cargo.toml"));
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_rejected() {
    let folder = Folder::new();
    folder.added(&["tiny:v1"]);
    let source = folder.app().join("generated/tiny-v1/src");
    let outside = folder.dir.path().join("outside");
    fs::rename(&source, &outside).unwrap();
    std::os::unix::fs::symlink(&outside, &source).unwrap();
    let root = folder.app().canonicalize().unwrap();
    let told = format!("src is a link that leads out of {}; make it", root.display());
    let error = folder.refused(&["regen"]);
    assert!(error.contains(&told), "{error}");
    fs::remove_file(&source).unwrap();
    fs::rename(&outside, &source).unwrap();
    let file = source.join("lib.rs");
    fs::remove_file(&file).unwrap();
    assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
    assert!(folder.refused(&["regen"]).contains("lib.rs is not a regular file"));
    let text = folder.refused(&["fetch", "tiny:v1", "--from", file.to_str().unwrap()]);
    assert!(text.contains("not a regular file"), "{text}");
}

#[test]
fn concurrent_runs_wait_for_each_other() {
    let folder = Folder::new();
    let runtime = repository().join("runtime");
    let runs: Vec<_> = ["tiny:v1", "other:v1", "tiny:v1"]
        .iter()
        .map(|id| {
            let args = ["add", id, "--from", "../documents", "--runtime-path"];
            let mut command = folder.command(&args);
            command.arg(&runtime).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let ends: Vec<_> = runs.into_iter().map(|run| run.wait_with_output().unwrap()).collect();
    let texts: Vec<_> = ends.iter().map(|end| String::from_utf8_lossy(&end.stderr)).collect();
    // The same API twice: the second run reports that it exists.
    assert_eq!(ends.iter().filter(|end| end.status.success()).count(), 2, "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("already")), "{texts:?}");
    let names = folder.cargo_reads_it();
    assert!(
        names.contains(&"google-tiny-v1".to_owned())
            && names.contains(&"google-other-v1".to_owned())
    );
    let output = folder.run(&["regen", "--check"]);
    assert!(output.success, "{}", output.text);
}

#[test]
fn the_directory_is_searched() {
    let folder = Folder::new();
    folder.put(
        "directory.json",
        r#"{"items": [
            {"name": "sheets", "version": "v4", "title": "Google Sheets API", "preferred": true},
            {"name": "drive", "version": "v2", "title": "Google Drive API", "preferred": false},
            {"name": "drive", "version": "v3", "title": "Google Drive API", "preferred": true},
            {"name": "labels", "version": "v1", "title": "Labels", "description": "of Drive.", "preferred": true}
        ]}"#,
    );
    let search = |words: &[&str]| {
        folder.run(&[&["search"], words, &["--from", "../directory.json"]].concat())
    };
    let found = search(&["Drive"]);
    assert!(found.success, "{}", found.text);
    assert_eq!(
        found.text,
        "drive:v3   Google Drive API\nlabels:v1  Labels\n\n`cargo discovery add drive:v3` adds a client.\n"
    );
    assert!(search(&["drive", "--all"]).text.contains("drive:v2"));
    assert!(search(&["nothing"]).text.contains("no API matches `nothing`"));
    assert!(
        folder.refused(&["search", "x", "--from", "../documents/none"]).contains("No such file")
    );
}
