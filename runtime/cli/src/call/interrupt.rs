//! Ctrl-C, where there is something to tidy up or to say.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use tokio::runtime::Runtime;

use crate::failure::{Failure, Retry, exit};
use crate::guard::only_reads;
use crate::output::Target;
use crate::plan::Plan;

/// Waits for futures. While a file is written, Ctrl-C ends the wait, so that the run can remove what
/// is written so far.
pub(super) struct Waiting<'a> {
    runtime: &'a Runtime,
    /// Kept from one wait to the next: Ctrl-C may come between.
    end: Option<RefCell<Pin<Box<dyn Future<Output = ()>>>>>,
}

impl<'a> Waiting<'a> {
    pub(super) fn new(runtime: &'a Runtime, target: &Target) -> Self {
        let end = match target {
            Target::File(_) => Some(RefCell::new(Box::pin(interrupted()) as Pin<Box<_>>)),
            Target::Stdout | Target::Screen => None,
        };
        Self { runtime, end }
    }

    /// Returns the result of a future; `None` if the user interrupts, after which nothing may wait.
    pub(super) fn on<T>(&self, wanted: impl Future<Output = T>) -> Option<T> {
        match &self.end {
            Some(end) => self.runtime.block_on(first(wanted, end.borrow_mut().as_mut())),
            None => Some(self.runtime.block_on(wanted)),
        }
    }

    /// The same, and Ctrl-C ends the wait in any case.
    pub(super) fn on_told<T>(&self, wanted: impl Future<Output = T>) -> Option<T> {
        match &self.end {
            Some(_) => self.on(wanted),
            None => self.runtime.block_on(first(wanted, interrupted())),
        }
    }
}

/// Ends when the user presses Ctrl-C or the system asks the process to end. Neither ends the process
/// once this has begun.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            let ended = async {
                terminate.recv().await;
            };
            first(pressed(), ended).await;
            return;
        }
    }
    pressed().await;
}

/// Ends when the user presses Ctrl-C.
async fn pressed() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Nothing tells: the system ends the process.
        pending::<()>().await;
    }
}

/// Failure of a call that was interrupted before its result was written.
pub(super) fn unwritten(plan: &Plan) -> Failure {
    stopped(
        plan,
        "interrupted; nothing is written",
        "interrupted; nothing is written, but the server may have executed the call",
    )
}

/// Failure of a call of a batch that was interrupted before the response.
pub(super) fn unanswered(plan: &Plan) -> Failure {
    stopped(
        plan,
        "interrupted before the response",
        "interrupted; the server may have executed the call",
    )
}

/// Failure with the first message for a call that only reads, otherwise with the second.
fn stopped(plan: &Plan, read: &str, wrote: &str) -> Failure {
    let maybe_done = !only_reads(plan.method.spec);
    let message = if maybe_done { wrote } else { read };
    Failure { retry: Retry { maybe_done, ..Retry::default() }, ..failure(message) }
}

/// Returns the result of a future, unless another ends first, which begins first.
async fn first<T>(wanted: impl Future<Output = T>, end: impl Future<Output = ()>) -> Option<T> {
    let (mut wanted, mut end) = (pin!(wanted), pin!(end));
    poll_fn(|cx| match end.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => wanted.as_mut().poll(cx).map(Some),
    })
    .await
}

pub(super) fn failure(message: impl Into<String>) -> Failure {
    Failure::new(exit::INTERRUPTED, "interrupted", message)
}
