//! Prints next steps, and creates a package in an empty folder.

use crate::edits::Edits;
use crate::regen::Generated;
use crate::workspace::Workspace;

/// What a program needs to use the added packages.
pub(super) struct Next {
    /// Lines of `[dependencies]`.
    dependencies: Vec<String>,
    /// The first program.
    program: String,
    /// Commands to try.
    commands: Vec<String>,
}

impl Next {
    pub(super) fn new(made: &[Generated]) -> Self {
        let mut dependencies: Vec<String> = made.iter().map(dependency).collect();
        dependencies
            .push("tokio = { version = \"1\", features = [\"macros\", \"rt\"] }".to_owned());
        let has = |made: &Generated, end: &str| {
            let manifest = format!("{}/{}{end}/Cargo.toml", made.output, made.folder);
            made.tree.get(&manifest).is_some()
        };
        let mut commands = Vec::new();
        for made in made {
            for (end, words) in [("-cli", " -- --help"), ("-mock", " -- --help")] {
                if has(made, end) {
                    commands.push(format!("cargo run -p {}{end}{words}", made.package));
                }
            }
        }
        let program = made.iter().find_map(|made| block(made, "```rust"));
        let program = program.unwrap_or_else(|| "fn main() {}\n".to_owned());
        Self { dependencies, program, commands }
    }

    /// Creates a package if there is none: with a program in an empty folder, otherwise an empty
    /// workspace. Returns whether there is a new program.
    pub(super) fn package(&self, workspace: &Workspace, edits: &mut Edits) -> Result<bool, String> {
        let manifest = workspace.manifest();
        if edits.find(&manifest)?.is_some() {
            return Ok(false);
        }
        let root = workspace.root();
        let entries = std::fs::read_dir(root).map_err(|e| format!("{}: {e}", root.display()))?;
        let is_seen = |name: std::ffi::OsString| !name.to_string_lossy().starts_with('.');
        if entries.flatten().any(|entry| is_seen(entry.file_name())) {
            edits.set(manifest, "[workspace]\nresolver = \"3\"\nmembers = []\n".to_owned());
            return Ok(false);
        }
        let folder = root.file_name().unwrap_or_default().to_string_lossy();
        let text = format!(
            "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{}\n",
            package_name(&folder),
            self.dependencies.join("\n")
        );
        edits.set(manifest, text);
        edits.set(root.join("src/main.rs"), self.program.clone());
        Ok(true)
    }

    pub(super) fn text(&self, is_new: bool) -> String {
        let mut out = String::new();
        if is_new {
            out.push_str(
                "\nCargo.toml and src/main.rs are a first program; `cargo run` runs it.\n",
            );
        } else {
            out.push_str(
                "\nIn Cargo.toml of a package in the root; elsewhere with another path:\n\n",
            );
            out.push_str("    [dependencies]\n");
            out.push_str(&indented(&self.dependencies.join("\n")));
            out.push_str("\nIn src/main.rs:\n\n");
            out.push_str(&indented(&self.program));
        }
        if !self.commands.is_empty() {
            out.push_str("\nTo try:\n\n");
            out.push_str(&indented(&self.commands.join("\n")));
        }
        out
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", format!("    {line}").trim_end())).collect()
}

/// Returns the dependency of the root package on a client. The README names the feature that its
/// example needs.
fn dependency(made: &Generated) -> String {
    let path = format!("{}/{}", made.output, made.folder);
    let lines = block(made, "```toml").unwrap_or_default();
    let line = lines.lines().find(|line| line.starts_with(&made.package));
    let features = line.and_then(|line| {
        let rest = &line[line.find("features = [")?..];
        Some(format!(", {}", &rest[..=rest.find(']')?]))
    });
    format!("{} = {{ path = \"{path}\"{} }}", made.package, features.unwrap_or_default())
}

/// Returns the first block of the client's README with this prefix.
fn block(made: &Generated, fence: &str) -> Option<String> {
    let readme = made.tree.get(&format!("{}/{}/README.md", made.output, made.folder))?;
    let lines = readme.text.lines().skip_while(|line| !line.starts_with(fence)).skip(1);
    let lines: Vec<&str> = lines.take_while(|line| !line.starts_with("```")).collect();
    (!lines.is_empty()).then(|| format!("{}\n", lines.join("\n")))
}

/// Converts a folder's name to a valid package name.
fn package_name(folder: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let name: String = folder.chars().map(plain).collect::<String>().to_lowercase();
    let name = name.trim_matches('-');
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() && !name.starts_with("google-") => {
            name.to_owned()
        }
        Some(_) => format!("app-{name}"),
        None => "app".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::package_name;

    #[test]
    fn a_folder_names_its_package() {
        for (folder, want) in [
            ("app", "app"),
            ("My App", "my-app"),
            ("tmp.x1Y", "tmp-x1y"),
            ("2nd", "app-2nd"),
            ("…", "app"),
            ("google-sheets-v4", "app-google-sheets-v4"),
        ] {
            assert_eq!(package_name(folder), want);
        }
    }
}
