//! Peak memory of many downloads and of long lists, which must not depend on their number.
//!
//! `cargo lab memory` measures it in one process with the server, and states each figure in a line.

use super::build::{cargo, finish};
use super::record::{Fact, Record};
use crate::paths::root;
use std::process::Command;

pub(crate) const DOWNLOADS: [&str; 2] =
    ["peak memory, 1 download at once", "peak memory, 100 downloads at once"];
pub(crate) const PAGES: [&str; 2] =
    ["peak memory, 100000 items in pages", "peak memory, 1000000 items in pages"];
pub(crate) const STREAM: [&str; 2] =
    ["peak memory, 100000 items in a stream", "peak memory, 1000000 items in a stream"];

/// Size of its other transfers, in MiB; the 100 downloads are a 64th of it each.
const MEBIBYTES: &str = "512";

const PROGRAM: &str = "media_memory";

/// Adds the figures to a record.
pub(crate) fn run(record: &mut Record) -> Result<(), String> {
    let target = root().join("target/bench-build");
    eprintln!("   building {PROGRAM}");
    let build = ["build", "--quiet", "--release", "-p", "discovery-runtime"];
    let program = ["--features", "testing", "--example", PROGRAM];
    finish(&mut cargo(&root(), &target, &[&build[..], &program].concat()))?;
    let program = target.join("release/examples").join(PROGRAM);
    // It fails if a peak is too high, which goals report as well.
    let output = Command::new(program).arg(MEBIBYTES).output();
    let output = output.map_err(|e| format!("{PROGRAM}: {e}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let facts: Vec<Fact> = said.lines().filter_map(fact).collect();
    for name in [DOWNLOADS, PAGES, STREAM].as_flattened() {
        if !facts.iter().any(|fact| fact.fact == *name) {
            // Systems without `/proc` have no such figures.
            eprintln!("   {name}: not measured");
        }
    }
    record.facts.extend(facts);
    Ok(())
}

/// Reads a line: `WHAT: peak memory N MiB, at most M`.
fn fact(line: &str) -> Option<Fact> {
    let (what, rest) = line.split_once(": peak memory ")?;
    let mebibytes: f64 = rest.split_once(" MiB")?.0.parse().ok()?;
    let bytes = mebibytes * f64::from(1 << 20);
    Some(Fact::new(format!("peak memory, {what}"), "bytes", &[("ours", bytes)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_figures() {
        let found = fact("1000000 items in pages: peak memory 12.5 MiB, at most 13.0").unwrap();
        assert_eq!(found.fact, PAGES[1]);
        assert_eq!(found.of("ours"), Some(13_107_200.0));
        assert!(fact("downloaded and compared: 1.0 s").is_none());
        assert!(fact("x: peak memory is not available on this system").is_none());
    }
}
