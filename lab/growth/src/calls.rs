//! Calls: paths, tokens, errors, headers, pages, operations, uploads.

use crate::family::{Family, Work, told};
use crate::wire::{Answer, Server, wait};
use discovery_runtime::Error;
use discovery_runtime::error::HttpFailure;
use google_jobs_v3::Client as Jobs;
use google_kitchen_sink_v1::Client as Sink;
use google_kitchen_sink_v1::models::{MediaFile, OperationsThing};
use http::{HeaderName, HeaderValue};
use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const fn family(name: &'static str, size: usize, make: fn(usize) -> Work) -> Family {
    Family { group: "call", name, size, make }
}

pub(crate) const ALL: &[Family] = &[
    family("a name of %25", 3000, |n| get(format!("projects/{}", "%25".repeat(n)))),
    family("a name of %2525…", 6000, |n| get(format!("projects/%{}", "25".repeat(n)))),
    family("a name of dots", 10_000, |n| get(format!("projects/{}", "%2e".repeat(n)))),
    family("a name of slashes", 10_000, |n| get(format!("projects{}", "/a".repeat(n)))),
    family("a name of other letters", 5000, |n| get(format!("projects/{}", "é".repeat(n)))),
    family("a page token of %2525…", 10_000, |n| list(move |_| "%25".repeat(n))),
    family("pages", 50, pages),
    family("pages of a body", 20, |n| {
        list(move |at| if at < n { format!("t{at}") } else { String::new() })
    }),
    family("an error of n bytes", 20_000, |n| {
        refused(format!("{{\"error\":{{\"code\":400,\"message\":\"{}\"}}}}", "x".repeat(n)))
    }),
    family("an error of n details", 500, |n| {
        let details =
            vec![r#"{"@type":"x/google.rpc.BadRequest","fieldViolations":[{"field":"a"}]}"#; n];
        refused(format!("{{\"error\":{{\"code\":400,\"details\":[{}]}}}}", details.join(",")))
    }),
    family("an error page of n bytes", 50_000, |n| {
        refused(format!("<html><title>{}", "x".repeat(n)))
    }),
    family("an error of n keys that look secret", 2000, |n| refused("AIza ".repeat(n))),
    family("an error of n schemes", 2000, |n| refused("Bearer x".repeat(n))),
    family("an error of n halves of keys", 2000, |n| refused("-----BEGIN ".repeat(n))),
    family("an error nested n deep", 2000, |n| refused("[".repeat(n))),
    family("an answer with a name of n bytes in bad JSON", 50_000, |n| {
        fails(Answer::json(format!("{{\"{}\":x}}", "k".repeat(n))))
    }),
    family("an answer with an odd value behind a name of n bytes", 50_000, |n| {
        fails_strictly(Answer::json(format!(r#"{{"{}":1,"displayName":7}}"#, "k".repeat(n))))
    }),
    family("a page in place of an answer", 50_000, |n| {
        fails(Answer::json(format!("<html>{}", "<title>".repeat(n / 7))))
    }),
    family("headers of an answer", 1000, |n| fails(headers(Answer::json("x"), n))),
    family("headers of an error", 1000, |n| fails(headers(Answer::json("{}").status(400), n))),
    family("a Retry-After of n digits", 10_000, |n| {
        fails(Answer::json("{}").status(400).with("retry-after", &"9".repeat(n)))
    }),
    family("a redirect to n bytes", 10_000, |n| {
        fails(
            Answer::json("")
                .status(302)
                .with("location", &format!("https://jobs.googleapis.com/{}", "a".repeat(n))),
        )
    }),
    family("redirects", 20, |n| {
        let limit = n;
        let count = AtomicUsize::new(0);
        let answer = move |_: &_| {
            let at = count.fetch_add(1, Ordering::Relaxed);
            let next = format!("https://jobs.googleapis.com/{at}");
            if at < limit {
                Answer::json("").status(302).with("location", &next)
            } else {
                Answer::json("{}")
            }
        };
        let client: Jobs = Server::of(answer).builder().build().unwrap();
        Box::new(move || {
            told(wait(client.projects().companies().get("projects/p/companies/c").send()))
        })
    }),
    family("an operation polled for n minutes", 30, |n| {
        let answer = Answer::json(r#"{"name":"operations/1"}"#);
        let client: Sink = Server::always(answer).builder().build().unwrap();
        Box::new(move || {
            let call = client.operations().create(&OperationsThing::new());
            told(wait(call.until_done().with_timeout(Duration::from_secs(60 * n as u64)).send()))
        })
    }),
    family("a download with a Content-Range of n digits", 10_000, |n| {
        let range = format!("bytes 0-{}/{}", "9".repeat(n), "9".repeat(n));
        download(Answer::json("x").status(206).with("content-range", &range))
    }),
    family("a download", 100_000, |n| download(Answer::json("x".repeat(n)))),
    family("an upload that the server takes in halves", 20, upload),
    family("an upload with a Range of n digits", 10_000, |n| {
        upload_to(move |at| match at {
            0 => {
                Answer::json("").with("location", "https://kitchen-sink.googleapis.com/upload?id=1")
            }
            _ => Answer::json("").status(308).with("range", &format!("bytes=0-{}", "9".repeat(n))),
        })
    }),
];

fn get(name: String) -> Work {
    let client: Jobs = Server::always(Answer::json("{}")).builder().build().unwrap();
    Box::new(move || shown(wait(client.projects().companies().get(&name).send())))
}

/// Checks that an error shows little of a long text in a line, and in all no more than it keeps,
/// which is limited.
fn shown<T>(result: Result<T, Error>) -> String {
    if let Err(error) = &result {
        let mut lines = error.to_string().len();
        let mut source = error.source();
        while let Some(cause) = source {
            lines += format!("{cause}{cause:?}").len();
            source = cause.source();
        }
        assert!(lines < 5000, "an error in {lines} bytes");
        let body = error.http().map_or(0, |http| http.body().len());
        assert!(body <= HttpFailure::BODY_LIMIT, "an error that keeps {body} bytes");
        let names = error.http().into_iter().flat_map(|http| http.headers().keys());
        // Indented lines have more blanks than text.
        let most =
            10_000 + 16 * body + names.map(|name| 50 + 2 * name.as_str().len()).sum::<usize>();
        let all = format!("{error:?}{error:#?}").len();
        assert!(all < most, "an error of {all} bytes, more than {most}");
    }
    told(result)
}

/// Follows the pages of a list, up to five or so many that the token is empty.
fn list(token: impl Fn(usize) -> String + Send + Sync + 'static) -> Work {
    let count = AtomicUsize::new(0);
    let answer = move |_: &_| {
        let token = token(count.fetch_add(1, Ordering::Relaxed));
        Answer::json(format!(r#"{{"companies":[{{}}],"nextPageToken":"{token}"}}"#))
    };
    let client: Jobs = Server::of(answer).builder().build().unwrap();
    Box::new(move || {
        shown(wait(client.projects().companies().list("projects/p").items().collect()))
    })
}

fn pages(n: usize) -> Work {
    list(move |at| if at < n { format!("token-{at}") } else { String::new() })
}

fn fails(answer: Answer) -> Work {
    let client: Jobs = Server::always(answer).builder().build().unwrap();
    Box::new(move || {
        shown(wait(client.projects().companies().get("projects/p/companies/c").send()))
    })
}

fn fails_strictly(answer: Answer) -> Work {
    let client: Jobs =
        Server::always(answer).builder().with_strict_responses(true).build().unwrap();
    Box::new(move || {
        shown(wait(client.projects().companies().get("projects/p/companies/c").send()))
    })
}

fn refused(body: String) -> Work {
    let answer = Answer::json(body).status(400);
    let client: Jobs =
        Server::always(answer).builder().with_api_key("a-key-of-a-test").build().unwrap();
    Box::new(move || {
        shown(wait(client.projects().companies().get("projects/p/companies/c").send()))
    })
}

fn headers(mut answer: Answer, n: usize) -> Answer {
    for at in 0..n {
        let name = HeaderName::from_bytes(format!("x-{at}").as_bytes()).unwrap();
        answer.headers.insert(name, HeaderValue::from_static("v"));
    }
    answer
}

fn download(answer: Answer) -> Work {
    let client: Sink = Server::always(answer).builder().build().unwrap();
    Box::new(move || shown(wait(client.media().get("f").download().to_bytes(1 << 30))))
}

/// Uploads n chunks, of each of which the server takes the half.
fn upload(n: usize) -> Work {
    const CHUNK: usize = 256 << 10;
    let taken = AtomicUsize::new(0);
    upload_of(n * CHUNK, move |at| match at {
        0 => Answer::json("").with("location", "https://kitchen-sink.googleapis.com/upload?id=1"),
        _ => {
            let taken = taken.fetch_add(CHUNK, Ordering::Relaxed) + CHUNK;
            match taken < n * CHUNK {
                true => {
                    Answer::json("").status(308).with("range", &format!("bytes=0-{}", taken - 1))
                }
                false => Answer::json("{}"),
            }
        }
    })
}

fn upload_to(answer: impl Fn(usize) -> Answer + Send + Sync + 'static) -> Work {
    upload_of(1 << 20, answer)
}

fn upload_of(size: usize, answer: impl Fn(usize) -> Answer + Send + Sync + 'static) -> Work {
    let count = AtomicUsize::new(0);
    let server = Server::of(move |_| answer(count.fetch_add(1, Ordering::Relaxed)));
    let client: Sink = server.builder().build().unwrap();
    let data = vec![7; size];
    Box::new(move || {
        let upload = client.media().insert(&MediaFile::new()).upload(data);
        let upload = upload.with_protocol(discovery_runtime::media::Protocol::Resumable);
        shown(wait(upload.with_chunk_size(512 << 10).send()))
    })
}
