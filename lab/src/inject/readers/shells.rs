//! Command lines to copy, pasted into bash: hostile text in them is an argument, not a command.

use super::crates::{Api, Crates};
use super::work::{Printed, Work, each};
use super::{Found, terminal};
use crate::docs::book::Page;
use crate::inject::structure;
use crate::inject::texts::CANARY;
use proc_macro2::TokenStream;

/// Programs do nothing, except `touch` and those in the folder `bin`.
const QUIET: &str = "command_not_found_handle() { :; }\n";

/// Runs `script` in bash.
fn bash(work: &Work, script: &str) -> Result<Printed, String> {
    // A command is searched for in the path that it is given.
    let mut bash = work.command("/bin/bash");
    bash.args(["--norc", "-c", &format!("{QUIET}{script}")]);
    work.run(bash.env("PATH", work.folder().join("bin")))
}

/// Creates a folder whose `bin` has `touch`, and some programs.
fn with_programs(crates: &Crates, api: &Api, name: &str, has_own: bool) -> Result<Work, String> {
    let work = Work::new(crates.folder.join(format!("work/{name}-{}", api.at)))?;
    let bin = work.folder().join("bin");
    std::fs::create_dir(&bin).map_err(|e| format!("{}: {e}", bin.display()))?;
    link(std::path::Path::new("/usr/bin/touch"), &bin.join("touch"))?;
    if has_own {
        link(&crates.program(&api.program()), &bin.join(api.program()))?;
    }
    Ok(work)
}

#[cfg(unix)]
fn link(from: &std::path::Path, to: &std::path::Path) -> Result<(), String> {
    std::os::unix::fs::symlink(from, to).map_err(|e| format!("{}: {e}", to.display()))
}

#[cfg(not(unix))]
fn link(_: &std::path::Path, _: &std::path::Path) -> Result<(), String> {
    Err("this needs Unix".to_owned())
}

/// Returns the commands of a block: those after `$ `, or all of them if it has none.
fn commands(info: &str, text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ ").filter(|_| !open) {
            out.push(command.to_owned());
        } else if open || info == "sh" {
            match out.last_mut().filter(|_| open) {
                Some(last) => last.extend(["\n", line]),
                None => out.push(line.to_owned()),
            }
        } else {
            continue;
        }
        let last = out.last().map_or("", String::as_str);
        open = last.ends_with('\\') || shlex::split(&last.replace("\\\n", " ")).is_none();
    }
    out
}

/// Returns the commands of all pages of an API whose path has `part` in it, with their places.
fn documented(api: &Api, part: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (path, file) in
        api.tree.iter().filter(|(path, _)| path.ends_with(".md") && path.contains(part))
    {
        let page = Page::new(path.to_owned(), &file.text);
        for block in
            page.blocks.iter().filter(|b| ["console", "sh", "bash"].contains(&b.info.as_str()))
        {
            let place = format!("{path}:{}", block.line);
            all.extend(commands(&block.info, &block.text).into_iter().map(|c| (place.clone(), c)));
        }
    }
    all
}

/// Runs a command and returns what is wrong.
fn pasted(work: &Work, place: &str, command: &str) -> Result<Option<String>, String> {
    let printed = bash(work, command)?;
    let broken = ["syntax error", "unexpected EOF", "unmatched"];
    let fault = if let Some(fault) = work.acted() {
        fault
    } else if broken.iter().any(|word| printed.err.contains(word)) {
        format!("is no command: {}", printed.err.trim())
    } else {
        return Ok(None);
    };
    Ok(Some(format!("{place}: {command:?} {fault}")))
}

/// Pastes the examples of docs and help.
pub(super) fn examples(crates: &Crates) -> Result<Found, String> {
    let found = each(&crates.apis, |api| {
        let work = with_programs(crates, api, "examples", false)?;
        let mut all = documented(api, "");
        for (line, printed) in terminal::helps(crates, api)? {
            let examples = printed.split("Examples:\n").nth(1).unwrap_or_default();
            let block = examples.replace("\n  ", "\n$ ").replace("$   ", "    ");
            let block = block.replacen("  ", "$ ", 1);
            all.extend(commands("console", &block).into_iter().map(|c| (line.clone(), c)));
        }
        let mut faults = Vec::new();
        for (place, command) in &all {
            faults.extend(pasted(&work, place, command)?);
        }
        Ok((all.len(), faults))
    })?;
    Ok(sum(found, "commands"))
}

fn sum(found: Vec<(usize, Vec<String>)>, things: &'static str) -> Found {
    let count = found.iter().map(|(count, _)| count).sum();
    Found { count, things, faults: found.into_iter().flat_map(|(_, faults)| faults).collect() }
}

/// Adds a flag to every documented command, and reads what it prints.
fn printed_by(
    crates: &Crates,
    name: &str,
    flag: &str,
    check: impl Fn(&Work, &str, &str) -> Result<Option<String>, String> + Sync,
) -> Result<Found, String> {
    let found = each(&crates.apis, |api| {
        let work = with_programs(crates, api, name, true)?;
        let own = format!("{} ", api.program());
        let (mut count, mut faults) = (0, Vec::new());
        for (place, command) in documented(api, "docs/cli/") {
            let Some(rest) = command.strip_prefix(&own) else { continue };
            let printed = bash(&work, &format!("{own}{flag} {rest}"))?;
            faults.extend(work.acted().map(|fault| format!("{place}: {command:?} {fault}")));
            if printed.success {
                count += 1;
                faults.extend(check(&work, &place, &printed.out)?);
            }
        }
        Ok((count, faults))
    })?;
    Ok(sum(found, "commands"))
}

/// Runs what `--curl` prints.
pub(super) fn curl(crates: &Crates) -> Result<Found, String> {
    printed_by(crates, "curl", "--curl", pasted)
}

/// Reads what `--code rust` prints.
pub(super) fn code(crates: &Crates) -> Result<Found, String> {
    printed_by(crates, "code", "--code rust", |_, place, text| {
        let fault = match text.parse::<TokenStream>() {
            Err(error) => Some(format!("is not Rust: {error}")),
            Ok(tokens) => structure::kinds_of(tokens)
                .into_keys()
                .find(|kind| kind.contains(CANARY))
                .map(|kind| format!("has {kind}")),
        };
        Ok(fault.map(|fault| format!("{place}: the program {fault}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_end_where_bash_ends_them() {
        let text = "$ a b \\\n  c\nout\n$ d '{\n}' e\nout\n";
        assert_eq!(commands("console", text), ["a b \\\n  c", "d '{\n}' e"]);
        assert_eq!(commands("sh", "a\nb \\\n c\n"), ["a", "b \\\n c"]);
    }
}
