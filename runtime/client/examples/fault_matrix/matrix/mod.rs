//! Every kind of method under every fault.

pub(crate) mod api;
pub(crate) mod kinds;
mod refuse;
pub(crate) mod troubles;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use discovery_runtime::auth::{AuthContext, AuthError, AuthHeaders, Credentials, Secret};
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::retry::DefaultRetry;
use discovery_runtime::testing::Fault;
use discovery_runtime::{BoxFuture, Client, ClientBuilder, ErrorKind};

use self::api::{Files, Server};
use self::kinds::{Failed, Kind};
use self::refuse::RefuseOnce;
use self::troubles::{LONG, Outcome, Trouble, What};

/// A cell of the matrix.
pub(crate) struct Cell {
    pub(crate) fault: &'static str,
    pub(crate) method: &'static str,
    pub(crate) expected: Outcome,
    pub(crate) outcome: Outcome,
    pub(crate) executed: usize,
    most: usize,
}

impl Cell {
    /// Returns `true` if the outcome is the expected one, and nothing was executed too often.
    pub(crate) fn is_right(&self) -> bool {
        self.outcome == self.expected && self.executed <= self.most
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { fault, method, expected, outcome, executed, .. } = self;
        write!(f, "{fault:<15} {method:<12} {:<10} {:<10} ", expected.result, outcome.result)?;
        let attempts = format!("{} of {}", outcome.requests, expected.requests);
        write!(f, "{attempts:<9} {executed:>8}")?;
        if self.is_right() { Ok(()) } else { f.write_str("  MISMATCH") }
    }
}

/// Returns the heading of a table of cells.
pub(crate) fn heading() -> String {
    let [fault, method, expected, outcome] = ["fault", "method", "expected", "outcome"];
    format!("{fault:<15} {method:<12} {expected:<10} {outcome:<10} attempts  executed")
}

/// Runs one cell. A call that takes over twenty minutes counts as hanging.
pub(crate) async fn cell(trouble: Trouble, kind: Kind) -> std::io::Result<Cell> {
    let server = Server::start().await?;
    let refuse = matches!(trouble.what, What::Refused);
    let (client, refused) =
        client(&server, trouble, kind, refuse).map_err(std::io::Error::other)?;
    match trouble.what {
        What::Refused => {}
        What::Once(fault) => {
            server.faults.inject_when(move |head| kind.is_target(&head.method), fault);
        }
        What::InBody => {
            let bytes = if kind == Kind::Upload { 300 * 1024 } else { 4 };
            let fault = Fault::ResetAfter(bytes);
            server.faults.inject_when(move |head| kind.is_target(&head.method), fault);
        }
        What::Always(fault) => server.faults.always(|_| true, fault),
    }
    let call = kinds::call(kind, &client, &server);
    let result = match tokio::time::timeout(LONG * 2, call).await {
        Err(_) => "HANGS".to_owned(),
        Ok(Ok(())) => "ok".to_owned(),
        Ok(Err(failed)) => label(&failed),
    };
    let requests = server.faults.requests().len() + refused.count();
    Ok(Cell {
        fault: trouble.name,
        method: kind.name(),
        expected: trouble.expected(kind),
        outcome: Outcome { result, requests },
        executed: server.executed(),
        most: trouble.most_executions(kind),
    })
}

fn label(failed: &Failed) -> String {
    match failed {
        Failed::Wrong(what) => format!("WRONG: {what}"),
        Failed::Error(error) => match (error.kind(), error.http_status()) {
            (ErrorKind::Service, Some(status)) => status.as_u16().to_string(),
            (kind, _) => kind.as_str().to_owned(),
        },
    }
}

/// Creates a client with short waits and renewable tokens.
fn client(
    server: &Server,
    trouble: Trouble,
    kind: Kind,
    refuse: bool,
) -> Result<(Client, RefuseOnce), Box<dyn std::error::Error + Send + Sync>> {
    let mut transport = HyperTransport::builder().with_no_proxy();
    if trouble.http2 {
        transport = transport.with_http2_only();
    }
    let transport = RefuseOnce::new(transport.build()?, refuse, kind)?;
    let (first, longest) = (Duration::from_millis(5), Duration::from_millis(50));
    let client: Files = ClientBuilder::new()
        .with_endpoint(server.faults.url())
        .with_transport(transport.clone())
        .with_credentials(Tokens::default())
        .with_retry(DefaultRetry::new().with_backoff(first, longest).with_throttled_backoff(first))
        .with_timeout(LONG)
        .with_attempt_timeout(trouble.patience())
        .with_stall_timeout(trouble.patience())
        .build()?;
    Ok((client.0, transport))
}

/// A token that changes after each rejection.
#[derive(Debug, Default)]
struct Tokens(AtomicUsize);

impl Credentials for Tokens {
    fn headers<'a>(&'a self, _: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>> {
        let token = format!("token-{}", self.0.load(Ordering::Relaxed));
        Box::pin(async move { AuthHeaders::bearer(&Secret::new(token)) })
    }

    fn invalidate(&self, _: &AuthHeaders) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed);
        true
    }
}

/// Returns the number of cells: every kind of method under every fault.
pub(crate) fn size() -> usize {
    troubles::ALL.len() * Kind::ALL.len()
}

/// Runs every cell, several concurrently, and returns them in the order of the faults.
pub(crate) async fn all() -> std::io::Result<Vec<Cell>> {
    let pairs = troubles::ALL.iter().flat_map(|trouble| Kind::ALL.map(|kind| (*trouble, kind)));
    let mut waiting: Vec<_> = pairs.enumerate().collect();
    // Taken from the end: the cells with a long wait run beside all others.
    waiting.sort_by_key(|(_, (trouble, _))| std::cmp::Reverse(trouble.patience()));
    let mut running = tokio::task::JoinSet::new();
    let mut cells = Vec::new();
    loop {
        while running.len() < 48
            && let Some((at, (trouble, kind))) = waiting.pop()
        {
            running.spawn(async move { cell(trouble, kind).await.map(|cell| (at, cell)) });
        }
        match running.join_next().await {
            Some(done) => cells.push(done.map_err(std::io::Error::other)??),
            None => break,
        }
    }
    cells.sort_by_key(|(at, _)| *at);
    Ok(cells.into_iter().map(|(_, cell)| cell).collect())
}
