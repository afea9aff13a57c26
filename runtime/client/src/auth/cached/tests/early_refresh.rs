//! Refreshes before a token expires.

use super::{Answer, Fixture, HOUR, SECOND, settle};
use crate::auth::{AuthErrorKind, Credentials};
use crate::clock::Clock;

const MINUTE: std::time::Duration = std::time::Duration::from_secs(60);

#[tokio::test]
async fn in_the_last_four_minutes_the_first_call_refreshes() {
    let fixture = Fixture::new([]);
    assert_eq!(fixture.token().await.unwrap(), "token-1");
    fixture.clock.advance(HOUR - 4 * MINUTE - SECOND);
    assert_eq!(fixture.token().await.unwrap(), "token-1");
    fixture.clock.advance(SECOND);
    assert_eq!(fixture.token().await.unwrap(), "token-2");
    assert_eq!(fixture.requested(), 2);
}

#[tokio::test]
async fn the_others_use_the_old_token_meanwhile() {
    let fixture = Fixture::new([Answer::Token(HOUR), Answer::Slow]);
    fixture.token().await.unwrap();
    fixture.clock.advance(HOUR - 3 * MINUTE);
    let first = tokio::spawn({
        let fixture = fixture.clone();
        async move { fixture.token().await }
    });
    fixture.clock.wait_for_sleepers(2).await; // The service's wait and the bound on it.
    for _ in 0..10 {
        assert_eq!(fixture.token().await.unwrap(), "token-1");
    }
    fixture.clock.advance(SECOND);
    assert_eq!(first.await.unwrap().unwrap(), "token-2");
    assert_eq!(fixture.token().await.unwrap(), "token-2");
    assert_eq!(fixture.requested(), 2);
}

#[tokio::test]
async fn a_failed_refresh_keeps_the_good_token() {
    let fixture = Fixture::new([Answer::Token(HOUR), Answer::Fail(AuthErrorKind::Refused)]);
    fixture.token().await.unwrap();
    fixture.clock.advance(HOUR - 3 * MINUTE);
    for _ in 0..10 {
        assert_eq!(fixture.token().await.unwrap(), "token-1");
    }
    assert_eq!(fixture.requested(), 2, "the failure is remembered");
    fixture.clock.advance(10 * SECOND);
    assert_eq!(fixture.token().await.unwrap(), "token-3");
}

#[tokio::test]
async fn a_refresh_that_hangs_takes_a_quarter_of_the_time_left() {
    let fixture = Fixture::new([Answer::Token(HOUR), Answer::Hang]);
    fixture.token().await.unwrap();
    fixture.clock.advance(HOUR - 3 * MINUTE);
    let start = fixture.clock.now();
    let call = tokio::spawn({
        let (fixture, cx) = (fixture.clone(), fixture.within(20 * SECOND));
        async move { fixture.cached.headers(&cx).await }
    });
    fixture.clock.wait_for_sleepers(1).await;
    fixture.clock.advance(5 * SECOND);
    assert_eq!(super::text(&call.await.unwrap().unwrap()), "token-1");
    assert_eq!(fixture.clock.now() - start, 5 * SECOND);
    // The next call does not retry.
    assert_eq!(fixture.token().await.unwrap(), "token-1");
    assert_eq!(fixture.requested(), 2);
}

#[tokio::test]
async fn a_refresh_without_deadline_takes_ten_seconds_at_most() {
    let fixture = Fixture::new([Answer::Token(HOUR), Answer::Hang]);
    fixture.token().await.unwrap();
    fixture.clock.advance(HOUR - 3 * MINUTE);
    let call = tokio::spawn({
        let fixture = fixture.clone();
        async move { fixture.token().await }
    });
    fixture.clock.wait_for_sleepers(1).await;
    fixture.clock.advance(10 * SECOND);
    assert_eq!(call.await.unwrap().unwrap(), "token-1");
}

#[tokio::test]
async fn a_hung_early_refresh_does_not_fail_a_later_call() {
    let fixture = Fixture::new([Answer::Token(HOUR), Answer::Hang]);
    fixture.token().await.unwrap();
    fixture.clock.advance(HOUR - 15 * SECOND);
    let call = tokio::spawn({
        let (fixture, cx) = (fixture.clone(), fixture.within(4 * SECOND));
        async move { fixture.cached.headers(&cx).await }
    });
    fixture.clock.wait_for_sleepers(1).await;
    fixture.clock.advance(SECOND);
    assert_eq!(super::text(&call.await.unwrap().unwrap()), "token-1");
    fixture.clock.advance(5 * SECOND); // Past the end less the margin.
    assert_eq!(fixture.token().await.unwrap(), "token-3");
}

#[tokio::test]
async fn a_token_is_not_used_in_its_last_ten_seconds() {
    let fixture = Fixture::new([Answer::Token(HOUR), Answer::Fail(AuthErrorKind::Unavailable)]);
    fixture.token().await.unwrap();
    fixture.clock.advance(HOUR - 10 * SECOND);
    assert_eq!(fixture.token().await.unwrap_err().to_string(), "failure 2");
}

#[tokio::test]
async fn a_short_token_ages_at_half_its_life() {
    let fixture = Fixture::new([Answer::Token(100 * SECOND)]);
    fixture.token().await.unwrap();
    fixture.clock.advance(49 * SECOND);
    assert_eq!(fixture.token().await.unwrap(), "token-1");
    fixture.clock.advance(SECOND);
    assert_eq!(fixture.token().await.unwrap(), "token-2");
}

#[tokio::test]
async fn a_calendar_jump_expires_a_token() {
    let fixture = Fixture::new([]);
    fixture.token().await.unwrap();
    // The machine slept, while its monotonic clock stopped.
    fixture.clock.set_unix(fixture.clock.unix() + 2 * HOUR);
    assert_eq!(fixture.token().await.unwrap(), "token-2");
    settle().await;
    assert_eq!(fixture.token().await.unwrap(), "token-2");
}

#[tokio::test]
async fn tokens_of_any_lifetime_are_accepted() {
    for lifetime in [std::time::Duration::ZERO, std::time::Duration::MAX] {
        let fixture = Fixture::new([Answer::Token(lifetime)]);
        assert_eq!(fixture.token().await.unwrap(), "token-1");
    }
}
