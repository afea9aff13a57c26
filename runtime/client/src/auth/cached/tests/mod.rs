mod early_refresh;
mod model;
mod refused;
mod single_flight;

use super::Cached;
use crate::BoxFuture;
use crate::auth::{
    AuthContext, AuthError, AuthErrorKind, AuthHeaders, Credentials, Token, TokenProvider,
};
use crate::clock::{Clock, ManualClock};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const SECOND: Duration = Duration::from_secs(1);

/// Behavior of the token service.
#[derive(Clone, Copy, Debug)]
enum Answer {
    /// A token with this lifetime, immediately.
    Token(Duration),
    /// A token for an hour, after a second.
    Slow,
    Fail(AuthErrorKind),
    Hang,
}

/// A token service that follows a script, then returns tokens for an hour. Tokens are numbered.
#[derive(Debug)]
struct Service {
    clock: ManualClock,
    unscoped: bool,
    script: Mutex<VecDeque<Answer>>,
    requested: Mutex<Vec<Vec<String>>>,
}

impl Service {
    async fn answer(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        let number = {
            let mut requested = self.requested.lock().unwrap();
            requested.push(cx.scopes().to_vec());
            requested.len()
        };
        let answer = self.script.lock().unwrap().pop_front().unwrap_or(Answer::Token(HOUR));
        let token = Token::new(format!("token-{number}"));
        match answer {
            Answer::Token(lifetime) => Ok(token.with_lifetime(lifetime)),
            Answer::Slow => {
                self.clock.sleep(SECOND).await;
                Ok(token.with_lifetime(HOUR))
            }
            Answer::Fail(kind) => Err(AuthError::new(kind, format!("failure {number}"))),
            Answer::Hang => std::future::pending().await,
        }
    }
}

impl TokenProvider for Service {
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>> {
        Box::pin(self.answer(cx))
    }

    fn scoped(&self) -> bool {
        !self.unscoped
    }
}

/// A cache over a scripted service, with a manual clock.
#[derive(Clone)]
struct Fixture {
    clock: ManualClock,
    cached: Arc<Cached<Service>>,
}

impl Fixture {
    fn new(script: impl IntoIterator<Item = Answer>) -> Self {
        Self::build(script, false)
    }

    fn build(script: impl IntoIterator<Item = Answer>, unscoped: bool) -> Self {
        let clock = ManualClock::new();
        let script = Mutex::new(script.into_iter().collect());
        let requested = Mutex::default();
        let service = Service { clock: clock.clone(), unscoped, script, requested };
        Self { clock, cached: Arc::new(Cached::new(service)) }
    }

    fn cx(&self) -> AuthContext {
        AuthContext::new(Arc::new(self.clock.clone()))
    }

    /// Returns a context with a deadline `time` from now.
    fn within(&self, time: Duration) -> AuthContext {
        self.cx().with_deadline(Some(self.clock.now() + time))
    }

    fn requested(&self) -> usize {
        self.cached.provider().requested.lock().unwrap().len()
    }

    async fn headers(&self) -> Result<AuthHeaders, AuthError> {
        self.cached.headers(&self.cx()).await
    }

    /// Returns the token that a call gets now.
    async fn token(&self) -> Result<String, AuthError> {
        self.headers().await.map(|headers| text(&headers))
    }
}

fn text(headers: &AuthHeaders) -> String {
    headers.bearer_token().unwrap().expose().to_owned()
}

/// Runs all tasks that are ready.
async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}
