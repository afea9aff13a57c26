//! Suppresses the blank that zsh adds to every completion, for names that continue.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::env::{self, EnvCompleter};

/// Zsh, with the cursor directly after `title=` and `job.`.
pub(super) struct Zsh;

const SCRIPT: &str = r#"#compdef BIN
function _complete_NAME() {
    local _CLAP_COMPLETE_INDEX=$(( CURRENT - 1 ))
    local _CLAP_IFS=$'\n'
    local completions=("${(@f)$( \
        _CLAP_IFS="$_CLAP_IFS" \
        _CLAP_COMPLETE_INDEX="$_CLAP_COMPLETE_INDEX" \
        VAR="zsh" \
        COMPLETER -- "${words[@]}" 2>/dev/null \
    )}")
    local -a open closed
    local completion value
    for completion in $completions; do
        # The value ends at the first colon; one of its own has a backslash before it.
        value="${completion%%:*}"
        if [[ "$value" == *[=./\\] ]]; then
            open+=("$completion")
        else
            closed+=("$completion")
        fi
    done
    (( $#open )) && _describe 'values' open -S ''
    (( $#closed )) && _describe 'values' closed
}
compdef _complete_NAME BIN
"#;

impl EnvCompleter for Zsh {
    fn name(&self) -> &'static str {
        "zsh"
    }

    fn is(&self, name: &str) -> bool {
        name == "zsh"
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
        env::Zsh.write_complete(command, args, current_dir, buf)
    }
}
