//! An interceptor that records everything it receives.

use std::sync::{Arc, Mutex};

use discovery_runtime::observe::{AttemptReport, AttemptStart, Interceptor};

use super::CANARY;

/// Records everything it receives.
#[derive(Clone, Default)]
pub(super) struct Watch(pub(super) Arc<Mutex<String>>, pub(super) bool);

impl Interceptor for Watch {
    fn before_attempt(&self, attempt: &mut AttemptStart<'_>) {
        if self.1 {
            attempt.headers.insert("authorization", format!("Bearer {CANARY}").parse().unwrap());
        }
        let mut text = self.0.lock().unwrap();
        text.push_str(&format!("{} {:?}\n", attempt.url, attempt.method.id));
    }

    fn after_attempt(&self, report: &AttemptReport<'_>) {
        self.0.lock().unwrap().push_str(&format!("{report:?}\n"));
    }
}
