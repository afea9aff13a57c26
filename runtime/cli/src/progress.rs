//! Progress on standard error, if it is a terminal.

use indicatif::{ProgressBar, ProgressStyle};

use crate::host::Host;
use crate::output::Target;

/// Progress in pages.
pub(crate) struct Pages {
    bar: Option<ProgressBar>,
}

impl Pages {
    /// Shows progress only if pages are followed, standard error is a terminal, and the result is
    /// written elsewhere.
    pub(crate) fn new(follow: bool, host: &Host<'_>, target: &Target) -> Self {
        let elsewhere = !matches!(target, Target::Screen);
        let shown = follow && host.terminals.stderr && elsewhere;
        Self { bar: shown.then(ProgressBar::new_spinner) }
    }

    pub(crate) fn page(&self, pages: usize, items: usize) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{pages} pages, {items} items"));
            bar.tick();
        }
    }

    pub(crate) fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Progress of an operation, if standard error is a terminal.
pub(crate) fn operation(host: &Host<'_>) -> Option<ProgressBar> {
    host.terminals.stderr.then(ProgressBar::new_spinner)
}

/// Progress in bytes.
pub(crate) fn bytes(host: &Host<'_>, total: Option<u64>) -> Option<ProgressBar> {
    if !host.terminals.stderr {
        return None;
    }
    let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    let form = "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec}";
    if let Ok(style) = ProgressStyle::with_template(form) {
        bar.set_style(style);
    }
    Some(bar)
}
