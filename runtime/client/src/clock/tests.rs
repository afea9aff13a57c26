use super::{Clock, Elapsed, ManualClock, remaining, timeout_at};
use std::future::{pending, ready};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn work_that_is_ready_beats_a_deadline_that_passed() {
    let clock = ManualClock::new();
    clock.advance(2 * SECOND);
    assert_eq!(timeout_at(&clock, Some(SECOND), ready(7)).await, Ok(7));
    assert_eq!(timeout_at(&clock, Some(SECOND), pending::<()>()).await, Err(Elapsed));
    assert_eq!(remaining(&clock, Some(SECOND)), Some(Duration::ZERO));
    assert!(clock.slept().is_empty(), "no timer for what needs no wait");
}

#[tokio::test]
async fn without_a_deadline_there_is_no_timer() {
    let clock = ManualClock::new();
    let work = tokio::spawn({
        let clock = clock.clone();
        async move { timeout_at(&clock, None, tokio::task::yield_now()).await }
    });
    work.await.unwrap().unwrap();
    assert!(clock.slept().is_empty());
    assert_eq!(remaining(&clock, None), None);
}

#[tokio::test]
async fn the_deadline_ends_work_and_the_end_of_work_ends_the_timer() {
    let clock = ManualClock::new();
    let late = tokio::spawn({
        let clock = clock.clone();
        async move { timeout_at(&clock, Some(3 * SECOND), pending::<()>()).await }
    });
    clock.wait_for_sleepers(1).await;
    clock.advance(2 * SECOND);
    tokio::task::yield_now().await;
    assert!(!late.is_finished());
    clock.advance(SECOND);
    assert_eq!(late.await.unwrap(), Err(Elapsed));

    timeout_at(&clock, Some(9 * SECOND), tokio::task::yield_now()).await.unwrap();
    assert_eq!((clock.sleepers(), clock.slept()), (0, vec![3 * SECOND, 6 * SECOND]));
}

#[tokio::test]
async fn a_deadline_needs_no_timer_if_the_work_is_polled() {
    let clock = ManualClock::new();
    let busy = std::future::poll_fn(|cx| {
        // Work that takes long, and lets others run now and then.
        clock.advance(SECOND);
        cx.waker().wake_by_ref();
        std::task::Poll::<()>::Pending
    });
    let polled = timeout_at(&Timerless(clock.clone()), Some(3 * SECOND), busy).await;
    assert_eq!((polled, clock.now()), (Err(Elapsed), 3 * SECOND));
}

/// A clock in a runtime that is too busy for its timers.
#[derive(Debug)]
struct Timerless(ManualClock);

impl Clock for Timerless {
    fn now(&self) -> Duration {
        self.0.now()
    }

    fn unix(&self) -> Duration {
        self.0.unix()
    }

    fn sleep(&self, _: Duration) -> crate::BoxFuture<'static, ()> {
        Box::pin(pending())
    }
}

#[tokio::test]
async fn waits_end_in_the_order_of_their_ends() {
    let clock = ManualClock::new();
    let wait = |seconds: u32| {
        let clock = clock.clone();
        tokio::spawn(async move {
            clock.sleep(seconds * SECOND).await;
            clock.now()
        })
    };
    let (long, short) = (wait(5), wait(1));
    clock.wait_for_sleepers(2).await;
    clock.advance(SECOND);
    assert_eq!(short.await.unwrap(), SECOND);
    assert_eq!(clock.sleepers(), 1);
    clock.advance(9 * SECOND);
    assert_eq!(long.await.unwrap(), 10 * SECOND);
}

#[tokio::test]
async fn a_jumping_clock_moves_by_each_wait() {
    let clock = ManualClock::jumping();
    let start = clock.unix();
    clock.sleep(3600 * SECOND).await;
    clock.sleep(SECOND).await;
    assert_eq!(clock.slept(), [3600 * SECOND, SECOND]);
    assert_eq!((clock.now(), clock.unix() - start), (3601 * SECOND, 3601 * SECOND));
    assert_eq!(timeout_at(&clock, Some(4000 * SECOND), pending::<()>()).await, Err(Elapsed));
    assert_eq!(clock.now(), 4000 * SECOND);
}

#[cfg(feature = "_tokio")]
mod system {
    use crate::clock::{Clock, SystemClock};
    use std::sync::Arc;
    use std::task::{Context, Wake, Waker};
    use std::thread::Thread;
    use std::time::Duration;

    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    #[test]
    fn waits_outside_a_runtime() {
        let clock = SystemClock::new();
        let start = clock.now();
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        let mut sleep = clock.sleep(Duration::from_millis(20));
        while sleep.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            std::thread::park();
        }
        assert!(clock.now() - start >= Duration::from_millis(20));
    }

    #[test]
    fn all_clocks_share_one_start_and_need_no_runtime() {
        let (one, two) = (SystemClock::new(), SystemClock::default());
        let (first, second, third) = (one.now(), two.now(), one.now());
        assert!(first <= second && second <= third);
        assert!(one.unix() > Duration::from_secs(1_700_000_000));
    }

    #[tokio::test]
    async fn waits_in_a_runtime() {
        let clock = SystemClock::new();
        let start = clock.now();
        clock.sleep(Duration::from_millis(5)).await;
        assert!(clock.now() - start >= Duration::from_millis(5));
    }
}
