//! Requirements of crates.io, checked for all packages that may be published.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Returns the packages of this workspace.
fn packages() -> Vec<Value> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

/// Returns the packages that may be published.
fn published() -> Vec<Value> {
    let published: Vec<_> = packages().into_iter().filter(|p| p["publish"].is_null()).collect();
    assert!(published.len() > 5, "{} packages", published.len());
    published
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// Returns the folder of a package.
fn folder(package: &Value) -> &Path {
    Path::new(text(package, "manifest_path")).parent().expect("a folder")
}

/// Whether docs.rs documents all features, except for [`FIPS`].
fn documents_all_features(package: &Value) -> bool {
    let docs = &package["metadata"]["docs"]["rs"];
    let features = package["features"].as_object().expect("features");
    if !features.contains_key(FIPS) {
        return docs["all-features"] == true;
    }
    let is_public = |name: &&str| !name.starts_with('_') && !["default", FIPS].contains(name);
    let expected: BTreeSet<&str> = features.keys().map(String::as_str).filter(is_public).collect();
    let documented: BTreeSet<&str> =
        list(docs, "features").iter().filter_map(Value::as_str).collect();
    documented == expected
}

#[test]
fn packages_have_descriptions_and_licenses() {
    for package in published() {
        let name = text(&package, "name");
        assert!(text(&package, "description").ends_with('.'), "{name}: a description");
        assert_eq!(text(&package, "license"), "MIT OR Apache-2.0", "{name}");
        assert_eq!(text(&package, "rust_version"), "1.88", "{name}");
        assert_eq!(text(&package, "readme"), "README.md", "{name}");
        let (keywords, categories) = (list(&package, "keywords"), list(&package, "categories"));
        assert!((1..=5).contains(&keywords.len()), "{name}: {keywords:?}");
        assert!((1..=5).contains(&categories.len()), "{name}: {categories:?}");
        assert!(keywords.iter().all(|k| k.as_str().unwrap().len() <= 20), "{name}: {keywords:?}");
        let is_library = |target: &Value| list(target, "kind").contains(&Value::from("lib"));
        if list(&package, "targets").iter().any(is_library) {
            assert!(documents_all_features(&package), "{name}: docs.rs");
        }
        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            let path = folder(&package).join(file);
            let text =
                std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {file}: {e}"));
            let root = Path::new("..").join(file);
            // Without support for symbolic links, git writes the path of the target.
            let is_whole = file == "README.md" || text == std::fs::read_to_string(root).unwrap();
            assert!(
                is_whole || cfg!(windows),
                "{name}: {file} differs from that of the repository"
            );
        }
    }
}

/// Dependencies are published by version. Dev-dependencies without one are omitted; with versions,
/// cyclic ones could not be published.
#[test]
fn dependencies_have_versions_and_tests_make_no_cycle() {
    let packages = packages();
    let names: BTreeSet<&str> = packages.iter().map(|p| text(p, "name")).collect();
    let needs = |package: &Value| -> Vec<(String, String, String)> {
        let ours = list(package, "dependencies").iter().filter(|d| names.contains(text(d, "name")));
        ours.map(|d| ["name", "kind", "req"].map(|key| text(d, key).to_owned()).into()).collect()
    };
    let private: Vec<_> = packages.iter().filter(|p| !p["publish"].is_null()).collect();
    for package in published() {
        let mut reached = BTreeSet::new();
        let mut work = vec![package.clone()];
        while let Some(next) = work.pop() {
            for (name, kind, version) in needs(&next) {
                assert!(kind == "dev" || version != "*", "{}: {name}", text(&next, "name"));
                if version == "*" || !reached.insert(name.clone()) {
                    continue;
                }
                let is_private = private.iter().any(|p| text(p, "name") == name);
                assert!(!is_private, "{} is published, {name} is not", text(&next, "name"));
                work.extend(packages.iter().find(|p| text(p, "name") == name).cloned());
            }
        }
        let name = text(&package, "name");
        assert!(!reached.contains(name), "{name} needs itself");
    }
}

/// Feature of the runtime for the engines of command lines and mock servers, not for programs.
const OF_ENGINES: &str = "describe";

/// Feature of the runtime that only clients with uploads forward.
const OF_UPLOADS: &str = "mime-guess";

/// Feature whose build needs CMake and Go, which users who enable all features of a client may lack.
const FIPS: &str = "fips";

/// Clients forward every other feature of the runtime, except internal ones.
#[test]
fn clients_forward_the_features_of_the_runtime() {
    let packages = packages();
    let features = |name: &str| {
        let package = packages.iter().find(|p| text(p, "name") == name).expect(name);
        package["features"].as_object().expect("features").clone()
    };
    let runtime = features("discovery-runtime");
    for (client, uploads) in [("google-jobs-v3", false), ("google-kitchen-sink-v1", true)] {
        let client = features(client);
        assert_eq!(client.contains_key(OF_UPLOADS), uploads);
        let offered = runtime.iter().filter(|(name, _)| {
            let own =
                ["default", OF_ENGINES, FIPS].contains(&name.as_str()) || name.starts_with('_');
            !own && (uploads || *name != OF_UPLOADS)
        });
        for (feature, brings) in offered {
            let of_json = format!("discovery-json/{feature}");
            let wanted = if brings.as_array().unwrap().contains(&Value::from(of_json.as_str())) {
                of_json
            } else {
                format!("discovery-runtime/{feature}")
            };
            let has = client.get(feature).and_then(Value::as_array);
            assert!(
                has.is_some_and(|list| list.contains(&Value::from(wanted.as_str()))),
                "{wanted}"
            );
        }
        let default = |features: &serde_json::Map<String, Value>| {
            let brings = features["default"].as_array().unwrap().iter();
            brings.map(|f| f.as_str().unwrap().to_owned()).filter(|f| f != "client").collect()
        };
        let (ours, theirs): (BTreeSet<String>, BTreeSet<String>) =
            (default(&client), default(&runtime));
        assert_eq!(ours, theirs);
    }
}

/// On crates.io, a README cannot link to other files.
#[test]
fn links_of_a_readme_stay_in_its_package() {
    for package in published() {
        let (name, folder) = (text(&package, "name"), folder(&package));
        let readme = std::fs::read_to_string(folder.join("README.md")).expect(name);
        for event in pulldown_cmark::Parser::new(&readme) {
            let pulldown_cmark::Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) = event
            else {
                continue;
            };
            assert!(
                dest_url.starts_with("https://") || dest_url.starts_with('#'),
                "{name}: {dest_url} is broken on crates.io"
            );
        }
    }
}
