//! Goals, and whether the results meet them.

use super::bytes;
use super::measure::Sample;
use super::record::{Case, Record, Spread};
use std::collections::BTreeMap;

/// Results by suite.
pub(crate) type Records = BTreeMap<&'static str, Record>;

/// A goal and its measured figure.
pub(crate) struct Goal {
    /// Name of the goal, and of its note in `lab/bench/notes`.
    pub(crate) id: &'static str,
    pub(crate) what: &'static str,
    pub(crate) bound: Bound,
    /// Measured figure, if any.
    pub(crate) found: Option<Spread>,
}

/// Bound on a figure.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    /// At most this multiple of the peer's figure.
    AtMost(f64),
    /// At least this multiple of the peer's speed.
    AtLeast(f64),
    /// At most this many milliseconds.
    Milliseconds(f64),
    /// At most this many MiB.
    Mebibytes(f64),
}

impl Bound {
    pub(crate) fn admits(self, figure: f64) -> bool {
        match self {
            Self::AtMost(bound) | Self::Milliseconds(bound) | Self::Mebibytes(bound) => {
                figure <= bound
            }
            Self::AtLeast(bound) => figure >= bound,
        }
    }
}

impl Goal {
    pub(crate) fn met(&self) -> Option<bool> {
        Some(self.bound.admits(self.found?.median))
    }
}

fn wall(sample: &Sample) -> f64 {
    sample.wall
}

fn cpu(sample: &Sample) -> f64 {
    sample.cpu
}

fn memory(sample: &Sample) -> f64 {
    sample.memory as f64
}

/// Selector of a ratio of times or memory.
struct RatioOf<'a>(&'a Records);

impl RatioOf<'_> {
    fn case(&self, suite: &str, case: &str) -> Option<&Case> {
        self.0.get(suite)?.case(case)
    }

    /// Returns the ratio of our figure to the peer's.
    fn ratio(
        &self,
        suite: &str,
        case: &str,
        peer: &str,
        figure: fn(&Sample) -> f64,
    ) -> Option<Spread> {
        self.case(suite, case)?.ratio(peer, figure)
    }

    /// Returns the highest of several ratios.
    fn worst(
        &self,
        suite: &str,
        cases: &[&str],
        peer: &str,
        figure: fn(&Sample) -> f64,
    ) -> Option<Spread> {
        let all: Option<Vec<Spread>> =
            cases.iter().map(|case| self.ratio(suite, case, peer, figure)).collect();
        all?.into_iter().max_by(|a, b| a.median.total_cmp(&b.median))
    }

    /// Returns the speed relative to the peer, the lowest of several cases.
    fn speed(
        &self,
        suite: &str,
        cases: &[&str],
        peer: &str,
        figure: fn(&Sample) -> f64,
    ) -> Option<Spread> {
        let ratio = self.worst(suite, cases, peer, figure)?;
        Some(Spread { median: 1.0 / ratio.median, low: 1.0 / ratio.high, high: 1.0 / ratio.low })
    }

    /// Returns the elapsed time.
    fn milliseconds(&self, suite: &str, case: &str) -> Option<Spread> {
        let time = self.case(suite, case)?.sides.first()?.spread(wall)?;
        Some(Spread { median: time.median * 1e3, low: time.low * 1e3, high: time.high * 1e3 })
    }

    /// Returns our peak memory in MiB, the highest of several cases.
    fn mebibytes(&self, suite: &str, cases: &[&str]) -> Option<Spread> {
        let peak = |case: &&str| {
            let peak = self.case(suite, case)?.sides.first()?.spread(memory)?;
            let mebibytes = |bytes: f64| bytes / f64::from(1 << 20);
            let [median, low, high] = [peak.median, peak.low, peak.high].map(mebibytes);
            Some(Spread { median, low, high })
        };
        let all: Option<Vec<Spread>> = cases.iter().map(peak).collect();
        all?.into_iter().max_by(|a, b| a.median.total_cmp(&b.median))
    }

    /// Returns the ratio of a counted figure of ours to the peer's.
    fn facts(&self, suite: &str, facts: &[&str], peer: &str) -> Option<Spread> {
        let record = self.0.get(suite)?;
        let ratios: Option<Vec<f64>> = (facts.iter())
            .map(|fact| record.fact(fact).and_then(|f| Some(f.of("ours")? / f.of(peer)?)))
            .collect();
        let worst = ratios?.into_iter().max_by(f64::total_cmp)?;
        Some(Spread { median: worst, low: worst, high: worst })
    }

    /// Returns the peak memory for all documents relative to the largest output.
    fn generate_memory(&self) -> Option<Spread> {
        let record = self.0.get("generate")?;
        let peak =
            record.case("memory of generating all documents")?.sides.first()?.spread(memory)?;
        let largest = record.fact("the largest output")?.of("ours")?;
        let ratio = peak.median / largest;
        Some(Spread { median: ratio, low: ratio, high: ratio })
    }

    /// Returns the ratio of generating all documents, regardless of their number.
    fn generate_all(&self) -> Option<Spread> {
        let record = self.0.get("generate")?;
        let case = record
            .cases
            .iter()
            .find(|c| c.case.starts_with("generate ") && c.case.ends_with(" documents"));
        case?.ratio("floor", cpu)
    }
}

