//! The token of one set of scopes, and what is known of failures to get it.

use crate::auth::{AuthContext, AuthError, AuthHeaders, Token};
use crate::clock::Clock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A token is refreshed this long before its end.
const AGEING: Duration = Duration::from_secs(4 * 60);
/// A token is not used this long before its end: the request has to arrive and clocks differ.
const MARGIN: Duration = Duration::from_secs(10);
/// A failure is remembered, and a refusal not repeated, for this long.
const PAUSE: Duration = Duration::from_secs(10);

#[derive(Debug, Default)]
pub(super) struct Entry {
    /// Held by the call that asks for a token.
    pub(super) turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    held: Option<Held>,
    failure: Option<(AuthError, Duration)>,
    refused_at: Option<Duration>,
}

/// A token in use.
#[derive(Debug)]
pub(super) struct Held {
    headers: AuthHeaders,
    clock: Arc<dyn Clock>,
    span: Option<Span>,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    ageing_at: Duration,
    dead_at: Duration,
    /// The end by the calendar: a machine that sleeps may stop its monotonic clock.
    dead_unix: Duration,
}

/// What an entry has for a call.
pub(super) enum Look {
    Fresh(AuthHeaders),
    /// Good, but somebody should get a new one.
    Ageing(AuthHeaders),
    Failed(AuthError),
    Nothing,
}

impl Look {
    pub(super) fn headers(self) -> Option<AuthHeaders> {
        match self {
            Self::Fresh(headers) | Self::Ageing(headers) => Some(headers),
            Self::Failed(_) | Self::Nothing => None,
        }
    }
}

impl Held {
    pub(super) fn new(
        token: &Token,
        (now, unix): (Duration, Duration),
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AuthError> {
        let span = token.lifetime().map(|lifetime| {
            let good = lifetime.saturating_sub(MARGIN.min(lifetime / 10));
            Span {
                ageing_at: now.saturating_add(lifetime.saturating_sub(AGEING).max(lifetime / 2)),
                dead_at: now.saturating_add(good),
                dead_unix: unix.saturating_add(good),
            }
        });
        Ok(Self { headers: token.to_headers()?, clock, span })
    }

    fn look(&self, now: Duration, unix: Duration) -> Option<Look> {
        let headers = self.headers.clone();
        match self.span {
            Some(span) if now >= span.dead_at || unix >= span.dead_unix => None,
            Some(span) if now >= span.ageing_at => Some(Look::Ageing(headers)),
            _ => Some(Look::Fresh(headers)),
        }
    }
}

impl Entry {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn look(&self, cx: &AuthContext) -> Look {
        let (now, unix) = (cx.clock().now(), cx.clock().unix());
        let state = self.state();
        let failure = state.failure.as_ref().filter(|(_, until)| now < *until);
        match (state.held.as_ref().and_then(|held| held.look(now, unix)), failure) {
            // Just failed to refresh: the old one serves until the pause is over.
            (Some(Look::Ageing(headers)), Some(_)) => Look::Fresh(headers),
            (Some(look), _) => look,
            // A refresh on spare time took too long; a call that needs the token has more.
            (None, Some((error, _))) if error.is_timeout() => Look::Nothing,
            (None, Some((error, until))) => Look::Failed(error.remembered_for(*until - now)),
            (None, None) => Look::Nothing,
        }
    }

    pub(super) fn keep(&self, held: Held) -> AuthHeaders {
        let headers = held.headers.clone();
        let mut state = self.state();
        state.held = Some(held);
        state.failure = None;
        headers
    }

    pub(super) fn fail(&self, error: AuthError, cx: &AuthContext) {
        self.state().failure = Some((error, cx.clock().now().saturating_add(PAUSE)));
    }

    /// Throws the refused token away. False when it has to stay, since one was thrown away just
    /// now and the server refuses its successor too.
    pub(super) fn invalidate(&self, refused: &AuthHeaders) -> bool {
        let mut state = self.state();
        let Some(held) = state.held.as_ref().filter(|held| held.headers.same_secret(refused))
        else {
            return true;
        };
        let now = held.clock.now();
        if state.refused_at.is_some_and(|at| now < at.saturating_add(PAUSE)) {
            return false;
        }
        state.refused_at = Some(now);
        state.held = None;
        true
    }
}
