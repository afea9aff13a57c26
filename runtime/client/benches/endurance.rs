//! A thousand callers for a minute, against a server that fails one request in five.
//!
//! Every call must end in its own result or an error that fits a fault; no create may be executed
//! twice; memory and connections must stay flat. `-- --seconds 10` runs shorter.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use discovery_runtime::json::Json;
use discovery_runtime::spec::{BodyKind, MethodSpec, Segment, ServiceSpec, Verb};
use discovery_runtime::testing::{Chaos, Fault, FaultServer, Reply};
use discovery_runtime::{Call, Client, Error, ErrorKind};

static SERVICE: ServiceSpec = ServiceSpec {
    id: "bench:v1",
    root_url: "https://bench.googleapis.com/",
    mtls_root_url: None,
    service_path: "",
    batch_path: None,
    data_wrapper: false,
    package: "bench",
    package_version: "0.0.0",
};

const fn method(id: &'static str, verb: Verb) -> MethodSpec {
    MethodSpec {
        id,
        service: &SERVICE,
        verb,
        path: &[Segment::Literal("v1/"), Segment::Reserved("name")],
        request: if matches!(verb, Verb::Post) { BodyKind::Json } else { BodyKind::None },
        response: BodyKind::Json,
        scopes: &[],
        idempotent: matches!(verb, Verb::Get),
        api_version: None,
        paging: None,
        upload: None,
        download: false,
    }
}

static GET: MethodSpec = method("bench.get", Verb::Get);
static CREATE: MethodSpec = method("bench.create", Verb::Post);
const CALLERS: usize = 1000;

/// What went on, over all callers.
#[derive(Default)]
struct Tally {
    good: AtomicU64,
    failed: AtomicU64,
    wrong: AtomicU64,
    stop: AtomicBool,
    /// How often each create that is under way was executed.
    executed: Mutex<BTreeMap<String, u32>>,
}

impl Tally {
    fn execute(&self, path: &str) {
        let mut executed = self.executed.lock().unwrap_or_else(PoisonError::into_inner);
        *executed.entry(path.to_owned()).or_default() += 1;
    }

    fn forget(&self, path: &str) -> u32 {
        let mut executed = self.executed.lock().unwrap_or_else(PoisonError::into_inner);
        executed.remove(path).unwrap_or_default()
    }

    fn judge(&self, name: &str, outcome: Result<Json, Error>, executed: Option<u32>) {
        let fits = match &outcome {
            Ok(value) => value.get("name").is_some_and(|own| own == Json::from(name)),
            Err(error) => {
                matches!(error.kind(), ErrorKind::Service | ErrorKind::Transport)
            }
        };
        let once = executed.is_none_or(|times| times <= 1 && (times == 1 || outcome.is_err()));
        let counter = match (fits && once, outcome.is_ok()) {
            (false, _) => &self.wrong,
            (true, true) => &self.good,
            (true, false) => &self.failed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

async fn caller(client: Client, tally: Arc<Tally>, number: usize) {
    let mut turn = 0_u64;
    while !tally.stop.load(Ordering::Relaxed) {
        turn += 1;
        let name = format!("things/{number}-{turn}");
        if turn.is_multiple_of(2) {
            let outcome = Call::new(&client, &GET).path("name", &name).send().await;
            tally.judge(&name, outcome, None);
        } else {
            let call = Call::new(&client, &CREATE).path("name", &name).body(&Json::from(true));
            let outcome = call.send().await;
            let executed = tally.forget(&format!("/v1/{name}"));
            tally.judge(&name, outcome, Some(executed));
        }
    }
}

/// Resident memory of this process, server included, in KiB; 0 where there is no `/proc`.
fn memory() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = pages.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    resident.unwrap_or_default() * 4
}

async fn server(tally: &Arc<Tally>) -> Result<FaultServer, Box<dyn StdError>> {
    let tally = Arc::clone(tally);
    let server = FaultServer::start(move |mut request| {
        let tally = Arc::clone(&tally);
        async move {
            request.body().await;
            let path = request.head().path().to_owned();
            if request.head().method == http::Method::POST {
                tally.execute(&path);
            }
            Reply::json(format!("{{\"name\":\"{}\"}}", path.trim_start_matches("/v1/")))
        }
    });
    let server = server.await?;
    let faults = [
        Fault::Status(503),
        Fault::Status(500),
        Fault::Status(429),
        Fault::Reset,
        Fault::LoseAnswer,
        Fault::BrokenStream,
    ];
    server.chaos(Chaos::new(5, faults, 7));
    Ok(server)
}

async fn run(seconds: u64) -> Result<(), Box<dyn StdError>> {
    let tally = Arc::new(Tally::default());
    let server = server(&tally).await?;
    let client = Client::builder(&SERVICE).with_endpoint(server.url()).with_anonymous();
    let client = client.build()?;
    let callers: Vec<_> = (0..CALLERS)
        .map(|number| tokio::spawn(caller(client.clone(), Arc::clone(&tally), number)))
        .collect();
    let start = Instant::now();
    let mut samples = Vec::new();
    while start.elapsed() < Duration::from_secs(seconds) {
        // The server's log is not what is measured.
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            server.take_requests();
        }
        let sample = (memory(), server.open_connections());
        println!(
            "{:3} s: {} good, {} failed, {} wrong; {} KiB, {} connections open",
            start.elapsed().as_secs(),
            tally.good.load(Ordering::Relaxed),
            tally.failed.load(Ordering::Relaxed),
            tally.wrong.load(Ordering::Relaxed),
            sample.0,
            sample.1,
        );
        samples.push(sample);
    }
    tally.stop.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await?;
    }
    verdict(&tally, &samples)
}

/// The second half must not need more than a tenth over the first.
fn verdict(tally: &Tally, samples: &[(u64, u64)]) -> Result<(), Box<dyn StdError>> {
    let (first, second) = samples.split_at(samples.len() / 2);
    let most = |half: &[(u64, u64)], of: fn(&(u64, u64)) -> u64| half.iter().map(of).max();
    for (what, of) in [("memory", (|s| s.0) as fn(&(u64, u64)) -> u64), ("connections", |s| s.1)] {
        let (before, after) = (most(first, of), most(second, of));
        if after > before.map(|before| before + before / 10 + 8) {
            return Err(format!("{what} grew from {before:?} to {after:?}").into());
        }
    }
    let wrong = tally.wrong.load(Ordering::Relaxed);
    if wrong > 0 || tally.good.load(Ordering::Relaxed) == 0 {
        return Err(format!("{wrong} calls ended wrong").into());
    }
    println!("flat, and every call ended right");
    Ok(())
}

fn main() -> Result<(), Box<dyn StdError>> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--seconds").skip(1);
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(60);
    tokio::runtime::Runtime::new()?.block_on(run(seconds))
}
