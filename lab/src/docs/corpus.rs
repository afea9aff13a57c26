//! Checks the documentation of real documents: it generates, links resolve, and JSON is valid.

use super::book::Page;
use super::{Found, check_pages};
use crate::catalog;
use crate::paths::{read, root, walk};
use discovery_generator::{FileTree, Input, Options, Product, Templates, analyze, write};
use std::path::Path;

/// Generates and checks the documentation of `count` documents of a folder. Returns the number of
/// faults.
pub(super) fn check(dir: &Path, count: usize) -> Result<usize, String> {
    let templates = catalog::templates(crate::paths::workspace())?;
    let names: Vec<String> =
        walk(dir)?.into_iter().filter(|p| p.ends_with(".json") && !p.contains('/')).collect();
    let step = names.len().checked_div(count).unwrap_or(1).max(1);
    let mut faults = 0;
    let (mut tried, mut pages) = (0, 0);
    for name in names.iter().step_by(step).take(if count == 0 { usize::MAX } else { count }) {
        let text = read(&dir.join(name))?;
        let found = one(name, &text, &templates)?;
        tried += 1;
        pages += found.pages;
        faults += found.faults.len();
        if count != 0 || !found.faults.is_empty() {
            found.print(name.trim_end_matches(".json"));
        }
    }
    println!("{tried} documents, {pages} pages, {faults} faults");
    Ok(faults)
}

fn one(name: &str, text: &str, templates: &Templates) -> Result<Found, String> {
    let (tree, book) = generate(name, text, None, templates)?;
    put(&tree)?;
    inspect(&tree, &book, text)
}

/// Returns the files of one document, and the folder of its book.
fn generate(
    name: &str,
    text: &str,
    overlay: Option<&str>,
    templates: &Templates,
) -> Result<(FileTree, String), String> {
    let model = analyze(&Input { file: name, document: text, overlay, methods: None })
        .map_err(|report| report.to_string())?;
    let options = Options::new([Product::Cli, Product::Docs]);
    let tree = write(&model, name, &options, templates).map_err(|report| report.to_string())?;
    Ok((tree, format!("{}/docs/", model.names.package.folder)))
}

fn inspect(tree: &FileTree, book: &str, document: &str) -> Result<Found, String> {
    let pages: Vec<Page> = tree
        .iter()
        .filter_map(|(path, file)| {
            let path = path.strip_prefix(book).filter(|p| p.ends_with(".md"))?;
            Some(Page::new(path.to_owned(), &file.text))
        })
        .collect();
    let document = serde_json::from_str(document).map_err(|e| e.to_string())?;
    Ok(check_pages(&pages, &document))
}

/// Writes the files for inspection.
fn put(tree: &FileTree) -> Result<(), String> {
    let out = root().join("target/docs");
    for (path, file) in tree.iter().filter(|(path, _)| path.contains("/docs/")) {
        let target = out.join(path);
        let folder = target.parent().unwrap_or(&out);
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        std::fs::write(&target, &file.text).map_err(|e| format!("{}: {e}", target.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks all shapes of the generator's tests.
    #[test]
    fn unusual_documents_have_valid_pages() {
        let templates = catalog::templates(crate::paths::workspace()).expect("templates");
        let shapes = root().join("generator/tests/shapes");
        let mut documents: Vec<_> = walk(&shapes).expect("shapes");
        // The overlay renames a schema, but the checks use the document's names.
        documents.retain(|p| p.ends_with("discovery.json") && !p.starts_with("overlay/"));
        assert!(documents.len() >= 25, "{}", documents.len());
        let mut faults = Vec::new();
        for path in documents {
            let text = read(&shapes.join(&path)).expect("a document");
            let overlay = read(&shapes.join(path.replace("discovery", "overlay"))).ok();
            let (tree, book) = generate(&path, &text, overlay.as_deref(), &templates)
                .unwrap_or_else(|message| panic!("{path}: {message}"));
            let found = inspect(&tree, &book, &text).expect("JSON");
            assert!(found.pages > 5 && found.links > 5, "{path}");
            faults.extend(found.faults.into_iter().map(|fault| format!("{path}: {fault}")));
        }
        assert_eq!(faults, Vec::<String>::new());
    }
}
