//! Cargo manifests of the generated crates.
//!
//! They inherit nothing, so that a crate builds the same in any workspace.

use super::{Cx, Product};
use crate::error::Diagnostic;
use crate::ir::MethodId;
use crate::rust::{Fragment, text_lines, toml_string};
use crate::tree::FileTree;
use serde::Serialize;

/// Source of the runtime in generated crates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// On crates.io: a version requirement.
    Version(String),
    /// In a git repository.
    Git {
        /// Address of the repository.
        url: String,
        /// The commit, as a hash.
        rev: String,
    },
    /// In a folder with `json`, `client`, `cli`, and `mock`: absolute, or relative to a generated
    /// package.
    Path(String),
}

impl Runtime {
    /// Runtime version that the generated code targets.
    pub const VERSION: &str = env!("CARGO_PKG_VERSION");

    /// Formats a runtime crate's source inside the braces of a dependency.
    fn source(&self, folder: &str) -> Fragment {
        let text = |text: &str| toml_string(text).as_str().to_owned();
        text_lines(&[&match self {
            Self::Version(version) => format!("version = {}", text(version)),
            Self::Git { url, rev } => format!("git = {}, rev = {}", text(url), text(rev)),
            // With a version, the crate can be published, and Cargo rejects other releases.
            Self::Path(path) => {
                let path = format!("{}/{folder}", path.trim_end_matches('/'));
                format!("path = {}, version = {}", text(&path), text(Self::VERSION))
            }
        }])
    }
}

impl Default for Runtime {
    fn default() -> Self {
        Self::Version(Self::VERSION.to_owned())
    }
}

/// The runtime's crates.
#[derive(Serialize)]
struct RuntimeView {
    json: Fragment,
    client: Fragment,
    cli: Fragment,
    mock: Fragment,
}

/// A crate of the same API.
#[derive(Serialize)]
struct SiblingView {
    package: Fragment,
    /// Source inside the braces of a dependency.
    source: Fragment,
    /// Path only: when packaging, Cargo drops dev-dependencies without a version, which allows the
    /// cycle between a client and its local server.
    path: Fragment,
}

#[derive(Serialize)]
struct View {
    name: Fragment,
    version: Fragment,
    description: Fragment,
    rust_version: Fragment,
    license: Option<Fragment>,
    repository: Option<Fragment>,
    publish: bool,
    keywords: Fragment,
    runtime: RuntimeView,
    client: SiblingView,
    mock: Option<SiblingView>,
    binary: Fragment,
    features: Vec<Fragment>,
    gated: bool,
    has_upload: bool,
    reflect: bool,
    behavior: bool,
}

/// The manifest of the client crate.
pub(super) fn client(cx: &Cx<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let description = format!("Client of the {} ({}).", cx.title(), cx.api.version);
    manifest(cx, tree, Product::Client, &description)
}

/// The manifest of the command line.
pub(super) fn cli(cx: &Cx<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    manifest(cx, tree, Product::Cli, &format!("Command line of the {}.", cx.title()))
}

/// The manifest of the local server.
pub(super) fn mock(cx: &Cx<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let description = format!("Local mock server of the {}.", cx.title());
    manifest(cx, tree, Product::Mock, &description)
}

fn manifest(
    cx: &Cx<'_>,
    tree: &mut FileTree,
    product: Product,
    description: &str,
) -> Result<(), Diagnostic> {
    let (options, folder) = (cx.options, &cx.names.package.folder);
    let (suffix, template) = match product {
        Product::Client | Product::Docs => ("", "client/Cargo.toml"),
        Product::Cli => ("-cli", "cli/Cargo.toml"),
        Product::Mock => ("-mock", "mock/Cargo.toml"),
    };
    let package = format!("{}{suffix}", cx.names.package.package);
    let features: Vec<Fragment> = cx.features().iter().map(|name| text_lines(&[name])).collect();
    let view = View {
        name: toml_string(&package),
        version: toml_string(&options.version),
        description: toml_string(description),
        rust_version: toml_string(env!("CARGO_PKG_RUST_VERSION")),
        license: options.license.as_deref().map(toml_string),
        repository: options.repository.as_deref().map(toml_string),
        publish: options.publish,
        keywords: keywords(cx, product),
        runtime: RuntimeView {
            json: options.runtime.source("json"),
            client: options.runtime.source("client"),
            cli: options.runtime.source("cli"),
            mock: options.runtime.source("mock"),
        },
        client: sibling(cx, ""),
        mock: options.products.contains(&Product::Mock).then(|| sibling(cx, "-mock")),
        binary: toml_string(&format!("{}{}", cx.binary(), suffix.trim_end_matches("-cli"))),
        gated: !features.is_empty(),
        has_upload: cx.api.methods.iter().any(|method| method.media.upload.is_some()),
        features,
        reflect: options.reflect(),
        behavior: options.behavior,
    };
    cx.render(tree, format!("{folder}{suffix}/Cargo.toml"), template, &view)
}

/// Returns the line of a program's manifest that depends on the client crate, with the feature of
/// the first resource if resources are features.
pub(super) fn dependency(cx: &Cx<'_>, example: Option<MethodId>) -> Fragment {
    let package = &cx.names.package;
    let source = if cx.options.publish {
        format!("version = {}", requirement(cx))
    } else {
        format!("path = {}", toml_string(&format!("../generated/{}", package.folder)).as_str())
    };
    let name = &package.package;
    text_lines(&[&match cx.example_feature(example) {
        Some(feature) => {
            let feature = toml_string(&feature);
            format!("{name} = {{ {source}, features = [{}] }}", feature.as_str())
        }
        None if cx.options.publish => format!("{name} = {}", requirement(cx)),
        None => format!("{name} = {{ {source} }}"),
    }])
}

/// The version of the generated crates as a requirement, quoted. Build metadata has no meaning in it, and
/// cargo warns of it.
fn requirement(cx: &Cx<'_>) -> String {
    let version = cx.options.version.split('+').next().unwrap_or_default();
    toml_string(version).as_str().to_owned()
}

fn sibling(cx: &Cx<'_>, suffix: &str) -> SiblingView {
    let package = &cx.names.package;
    let path = toml_string(&format!("../{}{suffix}", package.folder)).within("path = ", "");
    SiblingView {
        package: text_lines(&[&format!("{}{suffix}", package.package)]),
        source: path.within("", &format!(", version = {}", requirement(cx))),
        path,
    }
}

/// Returns keywords that crates.io accepts: at most five, each of at most 20 characters.
fn keywords(cx: &Cx<'_>, product: Product) -> Fragment {
    let kind = match product {
        Product::Client | Product::Docs => "client",
        Product::Cli => "cli",
        Product::Mock => "mock",
    };
    let name = &cx.names.package.folder;
    let name = name.rsplit_once("-v").map_or(name.as_str(), |(name, _)| name);
    let words = ["google", "api", name, kind];
    let words = words.iter().enumerate().filter(|(at, word)| {
        word.len() <= 20 && !words.iter().take(*at).any(|earlier| earlier == *word)
    });
    let words: Vec<String> = words.map(|(_, w)| toml_string(w).as_str().to_owned()).collect();
    text_lines(&[&format!("[{}]", words.join(", "))])
}
