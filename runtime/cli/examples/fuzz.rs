//! Random command lines against the Jobs API: `fuzz [COUNT] [SEED]`.

use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use discovery_cli::App;
use discovery_cli::testing::{self, Fuzzed};

const JOBS: App = App {
    api: &google_jobs_v3::reflect::API,
    name: "jobs3",
    version: "0.1.0",
    crate_name: "google-jobs-v3",
    docs: &[],
    mock: None,
};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<u64>().ok());
    let count = args.next().flatten().unwrap_or(1_000_000);
    let seed = args.next().flatten().unwrap_or(1);
    // Panics are counted; their reports would obscure the figures.
    std::panic::set_hook(Box::new(|_| {}));
    let threads = thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let start = Instant::now();
    let parts: Vec<_> = (0..threads)
        .map(|part| {
            let share = count / threads + u64::from(part < count % threads);
            thread::spawn(move || {
                let mixed = seed.wrapping_add(part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                testing::fuzz_command_lines(&JOBS, mixed, share)
            })
        })
        .collect();
    let done: Vec<Fuzzed> = parts.into_iter().filter_map(|part| part.join().ok()).collect();
    let accepted: u64 = done.iter().map(|part| part.accepted).sum();
    let refused: u64 = done.iter().map(|part| part.refused).sum();
    let wrong = count - accepted - refused;
    println!(
        "{count} command lines, seed {seed}: {accepted} were answered, {refused} were refused, \
         {wrong} panicked or wrote something other than data, {} s",
        start.elapsed().as_secs()
    );
    for line in done.iter().flat_map(|part| &part.panicked) {
        println!("wrong: {line:?}");
    }
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
