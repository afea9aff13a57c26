//! Cache entry of one set of scopes: its token, or the failure to get one.

use crate::auth::{AuthContext, AuthError, AuthHeaders, Token};
use crate::clock::Clock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long before its expiry a token is refreshed.
const REFRESH_AHEAD: Duration = Duration::from_secs(4 * 60);
/// How long before its expiry a token is no longer used, since requests take time and clocks
/// differ.
const EXPIRY_MARGIN: Duration = Duration::from_secs(10);
/// How long a failure is cached, and a rejection not repeated.
const FAILURE_TTL: Duration = Duration::from_secs(10);

#[derive(Debug, Default)]
pub(super) struct Entry {
    /// Locked by the call that fetches a token.
    pub(super) fetching: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    cached: Option<CachedToken>,
    failure: Option<(AuthError, Duration)>,
    refused_at: Option<Duration>,
}

/// A token and its validity.
#[derive(Debug)]
pub(super) struct CachedToken {
    headers: AuthHeaders,
    clock: Arc<dyn Clock>,
    validity: Option<Validity>,
}

#[derive(Clone, Copy, Debug)]
struct Validity {
    refresh_at: Duration,
    expires_at: Duration,
    /// Expiry by the calendar clock: the monotonic clock may stop while a machine sleeps.
    expires_unix: Duration,
}

/// Result of a cache lookup.
pub(super) enum Lookup {
    Fresh(AuthHeaders),
    /// Valid, but due for a refresh.
    Expiring(AuthHeaders),
    Failed(AuthError),
    Missing,
}

impl Lookup {
    pub(super) fn headers(self) -> Option<AuthHeaders> {
        match self {
            Self::Fresh(headers) | Self::Expiring(headers) => Some(headers),
            Self::Failed(_) | Self::Missing => None,
        }
    }
}

impl CachedToken {
    pub(super) fn new(
        token: &Token,
        (now, unix): (Duration, Duration),
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AuthError> {
        let validity = token.lifetime().map(|lifetime| {
            let good = lifetime.saturating_sub(EXPIRY_MARGIN.min(lifetime / 10));
            Validity {
                refresh_at: now
                    .saturating_add(lifetime.saturating_sub(REFRESH_AHEAD).max(lifetime / 2)),
                expires_at: now.saturating_add(good),
                expires_unix: unix.saturating_add(good),
            }
        });
        Ok(Self { headers: token.to_headers()?, clock, validity })
    }

    fn lookup(&self, now: Duration, unix: Duration) -> Option<Lookup> {
        let headers = self.headers.clone();
        match self.validity {
            Some(validity) if now >= validity.expires_at || unix >= validity.expires_unix => None,
            Some(validity) if now >= validity.refresh_at => Some(Lookup::Expiring(headers)),
            _ => Some(Lookup::Fresh(headers)),
        }
    }
}

impl Entry {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn lookup(&self, cx: &AuthContext) -> Lookup {
        let (now, unix) = (cx.clock().now(), cx.clock().unix());
        let state = self.state();
        let failure = state.failure.as_ref().filter(|(_, until)| now < *until);
        match (state.cached.as_ref().and_then(|cached| cached.lookup(now, unix)), failure) {
            // The refresh just failed: use the old token until the failure expires.
            (Some(Lookup::Expiring(headers)), Some(_)) => Lookup::Fresh(headers),
            (Some(lookup), _) => lookup,
            // An early refresh timed out; a call that needs the token has more time.
            (None, Some((error, _))) if error.is_timeout() => Lookup::Missing,
            (None, Some((error, until))) => Lookup::Failed(error.with_retry_after(*until - now)),
            (None, None) => Lookup::Missing,
        }
    }

    pub(super) fn store(&self, cached: CachedToken) -> AuthHeaders {
        let headers = cached.headers.clone();
        let mut state = self.state();
        state.cached = Some(cached);
        state.failure = None;
        headers
    }

    pub(super) fn record_failure(&self, error: AuthError, cx: &AuthContext) {
        self.state().failure = Some((error, cx.clock().now().saturating_add(FAILURE_TTL)));
    }

    /// Discards the rejected token. Returns false if it stays because another token was just
    /// discarded and the server rejects its successor as well.
    pub(super) fn invalidate(&self, refused: &AuthHeaders) -> bool {
        let mut state = self.state();
        let Some(cached) =
            state.cached.as_ref().filter(|cached| cached.headers.same_secret(refused))
        else {
            return true;
        };
        let now = cached.clock.now();
        if state.refused_at.is_some_and(|at| now < at.saturating_add(FAILURE_TTL)) {
            return false;
        }
        state.refused_at = Some(now);
        state.cached = None;
        true
    }
}
