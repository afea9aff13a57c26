//! Measures the cost of a call: this project, google-jobs3, and a bare hyper client that decodes
//! the same.
//!
//! All of them get one job from a minimal server on loopback. The client has one thread, whose work
//! is measured; the server has another. Sequential calls run on one core: on two, waking an idle
//! core would dominate.

mod clients;
mod server;

use clients::Clients;
use std::future::Future;
use std::thread;
use tokio::runtime::Builder;
use tokio::task::{JoinSet, LocalSet};
use turns::{Case, Sample, Watch, answer, fact};

pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const SIDES: [&str; 3] = ["ours", "google-jobs3", "bare hyper"];

/// HTTP version.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Http {
    One,
    Two,
}

fn main() -> Outcome<()> {
    let rounds = std::env::args().nth(1).map_or(Ok(200), |rounds| rounds.parse())?;
    let body = answer::one();
    for (http, name) in [(Http::One, "HTTP/1.1"), (Http::Two, "HTTP/2")] {
        for at_once in [1, 100] {
            // One thread per case, since CPU affinity is set per thread and inherited.
            let outcome = thread::scope(|scope| {
                let case = || case(http, name, at_once, rounds, &body).map_err(|e| e.to_string());
                scope.spawn(case).join()
            });
            outcome.map_err(|_| "a case panicked")??;
        }
    }
    Ok(())
}

fn case(http: Http, name: &str, at_once: u32, rounds: usize, body: &str) -> Outcome<()> {
    if at_once == 1 {
        turns::stay_on_one_core();
    }
    let servers = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let address = servers.block_on(server::start(http, body.to_owned()))?;
    let clients = Clients::new(http, &format!("http://{address}/"))?;
    let title = format!("{name}, {at_once} at once");
    LocalSet::new().block_on(&runtime, race(&title, &clients, at_once, rounds))?;
    if at_once == 1 {
        count(name, &clients, &runtime)?;
    }
    Ok(())
}

async fn race(case: &str, clients: &Clients, at_once: u32, rounds: usize) -> Outcome<()> {
    let mut out = Case::new(case, 0, &SIDES);
    let each = if at_once == 1 { 200 } else { 10 };
    // The first rounds connect and warm up.
    for round in 0..rounds + 3 {
        let samples = [
            measure(&clients.ours(), at_once, each).await?,
            measure(&clients.jobs3(), at_once, each).await?,
            measure(&clients.bare(), at_once, each).await?,
        ];
        if round >= 3 {
            samples.into_iter().enumerate().for_each(|(side, sample)| out.add(side, sample));
        }
    }
    out.print();
    Ok(())
}

/// Measures the cost of a call when `at_once` tasks make `each` sequential calls.
async fn measure<F, C>(call: &F, at_once: u32, each: u32) -> Outcome<Sample>
where
    F: Fn() -> C + Clone + 'static,
    C: Future<Output = Outcome<()>> + 'static,
{
    let watch = Watch::start();
    if at_once == 1 {
        for _ in 0..each {
            call().await?;
        }
    } else {
        let mut tasks = JoinSet::new();
        for _ in 0..at_once {
            let call = call.clone();
            tasks.spawn_local(async move {
                for _ in 0..each {
                    call().await.map_err(|error| error.to_string())?;
                }
                Ok::<(), String>(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
    }
    Ok(watch.stop(at_once * each))
}

/// Counts allocations and allocated bytes of a call.
fn count(name: &str, clients: &Clients, runtime: &tokio::runtime::Runtime) -> Outcome<()> {
    let ours = allocations(runtime, &clients.ours())?;
    let jobs3 = allocations(runtime, &clients.jobs3())?;
    let bare = allocations(runtime, &clients.bare())?;
    for (index, what) in ["allocations", "bytes allocated"].into_iter().enumerate() {
        let values = [(SIDES[0], ours[index]), (SIDES[1], jobs3[index]), (SIDES[2], bare[index])];
        fact(&format!("{what} a call, {name}"), "", &values);
    }
    Ok(())
}

fn allocations<F, C>(runtime: &tokio::runtime::Runtime, call: &F) -> Outcome<[f64; 2]>
where
    F: Fn() -> C,
    C: Future<Output = Outcome<()>>,
{
    const CALLS: u32 = 50;
    let mut result = Ok(());
    let info = allocation_counter::measure(|| {
        for _ in 0..CALLS {
            if let Err(error) = runtime.block_on(call()) {
                result = Err(error);
            }
        }
    });
    result?;
    let each = |total: u64| total as f64 / f64::from(CALLS);
    Ok([each(info.count_total), each(info.bytes_total)])
}
