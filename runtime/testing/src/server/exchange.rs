//! Exchanges over HTTP/1.1 and HTTP/2.

use std::future::Future;
use std::io;

use bytes::Bytes;

use super::incoming::{Feed, Head, Incoming};
use super::plan::{Cut, Damage, Outgoing, Plan};
use super::service::{Exchange, Service};
use crate::reply::Reply;

/// An exchange over one version of HTTP.
pub(super) trait Wire: Send {
    /// Returns the next bytes of the request body.
    fn chunk(&mut self) -> impl Future<Output = io::Result<Option<Bytes>>> + Send;

    /// Sends a response.
    fn answer(
        &mut self,
        head: http::response::Parts,
        body: Outgoing,
        damage: Damage,
    ) -> impl Future<Output = io::Result<()>> + Send;

    /// Ends the exchange without a response.
    fn cut(&mut self, cut: Cut) -> impl Future<Output = io::Result<()>> + Send;
}

/// Serves one request.
pub(super) async fn run<W: Wire>(
    service: &Service,
    mut head: Head,
    wire: &mut W,
) -> io::Result<()> {
    head.split_origin();
    let (mut exchange, faults) = service.begin(&head);
    let mut plan = Plan::of(&faults);
    if let Some(cut) = plan.at_head {
        return wire.cut(cut).await;
    }
    let (incoming, feed) = Incoming::new(head);
    let handler = async {
        if plan.execute {
            return service.handle(incoming).await;
        }
        // Closing the channel drains the body.
        drop(incoming);
        Reply::new(500)
    };
    let (received, reply) = tokio::join!(receive(&exchange, &plan, wire, feed), handler);
    received?;
    if let Some(cut) = plan.at_answer {
        return wire.cut(cut).await;
    }
    let (status, headers, content) = plan.replace.take().unwrap_or(reply).into_parts();
    exchange.status = Some(status.as_u16());
    tokio::time::sleep(plan.damage.wait).await;
    let (mut parts, ()) = http::Response::new(()).into_parts();
    parts.status = status;
    parts.headers = headers;
    let body = Outgoing::new(content, plan.damage);
    wire.answer(parts, body, plan.damage).await
}

/// Reads and records the request body, and passes on the part that the handler may see.
async fn receive<W: Wire>(
    exchange: &Exchange<'_>,
    plan: &Plan,
    wire: &mut W,
    mut feed: Feed,
) -> io::Result<()> {
    let (mut read, mut stall) = (0_u64, plan.stall);
    while let Some(mut chunk) = wire.chunk().await? {
        exchange.note(&chunk);
        read += chunk.len() as u64;
        if let Some((_, wait)) = stall.filter(|(after, _)| *after > 0 && read >= *after) {
            stall = None;
            tokio::time::sleep(wait).await;
        }
        if let Some(limit) = plan.body_limit.filter(|limit| read >= *limit) {
            let over = usize::try_from(read - limit).unwrap_or(usize::MAX).min(chunk.len());
            feed.send(chunk.split_to(chunk.len() - over)).await;
            feed.cut();
            if !plan.drain {
                return Ok(());
            }
            continue;
        }
        feed.send(chunk).await;
    }
    if plan.body_limit.is_none_or(|limit| read < limit) {
        feed.finish();
    }
    exchange.completed();
    Ok(())
}
