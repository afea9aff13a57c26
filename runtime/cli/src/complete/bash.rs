//! Joins words that bash splits at `=` and `:`.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::engine;
use clap_complete::env::EnvCompleter;

use crate::text;

/// Bash, with words as they were typed.
pub(super) struct Bash;

const SCRIPT: &str = r#"_complete_NAME() {
    local IFS=$'\013'
    COMPREPLY=( $( \
        _CLAP_IFS="$IFS" _CLAP_COMPLETE_INDEX="${COMP_CWORD}" VAR="bash" \
        "COMPLETER" -- "${COMP_WORDS[@]}" 2> /dev/null \
    ) )
    if [[ $? != 0 ]]; then
        unset COMPREPLY
    elif [[ "${COMPREPLY-}" =~ [=/:.]$ ]]; then
        compopt -o nospace 2> /dev/null
    fi
}
complete -o bashdefault -F _complete_NAME BIN
"#;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == "bash"
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        buf.write_all(super::filled(SCRIPT, var, name, bin, completer).as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        args: Vec<OsString>,
        current_dir: Option<&Path>,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        let variable = |name: &str| std::env::var(name).ok();
        let index = variable("_CLAP_COMPLETE_INDEX").and_then(|index| index.parse().ok());
        let separator = variable("_CLAP_IFS").unwrap_or_else(|| "\n".to_owned());
        let words = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
        let (words, index) = joined(words, index.unwrap_or_default());
        let current = words.get(index).cloned().unwrap_or_default();
        let words = words.into_iter().map(OsString::from).collect();
        let candidates = engine::complete(command, words, index, current_dir)?;
        let shown: Vec<String> = candidates
            .iter()
            .filter_map(|candidate| {
                quoted(&rest(&current, &candidate.get_value().to_string_lossy()))
            })
            .collect();
        buf.write_all(shown.join(&separator).as_bytes())
    }
}

/// Returns a candidate as bash inserts it: it runs nothing, since bash quotes nothing. `None` if it has
/// characters that no backslash can quote.
fn quoted(candidate: &str) -> Option<String> {
    let mut out = String::with_capacity(candidate.len());
    for c in candidate.chars() {
        if !text::is_plain(c) {
            return None;
        }
        if c.is_ascii() && !c.is_ascii_alphanumeric() && !"-_./:@%+,=~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    Some(out)
}

/// Returns the part that replaces the word after its last `=` or `:`.
fn rest(current: &str, candidate: &str) -> String {
    let start = current.rfind(['=', ':']).map_or(0, |at| at + 1);
    match candidate.get(..start) {
        Some(before) if before == &current[..start] => candidate[start..].to_owned(),
        _ => candidate.to_owned(),
    }
}

/// Returns the words, with split ones joined, and the index of the current one.
pub(super) fn joined(words: Vec<String>, index: usize) -> (Vec<String>, usize) {
    let is_break = |word: &str| !word.is_empty() && word.chars().all(|c| matches!(c, '=' | ':'));
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let (mut at, mut open) = (0, false);
    for (i, word) in words.into_iter().enumerate() {
        let breaks = is_break(&word);
        let joins = !out.is_empty() && (breaks || open);
        match out.last_mut().filter(|_| joins) {
            Some(last) => last.push_str(&word),
            None => out.push(word),
        }
        open = breaks;
        if i <= index {
            at = out.len() - 1;
        }
    }
    (out, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_again() {
        for (words, index, want, at) in [
            ("jobs3 -r a = b c", 4, "jobs3|-r|a=b|c", 2),
            ("jobs3 -r a = b c", 5, "jobs3|-r|a=b|c", 3),
            ("jobs3 -r a =", 3, "jobs3|-r|a=", 2),
            ("jobs3 -r a := b", 4, "jobs3|-r|a:=b", 2),
            ("jobs3 --scope = x y", 3, "jobs3|--scope=x|y", 1),
        ] {
            let words = words.split(' ').map(str::to_owned).collect();
            let (joined, index) = joined(words, index);
            assert_eq!((joined.join("|").as_str(), index), (want, at));
        }
    }

    #[test]
    fn candidates_run_nothing() {
        assert_eq!(quoted("--a-b_c.d=é").as_deref(), Some("--a-b_c.d=é"));
        assert_eq!(quoted("$(touch x)`y`;'").as_deref(), Some("\\$\\(touch\\ x\\)\\`y\\`\\;\\'"));
        assert_eq!(quoted("a\nb"), None);
    }

    #[test]
    fn only_the_last_part_is_replaced() {
        assert_eq!(rest("a=F", "a=FULL_TIME"), "FULL_TIME");
        assert_eq!(rest("tit", "title="), "title=");
    }
}
