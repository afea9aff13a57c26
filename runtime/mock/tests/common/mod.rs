//! A test server and a minimal HTTP/1.1 client.
#![allow(dead_code, reason = "each test file uses its own part")]

pub(crate) mod base;
pub(crate) mod cloud;
pub(crate) mod depot;
pub(crate) mod library;
pub(crate) mod methods;

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use discovery_mock::{Builder, ManualClock, Running, Server};
use discovery_runtime::reflect::ApiInfo;
use serde_json::Value;

pub(crate) const NOW: &str = "2026-01-15T10:00:00Z";

/// A running server with a manual clock.
pub(crate) struct Fixture {
    pub(crate) server: Server,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) running: Running,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(change: impl FnOnce(Builder) -> Builder) -> Self {
        Self::of(&methods::API, change)
    }

    pub(crate) fn of(api: &'static ApiInfo, change: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = Arc::new(ManualClock::new(NOW.parse().unwrap()));
        let builder = Server::builder(api).clock(Box::new(Arc::clone(&clock)));
        let server = change(builder).build();
        let running = server.spawn("127.0.0.1:0").unwrap();
        Self { server, clock, running }
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(discovery_runtime::json::Duration::new(seconds, 0).unwrap());
    }

    pub(crate) fn send(
        &self,
        verb: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        try_send(self.running.address(), verb, path, headers, body).expect("an answer")
    }

    /// Sends JSON, or no body for null, and expects success.
    pub(crate) fn ok(&self, verb: &str, path: &str, body: &Value) -> Value {
        let reply = self.json(verb, path, body);
        assert!((200..300).contains(&reply.status), "{verb} {path}: {}", reply.text);
        reply.json()
    }

    /// Sends JSON and expects an error: HTTP status, status, and message.
    pub(crate) fn err(&self, verb: &str, path: &str, body: &Value) -> (u16, String, String) {
        let reply = self.json(verb, path, body);
        let error = &reply.json()["error"];
        assert_eq!(error["code"], reply.status, "{verb} {path}: {}", reply.text);
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (reply.status, text("status"), text("message"))
    }

    pub(crate) fn json(&self, verb: &str, path: &str, body: &Value) -> Reply {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        self.send(verb, path, &[("content-type", "application/json")], &text)
    }
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        if self.text.is_empty() { Value::Null } else { serde_json::from_str(&self.text).unwrap() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Sends one request on a new connection; `None` if it was closed without a response.
pub(crate) fn try_send(
    address: SocketAddr,
    verb: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Option<Reply> {
    let mut stream = TcpStream::connect(address).ok()?;
    write_request(&mut stream, verb, path, headers, body)?;
    read_reply(&mut BufReader::new(stream))
}

pub(crate) fn write_request(
    stream: &mut TcpStream,
    verb: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Option<()> {
    let mut head = format!("{verb} {path} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(head.as_bytes()).ok()
}

pub(crate) fn read_reply(reader: &mut impl BufRead) -> Option<Reply> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let status = line.split(' ').nth(1)?.parse().ok()?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap_or_default());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Reply { status, headers, text: String::from_utf8_lossy(&body).into_owned() })
}
