//! Overhead of a call compared with a bare hyper client that sends the same request and decodes the
//! same response.
//!
//! Both use one HTTP/1.1 connection each to a minimal loopback server and send the same bytes,
//! including headers, which is checked. Rounds alternate, so that load affects both equally. Prints
//! the medians of elapsed time and of the client thread's CPU time, and the median ratio; with
//! `--check`, fails if the ratio of elapsed times exceeds 1.15. `--only bare` and `--only call` run
//! one side, for profilers.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::json::{self, Json};
use discovery_runtime::spec::{MethodSpec, Segment, ServiceSpec};
use discovery_runtime::transport::{Body, ResponseBody, Transport, TransportError};
use discovery_runtime::{BoxFuture, Call, Client, ClientBuilder, ServiceClient};
use http::header::{HeaderName, HeaderValue};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

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

static GET: MethodSpec =
    MethodSpec::get("bench.get", &SERVICE, &[Segment::Literal("v1/"), Segment::Reserved("name")]);

struct Runtime(Client);

impl ServiceClient for Runtime {
    const SERVICE: &'static ServiceSpec = &SERVICE;

    fn from_runtime(client: Client) -> Self {
        Self(client)
    }
}

const ROUNDS: usize = 200;
const CALLS: usize = 100;

type Bare = legacy::Client<HttpConnector, Empty<Bytes>>;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Elapsed time and CPU time of the thread, in nanoseconds.
type Cost = [u64; 2];

struct Watch {
    start: Instant,
    worked: u64,
}

impl Watch {
    fn start() -> Self {
        Self { start: Instant::now(), worked: worked() }
    }

    fn stop(&self) -> Cost {
        let passed = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        [passed, worked() - self.worked]
    }
}

/// Returns the CPU time of this thread in nanoseconds; 0 except on Linux.
fn worked() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|worked| worked.parse().ok()).unwrap_or_default()
}

/// Headers of every request, except those that hyper adds.
type Headers = Vec<(HeaderName, HeaderValue)>;

async fn bare(client: &Bare, url: &str, headers: &Headers) -> Outcome<Cost> {
    let watch = Watch::start();
    for _ in 0..CALLS {
        let mut request = http::Request::new(Empty::new());
        *request.uri_mut() = url.parse()?;
        for (name, value) in headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        let response = client.request(request).await?;
        let body = response.into_body().collect().await?.to_bytes();
        let value: Json = json::from_response(&body)?;
        std::hint::black_box(value);
    }
    Ok(watch.stop())
}

async fn ours(client: &Client) -> Outcome<Cost> {
    let watch = Watch::start();
    for _ in 0..CALLS {
        let call = Call::new(client, &GET).path("name", &"things/one");
        let value: Json = call.send().await?;
        std::hint::black_box(value);
    }
    Ok(watch.stop())
}

/// A transport that responds immediately, to measure the call itself.
struct AtOnce(Bytes);

impl Transport for AtOnce {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        let answer = http::Response::new(ResponseBody::full(self.0.clone()));
        Box::pin(std::future::ready(Ok(answer)))
    }
}

/// Returns one kind of time, in microseconds per call.
fn times(costs: &[Cost], kind: usize) -> Vec<f64> {
    let time = |cost: &Cost| Some(*cost.get(kind)? as f64 / 1e3 / CALLS as f64);
    costs.iter().filter_map(time).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The first request of each connection, as sorted lines.
type Seen = Arc<Mutex<Vec<Vec<String>>>>;

fn lines(request: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(request);
    let mut lines: Vec<String> = text.trim_end().lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// Sends the same bytes for every request, without parsing it.
async fn serve(listener: TcpListener, answer: Bytes, seen: Seen) -> std::io::Result<()> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (answer, seen) = (answer.clone(), Arc::clone(&seen));
        tokio::spawn(async move {
            let mut request = Vec::with_capacity(4096);
            let mut first = true;
            while stream.read_buf(&mut request).await? > 0 {
                if request.ends_with(b"\r\n\r\n") {
                    if std::mem::take(&mut first) {
                        seen.lock().unwrap_or_else(PoisonError::into_inner).push(lines(&request));
                    }
                    request.clear();
                    stream.write_all(&answer).await?;
                }
            }
            std::io::Result::Ok(())
        });
    }
}

