//! Paged lists ([AIP-158](https://google.aip.dev/158)).

mod items;
mod mask;
mod token;

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

pub use self::items::Items;
pub use self::mask::Mask;
pub use self::token::next_token;
use crate::BoxFuture;
use crate::call::decode::{decode_part, misfit, payload};
use crate::call::reading::Value;
use crate::call::{Call, Response};
use crate::error::{Error, ErrorKind, Result};
use crate::json::DecodeError;
use crate::method::Paged;
use crate::reply::Reply;
use crate::spec::{ItemsIn, MethodSpec, PagingSpec, TokenIn};
use crate::splice::set_member;

/// The pages of a list, in order, one request each.
///
/// [`next`](Self::next) needs no stream library; the type also implements [`Stream`]. Empty pages
/// are valid and do not end the list. After an error, the next call requests the same page again,
/// except after an invalid page token, which ends the list.
///
/// A `fields` mask need not contain the page token, which is added to it.
#[must_use = "pages do nothing unless `next` is called"]
pub struct Pages<M: Paged> {
    call: Call,
    state: State,
    /// The running request; survives a dropped `next`.
    running: Option<BoxFuture<'static, Result<Page<M::Response>>>>,
    method: PhantomData<fn() -> M>,
}

/// Position in a list.
#[derive(Default)]
struct State {
    /// Token of the next page; `None` for the first.
    token: Option<String>,
    done: bool,
    /// Hashes of tokens seen, with 64 bits each, so that a million pages take 16 MB at most.
    seen: BTreeSet<u64>,
    pages_left: Option<u64>,
    /// Error of the page after the last one. That page is valid, so the error replaces the next
    /// one.
    failed: Option<Error>,
}

/// A page with the token of the next.
struct Page<T> {
    response: T,
    next: Result<Option<String>>,
}

impl<M: Paged> Pages<M> {
    /// Creates the pages of a list call, starting at the call's page token, if any.
    pub fn new(call: Call) -> Self {
        let token = match M::SPEC.paging.map(|paging| paging.token) {
            Some(TokenIn::Query(name)) => call.query_value(name).map(str::to_owned),
            _ => None,
        };
        let state = State { token, ..State::default() };
        let call = with_token_kept(call, M::SPEC.paging);
        Self { call, state, running: None, method: PhantomData }
    }

    /// Starts at the page of a token from [`resume_token`](Self::resume_token).
    pub fn starting_at(mut self, token: impl Into<String>) -> Self {
        self.state.token = Some(token.into()).filter(|token| !token.is_empty());
        self
    }

    /// Limits the number of pages.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.state.pages_left = Some(pages);
        self
    }

    /// Converts into items. A `fields` mask without the items is an error.
    pub fn items(mut self) -> Items<M> {
        if let Some(items) = M::SPEC.items
            && mask(&self.call).is_some_and(|(_, mask)| !mask.keeps(items.name()))
        {
            self.state.failed = Some(without_items(M::SPEC.id, items.name()));
        }
        Items::new(self)
    }

    /// Returns the next page, or `None` after the last.
    ///
    /// The future may be dropped; the running request continues with the next call.
    ///
    /// # Errors
    ///
    /// As for `send`, and [`ErrorKind::PageLoop`] if the server returns a page token twice, or
    /// [`ErrorKind::Decode`] if it returns an invalid token.
    pub async fn next(&mut self) -> Option<Result<M::Response>> {
        std::future::poll_fn(|cx| self.poll_page(cx)).await
    }

    /// Returns the next page, or `None` after the last.
    ///
    /// # Errors
    ///
    /// As for [`next`](Self::next).
    pub async fn next_page(&mut self) -> Result<Option<M::Response>> {
        self.next().await.transpose()
    }

    /// Returns the token of the page that [`next`](Self::next) requests, with which another process
    /// can resume. `None` before the first page and after the last.
    #[must_use]
    pub fn resume_token(&self) -> Option<&str> {
        if self.state.done { None } else { self.state.token.as_deref() }
    }

    /// Returns `true` if the last page was returned.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.state.done
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<M::Response>>> {
        if let Some(error) = self.state.failed.take() {
            self.state.done = true;
            return Poll::Ready(Some(Err(error)));
        }
        if self.state.done || self.state.pages_left == Some(0) {
            return Poll::Ready(None);
        }
        let (call, state) = (&self.call, &self.state);
        let running = self.running.get_or_insert_with(|| request::<M>(call, state));
        let page = std::task::ready!(running.as_mut().poll(cx));
        self.running = None;
        Poll::Ready(Some(page.map(|page| {
            self.state.advance(M::SPEC.id, page.next);
            page.response
        })))
    }
}