/// Returns all goals.
pub(crate) fn goals(records: &Records) -> Vec<Goal> {
    let look = RatioOf(records);
    let mut goals = generate(&look);
    goals.extend(compile(&look));
    goals.extend(compute(&look));
    goals.extend(run(&look));
    goals.extend(transfers(&look));
    goals.extend(command_line(&look));
    goals
}

fn goal(id: &'static str, what: &'static str, bound: Bound, found: Option<Spread>) -> Goal {
    Goal { id, what, bound, found }
}

fn generate(look: &RatioOf<'_>) -> Vec<Goal> {
    use Bound::{AtMost, Milliseconds};
    let jobs = "generate jobs-v3";
    vec![
        goal(
            "generate-jobs",
            "generate jobs v3, compared with the floor",
            AtMost(2.0),
            look.ratio("generate", jobs, "floor", cpu),
        ),
        goal(
            "generate-jobs-time",
            "generate jobs v3, in process, on all cores",
            Milliseconds(45.0),
            look.milliseconds("generate", "generate jobs-v3, on all cores"),
        ),
        goal(
            "generate-all",
            "generate all documents on one core, compared with the floor",
            AtMost(1.6),
            look.generate_all(),
        ),
        goal(
            "generate-memory",
            "peak memory of that, compared with the largest output",
            AtMost(4.0),
            look.generate_memory(),
        ),
    ]
}

fn compile(look: &RatioOf<'_>) -> Vec<Goal> {
    use Bound::AtMost;
    let ratio = |case, peer| look.ratio("compile", case, peer, cpu);
    let binary = "binary, stripped, static token";
    vec![
        goal(
            "compile-static",
            "one-call program, cold release build, static token",
            AtMost(0.9),
            ratio("cold release build, static token", "google-jobs3"),
        ),
        goal(
            "compile-adc",
            "the same with Application Default Credentials",
            AtMost(0.8),
            ratio("cold release build, ADC", "google-jobs3"),
        ),
        goal(
            "compile-rebuild",
            "its rebuild after a change, release",
            AtMost(0.1),
            ratio("rebuild after a change, static token", "google-jobs3"),
        ),
        goal(
            "compile-binary",
            "its binary, stripped",
            AtMost(1.0),
            look.facts("compile", &[binary], "google-jobs3"),
        ),
    ]
}

fn compute(look: &RatioOf<'_>) -> Vec<Goal> {
    use Bound::AtMost;
    let peer = "google-compute1";
    let ratio = |case, figure| look.ratio("compute", case, peer, figure);
    vec![
        goal("compute-check", "compute v1: check", AtMost(0.4), ratio("check, all of it", cpu)),
        goal(
            "compute-build",
            "compute v1: dev build",
            AtMost(0.6),
            ratio("dev build, all of it", cpu),
        ),
        goal(
            "compute-memory",
            "compute v1: peak memory of rustc, check",
            AtMost(0.5),
            ratio("check, all of it", memory),
        ),
        goal(
            "compute-memory-build",
            "compute v1: peak memory of rustc, dev build",
            AtMost(0.6),
            ratio("dev build, all of it", memory),
        ),
        goal(
            "compute-selected-check",
            "compute v1 with three methods of instances: check",
            AtMost(0.03),
            ratio("check, three methods", cpu),
        ),
        goal(
            "compute-selected-build",
            "compute v1 with three methods of instances: dev build",
            AtMost(0.07),
            ratio("dev build, three methods", cpu),
        ),
    ]
}

