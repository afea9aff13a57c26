//! Colors on standard error; `anstream` strips them where appropriate.

use anstyle::{AnsiColor, Style};

/// Style of the word for an error.
pub(crate) fn error(word: &str) -> String {
    painted(AnsiColor::Red, word)
}

/// Style of the word for a warning.
pub(crate) fn warning(word: &str) -> String {
    painted(AnsiColor::Yellow, word)
}

fn painted(color: AnsiColor, word: &str) -> String {
    let style = Style::new().bold().fg_color(Some(color.into()));
    format!("{style}{word}{style:#}")
}
