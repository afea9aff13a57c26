//! A program run in this process, against a server on loopback.
#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use discovery_cli::{App, Host, Terminals, run_on};
use serde_json::Value;

/// The command line of the Jobs API.
pub(crate) const JOBS: App = App {
    api: &google_jobs_v3::reflect::API,
    name: "jobs3",
    version: "0.1.0",
    crate_name: "google-jobs-v3",
    docs: &[],
    mock: None,
};

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// With its percent-encoding.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn json(&self) -> Value {
        if self.body.is_empty() { Value::Null } else { serde_json::from_slice(&self.body).unwrap() }
    }
}

/// An answer to give.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    /// Other headers, a line each with its end; `SELF` stands for the server's address.
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
    /// The length that is promised, where the connection ends before it.
    pub(crate) promised: Option<usize>,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::of(status, "application/json", body.as_bytes())
    }

    pub(crate) fn of(status: u16, content_type: &'static str, body: &[u8]) -> Self {
        Self { status, content_type, headers: String::new(), body: body.to_vec(), promised: None }
    }
}

/// A server that answers in turn, the last answer for ever.
pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

type Reply = dyn Fn(usize, &Seen) -> Answer + Send + Sync;

impl Server {
    pub(crate) fn new(answers: Vec<Answer>) -> Self {
        let last = answers.last().cloned().unwrap_or_else(|| Answer::json(500, ""));
        Self::of(move |at, _| answers.get(at).unwrap_or(&last).clone())
    }

    /// A server that answers what `reply` makes of each request and the number of those before it.
    pub(crate) fn of(reply: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, reply): (_, Arc<Reply>) = (seen.clone(), Arc::new(reply));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, reply) = (log.clone(), reply.clone());
                thread::spawn(move || serve(stream, &log, &*reply));
            }
        });
        Self { url, seen }
    }

    pub(crate) fn json(body: &str) -> Self {
        Self::new(vec![Answer::json(200, body)])
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, log: &Mutex<Vec<Seen>>, reply: &Reply) -> Option<()> {
    let own = format!("http://{}", stream.local_addr().ok()?);
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let seen = read_request(&mut reader)?;
    let at = {
        let mut log = log.lock().unwrap();
        log.push(seen.clone());
        log.len() - 1
    };
    let answer = reply(at, &seen);
    let head = format!(
        "HTTP/1.1 {} X\r\ncontent-type: {}\r\ncontent-length: {}\r\n{}connection: close\r\n\r\n",
        answer.status,
        answer.content_type,
        answer.promised.unwrap_or(answer.body.len()),
        answer.headers.replace("SELF", &own),
    );
    let mut stream = stream;
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&answer.body).ok()
}

fn read_request(reader: &mut impl BufRead) -> Option<Seen> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.to_owned()),
            None => break,
        };
    }
    let length = headers.get("content-length").and_then(|text: &String| text.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Some(Seen { method, path: path.to_owned(), query: query.to_owned(), headers, body })
}

/// The command line of the API with every shape.
pub(crate) const SINK: App = App {
    api: &google_kitchen_sink_v1::reflect::API,
    name: "sink",
    version: "0.1.0",
    crate_name: "google-kitchen-sink-v1",
    docs: &[discovery_cli::Doc { name: "about", text: "# About\n" }],
    mock: None,
};

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) status: u8,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A run to be made.
pub(crate) struct Run<'a> {
    pub(crate) app: App,
    pub(crate) args: Vec<String>,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) stdin: &'a str,
    pub(crate) folder: &'a Path,
    /// Fills while the run goes on.
    pub(crate) stderr: Arc<Mutex<Vec<u8>>>,
}

impl<'a> Run<'a> {
    /// A run of the Jobs program that talks to `server` with a token.
    pub(crate) fn new(folder: &'a Path, server: &Server, args: &[&str]) -> Self {
        let env = [
            ("HOME", folder.to_str().unwrap()),
            ("JOBS3_ENDPOINT", &server.url),
            ("JOBS3_ACCESS_TOKEN", "conformance-token"),
        ];
        Self {
            app: JOBS,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            env: env.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
            stdin: "",
            folder,
            stderr: Arc::default(),
        }
    }

    /// The same of another program.
    pub(crate) fn of(mut self, app: App) -> Self {
        let prefix = app.name.to_uppercase();
        self.env = self
            .env
            .into_iter()
            .map(|(name, value)| (name.replace("JOBS3", &prefix), value))
            .collect();
        self.app = app;
        self
    }

    pub(crate) fn go(self) -> Output {
        let (mut stdin, mut stdout) = (self.stdin.as_bytes(), Vec::new());
        let stderr = self.stderr;
        let mut host = Host {
            env: self.env,
            folder: self.folder.to_owned(),
            stdin: &mut stdin,
            stdout: &mut stdout,
            stderr: stderr.clone(),
            terminals: Terminals::default(),
        };
        let status = run_on(&self.app, self.args.into_iter().map(Into::into), &mut host);
        let stderr = stderr.lock().unwrap().clone();
        Output {
            status,
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: anstream::adapter::strip_str(&String::from_utf8(stderr).unwrap()).to_string(),
        }
    }
}

/// Runs the Jobs program without a server: nothing may be sent.
pub(crate) fn offline(args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(Vec::new());
    let output = Run::new(folder.path(), &server, args).go();
    assert!(server.seen().is_empty(), "a request was sent");
    output
}
