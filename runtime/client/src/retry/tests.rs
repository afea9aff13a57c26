use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::error::{ErrorKind, HttpFailure, from_transport};
use crate::random;
use crate::status::{BodyForm, Code, Status};
use crate::transport::{TransportError, TransportErrorKind};

fn transport(kind: TransportErrorKind) -> Error {
    from_transport(TransportError::new(kind, "x"), crate::error::Phase::Send)
}

fn service(status: u16, delay: Option<Duration>) -> Error {
    let status = http::StatusCode::from_u16(status).unwrap();
    let mut error = Error::new(ErrorKind::Service, "x")
        .with_status(Status::new(Code::from_http(status), "x"))
        .with_http(HttpFailure {
            status,
            headers: http::HeaderMap::new(),
            body: bytes::Bytes::new(),
            truncated: false,
            form: BodyForm::Empty,
        });
    error.inner_mut().retry_after = delay;
    error
}

fn any_error() -> impl Strategy<Value = Error> {
    let kinds = [
        TransportErrorKind::Connect,
        TransportErrorKind::Certificate,
        TransportErrorKind::NotSent,
        TransportErrorKind::Timeout,
        TransportErrorKind::Interrupted,
        TransportErrorKind::Decode,
        TransportErrorKind::RequestBody,
        TransportErrorKind::Other,
    ];
    let delay = prop::option::of((0u64..100_000).prop_map(Duration::from_millis));
    prop_oneof![
        prop::sample::select(kinds.to_vec()).prop_map(transport),
        (300u16..600, delay).prop_map(|(status, delay)| service(status, delay)),
        any::<bool>().prop_map(|auth| {
            let kind = if auth { ErrorKind::Auth } else { ErrorKind::Decode };
            Error::new(kind, "x")
        }),
    ]
}

proptest! {
    #[test]
    fn waits_are_within_their_bounds(
        error in any_error(),
        attempts in 1u32..7,
        remaining in prop::option::of((0u64..120_000).prop_map(Duration::from_millis)),
        idempotent: bool,
        random: u64,
    ) {
        let policy = DefaultRetry::new();
        let failure = Failure { attempts, remaining, idempotent, random, ..Failure::new(&error) };
        let decision = policy.decide(&failure);
        // Decisions depend only on the failure.
        prop_assert_eq!(decision, policy.decide(&failure));
        let Decision::Retry(wait) = decision else { return Ok(()) };
        let class = RetryClass::of(&error);
        prop_assert!(attempts < 5);
        prop_assert_ne!(class, RetryClass::Permanent);
        if !idempotent {
            prop_assert!(matches!(class, RetryClass::Unsent | RetryClass::Throttled));
            prop_assert!(!error.maybe_sent());
        }
        if let Some(left) = remaining {
            prop_assert!(wait < left, "{:?} of {:?}", wait, left);
        }
        let base = if class == RetryClass::Throttled { 1000 } else { 100 };
        let jitter = Duration::from_millis(base << (attempts - 1)).min(Duration::from_secs(30));
        let delay = error.retry_after().unwrap_or_default();
        prop_assert!(wait >= delay, "{:?} is less than the server asks: {:?}", wait, delay);
        prop_assert!(wait <= delay.max(jitter) + delay / 10);
    }

    #[test]
    fn more_time_never_means_fewer_attempts(
        error in any_error(), attempts in 1u32..5, idempotent: bool, random: u64,
        left in 0u64..60_000, more in 0u64..60_000,
    ) {
        let decide = |left: u64| {
            let remaining = Some(Duration::from_millis(left));
            let failure =
                Failure { attempts, remaining, idempotent, random, ..Failure::new(&error) };
            DefaultRetry::new().decide(&failure)
        };
        if decide(left) != Decision::Stop {
            prop_assert_ne!(decide(left + more), Decision::Stop);
        }
    }

    #[test]
    fn a_spent_policy_stops(error in any_error(), most in 0u32..9, idempotent: bool) {
        let policy = DefaultRetry::new().with_max_attempts(most);
        let failure = Failure { attempts: most.max(1), idempotent, ..Failure::new(&error) };
        prop_assert_eq!(policy.decide(&failure), Decision::Stop);
    }

    #[test]
    fn extreme_settings_do_not_overflow(
        error in any_error(), attempts: u32, random: u64, first: u64, longest: u64,
    ) {
        let (first, longest) = (Duration::from_secs(first), Duration::from_secs(longest));
        let policy = DefaultRetry::new()
            .with_max_attempts(u32::MAX)
            .with_backoff(first, longest)
            .with_throttled_backoff(first);
        let failure = Failure { attempts, idempotent: true, random, ..Failure::new(&error) };
        if let Decision::Retry(wait) = policy.decide(&failure) {
            let delay = error.retry_after().unwrap_or_default();
            prop_assert!(wait <= longest.max(delay).saturating_add(delay / 10));
        }
    }

    #[test]
    fn a_budget_never_exceeds_its_capacity(
        capacity in 0u32..1000, moves in prop::collection::vec(0u8..3, 0..200),
    ) {
        let budget = RetryBudget::with_capacity(capacity);
        for step in moves {
            let before = budget.tokens();
            match step {
                0 => budget.earn(),
                1 => prop_assert_eq!(budget.spend(RetryClass::Transient), before >= 14),
                _ => prop_assert_eq!(budget.spend(RetryClass::Throttled), before >= 5),
            }
            prop_assert!(budget.tokens() <= capacity);
        }
    }
}

