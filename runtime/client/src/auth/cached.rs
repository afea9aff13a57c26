//! One token for all calls that may share it.

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

/// A refresh that is not yet needed takes at most this long of a call's time.
const EARLY_REFRESH_TIMEOUT: Duration = Duration::from_secs(10);

/// Keeps the tokens of a [`TokenProvider`] and gets new ones when they run out.
///
/// - One request at a time for a set of scopes: calls that need the token wait for it together.
///   When the call that asks is dropped, the next one of those that wait asks instead.
/// - No task of its own, so it needs no runtime and works in several, one after another.
/// - In a token's last four minutes (last half, for one that lives under eight) the first call
///   that comes refreshes it, with a quarter of its time left and ten seconds at most; the others
///   use the old one. A failed refresh is not an error as long as the old token is good.
/// - A failure is remembered for ten seconds, so that calls in a row do not storm a service that is
///   down. [`AuthError::retry_after`] says how long is left. A call's own deadline is no failure.
/// - A token that a server refuses with 401 is thrown away: that token, not a newer one; and not
///   again within ten seconds, since then age was not the reason.
///
/// All contexts must be of one clock.
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
    entries: Mutex<BTreeMap<Vec<String>, Arc<Entry>>>,
}

impl<P: TokenProvider> Cached<P> {
    /// Keeps the tokens of `provider`. Asks for none yet.
    pub const fn new(provider: P) -> Self {
        Self { provider, entries: Mutex::new(BTreeMap::new()) }
    }

    /// Where the tokens come from.
    pub const fn provider(&self) -> &P {
        &self.provider
    }

    fn entry(&self, cx: &AuthContext) -> Arc<Entry> {
        let scopes = if self.provider.scoped() { cx.scopes() } else { &[] };
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
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

    /// A new token, if nobody else is getting one and it comes in time.
    async fn refresh(&self, entry: &Entry, cx: &AuthContext) -> Option<AuthHeaders> {
        let _guard = entry.fetching.try_lock().ok()?;
        // Somebody may have been here between the look and the lock.
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
            // Here even a timeout is remembered: the next call must not lose its time as well.
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
        // The lifetime counts from before the request: a slow answer must not prolong it.
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
        let entries: Vec<Arc<Entry>> = entries.values().cloned().collect();
        // Without short circuit: one token may stand under several sets of scopes.
        let kept = entries.iter().filter(|entry| !entry.invalidate(headers)).count();
        kept == 0
    }

    fn universe_domain(&self) -> Option<String> {
        self.provider.universe_domain()
    }
}
