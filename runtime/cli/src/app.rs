//! Description of a generated program.

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
    /// Package name of the client crate, for example `google-jobs-v3`; the dependency of programs
    /// that `--code rust` prints.
    pub crate_name: &'static str,
    /// Pages that `docs` prints in addition to those of the methods.
    pub docs: &'static [Doc],
    /// The API's local server, for `--mock`; `None` if the program was built without it.
    pub mock: Option<OpenMock>,
}

/// Opens the local server of an API with its resources in a file, creating the file if necessary.
/// Errors are printed.
pub type OpenMock = fn(&Path) -> Result<Arc<dyn Transport>, String>;

/// A page of documentation in the program.
#[derive(Clone, Copy, Debug)]
pub struct Doc {
    /// Name for the `docs` command.
    pub name: &'static str,
    /// Its text, Markdown.
    pub text: &'static str,
}
