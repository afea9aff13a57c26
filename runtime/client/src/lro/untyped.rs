//! Operations of untyped calls.

use super::begin::Begin;
use super::{Operation, Poller, StatusOperation, result};
use crate::call::Call;
use crate::error::{Error, Result};
use crate::json::{Decode, DecodeError, Json, Reader};

/// Sends an untyped call that starts an operation, waits until it ends, and returns its result: its
/// response, or, for operations with a status, the operation. Typed calls have `until_done`.
///
/// `show` receives the operation after each poll.
///
/// # Errors
///
/// As for [`Poller::result`]; [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the
/// method starts no operation that can be awaited.
pub async fn until_done(
    call: Call,
    poller: &Poller,
    show: &(dyn Fn(&Json) + Send + Sync),
) -> Result<Json> {
    let method = call.method();
    let Some(spec) = method.operation else {
        let message = format!("`{}` starts no operation that can be awaited", method.id);
        return Err(Error::invalid(message));
    };
    let begin = Begin::Call(call);
    if spec.by_status {
        let show = |operation: &StatusOperation| show(operation.json());
        result(&begin.operation::<StatusOperation>(spec, poller, &show).await?)
    } else {
        result(&begin.operation::<Json>(spec, poller, show).await?)
    }
}

impl Decode for StatusOperation {
    fn decode(r: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        <Json as Decode>::decode(r).map(Self::from_json)
    }
}

impl Operation for StatusOperation {
    fn name(&self) -> Option<String> {
        self.name()
    }

    fn done(&self) -> bool {
        self.done()
    }

    fn error(&self) -> Option<Json> {
        self.error()
    }

    fn response(&self) -> Option<Json> {
        Some(self.json().clone())
    }

    fn link(&self) -> Option<String> {
        self.link()
    }

    fn target(&self) -> Option<String> {
        self.target()
    }
}
