//! The items of pages.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::Pages;
use crate::error::Result;
use crate::method::Paged;

/// The items of a list, page after page.
///
/// [`next`](Self::next) needs no stream library; it is a [`Stream`] too.
#[must_use = "items are asked for by `next`"]
pub struct Items<M: Paged> {
    pages: Pages<M>,
    page: std::vec::IntoIter<M::Item>,
    /// The token that the current page was asked for with.
    current: Option<String>,
    taken: u64,
    left: Option<u64>,
}

impl<M: Paged> Items<M> {
    pub(super) fn new(pages: Pages<M>) -> Self {
        Self { pages, page: Vec::new().into_iter(), current: None, taken: 0, left: None }
    }

    /// Gives at most this many items. No page is asked for once they are given.
    pub fn max_items(mut self, items: u64) -> Self {
        self.left = Some(items);
        self
    }

    /// Asks for at most this many pages.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// Begins at the page of `token`: what [`resume_token`](Self::resume_token) gave.
    pub fn starting_at(mut self, token: impl Into<String>) -> Self {
        self.pages = self.pages.starting_at(token);
        self
    }

    /// The next item; `None` after the last. May be dropped and called again.
    ///
    /// # Errors
    ///
    /// As [`Pages::next`].
    pub async fn next(&mut self) -> Option<Result<M::Item>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// Reads all that is left. Mind the memory: a list may be longer than it looks.
    ///
    /// # Errors
    ///
    /// At the first page that fails; items read before it are lost.
    pub async fn collect(mut self) -> Result<Vec<M::Item>> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await.transpose()? {
            all.push(item);
        }
        Ok(all)
    }

    /// Where another process goes on: the token of the current page and how many of its items
    /// were given, to be skipped there. The token is `None` for the first page.
    #[must_use]
    pub fn resume_token(&self) -> (Option<&str>, u64) {
        if self.page.len() == 0 {
            (self.pages.resume_token(), 0)
        } else {
            (self.current.as_deref(), self.taken)
        }
    }

    /// Whether the last item was given.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.left == Some(0) || (self.page.len() == 0 && self.pages.is_done())
    }

    /// The next item, if it has arrived.
    pub(crate) fn take_ready(&mut self) -> Option<M::Item> {
        if self.left == Some(0) {
            return None;
        }
        let item = self.page.next()?;
        self.taken += 1;
        self.left = self.left.map(|left| left - 1);
        Some(item)
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<M::Item>>> {
        loop {
            if let Some(item) = self.take_ready() {
                return Poll::Ready(Some(Ok(item)));
            }
            if self.left == Some(0) {
                return Poll::Ready(None);
            }
            let asked = self.pages.resume_token().map(str::to_owned);
            match ready!(self.pages.poll_page(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
                    self.page = M::items(page).into_iter();
                    self.current = asked;
                    self.taken = 0;
                }
            }
        }
    }
}

impl<M: Paged> Stream for Items<M> {
    type Item = Result<M::Item>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(cx)
    }
}

// Items are plain values in a `Vec`; nothing is pinned.
impl<M: Paged> Unpin for Items<M> {}
impl<M: Paged> Unpin for Pages<M> {}

impl<M: Paged> fmt::Debug for Items<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("ready", &self.page.len())
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}
