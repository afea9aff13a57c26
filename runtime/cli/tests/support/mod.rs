//! Runs programs in this process with a loopback server.
#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use discovery_cli::{App, Host, Terminals, run_on};
use discovery_testing::{FaultServer, Head, Incoming, Reply, Service};
use serde_json::Value;

/// Command line of the Jobs API.
pub(crate) const JOBS: App = App {
    api: &google_jobs_v3::reflect::API,
    name: "jobs3",
    version: "0.1.0",
    crate_name: "google-jobs-v3",
    docs: &[],
    mock: None,
};

/// A received request.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Percent-encoded path.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    fn of(head: &Head, body: &[u8]) -> Self {
        let text =
            |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value)));
        Self {
            method: head.method.to_string(),
            path: head.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: headers.collect(),
            body: body.to_vec(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        if self.body.is_empty() { Value::Null } else { serde_json::from_slice(&self.body).unwrap() }
    }
}

/// A response to send.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    /// Other headers, one per line with line end; `SELF` stands for the server's address.
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
    /// Declared length, if it exceeds the actual one.
    pub(crate) promised: Option<usize>,
}

impl Answer {
    fn reply(self, origin: &str) -> Reply {
        let reply = Reply::new(self.status).with_body(self.content_type, self.body);
        let headers = self.headers.replace("SELF", origin);
        let lines = headers.lines().filter_map(|line| line.split_once(": "));
        let reply = lines.fold(reply, |reply, (name, value)| reply.with_header(name, value));
        self.promised.into_iter().fold(reply, |reply, n| reply.with_header("content-length", n))
    }

    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::of(status, "application/json", body.as_bytes())
    }

    pub(crate) fn of(status: u16, content_type: &'static str, body: &[u8]) -> Self {
        Self { status, content_type, headers: String::new(), body: body.to_vec(), promised: None }
    }
}

/// A server that sends responses in order, repeating the last one.
pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    _running: FaultServer,
}

impl Server {
    pub(crate) fn new(answers: Vec<Answer>) -> Self {
        let last = answers.last().cloned().unwrap_or_else(|| Answer::json(500, ""));
        Self::of(move |at, _| answers.get(at).unwrap_or(&last).clone())
    }

    /// Creates a server that calls `reply` with each request and the number of earlier ones.
    pub(crate) fn of(reply: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, reply) = (seen.clone(), Arc::new(reply));
        let service = Service::new(move |mut request: Incoming| {
            let (log, reply) = (log.clone(), reply.clone());
            async move {
                let body = request.body().await;
                let seen = Seen::of(request.head(), &body);
                let at = {
                    let mut log = log.lock().unwrap();
                    log.push(seen.clone());
                    log.len() - 1
                };
                let origin = request.head().origin.clone();
                // The reply may wait for another request.
                tokio::task::spawn_blocking(move || reply(at, &seen).reply(&origin)).await.unwrap()
            }
        });
        let running = FaultServer::on_thread(service, "127.0.0.1:0").unwrap();
        Self { url: running.url().trim_end_matches('/').to_owned(), seen, _running: running }
    }

    pub(crate) fn json(body: &str) -> Self {
        Self::new(vec![Answer::json(200, body)])
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// Command line of the API with every shape.
pub(crate) const SINK: App = App {
    api: &google_kitchen_sink_v1::reflect::API,
    name: "sink",
    version: "0.1.0",
    crate_name: "google-kitchen-sink-v1",
    docs: &[discovery_cli::Doc { name: "about", text: "# About\n" }],
    mock: None,
};

/// Result of a run.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) status: u8,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A run to start.
pub(crate) struct Run<'a> {
    pub(crate) app: App,
    pub(crate) args: Vec<String>,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) stdin: &'a str,
    pub(crate) folder: &'a Path,
    pub(crate) terminals: Terminals,
    /// Filled during the run.
    pub(crate) stderr: Arc<Mutex<Vec<u8>>>,
}

impl<'a> Run<'a> {
    /// Creates a run of the Jobs program that calls `server` with a token.
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
            terminals: Terminals::default(),
            stderr: Arc::default(),
        }
    }

    /// Replaces the program.
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
            terminals: self.terminals,
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

/// Runs the Jobs program without a server, checking that it sends nothing.
pub(crate) fn offline(args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(Vec::new());
    let output = Run::new(folder.path(), &server, args).go();
    assert!(server.seen().is_empty(), "a request was sent");
    output
}

/// Writes the file of an OAuth client whose server is `oauth`, where `auth login` finds it.
pub(crate) fn write_oauth_client(home: &Path, oauth: &Server) {
    let client = serde_json::json!({"installed": {
        "client_id": "id",
        "client_secret": "client-secret",
        "auth_uri": format!("{}/auth", oauth.url),
        "token_uri": format!("{}/token", oauth.url),
    }});
    let folder = home.join(".google-service-cli");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("jobs3-secret.json"), client.to_string()).unwrap();
}

/// Runs `auth login`, and consents like a user with a browser.
pub(crate) fn sign_in(run: Run<'_>) -> Output {
    std::thread::scope(|scope| {
        let stderr = run.stderr.clone();
        let running = scope.spawn(move || run.go());
        visit(&redirect(&wait_for_url(&stderr)));
        running.join().unwrap()
    })
}

/// Returns the URL printed for the user.
fn wait_for_url(stderr: &Mutex<Vec<u8>>) -> String {
    let start = Instant::now();
    loop {
        let text = String::from_utf8(stderr.lock().unwrap().clone()).unwrap();
        if let Some(line) = text.lines().find(|line| line.starts_with("http")) {
            return line.to_owned();
        }
        assert!(start.elapsed() < Duration::from_secs(60), "no address in {text}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Returns the redirect of the browser after consent.
fn redirect(url: &str) -> String {
    let query = url.split_once('?').unwrap().1;
    let value = |name: &str| {
        query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap().to_owned()
    };
    assert_eq!(value("code_challenge_method"), "S256");
    let to = value("redirect_uri").replace("%3A", ":").replace("%2F", "/");
    format!("{to}?code=the-code&state={}", value("state"))
}

fn visit(url: &str) {
    use std::io::{Read as _, Write as _};
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
