//! Results of a suite, stored in `target/bench/`.

use super::measure::Sample;
use super::{growth, report};
use crate::paths::root;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::process::Command;

/// Results of one suite.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) suite: String,
    /// Date, in UTC.
    pub(crate) day: String,
    pub(crate) machine: Machine,
    /// Measured commit, with `+` appended if the tree had changes.
    pub(crate) commit: String,
    pub(crate) command: String,
    /// Start of the command, in seconds since 1970, which identifies a run.
    #[serde(default)]
    pub(crate) run: u64,
    /// Duration of the suite in seconds; 0 if it was interrupted.
    pub(crate) seconds: f64,
    pub(crate) cases: Vec<Case>,
    pub(crate) facts: Vec<Fact>,
}

/// The machine, except its name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) cores: usize,
    pub(crate) memory_gb: u64,
    pub(crate) rustc: String,
    pub(crate) target: String,
}

/// A comparison.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Case {
    pub(crate) case: String,
    /// Bytes processed, to compute a throughput; 0 if irrelevant.
    #[serde(default)]
    pub(crate) bytes: u64,
    /// Sides, ours first.
    pub(crate) sides: Vec<Side>,
}

/// One side of a comparison: a sample for each round.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Side {
    pub(crate) name: String,
    pub(crate) samples: Vec<Sample>,
}

/// A figure that is counted, not timed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Fact {
    pub(crate) fact: String,
    pub(crate) unit: String,
    pub(crate) values: Vec<Value>,
}

/// Figure of one side.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Value {
    pub(crate) side: String,
    pub(crate) value: f64,
}

/// Median and quartiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Spread {
    /// Returns `None` without figures.
    pub(crate) fn of(figures: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut figures: Vec<f64> = figures.into_iter().filter(|f| f.is_finite()).collect();
        figures.sort_by(f64::total_cmp);
        let at = |part: f64| {
            let place = part * (figures.len().checked_sub(1)? as f64);
            let (below, above) =
                (figures.get(place.floor() as usize)?, figures.get(place.ceil() as usize)?);
            Some(below + (above - below) * place.fract())
        };
        Some(Self { median: at(0.5)?, low: at(0.25)?, high: at(0.75)? })
    }
}

impl Case {
    pub(crate) fn new(case: impl Into<String>, sides: &[&str]) -> Self {
        let side = |name: &&str| Side { name: (*name).to_owned(), samples: Vec::new() };
        Self { case: case.into(), bytes: 0, sides: sides.iter().map(side).collect() }
    }

    pub(crate) fn add(&mut self, side: &str, sample: Sample) {
        match self.sides.iter_mut().find(|known| known.name == side) {
            Some(known) => known.samples.push(sample),
            None => self.sides.push(Side { name: side.to_owned(), samples: vec![sample] }),
        }
    }

    pub(crate) fn side(&self, name: &str) -> Option<&Side> {
        self.sides.iter().find(|side| side.name == name)
    }

    /// Returns the ratio of our figure to the peer's, per round.
    pub(crate) fn ratio(&self, peer: &str, figure: fn(&Sample) -> f64) -> Option<Spread> {
        let (ours, theirs) = (self.sides.first()?, self.side(peer)?);
        let pairs = ours.samples.iter().zip(&theirs.samples);
        Spread::of(pairs.map(|(ours, theirs)| figure(ours) / figure(theirs)))
    }
}

impl Side {
    pub(crate) fn spread(&self, figure: fn(&Sample) -> f64) -> Option<Spread> {
        Spread::of(self.samples.iter().map(figure))
    }
}

impl Fact {
    pub(crate) fn new(fact: impl Into<String>, unit: &str, values: &[(&str, f64)]) -> Self {
        let value = |(side, value): &(&str, f64)| Value { side: (*side).to_owned(), value: *value };
        Self {
            fact: fact.into(),
            unit: unit.to_owned(),
            values: values.iter().map(value).collect(),
        }
    }

