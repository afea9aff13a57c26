//! Markdown and documentation, as HTML.

use super::crates::{Api, Crates, empty};
use super::{Found, python};
use pulldown_cmark::{Options, Parser};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Opens every Markdown file as code hosts show it.
pub(super) fn markdown(crates: &Crates) -> Result<Found, String> {
    let out = crates.folder.join("html");
    empty(&out)?;
    for api in &crates.apis {
        for (path, file) in api.tree.iter().filter(|(path, _)| path.ends_with(".md")) {
            render(&out.join(format!("{path}.html")), &file.text)?;
        }
    }
    python::pages(&[out])
}

/// Writes Markdown as HTML.
pub(super) fn render(path: &Path, text: &str) -> Result<(), String> {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(text, Options::all()));
    let folder = path.parent().unwrap_or(path);
    let result = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, html));
    result.map_err(|e| format!("{}: {e}", path.display()))
}

/// Opens the pages of `cargo doc`.
pub(super) fn rustdoc(crates: &Crates) -> Result<Found, String> {
    let mut faults = crates.cargo(&["doc", "--no-deps", "--lib"])?;
    let doc = crates.target().join("doc");
    let folder = |api: &Api, end: &str| {
        doc.join(format!("{}{end}", api.mix.model.names.package.package.replace('-', "_")))
    };
    let folders: Vec<PathBuf> =
        crates.apis.iter().flat_map(|api| ["", "_mock"].map(|end| folder(api, end))).collect();
    let found = python::pages(&folders)?;
    faults.extend(found.faults);
    Ok(Found { faults, ..found })
}

/// Opens the pages of `mdbook build`.
pub(super) fn books(crates: &Crates) -> Result<Found, String> {
    let out = crates.folder.join("books");
    empty(&out)?;
    let mut faults = Vec::new();
    for api in &crates.apis {
        let book = crates.folder.join(api.folder()).join("docs");
        let mut mdbook = Command::new("mdbook");
        mdbook.arg("build").arg(&book).arg("--dest-dir").arg(out.join(api.folder()));
        let output = mdbook.output().map_err(|e| format!("mdbook: {e}"))?;
        let text = String::from_utf8_lossy(&output.stderr);
        let is_fault = |line: &&str| line.contains("ERROR") || line.contains("WARN");
        let said = text.lines().filter(is_fault).map(|line| format!("{}: {line}", api.folder()));
        faults.extend(said);
        if !output.status.success() {
            faults.push(format!("{}: mdbook fails", api.folder()));
        }
    }
    let found = python::pages(&[out])?;
    faults.extend(found.faults);
    Ok(Found { faults, ..found })
}
