//! Ranges from incorrect servers: whatever the response, an `Ok` contains the requested bytes.

mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use self::server::{Answer, HONEST, RANGE, Range, Script, serve};
use crate::common::{GET, Store};
use discovery_runtime::media::Download;
use discovery_runtime::retry::{DefaultRetry, RetryBudget};
use discovery_runtime::{Call, Client, ErrorKind, blocking};
use proptest::prelude::*;

/// Requested range.
#[derive(Clone, Copy, Debug)]
enum Want {
    All,
    From(u64, Option<u64>),
    Last(u64),
}

impl Want {
    /// Returns the requested bytes of the content, if it has them.
    fn of(self, content: &[u8]) -> Option<&[u8]> {
        let len = content.len();
        let at = |offset: u64| usize::try_from(offset).unwrap().min(len);
        match self {
            Self::All => Some(content),
            Self::From(0, end) => Some(&content[..end.map_or(len, at)]),
            Self::From(first, _) if first >= len as u64 => None,
            Self::From(first, end) => Some(&content[at(first)..end.map_or(len, at)]),
            Self::Last(count) => Some(&content[len - at(count)..]),
        }
    }
}

fn download(url: &str, want: Want) -> Download {
    let retry =
        DefaultRetry::new().with_backoff(Duration::from_millis(1), Duration::from_millis(2));
    let client: Client = Store::builder_at(url)
        .with_retry(retry)
        .with_retry_budget(RetryBudget::unlimited())
        .build()
        .unwrap()
        .0;
    let download = Download::new(Call::new(&client, &GET).path("name", &"a"));
    match want {
        Want::All => download,
        Want::From(first, None) => download.with_range(first..),
        Want::From(first, Some(end)) => download.with_range(first..end),
        Want::Last(count) => download.with_last(count),
    }
}

/// How the content is read.
#[derive(Clone, Copy, Debug)]
enum Way {
    Bytes,
    File,
    Blocking,
}

fn run(script: &Arc<Script>, want: Want, way: Way) -> discovery_runtime::Result<Vec<u8>> {
    let runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = { runtime }.worker_threads(1).enable_all().build().unwrap();
    let url = runtime.block_on(serve(Arc::clone(script)));
    let download = download(&url, want);
    match way {
        Way::Bytes => runtime.block_on(download.to_bytes(1000)).map(|bytes| bytes.to_vec()),
        Way::Blocking => blocking::wait(download.to_bytes(1000))?.map(|bytes| bytes.to_vec()),
        Way::File => {
            let name = format!("ranges-{}-{:p}", std::process::id(), Arc::as_ptr(script));
            let path = std::env::temp_dir().join(name);
            let done = runtime.block_on(download.to_file(&path));
            assert_eq!(path.exists(), done.is_ok(), "whole or not at all");
            let read = done.map(|_| std::fs::read(&path).unwrap());
            let _ = std::fs::remove_file(&path);
            read
        }
    }
}

fn script(len: u8, other: u8, answers: Vec<Answer>) -> Arc<Script> {
    let contents = [(0..len).collect(), (0..other).map(|byte| byte + 100).collect()];
    Arc::new(Script { contents, answers, count: AtomicUsize::new(0) })
}

fn an_answer() -> impl Strategy<Value = Answer> {
    let range = prop_oneof![
        8 => Just(Range::Right),
        2 => Just(Range::NoTotal),
        2 => Just(Range::Missing),
        1 => Just(Range::Malformed),
        1 => Just(Range::Unsatisfied),
    ];
    let mostly = |other: std::ops::Range<u8>| prop_oneof![3 => Just(0), 1 => other];
    let kind = prop_oneof![9 => Just("text/plain"), 1 => Just("multipart/byteranges; boundary=x")];
    let encoding = prop_oneof![9 => Just(None), 1 => Just(Some("gzip"))];
    let shift = prop_oneof![8 => Just(0), 1 => -3..0_i8, 1 => 1..3_i8];
    let status = prop_oneof![3 => Just(200), 6 => Just(206), 1 => Just(416)];
    let head = (status, prop::bool::weighted(0.2), shift, mostly(1..30), range);
    let body = (any::<bool>(), mostly(1..5), prop::option::weighted(0.5, 0..30_u8), kind);
    (head, body, encoding, 0..64_u8).prop_map(|(head, body, encoding, validators)| {
        let ((status, other, shift, short, range), (sized, excess, cut, content_type)) =
            (head, body);
        Answer {
            status,
            other,
            shift,
            short,
            range,
            sized,
            excess,
            cut,
            content_type,
            encoding,
            validators,
        }
    })
}

