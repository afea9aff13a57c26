//! What an update prints and writes: `diff`, `regen --bump`, and the changelog.

use super::crates::{Api, Crates, empty};
use super::work::{Work, each};
use super::{Found, pages, python, terminal};
use crate::inject::files;
use crate::inject::mix;
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// Updates each API from a harmless document to a hostile one, and on to another.
pub(super) fn read(crates: &Crates) -> Result<Found, String> {
    crate::built::package("cargo-discovery")?;
    let program = crate::built::path("cargo-discovery")?;
    let html = crates.folder.join("updates-html");
    empty(&html)?;
    let found = each(&crates.apis, |api| one(crates, api, &program, &html))?;
    let count = found.iter().map(|(count, _)| count).sum();
    let mut faults: Vec<String> = found.into_iter().flat_map(|f| f.1).collect();
    faults.extend(python::pages(&[html])?.faults);
    Ok(Found { count, things: "outputs", faults })
}

fn one(
    crates: &Crates,
    api: &Api,
    program: &Path,
    html: &Path,
) -> Result<(usize, Vec<String>), String> {
    let work = Work::new(crates.folder.join(format!("work/update-{}", api.at)))?;
    let name = &api.mix.model.api.name;
    let plain = mix::renamed(&crates.plain, api.at)?;
    let next = mix::document(&plain, api.at + 1)?.text;
    let mut update = Update { work: &work, program, name, count: 0, faults: Vec::new() };
    update.start(&format!("{plain:#}\n"))?;
    for (text, revision) in [(&api.mix.text, "20260201"), (&next, "20260301")] {
        update
            .step(&text.replace("20260101", revision), &html.join(format!("{name}-{revision}")))?;
    }
    Ok((update.count, update.faults))
}

/// A workspace whose API is updated.
struct Update<'a> {
    work: &'a Work,
    program: &'a Path,
    name: &'a str,
    count: usize,
    faults: Vec<String>,
}

impl Update<'_> {
    fn put(&self, path: &str, text: &str) -> Result<(), String> {
        let path = self.work.folder().join(path);
        let folder = path.parent().unwrap_or(&path);
        let result = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text));
        result.map_err(|e| format!("{}: {e}", path.display()))
    }

    fn start(&mut self, document: &str) -> Result<(), String> {
        let id = format!("{}:v1", self.name);
        let runtime = crate::paths::root().join("runtime");
        let runtime = runtime.canonicalize().map_err(|e| format!("{}: {e}", runtime.display()))?;
        let products = ["client", "cli", "mock", "docs"];
        let api = json!({ "id": id, "document": "evil.json", "products": products });
        let catalog = json!({ "runtime": { "path": runtime }, "apis": [api] });
        self.put("discovery/apis.json", &format!("{catalog:#}\n"))?;
        self.put("discovery/evil.json", document)?;
        self.put("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"generated/*\"]\n")?;
        self.git(&["init", "--quiet"])?;
        self.tool(&["regen"])?;
        self.commit()
    }

    /// Reports and makes an update.
    fn step(&mut self, document: &str, html: &Path) -> Result<(), String> {
        self.put("discovery/evil.json", document)?;
        for format in ["text", "json"] {
            self.tool(&["diff", "--format", format])?;
        }
        let markdown = self.tool(&["diff", "--format", "markdown"])?;
        self.tool(&["regen", "--bump"])?;
        let path = self.work.folder().join(format!("generated/{}-v1/CHANGELOG.md", self.name));
        let changelog = crate::paths::read(&path)?;
        for (kind, text) in [("diff.md", markdown), ("CHANGELOG.md", changelog)] {
            let place = format!("{}: {kind}", self.name);
            let faults = files::markdown(kind, &text).into_iter().chain(terminal::fault(&text));
            self.faults.extend(faults.map(|fault| format!("{place} {fault}")));
            pages::render(&html.join(format!("{kind}.html")), &text)?;
        }
        self.commit()
    }

    /// Runs the tool; returns what it prints.
    fn tool(&mut self, args: &[&str]) -> Result<String, String> {
        let mut command = self.work.command(self.program);
        let printed =
            self.work.run(command.arg("discovery").args(args).env("CLICOLOR_FORCE", "1"))?;
        let place = format!("{}: {}", self.name, args.join(" "));
        self.count += 1;
        for text in [&printed.out, &printed.err] {
            self.faults.extend(terminal::fault(text).map(|fault| format!("{place} {fault}")));
        }
        if !printed.success {
            self.faults.push(format!("{place} fails: {}", printed.err.trim()));
        }
        Ok(printed.out)
    }

    fn commit(&self) -> Result<(), String> {
        self.git(&["add", "--all"])?;
        self.git(&["commit", "--quiet", "--message", "x"])
    }

    fn git(&self, args: &[&str]) -> Result<(), String> {
        let who = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "gc.auto=0"];
        let mut git: Command = self.work.command("git");
        let printed = self.work.run(git.args(who).args(args))?;
        if printed.success { Ok(()) } else { Err(format!("git {args:?}: {}", printed.err)) }
    }
}
