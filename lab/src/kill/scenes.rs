//! The commands that are interrupted, each with the workspace it starts in.

use super::interrupt::run;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const DOCUMENT: &str = include_str!("../../../generator/tests/shapes/updates/discovery.json");

/// A command and its workspace.
pub(super) struct Scene {
    pub(super) name: &'static str,
    pub(super) args: &'static [&'static str],
    /// Commands that repair what an interrupted one leaves: the first that succeeds.
    pub(super) repairs: &'static [&'static [&'static str]],
    /// Whether the result is up to date.
    pub(super) is_fresh: bool,
    start: fn(&Start<'_>) -> Result<(), String>,
}

const FETCH: &[&str] = &["fetch", "tiny:v1", "--from", "new"];
const ADD: &[&str] = &["add", "third:v1", "--products", "client,mock", "--from", "new"];
const REPORT: &[&str] = &["diff", "--format", "markdown", "--output", "report.md"];

/// All commands that write.
pub(super) const ALL: [Scene; 8] = [
    Scene {
        name: "regen, first",
        args: &["regen"],
        repairs: &[&["regen"]],
        is_fresh: true,
        start: first,
    },
    Scene {
        name: "regen",
        args: &["regen"],
        repairs: &[&["regen"]],
        is_fresh: true,
        start: changed,
    },
    Scene {
        name: "regen --bump",
        args: &["regen", "--bump"],
        repairs: &[&["regen", "--bump"]],
        is_fresh: true,
        start: committed,
    },
    Scene {
        name: "regen --check",
        args: &["regen", "--check"],
        repairs: &[],
        is_fresh: false,
        start: changed,
    },
    Scene { name: "add", args: ADD, repairs: &[ADD, &["regen"]], is_fresh: true, start: two },
    Scene {
        name: "remove",
        args: &["remove", "other:v1"],
        repairs: &[&["remove", "other:v1"], &["regen"]],
        is_fresh: true,
        start: two,
    },
    Scene { name: "fetch", args: FETCH, repairs: &[FETCH], is_fresh: false, start: two },
    Scene { name: "diff", args: REPORT, repairs: &[REPORT], is_fresh: false, start: committed },
];

impl Scene {
    /// Creates the workspace.
    pub(super) fn start(&self, program: &Path, root: &Path) -> Result<(), String> {
        let start = Start { program, root };
        (self.start)(&start).map_err(|e| format!("{}: {e}", self.name))
    }
}

/// Runs the tool in a workspace.
pub(super) fn tool(program: &Path, root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.arg("discovery").args(args).current_dir(root);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

/// A workspace in the making.
struct Start<'a> {
    program: &'a Path,
    root: &'a Path,
}

impl Start<'_> {
    fn put(&self, path: &str, text: &str) -> Result<(), String> {
        let path = self.root.join(path);
        let folder = path.parent().unwrap_or(self.root);
        let result = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
        result.map_err(|e| format!("{}: {e}", path.display()))
    }

    /// Writes the manifest and a package of the user's.
    fn workspace(&self, members: &str) -> Result<(), String> {
        let dependency = "google-tiny-v1 = { path = \"generated/tiny-v1\", version = \"0.1.0\" }";
        let manifest = format!(
            "# Mine.\n[workspace]\nmembers = [{members}]\n\n[workspace.dependencies]\n{dependency}\n"
        );
        self.put("Cargo.toml", &manifest)?;
        self.put("hand/Cargo.toml", "[package]\nname = \"hand\"\nversion = \"0.1.0\"\n")?;
        self.put("hand/src/lib.rs", "// Mine.\n")
    }

    /// Writes the catalog.
    fn apis(&self, names: &[&str]) -> Result<(), String> {
        let runtime = runtime()?;
        let entry = |name: &&str| {
            json!({"id": format!("{name}:v1"), "document": format!("{name}-v1.json"),
                "products": ["client", "mock"]})
        };
        let apis: Vec<Value> = names.iter().map(entry).collect();
        let list = json!({"runtime": {"path": runtime}, "apis": apis});
        self.put("discovery/apis.json", &format!("{list:#}\n"))
    }

    fn document(&self, folder: &str, name: &str, is_changed: bool) -> Result<(), String> {
        let text = document(name, is_changed).map_err(|e| format!("{name}: {e}"))?;
        self.put(&format!("{folder}/{name}-v1.json"), &text)
    }

    fn tool(&self, args: &[&str]) -> Result<(), String> {
        done(&mut tool(self.program, self.root, args))
    }

    fn git(&self, args: &[&str]) -> Result<(), String> {
        let who = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "gc.auto=0"];
        done(Command::new("git").args(who).args(args).current_dir(self.root))
    }
}

fn done(command: &mut Command) -> Result<(), String> {
    match run(command)? {
        (Some(0), _) => Ok(()),
        (_, text) => Err(format!("{command:?}: {text}")),
    }
}

fn runtime() -> Result<PathBuf, String> {
    let folder = crate::paths::root().join("runtime");
    folder.canonicalize().map_err(|e| format!("{}: {e}", folder.display()))
}

/// Returns a small document. The changed one has a resource less, a schema more, and another
/// revision.
fn document(name: &str, is_changed: bool) -> Result<String, serde_json::Error> {
    let mut document: Value =
        serde_json::from_str(&DOCUMENT.replace("\"tiny", &format!("\"{name}")))?;
    if is_changed {
        document["revision"] = "20260301".into();
        document["schemas"]["Extra"] =
            json!({"id": "Extra", "type": "object", "description": "More."});
        document["resources"].as_object_mut().map(|resources| resources.shift_remove("keys"));
    }
    Ok(format!("{document:#}\n"))
}

/// Nothing is generated yet.
fn first(start: &Start<'_>) -> Result<(), String> {
    start.workspace("\"hand\"")?;
    start.document("discovery", "tiny", false)?;
    start.apis(&["tiny"])
}

/// Two APIs, with files of the user's beside generated ones.
fn two(start: &Start<'_>) -> Result<(), String> {
    start.workspace("\"hand\", \"generated/*\"")?;
    for name in ["tiny", "other"] {
        start.document("discovery", name, false)?;
    }
    start.apis(&["tiny", "other"])?;
    start.tool(&["regen"])?;
    start.put("generated/tiny-v1/CHANGELOG.md", "# Changelog\n\nMine.\n")?;
    start.put("generated/tiny-v1/examples/mine.rs", "fn main() {}\n")?;
    start.document("new", "tiny", true)?;
    start.document("new", "third", false)
}

/// One API changed, one is gone, one is new.
fn changed(start: &Start<'_>) -> Result<(), String> {
    two(start)?;
    start.document("discovery", "tiny", true)?;
    start.document("discovery", "third", false)?;
    start.apis(&["tiny", "third"])
}

/// The change of a document since the last commit.
fn committed(start: &Start<'_>) -> Result<(), String> {
    two(start)?;
    start.git(&["init", "--quiet"])?;
    start.git(&["add", "--all"])?;
    start.git(&["commit", "--quiet", "--message", "x"])?;
    start.document("discovery", "tiny", true)
}
