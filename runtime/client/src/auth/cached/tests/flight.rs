//! One request at a time, its deadline and its end.

use super::{Answer, HOUR, Lab, SECOND, settle, text};
use crate::auth::{AuthErrorKind, Credentials};
use crate::clock::Clock;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tasks_with_an_expired_token_ask_once() {
    let lab = Lab::new([Answer::Token(100 * SECOND), Answer::Slow]);
    assert_eq!(lab.token().await.unwrap(), "token-1");
    lab.clock.advance(200 * SECOND);

    let ready = std::sync::Arc::new(tokio::sync::Barrier::new(1001));
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let (lab, ready) = (lab.clone(), ready.clone());
            tokio::spawn(async move {
                ready.wait().await;
                lab.token().await
            })
        })
        .collect();
    ready.wait().await;
    lab.clock.wait_for_sleepers(1).await;
    settle().await;
    lab.clock.advance(SECOND);
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), "token-2");
    }
    assert_eq!(lab.asked(), 2);
}

#[tokio::test]
async fn when_the_asking_call_is_dropped_another_one_asks() {
    let lab = Lab::new([Answer::Slow, Answer::Slow]);
    let leader = tokio::spawn({
        let lab = lab.clone();
        async move { lab.token().await }
    });
    lab.clock.wait_for_sleepers(1).await;
    let waiters: Vec<_> = (0..20)
        .map(|_| {
            let lab = lab.clone();
            tokio::spawn(async move { lab.token().await })
        })
        .collect();
    settle().await;
    assert_eq!(lab.asked(), 1);

    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    lab.clock.wait_for_sleepers(1).await;
    lab.clock.advance(SECOND);
    for waiter in waiters {
        assert_eq!(waiter.await.unwrap().unwrap(), "token-2");
    }
    assert_eq!(lab.asked(), 2);
}

#[tokio::test]
async fn a_dropped_waiter_harms_nobody() {
    let lab = Lab::new([Answer::Slow]);
    let leader = tokio::spawn({
        let lab = lab.clone();
        async move { lab.token().await }
    });
    lab.clock.wait_for_sleepers(1).await;
    let waiter = tokio::spawn({
        let lab = lab.clone();
        async move { lab.token().await }
    });
    settle().await;
    waiter.abort();
    assert!(waiter.await.unwrap_err().is_cancelled());
    lab.clock.advance(SECOND);
    assert_eq!(leader.await.unwrap().unwrap(), "token-1");
    assert_eq!(lab.token().await.unwrap(), "token-1");
}

#[tokio::test]
async fn a_hung_service_ends_at_the_deadline() {
    let lab = Lab::new([Answer::Hang]);
    let call = tokio::spawn({
        let (lab, cx) = (lab.clone(), lab.within(2 * SECOND));
        async move { lab.cached.headers(&cx).await }
    });
    lab.clock.wait_for_sleepers(1).await;
    lab.clock.advance(2 * SECOND - SECOND / 1000);
    settle().await;
    assert!(!call.is_finished());
    lab.clock.advance(SECOND / 1000);
    let error = call.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Timeout);
    assert_eq!(lab.clock.now(), 2 * SECOND);
    // The deadline was the call's own matter: the next one asks at once.
    assert_eq!(lab.token().await.unwrap(), "token-2");
}

#[tokio::test]
async fn a_waiter_keeps_its_own_deadline() {
    let lab = Lab::new([Answer::Hang]);
    let leader = tokio::spawn({
        let lab = lab.clone();
        async move { lab.token().await }
    });
    settle().await;
    assert_eq!(lab.asked(), 1);
    let waiter = tokio::spawn({
        let (lab, cx) = (lab.clone(), lab.within(SECOND));
        async move { lab.cached.headers(&cx).await }
    });
    lab.clock.wait_for_sleepers(1).await;
    lab.clock.advance(SECOND);
    assert_eq!(waiter.await.unwrap().unwrap_err().kind(), AuthErrorKind::Timeout);
    assert!(!leader.is_finished());
    leader.abort();
}

#[tokio::test]
async fn a_failure_is_remembered_for_ten_seconds() {
    let lab = Lab::new([Answer::Fail(AuthErrorKind::Unavailable)]);
    let first = lab.token().await.unwrap_err();
    assert_eq!((first.to_string().as_str(), first.retry_after()), ("failure 1", None));
    lab.clock.advance(4 * SECOND);
    let second = lab.token().await.unwrap_err();
    assert_eq!((second.to_string().as_str(), lab.asked()), ("failure 1", 1));
    assert_eq!(second.retry_after(), Some(6 * SECOND));
    lab.clock.advance(6 * SECOND);
    assert_eq!(lab.token().await.unwrap(), "token-2");
}

#[tokio::test]
async fn each_set_of_scopes_has_its_token() {
    let lab = Lab::new([]);
    let one = lab.cached.headers(&lab.cx().with_scopes(["a", "b"])).await.unwrap();
    let same = lab.cached.headers(&lab.cx().with_scopes(["b", "a", "b"])).await.unwrap();
    let other = lab.cached.headers(&lab.cx().with_scopes(["a"])).await.unwrap();
    assert_eq!(text(&one), "token-1");
    assert_eq!(text(&same), "token-1");
    assert_eq!(text(&other), "token-2");
    let asked = lab.cached.provider().asked.lock().unwrap().clone();
    assert_eq!(asked, [vec!["a".to_owned(), "b".to_owned()], vec!["a".to_owned()]]);
}

#[tokio::test]
async fn one_token_serves_all_scopes_of_a_user() {
    let lab = Lab::build([], true);
    for scope in ["a", "b", "c"] {
        let headers = lab.cached.headers(&lab.cx().with_scopes([scope])).await.unwrap();
        assert_eq!(text(&headers), "token-1");
    }
}

#[test]
fn two_runtimes_one_after_another_share_the_cache() {
    let lab = Lab::new([Answer::Token(HOUR), Answer::Token(HOUR)]);
    for expected in ["token-1", "token-2"] {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let mine = lab.clone();
        let task = runtime.spawn(async move { (mine.token().await, mine.token().await) });
        let (first, second) = runtime.block_on(task).unwrap();
        assert_eq!((first.unwrap().as_str(), second.unwrap().as_str()), (expected, expected));
        drop(runtime);
        lab.clock.advance(2 * HOUR);
    }
}

#[test]
fn a_runtime_that_dies_while_asking_leaves_the_cache_usable() {
    let lab = Lab::new([Answer::Hang]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let hung = lab.clone();
    runtime.block_on(async move {
        let task = tokio::spawn(async move { hung.token().await });
        settle().await;
        assert!(!task.is_finished());
    });
    drop(runtime);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(lab.token()).unwrap(), "token-2");
}
