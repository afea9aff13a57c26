//! What a fault means for an exchange, step by step.

use std::time::Duration;

use bytes::{Bytes, BytesMut};

use crate::fault::Fault;
use crate::reply::{Content, Reply};

/// How an exchange ends without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// The connection is reset.
    Reset,
    /// HTTP/2 `GOAWAY` that excludes the request; on HTTP/1 an orderly close.
    GoAway,
    /// HTTP/2 `RST_STREAM` with `INTERNAL_ERROR`; on HTTP/1 as `Reset`.
    ResetStream,
    /// HTTP/2 `RST_STREAM` with `REFUSED_STREAM`; on HTTP/1 an orderly close.
    RefuseStream,
    /// Nothing ever comes.
    Hang,
}

/// The steps of one exchange.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Ends it as soon as the head is read.
    pub(super) at_head: Option<Cut>,
    /// Whether the handler runs.
    pub(super) execute: bool,
    /// The handler sees no more of the body than this.
    pub(super) body_limit: Option<u64>,
    /// Whether the rest of the body is read all the same.
    pub(super) drain: bool,
    /// A wait while the request body is read.
    pub(super) stall: Option<(u64, Duration)>,
    /// Ends it after the request was executed.
    pub(super) at_answer: Option<Cut>,
    /// Sent in place of the handler's answer.
    pub(super) replace: Option<Reply>,
    /// What is done to the answer.
    pub(super) damage: Damage,
}

/// What is done to an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) wait: Duration,
    pub(super) slow_head: Duration,
    pub(super) break_after: Option<u64>,
    pub(super) shorten: bool,
    pub(super) corrupt: bool,
    pub(super) overstate: bool,
    pub(super) stall: Option<(u64, Duration)>,
}

/// How much of a body `return-broken-stream` lets through.
const FEW: u64 = 10;

impl Plan {
    /// The plan of a fault; without one, all goes well.
    pub(super) fn of(fault: Option<Fault>) -> Self {
        let mut plan = Self { execute: true, drain: true, ..Self::default() };
        let damage = &mut plan.damage;
        match fault {
            None => {}
            Some(Fault::BrokenStream) => damage.break_after = Some(FEW),
            Some(Fault::BrokenStreamAfter(bytes)) => damage.break_after = Some(bytes),
            Some(Fault::Corrupted) => damage.corrupt = true,
            Some(Fault::Truncated) => damage.shorten = true,
            Some(Fault::WrongLength) => damage.overstate = true,
            Some(Fault::StallFor(wait)) => damage.wait = wait,
            Some(Fault::SlowHeaders(wait)) => damage.slow_head = wait,
            Some(Fault::StallForAfter { wait, bytes }) => {
                plan.stall = Some((bytes, wait));
                damage.stall = Some((bytes, wait));
            }
            Some(Fault::Reset) => plan.at_head = Some(Cut::Reset),
            Some(Fault::GoAway) => plan.at_head = Some(Cut::GoAway),
            Some(Fault::RefusedStream) => plan.at_head = Some(Cut::RefuseStream),
            Some(Fault::LoseAnswer) => plan.at_answer = Some(Cut::Reset),
            Some(Fault::RstStream) => plan.at_answer = Some(Cut::ResetStream),
            Some(Fault::StallAlways) => plan.at_answer = Some(Cut::Hang),
            Some(Fault::ResetAfter(bytes)) => {
                plan.body_limit = Some(bytes);
                plan.drain = false;
                plan.at_answer = Some(Cut::Reset);
            }
            Some(fault) => plan.refuse(fault),
        }
        plan
    }

    /// Faults that are answers.
    fn refuse(&mut self, fault: Fault) {
        let text = format!("fault {fault}");
        self.replace = match fault {
            Fault::StatusAfter { status, bytes } => {
                self.body_limit = Some(bytes);
                return self.replace = Some(Reply::error(status, &text));
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

/// The body of an answer on its way out, damage included.
pub(super) struct Outgoing {
    content: Content,
    at: u64,
    end: u64,
    corrupt_at: Option<u64>,
    stall: Option<(u64, Duration)>,
    /// What `Content-Length` says.
    pub(super) declared: u64,
    /// Whether the connection breaks where the bytes end.
    pub(super) broken: bool,
}

const PIECE: usize = 64 * 1024;

impl Outgoing {
    pub(super) fn new(content: Content, damage: Damage) -> Self {
        let len = content.len();
        let end = if damage.shorten { len / 2 } else { len };
        let stop = damage.break_after.map_or(end, |after| end.min(after));
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

    /// The next piece.
    pub(super) async fn next(&mut self) -> Option<Bytes> {
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
