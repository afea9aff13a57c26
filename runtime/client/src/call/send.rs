//! Sending of calls.

use super::attempt::Sink;
use super::decode::{check, decode};
use super::messages::Opened;
use super::{Call, Full, Head, Response};
use crate::BoxFuture;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::reply::Reply;
use crate::spec::MethodSpec;

impl Call {
    /// Sends the call and returns the undecoded response: any JSON, or any bytes if the method
    /// returns bytes or the call requests another form (`alt`).
    ///
    /// # Errors
    ///
    /// As for any call, including successful responses with a page or text instead of JSON, or with
    /// an error: in a member `error` that the response does not declare, or in an array element, as
    /// in an interrupted stream. [`Error::http`] then has the whole body.
    pub async fn execute(self) -> Result<Response> {
        let (client, method) = (self.0.client.clone(), self.0.method);
        let json = self.asks_for_json();
        let mut answer = None;
        let mut sink = |response: &Response| {
            if json {
                check(method, response)?;
            }
            answer = Some(response.clone());
            Ok(())
        };
        self.drive(&client, &mut sink)?.await?;
        answer.ok_or_else(no_answer)
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
        self.read(decode::<T>).await
    }

    /// Sends the call and reads the response with `read`, which is told whether to be strict.
    pub(crate) async fn read<T: Send>(
        self,
        read: fn(&'static MethodSpec, &Response, bool) -> Result<T>,
    ) -> Result<T> {
        let (client, method, strict) = (self.0.client.clone(), self.0.method, self.is_strict());
        let mut value = None;
        let mut sink = |response: &Response| {
            value = Some(read(method, response, strict)?);
            Ok(())
        };
        self.drive(&client, &mut sink)?.await?;
        value.ok_or_else(no_answer)
    }

    /// Sends the call and returns the decoded response with its status and headers.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send).
    pub async fn send_full<T: Reply>(self) -> Result<Full<T>> {
        let (client, method, strict) = (self.0.client.clone(), self.0.method, self.is_strict());
        let mut full = None;
        let mut sink = |response: &Response| {
            let value = decode::<T>(method, response, strict)?;
            full = Some(Full { value, response: response.clone() });
            Ok(())
        };
        self.drive(&client, &mut sink)?.await?;
        full.ok_or_else(no_answer)
    }

    /// Common to all response types, so that it is compiled in this crate.
    fn drive<'a>(
        self,
        client: &'a Client,
        sink: &'a mut Sink<'_>,
    ) -> Result<BoxFuture<'a, Result<()>>> {
        Ok(client.drive(self.into_request()?, sink))
    }
}

#[cold]
pub(super) fn no_answer() -> Error {
    Error::new(ErrorKind::Decode, "no response")
}