/// Returns the headers of the request except `Host`.
fn headers(seen: &Seen) -> Outcome<Headers> {
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let lines = seen.first().ok_or("the server received no request")?;
    let pairs = lines.iter().filter_map(|line| line.split_once(": "));
    let pairs = pairs.filter(|(name, _)| !name.eq_ignore_ascii_case("host"));
    let header = |(name, value): (&str, &str)| Ok((name.parse()?, value.parse()?));
    pairs.map(header).collect()
}

async fn measure(root: &str, seen: &Seen) -> Outcome<(Vec<Cost>, Vec<Cost>)> {
    let plain: Bare = legacy::Client::builder(TokioExecutor::new()).build_http();
    let transport = HyperTransport::builder().with_no_proxy().with_http1_only().build()?;
    let builder = ClientBuilder::<Runtime>::new().with_endpoint(root);
    let Runtime(client) = builder.with_transport(transport).with_anonymous().build()?;
    let url = format!("{root}v1/things/one?alt=json&prettyPrint=false");
    let only = std::env::args().skip_while(|argument| argument != "--only").nth(1);
    let only = only.unwrap_or_default();
    let (mut plain_times, mut call_times) = (Vec::new(), Vec::new());
    ours(&client).await?;
    let headers = headers(seen)?;
    for round in 0..ROUNDS + 5 {
        let a = if only != "call" { bare(&plain, &url, &headers).await? } else { [0; 2] };
        let b = if only != "bare" { ours(&client).await? } else { [0; 2] };
        // The first rounds connect and warm up.
        if round >= 5 {
            plain_times.push(a);
            call_times.push(b);
        }
    }
    let at_once = ClientBuilder::<Runtime>::new().with_anonymous();
    let Runtime(at_once) = at_once.with_transport(AtOnce(Bytes::from_static(b"{}"))).build()?;
    let mut own = Vec::new();
    for _ in 0..ROUNDS {
        own.push(ours(&at_once).await?);
    }
    println!("a call without a network: {:.1} us", median(times(&own, 0)));
    Ok((plain_times, call_times))
}

fn main() -> Outcome<()> {
    // The server has its own thread, so that only the client is measured.
    let mut servers = tokio::runtime::Builder::new_multi_thread();
    let servers = servers.worker_threads(1).enable_all().build()?;
    let item = r#"{"name":"things/one","tags":["a","b"],"size":"12345678901"}"#;
    let body = format!("[{}]", vec![item; 20].join(","));
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=UTF-8\r\n\
         date: Tue, 01 Jan 2030 00:00:00 GMT\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let listener = servers.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let root = format!("http://{}/", listener.local_addr()?);
    let seen = Seen::default();
    servers.spawn(serve(listener, answer.into(), Arc::clone(&seen)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (plain, call) = runtime.block_on(measure(&root, &seen))?;
    if seen.lock().unwrap_or_else(PoisonError::into_inner).windows(2).any(|two| two[0] != two[1]) {
        return Err("the two sides sent different requests".into());
    }
    let mut ratios = Vec::new();
    for (kind, name) in ["passed", "worked"].into_iter().enumerate() {
        let (plain, call) = (times(&plain, kind), times(&call, kind));
        let ratio = median(plain.iter().zip(&call).map(|(plain, call)| call / plain).collect());
        let (plain, call) = (median(plain), median(call));
        println!("time {name}: bare hyper {plain:.1} us, call {call:.1} us, ratio {ratio:.3}");
        ratios.push(ratio);
    }
    let check = std::env::args().any(|argument| argument == "--check");
    if check && ratios.first().is_some_and(|ratio| *ratio > 1.15) {
        return Err("a call costs more than 1.15 times a bare request".into());
    }
    Ok(())
}
