//! Blocking calls, for programs without async.
//!
//! A background thread, started by the first call, runs the connections of all clients, while the
//! calling thread waits. Names match the async API: `call.blocking().send()?`; pages and items are
//! iterators. In an async program, blocking stops other tasks of the thread.
//!
//! Use [`wait`] for futures without a blocking form:
//!
//! ```
//! let answer = discovery_runtime::blocking::wait(async { 6 * 7 })?;
//! assert_eq!(answer, 42);
//! # Ok::<(), discovery_runtime::Error>(())
//! ```

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::sync::OnceLock;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};

use crate::call::Full;
use crate::error::{Error, ErrorKind, Result};
use crate::json::Decode;
use crate::lro::{LongRunning, Targeted, UntilDone};
use crate::method::{Method, Paged, Streaming};
use crate::observe;

/// Runs `work` on the background thread and waits for its result.
///
/// # Errors
///
/// If the background thread cannot be started, `work` panics, or `wait` is called on the background
/// thread itself: by a token function, an interceptor, or another callback of a blocking call, for
/// which it would wait for itself.
pub fn wait<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T> {
    if IS_BACKGROUND.get() {
        let message = "a callback of a blocking call cannot make a blocking call; give the \
                       callback a thread of its own, or use the async API in it";
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    let (done, outcome) = sync_channel(1);
    let work = observe::on_other_thread(work);
    runtime()?.spawn(async move {
        // The receiver is missing only if the waiting thread is gone.
        let _ = done.send(work.await);
    });
    outcome.recv().map_err(|_| Error::new(ErrorKind::Transport, "the background work panicked"))
}

/// Returns the runtime of the background thread.
fn runtime() -> Result<&'static Handle> {
    static RUNTIME: OnceLock<std::result::Result<Handle, String>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| start().map_err(|error| error.to_string()));
    started.as_ref().map_err(|error| {
        let message = format!("the background thread cannot be started: {error}");
        Error::new(ErrorKind::Transport, message)
    })
}

thread_local! {
    static IS_BACKGROUND: Cell<bool> = const { Cell::new(false) };
}

fn start() -> std::io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let thread = std::thread::Builder::new().name("discovery-blocking".to_owned());
    thread.spawn(move || {
        IS_BACKGROUND.set(true);
        runtime.block_on(std::future::pending::<()>());
    })?;
    Ok(handle)
}

/// A blocking call.
#[must_use = "a call is made by `send`"]
pub struct Call<M> {
    inner: crate::Call,
    method: PhantomData<fn() -> M>,
}

impl<M: Method> Call<M> {
    /// Creates the blocking form of a call.
    pub fn new(inner: crate::Call) -> Self {
        Self { inner, method: PhantomData }
    }

    /// Sends the call.
    ///
    /// # Errors
    ///
    /// As for the async `send`.
    pub fn send(self) -> Result<M::Response> {
        wait(self.inner.send::<M::Response>())?
    }

    /// Sends the call and returns the response with its status and headers.
    ///
    /// # Errors
    ///
    /// As for the async `send_full`.
    pub fn send_full(self) -> Result<Full<M::Response>> {
        wait(self.inner.send_full::<M::Response>())?
    }
}

impl<M: LongRunning> Call<M> {
    /// Sends the call, waits for the operation that it starts, and returns the result. See
    /// [`UntilDone`].
    ///
    /// # Errors
    ///
    /// As for [`UntilDone`].
    pub fn until_done(self) -> Result<M::Result> {
        wait(UntilDone::<M>::new(self.inner).send())?
    }

    /// As [`until_done`](Self::until_done), with settings: pauses, a timeout, or a callback that
    /// receives the operation after each poll, which runs on the background thread.
    ///
    /// # Errors
    ///
    /// As for [`UntilDone`].
    pub fn until_done_with(
        self,
        settings: impl FnOnce(UntilDone<M>) -> UntilDone<M>,
    ) -> Result<M::Result> {
        wait(settings(UntilDone::new(self.inner)).send())?
    }
}

impl<M: Targeted> Call<M> {
    /// Sends the call, waits for the operation that it starts, and gets the resource that the operation
    /// is about.
    ///
    /// # Errors
    ///
    /// As for [`UntilDone::resource`].
    pub fn until_resource(self) -> Result<<M::Get as Method>::Response> {
        wait(UntilDone::<M>::new(self.inner).resource())?
    }
}

impl<M: Paged> Call<M> {
    /// Iterates over all pages, one request each.
    pub fn pages(self) -> Pages<M> {
        Pages { pages: Some(crate::Pages::new(self.inner)) }
    }

    /// Iterates over all items of all pages.
    pub fn items(self) -> Items<M> {
        Items { items: Some(crate::Pages::new(self.inner).items()) }
    }
}

