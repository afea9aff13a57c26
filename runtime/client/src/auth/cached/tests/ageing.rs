//! Refreshing ahead of need.

use super::{Answer, HOUR, Lab, SECOND, settle};
use crate::auth::{AuthErrorKind, Credentials};
use crate::clock::Clock;

const MINUTE: std::time::Duration = std::time::Duration::from_secs(60);

#[tokio::test]
async fn in_the_last_four_minutes_the_first_call_refreshes() {
    let lab = Lab::new([]);
    assert_eq!(lab.token().await.unwrap(), "token-1");
    lab.clock.advance(HOUR - 4 * MINUTE - SECOND);
    assert_eq!(lab.token().await.unwrap(), "token-1");
    lab.clock.advance(SECOND);
    assert_eq!(lab.token().await.unwrap(), "token-2");
    assert_eq!(lab.asked(), 2);
}

#[tokio::test]
async fn the_others_use_the_old_token_meanwhile() {
    let lab = Lab::new([Answer::Token(HOUR), Answer::Slow]);
    lab.token().await.unwrap();
    lab.clock.advance(HOUR - 3 * MINUTE);
    let first = tokio::spawn({
        let lab = lab.clone();
        async move { lab.token().await }
    });
    lab.clock.wait_for_sleepers(2).await; // The service's wait and the bound on it.
    for _ in 0..10 {
        assert_eq!(lab.token().await.unwrap(), "token-1");
    }
    lab.clock.advance(SECOND);
    assert_eq!(first.await.unwrap().unwrap(), "token-2");
    assert_eq!(lab.token().await.unwrap(), "token-2");
    assert_eq!(lab.asked(), 2);
}

#[tokio::test]
async fn a_failed_refresh_keeps_the_good_token() {
    let lab = Lab::new([Answer::Token(HOUR), Answer::Fail(AuthErrorKind::Refused)]);
    lab.token().await.unwrap();
    lab.clock.advance(HOUR - 3 * MINUTE);
    for _ in 0..10 {
        assert_eq!(lab.token().await.unwrap(), "token-1");
    }
    assert_eq!(lab.asked(), 2, "the failure is remembered");
    lab.clock.advance(10 * SECOND);
    assert_eq!(lab.token().await.unwrap(), "token-3");
}

#[tokio::test]
async fn a_refresh_that_hangs_takes_a_quarter_of_the_time_left() {
    let lab = Lab::new([Answer::Token(HOUR), Answer::Hang]);
    lab.token().await.unwrap();
    lab.clock.advance(HOUR - 3 * MINUTE);
    let start = lab.clock.now();
    let call = tokio::spawn({
        let (lab, cx) = (lab.clone(), lab.within(20 * SECOND));
        async move { lab.cached.headers(&cx).await }
    });
    lab.clock.wait_for_sleepers(1).await;
    lab.clock.advance(5 * SECOND);
    assert_eq!(super::text(&call.await.unwrap().unwrap()), "token-1");
    assert_eq!(lab.clock.now() - start, 5 * SECOND);
    // And not again for the next call.
    assert_eq!(lab.token().await.unwrap(), "token-1");
    assert_eq!(lab.asked(), 2);
}

#[tokio::test]
async fn a_refresh_without_deadline_takes_ten_seconds_at_most() {
    let lab = Lab::new([Answer::Token(HOUR), Answer::Hang]);
    lab.token().await.unwrap();
    lab.clock.advance(HOUR - 3 * MINUTE);
    let call = tokio::spawn({
        let lab = lab.clone();
        async move { lab.token().await }
    });
    lab.clock.wait_for_sleepers(1).await;
    lab.clock.advance(10 * SECOND);
    assert_eq!(call.await.unwrap().unwrap(), "token-1");
}

#[tokio::test]
async fn a_spare_refresh_that_hung_does_not_fail_the_call_that_needs_the_token() {
    let lab = Lab::new([Answer::Token(HOUR), Answer::Hang]);
    lab.token().await.unwrap();
    lab.clock.advance(HOUR - 15 * SECOND);
    let call = tokio::spawn({
        let (lab, cx) = (lab.clone(), lab.within(4 * SECOND));
        async move { lab.cached.headers(&cx).await }
    });
    lab.clock.wait_for_sleepers(1).await;
    lab.clock.advance(SECOND);
    assert_eq!(super::text(&call.await.unwrap().unwrap()), "token-1");
    lab.clock.advance(5 * SECOND); // Past the end less the margin.
    assert_eq!(lab.token().await.unwrap(), "token-3");
}

#[tokio::test]
async fn a_token_is_not_used_in_its_last_ten_seconds() {
    let lab = Lab::new([Answer::Token(HOUR), Answer::Fail(AuthErrorKind::Unavailable)]);
    lab.token().await.unwrap();
    lab.clock.advance(HOUR - 10 * SECOND);
    assert_eq!(lab.token().await.unwrap_err().to_string(), "failure 2");
}

#[tokio::test]
async fn a_short_token_ages_at_half_its_life() {
    let lab = Lab::new([Answer::Token(100 * SECOND)]);
    lab.token().await.unwrap();
    lab.clock.advance(49 * SECOND);
    assert_eq!(lab.token().await.unwrap(), "token-1");
    lab.clock.advance(SECOND);
    assert_eq!(lab.token().await.unwrap(), "token-2");
}

#[tokio::test]
async fn a_calendar_that_moved_on_ends_a_token() {
    let lab = Lab::new([]);
    lab.token().await.unwrap();
    // The machine slept: its monotonic clock did not.
    lab.clock.set_unix(lab.clock.unix() + 2 * HOUR);
    assert_eq!(lab.token().await.unwrap(), "token-2");
    settle().await;
    assert_eq!(lab.token().await.unwrap(), "token-2");
}

#[tokio::test]
async fn a_token_of_any_lifetime_is_taken() {
    for lifetime in [std::time::Duration::ZERO, std::time::Duration::MAX] {
        let lab = Lab::new([Answer::Token(lifetime)]);
        assert_eq!(lab.token().await.unwrap(), "token-1");
    }
}
