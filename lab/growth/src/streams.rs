//! Bodies: compressed, in pieces, item by item, in parts.

use crate::family::{Family, Work, told};
use crate::wire::{Answer, Server, wait};
use bytes::Bytes;

use flate2::Compression;
use flate2::write::GzEncoder;
use google_jobs_v3::Client as Jobs;
use google_kitchen_sink_v1::Client as Sink;
use std::io::Write as _;

const fn family(name: &'static str, size: usize, make: fn(usize) -> Work) -> Family {
    Family { group: "body", name, size, make }
}

pub(crate) const ALL: &[Family] = &[
    family("a bomb of n KiB under a limit of 64 KiB", 500, |n| gunzip(n, 64 << 10)),
    family("n KiB of zeros, unpacked", 200, |n| gunzip(n, 1 << 30)),
    family("gzip of one byte a chunk", 2000, |n| {
        let text =
            format!("\"{}\"", (0..n).map(|at| (at * 7919 % 977).to_string()).collect::<String>());
        get(Answer::json(packed(text.as_bytes())).with("content-encoding", "gzip").pieces(1))
    }),
    family("n members of gzip", 300, |n| {
        let body = [packed(b"[1"), packed(b",1").repeat(n), packed(b"]")].concat();
        get(Answer::json(body).with("content-encoding", "gzip"))
    }),
    family("JSON of one byte a chunk", 2000, |n| get(Answer::json(long(n)).pieces(1))),
    family("messages in a list, one byte a chunk", 300, |n| {
        stream(Answer::json(format!("[{}{{}}]", r#"{"text":"x"},"#.repeat(n))).pieces(1))
    }),
    family("messages in lines", 500, |n| stream(Answer::json("{\"text\":\"x\"}\n".repeat(n)))),
    family("a message without end, one byte a chunk", 2000, |n| {
        stream(Answer::json(format!("[{{\"text\":\"{}", "x".repeat(n))).pieces(1))
    }),
    family("spaces between messages", 2000, |n| {
        stream(Answer::json(format!("[{{}},{}{{}}]", " ".repeat(n))).pieces(1))
    }),
    family("events, one byte a chunk", 300, |n| {
        stream(events("data: {\"text\":\"x\"}\n\n".repeat(n)).pieces(1))
    }),
    family("an event without end, one byte a chunk", 2000, |n| {
        stream(events(format!("data: {{\"text\":\"{}", "x".repeat(n))).pieces(1))
    }),
    family("an event of n lines", 1000, |n| {
        stream(events(format!("data: {{\"text\":\"x\"}}\n{}\n", "data: \n".repeat(n))).pieces(7))
    }),
    family("comments in place of events", 1000, |n| stream(events(":\n\n".repeat(n)).pieces(7))),
    family("events in n lines of carriage returns", 1000, |n| {
        stream(events("\r".repeat(n)).pieces(1))
    }),
    family("a streamed answer read as a whole", 300, |n| {
        get_stream(Answer::json("{\"text\":\"x\"}\n".repeat(n)))
    }),
    family("parts of a batch that no call asked for", 300, |n| batch(1, part(7, "{}").repeat(n))),
    family("empty parts of a batch", 2000, |n| batch(1, "--B\r\n\r\n".repeat(n))),
    family("boundaries of a batch that are none", 2000, |n| batch(1, "--B-\r\n--Bx\r\n".repeat(n))),
    family("headers of a part", 1000, |n| {
        batch(1, format!("--B\r\n{}\r\nHTTP/1.1 200 OK\r\n\r\n{{}}\r\n", "a: b\r\n".repeat(n)))
    }),
    family("headers of the answer in a part", 1000, |n| {
        batch(1, headed(n, |_| "a: b\r\n".to_owned()))
    }),
    family("names of headers in a part", 500, |n| {
        batch(1, headed(n, |at| format!("a{at}: b\r\n")))
    }),
    family("calls of a batch", 20, |n| batch(n, (0..n).map(|at| part(at, "{}")).collect())),
    family("calls of a batch that all fail", 20, |n| {
        batch(n, (0..n).map(|at| part(at, r#"{"error":{"code":400,"message":"no"}}"#)).collect())
    }),
    family("a batch that breaks off", 100, |n| batch(2, part(0, &long(n)))),
];

fn long(n: usize) -> String {
    format!("{{\"name\":\"{}\"}}", "x".repeat(n))
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(kib: usize, limit: u64) -> Work {
    let mut text = vec![b' '; kib << 10];
    text.extend_from_slice(b"{}");
    let answer = Answer::json(packed(&text)).with("content-encoding", "gzip").pieces(1 << 20);
    let client: Jobs = Server::always(answer).builder().with_response_limit(limit).build().unwrap();
    Box::new(move || told(wait(client.projects().companies().get("projects/p/companies/c").send())))
}

fn get(answer: Answer) -> Work {
    let client: Jobs = Server::always(answer).builder().build().unwrap();
    Box::new(move || told(wait(client.projects().companies().get("projects/p/companies/c").send())))
}

fn events(text: String) -> Answer {
    Answer::json(text).with("content-type", "text/event-stream")
}

fn stream(answer: Answer) -> Work {
    let client: Sink = Server::always(answer).builder().build().unwrap();
    Box::new(move || {
        wait(async {
            let mut messages = client.streams().stream_talk("s", &Default::default()).stream();
            let mut count = 0;
            while let Some(message) = messages.next().await {
                match message {
                    Ok(_) => count += 1,
                    Err(error) => return format!("{count}, then refused: {error}"),
                }
            }
            count.to_string()
        })
    })
}

fn get_stream(answer: Answer) -> Work {
    let client: Sink = Server::always(answer).builder().build().unwrap();
    Box::new(move || told(wait(client.streams().stream_talk("s", &Default::default()).send())))
}

fn part(at: usize, body: &str) -> String {
    format!(
        "--B\r\nContent-Type: application/http\r\nContent-ID: <response-part-{at}>\r\n\r\n\
         HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{body}\r\n"
    )
}

fn headed(n: usize, header: impl Fn(usize) -> String) -> String {
    let headers: String = (0..n).map(header).collect();
    format!("--B\r\nContent-ID: <response-part-0>\r\n\r\nHTTP/1.1 200 OK\r\n{headers}\r\n{{}}\r\n")
}

/// Sends a batch of so many calls, to which a server gives an answer.
fn batch(calls: usize, parts: String) -> Work {
    let body = Bytes::from(format!("{parts}--B--\r\n"));
    let answer = Answer::json(body).with("content-type", "multipart/mixed; boundary=B");
    let client: Jobs = Server::always(answer).builder().build().unwrap();
    Box::new(move || {
        let mut batch = client.batch().with_limit(calls);
        let add = |at| {
            batch.add(client.projects().companies().get(&format!("projects/p/companies/{at}")))
        };
        let tickets: Vec<_> = (0..calls).map(add).collect();
        match wait(batch.send()) {
            Err(error) => format!("refused: {error}"),
            Ok(mut answers) => {
                let got = tickets.into_iter().map(|ticket| answers.take(ticket.unwrap()));
                got.map(told).last().unwrap_or_default()
            }
        }
    })
}