#[test]
fn the_jitter_is_full() {
    let error = service(503, None);
    let wait = |random| {
        let failure = Failure { idempotent: true, random, ..Failure::new(&error) };
        DefaultRetry::new().decide(&failure)
    };
    assert_eq!(wait(0), Decision::Retry(Duration::ZERO));
    assert_eq!(wait(u64::MAX), Decision::Retry(Duration::from_millis(100)));
    let spread: std::collections::BTreeSet<u64> = (0..100).map(|_| random::next()).collect();
    assert_eq!(spread.len(), 100);
}

#[test]
fn delays_of_servers() {
    let now = Duration::from_secs(1_893_456_000);
    let delay = |header: &str| {
        let mut headers = http::HeaderMap::new();
        headers.insert("retry-after", header.parse().unwrap());
        server_delay(&headers, None, now)
    };
    assert_eq!(delay("0"), Some(Duration::ZERO));
    assert_eq!(delay(" 12 "), Some(Duration::from_secs(12)));
    assert_eq!(delay("Tue, 01 Jan 2030 00:01:00 GMT"), Some(Duration::from_secs(60)));
    // The past, an obsolete date format, and the far future.
    assert_eq!(delay("Thu, 01 Jan 1970 00:00:00 GMT"), Some(Duration::ZERO));
    assert_eq!(delay("Tuesday, 01-Jan-30 00:00:05 GMT"), Some(Duration::from_secs(5)));
    assert!(delay("99999999999999999999999").unwrap() > Duration::from_secs(1 << 60));
    for nonsense in ["", "soon", "-1", "1.5", "+3"] {
        assert_eq!(delay(nonsense), None, "{nonsense}");
    }
}

#[test]
fn durations_of_retry_info() {
    let table = [
        ("3s", Some(Duration::from_secs(3))),
        ("3.5s", Some(Duration::from_millis(3500))),
        ("0.000000001s", Some(Duration::from_nanos(1))),
        ("-1s", Some(Duration::ZERO)),
        ("3", None),
        ("s", None),
        ("1.0000000001s", None),
        ("--1s", None),
        ("+1s", None),
        ("1e3s", None),
        ("99999999999999999999s", None),
    ];
    for (text, expected) in table {
        assert_eq!(crate::status::parse_duration(text), expected, "{text}");
    }
}
