//! Type-erased connection: plain, TLS, or tunneled.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::task::coop;

/// Requirements of hyper on a connection.
pub(super) trait Io: Read + Write + Connection + Send + Unpin + 'static {}

impl<T: Read + Write + Connection + Send + Unpin + 'static> Io for T {}

/// Bytes for a unit of the task's budget, of which it has 128 until it yields.
const BYTES_PER_UNIT: usize = 16 * 1024;

/// Takes a read of up to so many bytes off the task's budget.
///
/// Tokio counts reads, whatever their size, and hyper reads on until nothing is there or a response
/// begins: informational responses (`103 Early Hints`) do not count. A server that sends nothing
/// else would keep the task from yielding for 50 MB, and deadlines from passing meanwhile.
fn pay(cx: &mut Context<'_>, bytes: usize) {
    for _ in 0..bytes / BYTES_PER_UNIT {
        // The bytes are read: if the budget is spent, the next read waits.
        let Poll::Ready(unit) = coop::poll_proceed(cx) else { return };
        unit.made_progress();
    }
}

/// A connection.
pub(super) struct Stream {
    io: Box<dyn Io>,
    /// Whether the connection ends at a proxy, which expects absolute URLs.
    proxied: bool,
}

impl Stream {
    pub(super) fn new(io: impl Io, proxied: bool) -> Self {
        Self { io: Box::new(io), proxied }
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.io.connected().proxy(self.proxied)
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        // How much of it is read, only hyper can tell; it adapts the size to that.
        let room = buffer.remaining();
        let read = Pin::new(&mut *self.io).poll_read(cx, buffer);
        if read.is_ready() {
            pay(cx, room);
        }
        read
    }
}

impl Write for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut *self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut *self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut *self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut *self.io).poll_write_vectored(cx, parts)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::mem::MaybeUninit;

    use hyper::rt::ReadBuf;
    use hyper_util::rt::TokioIo;
    use tokio::io::{Join, Repeat, Sink, join, repeat, sink};

    use super::*;

    /// A connection that always has something to read.
    struct Endless(TokioIo<Join<Repeat, Sink>>);

    impl Connection for Endless {
        fn connected(&self) -> Connected {
            Connected::new()
        }
    }

    impl Read for Endless {
        fn poll_read(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            buffer: ReadBufCursor<'_>,
        ) -> Poll<std::io::Result<()>> {
            Pin::new(&mut self.0).poll_read(cx, buffer)
        }
    }

    impl Write for Endless {
        fn poll_write(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<std::io::Result<usize>> {
            Pin::new(&mut self.0).poll_write(cx, bytes)
        }

        fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
            Pin::new(&mut self.0).poll_flush(cx)
        }

        fn poll_shutdown(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<std::io::Result<()>> {
            Pin::new(&mut self.0).poll_shutdown(cx)
        }
    }

    #[tokio::test]
    async fn a_task_that_reads_on_yields_after_two_mebibytes() {
        let mut stream = Stream::new(Endless(TokioIo::new(join(repeat(0), sink()))), false);
        for size in [1, 8 << 10, 64 << 10, 400 << 10, 8 << 20] {
            let mut space = vec![MaybeUninit::uninit(); size];
            let (mut reads, mut total) = (0, 0);
            // One poll of a task, as hyper reads.
            let one = poll_fn(|cx| {
                loop {
                    let mut buffer = ReadBuf::uninit(&mut space);
                    if Pin::new(&mut stream).poll_read(cx, buffer.unfilled()).is_pending() {
                        return Poll::Ready(());
                    }
                    total += buffer.filled().len();
                    reads += 1;
                }
            });
            one.await;
            tokio::task::yield_now().await;
            assert!((1..=128).contains(&reads), "{size}: {reads} reads");
            assert!(total <= (2 << 20) + size, "{size}: {total} bytes");
        }
    }
}