fn request<M: Paged>(call: &Call, state: &State) -> BoxFuture<'static, Result<Page<M::Response>>> {
    let call = with_token(call.clone(), M::SPEC.paging, state.token.as_deref());
    Box::pin(async move { call?.read(read::<M>).await.map(|(_, page)| page) })
}

fn read<M: Paged>(method: &'static MethodSpec, answer: &Response, strict: bool) -> Result<Value> {
    page::<M>(method, answer, strict).map(|page| Box::new(page) as Value)
}

/// Decodes a page. Models hold the token as a string; other kinds are read from the response.
/// A page whose items were set aside would look empty.
fn page<M: Paged>(
    method: &'static MethodSpec,
    answer: &Response,
    strict: bool,
) -> Result<Page<M::Response>> {
    let (response, misfits) = decode_part::<M::Response>(method, answer, strict)?;
    let items = method.items.map(ItemsIn::name);
    if let Some((name, error)) = items.and_then(|name| Some((name, misfits.member(name)?))) {
        return Err(unreadable_items(answer, name, error));
    }
    if let Some(next) = M::next(&response) {
        let next = Ok(Some(next.to_owned()).filter(|token| !token.is_empty()));
        return Ok(Page { response, next });
    }
    let name = method.paging.map_or("", |paging| paging.next);
    let Some(error) = misfits.member(name) else { return Ok(Page { response, next: Ok(None) }) };
    let Some(normalized) = token::normalize(&payload(method, answer)?, name) else {
        let message = format!("`{name}` is not a page token: {}", error.reason());
        return Ok(Page { response, next: Err(misfit(answer, message)) });
    };
    // The model with the token as text.
    let page = M::Response::read(&normalized.body.into(), answer.content_type());
    Ok(Page { response: page.map_or(response, |(page, _)| page), next: normalized.next })
}

#[cold]
fn unreadable_items(answer: &Response, name: &str, error: &DecodeError) -> Error {
    let (pointer, reason) = (error.pointer(), error.reason());
    let message = format!(
        "the items of the page, `{name}`, cannot be read: the value at {pointer} does not fit its \
         type: {reason}"
    );
    misfit(answer, message)
}

/// Returns the mask of a call and the name of its parameter.
fn mask(call: &Call) -> Option<(&'static str, Mask<'_>)> {
    let wrapped = call.method().service.data_wrapper;
    let found = mask::NAMES.iter().find_map(|name| Some((*name, call.general_value(name)?)));
    found.map(|(name, text)| (name, Mask::new(text, wrapped)))
}

/// Returns the call, with the page token added to its mask.
fn with_token_kept(mut call: Call, paging: Option<&PagingSpec>) -> Call {
    let joined = paging.and_then(|paging| {
        let (name, mask) = mask(&call)?;
        Some((name, mask.with(paging.next)?))
    });
    if let Some((name, mask)) = joined {
        call = call.global(name, &mask);
    }
    call
}

/// Sets the page token in the request.
fn with_token(mut call: Call, paging: Option<&PagingSpec>, token: Option<&str>) -> Result<Call> {
    let Some(token) = token else { return Ok(call) };
    match paging.map(|paging| paging.token) {
        Some(TokenIn::Query(name)) => call.set_query(name, token),
        Some(TokenIn::Body(name)) => {
            let text = set_member(call.json().unwrap_or("{}"), name, token)
                .ok_or_else(|| Error::invalid("the request body is no JSON object"))?;
            call.set_json(text);
        }
        None => return Err(Error::invalid("the method takes no page token")),
    }
    Ok(call)
}

impl State {
    /// Records the token of a page.
    fn advance(&mut self, method: &'static str, next: Result<Option<String>>) {
        self.pages_left = self.pages_left.map(|left| left.saturating_sub(1));
        if let Some(followed) = &self.token {
            self.seen.insert(hash(followed));
        }
        match next {
            Ok(Some(token)) => {
                self.failed = self.seen.contains(&hash(&token)).then(|| page_loop(method));
                self.token = Some(token);
            }
            Ok(None) => {
                self.token = None;
                self.done = true;
            }
            // The token stays that of this page, at which a caller can resume.
            Err(error) => self.failed = Some(error.with_method(method)),
        }
    }
}

#[cold]
fn page_loop(method: &'static str) -> Error {
    let message = "the server gave a page token that was followed already; the list would not end";
    Error::new(ErrorKind::PageLoop, message).with_method(method)
}

#[cold]
fn without_items(method: &'static str, items: &str) -> Error {
    let message = format!("the mask in `fields` leaves out `{items}`, which holds the items");
    Error::invalid(message).with_method(method)
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
