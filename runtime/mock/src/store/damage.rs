//! Turns panics of the database library, which a damaged file causes, into errors.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Whether this thread reads or writes a file that may be damaged.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Returns the result of `work`, or `None` if it panicked. The panic prints nothing.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                before(info);
            }
        }));
    });
    GUARDED.set(true);
    // A database that panicked is not used again, and the state is written only afterwards.
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(false);
    result.ok()
}
