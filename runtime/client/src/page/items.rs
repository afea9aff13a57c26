//! Items of paged lists.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::Pages;
use crate::error::Result;
use crate::method::Paged;

/// The items of a list, across pages.
///
/// [`next`](Self::next) needs no stream library; the type also implements [`Stream`].
#[must_use = "items do nothing unless `next` is called"]
pub struct Items<M: Paged> {
    pages: Pages<M>,
    page: std::vec::IntoIter<M::Item>,
    /// Token of the current page.
    current: Option<String>,
    taken: u64,
    left: Option<u64>,
}

impl<M: Paged> Items<M> {
    pub(super) fn new(pages: Pages<M>) -> Self {
        Self { pages, page: Vec::new().into_iter(), current: None, taken: 0, left: None }
    }

    /// Limits the number of items. No page is requested beyond them.
    pub fn max_items(mut self, items: u64) -> Self {
        self.left = Some(items);
        self
    }

    /// Limits the number of pages.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// Starts at the page of a token from [`resume_token`](Self::resume_token).
    pub fn starting_at(mut self, token: impl Into<String>) -> Self {
        self.pages = self.pages.starting_at(token);
        self
    }

    /// Returns the next item, or `None` after the last. The future may be dropped.
    ///
    /// # Errors
    ///
    /// As for [`Pages::next`].
    pub async fn next(&mut self) -> Option<Result<M::Item>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// Collects all remaining items. Lists may be long.
    ///
    /// # Errors
    ///
    /// On the first page that fails; items read before it are lost.
    pub async fn collect(mut self) -> Result<Vec<M::Item>> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await.transpose()? {
            all.push(item);
        }
        Ok(all)
    }

    /// Returns the position for another process to resume at: the token of the current page, `None`
    /// for the first, and the number of its items to skip.
    #[must_use]
    pub fn resume_token(&self) -> (Option<&str>, u64) {
        if self.page.len() == 0 {
            (self.pages.resume_token(), 0)
        } else {
            (self.current.as_deref(), self.taken)
        }
    }

    /// Returns `true` if the last item was returned.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.left == Some(0) || (self.page.len() == 0 && self.pages.is_done())
    }

    /// Returns the next item, if it has arrived.
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

// The items are not pinned.
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
