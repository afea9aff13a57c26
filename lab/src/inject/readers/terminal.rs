//! What command lines print, as a terminal obeys it; and their manual pages.

use super::Found;
use super::crates::{Api, Crates, empty};
use super::work::{Work, each};
use crate::inject::files::is_invisible;
use crate::inject::texts::CANARY;
use std::path::Path;

/// Returns what is wrong with a text on a terminal: characters that control it or change the direction
/// of text, except colors.
pub(super) fn fault(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(at) = rest.find(|c| is_invisible(c) && c != '\t') {
        let color = rest[at..].strip_prefix("\u{1b}[").and_then(|after| {
            let end = after.find(|c: char| !c.is_ascii_digit() && c != ';')?;
            after[end..].strip_prefix('m')
        });
        let Some(after) = color else {
            let near: String = rest[at..].chars().take(24).collect();
            return Some(format!("prints {near:?}"));
        };
        rest = after;
    }
    None
}

/// Command lines that show text of a document.
fn lines(crates: &Crates, work: &Work, api: &Api) -> Result<Vec<Vec<String>>, String> {
    let all = [
        "",
        "--help",
        "--help-all",
        "methods",
        "methods --format json",
        "search zqcanary --limit 500",
        "search zqcanary --format json",
        "docs skill",
        "schema zq",
        "docs zq",
        "zq",
        "config",
        "auth status",
        "completions bash",
        "completions zsh",
        "completions fish",
        "completions powershell",
        "completions elvish",
        "completions bash --static",
        "completions zsh --static",
        "completions fish --static",
        "completions powershell --static",
        "completions elvish --static",
    ];
    let split = |line: &&str| line.split_whitespace().map(str::to_owned).collect();
    let mut lines: Vec<Vec<String>> = all.iter().map(split).collect();
    for method in methods(crates, work, api)? {
        let more = |words: &[&str]| {
            method.words.iter().cloned().chain(words.iter().map(|w| (*w).to_owned())).collect()
        };
        lines.extend([
            more(&["-h"]),
            more(&["--help"]),
            more(&["--help-all"]),
            more(&["--zq"]),
            more(&["a", "-p", "zq=1"]),
        ]);
        lines.extend([more(&["a", "-r", "zq=1", "--dry-run"]), more(&["--skeleton"])]);
        for tool in ["docs", "schema", "schema --format json-schema", "schema --format yaml"] {
            lines.push(tool.split(' ').chain([method.id.as_str()]).map(str::to_owned).collect());
        }
    }
    for schema in &api.mix.model.api.schemas {
        let name = schema.name.as_str();
        lines.push(vec!["schema".to_owned(), name.to_owned()]);
        lines.push(["schema", "--format", "json-schema", name].map(str::to_owned).to_vec());
    }
    Ok(lines)
}

/// A method of a command line.
pub(super) struct Method {
    pub(super) id: String,
    pub(super) words: Vec<String>,
}

/// Returns the methods that a command line lists.
pub(super) fn methods(crates: &Crates, work: &Work, api: &Api) -> Result<Vec<Method>, String> {
    let mut command = work.command(crates.program(&api.program()));
    let printed = work.run(command.args(["methods", "--format", "json"]))?;
    let list: serde_json::Value = serde_json::from_str(&printed.out)
        .map_err(|e| format!("{} methods --format json: {e}", api.program()))?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let method = |item: &serde_json::Value| Method {
        id: text(&item["id"]),
        words: text(&item["command"]).split(' ').map(str::to_owned).collect(),
    };
    Ok(list.as_array().into_iter().flatten().map(method).collect())
}

/// Returns the help of all methods.
pub(super) fn helps(crates: &Crates, api: &Api) -> Result<Vec<(String, String)>, String> {
    let work = Work::new(crates.folder.join(format!("work/help-{}", api.at)))?;
    let mut out = Vec::new();
    for method in methods(crates, &work, api)? {
        let mut command = work.command(crates.program(&api.program()));
        let printed = work.run(command.args(&method.words).arg("--help"))?;
        out.push((format!("{} --help", method.words.join(" ")), printed.out));
    }
    Ok(out)
}

