//! Checks that Cargo can read the manifests.
//!
//! xtask is part of the workspace that it generates crates into: a single invalid manifest would
//! keep `cargo xtask` from running, and thus from fixing it. Invalid manifests are therefore not
//! written.

use crate::edits::Edits;
use crate::workspace::Workspace;
use discovery_generator::FileTree;
use std::path::{Component, Path, PathBuf};
use toml::{Table, Value};

/// Dependency tables of a manifest.
const LISTS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Checks every manifest of a tree that is about to be written to the workspace.
///
/// # Errors
/// Returns Cargo's error for the first invalid manifest, and what to do.
pub(crate) fn check(workspace: &Workspace, tree: &FileTree, edits: &Edits) -> Result<(), String> {
    let shared = edits.find(&workspace.manifest())?.unwrap_or_default();
    let shared: Table = toml::from_str(&shared).map_err(|e| format!("Cargo.toml: {e}"))?;
    let none = Table::new();
    let shared = shared.get("workspace").and_then(Value::as_table).unwrap_or(&none);
    let home = workspace.home();
    for (path, file) in tree.iter() {
        if let Some(folder) = path.strip_suffix("/Cargo.toml") {
            let manifest = Manifest { home: &home, shared, tree, folder };
            manifest.check(&file.text).map_err(|e| {
                format!("{}: invalid manifest, nothing was written: {e}", workspace.name(path))
            })?;
        }
    }
    Ok(())
}

/// Manifest with the workspace it belongs to.
struct Manifest<'a> {
    home: &'a Path,
    /// Table `workspace` of the workspace's manifest.
    shared: &'a Table,
    tree: &'a FileTree,
    /// Folder of the manifest.
    folder: &'a str,
}

impl Manifest<'_> {
    fn check(&self, text: &str) -> Result<(), String> {
        let manifest: Table = toml::from_str(text).map_err(|e| e.to_string())?;
        let package = manifest.get("package").and_then(Value::as_table).ok_or("no [package]")?;
        self.package(package)?;
        self.targets(&manifest)?;
        for list in LISTS {
            for (name, spec) in manifest.get(list).and_then(Value::as_table).into_iter().flatten() {
                self.dependency(name, spec)?;
            }
        }
        features(&manifest)
    }

    fn package(&self, package: &Table) -> Result<(), String> {
        let text = |key: &str| package.get(key).and_then(Value::as_str);
        let name = text("name").ok_or("the package has no name")?;
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(plain) {
            return Err(format!("`{name}` is not a valid package name"));
        }
        let version = text("version").unwrap_or("0.0.0");
        semver::Version::parse(version).map_err(|e| format!("version `{version}`: {e}"))?;
        let shared = self.shared.get("package").and_then(Value::as_table);
        for (key, _) in package.iter().filter(|(_, value)| inherits(value)) {
            if !shared.is_some_and(|s| s.contains_key(key)) {
                return Err(format!("`{key}.workspace = true`, but [workspace.package] has none"));
            }
        }
        Ok(())
    }

    /// Checks that the package has a target and that each target has a file.
    fn targets(&self, manifest: &Table) -> Result<(), String> {
        let path = |target: &Value| target.get("path").and_then(Value::as_str).map(str::to_owned);
        let mut named = false;
        for list in ["lib", "bin", "test", "example", "bench"] {
            let targets = match manifest.get(list) {
                Some(Value::Array(targets)) => targets.iter().collect(),
                Some(lib) => vec![lib],
                None => Vec::new(),
            };
            for file in targets.into_iter().filter_map(path) {
                if !self.has(&file) {
                    return Err(format!("there is no {file}"));
                }
                named |= matches!(list, "lib" | "bin");
            }
        }
        let found = ["src/lib.rs", "src/main.rs"].iter().any(|file| self.has(file));
        if named || found {
            Ok(())
        } else {
            Err("there is no src/lib.rs or src/main.rs".to_owned())
        }
    }

    fn has(&self, file: &str) -> bool {
        let path = format!("{}/{file}", self.folder);
        self.tree.get(&path).is_some() || self.home.join(path).exists()
    }

    fn dependency(&self, name: &str, spec: &Value) -> Result<(), String> {
        let shared = self.shared.get("dependencies").and_then(Value::as_table);
        if inherits(spec) && !shared.is_some_and(|s| s.contains_key(name)) {
            return Err(format!("add `{name}` to [workspace.dependencies] in Cargo.toml"));
        }
        let Some(path) = spec.get("path").and_then(Value::as_str) else { return Ok(()) };
        let output = self.folder.rsplit_once('/').map_or(String::new(), |(o, _)| format!("{o}/"));
        let sibling = path.strip_prefix("../").map(|f| format!("{output}{f}/Cargo.toml"));
        let made = sibling.is_some_and(|path| self.tree.get(&path).is_some());
        let manifest = lexical(&self.home.join(self.folder).join(path)).join("Cargo.toml");
        if made || manifest.exists() {
            return Ok(());
        }
        Err(format!("`{name}` is at {path}, which has no package"))
    }
}

