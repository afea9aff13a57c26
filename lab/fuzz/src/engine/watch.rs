//! Limits of a worker: memory, and the time of one run.

use std::process::exit;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Exit status of a worker whose run did not end.
pub(super) const HUNG: i32 = 75;

/// Processor time of one run. Runs take milliseconds.
const MOST_CPU: Duration = Duration::from_secs(10);

/// Time of one run that waits for something; long, since other programs may use the processor.
const MOST_TIME: Duration = Duration::from_secs(180);

/// Address space of a worker.
#[cfg(unix)]
const MOST_MEMORY: u64 = 4 << 30;

/// Limits the memory of this process. Only Unix has such a limit.
pub(super) fn limit_memory() {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, setrlimit};
        // A system without this limit fuzzes without it.
        let _ = setrlimit(Resource::RLIMIT_AS, MOST_MEMORY, MOST_MEMORY);
        // Crashes are expected; their memory is not needed.
        let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    }
}

/// Ends the process if the count of runs stays the same for too long.
pub(super) fn watch_runs() -> Arc<AtomicU64> {
    let runs = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&runs);
    thread::spawn(move || {
        let (mut last, mut cpu, mut time) = (0, cpu_time(), Instant::now());
        loop {
            thread::sleep(Duration::from_millis(500));
            let now = seen.load(Ordering::Relaxed);
            if now != last {
                (last, cpu, time) = (now, cpu_time(), Instant::now());
            } else if cpu_time().saturating_sub(cpu) > MOST_CPU || time.elapsed() > MOST_TIME {
                exit(HUNG);
            }
        }
    });
    runs
}

/// Processor time of this process.
#[cfg(unix)]
fn cpu_time() -> Duration {
    use nix::time::{ClockId, clock_gettime};
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).map(Duration::from).unwrap_or_default()
}

/// Elsewhere, only the time of waiting is limited.
#[cfg(not(unix))]
fn cpu_time() -> Duration {
    Duration::ZERO
}
