//! Tokens that a server refuses with 401.

use super::{Answer, Fixture, HOUR, SECOND};
use crate::auth::{AuthErrorKind, Credentials};

#[tokio::test]
async fn a_refused_token_is_thrown_away() {
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
    // A second call that was refused with the old one: there is something else to try already.
    assert!(fixture.cached.invalidate(&old));
    assert_eq!(fixture.token().await.unwrap(), "token-2");
    assert_eq!(fixture.requested(), 2);
}

#[tokio::test]
async fn a_server_that_refuses_every_token_does_not_make_a_storm() {
    let fixture = Fixture::new([]);
    let first = fixture.headers().await.unwrap();
    assert!(fixture.cached.invalidate(&first));
    let second = fixture.headers().await.unwrap();
    for _ in 0..100 {
        assert!(!fixture.cached.invalidate(&second), "another attempt makes no sense");
        assert_eq!(fixture.token().await.unwrap(), "token-2");
    }
    assert_eq!(fixture.requested(), 2);
    fixture.clock.advance(10 * SECOND);
    assert!(fixture.cached.invalidate(&second));
    assert_eq!(fixture.token().await.unwrap(), "token-3");
}

#[tokio::test]
async fn only_the_refused_scopes_lose_their_token() {
    let fixture = Fixture::new([]);
    let (one, two) = (fixture.cx().with_scopes(["a"]), fixture.cx().with_scopes(["b"]));
    let refused = fixture.cached.headers(&one).await.unwrap();
    fixture.cached.headers(&two).await.unwrap();
    assert!(fixture.cached.invalidate(&refused));
    assert_eq!(super::text(&fixture.cached.headers(&two).await.unwrap()), "token-2");
    assert_eq!(super::text(&fixture.cached.headers(&one).await.unwrap()), "token-3");
}

#[tokio::test]
async fn a_refused_token_does_not_come_back_when_there_is_no_new_one() {
    let fixture = Fixture::new([Answer::Token(HOUR), Answer::Fail(AuthErrorKind::Unavailable)]);
    let refused = fixture.headers().await.unwrap();
    assert!(fixture.cached.invalidate(&refused));
    assert_eq!(fixture.token().await.unwrap_err().to_string(), "failure 2");
}
