//! A client without HTTP beyond a fixed head and blocking sockets: the limit of the server.

use crate::content::{BLOCK, pieces};
use crate::{Job, Outcome, What};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// Runs a transfer of memory.
///
/// # Errors
///
/// If the connection breaks, or the job involves a file.
pub fn run(job: &Job) -> Outcome<()> {
    let mut stream = TcpStream::connect(&job.server)?;
    match job.what {
        What::UploadMemory => upload(job, &mut stream),
        What::DownloadMemory | What::DownloadUnchecked => download(job, &mut stream),
        What::UploadFile | What::DownloadFile => Err("raw sockets transfer memory only".into()),
    }
}

fn upload(job: &Job, stream: &mut TcpStream) -> Outcome<()> {
    let head = format!("PUT /upload/raw HTTP/1.1\r\ncontent-length: {}\r\n\r\n", job.size);
    stream.write_all(head.as_bytes())?;
    pieces(job.size).try_for_each(|piece| stream.write_all(&piece))?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer)?;
    if &answer == b"HTTP/1.1 200" { Ok(()) } else { Err("the upload failed".into()) }
}

fn download(job: &Job, stream: &mut TcpStream) -> Outcome<()> {
    let head = format!("GET /{} HTTP/1.1\r\n\r\n", job.object());
    stream.write_all(head.as_bytes())?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let (mut buffer, mut total, mut head) = (vec![0; BLOCK], 0, None);
    loop {
        let len = stream.read(&mut buffer)?;
        if len == 0 {
            return job.expect(total - head.unwrap_or(0));
        }
        let bytes = buffer.get(..len).unwrap_or_default();
        // The head arrives in one piece.
        let end = || bytes.windows(4).position(|w| w == b"\r\n\r\n").map(|at| at as u64 + 4);
        head = head.or_else(end);
        total += len as u64;
    }
}
