//! Programs that may never end.

use std::io::{Read, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// Maximum size of what a program prints.
const OUTPUT_LIMIT: u64 = 64 * 1024;

/// Time between two looks at a program.
const PAUSE: Duration = Duration::from_millis(2);

/// Time to read what an ended program has printed. A process that it left behind may keep the pipe
/// open.
const REST: Duration = Duration::from_secs(1);

/// What a program did.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) success: bool,
    pub(super) status: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Output {
    /// Says why the program failed. Standard output may hold a secret, so it is not shown.
    pub(super) fn why(&self) -> String {
        let said = self.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        match self.status {
            _ if !said.is_empty() => said.chars().take(300).collect(),
            Some(status) => format!("it failed with status {status}"),
            None => "it was ended by a signal".to_owned(),
        }
    }
}

/// Runs a program with a text as its input.
pub(super) fn run(command: &mut Command, input: &str, limit: Duration) -> Result<Output, String> {
    let end = Instant::now() + limit;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("it cannot be run: {error}"))?;
    let (stdout, stderr) = (read(child.stdout.take()), read(child.stderr.take()));
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.to_owned();
        // A program that reads nothing must not block this one.
        std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    }
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < end => std::thread::sleep(PAUSE),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("it did not answer within {} s", limit.as_secs()));
            }
        }
    };
    let text = |pipe: Receiver<String>| pipe.recv_timeout(REST).unwrap_or_default();
    Ok(Output {
        success: status.success(),
        status: status.code(),
        stdout: text(stdout),
        stderr: text(stderr),
    })
}

/// Reads a pipe on a thread of its own.
fn read(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (done, text) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            let _ = pipe.take(OUTPUT_LIMIT).read_to_end(&mut bytes);
        }
        let _ = done.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    text
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn sh(script: &str, limit: Duration) -> Result<Output, String> {
        run(Command::new("sh").args(["-c", script]), "input", limit)
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn input_and_output_are_passed() {
        let output = sh("cat; echo more; echo why >&2", LONG).unwrap();
        assert!(output.success);
        assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("inputmore\n", "why\n"));
    }

    #[test]
    fn a_program_that_does_not_answer_is_stopped() {
        let error = sh("exec sleep 1000", Duration::from_millis(50)).unwrap_err();
        assert!(error.starts_with("it did not answer within"), "{error}");
    }

    #[test]
    fn failures_are_told_without_output() {
        for (script, says) in [
            ("echo 'secret-tool: no such\n  bus' >&2; exit 1", "secret-tool: no such bus"),
            ("echo secret; exit 3", "it failed with status 3"),
            ("echo secret; kill -9 $$", "it was ended by a signal"),
        ] {
            let output = sh(script, LONG).unwrap();
            assert!(!output.success);
            assert_eq!(output.why(), says);
        }
        let error = run(&mut Command::new("/no/such/program"), "", LONG).unwrap_err();
        assert!(error.starts_with("it cannot be run"), "{error}");
    }
}
