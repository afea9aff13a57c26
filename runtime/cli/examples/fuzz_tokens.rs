//! Random `-r` tokens against the Jobs API: `fuzz_tokens [COUNT] [SEED]`.

use std::process::ExitCode;
use std::time::Instant;

use discovery_cli::testing;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<u64>().ok());
    let count = args.next().flatten().unwrap_or(1_000_000);
    let seed = args.next().flatten().unwrap_or(1);
    let start = Instant::now();
    let fuzzed = testing::fuzz_tokens(&google_jobs_v3::reflect::API, seed, count);
    println!(
        "{count} token streams, seed {seed}: {} made a request, {} were refused, {} panicked, {} s",
        fuzzed.accepted,
        fuzzed.refused,
        count - fuzzed.accepted - fuzzed.refused,
        start.elapsed().as_secs()
    );
    for tokens in &fuzzed.panicked {
        println!("panicked: {tokens:?}");
    }
    if fuzzed.accepted + fuzzed.refused == count { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
