//! Steps of an exchange with faults.

use std::time::Duration;

use bytes::{Bytes, BytesMut};

use crate::fault::Fault;
use crate::reply::{Content, Reply};

/// How an exchange ends without a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The connection is reset.
    Reset,
    /// HTTP/2 `GOAWAY` that excludes the request; on HTTP/1 an orderly close.
    GoAway,
    /// HTTP/2 `RST_STREAM` with `INTERNAL_ERROR`; on HTTP/1 as `Reset`.
    ResetStream,
    /// HTTP/2 `RST_STREAM` with `REFUSED_STREAM`; on HTTP/1 an orderly close.
    RefuseStream,
    /// The response never arrives.
    Hang,
}

/// Steps of an exchange.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Ends the exchange after reading the headers.
    pub(super) at_head: Option<Cut>,
    /// Whether the handler is called.
    pub(super) execute: bool,
    /// Maximum number of body bytes that the handler sees.
    pub(super) body_limit: Option<u64>,
    /// Whether the rest of the body is still read.
    pub(super) drain: bool,
    /// Delay while the request body is read.
    pub(super) stall: Option<(u64, Duration)>,
    /// Ends the exchange after executing the request.
    pub(super) at_answer: Option<Cut>,
    /// Response sent in place of the handler's.
    pub(super) replace: Option<Reply>,
    /// Damage to the response.
    pub(super) damage: Damage,
}

/// Damage to a response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) wait: Duration,
    pub(super) slow_head: Duration,
    pub(super) break_after: Option<u64>,
    /// Truncates short bodies as well.
    pub(super) never_whole: bool,
    pub(super) shorten: bool,
    pub(super) corrupt: bool,
    pub(super) overstate: bool,
    pub(super) stall: Option<(u64, Duration)>,
}

/// Number of bytes before `return-broken-stream` closes the connection.
const FEW: u64 = 10;

impl Plan {
    /// Returns the plan of an exchange with these faults.
    ///
    /// Delays add up. The first of several failures applies.
    pub(super) fn of(faults: &[Fault]) -> Self {
        let mut plan = Self { execute: true, drain: true, ..Self::default() };
        let mut failed = false;
        for fault in faults {
            match fault {
                Fault::StallFor(wait) => plan.damage.wait += *wait,
                Fault::SlowHeaders(wait) => plan.damage.slow_head += *wait,
                Fault::StallForAfter { wait, bytes } => {
                    plan.stall = Some((*bytes, *wait));
                    plan.damage.stall = plan.stall;
                }
                _ if failed => {}
                fault => {
                    failed = true;
                    plan.fail(*fault);
                }
            }
        }
        plan
    }

    /// Applies faults that fail an exchange.
    fn fail(&mut self, fault: Fault) {
        match fault {
            Fault::BrokenStream => {
                self.damage.break_after = Some(FEW);
                self.damage.never_whole = true;
            }
            Fault::BrokenStreamAfter(bytes) => self.damage.break_after = Some(bytes),
            Fault::Corrupted => self.damage.corrupt = true,
            Fault::Truncated => self.damage.shorten = true,
            Fault::WrongLength => self.damage.overstate = true,
            Fault::Reset => self.at_head = Some(Cut::Reset),
            Fault::GoAway => self.at_head = Some(Cut::GoAway),
            Fault::RefusedStream => self.at_head = Some(Cut::RefuseStream),
            Fault::LoseAnswer => self.at_answer = Some(Cut::Reset),
            Fault::RstStream => self.at_answer = Some(Cut::ResetStream),
            Fault::StallAlways => self.at_answer = Some(Cut::Hang),
            Fault::ResetAfter(bytes) => {
                self.body_limit = Some(bytes);
                self.drain = false;
                self.at_answer = Some(Cut::Reset);
            }
            fault => self.refuse(fault),
        }
    }

    /// Applies faults that are responses.
    fn refuse(&mut self, fault: Fault) {
        let text = format!("fault {fault}");
        self.replace = match fault {
            Fault::StatusAfter { status, bytes } => {
                self.body_limit = Some(bytes);
                return self.replace = Some(Reply::error(status, &text));
            }
            Fault::LateStatus { status, retry_after } => {
                let reply = Reply::error(status, &text);
                return self.replace = Some(match retry_after {
                    Some(seconds) => reply.with_header("retry-after", seconds),
                    None => reply,
                });
            }
            Fault::Status(status) => Some(Reply::error(status, &text)),
            Fault::StatusRetryAfter { status, seconds } => {
                Some(Reply::error(status, &text).with_header("retry-after", seconds))
            }
            Fault::Html(status) => {
                let page = format!("<!DOCTYPE html><html><title>Error {status}</title></html>\n");
                Some(Reply::new(status).with_body("text/html; charset=UTF-8", page))
            }
            _ => None,
        };
        self.execute = self.replace.is_none();
    }
}

/// Response body being sent, including damage.
pub(crate) struct Outgoing {
    content: Content,
    at: u64,
    end: u64,
    corrupt_at: Option<u64>,
    stall: Option<(u64, Duration)>,
    /// Value of `Content-Length`.
    pub(crate) declared: u64,
    /// Whether the connection breaks at the end of the bytes.
    pub(crate) broken: bool,
}

const PIECE: usize = 64 * 1024;

impl Outgoing {
    pub(super) fn new(content: Content, damage: Damage) -> Self {
        let len = content.len();
        let end = if damage.shorten { len / 2 } else { len };
        let last = if damage.never_whole { end.saturating_sub(1) } else { end };
        let stop = damage.break_after.map_or(end, |after| after.min(last));
        Self {
            at: 0,
            end: stop,
            corrupt_at: damage.corrupt.then_some(len / 2),
            stall: damage.stall,
            declared: if damage.overstate { end + FEW } else { end },
            broken: damage.break_after.is_some() || damage.overstate,
            content,
        }
    }

    /// Returns the whole body if it is in memory and undamaged.
    pub(crate) fn whole(&self) -> Option<Bytes> {
        let sound = !self.broken && self.corrupt_at.is_none() && self.stall.is_none();
        let all = self.content.bytes().filter(|_| sound)?;
        Some(all.slice(..usize::try_from(self.end).ok()?.min(all.len())))
    }

    /// Returns the next piece.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        let mut end = self.end;
        if let Some((after, wait)) = self.stall {
            if after > self.at {
                end = end.min(after);
            } else if self.at < self.end {
                self.stall = None;
                tokio::time::sleep(wait).await;
            }
        }
        let left = end.saturating_sub(self.at);
        let max = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
        if max == 0 {
            return None;
        }
        let piece = self.corrupt(self.content.read(self.at, max));
        self.at += piece.len() as u64;
        Some(piece)
    }

    fn corrupt(&self, piece: Bytes) -> Bytes {
        let Some(offset) = self.corrupt_at.and_then(|at| at.checked_sub(self.at)) else {
            return piece;
        };
        let mut bytes = BytesMut::from(piece);
        if let Some(byte) = usize::try_from(offset).ok().and_then(|at| bytes.get_mut(at)) {
            *byte ^= 0x40;
        }
        bytes.freeze()
    }
}
