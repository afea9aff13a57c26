//! Measures several implementations in alternation, and prints the results as JSON lines.
//!
//! Alternation spreads any disturbance of the machine over all of them.

pub mod answer;

use nix::time::{ClockId, clock_gettime};
use serde::Serialize;
use std::time::Instant;

/// Cost of one run.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Sample {
    /// Elapsed seconds.
    pub wall: f64,
    /// CPU seconds of the thread.
    pub cpu: f64,
}

impl std::ops::AddAssign for Sample {
    fn add_assign(&mut self, other: Self) {
        self.wall += other.wall;
        self.cpu += other.cpu;
    }
}

/// A running measurement of this thread.
pub struct Watch {
    start: Instant,
    worked: f64,
}

impl Watch {
    /// Starts a measurement.
    #[must_use]
    pub fn start() -> Self {
        Self { start: Instant::now(), worked: worked() }
    }

    /// Returns the average cost of `runs` since the start.
    #[must_use]
    pub fn stop(&self, runs: u32) -> Sample {
        let wall = self.start.elapsed().as_secs_f64();
        Sample { wall: wall / f64::from(runs), cpu: (worked() - self.worked) / f64::from(runs) }
    }
}

/// Returns the CPU seconds of this thread.
fn worked() -> f64 {
    let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID);
    time.map_or(0.0, |time| time.tv_sec() as f64 + time.tv_nsec() as f64 / 1e9)
}

/// Pins this thread and its future children to the current core, if the system supports it.
pub fn stay_on_one_core() {
    #[cfg(target_os = "linux")]
    {
        use nix::sched::{CpuSet, sched_getcpu, sched_setaffinity};
        use nix::unistd::Pid;
        let mut here = CpuSet::new();
        let stay = |cpu| here.set(cpu).and_then(|()| sched_setaffinity(Pid::from_raw(0), &here));
        let _ = sched_getcpu().and_then(stay);
    }
}

/// One side: its name, and its samples.
#[derive(Debug, Serialize)]
pub struct Side {
    /// `ours`, or the name of a peer.
    pub name: String,
    /// Samples, one per round.
    pub samples: Vec<Sample>,
}

/// A comparison with its samples.
#[derive(Debug, Serialize)]
pub struct Case {
    /// Description of the case.
    pub case: String,
    /// Bytes processed, to compute a throughput; 0 if irrelevant.
    pub bytes: u64,
    /// Sides, ours first.
    pub sides: Vec<Side>,
}

impl Case {
    /// Creates a comparison without samples.
    #[must_use]
    pub fn new(case: impl Into<String>, bytes: usize, sides: &[&str]) -> Self {
        let side = |name: &&str| Side { name: (*name).to_owned(), samples: Vec::new() };
        Self { case: case.into(), bytes: bytes as u64, sides: sides.iter().map(side).collect() }
    }

    /// Adds a sample to a side.
    pub fn add(&mut self, side: usize, sample: Sample) {
        if let Some(side) = self.sides.get_mut(side) {
            side.samples.push(sample);
        }
    }

    /// Prints the line that `cargo lab bench` reads.
    pub fn print(&self) {
        println!("{}", serde_json::to_string(self).unwrap_or_default());
    }
}

/// Prints a figure that is counted, not timed.
pub fn fact(what: &str, unit: &str, values: &[(&str, f64)]) {
    let values: Vec<_> = values
        .iter()
        .map(|(side, value)| serde_json::json!({"side": side, "value": value}))
        .collect();
    println!("{}", serde_json::json!({"fact": what, "unit": unit, "values": values}));
}

/// One run of a side.
pub type Run<'a> = (&'a str, &'a mut dyn FnMut());

/// Runs the sides in alternation, `rounds` times after a warm-up. Each turn comprises as many runs
/// as take about 4 ms, for accurate timing.
pub fn race(case: impl Into<String>, bytes: usize, rounds: usize, sides: &mut [Run<'_>]) {
    let names: Vec<&str> = sides.iter().map(|(name, _)| *name).collect();
    let mut out = Case::new(case, bytes, &names);
    let runs: Vec<u32> = sides.iter_mut().map(|(_, run)| calibrate(*run)).collect();
    for _ in 0..rounds {
        for (index, ((_, run), runs)) in sides.iter_mut().zip(&runs).enumerate() {
            let watch = Watch::start();
            for _ in 0..*runs {
                run();
            }
            out.add(index, watch.stop(*runs));
        }
    }
    out.print();
}

/// Returns how many runs take about 4 ms.
fn calibrate(run: &mut dyn FnMut()) -> u32 {
    let mut runs = 1u32;
    loop {
        let watch = Watch::start();
        for _ in 0..runs {
            run();
        }
        if watch.stop(1).wall > 0.004 || runs > 1 << 24 {
            return runs;
        }
        runs *= 2;
    }
}
