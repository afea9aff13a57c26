//! What a generated program says of itself.

use std::path::Path;
use std::sync::Arc;

use discovery_runtime::reflect::ApiInfo;
use discovery_runtime::transport::Transport;

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
    /// The API's local server, for `--mock`; `None` if the program was built without it.
    pub mock: Option<OpenMock>,
}

/// Opens the local server of an API with its resources in a file, which is made if there is none.
/// An error is told to the user.
pub type OpenMock = fn(&Path) -> Result<Arc<dyn Transport>, String>;

/// A page of documentation in the program.
#[derive(Clone, Copy, Debug)]
pub struct Doc {
    /// The word that asks for it.
    pub name: &'static str,
    /// Its text, Markdown.
    pub text: &'static str,
}
