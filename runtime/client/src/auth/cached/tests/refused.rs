//! Tokens that a server refuses with 401.

use super::{Answer, HOUR, Lab, SECOND};
use crate::auth::{AuthErrorKind, Credentials};

#[tokio::test]
async fn a_refused_token_is_thrown_away() {
    let lab = Lab::new([]);
    let refused = lab.headers().await.unwrap();
    assert!(lab.cached.invalidate(&refused));
    assert_eq!(lab.token().await.unwrap(), "token-2");
}

#[tokio::test]
async fn a_newer_token_stays() {
    let lab = Lab::new([]);
    let old = lab.headers().await.unwrap();
    assert!(lab.cached.invalidate(&old));
    assert_eq!(lab.token().await.unwrap(), "token-2");
    // A second call that was refused with the old one: there is something else to try already.
    assert!(lab.cached.invalidate(&old));
    assert_eq!(lab.token().await.unwrap(), "token-2");
    assert_eq!(lab.asked(), 2);
}

#[tokio::test]
async fn a_server_that_refuses_every_token_does_not_make_a_storm() {
    let lab = Lab::new([]);
    let first = lab.headers().await.unwrap();
    assert!(lab.cached.invalidate(&first));
    let second = lab.headers().await.unwrap();
    for _ in 0..100 {
        assert!(!lab.cached.invalidate(&second), "another attempt makes no sense");
        assert_eq!(lab.token().await.unwrap(), "token-2");
    }
    assert_eq!(lab.asked(), 2);
    lab.clock.advance(10 * SECOND);
    assert!(lab.cached.invalidate(&second));
    assert_eq!(lab.token().await.unwrap(), "token-3");
}

#[tokio::test]
async fn only_the_refused_scopes_lose_their_token() {
    let lab = Lab::new([]);
    let (one, two) = (lab.cx().with_scopes(["a"]), lab.cx().with_scopes(["b"]));
    let refused = lab.cached.headers(&one).await.unwrap();
    lab.cached.headers(&two).await.unwrap();
    assert!(lab.cached.invalidate(&refused));
    assert_eq!(super::text(&lab.cached.headers(&two).await.unwrap()), "token-2");
    assert_eq!(super::text(&lab.cached.headers(&one).await.unwrap()), "token-3");
}

#[tokio::test]
async fn a_refused_token_does_not_come_back_when_there_is_no_new_one() {
    let lab = Lab::new([Answer::Token(HOUR), Answer::Fail(AuthErrorKind::Unavailable)]);
    let refused = lab.headers().await.unwrap();
    assert!(lab.cached.invalidate(&refused));
    assert_eq!(lab.token().await.unwrap_err().to_string(), "failure 2");
}
