//! One run of one input.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use super::Target;

/// What became of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was accepted.
    Accepted,
    /// It was refused with an error.
    Refused,
    /// A promise was broken.
    Broken(Fault),
}

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Equal for inputs that show the same fault: the place of a panic, or the kind of a wrong result.
    pub key: String,
    /// What happened.
    pub text: String,
}

/// The first panic of a run, on any thread: code under test may have caught it.
static PANIC: Mutex<Option<Fault>> = Mutex::new(None);

/// Runs are one at a time, so that a panic belongs to a run.
static ONE: Mutex<()> = Mutex::new(());

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a run is going on.
static RUNNING: AtomicBool = AtomicBool::new(false);

/// Notes panics of runs instead of printing them.
fn watch_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !RUNNING.load(Ordering::Relaxed) {
                return others(info);
            }
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            let payload = info.payload();
            let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text =
                text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
            let fault = Fault { text: format!("panicked at {place}: {text}"), key: place };
            lock(&PANIC).get_or_insert(fault);
        }));
    });
}

/// Runs one input.
#[must_use]
pub fn run(target: &Target, input: &[u8]) -> Verdict {
    let _one = lock(&ONE);
    watch_panics();
    *lock(&PANIC) = None;
    let mut result = None;
    RUNNING.store(true, Ordering::Relaxed);
    let work = allocation_counter::measure(|| {
        result = catch_unwind(AssertUnwindSafe(|| (target.check)(input))).ok();
    });
    RUNNING.store(false, Ordering::Relaxed);
    if let Some(fault) = lock(&PANIC).take() {
        return Verdict::Broken(fault);
    }
    let broken = |key: &str, text: String| Verdict::Broken(Fault { key: key.to_owned(), text });
    let most = target.bounds.most(input.len());
    if work.bytes_total > most {
        let text = format!(
            "{} bytes make it allocate {}, more than {most}",
            input.len(),
            work.bytes_total
        );
        return broken("work", text);
    }
    match result {
        Some(Ok(true)) => Verdict::Accepted,
        Some(Ok(false)) => Verdict::Refused,
        // Texts of faults begin with their kind: `kind: details`.
        Some(Err(text)) => broken(text.split(':').next().unwrap_or_default(), text.clone()),
        None => broken("panic", "panicked without a report".to_owned()),
    }
}
