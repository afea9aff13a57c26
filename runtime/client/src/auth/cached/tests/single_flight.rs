//! One token request at a time, with deadlines and cancellation.

use super::{Answer, Fixture, HOUR, SECOND, settle, text};
use crate::auth::{AuthErrorKind, Credentials};
use crate::clock::Clock;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tasks_send_one_token_request() {
    let fixture = Fixture::new([Answer::Token(100 * SECOND), Answer::Slow]);
    assert_eq!(fixture.token().await.unwrap(), "token-1");
    fixture.clock.advance(200 * SECOND);

    let ready = std::sync::Arc::new(tokio::sync::Barrier::new(1001));
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let (fixture, ready) = (fixture.clone(), ready.clone());
            tokio::spawn(async move {
                ready.wait().await;
                fixture.token().await
            })
        })
        .collect();
    ready.wait().await;
    fixture.clock.wait_for_sleepers(1).await;
    settle().await;
    fixture.clock.advance(SECOND);
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), "token-2");
    }
    assert_eq!(fixture.requested(), 2);
}

#[tokio::test]
async fn a_dropped_token_request_is_repeated_by_another_call() {
    let fixture = Fixture::new([Answer::Slow, Answer::Slow]);
    let leader = tokio::spawn({
        let fixture = fixture.clone();
        async move { fixture.token().await }
    });
    fixture.clock.wait_for_sleepers(1).await;
    let waiters: Vec<_> = (0..20)
        .map(|_| {
            let fixture = fixture.clone();
            tokio::spawn(async move { fixture.token().await })
        })
        .collect();
    settle().await;
    assert_eq!(fixture.requested(), 1);

    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    fixture.clock.wait_for_sleepers(1).await;
    fixture.clock.advance(SECOND);
    for waiter in waiters {
        assert_eq!(waiter.await.unwrap().unwrap(), "token-2");
    }
    assert_eq!(fixture.requested(), 2);
}

#[tokio::test]
async fn a_dropped_waiter_affects_no_other_call() {
    let fixture = Fixture::new([Answer::Slow]);
    let leader = tokio::spawn({
        let fixture = fixture.clone();
        async move { fixture.token().await }
    });
    fixture.clock.wait_for_sleepers(1).await;
    let waiter = tokio::spawn({
        let fixture = fixture.clone();
        async move { fixture.token().await }
    });
    settle().await;
    waiter.abort();
    assert!(waiter.await.unwrap_err().is_cancelled());
    fixture.clock.advance(SECOND);
    assert_eq!(leader.await.unwrap().unwrap(), "token-1");
    assert_eq!(fixture.token().await.unwrap(), "token-1");
}

#[tokio::test]
async fn a_hung_service_ends_at_the_deadline() {
    let fixture = Fixture::new([Answer::Hang]);
    let call = tokio::spawn({
        let (fixture, cx) = (fixture.clone(), fixture.within(2 * SECOND));
        async move { fixture.cached.headers(&cx).await }
    });
    fixture.clock.wait_for_sleepers(1).await;
    fixture.clock.advance(2 * SECOND - SECOND / 1000);
    settle().await;
    assert!(!call.is_finished());
    fixture.clock.advance(SECOND / 1000);
    let error = call.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Timeout);
    assert_eq!(fixture.clock.now(), 2 * SECOND);
    // The deadline applied to that call only: the next one sends a request immediately.
    assert_eq!(fixture.token().await.unwrap(), "token-2");
}

#[tokio::test]
async fn a_waiter_keeps_its_own_deadline() {
    let fixture = Fixture::new([Answer::Hang]);
    let leader = tokio::spawn({
        let fixture = fixture.clone();
        async move { fixture.token().await }
    });
    settle().await;
    assert_eq!(fixture.requested(), 1);
    let waiter = tokio::spawn({
        let (fixture, cx) = (fixture.clone(), fixture.within(SECOND));
        async move { fixture.cached.headers(&cx).await }
    });
    fixture.clock.wait_for_sleepers(1).await;
    fixture.clock.advance(SECOND);
    assert_eq!(waiter.await.unwrap().unwrap_err().kind(), AuthErrorKind::Timeout);
    assert!(!leader.is_finished());
    leader.abort();
}

#[tokio::test]
async fn a_failure_is_remembered_for_ten_seconds() {
    let fixture = Fixture::new([Answer::Fail(AuthErrorKind::Unavailable)]);
    let first = fixture.token().await.unwrap_err();
    assert_eq!((first.to_string().as_str(), first.retry_after()), ("failure 1", None));
    fixture.clock.advance(4 * SECOND);
    let second = fixture.token().await.unwrap_err();
    assert_eq!((second.to_string().as_str(), fixture.requested()), ("failure 1", 1));
    assert_eq!(second.retry_after(), Some(6 * SECOND));
    fixture.clock.advance(6 * SECOND);
    assert_eq!(fixture.token().await.unwrap(), "token-2");
}

#[tokio::test]
async fn each_set_of_scopes_has_its_token() {
    let fixture = Fixture::new([]);
    let one = fixture.cached.headers(&fixture.cx().with_scopes(["a", "b"])).await.unwrap();
    let same = fixture.cached.headers(&fixture.cx().with_scopes(["b", "a", "b"])).await.unwrap();
    let other = fixture.cached.headers(&fixture.cx().with_scopes(["a"])).await.unwrap();
    assert_eq!(text(&one), "token-1");
    assert_eq!(text(&same), "token-1");
    assert_eq!(text(&other), "token-2");
    let requested = fixture.cached.provider().requested.lock().unwrap().clone();
    assert_eq!(requested, [vec!["a".to_owned(), "b".to_owned()], vec!["a".to_owned()]]);
}

#[tokio::test]
async fn one_token_serves_all_scopes_of_a_user() {
    let fixture = Fixture::build([], true);
    for scope in ["a", "b", "c"] {
        let headers = fixture.cached.headers(&fixture.cx().with_scopes([scope])).await.unwrap();
        assert_eq!(text(&headers), "token-1");
    }
}

#[test]
fn two_runtimes_one_after_another_share_the_cache() {
    let fixture = Fixture::new([Answer::Token(HOUR), Answer::Token(HOUR)]);
    for expected in ["token-1", "token-2"] {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let mine = fixture.clone();
        let task = runtime.spawn(async move { (mine.token().await, mine.token().await) });
        let (first, second) = runtime.block_on(task).unwrap();
        assert_eq!((first.unwrap().as_str(), second.unwrap().as_str()), (expected, expected));
        drop(runtime);
        fixture.clock.advance(2 * HOUR);
    }
}

#[test]
fn a_runtime_shutdown_leaves_the_cache_usable() {
    let fixture = Fixture::new([Answer::Hang]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let hung = fixture.clone();
    runtime.block_on(async move {
        let task = tokio::spawn(async move { hung.token().await });
        settle().await;
        assert!(!task.is_finished());
    });
    drop(runtime);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(fixture.token()).unwrap(), "token-2");
}
