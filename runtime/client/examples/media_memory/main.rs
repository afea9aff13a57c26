//! Uploads and downloads a gigabyte, downloads a hundred objects at once, and reads lists of a million
//! items; measures the peak memory of each, including the server's.
//!
//! `cargo lab memory [MIB]`; exit code 1 if the content differs, a transfer needs more than 24 MiB, or the
//! memory depends on the number of items.

mod many;
#[path = "../fault_matrix/matrix/mod.rs"]
#[allow(dead_code, reason = "only its API is used")]
mod matrix;
#[path = "../support/memory.rs"]
mod memory;

use std::pin::Pin;
use std::process::ExitCode;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use discovery_runtime::json::Json;
use discovery_runtime::media::{Content, Download, Protocol, Source, Upload};
use discovery_runtime::testing::{Fault, ObjectStore};
use discovery_runtime::transport::{BoxError, ByteStream};
use discovery_runtime::{Client, ClientBuilder};
use futures_core::Stream;
use matrix::api::{Files, Get, Insert};

const MIB: u64 = 1024 * 1024;
/// Peak memory of a transfer, in KiB.
const MOST_KIB: u64 = 24 * 1024;
/// Additional memory for ten times as many items, in KiB.
const GROWTH_KIB: u64 = 1024;
/// Memory of each of many downloads, in KiB.
const DOWNLOAD_KIB: u64 = 768;

/// Generates the content from an offset on: non-repeating, without using memory.
fn fill(offset: u64, out: &mut [u8]) {
    for (at, byte) in (offset..).zip(out) {
        *byte = (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8;
    }
}

struct Generated(u64);

impl Content for Generated {
    fn size(&self) -> u64 {
        self.0
    }

    fn open(&self, offset: u64) -> ByteStream {
        Box::pin(Pieces { at: offset, end: self.0 })
    }
}

struct Pieces {
    at: u64,
    end: u64,
}

impl Stream for Pieces {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let len = usize::try_from(self.end - self.at).unwrap_or(usize::MAX).min(64 * 1024);
        let mut piece = BytesMut::zeroed(len);
        fill(self.at, &mut piece);
        self.at += len as u64;
        Poll::Ready((len > 0).then(|| Ok(piece.freeze())))
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Uploads replayable content and a stream over unreliable connections, and content in a single
/// request without faults; compares the stored content.
async fn upload(client: &Client, store: &ObjectStore, size: u64) -> Result<(), Failure> {
    let stream = Pieces { at: 0, end: size };
    for (name, source, protocol) in [
        ("file", Source::from_content(Generated(size)), Protocol::Resumable),
        ("stream", Source::from_stream(stream), Protocol::Resumable),
        ("plain", Source::from_content(Generated(size)), Protocol::Simple),
    ] {
        let begun = Instant::now();
        let call = Insert::call(client).query("name", &name);
        Upload::<Json>::new(call, source).with_protocol(protocol).await?;
        let object = store.object(&format!("/v1/files/{name}")).ok_or("nothing was stored")?;
        if object.size != size {
            return Err(format!("{} bytes were stored", object.size).into());
        }
        println!("uploaded {name}: {:.1} s, CRC-32C {:08x}", secs(begun), object.crc32c);
    }
    let crc = |name: &str| store.object(name).map(|object| object.crc32c);
    let plain = crc("/v1/files/plain");
    if crc("/v1/files/file") == plain && crc("/v1/files/stream") == plain {
        Ok(())
    } else {
        Err("content differs".into())
    }
}

async fn download(client: &Client, store: &ObjectStore, size: u64) -> Result<(), Failure> {
    store.put_generated("/v1/files/big", size, fill);
    let begun = Instant::now();
    let call = Get::call(client).path("name", &"big");
    let mut stream = Download::new(call).open().await?;
    let (mut at, mut expected) = (0, vec![0; 1024 * 1024]);
    while let Some(piece) = stream.next().await {
        let piece = piece?;
        let expected = expected.get_mut(..piece.len()).ok_or("a piece of more than a megabyte")?;
        fill(at, expected);
        if piece != *expected {
            return Err(format!("other bytes at {at}").into());
        }
        at += piece.len() as u64;
    }
    println!("downloaded and compared: {:.1} s", secs(begun));
    if at == size { Ok(()) } else { Err(format!("{at} bytes came").into()) }
}

fn secs(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64()
}

async fn transfers(mib: u64) -> Result<bool, Failure> {
    let size = mib * MIB;
    let store = ObjectStore::discarding();
    let server = store.serve().await?;
    let client: Files =
        ClientBuilder::new().with_endpoint(server.url()).with_anonymous().build()?;
    let middle = size / 2;
    server.inject_when(|head| head.method == "PUT", Fault::ResetAfter(3 * MIB));
    server.inject_when(|head| head.method == "GET", Fault::BrokenStreamAfter(middle));
    server.inject_when(|head| head.method == "PUT", Fault::LoseAnswer);
    memory::restart();
    upload(&client.0, &store, size).await?;
    download(&client.0, &store, size).await?;
    let passed = within("a transfer", MOST_KIB, memory::peak_kib());
    memory::restart();
    many::downloads(&client.0, &store, 1, size / 64).await?;
    let one = memory::peak_kib();
    let passed = within("1 download at once", MOST_KIB, one) && passed;
    memory::restart();
    many::downloads(&client.0, &store, many::DOWNLOADS, size / 64).await?;
    let most = one.unwrap_or(0) + many::DOWNLOADS as u64 * DOWNLOAD_KIB;
    Ok(within("100 downloads at once", most, memory::peak_kib()) && passed)
}

/// Reads lists of a hundred thousand items, and of a million.
async fn lists() -> Result<bool, Failure> {
    let (few, many) = (many::Lists::start(100_000).await?, many::Lists::start(1_000_000).await?);
    let mut passed = true;
    for pages in [true, false] {
        let mut most = None;
        for lists in [&few, &many] {
            memory::restart();
            if pages {
                lists.page().await?
            } else {
                lists.stream().await?
            }
            let peak = memory::peak_kib();
            let name =
                format!("{} items in {}", lists.items, if pages { "pages" } else { "a stream" });
            passed &= within(&name, most.unwrap_or(MOST_KIB), peak);
            most = peak.map(|peak| peak + GROWTH_KIB);
        }
    }
    Ok(passed)
}

/// Prints a peak and its limit.
fn within(what: &str, most: u64, peak: Option<u64>) -> bool {
    let mib = |kib: u64| kib as f64 / 1024.0;
    let Some(peak) = peak else {
        println!("{what}: peak memory is not available on this system");
        return true;
    };
    let verdict = if peak <= most { "" } else { ": TOO MUCH" };
    println!("{what}: peak memory {:.1} MiB, at most {:.1}{verdict}", mib(peak), mib(most));
    peak <= most
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let mib = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1024);
    // Lists come first: the allocator keeps memory of the hundred downloads.
    let work = async { Ok::<_, Failure>(lists().await? & transfers(mib).await?) };
    match tokio::time::timeout(Duration::from_secs(1800), work).await {
        Ok(Ok(true)) => ExitCode::SUCCESS,
        Ok(Ok(false)) => ExitCode::FAILURE,
        Ok(Err(error)) => {
            eprintln!("failed: {error}");
            ExitCode::FAILURE
        }
        Err(_) => {
            eprintln!("failed: took longer than half an hour");
            ExitCode::FAILURE
        }
    }
}
