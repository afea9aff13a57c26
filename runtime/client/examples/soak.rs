//! A thousand concurrent calls against a server that fails one in five at random.
//!
//! `cargo lab soak [SECONDS [CALLS]]`, by default 60 and 1000. Exits with code 1 if a call returns
//! a wrong result or error, if a call hangs, or if memory or connections grow.

#[path = "fault_matrix/matrix/mod.rs"]
#[allow(dead_code, reason = "only its API is used")]
mod matrix;
#[path = "support/memory.rs"]
mod memory;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use discovery_runtime::json::Json;
use discovery_runtime::testing::{Chaos, Fault, FaultServer, Reply};
use discovery_runtime::{Client, ClientBuilder, Error, ErrorKind};
use matrix::api::{Create, Files, Get};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const FAULTS: [Fault; 9] = [
    Fault::Status(503),
    Fault::Status(500),
    Fault::Status(429),
    Fault::Html(502),
    Fault::Reset,
    Fault::LoseAnswer,
    Fault::BrokenStream,
    Fault::Truncated,
    Fault::WrongLength,
];

/// Outcomes of all calls, by name.
#[derive(Clone, Default)]
struct Tally(Arc<Mutex<BTreeMap<String, u64>>>);

impl Tally {
    fn add(&self, what: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(what) {
            Some(count) => *count += 1,
            None => drop(counts.insert(what.to_owned(), 1)),
        }
    }

    fn counts(&self) -> BTreeMap<String, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Returns `true` if the faults explain an error.
fn is_right(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Service => {
            matches!(error.http_status().map(|status| status.as_u16()), Some(429 | 500 | 502 | 503))
        }
        ErrorKind::Transport | ErrorKind::Decode => true,
        _ => false,
    }
}

/// Sends one call; every fourth one is not idempotent.
async fn call(client: &Client, number: u64) -> Result<bool, Error> {
    let name = format!("n{number}");
    let answer: Json = if number.is_multiple_of(4) {
        let body = Json::from(serde_json::json!({"title": name}));
        Create::call(client).body(&body).send().await?
    } else {
        Get::call(client).path("name", &name).send().await?
    };
    Ok(answer.as_str().contains(&format!("{name}\"")))
}

async fn calls(client: Client, tally: Tally, lane: u64, until: Instant) {
    for round in 0.. {
        if Instant::now() >= until {
            return;
        }
        let number = lane * 1_000_000 + round;
        let work = tokio::time::timeout(Duration::from_secs(90), call(&client, number));
        match work.await {
            Err(_) => tally.add("WRONG: hangs"),
            Ok(Ok(true)) => tally.add("right result"),
            Ok(Ok(false)) => tally.add("WRONG: another result"),
            Ok(Err(error)) if is_right(&error) => {
                tally.add(&format!("right error: {}", name(&error)))
            }
            Ok(Err(error)) => tally.add(&format!("WRONG: {error}")),
        }
    }
}

fn name(error: &Error) -> String {
    let status = error.http_status().filter(|_| error.kind() == ErrorKind::Service);
    status.map_or_else(|| error.kind().to_string(), |status| status.as_u16().to_string())
}

async fn server() -> std::io::Result<FaultServer> {
    let server = FaultServer::start(|mut incoming| async move {
        let body: serde_json::Value =
            serde_json::from_slice(&incoming.body().await).unwrap_or_default();
        let name = incoming.head().path().trim_start_matches("/v1/files/").to_owned();
        Reply::json(serde_json::json!({"name": name, "title": body["title"]}).to_string())
    })
    .await?;
    server.keep_requests(0);
    server.chaos(Chaos::new(5, FAULTS, 1));
    Ok(server)
}

/// Memory and connections at one time.
#[derive(Clone, Copy, Debug)]
struct Sample {
    kib: u64,
    connections: u64,
}

fn sample(server: &FaultServer) -> Sample {
    let kib = memory::status_kib("VmRSS").unwrap_or(0);
    Sample { kib, connections: server.open_connections() }
}

async fn run(seconds: u64, lanes: u64) -> Result<bool, Failure> {
    let server = server().await?;
    let client: Files =
        ClientBuilder::new().with_endpoint(server.url()).with_anonymous().build()?;
    let tally = Tally::default();
    let begun = Instant::now();
    let until = begun + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..lanes)
        .map(|lane| tokio::spawn(calls(client.0.clone(), tally.clone(), lane, until)))
        .collect();
    // The pool and the allocator need some time to reach a steady state.
    tokio::time::sleep(Duration::from_secs(seconds) / 4).await;
    let early = sample(&server);
    tokio::time::sleep(Duration::from_secs(seconds) / 2).await;
    let late = sample(&server);
    for task in tasks {
        task.await?;
    }
    let counts = tally.counts();
    for (what, count) in &counts {
        println!("{count:>9}  {what}");
    }
    let total: u64 = counts.values().sum();
    println!("{total:>9}  calls in {:.0} s", begun.elapsed().as_secs_f64());
    println!("after a quarter of the time: {} KiB, {} connections", early.kib, early.connections);
    println!("after three quarters:        {} KiB, {} connections", late.kib, late.connections);
    let wrong = counts.keys().any(|what| what.starts_with("WRONG"));
    let grows = late.kib > early.kib + early.kib / 4 + 16 * 1024;
    let leaks = late.connections > lanes + lanes / 4;
    Ok(!wrong && !grows && !leaks && total > lanes)
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let number = |at, default| {
        std::env::args().nth(at).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    match run(number(1, 60), number(2, 1000)).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("failed: {error}");
            ExitCode::FAILURE
        }
    }
}
