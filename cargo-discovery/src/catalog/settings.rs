//! Settings in `discovery/apis.json`: defaults for all APIs and overrides per API.

use discovery_generator::{Product, Runtime};
use serde::Deserialize;

/// Settings of a catalog or of one of its APIs. Absent settings fall back to the catalog's, and
/// then to the defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Folder of the generated packages, relative to the workspace root; `generated` by default.
    pub output: Option<String>,
    /// Products to generate; the client by default.
    pub products: Option<Vec<ProductName>>,
    /// Patterns of the methods to generate, for example `files.*` and `!files.watch`; all by
    /// default.
    pub methods: Option<Vec<String>>,
    /// Prefix of package names; `google-` by default.
    pub package_prefix: Option<String>,
    /// Source of the runtime; by default, this tool's version on crates.io.
    pub runtime: Option<RuntimeSource>,
    /// License of the generated packages, an SPDX expression.
    pub license: Option<String>,
    /// Whether the generated packages may be published; `false` by default.
    pub publish: Option<bool>,
    /// URL of the repository of the generated packages.
    pub repository: Option<String>,
    /// Text at the top of every generated file, such as a copyright notice.
    pub header: Option<String>,
}

impl Settings {
    /// Fills unset settings from `other`.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self {
            output: self.output.or_else(|| other.output.clone()),
            products: self.products.or_else(|| other.products.clone()),
            methods: self.methods.or_else(|| other.methods.clone()),
            package_prefix: self.package_prefix.or_else(|| other.package_prefix.clone()),
            runtime: self.runtime.or_else(|| other.runtime.clone()),
            license: self.license.or_else(|| other.license.clone()),
            publish: self.publish.or(other.publish),
            repository: self.repository.or_else(|| other.repository.clone()),
            header: self.header.or_else(|| other.header.clone()),
        }
    }

    /// Returns the folder of the generated packages.
    #[must_use]
    pub fn output(&self) -> &str {
        self.output.as_deref().unwrap_or("generated").trim_end_matches('/')
    }

    /// Checks that all settings are valid.
    ///
    /// # Errors
    /// Returns the first invalid setting.
    pub fn check(&self) -> Result<(), String> {
        let output = self.output();
        let inside = |part: &str| {
            !matches!(part, "" | "." | ".." | "discovery" | "target") && !part.contains(['\\', ':'])
        };
        if !output.split('/').all(inside) {
            return Err(format!(
                "`output`: `{output}` is not a valid folder for packages; use one below the root of the \
                 workspace, such as `generated`"
            ));
        }
        if self.products.as_ref().is_some_and(Vec::is_empty) {
            return Err("`products` is empty; name client, cli, mock or docs".to_owned());
        }
        let prefix = self.package_prefix.as_deref().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let begins = prefix.is_empty() || prefix.starts_with(|c: char| c.is_ascii_alphabetic());
        if !begins || !prefix.chars().all(plain) {
            return Err(format!("`package_prefix`: no package's name begins with `{prefix}`"));
        }
        if self.header.as_ref().is_some_and(|h| h.contains("*/") || h.contains("-->")) {
            return Err("`header` contains `*/` or `-->`, which end comments".to_owned());
        }
        Ok(())
    }

    /// Returns the products to generate.
    #[must_use]
    pub fn products(&self) -> &[ProductName] {
        self.products.as_deref().unwrap_or(&[ProductName::Client])
    }
}

/// Name of a product in catalogs and on command lines.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ProductName {
    /// The client crate
    Client,
    /// The command line
    Cli,
    /// The local server
    Mock,
    /// The reference documentation
    Docs,
}

impl ProductName {
    /// Returns the generator's product.
    #[must_use]
    pub fn product(self) -> Product {
        match self {
            Self::Client => Product::Client,
            Self::Cli => Product::Cli,
            Self::Mock => Product::Mock,
            Self::Docs => Product::Docs,
        }
    }

    /// Returns the name in catalogs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Cli => "cli",
            Self::Mock => "mock",
            Self::Docs => "docs",
        }
    }
}

/// Source of the runtime, written as a Cargo dependency in the catalog.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawRuntime")]
pub enum RuntimeSource {
    /// `{ "version": "0.1.0" }`: a version on crates.io.
    Version(String),
    /// `{ "git": "https://…", "rev": "…" }`: a commit of a repository.
    Git {
        /// URL of the repository.
        url: String,
        /// Commit.
        rev: String,
    },
    /// `{ "path": "…" }`: a folder with `json`, `client`, `cli`, and `mock`, relative to the
    /// workspace root.
    Path(String),
}