/// Runs every command line that shows text, on a terminal.
pub(super) fn read(crates: &Crates) -> Result<Found, String> {
    let found = each(&crates.apis, |api| {
        let work = Work::new(crates.folder.join(format!("work/terminal-{}", api.at)))?;
        let program = crates.program(&api.program()).display().to_string();
        let own = |line: Vec<String>| [vec![program.clone()], line].concat();
        let mut lines: Vec<Vec<String>> = lines(crates, &work, api)?.into_iter().map(own).collect();
        lines.push(vec![format!("{program}-mock"), "--help".to_owned()]);
        let (mut faults, mut shows) = (Vec::new(), false);
        for (line, text) in lines.iter().zip(on_terminal(&work, &lines)?) {
            let place = format!("{} {:?}", api.program(), &line[1..]);
            faults.extend(fault(&text).map(|fault| format!("{place} {fault}")));
            shows |= text.contains(CANARY);
            if text.contains("panicked at") {
                faults.push(format!("{place} panics: {text}"));
            }
        }
        faults.extend(work.acted().map(|fault| format!("{}: a command {fault}", api.program())));
        if !shows {
            faults.push(format!("{} shows no text: the check reads nothing", api.program()));
        }
        Ok((lines.len(), faults))
    })?;
    let count = found.iter().map(|(count, _)| count).sum();
    Ok(Found { count, things: "outputs", faults: found.into_iter().flat_map(|f| f.1).collect() })
}

/// Returns what each command writes to a terminal.
pub(super) fn on_terminal(work: &Work, commands: &[Vec<String>]) -> Result<Vec<String>, String> {
    let file = work.folder().join("commands.json");
    let failed = |e: std::io::Error| format!("{}: {e}", file.display());
    std::fs::write(&file, serde_json::json!(commands).to_string()).map_err(failed)?;
    let mut python = work.command("python3");
    python.arg("-B").arg(crate::paths::root().join("lab/inject/terminal.py"));
    python.stdin(std::fs::File::open(&file).map_err(failed)?);
    let printed = work.run(&mut python)?;
    serde_json::from_str(&printed.out).map_err(|e| format!("terminal.py: {e}: {}", printed.err))
}

/// Opens the manual pages in groff, which may run commands.
pub(super) fn man(crates: &Crates) -> Result<Found, String> {
    let pages = crates.folder.join("man");
    empty(&pages)?;
    let found = each(&crates.apis, |api| {
        let work = Work::new(crates.folder.join(format!("work/man-{}", api.at)))?;
        let dir = pages.join(api.program());
        let mut man = work.command(crates.program(&api.program()));
        let printed = work.run(man.args(["man", "--dir"]).arg(&dir))?;
        let mut faults = Vec::new();
        if !printed.success {
            faults.push(format!("{} man: {}", api.program(), printed.err.trim()));
        }
        let files = crate::paths::walk(&dir)?;
        for file in &files {
            faults.extend(page(&work, &dir.join(file))?);
        }
        Ok((files.len(), faults))
    })?;
    let count = found.iter().map(|(count, _)| count).sum();
    Ok(Found { count, things: "pages", faults: found.into_iter().flat_map(|f| f.1).collect() })
}

fn page(work: &Work, path: &Path) -> Result<Vec<String>, String> {
    let mut groff = work.command("groff");
    let printed = work
        .run(groff.args(["-U", "-Kutf8", "-ww", "-Wbreak", "-man", "-Tutf8", "-P-c"]).arg(path))?;
    let mut faults: Vec<String> = fault(&overstruck(&printed.out)).into_iter().collect();
    faults.extend(work.acted());
    faults.extend(printed.err.lines().map(str::to_owned));
    let place = path.file_name().unwrap_or_default().display();
    Ok(faults.into_iter().map(|fault| format!("{place}: {fault}")).collect())
}

/// Removes the backspaces with which groff prints bold and underlined letters.
fn overstruck(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_covered = letters.peek() == Some(&'\u{8}');
        if is_covered {
            letters.next();
        } else {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colors_may_control_a_terminal() {
        for text in ["a\n\tb", "\u{1b}[1mbold\u{1b}[0m", "\u{1b}[38;5;1mx"] {
            assert_eq!(fault(text), None, "{text:?}");
        }
        for text in ["\u{1b}]0;x\u{7}", "\u{1b}[2J", "a\rb", "\u{202e}a", "\u{1b}[1mx\u{9b}31m"] {
            assert!(fault(text).is_some(), "{text:?}");
        }
        assert_eq!(overstruck("N\u{8}NA_\u{8}b"), "NAb");
    }
}
