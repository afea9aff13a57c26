//! The local listener that receives the redirect of a login.

use super::query;
use crate::BoxFuture;
use crate::auth::Secret;
use crate::clock::{Clock, timeout_at};
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Maximum size of a request head.
const HEAD_LIMIT: usize = 16 * 1024;
/// Maximum number of open connections: browsers open idle ones in advance, which must not block
/// others.
const MAX_CONNECTIONS: usize = 16;
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(10);
const SUCCESS_PAGE: &str = "<!doctype html><meta charset=utf-8><title>Login</title>\
    <p>The answer has reached the program. You may close this window.";
const MISMATCH_PAGE: &str = "<!doctype html><meta charset=utf-8><title>Login</title>\
    <p>This is not the answer to the login that is under way.";

/// The outcome of a login page.
pub(super) enum Redirect {
    Code(Secret),
    Denied(String),
}

/// Parses the outcome in `query`; `None` if it does not belong to the login with `state`.
pub(super) fn read_redirect(query: &str, state: &str) -> Option<Redirect> {
    let fields = query::decode(query);
    let get =
        |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    if get("state") != Some(state) {
        return None;
    }
    if let Some(reason) = get("error") {
        let plain = reason.chars().filter(|c| !c.is_control()).take(100);
        return Some(Redirect::Denied(plain.collect()));
    }
    get("code").filter(|code| !code.is_empty()).map(|code| Redirect::Code(Secret::from(code)))
}

/// Serves connections until one carries the redirect. Dropping the future closes them.
pub(super) async fn receive(
    listener: &TcpListener,
    state: &str,
    clock: &Arc<dyn Clock>,
) -> io::Result<Redirect> {
    let mut open: Vec<BoxFuture<'_, Option<Redirect>>> = Vec::new();
    poll_fn(|cx| {
        loop {
            while open.len() < MAX_CONNECTIONS {
                let Poll::Ready(accepted) = listener.poll_accept(cx) else { break };
                open.push(Box::pin(serve(accepted?.0, state, clock)));
            }
            match poll_any(&mut open, cx) {
                Poll::Ready(Some(redirect)) => return Poll::Ready(Ok(redirect)),
                // A connection ended, so another may be accepted.
                Poll::Ready(None) => {}
                Poll::Pending => return Poll::Pending,
            }
        }
    })
    .await
}

fn poll_any(
    open: &mut Vec<BoxFuture<'_, Option<Redirect>>>,
    cx: &mut Context<'_>,
) -> Poll<Option<Redirect>> {
    let mut ended = None;
    for (index, connection) in open.iter_mut().enumerate() {
        if let Poll::Ready(result) = connection.as_mut().poll(cx) {
            ended = Some((index, result));
            break;
        }
    }
    match ended {
        Some((index, result)) => {
            drop(open.swap_remove(index));
            Poll::Ready(result)
        }
        None => Poll::Pending,
    }
}

/// Serves one connection and returns the redirect if it carried one. Errors end this connection
/// only.
async fn serve(mut stream: TcpStream, state: &str, clock: &Arc<dyn Clock>) -> Option<Redirect> {
    let until = Some(clock.now().saturating_add(CONNECTION_TIMEOUT));
    let head = timeout_at(&**clock, until, read_head(&mut stream)).await.ok()?.ok()?;
    let redirect = request_query(&head).and_then(|query| read_redirect(query, state));
    let (status, page) = if redirect.is_some() {
        ("200 OK", SUCCESS_PAGE)
    } else {
        ("404 Not Found", MISMATCH_PAGE)
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    let send = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await
    };
    // The code is valid even if the browser is gone.
    let _ = timeout_at(&**clock, until, send).await;
    redirect
}

async fn read_head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    let mut chunk = [0_u8; 1024];
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        let read = stream.read(&mut chunk).await?;
        if read == 0 || head.len() > HEAD_LIMIT {
            return Err(io::ErrorKind::InvalidData.into());
        }
        head.extend(chunk.iter().take(read));
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Returns the query of `GET /?… HTTP/1.1`.
fn request_query(head: &str) -> Option<&str> {
    let mut words = head.lines().next()?.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let (path, query) = target.split_once('?')?;
    (method == "GET" && path == "/").then_some(query)
}
