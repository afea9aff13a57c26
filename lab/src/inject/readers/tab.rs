//! Completion scripts in their shells, at TAB.

use super::crates::{Api, Crates};
use super::work::{Work, several};
use super::{Found, terminal};
use crate::inject::texts::CANARY;

/// Lines to complete: at a command, a flag, a value, a field, and a type.
fn lines(crates: &Crates, work: &Work, api: &Api) -> Result<Vec<String>, String> {
    let program = api.program();
    let mut lines =
        vec![format!("{program} "), format!("{program} schema "), format!("{program} docs ")];
    for method in terminal::methods(crates, work, api)? {
        let (last, before) = method.words.split_last().ok_or("a method without words")?;
        let resource = [std::slice::from_ref(&program), before].concat().join(" ");
        lines.push(format!("{resource} "));
        for rest in ["--", "-r ", "-p "] {
            lines.push(format!("{resource} {last} {rest}"));
        }
    }
    lines.sort();
    lines.dedup();
    Ok(lines)
}

/// What a shell did with one script.
struct Pressed {
    count: usize,
    faults: Vec<String>,
    /// Whether it showed a text of the document.
    shows: bool,
}

/// The scripts of a program: the one that asks the program, and the one with all texts.
const KINDS: [&str; 2] = ["", "--static"];

/// Scripts at a time: most of the time, terminals wait for the end of an output.
const AT_ONCE: usize = 8;

/// Sources the scripts of a shell, and presses TAB.
fn press(
    crates: &Crates,
    shell: &str,
    ask: impl Fn(&Work, &str, &[String]) -> Result<String, String> + Sync,
) -> Result<Found, String> {
    let scripts: Vec<(&Api, &str)> =
        crates.apis.iter().flat_map(|api| KINDS.map(|kind| (api, kind))).collect();
    let pressed = several(AT_ONCE, &scripts, |(api, kind)| one(crates, api, shell, kind, &ask))?;
    let mut found = Found { count: 0, things: "lines", faults: Vec::new() };
    for (api, both) in crates.apis.iter().zip(pressed.chunks(KINDS.len())) {
        found.count += both.iter().map(|script| script.count).sum::<usize>();
        found.faults.extend(both.iter().flat_map(|script| script.faults.iter().cloned()));
        if !both.iter().any(|script| script.shows) {
            let program = api.program();
            found.faults.push(format!("{program}: {shell} shows no text: the check reads nothing"));
        }
    }
    Ok(found)
}

fn one(
    crates: &Crates,
    api: &Api,
    shell: &str,
    kind: &str,
    ask: impl Fn(&Work, &str, &[String]) -> Result<String, String>,
) -> Result<Pressed, String> {
    let work = Work::new(crates.folder.join(format!("work/{shell}{kind}-{}", api.at)))?;
    let mut command = work.command(crates.program(&api.program()));
    command.args(["completions", shell]).args(Some(kind).filter(|kind| !kind.is_empty()));
    let script = work.run(&mut command)?;
    let file = work.folder().join("script");
    std::fs::write(&file, script.out).map_err(|e| format!("{}: {e}", file.display()))?;
    let lines = lines(crates, &work, api)?;
    let seen = ask(&work, &path(crates)?, &lines)?;
    let mut faults: Vec<String> = work.acted().into_iter().collect();
    faults.extend(broken(&seen));
    let place = format!("{}: {shell} {kind}", api.program());
    Ok(Pressed {
        count: lines.len(),
        faults: faults.into_iter().map(|fault| format!("{place} {fault}")).collect(),
        shows: seen.contains(CANARY),
    })
}

/// Returns what a terminal must not receive from a shell.
fn broken(seen: &str) -> Vec<String> {
    // Texts have these controls; shells move the cursor by others.
    const CONTROLS: [&str; 4] = ["\u{1b}[31m\u{7}", "\u{9b}31m", "\u{1b}]8;;", "\u{1b}]0;zq"];
    const ERRORS: [&str; 5] =
        ["syntax error", "parse error", "bad pattern", "bad substitution", "command not found"];
    let passed = CONTROLS.iter().find(|control| seen.contains(**control));
    let said = seen.lines().find(|line| ERRORS.iter().any(|word| line.contains(word)));
    let passed = passed.map(|control| format!("prints {control:?}"));
    passed.into_iter().chain(said.map(|line| format!("says {line}"))).collect()
}

/// The search path with the programs.
fn path(crates: &Crates) -> Result<String, String> {
    let own = crates.program("");
    let paths = std::env::var("PATH").map_err(|e| format!("PATH: {e}"))?;
    Ok(format!("{}:{paths}", own.display()))
}

fn on_terminal(
    work: &Work,
    path: &str,
    args: [&str; 2],
    lines: &[String],
) -> Result<String, String> {
    let mut python = work.command("python3");
    python.arg("-B").arg(crate::paths::root().join("lab/inject/tab.py")).args(args).args(lines);
    let printed = work.run(python.env("PATH", path))?;
    if printed.success { Ok(printed.out) } else { Err(printed.err) }
}

pub(super) fn bash(crates: &Crates) -> Result<Found, String> {
    const SETUP: &str = "bind '\"\\t\": menu-complete'; bind 'set show-all-if-ambiguous on'; bind 'set page-completions off'; bind 'set completion-query-items 0'; \
                         bind 'set enable-bracketed-paste off'; source ./script";
    press(crates, "bash", |work, path, lines| on_terminal(work, path, ["bash", SETUP], lines))
}

pub(super) fn zsh(crates: &Crates) -> Result<Found, String> {
    const SETUP: &str = "bindkey -e; LISTMAX=100000; PROMPT='%% '; autoload -U compinit; compinit -u -D; source ./script";
    press(crates, "zsh", |work, path, lines| on_terminal(work, path, ["zsh", SETUP], lines))
}

pub(super) fn fish(crates: &Crates) -> Result<Found, String> {
    press(crates, "fish", |work, path, lines| {
        let mut fish = work.command("fish");
        // `complete -C` prints what TAB would offer.
        fish.args([
            "--no-config",
            "-c",
            "source ./script; for line in $argv; complete -C $line; end",
        ]);
        let printed = work.run(fish.args(lines).env("PATH", path))?;
        Ok(printed.out + &printed.err)
    })
}
