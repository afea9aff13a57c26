//! Colour on standard error; `anstream` takes it away where it is not wanted.

use anstyle::{AnsiColor, Style};

/// A word that names an error.
pub(crate) fn error(word: &str) -> String {
    painted(AnsiColor::Red, word)
}

/// A word that names a doubt.
pub(crate) fn warning(word: &str) -> String {
    painted(AnsiColor::Yellow, word)
}

fn painted(color: AnsiColor, word: &str) -> String {
    let style = Style::new().bold().fg_color(Some(color.into()));
    format!("{style}{word}{style:#}")
}
