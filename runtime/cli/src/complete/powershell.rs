//! Quotes words for PowerShell, which runs a word with `$(…)` when it asks for the next completion.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::engine;
use clap_complete::env::{EnvCompleter, Powershell};

use crate::text;

/// clap's completion for PowerShell, with quoted words.
pub(super) struct Quoting;

impl EnvCompleter for Quoting {
    fn name(&self) -> &'static str {
        Powershell.name()
    }

    fn is(&self, name: &str) -> bool {
        Powershell.is(name)
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        Powershell.write_registration(var, name, bin, completer, buf)
    }

    fn write_complete(
        &self,
        command: &mut Command,
        args: Vec<OsString>,
        current_dir: Option<&Path>,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        let index = args.len().saturating_sub(1);
        for candidate in engine::complete(command, args, index, current_dir)? {
            let Some(word) = quoted(&candidate.get_value().to_string_lossy()) else { continue };
            buf.write_all(word.as_bytes())?;
            let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
            let help = help.lines().next().unwrap_or_default();
            if !help.is_empty() {
                let shown: String = help.chars().filter(|c| text::is_plain(*c)).collect();
                write!(buf, "\t{shown}")?;
            }
            writeln!(buf)?;
        }
        Ok(())
    }
}

/// Returns a word as PowerShell reads it. `None` if it has characters that do not show themselves.
fn quoted(word: &str) -> Option<String> {
    if !word.chars().all(text::is_plain) {
        return None;
    }
    let bare = |c: char| c.is_alphanumeric() || "-_./:+=".contains(c);
    if word.chars().all(bare) {
        return Some(word.to_owned());
    }
    let mut out = String::from("'");
    for c in word.chars() {
        // Two of them are one within quotes.
        if is_quote(c) {
            out.push(c);
        }
        out.push(c);
    }
    out.push('\'');
    Some(out)
}

/// Returns `true` for characters that PowerShell takes for a single quote.
fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}'..='\u{201b}')
}

/// Replaces typographic quotes in descriptions, of which clap escapes only one for PowerShell.
pub(super) fn described(command: Command) -> Command {
    let straight = |text: &clap::builder::StyledStr| {
        text.to_string().replace(|c| is_quote(c) && c != '\'', "'")
    };
    let about = command.get_about().map(straight);
    let command = match about {
        Some(about) => command.about(about),
        None => command,
    };
    command
        .mut_args(|arg| match arg.get_help().map(straight) {
            Some(help) => arg.help(help),
            None => arg,
        })
        .mut_subcommands(described)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Arg;

    #[test]
    fn words_are_quoted() {
        for (word, want) in [
            ("--page-size", Some("--page-size")),
            ("name=é", Some("name=é")),
            ("a b", Some("'a b'")),
            ("name=$(calc)", Some("'name=$(calc)'")),
            ("it's", Some("'it''s'")),
            ("‘;calc;’", Some("'‘‘;calc;’’'")),
            ("`n", Some("'`n'")),
            ("a,b", Some("'a,b'")),
            ("a\tb", None),
            ("a\nb", None),
            ("\u{202e}", None),
        ] {
            assert_eq!(quoted(word).as_deref(), want, "{word:?}");
        }
    }

    /// Reads what is between single quotes as PowerShell does, and returns the rest.
    fn outside(script: &str) -> String {
        let (mut out, mut chars, mut inside) = (String::new(), script.chars().peekable(), false);
        while let Some(c) = chars.next() {
            match (inside, is_quote(c)) {
                (true, true) if chars.peek().is_some_and(|c| is_quote(*c)) => drop(chars.next()),
                (_, true) => inside = !inside,
                (false, false) => out.push(c),
                (true, false) => {}
            }
        }
        out
    }

    #[test]
    fn descriptions_stay_within_their_quotes() {
        let arg = |help: &'static str| Arg::new("flag").long("flag").help(help);
        for text in ["‘;calc;‘", "‚calc‛", "it’s calc", "'calc'", "a 'calc‘ b"] {
            let below = Command::new("below").about(text).arg(arg(text));
            let mut command = described(Command::new("top").about(text).subcommand(below));
            let mut script = Vec::new();
            let shell = clap_complete::Shell::PowerShell;
            clap_complete::generate(shell, &mut command, "top", &mut script);
            let script = String::from_utf8(script).unwrap();
            assert!(script.contains("calc"), "{script}");
            assert!(!outside(&script).contains("calc"), "{text}: {script}");
        }
    }
}
