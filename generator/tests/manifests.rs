//! Manifests of generated crates, for each source of the runtime.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_generator::{FileTree, Input, Options, Product, Runtime, Templates, analyze, write};
use pulldown_cmark::{Event, Tag};
use std::path::Path;
use toml::{Table, Value};

const PRODUCTS: [Product; 3] = [Product::Client, Product::Cli, Product::Mock];

fn templates() -> Templates {
    let mut files = Vec::new();
    let root = Path::new("../templates");
    let mut work = vec![root.to_owned()];
    while let Some(dir) = work.pop() {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                work.push(path);
            } else if path.extension().is_some_and(|e| e == "hbs") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                files.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    Templates::new(files.iter().map(|(p, t)| (p.as_str(), t.as_str()))).unwrap()
}

/// Returns the files of an API `things:v1`.
fn tree(title: &str, options: &Options) -> FileTree {
    let document = serde_json::json!({
        "id": "things:v1", "name": "things", "version": "v1", "revision": "20260101", "title": title,
        "kind": "discovery#restDescription", "protocol": "rest", "rootUrl": "https://things.example/",
        "servicePath": "", "schemas": {"Thing": {"id": "Thing", "type": "object"}},
        "resources": {"things": {"methods": {"get": {
            "id": "things.things.get", "httpMethod": "GET", "path": "v1/things",
            "response": {"$ref": "Thing"}
        }}}}
    });
    let document = document.to_string();
    let input = Input { file: "things.json", document: &document, overlay: None, methods: None };
    let model = analyze(&input).unwrap_or_else(|report| panic!("{report}"));
    write(&model, "things.json", options, &templates()).unwrap_or_else(|r| panic!("{r}"))
}

/// Returns the manifests of an API `things:v1`, and their texts: client, command line, and local
/// server.
fn manifests(title: &str, options: &Options) -> [(Table, String); 3] {
    let tree = tree(title, options);
    ["things-v1", "things-v1-cli", "things-v1-mock"].map(|folder| {
        let text = tree.get(&format!("{folder}/Cargo.toml")).unwrap().text.clone();
        (toml::from_str(&text).unwrap_or_else(|e| panic!("{e}\n{text}")), text)
    })
}

/// Returns a key of a dependency.
fn of<'a>(manifest: &'a Table, list: &str, name: &str, key: &str) -> Option<&'a str> {
    manifest.get(list)?.get(name)?.get(key)?.as_str()
}

#[test]
fn the_runtime_has_three_sources_besides_the_workspace() {
    let version = Runtime::VERSION;
    let git = Runtime::Git { url: "https://h.example/r".to_owned(), rev: "c0ffee".to_owned() };
    for (runtime, want) in [
        (Runtime::Version("0.9".to_owned()), [Some("0.9"), None, None, None]),
        (git, [None, Some("https://h.example/r"), Some("c0ffee"), None]),
        (
            Runtime::Path("../../runtime".to_owned()),
            [Some(version), None, None, Some("../../runtime/")],
        ),
        (
            Runtime::Path(r"C:\my runtime/".to_owned()),
            [Some(version), None, None, Some(r"C:\my runtime/")],
        ),
    ] {
        let options = Options { runtime, behavior: true, ..Options::new(PRODUCTS) };
        let made = manifests("Things", &options);
        for (manifest, list, name, folder) in [
            (&made[0].0, "dependencies", "discovery-json", "json"),
            (&made[0].0, "dependencies", "discovery-runtime", "client"),
            (&made[0].0, "dev-dependencies", "discovery-runtime", "client"),
            (&made[1].0, "dependencies", "discovery-cli", "cli"),
            (&made[2].0, "dependencies", "discovery-mock", "mock"),
            (&made[2].0, "dependencies", "discovery-runtime", "client"),
        ] {
            let found = ["version", "git", "rev", "path"].map(|key| of(manifest, list, name, key));
            let path = want[3].map(|start| format!("{start}{folder}"));
            assert_eq!(found, [want[0], want[1], want[2], path.as_deref()], "{name}");
        }
        for (_, text) in &made {
            assert!(!text.contains("workspace"), "{text}");
        }
    }
}