fn a_want() -> impl Strategy<Value = Want> {
    prop_oneof![
        Just(Want::All),
        (0..50_u64, prop::option::of(1..30_u64))
            .prop_map(|(first, len)| Want::From(first, len.map(|len| first + len))),
        (1..50_u64).prop_map(Want::Last),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn ok_always_contains_the_requested_bytes(
        sizes in prop_oneof![(0..45_u8).prop_map(|n| (n, n)), (0..45_u8, 0..45_u8)],
        answers in prop::collection::vec(an_answer(), 1..6),
        want in a_want(),
        way in prop_oneof![4 => Just(Way::Bytes), 1 => Just(Way::File), 1 => Just(Way::Blocking)],
    ) {
        let script = script(sizes.0, sizes.1, answers);
        if let Ok(bytes) = run(&script, want, way) {
            let wanted: Vec<_> = script.contents.iter().filter_map(|c| want.of(c)).collect();
            prop_assert!(wanted.contains(&&bytes[..]), "{bytes:?} is none of {wanted:?}");
        }
    }
}

const FROM_10: Want = Want::From(10, None);
/// The requested range, with a status that does not indicate a range.
const WITHIN_200: Answer = Answer { status: 200, ..RANGE };

/// Description, requested range, responses, and outcome: the number of requests, or a part of the
/// error.
type Case = (&'static str, Want, &'static [Answer], Result<usize, &'static str>);

const CASES: &[Case] = &[
    ("a range", FROM_10, &[RANGE], Ok(1)),
    ("a range in a 200", FROM_10, &[WITHIN_200], Ok(1)),
    ("all of it", FROM_10, &[HONEST], Ok(1)),
    ("a short range", FROM_10, &[Answer { short: 5, ..RANGE }], Ok(2)),
    ("a short 200", FROM_10, &[Answer { short: 5, ..WITHIN_200 }], Ok(2)),
    (
        "a short range of an unknown total, and then its end",
        FROM_10,
        &[Answer { range: Range::NoTotal, ..RANGE }],
        Ok(2),
    ),
    ("a short range at the end", Want::Last(9), &[Answer { short: 3, ..RANGE }], Ok(2)),
    ("a break", Want::All, &[Answer { cut: Some(7), ..HONEST }], Ok(2)),
    (
        "a break, then a range in a 200",
        Want::All,
        &[Answer { cut: Some(7), ..HONEST }, WITHIN_200],
        Ok(2),
    ),
    (
        "a break of what has a checksum only, then all of it",
        Want::All,
        &[Answer { cut: Some(7), validators: 4, ..HONEST }, Answer { validators: 4, ..HONEST }],
        Ok(2),
    ),
    (
        "a break of what has an old date only",
        Want::All,
        &[Answer { cut: Some(7), validators: 8, ..HONEST }, Answer { validators: 8, ..RANGE }],
        Ok(2),
    ),
    (
        "a break of what has a weak ETag only",
        Want::All,
        &[Answer { cut: Some(7), validators: 16, ..HONEST }],
        Err("sent no ETag"),
    ),
    (
        "a break of what was just modified",
        Want::All,
        &[Answer { cut: Some(7), validators: 32, ..HONEST }],
        Err("sent no ETag"),
    ),
    (
        "a break, then a range that says nothing of its content",
        Want::All,
        &[Answer { cut: Some(7), ..HONEST }, Answer { validators: 0, ..RANGE }],
        Err("has no validator of the content"),
    ),
    (
        "a break, then other content",
        Want::All,
        &[Answer { cut: Some(7), ..HONEST }, Answer { other: true, ..RANGE }],
        Err("its ETag differs"),
    ),
    ("another start", FROM_10, &[Answer { shift: 1, ..RANGE }], Err("from 11 on")),
    ("an earlier start", FROM_10, &[Answer { shift: -1, ..WITHIN_200 }], Err("from 9 on")),
    (
        "packed bytes",
        FROM_10,
        &[Answer { encoding: Some("gzip"), ..RANGE }],
        Err("compressed content"),
    ),
    (
        "more than the range",
        Want::From(10, Some(20)),
        &[Answer { sized: false, excess: 4, ..RANGE }],
        Err("extends beyond byte 20"),
    ),
    ("a range behind the end", Want::From(40, None), &[HONEST], Err("ends at byte 40")),
    (
        "a range behind the end of a stream",
        Want::From(40, None),
        &[Answer { sized: false, ..HONEST }],
        Err("ends at byte 40"),
    ),
];

#[test]
fn usable_responses_to_ranges_are_used() {
    for (what, want, answers, outcome) in CASES {
        let script = script(40, 40, answers.to_vec());
        let found = run(&script, *want, Way::Bytes);
        match outcome {
            Ok(requests) => {
                let bytes = found.unwrap_or_else(|error| panic!("{what}: {error}"));
                assert_eq!(bytes, want.of(&script.contents[0]).unwrap(), "{what}");
                assert_eq!(script.count.load(Ordering::Relaxed), *requests, "{what}");
            }
            Err(part) => {
                let error = found.expect_err(what);
                assert!(error.to_string().contains(part), "{what}: {error}");
                assert!(
                    matches!(error.kind(), ErrorKind::Media | ErrorKind::Transport),
                    "{what}: {error:?}"
                );
            }
        }
    }
}
