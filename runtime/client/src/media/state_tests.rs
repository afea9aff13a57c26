use super::*;
use proptest::prelude::*;

const LIMITS: Limits = Limits { failures: 3, restarts: 1 };

fn started(total: Option<u64>) -> Machine {
    let mut machine = Machine::new(total, LIMITS);
    assert_eq!(machine.step(), Step::Start);
    assert_eq!(machine.handle(Event::Started), Ok(Step::Send { offset: 0 }));
    machine
}

#[test]
fn uploads_continue_after_the_stored_bytes() {
    let mut machine = started(Some(1000));
    assert_eq!(machine.handle(Event::Holds(300)), Ok(Step::Send { offset: 300 }));
    assert_eq!(machine.handle(Event::Holds(301)), Ok(Step::Send { offset: 301 }));
    assert_eq!(machine.held(), 301);
}

#[test]
fn lost_responses_cause_a_query() {
    let mut machine = started(Some(1000));
    assert_eq!(machine.handle(Event::Lost), Ok(Step::Query));
    assert_eq!(machine.handle(Event::Lost), Ok(Step::Query));
    assert_eq!(machine.handle(Event::Holds(512)), Ok(Step::Send { offset: 512 }));
    assert_eq!(machine.failures(), 0, "512 bytes are progress");
}

#[test]
fn a_lost_start_is_a_new_start() {
    let mut machine = Machine::new(None, LIMITS);
    assert_eq!(machine.handle(Event::Lost), Ok(Step::Start));
    assert_eq!(machine.handle(Event::Started), Ok(Step::Send { offset: 0 }));
}

#[test]
fn servers_that_store_nothing_end_the_upload() {
    let mut machine = started(Some(1000));
    for _ in 0..3 {
        assert_eq!(machine.handle(Event::Holds(0)), Ok(Step::Send { offset: 0 }));
    }
    assert_eq!(
        machine.handle(Event::Holds(0)),
        Err(ProtocolError::NoProgress { failures: 4, held: 0 })
    );
}

#[test]
fn queries_do_not_reset_failures() {
    let mut machine = started(Some(1000));
    for _ in 0..3 {
        assert_eq!(machine.handle(Event::Lost), Ok(Step::Query));
        assert_eq!(machine.handle(Event::Holds(0)), Ok(Step::Send { offset: 0 }));
    }
    assert_eq!(
        machine.handle(Event::Lost),
        Err(ProtocolError::NoProgress { failures: 4, held: 0 })
    );
}

#[test]
fn an_expired_session_is_replaced_once() {
    let mut machine = started(Some(1000));
    machine.handle(Event::Holds(300)).unwrap();
    assert_eq!(machine.handle(Event::Gone), Ok(Step::Start));
    assert_eq!(machine.handle(Event::Started), Ok(Step::Send { offset: 0 }));
    let error = machine.handle(Event::Gone).unwrap_err();
    assert_eq!(error, ProtocolError::Expired { restarts: 1, earliest: 0 });
}

#[test]
fn streams_are_not_restarted() {
    let mut machine = started(None);
    machine.handle(Event::Holds(300)).unwrap();
    machine.discard_before(300);
    assert_eq!(
        machine.clone().handle(Event::Gone),
        Err(ProtocolError::Expired { restarts: 0, earliest: 300 })
    );
    assert_eq!(
        machine.handle(Event::Holds(200)),
        Err(ProtocolError::Rewound { held: 200, earliest: 300 })
    );
}

#[test]
fn lost_bytes_are_sent_again_if_replayable() {
    let mut machine = started(Some(1000));
    machine.handle(Event::Holds(600)).unwrap();
    assert_eq!(machine.handle(Event::Holds(200)), Ok(Step::Send { offset: 200 }));
    assert_eq!(machine.failures(), 1, "that is no progress");
}

#[test]
fn more_than_all_is_an_error() {
    let mut machine = started(Some(1000));
    assert_eq!(
        machine.handle(Event::Holds(1001)),
        Err(ProtocolError::Overrun { held: 1001, total: 1000 })
    );
    let mut machine = Machine::resume(None, LIMITS);
    assert_eq!(machine.step(), Step::Query);
    assert_eq!(machine.handle(Event::Holds(1001)), Ok(Step::Send { offset: 1001 }));
    machine.set_total(2000);
    assert_eq!(machine.total(), Some(2000));
}

/// A server with a fault per request.
#[derive(Clone, Debug)]
enum Act {
    Keep(u64),
    LoseRequest,
    LoseAnswer(u64),
    Expire,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..40_u64).prop_map(Act::Keep),
        1 => Just(Act::LoseRequest),
        1 => (0..40_u64).prop_map(Act::LoseAnswer),
        1 => Just(Act::Expire),
    ]
}

/// Runs the machine through the scripted events, after which the server behaves correctly. Returns
/// the stored content.
fn run(
    content: &[u8],
    acts: Vec<Act>,
    limits: Limits,
) -> (Result<(), ProtocolError>, Vec<u8>, usize) {
    let mut machine = Machine::new(Some(content.len() as u64), limits);
    let (mut stored, mut open, mut steps) = (Vec::new(), false, 0);
    let mut acts = acts.into_iter();
    loop {
        steps += 1;
        let act = acts.next().unwrap_or(Act::Keep(u64::MAX));
        if matches!(act, Act::Expire) {
            open = false;
        }
        let event = match machine.step() {
            _ if matches!(act, Act::LoseRequest) => Event::Lost,
            Step::Start => {
                (stored, open) = (Vec::new(), true);
                Event::Started
            }
            Step::Query if open => Event::Holds(stored.len() as u64),
            Step::Send { offset } if open => {
                assert_eq!(offset, stored.len() as u64, "the server's word counts");
                let left = &content[usize::try_from(offset).unwrap()..];
                let (Act::Keep(kept) | Act::LoseAnswer(kept)) = act else { unreachable!() };
                let kept = usize::try_from(kept).unwrap().min(left.len());
                stored.extend_from_slice(&left[..kept]);
                match act {
                    Act::LoseAnswer(_) => Event::Lost,
                    _ if stored.len() == content.len() => return (Ok(()), stored, steps),
                    _ => Event::Holds(stored.len() as u64),
                }
            }
            _ => Event::Gone,
        };
        if let Err(error) = machine.handle(event) {
            return (Err(error), stored, steps);
        }
    }
}

proptest! {
    #[test]
    fn every_upload_ends(content in proptest::collection::vec(any::<u8>(), 0..200), acts in proptest::collection::vec(act(), 0..60)) {
        let (result, stored, steps) = run(&content, acts, LIMITS);
        prop_assert!(steps <= 2 * (content.len() + 2) * (LIMITS.failures as usize + 1) * 2, "{steps}");
        if result.is_ok() {
            prop_assert_eq!(stored, content);
        }
    }

    #[test]
    fn generous_limits_always_succeed(content in proptest::collection::vec(any::<u8>(), 0..200), acts in proptest::collection::vec(act(), 0..60)) {
        let (result, stored, _) = run(&content, acts, Limits { failures: 100, restarts: 100 });
        prop_assert_eq!(result, Ok(()));
        prop_assert_eq!(stored, content);
    }
}