/// A client and its local server depend on each other, which Cargo can publish only if the
/// dev-dependency has no version.
#[test]
fn crates_of_an_api_depend_on_each_other() {
    let options = Options { version: "0.2.0+20260101".to_owned(), ..Options::new(PRODUCTS) };
    let [(client, _), (cli, _), (mock, _)] = manifests("Things", &options);
    for (manifest, list, name, version, path) in [
        (&client, "dev-dependencies", "google-things-v1-mock", None, "../things-v1-mock"),
        (&cli, "dependencies", "google-things-v1-mock", Some("0.2.0"), "../things-v1-mock"),
        (&cli, "dependencies", "google-things-v1", Some("0.2.0"), "../things-v1"),
        (&mock, "dependencies", "google-things-v1", Some("0.2.0"), "../things-v1"),
        (&mock, "dev-dependencies", "google-things-v1", None, "../things-v1"),
    ] {
        assert_eq!(of(manifest, list, name, "version"), version, "{name}");
        assert_eq!(of(manifest, list, name, "path"), Some(path), "{name}");
    }
}

#[test]
fn package_metadata() {
    let title = "Things \"and\" \\ more \u{301}\u{ad}\u{7f}\t{x}";
    let options = Options {
        license: Some("MIT".to_owned()),
        repository: Some("https://h.example/mine".to_owned()),
        publish: true,
        ..Options::new(PRODUCTS)
    };
    for (manifest, text) in manifests(title, &options) {
        let package = manifest["package"].as_table().unwrap();
        assert_eq!(package["license"].as_str(), Some("MIT"));
        assert_eq!(package["repository"].as_str(), Some("https://h.example/mine"));
        assert!(!package.contains_key("publish"), "{text}");
        assert!(package["description"].as_str().unwrap().contains("Things \"and\""), "{text}");
        let keywords = package["keywords"].as_array().unwrap();
        assert!(keywords.len() <= 5 && keywords.contains(&Value::from("things")), "{text}");
    }
    for (manifest, text) in manifests("Things", &Options::new(PRODUCTS)) {
        let package = manifest["package"].as_table().unwrap();
        assert_eq!(package["publish"].as_bool(), Some(false), "{text}");
        assert!(!package.contains_key("license") && !package.contains_key("repository"), "{text}");
    }
}

/// Every client has the feature `full`, so that dependents stay valid when a revision exceeds the
/// size at which resources become features.
#[test]
fn full_is_always_a_feature() {
    let [(client, text), ..] = manifests("Things", &Options::new(PRODUCTS));
    assert!(client["features"]["full"].as_array().is_some_and(Vec::is_empty), "{text}");
}

/// mdBook, and other readers of Markdown, read `# Title {#id onclick=…}` as attributes.
#[test]
fn titles_are_no_markup() {
    let products = [Product::Client, Product::Cli, Product::Mock, Product::Docs];
    let tree = tree("A {{d}} `<i>` {#b onclick=c}", &Options::new(products));
    let mut headings = 0;
    for (path, file) in tree.iter().filter(|(path, _)| path.ends_with(".md")) {
        let extensions = pulldown_cmark::Options::ENABLE_HEADING_ATTRIBUTES;
        for event in pulldown_cmark::Parser::new_ext(&file.text, extensions) {
            let Event::Start(Tag::Heading { id, classes, attrs, .. }) = event else { continue };
            headings += 1;
            assert!(id.is_none() && classes.is_empty() && attrs.is_empty(), "{path}");
        }
        assert!(!file.text.contains("{{d}}") && !file.text.contains("<i>"), "{path}");
    }
    assert!(headings > 20, "{headings} headings");
}
