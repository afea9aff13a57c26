//! Lists that come in pages.

mod items;
mod splice;

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

pub use self::items::Items;
use crate::BoxFuture;
use crate::call::Call;
use crate::error::{Error, ErrorKind, Result};
use crate::method::{Method, Paged};
use crate::spec::{PagingSpec, TokenIn};

/// The pages of a list, one request each, in order.
///
/// [`next`](Self::next) needs no stream library; it is a [`Stream`] too. An empty page is legal
/// and does not end the list. After an error the same page is asked for again, so a caller may go
/// on; a page loop is the exception, and ends it.
#[must_use = "pages are asked for by `next`"]
pub struct Pages<M: Paged> {
    call: Call,
    state: State,
    /// The request under way; survives a dropped `next`.
    running: Option<BoxFuture<'static, Result<M::Response>>>,
    method: PhantomData<fn() -> M>,
}

/// How far a list was followed.
#[derive(Default)]
struct State {
    /// The token of the page that comes next; `None` for the first.
    token: Option<String>,
    done: bool,
    /// Tokens that were followed: 64-bit hashes, so that a million pages cost 16 MB at most.
    seen: BTreeSet<u64>,
    pages_left: Option<u64>,
    /// The last page gave a token that was followed already.
    looped: bool,
}

impl<M: Paged> Pages<M> {
    /// The pages of a list call, from the page token that the call has, if any.
    pub fn new(call: Call) -> Self {
        let token = match M::SPEC.paging.map(|paging| paging.token) {
            Some(TokenIn::Query(name)) => call.query_value(name).map(str::to_owned),
            _ => None,
        };
        let state = State { token, ..State::default() };
        Self { call, state, running: None, method: PhantomData }
    }

    /// Begins at the page of `token`: what [`resume_token`](Self::resume_token) gave.
    pub fn starting_at(mut self, token: impl Into<String>) -> Self {
        self.state.token = Some(token.into()).filter(|token| !token.is_empty());
        self
    }

    /// Asks for at most this many pages.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.state.pages_left = Some(pages);
        self
    }

    /// The items of the pages, one by one.
    pub fn items(self) -> Items<M> {
        Items::new(self)
    }

    /// The next page; `None` after the last.
    ///
    /// May be dropped and called again: the request under way goes on.
    ///
    /// # Errors
    ///
    /// As `send`; and [`ErrorKind::PageLoop`] when the server gives a token that was followed
    /// already.
    pub async fn next(&mut self) -> Option<Result<M::Response>> {
        std::future::poll_fn(|cx| self.poll_page(cx)).await
    }

    /// The next page; `None` after the last.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next).
    pub async fn next_page(&mut self) -> Result<Option<M::Response>> {
        self.next().await.transpose()
    }

    /// The token of the page that [`next`](Self::next) would ask for: kept, it lets another
    /// process go on. `None` before the first page and after the last.
    #[must_use]
    pub fn resume_token(&self) -> Option<&str> {
        if self.state.done { None } else { self.state.token.as_deref() }
    }

    /// Whether the last page was given.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.state.done
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<M::Response>>> {
        if std::mem::take(&mut self.state.looped) {
            self.state.done = true;
            return Poll::Ready(Some(Err(page_loop(M::SPEC.id))));
        }
        if self.state.done || self.state.pages_left == Some(0) {
            return Poll::Ready(None);
        }
        let (call, state) = (&self.call, &self.state);
        let running = self.running.get_or_insert_with(|| request::<M>(call, state));
        let page = std::task::ready!(running.as_mut().poll(cx));
        self.running = None;
        if let Ok(page) = &page {
            self.state.advance(M::next(page));
        }
        Poll::Ready(Some(page))
    }
}

fn request<M: Paged>(
    call: &Call,
    state: &State,
) -> BoxFuture<'static, Result<<M as Method>::Response>> {
    let call = with_token(call.clone(), M::SPEC.paging, state.token.as_deref());
    Box::pin(async move { call?.send::<M::Response>().await })
}

/// Puts a page token where the method takes it.
fn with_token(mut call: Call, paging: Option<&PagingSpec>, token: Option<&str>) -> Result<Call> {
    let Some(token) = token else { return Ok(call) };
    match paging.map(|paging| paging.token) {
        Some(TokenIn::Query(name)) => call.set_query(name, token),
        Some(TokenIn::Body(name)) => {
            let text = splice::set_member(call.json().unwrap_or("{}"), name, token)
                .ok_or_else(|| Error::invalid("the request body is no JSON object"))?;
            call.set_json(text);
        }
        None => return Err(Error::invalid("the method takes no page token")),
    }
    Ok(call)
}

impl State {
    /// Notes the token that a page gave.
    fn advance(&mut self, next: Option<&str>) {
        self.pages_left = self.pages_left.map(|left| left.saturating_sub(1));
        if let Some(followed) = &self.token {
            self.seen.insert(hash(followed));
        }
        let next = next.filter(|token| !token.is_empty());
        self.token = next.map(str::to_owned);
        match next {
            // The page itself is good: the error comes in place of the next one.
            Some(token) => self.looped = self.seen.contains(&hash(token)),
            None => self.done = true,
        }
    }
}

#[cold]
fn page_loop(method: &'static str) -> Error {
    let message = "the server gave a page token that was followed already; the list would not end";
    Error::new(ErrorKind::PageLoop, message).with_method(method)
}

fn hash(token: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    hasher.finish()
}

impl<M: Paged> Stream for Pages<M> {
    type Item = Result<M::Response>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(cx)
    }
}

impl<M: Paged> fmt::Debug for Pages<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("call", &self.call)
            .field("done", &self.state.done)
            .field("running", &self.running.is_some())
            .finish_non_exhaustive()
    }
}