/// Source of the runtime as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRuntime {
    version: Option<String>,
    git: Option<String>,
    rev: Option<String>,
    path: Option<String>,
}

impl TryFrom<RawRuntime> for RuntimeSource {
    type Error = String;

    fn try_from(raw: RawRuntime) -> Result<Self, String> {
        match (raw.version, raw.git, raw.rev, raw.path) {
            (Some(version), None, None, None) => match semver::VersionReq::parse(&version) {
                Ok(_) => Ok(Self::Version(version)),
                Err(e) => Err(format!("`runtime`: version `{version}`: {e}")),
            },
            (None, Some(url), Some(rev), None) => Ok(Self::Git { url, rev }),
            (None, Some(_), None, None) => {
                Err("`runtime`: `git` needs `rev`, the commit to use".to_owned())
            }
            (None, None, None, Some(path)) => Ok(Self::Path(path)),
            _ => Err("`runtime` is one of {\"version\": …}, {\"git\": …, \"rev\": …} \
                      and {\"path\": …}"
                .to_owned()),
        }
    }
}

impl RuntimeSource {
    /// Converts the source for the generator, relative to a package `depth` folders below the root.
    #[must_use]
    pub fn runtime(&self, depth: usize) -> Runtime {
        match self {
            Self::Version(version) => Runtime::Version(version.clone()),
            Self::Git { url, rev } => Runtime::Git { url: url.clone(), rev: rev.clone() },
            Self::Path(path) if std::path::Path::new(path).is_absolute() => {
                Runtime::Path(path.clone())
            }
            Self::Path(path) => Runtime::Path(format!("{}{path}", "../".repeat(depth))),
        }
    }
}

impl Default for RuntimeSource {
    /// Returns the runtime released with this tool.
    fn default() -> Self {
        Self::Version(env!("CARGO_PKG_VERSION").to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Catalog;
    use super::*;

    fn settings(list: &str, entry: &str) -> Result<Settings, String> {
        let text = format!(r#"{{{list} "apis": [{{"id": "a:v1", "document": "a.json"{entry}}}]}}"#);
        Catalog::parse(&text).map(|catalog| catalog.apis[0].settings.clone())
    }

    #[test]
    fn entries_override_single_settings() {
        let list = r#""output": "crates", "license": "MIT", "products": ["client", "mock"],"#;
        let of_list = settings(list, "").unwrap();
        assert_eq!((of_list.output(), of_list.products().len()), ("crates", 2));
        let both = settings(list, r#", "products": ["cli"], "publish": true"#).unwrap();
        assert_eq!(both.products(), [ProductName::Cli]);
        assert_eq!((both.license.as_deref(), both.publish), (Some("MIT"), Some(true)));
        let bare = settings("", "").unwrap();
        assert_eq!((bare.output(), bare.products()), ("generated", &[ProductName::Client][..]));
    }

    #[test]
    fn runtime_sources_are_parsed() {
        let of = |text: &str| settings(&format!(r#""runtime": {text},"#), "");
        for (text, source, want) in [
            (
                r#"{"version": "0.1"}"#,
                RuntimeSource::Version("0.1".into()),
                Runtime::Version("0.1".into()),
            ),
            (
                r#"{"git": "https://x", "rev": "a1"}"#,
                RuntimeSource::Git { url: "https://x".into(), rev: "a1".into() },
                Runtime::Git { url: "https://x".into(), rev: "a1".into() },
            ),
            (
                r#"{"path": "../r"}"#,
                RuntimeSource::Path("../r".into()),
                Runtime::Path("../../../r".into()),
            ),
            (r#"{"path": "/r"}"#, RuntimeSource::Path("/r".into()), Runtime::Path("/r".into())),
        ] {
            let found = of(text).unwrap().runtime.unwrap();
            assert_eq!((found.runtime(2), found), (want, source));
        }
        for (text, told) in [
            (r#"{"git": "https://x"}"#, "`git` needs `rev`"),
            (r#"{"version": "one"}"#, "version `one`"),
            (r#"{"version": "1", "path": "x"}"#, "is one of"),
            (r#"{"workspace": true}"#, "workspace"),
            (r#"{"branch": "main"}"#, "branch"),
        ] {
            let error = of(text).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn unknown_settings_are_reported() {
        assert!(settings(r#""licence": "MIT","#, "").unwrap_err().contains("`licence`"));
        let error = settings("", r#", "product": []"#).unwrap_err();
        assert!(error.contains("a:v1") && error.contains("`product`"), "{error}");
    }
}
