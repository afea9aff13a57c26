//! HTTP/2 without TLS, with prior knowledge.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use h2::server::SendResponse;
use h2::{Reason, RecvStream, SendStream};
use http::{Version, header};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::exchange::{Wire, run};
use super::incoming::Head;
use super::plan::{Cut, Damage, Outgoing};
use super::service::Service;

/// How a connection ends.
enum End {
    Reset,
    /// `GOAWAY` with the last processed stream.
    GoAway(u32),
}

/// Serves a connection until it ends.
pub(super) async fn serve(
    service: &Arc<Service>,
    io: TcpStream,
    connection: u64,
) -> io::Result<()> {
    // The protocol runs over a pipe, so that faults can be applied to the underlying socket.
    let (near, far) = tokio::io::duplex(256 * 1024);
    let (ends, orders) = mpsc::channel(1);
    tokio::select! {
        done = pump(io, near, orders) => done,
        done = streams(service, far, connection, ends) => done.map_err(io::Error::other),
    }
}

async fn pump(
    mut io: TcpStream,
    near: DuplexStream,
    mut orders: mpsc::Receiver<End>,
) -> io::Result<()> {
    let (mut from_pipe, mut to_pipe) = tokio::io::split(near);
    let end = {
        let (mut from_socket, mut to_socket) = io.split();
        tokio::select! {
            done = tokio::io::copy(&mut from_socket, &mut to_pipe) => return done.map(drop),
            done = tokio::io::copy(&mut from_pipe, &mut to_socket) => return done.map(drop),
            end = orders.recv() => end,
        }
    };
    match end {
        Some(End::Reset) => io.set_zero_linger(),
        Some(End::GoAway(last)) => {
            drain(&mut from_pipe, &mut io).await?;
            io.write_all(&go_away(last)).await?;
            io.shutdown().await?;
            let mut nowhere = tokio::io::sink();
            let rest = tokio::io::copy(&mut io, &mut nowhere);
            let _ = tokio::time::timeout(Duration::from_secs(2), rest).await;
            Ok(())
        }
        None => Ok(()),
    }
}

/// Forwards pending frames, such as settings, which must precede a `GOAWAY`.
async fn drain(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
) -> io::Result<()> {
    let mut buffer = BytesMut::with_capacity(16 * 1024);
    let wait = Duration::from_millis(5);
    while let Ok(read) = tokio::time::timeout(wait, from.read_buf(&mut buffer)).await {
        if read? == 0 {
            break;
        }
        to.write_all(&buffer).await?;
        buffer.clear();
    }
    Ok(())
}

/// Returns a `GOAWAY` frame with `NO_ERROR` (RFC 9113, 6.8).
fn go_away(last: u32) -> Bytes {
    let mut frame = BytesMut::with_capacity(17);
    frame.put_slice(&[0, 0, 8, 7, 0]);
    frame.put_u32(0);
    frame.put_u32(last);
    frame.put_u32(0);
    frame.freeze()
}

async fn streams(
    service: &Arc<Service>,
    pipe: DuplexStream,
    connection: u64,
    ends: mpsc::Sender<End>,
) -> Result<(), h2::Error> {
    let mut server = h2::server::Builder::new()
        .initial_window_size(1024 * 1024)
        .initial_connection_window_size(4 * 1024 * 1024)
        .handshake::<_, Bytes>(pipe)
        .await?;
    let mut tasks = JoinSet::new();
    loop {
        let (request, respond) = tokio::select! {
            accepted = server.accept() => match accepted {
                Some(accepted) => accepted?,
                None => return Ok(()),
            },
            Some(_) = tasks.join_next() => continue,
        };
        let (service, ends) = (Arc::clone(service), ends.clone());
        let (parts, body) = request.into_parts();
        tasks.spawn(async move {
            let head = Head {
                method: parts.method,
                uri: parts.uri,
                headers: parts.headers,
                version: Version::HTTP_2,
                origin: String::new(),
                connection,
                in_process: false,
            };
            // A failed stream affects only its client.
            let _ = run(&service, head, &mut Http2 { body, respond, ends }).await;
        });
    }
}

struct Http2 {
    body: RecvStream,
    respond: SendResponse<Bytes>,
    ends: mpsc::Sender<End>,
}

impl Http2 {
    /// Keeps the stream open until its client or its connection ends it. Dropping it would reset
    /// it.
    async fn wait_for_end(&mut self) {
        let _ = std::future::poll_fn(|cx| self.respond.poll_reset(cx)).await;
    }

    async fn send(&mut self, stream: &mut SendStream<Bytes>, mut piece: Bytes) -> io::Result<()> {
        while !piece.is_empty() {
            stream.reserve_capacity(piece.len());
            let capacity = std::future::poll_fn(|cx| stream.poll_capacity(cx)).await;
            let room = match capacity {
                Some(Ok(room)) => room.min(piece.len()),
                Some(Err(error)) => return Err(io::Error::other(error)),
                None => return Err(io::ErrorKind::BrokenPipe.into()),
            };
            stream.send_data(piece.split_to(room), false).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

impl Wire for Http2 {
    async fn chunk(&mut self) -> io::Result<Option<Bytes>> {
        match self.body.data().await {
            None => Ok(None),
            Some(Err(error)) => Err(io::Error::other(error)),
            Some(Ok(bytes)) => {
                let released = self.body.flow_control().release_capacity(bytes.len());
                released.map_err(io::Error::other)?;
                Ok(Some(bytes))
            }
        }
    }

    async fn answer(
        &mut self,
        head: http::response::Parts,
        mut body: Outgoing,
        damage: Damage,
    ) -> io::Result<()> {
        tokio::time::sleep(damage.slow_head).await;
        let empty = matches!(head.status.as_u16(), 204 | 304);
        let mut response = http::Response::from_parts(head, ());
        if !empty && !response.headers().contains_key(header::CONTENT_LENGTH) {
            response.headers_mut().insert(header::CONTENT_LENGTH, body.declared.into());
        }
        let end = empty || body.declared == 0;
        let mut stream = self.respond.send_response(response, end).map_err(io::Error::other)?;
        if end {
            return Ok(());
        }
        while let Some(piece) = body.next().await {
            self.send(&mut stream, piece).await?;
        }
        if body.broken && !damage.overstate {
            // A reset overtakes queued data.
            tokio::time::sleep(Duration::from_millis(50)).await;
            stream.send_reset(Reason::INTERNAL_ERROR);
            return Ok(());
        }
        stream.send_data(Bytes::new(), true).map_err(io::Error::other)
    }

    async fn cut(&mut self, cut: Cut) -> io::Result<()> {
        match cut {
            Cut::ResetStream => self.respond.send_reset(Reason::INTERNAL_ERROR),
            Cut::RefuseStream => self.respond.send_reset(Reason::REFUSED_STREAM),
            Cut::Reset => {
                let _ = self.ends.send(End::Reset).await;
                self.wait_for_end().await;
            }
            Cut::GoAway => {
                let last = self.respond.stream_id().as_u32().saturating_sub(2);
                let _ = self.ends.send(End::GoAway(last)).await;
                self.wait_for_end().await;
            }
            Cut::Hang => self.wait_for_end().await,
        }
        Ok(())
    }
}
