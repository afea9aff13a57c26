//! Tokens rejected with 401.

use super::{Answer, Fixture, HOUR, SECOND};
use crate::auth::{AuthErrorKind, Credentials};

#[tokio::test]
async fn rejected_tokens_are_discarded() {
    let fixture = Fixture::new([]);
    let refused = fixture.headers().await.unwrap();
    assert!(fixture.cached.invalidate(&refused));
    assert_eq!(fixture.token().await.unwrap(), "token-2");
}

#[tokio::test]
async fn a_newer_token_stays() {
    let fixture = Fixture::new([]);
    let old = fixture.headers().await.unwrap();
    assert!(fixture.cached.invalidate(&old));
    assert_eq!(fixture.token().await.unwrap(), "token-2");
    // A second call rejected with the old token: a newer token exists already.
    assert!(fixture.cached.invalidate(&old));
    assert_eq!(fixture.token().await.unwrap(), "token-2");
    assert_eq!(fixture.requested(), 2);
}

#[tokio::test]
async fn rejecting_every_token_causes_no_request_storm() {
    let fixture = Fixture::new([]);
    let first = fixture.headers().await.unwrap();
    assert!(fixture.cached.invalidate(&first));
    let second = fixture.headers().await.unwrap();
    for _ in 0..100 {
        assert!(!fixture.cached.invalidate(&second), "another attempt is pointless");
        assert_eq!(fixture.token().await.unwrap(), "token-2");
    }
    assert_eq!(fixture.requested(), 2);
    fixture.clock.advance(10 * SECOND);
    assert!(fixture.cached.invalidate(&second));
    assert_eq!(fixture.token().await.unwrap(), "token-3");
}

#[tokio::test]
async fn only_rejected_scopes_lose_their_token() {
    let fixture = Fixture::new([]);
    let (one, two) = (fixture.cx().with_scopes(["a"]), fixture.cx().with_scopes(["b"]));
    let refused = fixture.cached.headers(&one).await.unwrap();
    fixture.cached.headers(&two).await.unwrap();
    assert!(fixture.cached.invalidate(&refused));
    assert_eq!(super::text(&fixture.cached.headers(&two).await.unwrap()), "token-2");
    assert_eq!(super::text(&fixture.cached.headers(&one).await.unwrap()), "token-3");
}

#[tokio::test]
async fn rejected_tokens_are_not_reused_without_a_new_one() {
    let fixture = Fixture::new([Answer::Token(HOUR), Answer::Fail(AuthErrorKind::Unavailable)]);
    let refused = fixture.headers().await.unwrap();
    assert!(fixture.cached.invalidate(&refused));
    assert_eq!(fixture.token().await.unwrap_err().to_string(), "failure 2");
}
