//! What a generated program says of itself.

use discovery_runtime::reflect::ApiInfo;

/// A generated command line: the API's tables and the program's names.
#[derive(Clone, Copy, Debug)]
pub struct App {
    /// The API.
    pub api: &'static ApiInfo,
    /// The program's name, for example `jobs3`.
    pub name: &'static str,
    /// The program's version.
    pub version: &'static str,
    /// The package of the client crate, for example `google-jobs-v3`: what `--code rust` names
    /// as the dependency of the program that it prints.
    pub crate_name: &'static str,
    /// Pages that `docs` prints beside those of the methods.
    pub docs: &'static [Doc],
}

/// A page of documentation in the program.
#[derive(Clone, Copy, Debug)]
pub struct Doc {
    /// The word that asks for it.
    pub name: &'static str,
    /// Its text, Markdown.
    pub text: &'static str,
}
