//! Ctrl-C, where there is something to tidy up or to say.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::task::Poll;

use crate::failure::{Failure, exit};

/// Ends when the user presses Ctrl-C, which no longer ends the process once this has begun.
pub(super) async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Nothing tells: the system ends the process.
        pending::<()>().await;
    }
}

/// Returns the result of a future, unless another ends first, which begins first.
pub(super) async fn first<T>(
    wanted: impl Future<Output = T>,
    end: impl Future<Output = ()>,
) -> Option<T> {
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
