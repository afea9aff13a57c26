//! Runs Cargo on the generated packages.

use super::Args;
use super::generate::Outcome;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Runs the requested checks; returns `true` if all passed.
pub(crate) fn verify(args: &Args, out: &Path, outcomes: &[Outcome]) -> Result<bool, String> {
    let packages: Vec<_> =
        outcomes.iter().filter(|o| !o.failed()).map(|o| o.package.as_str()).collect();
    let mut passed = true;
    for (wanted, verb, extra) in [
        (args.check, "check", &["--all-features"][..]),
        (args.test, "test", &["--all-features", "--quiet"][..]),
        (args.doc, "doc", &["--all-features", "--no-deps"][..]),
    ] {
        if wanted && !packages.is_empty() {
            passed &= cargo(out, verb, extra, &packages)?;
        }
    }
    Ok(passed)
}

fn cargo(out: &Path, verb: &str, extra: &[&str], packages: &[&str]) -> Result<bool, String> {
    let start = Instant::now();
    let mut command = command(out, verb);
    // `--keep-going` reports all failures; for tests, the flag is `--no-fail-fast`.
    let on = if verb == "test" { "--no-fail-fast" } else { "--keep-going" };
    command.args(extra).arg(on);
    for package in packages {
        command.args(["-p", package]);
    }
    let status = command.status().map_err(|e| format!("cargo {verb}: {e}"))?;
    let result = if status.success() { "passed" } else { "FAILED" };
    println!(
        "cargo {verb:<6} {} packages {result} in {:.0} s",
        packages.len(),
        start.elapsed().as_secs_f64()
    );
    Ok(status.success())
}

/// Returns a `cargo VERB` command in a folder of generated packages, with warnings denied.
pub(crate) fn command(out: &Path, verb: &str) -> Command {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    // One target folder for all packages, separate from ours, whose flags differ.
    command.arg(verb).current_dir(out).env("CARGO_TARGET_DIR", out.join("target"));
    command.env("RUSTFLAGS", "-D warnings").env("RUSTDOCFLAGS", "-D warnings");
    command.env("CARGO_TERM_PROGRESS_WHEN", "never");
    command
}
