//! Finds a Python with google-api-python-client.

use crate::paths::root;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The client, with the version whose documents form the corpus.
const CLIENT: &str = "google-api-python-client==2.202.0";

/// Returns a Python with the client: the machine's, or one in target/python, which is created if
/// necessary.
///
/// # Errors
/// Returns why there is none.
pub(crate) fn with_client() -> Result<PathBuf, &'static str> {
    let system = PathBuf::from("python3");
    if !succeeds(Command::new(&system).arg("--version")) {
        return Err("there is no python3");
    }
    if has_client(&system) {
        return Ok(system);
    }
    let folder = root().join("target/python");
    let own = folder.join("bin/python");
    if has_client(&own) {
        return Ok(own);
    }
    if !succeeds(Command::new(&system).args(["-m", "venv"]).arg(&folder)) {
        return Err("python3 has no venv");
    }
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", CLIENT];
    if succeeds(Command::new(&own).args(pip)) && has_client(&own) {
        Ok(own)
    } else {
        Err("google-api-python-client cannot be installed")
    }
}

/// Returns the document of an API, such as `gmail.v1`, that is part of the client.
///
/// # Errors
/// Returns an error if the client has no document of this name.
pub(crate) fn document(python: &Path, name: &str) -> Result<PathBuf, String> {
    let program = "import googleapiclient; print(googleapiclient.__path__[0])";
    let output = Command::new(python)
        .args(["-c", program])
        .output()
        .map_err(|e| format!("{}: {e}", python.display()))?;
    let package = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let document = package.join(format!("discovery_cache/documents/{name}.json"));
    if document.is_file() {
        Ok(document)
    } else {
        Err(format!("{name}: neither a file nor a document of google-api-python-client"))
    }
}

fn has_client(python: &Path) -> bool {
    succeeds(Command::new(python).args(["-c", "import googleapiclient"]))
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
