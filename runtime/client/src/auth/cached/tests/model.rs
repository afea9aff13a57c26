//! In any sequence of events, no expired or rejected token is returned.

use super::{Answer, Fixture, text};
use crate::auth::{AuthErrorKind, Credentials};
use crate::clock::Clock;
use proptest::prelude::*;
use std::time::Duration;

#[derive(Clone, Debug)]
enum Step {
    Advance(u64),
    Call,
    Refuse,
    /// The next response of the service.
    Next(Option<u64>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..2000_u64).prop_map(Step::Advance),
        Just(Step::Call),
        Just(Step::Call),
        Just(Step::Refuse),
        proptest::option::weighted(0.6, 0..4000_u64).prop_map(Step::Next),
    ];
    prop::collection::vec(step, 1..60)
}

proptest! {
    #[test]
    fn no_expired_or_rejected_tokens(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(run(steps))?;
    }
}

/// A token as issued; its number is its index.
struct Given {
    dies: Duration,
}

async fn run(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let fixture = Fixture::new([]);
    let mut next = Answer::Token(Duration::from_secs(3600));
    let mut given: Vec<Option<Given>> = Vec::new();
    let mut last = None;
    let mut dropped = Vec::new();
    let mut failed_at = None;
    for step in steps {
        let now = fixture.clock.now();
        match step {
            Step::Advance(seconds) => fixture.clock.advance(Duration::from_secs(seconds)),
            Step::Next(Some(seconds)) => next = Answer::Token(Duration::from_secs(seconds)),
            Step::Next(None) => next = Answer::Fail(AuthErrorKind::Unavailable),
            Step::Refuse => {
                let Some(headers) = &last else { continue };
                if fixture.cached.invalidate(headers) {
                    dropped.push(text(headers));
                }
            }
            Step::Call => {
                fixture.cached.provider().script.lock().unwrap().push_back(next);
                let before = fixture.requested();
                let result = fixture.headers().await;
                let requested = fixture.requested() > before;
                prop_assert!(fixture.requested() <= before + 1);
                if requested {
                    let recent = failed_at.is_some_and(|at| now < at + Duration::from_secs(10));
                    prop_assert!(!recent, "requested again while a failure is cached");
                    let lives = match next {
                        Answer::Token(lifetime) => Some(Given { dies: now + lifetime }),
                        _ => None,
                    };
                    failed_at = lives.is_none().then_some(now);
                    given.push(lives);
                } else {
                    fixture.cached.provider().script.lock().unwrap().clear();
                }
                let Ok(headers) = result else { continue };
                let token = text(&headers);
                let number: usize = token.trim_start_matches("token-").parse().unwrap();
                let token_given = given[number - 1].as_ref().expect("a failure gives no token");
                let fresh = requested && number == given.len();
                prop_assert!(fresh || now < token_given.dies, "{token} is dead");
                prop_assert!(!dropped.contains(&token), "{token} was refused");
                last = Some(headers);
            }
        }
    }
    Ok(())
}
