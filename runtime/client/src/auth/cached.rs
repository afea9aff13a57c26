//! Token cache shared by all calls of a client.

mod entry;
#[cfg(test)]
mod tests;

use self::entry::{CachedToken, Entry, Lookup};
use super::{AuthContext, AuthError, AuthHeaders, Credentials, TokenProvider};
use crate::BoxFuture;
use crate::clock::timeout_at;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Maximum duration of a refresh before the token expires.
const EARLY_REFRESH_TIMEOUT: Duration = Duration::from_secs(10);

/// Caches the tokens of a [`TokenProvider`] and refreshes them.
///
/// - One request per set of scopes, and of APIs inside and outside of Google Cloud, is in flight at a time; other calls wait for its result. If the
///   call that sent it is dropped, a waiting call sends the next.
/// - No background task: the cache needs no runtime and works in several, one after another.
/// - In a token's last four minutes (the last half, if it lives under eight) the first call
///   refreshes it, within a quarter of the call's remaining time and at most ten seconds. Other
///   calls use the old token. A failed refresh is no error while the old token is valid.
/// - A failure is cached for ten seconds to protect a failing service; [`AuthError::retry_after`]
///   reports the remainder. A call's own deadline is not cached as a failure.
/// - A token that a server rejects with 401 is discarded, unless another was discarded within the
///   last ten seconds, since then the token's age is not the cause.
///
/// All contexts must share one clock.
///
/// ```
/// use discovery_runtime::auth::{Cached, Token, TokenFn};
/// use std::time::Duration;
/// let vault = TokenFn::new(|_cx| async {
///     Ok(Token::new("ya29.from-the-vault").with_lifetime(Duration::from_secs(3600)))
/// });
/// let credentials = Cached::new(vault);
/// ```
#[derive(Debug)]
pub struct Cached<P> {
    provider: P,
    /// By scopes; apart for APIs of Google Cloud, which accept tokens that others reject.
    entries: Mutex<[BTreeMap<Vec<String>, Arc<Entry>>; 2]>,
}

impl<P: TokenProvider> Cached<P> {
    /// Creates an empty cache over `provider`.
    pub const fn new(provider: P) -> Self {
        Self { provider, entries: Mutex::new([BTreeMap::new(), BTreeMap::new()]) }
    }

    /// Returns the source of the tokens.
    pub const fn provider(&self) -> &P {
        &self.provider
    }

    fn entry(&self, cx: &AuthContext) -> Arc<Entry> {
        let scoped = self.provider.scoped();
        let scopes = if scoped { cx.scopes() } else { &[] };
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entries = &mut entries[usize::from(scoped && cx.is_cloud_api())];
        if let Some(entry) = entries.get(scopes) {
            return Arc::clone(entry);
        }
        let entry = Arc::new(Entry::default());
        entries.insert(scopes.to_vec(), Arc::clone(&entry));
        entry
    }

    async fn get(&self, cx: &AuthContext) -> Result<AuthHeaders, AuthError> {
        let entry = self.entry(cx);
        match entry.lookup(cx) {
            Lookup::Fresh(headers) => Ok(headers),
            Lookup::Expiring(headers) => Ok(self.refresh(&entry, cx).await.unwrap_or(headers)),
            Lookup::Failed(error) => Err(error),
            Lookup::Missing => self.wait_or_fetch(&entry, cx).await,
        }
    }

    /// Fetches a new token unless another call is fetching one.
    async fn refresh(&self, entry: &Entry, cx: &AuthContext) -> Option<AuthHeaders> {
        let _guard = entry.fetching.try_lock().ok()?;
        // Another call may have refreshed the token before the lock was taken.
        match entry.lookup(cx) {
            Lookup::Expiring(_) => {}
            other => return other.headers(),
        }
        let spare = cx
            .remaining()
            .map_or(EARLY_REFRESH_TIMEOUT, |left| (left / 4).min(EARLY_REFRESH_TIMEOUT));
        let until = cx.clock().now().saturating_add(spare);
        let cx = cx.clone().with_deadline(Some(until));
        match self.fetch(&cx).await {
            Ok(held) => Some(entry.store(held)),
            // Even a timeout is cached here: the next call must not lose time to it as well.
            Err(error) => {
                entry.record_failure(error, &cx);
                None
            }
        }
    }

    async fn wait_or_fetch(
        &self,
        entry: &Entry,
        cx: &AuthContext,
    ) -> Result<AuthHeaders, AuthError> {
        let guard = timeout_at(&**cx.clock(), cx.deadline(), entry.fetching.lock()).await;
        let _guard = guard.map_err(|_| AuthError::timeout("waiting for an access token"))?;
        match entry.lookup(cx) {
            Lookup::Fresh(headers) | Lookup::Expiring(headers) => return Ok(headers),
            Lookup::Failed(error) => return Err(error),
            Lookup::Missing => {}
        }
        match self.fetch(cx).await {
            Ok(held) => Ok(entry.store(held)),
            Err(error) => {
                if !error.is_timeout() {
                    entry.record_failure(error.clone(), cx);
                }
                Err(error)
            }
        }
    }

    async fn fetch(&self, cx: &AuthContext) -> Result<CachedToken, AuthError> {
        cx.observed(self.fetch_token(cx)).await
    }

    async fn fetch_token(&self, cx: &AuthContext) -> Result<CachedToken, AuthError> {
        // The lifetime counts from before the request, so that a slow response does not extend it.
        let clock = cx.clock();
        let requested = (clock.now(), clock.unix());
        let token = timeout_at(&**clock, cx.deadline(), self.provider.fetch(cx)).await;
        let token = token.map_err(|_| AuthError::timeout("getting an access token"))??;
        CachedToken::new(&token, requested, Arc::clone(clock))
    }
}

impl<P: TokenProvider> Credentials for Cached<P> {
    fn headers<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>> {
        Box::pin(self.get(cx))
    }

    fn invalidate(&self, headers: &AuthHeaders) -> bool {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entries: Vec<Arc<Entry>> = entries.iter().flat_map(BTreeMap::values).cloned().collect();
        // No short circuit: several sets of scopes may share one token.
        let kept = entries.iter().filter(|entry| !entry.invalidate(headers)).count();
        kept == 0
    }

    fn universe_domain(&self) -> Option<String> {
        self.provider.universe_domain()
    }
}