/// Resolves `..` without the file system, since the folder of a new package does not exist yet.
fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if out.file_name().is_some() => drop(out.pop()),
            part => out.push(part),
        }
    }
    out
}

/// Returns `true` if a value is `{ workspace = true }`.
fn inherits(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

/// Checks that features refer to existing features and dependencies.
fn features(manifest: &Table) -> Result<(), String> {
    let Some(features) = manifest.get("features").and_then(Value::as_table) else { return Ok(()) };
    let known = |name: &str| {
        LISTS.iter().any(|list| manifest.get(*list).is_some_and(|deps| deps.get(name).is_some()))
    };
    for (feature, list) in features {
        for item in list.as_array().into_iter().flatten() {
            let item = item.as_str().ok_or_else(|| format!("feature {feature}: not text"))?;
            let fits = match (item.strip_prefix("dep:"), item.split_once('/')) {
                (Some(name), _) => known(name),
                (_, Some((name, _))) => known(name.trim_end_matches('?')),
                (None, None) => features.contains_key(item),
            };
            if !fits {
                return Err(format!("feature {feature}: there is no `{item}`"));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use discovery_generator::{File, FileKind};

    const GOOD: &str = "[package]\nname = \"x-v1\"\nversion = \"0.1.0+1\"\nedition.workspace = true\n\
        [features]\ndefault = [\"a\"]\na = [\"dep:serde\", \"serde/std\", \"serde?/std\"]\n\
        [dependencies]\nserde = { workspace = true, optional = true }\n\
        y = { path = \"../y-v1\" }\n";

    fn tree(manifest: &str) -> FileTree {
        let mut tree = FileTree::new();
        let files = [
            ("x-v1/Cargo.toml", manifest),
            ("x-v1/src/lib.rs", ""),
            ("y-v1/Cargo.toml", "[package]\nname = \"y-v1\"\n"),
            ("y-v1/src/main.rs", ""),
        ];
        for (path, text) in files {
            let file = File { text: text.to_owned(), kind: FileKind::Other, template: "t" };
            tree.insert(path.to_owned(), file).unwrap();
        }
        tree
    }

    fn check_text(manifest: &str) -> Result<(), String> {
        let dir = tempfile::tempdir().unwrap();
        let workspace = "[workspace.package]\nedition = \"2024\"\n\
            [workspace.dependencies]\nserde = \"1\"\n";
        std::fs::write(dir.path().join("Cargo.toml"), workspace).unwrap();
        check(&Workspace::new(dir.path().to_owned()), &tree(manifest), &Edits::default())
    }

    #[test]
    fn invalid_manifests_are_rejected() {
        assert_eq!(check_text(GOOD), Ok(()));
        for (old, new, told) in [
            ("[package]", "[package", "TOML parse error at line 1"),
            ("[package]", "[other]", "no [package]"),
            ("\"x-v1\"", "\"x v1\"", "not a valid package name"),
            ("name = \"x-v1\"\n", "", "the package has no name"),
            ("0.1.0+1", "0.1", "version `0.1`"),
            ("edition.w", "license.w", "`license.workspace = true`"),
            ("serde = {", "tokio = {", "add `tokio` to [workspace.dependencies]"),
            ("../y-v1", "../z-v1", "which has no package"),
            ("[\"a\"]", "[\"b\"]", "feature default: there is no `b`"),
            ("dep:serde", "dep:tokio", "feature a: there is no `dep:tokio`"),
            ("[features]", "[[bin]]\nname = \"b\"\npath = \"src/b.rs\"\n[features]", "src/b.rs"),
        ] {
            assert!(GOOD.contains(old), "{old}");
            let error = check_text(&GOOD.replacen(old, new, 1)).expect_err(told);
            assert!(error.contains(told) && error.contains("x-v1/Cargo.toml"), "{told}: {error}");
        }
    }

    #[test]
    fn generated_manifests_are_accepted() {
        let workspace = Workspace::find().unwrap();
        let templates = crate::catalog::templates(&workspace).unwrap();
        for source in crate::catalog::sources(&workspace, None).unwrap() {
            let model =
                discovery_generator::analyze(&source.input()).unwrap_or_else(|r| panic!("{r}"));
            let options = source.entry.options();
            let tree = discovery_generator::write(&model, &source.file, &options, &templates);
            let tree = tree.unwrap_or_else(|r| panic!("{r}")).below("generated").unwrap();
            check(&workspace, &tree, &Edits::default()).unwrap();
        }
    }
}
