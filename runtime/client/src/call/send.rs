//! Sending of calls.

use super::decode::check;
use super::messages::Opened;
use super::reading::{Read, Reading, Value, decoded};
use super::{Call, Full, Head, Response};
use crate::BoxFuture;
use crate::error::{Error, ErrorKind, Result};
use crate::reply::Reply;
use crate::spec::MethodSpec;

impl Call {
    /// Sends the call and returns the undecoded response: any JSON, or any bytes if the method
    /// returns bytes or the call requests another form (`alt`).
    ///
    /// # Errors
    ///
    /// As for any call, including successful responses with nothing, a page, or text instead of
    /// JSON, or with an error: in a member `error` that the response does not declare, or in an
    /// array element, as in an interrupted stream. [`Error::http`] then has the whole body.
    pub async fn execute(self) -> Result<Response> {
        let read = if self.asks_for_json() { checked } else { unchecked };
        self.answer(read)?.await.map(|(response, _)| response)
    }

    /// Sends the call and streams the response body.
    ///
    /// # Errors
    ///
    /// As for any call; the body reports its own errors.
    pub async fn open(self) -> Result<Head> {
        let client = self.0.client.clone();
        client.open(self.into_request()?).await
    }

    /// Sends the call, up to the first message of its answer.
    pub(crate) async fn begin(self, limit: Option<usize>) -> Result<Opened> {
        let client = self.0.client.clone();
        client.stream(self.into_request()?, limit).await
    }

    /// Sends the call and decodes the response.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`].
    pub async fn send<T: Reply>(self) -> Result<T> {
        self.read(decoded::<T>).await.map(|(_, value)| value)
    }

    /// Sends the call and decodes the response, and returns both.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send).
    pub async fn send_full<T: Reply>(self) -> Result<Full<T>> {
        let (response, value) = self.read(decoded::<T>).await?;
        Ok(Full { value, response })
    }

    /// Sends the call and reads the response with `read`, which returns a `T`.
    pub(crate) async fn read<T: Send + 'static>(self, read: Read) -> Result<(Response, T)> {
        let (response, value) = self.answer(read)?.await?;
        value.downcast().map(|value| (response, *value)).map_err(|_| no_answer())
    }

    /// Common to all response types, so that it is compiled in this crate.
    fn answer(self, read: Read) -> Result<BoxFuture<'static, Result<(Response, Value)>>> {
        let (client, method, strict) = (self.0.client.clone(), self.0.method, self.is_strict());
        Ok(client.read(self.into_request()?, Reading { method, strict, read }))
    }
}

/// Checks a response that is returned undecoded.
fn checked(method: &'static MethodSpec, response: &Response, _: bool) -> Result<Value> {
    check(method, response).map(|()| Box::new(()) as Value)
}

fn unchecked(_: &'static MethodSpec, _: &Response, _: bool) -> Result<Value> {
    Ok(Box::new(()))
}

#[cold]
pub(super) fn no_answer() -> Error {
    Error::new(ErrorKind::Decode, "no response")
}
