//! Runs a program under a library that interrupts it (shim.c).

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Kinds of file operations, as in shim.c.
const READ: u32 = 1;
const STORE: u32 = 2;
const NAME: u32 = 4;

/// An interruption.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mode {
    pub(super) name: &'static str,
    /// The operations that can be interrupted.
    kinds: u32,
    /// The error of an interrupted operation; 0 kills the program.
    error: i32,
    /// Whether half of a text is written.
    torn: bool,
    /// Whether all later operations of these kinds fail, too.
    pub(super) lasting: bool,
}

impl Mode {
    pub(super) fn kills(&self) -> bool {
        self.error == 0
    }
}

const EIO: i32 = 5;
const EACCES: i32 = 13;
const ENOSPC: i32 = 28;

/// All interruptions.
pub(super) const MODES: [Mode; 7] = [
    Mode { name: "kill -9", kinds: STORE | NAME, error: 0, torn: false, lasting: false },
    Mode { name: "kill -9 in a write", kinds: STORE, error: 0, torn: true, lasting: false },
    Mode { name: "disk full", kinds: STORE, error: ENOSPC, torn: true, lasting: true },
    Mode { name: "denied once", kinds: NAME, error: EACCES, torn: false, lasting: false },
    Mode { name: "read-only", kinds: NAME, error: EACCES, torn: false, lasting: true },
    Mode { name: "I/O error", kinds: READ | STORE | NAME, error: EIO, torn: false, lasting: false },
    Mode { name: "dead disk", kinds: READ | STORE | NAME, error: EIO, torn: false, lasting: true },
];

/// The library, built into a folder.
pub(super) struct Shim {
    shim: PathBuf,
    count: PathBuf,
}

/// How a run ended.
pub(super) struct Outcome {
    /// `None` if a signal killed the program.
    pub(super) code: Option<i32>,
    /// Its errors, followed by its output.
    pub(super) text: String,
    /// The number of operations of the mode's kinds, if they were counted.
    pub(super) operations: usize,
}

impl Shim {
    /// Compiles the library.
    ///
    /// # Errors
    /// Returns an error if there is no C compiler.
    pub(super) fn build(folder: &Path) -> Result<Self, String> {
        let (source, shim) = (folder.join("shim.c"), folder.join("shim.so"));
        std::fs::write(&source, include_str!("shim.c")).map_err(|e| format!("shim.c: {e}"))?;
        let mut compiler = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
        compiler.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&shim).arg(&source);
        let status = compiler.status().map_err(|e| format!("cc: {e}"))?;
        if !status.success() {
            return Err("the library that interrupts programs does not compile".to_owned());
        }
        Ok(Self { shim, count: folder.join("count") })
    }

    /// Runs a program in `root`, and interrupts it at its `at`th operation below `root`; 0 only
    /// counts them.
    pub(super) fn run(
        &self,
        command: &mut Command,
        root: &Path,
        mode: &Mode,
        at: usize,
    ) -> Result<Outcome, String> {
        command.env("LD_PRELOAD", &self.shim).env("INTERRUPT_ROOT", root);
        command.env("INTERRUPT_AT", at.to_string());
        command.env("INTERRUPT_KINDS", mode.kinds.to_string());
        command.env("INTERRUPT_ERROR", mode.error.to_string());
        for (name, is_set) in [("TORN", mode.torn), ("LASTING", mode.lasting)] {
            if is_set {
                command.env(format!("INTERRUPT_{name}"), "1");
            }
        }
        if at == 0 {
            command.env("INTERRUPT_COUNT", &self.count);
        }
        let (code, text) = run(command)?;
        let operations = if at == 0 { self.counted()? } else { 0 };
        Ok(Outcome { code, text, operations })
    }

    fn counted(&self) -> Result<usize, String> {
        let text = std::fs::read_to_string(&self.count);
        let text = text.map_err(|e| format!("the program does not load the library: {e}"))?;
        text.trim().parse().map_err(|e| format!("{text}: {e}"))
    }
}

/// Runs a program; returns its exit code, and its errors and output.
pub(super) fn run(command: &mut Command) -> Result<(Option<i32>, String), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("{name}: {e}"))?;
    let text = [output.stderr, output.stdout].concat();
    Ok((output.status.code(), String::from_utf8_lossy(&text).into_owned()))
}
