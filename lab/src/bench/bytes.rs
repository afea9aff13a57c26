//! Uploads and downloads on loopback.
//!
//! Each transfer is a process, so that its peak memory is known; the server is another. Files are in
//! memory where the system has such a folder, so that the disk does not count.

use super::Setting;
use super::build::{cargo, finish, workspace};
use super::record::{Case, Fact, Record};
use super::{measure, peaks};
use crate::paths::root;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub(crate) const BARE: &str = "bare hyper";
pub(crate) const GOOGLE: &str = "google-cloud-storage";
pub(crate) const CURL: &str = "curl";
const SOCKETS: &str = "bare sockets";

pub(crate) const UPLOAD_FILE: &str = "upload of a file, resumable";
pub(crate) const UPLOAD_MEMORY: &str = "upload from memory, multipart";
pub(crate) const DOWNLOAD_FILE: &str = "download to a file";
pub(crate) const DOWNLOAD_MEMORY: &str = "download to memory";

/// The file that downloads write.
const TARGET: &str = "target";

/// A case, the argument of the programs, and the sides.
type Transfer = (&'static str, &'static str, &'static [&'static str]);

const TRANSFERS: [Transfer; 5] = [
    (UPLOAD_FILE, "upload-file", &["ours", BARE, GOOGLE, CURL]),
    (UPLOAD_MEMORY, "upload-memory", &["ours", BARE, GOOGLE, SOCKETS]),
    (DOWNLOAD_FILE, "download-file", &["ours", BARE, GOOGLE, CURL]),
    (DOWNLOAD_MEMORY, "download-memory", &["ours", BARE, GOOGLE, CURL, SOCKETS]),
    ("download to memory, without a checksum", "download-unchecked", &["ours", BARE, GOOGLE]),
];

/// Measures every transfer.
pub(crate) fn run(setting: &Setting, record: &mut Record) -> Result<(), String> {
    let programs = programs()?;
    let size = setting.mebibytes << 20;
    let bench = Bench::start(&programs, size)?;
    for (title, what, sides) in TRANSFERS {
        let mut case = Case::new(title, sides);
        case.bytes = size;
        // The first round warms up.
        for round in 0..=setting.rounds(10) {
            for side in sides {
                bench.clear();
                let sample = measure::run(&bench.command(&programs, side, what))?;
                if round > 0 {
                    case.add(side, sample);
                }
            }
        }
        record.facts.push(throughput(&case));
        record.cases.push(case);
    }
    peaks::run(record)
}

/// Returns the bytes per elapsed second of each side.
fn throughput(case: &Case) -> Fact {
    let speed = |side: &super::record::Side| {
        let time = side.spread(|sample| sample.wall)?.median;
        Some((side.name.clone(), case.bytes as f64 / time / 1e6))
    };
    let speeds: Vec<(String, f64)> = case.sides.iter().filter_map(speed).collect();
    let speeds: Vec<(&str, f64)> = speeds.iter().map(|(side, s)| (side.as_str(), *s)).collect();
    Fact::new(format!("bytes per second, {}", case.case), "MB/s", &speeds)
}

/// Builds the programs and returns their folder.
fn programs() -> Result<PathBuf, String> {
    let target = root().join("target/bench-build");
    eprintln!("   building transfers");
    let arguments = ["build", "--quiet", "--release", "-p", "transfers"];
    finish(&mut cargo(&workspace(), &target, &arguments))?;
    Ok(target.join("release"))
}

/// A running server, and a folder of files, which end with it.
struct Bench {
    server: Child,
    address: String,
    folder: PathBuf,
    size: u64,
}