    pub(crate) fn of(&self, side: &str) -> Option<f64> {
        self.values.iter().find(|value| value.side == side).map(|value| value.value)
    }
}

impl Record {
    /// Creates an empty record with today's date.
    pub(crate) fn begin(suite: &str, command: String, run: u64) -> Self {
        Self {
            suite: suite.to_owned(),
            day: output("date", &["-u", "+%Y-%m-%d"]),
            machine: Machine::here(),
            commit: commit(),
            command,
            run,
            ..Self::default()
        }
    }

    /// Adds a case and saves the record, so that an interrupted suite keeps its results and can
    /// resume.
    pub(crate) fn keep(
        &mut self,
        name: &str,
        measure: impl FnOnce() -> Result<Case, String>,
    ) -> Result<(), String> {
        if self.case(name).is_some() {
            return Ok(());
        }
        let case = measure()?;
        self.cases.push(Case { case: name.to_owned(), ..case });
        self.save()
    }

    pub(crate) fn case(&self, name: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.case == name)
    }

    pub(crate) fn fact(&self, name: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.fact == name)
    }

    fn path(suite: &str) -> PathBuf {
        folder().join(format!("{suite}.json"))
    }

    /// Loads the last results of a suite, if any.
    pub(crate) fn load(suite: &str) -> Result<Option<Self>, String> {
        match std::fs::read_to_string(Self::path(suite)) {
            Ok(text) => {
                serde_json::from_str(&text).map(Some).map_err(|e| format!("{suite}.json: {e}"))
            }
            Err(_) => Ok(None),
        }
    }

    pub(crate) fn save(&self) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|e| e.to_string())?;
        std::fs::create_dir_all(folder()).map_err(|e| e.to_string())?;
        std::fs::write(Self::path(&self.suite), text + "\n").map_err(|e| e.to_string())
    }
}

/// Returns the folder of results.
pub(crate) fn folder() -> PathBuf {
    root().join("target/bench")
}

impl Machine {
    fn here() -> Self {
        let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let kilobytes = memory.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok());
        let about = output("rustc", &["-vV"]);
        let host = about.lines().find_map(|line| line.strip_prefix("host: "));
        Self {
            cores: std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
            memory_gb: (kilobytes.unwrap_or(0) + 524_288) / 1_048_576,
            rustc: output("rustc", &["--version"]),
            target: host.unwrap_or_default().to_owned(),
        }
    }
}

/// Returns the commit, marked if the tree has changes other than those of a run itself.
fn commit() -> String {
    let [report, plot] = [report::FILE, growth::PLOT].map(|path| format!(":!{path}"));
    let status = ["status", "--porcelain", "-uno", "--", ".", &report, &plot];
    let changed = !output("git", &status).is_empty();
    output("git", &["rev-parse", "--short", "HEAD"]) + if changed { "+" } else { "" }
}

/// Returns the output of a command; empty on failure.
pub(crate) fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output();
    output.map_or_else(|_| String::new(), |o| String::from_utf8_lossy(&o.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles() {
        let spread = Spread::of([4.0, 1.0, 2.0, 3.0, 5.0, f64::NAN]);
        assert_eq!(spread, Some(Spread { median: 3.0, low: 2.0, high: 4.0 }));
        assert_eq!(Spread::of([]), None);
        assert_eq!(Spread::of([7.0]), Some(Spread { median: 7.0, low: 7.0, high: 7.0 }));
    }

    #[test]
    fn the_ratio_is_the_median_of_pairs() {
        let mut case = Case::new("c", &["ours", "peer"]);
        for (ours, theirs) in [(1.0, 2.0), (30.0, 40.0), (1.0, 1.0)] {
            case.add("ours", Sample { wall: ours, cpu: ours, memory: 0 });
            case.add("peer", Sample { wall: theirs, cpu: theirs, memory: 0 });
        }
        let ratio = case.ratio("peer", |sample| sample.cpu);
        assert_eq!(ratio.map(|r| r.median), Some(0.75));
    }
}
