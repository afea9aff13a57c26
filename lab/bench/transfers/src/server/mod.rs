//! A server that discards uploads and sends the same block over and over, with blocking sockets and
//! without copying bytes: it has to be faster than every client.

mod wire;

use crate::Outcome;
use crate::content::{block, checksum, pieces};
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use wire::{Head, Wire};

/// Object that is sent without its checksum.
pub const UNCHECKED: &str = "unchecked";

/// A running server.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Size of every object.
    size: u64,
    /// Checksum of every object, as in `x-goog-hash`.
    sum: String,
    /// Bytes of bodies received.
    received: AtomicU64,
    /// CRC-32C of the last body, if it is to be computed.
    last: Option<AtomicU64>,
}

impl Server {
    /// Starts a server of objects of `size` bytes. For tests, it computes checksums of uploads.
    ///
    /// # Errors
    ///
    /// If it cannot listen.
    pub fn start(size: u64, check: bool) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let sum = base64(checksum(size));
        let last = check.then(AtomicU64::default);
        let shared = Arc::new(Shared { size, sum, received: AtomicU64::new(0), last });
        let state = Arc::clone(&shared);
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let shared = Arc::clone(&state);
                // An error ends the connection, which the client reports.
                thread::spawn(move || serve(&shared, stream, address));
            }
        });
        Ok(Self { address, shared })
    }

    /// Returns its address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns how many bytes arrived in bodies, including metadata.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.shared.received.load(Ordering::Relaxed)
    }

    /// Returns the CRC-32C of the last body, if the server computes it.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        Some(self.shared.last.as_ref()?.load(Ordering::Relaxed))
    }
}

/// Encodes a checksum: base64 of four bytes.
fn base64(sum: u32) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits = u64::from(sum) << 4;
    let digit = |at: u32| DIGITS.get(((bits >> (30 - 6 * at)) & 63) as usize);
    let text: String = (0..6).filter_map(digit).map(|&byte| char::from(byte)).collect();
    text + "=="
}

fn serve(shared: &Shared, stream: TcpStream, address: SocketAddr) -> Outcome<()> {
    stream.set_nodelay(true)?;
    let mut wire = Wire::new(stream)?;
    while let Some(head) = wire.head()? {
        if head.is("GET") {
            send(shared, &mut wire, &head)?;
            continue;
        }
        let mut sum = 0;
        let mut add = |bytes: &[u8]| sum = crc32c::crc32c_append(sum, bytes);
        let len = wire.body(&head, if shared.last.is_some() { Some(&mut add) } else { None })?;
        shared.received.fetch_add(len, Ordering::Relaxed);
        if let Some(last) = shared.last.as_ref().filter(|_| len > 0) {
            last.store(u64::from(sum), Ordering::Relaxed);
        }
        let answer = answer(shared, &head, address)?;
        wire.stream.write_all(answer.as_bytes())?;
    }
    Ok(())
}

fn send(shared: &Shared, wire: &mut Wire, head: &Head) -> Outcome<()> {
    let mut text = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: {}\r\n\
         etag: \"1\"\r\nx-goog-generation: 1\r\nx-goog-metageneration: 1\r\n",
        shared.size
    );
    if !head.path().ends_with(UNCHECKED) {
        let _ = write!(text, "x-goog-hash: crc32c={}\r\n", shared.sum);
    }
    wire.stream.write_all((text + "\r\n").as_bytes())?;
    send_content(&mut wire.stream, shared.size)
}

/// Sends content from pages of the kernel, without copying them.
#[cfg(target_os = "linux")]
fn send_content(stream: &mut TcpStream, size: u64) -> Outcome<()> {
    use nix::sys::memfd::{MFdFlags, memfd_create};
    use std::io::{Read as _, Seek as _};
    let mut file = std::fs::File::from(memfd_create(c"block", MFdFlags::MFD_CLOEXEC)?);
    file.write_all(&block())?;
    for piece in pieces(size) {
        file.rewind()?;
        std::io::copy(&mut (&file).take(piece.len() as u64), stream)?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn send_content(stream: &mut TcpStream, size: u64) -> Outcome<()> {
    Ok(pieces(size).try_for_each(|piece| stream.write_all(&piece))?)
}

/// Returns the response to an upload: a session, the end of a chunk, or the object.
fn answer(shared: &Shared, head: &Head, address: SocketAddr) -> Outcome<String> {
    if head.is("POST") && head.has_query("uploadType=resumable") {
        return Ok(format!(
            "HTTP/1.1 200 OK\r\nlocation: http://{address}/upload/session\r\n\
             content-length: 0\r\n\r\n"
        ));
    }
    if let Some((last, total)) = head.content_range()?
        && last + 1 < total
    {
        return Ok(format!(
            "HTTP/1.1 308 Resume Incomplete\r\nrange: bytes=0-{last}\r\ncontent-length: 0\r\n\r\n"
        ));
    }
    let object = format!(
        r#"{{"kind":"storage#object","name":"o","bucket":"b","generation":"1","size":"{}","crc32c":"{}"}}"#,
        shared.size, shared.sum
    );
    Ok(format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{object}",
        object.len()
    ))
}

/// Runs the server in this process until it is killed; its first line is the address.
///
/// # Errors
///
/// If it cannot listen.
pub fn main(size: u64) -> Outcome<()> {
    let server = Server::start(size, false)?;
    println!("{}", server.address());
    loop {
        thread::park();
    }
}