impl Bench {
    fn start(programs: &Path, size: u64) -> Result<Self, String> {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = parent.join(format!("bench-bytes-{}", std::process::id()));
        let server = Command::new(programs.join("transfer-server"))
            .arg(size.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("transfer-server: {e}"))?;
        let mut this = Self { server, address: String::new(), folder, size };
        let fail = |e: std::io::Error| format!("transfer-server: {e}");
        if let Some(out) = this.server.stdout.take() {
            BufReader::new(out).read_line(&mut this.address).map_err(fail)?;
        }
        this.address = this.address.trim().to_owned();
        std::fs::create_dir_all(&this.folder)
            .map_err(|e| format!("{}: {e}", this.folder.display()))?;
        // The first download is the content of the uploads.
        finish(&mut this.program(programs, "transfer-bare", "download-file", "source"))?;
        Ok(this)
    }

    /// Removes the last download. Otherwise some sides would write into its memory, while those that
    /// keep the old file until the new one is complete would need more.
    fn clear(&self) {
        let _ = std::fs::remove_file(self.folder.join(TARGET));
    }

    /// Returns the command of one side.
    fn command(&self, programs: &Path, side: &str, what: &str) -> Command {
        let file = if what == "upload-file" { "source" } else { TARGET };
        let program = match side {
            CURL => return self.curl(what, file),
            BARE => "transfer-bare",
            GOOGLE => "transfer-google",
            SOCKETS => "transfer-raw",
            _ => "transfer-ours",
        };
        self.program(programs, program, what, file)
    }

    fn program(&self, programs: &Path, program: &str, what: &str, file: &str) -> Command {
        let mut command = Command::new(programs.join(program));
        command.args([what, &self.address, &self.size.to_string()]).arg(self.folder.join(file));
        command
    }

    fn curl(&self, what: &str, file: &str) -> Command {
        let mut command = Command::new("curl");
        command.args(["--disable", "--silent", "--show-error", "--fail", "--noproxy", "*"]);
        match what {
            "upload-file" => command.arg("--upload-file").arg(self.folder.join(file)),
            "download-file" => command.arg("--output").arg(self.folder.join(file)),
            _ => command.args(["--output", "/dev/null"]),
        };
        command.arg(format!("http://{}/upload/curl", self.address));
        command
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::goals::goals;
    use measure::Sample;

    /// Returns a case of one round, with elapsed seconds and MiB per side.
    fn case(title: &str, sides: &[(&str, f64, u64)]) -> Case {
        let mut case = Case::new(title, &["ours"]);
        case.bytes = 1 << 30;
        for (side, wall, mebibytes) in sides {
            // Goals are about elapsed time, so work must not matter.
            case.add(side, Sample { wall: *wall, cpu: 100.0, memory: mebibytes << 20 });
        }
        case
    }

    #[test]
    fn goals_are_about_the_worse_of_two_transfers() {
        let up = [("ours", 2.0, 10), (BARE, 1.5, 5), (GOOGLE, 3.0, 30), (CURL, 1.0, 9)];
        let cases = vec![
            case(UPLOAD_FILE, &up),
            case(UPLOAD_MEMORY, &[("ours", 1.0, 11), (BARE, 1.0, 5), (GOOGLE, 4.0, 9)]),
            case(DOWNLOAD_FILE, &[("ours", 1.0, 25), (BARE, 1.0, 5), (GOOGLE, 1.0, 9)]),
        ];
        let records = [("bytes", Record { cases, ..Record::default() })].into();
        let found = |id: &str| {
            let goal = goals(&records).into_iter().find(|goal| goal.id == id);
            goal.and_then(|goal| Some((goal.found?.median, goal.met()?)))
        };
        assert_eq!(found("bytes-upload"), Some((0.75, false)));
        assert_eq!(found("bytes-upload-google"), Some((1.5, true)));
        assert_eq!(found("bytes-upload-curl"), Some((0.5, false)));
        // The download to memory was not measured.
        assert_eq!((found("bytes-download"), found("bytes-memory")), (None, None));
    }

    #[test]
    fn throughput_counts_elapsed_time() {
        let fact = throughput(&case("c", &[("ours", 0.5, 1), (CURL, 2.0, 1)]));
        assert_eq!(fact.of("ours").map(f64::round), Some(2147.0));
        assert_eq!(fact.of(CURL).map(f64::round), Some(537.0));
    }
}