impl<M: Streaming> Call<M> {
    /// Iterates over the messages of the response, as they arrive.
    pub fn stream(self) -> ResponseStream<M::Item> {
        ResponseStream { stream: Some(self.inner.stream()) }
    }
}

/// The messages of a streaming response, as an iterator. See [`crate::ResponseStream`].
pub struct ResponseStream<T> {
    stream: Option<crate::ResponseStream<T>>,
}

impl<T: Decode> ResponseStream<T> {
    /// Limits the size of a message, in bytes of JSON text.
    #[must_use]
    pub fn with_max_item_size(self, bytes: usize) -> Self {
        Self { stream: self.stream.map(|stream| stream.with_max_item_size(bytes)) }
    }

    /// Sets the longest pause of the answer; `None` disables the limit.
    #[must_use]
    pub fn with_stall_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        Self { stream: self.stream.map(|stream| stream.with_stall_timeout(timeout)) }
    }
}

impl<T: Decode + Send + 'static> Iterator for ResponseStream<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        // Buffered messages need no other thread.
        if let Some(item) = self.stream.as_mut()?.take_ready() {
            return Some(item);
        }
        let mut stream = self.stream.take()?;
        let turn = wait(async move {
            let item = stream.next().await;
            (stream, item)
        });
        let (stream, item) = match turn {
            Ok(turn) => turn,
            Err(error) => return Some(Err(error)),
        };
        self.stream = Some(stream);
        item
    }
}

/// The pages of a list, as an iterator. See [`crate::Pages`].
pub struct Pages<M: Paged> {
    /// Missing only while the background thread uses it, and after a panic.
    pages: Option<crate::Pages<M>>,
}

impl<M: Paged> Pages<M> {
    /// Starts at the page of `token`.
    #[must_use]
    pub fn starting_at(self, token: impl Into<String>) -> Self {
        Self { pages: self.pages.map(|pages| pages.starting_at(token)) }
    }

    /// Limits the number of pages.
    #[must_use]
    pub fn max_pages(self, pages: u64) -> Self {
        Self { pages: self.pages.map(|all| all.max_pages(pages)) }
    }

    /// Returns the token of the next page.
    #[must_use]
    pub fn resume_token(&self) -> Option<&str> {
        self.pages.as_ref().and_then(crate::Pages::resume_token)
    }
}

impl<M: Paged> Iterator for Pages<M> {
    type Item = Result<M::Response>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut pages = self.pages.take()?;
        let turn = wait(async move {
            let page = pages.next().await;
            (pages, page)
        });
        let (pages, page) = match turn {
            Ok(turn) => turn,
            Err(error) => return Some(Err(error)),
        };
        self.pages = Some(pages);
        page
    }
}

/// The items of a list, as an iterator. See [`crate::Items`].
pub struct Items<M: Paged> {
    items: Option<crate::Items<M>>,
}

impl<M: Paged> Items<M> {
    /// Limits the number of items.
    #[must_use]
    pub fn max_items(self, items: u64) -> Self {
        Self { items: self.items.map(|all| all.max_items(items)) }
    }

    /// Limits the number of pages.
    #[must_use]
    pub fn max_pages(self, pages: u64) -> Self {
        Self { items: self.items.map(|items| items.max_pages(pages)) }
    }

    /// Starts at the page of `token`.
    #[must_use]
    pub fn starting_at(self, token: impl Into<String>) -> Self {
        Self { items: self.items.map(|items| items.starting_at(token)) }
    }

    /// Returns the position for another process to resume at; see [`crate::Items::resume_token`].
    #[must_use]
    pub fn resume_token(&self) -> (Option<&str>, u64) {
        self.items.as_ref().map_or((None, 0), crate::Items::resume_token)
    }
}

impl<M: Paged> Iterator for Items<M> {
    type Item = Result<M::Item>;

    fn next(&mut self) -> Option<Self::Item> {
        let items = self.items.as_mut()?;
        // Items in memory need no other thread.
        if let Some(item) = items.take_ready() {
            return Some(Ok(item));
        }
        let mut items = self.items.take()?;
        let turn = wait(async move {
            let item = items.next().await;
            (items, item)
        });
        let (items, item) = match turn {
            Ok(turn) => turn,
            Err(error) => return Some(Err(error)),
        };
        self.items = Some(items);
        item
    }
}

impl<M> fmt::Debug for Call<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl<T> fmt::Debug for ResponseStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stream.fmt(f)
    }
}

impl<M: Paged> fmt::Debug for Pages<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pages.fmt(f)
    }
}

impl<M: Paged> fmt::Debug for Items<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}