fn run(look: &RatioOf<'_>) -> Vec<Goal> {
    use Bound::{AtLeast, AtMost};
    let decode = ["decode: search answer, long texts", "decode: search answer, short texts"];
    let encode = ["encode: search answer, long texts", "encode: search answer, short texts"];
    let sends = look.speed("data", &encode, "google-jobs3 as it sends", cpu);
    let plain = look.speed("data", &encode, "serde_json of google-jobs3's structs", cpu);
    let once = ["HTTP/1.1, 1 at once", "HTTP/2, 1 at once"];
    let all = [once[0], "HTTP/1.1, 100 at once", once[1], "HTTP/2, 100 at once"];
    let allocations = ["allocations a call, HTTP/1.1", "allocations a call, HTTP/2"];
    vec![
        goal(
            "data-decode",
            "decode a search response (the worse of long and short texts)",
            AtLeast(1.5),
            look.speed("data", &decode, "google-jobs3", cpu),
        ),
        goal(
            "data-encode",
            "encode it, compared with google-jobs3's requests",
            AtLeast(8.0),
            sends,
        ),
        goal(
            "data-encode-plain",
            "encode it, compared with serde_json on google-jobs3's structs",
            AtLeast(2.2),
            plain,
        ),
        goal(
            "calls-latency",
            "time of a call, compared with bare hyper (the worse of HTTP/1.1 and 2)",
            AtMost(1.1),
            look.worst("calls", &once, "bare hyper", wall),
        ),
        goal(
            "calls-cpu",
            "work of a call, compared with bare hyper (the worst of all four)",
            AtMost(1.12),
            look.worst("calls", &all, "bare hyper", cpu),
        ),
        goal(
            "calls-allocations",
            "allocations of a call, compared with google-jobs3",
            AtMost(0.7),
            look.facts("calls", &allocations, "google-jobs3"),
        ),
    ]
}

fn transfers(look: &RatioOf<'_>) -> Vec<Goal> {
    use Bound::{AtLeast, Mebibytes};
    use bytes::{BARE, CURL, GOOGLE};
    let up = [bytes::UPLOAD_FILE, bytes::UPLOAD_MEMORY];
    let down = [bytes::DOWNLOAD_FILE, bytes::DOWNLOAD_MEMORY];
    let speed = |cases: &[&str], peer| look.speed("bytes", cases, peer, wall);
    vec![
        goal(
            "bytes-upload",
            "upload 1 GiB, compared with bare hyper (the worse of a file and memory)",
            AtLeast(0.9),
            speed(&up, BARE),
        ),
        goal(
            "bytes-upload-google",
            "the same, compared with google-cloud-storage",
            AtLeast(1.2),
            speed(&up, GOOGLE),
        ),
        goal(
            "bytes-upload-curl",
            "a file, compared with curl",
            AtLeast(0.8),
            speed(&up[..1], CURL),
        ),
        goal(
            "bytes-download",
            "download 1 GiB, compared with bare hyper (the worse of a file and memory)",
            AtLeast(0.9),
            speed(&down, BARE),
        ),
        goal(
            "bytes-download-google",
            "the same, compared with google-cloud-storage",
            AtLeast(1.2),
            speed(&down, GOOGLE),
        ),
        goal(
            "bytes-download-curl",
            "the same, compared with curl",
            AtLeast(0.8),
            speed(&down, CURL),
        ),
        goal(
            "bytes-memory",
            "peak memory of these transfers (the highest)",
            Mebibytes(24.0),
            look.mebibytes("bytes", &[up, down].concat()),
        ),
    ]
}

fn command_line(look: &RatioOf<'_>) -> Vec<Goal> {
    let ratio = |case| look.ratio("cli", case, "google-jobs3-cli", cpu);
    let most = Bound::AtMost(1.0);
    vec![
        goal(
            "cli-start",
            "start of the command line, compared with jobs3 7.0",
            most,
            ratio("start-up (`--version`)"),
        ),
        goal("cli-help", "its help", most, ratio("`--help`")),
    ]
}
