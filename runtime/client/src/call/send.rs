//! Making a call.

use super::attempt::Sink;
use super::decode::{check, decode};
use super::{Call, Full, Head, Response};
use crate::BoxFuture;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::method::Reply;
use crate::spec::MethodSpec;

impl Call {
    /// Makes the call and gives the answer as it came: any JSON, any bytes where the method answers
    /// bytes or the call asks for another form (`alt`).
    ///
    /// # Errors
    ///
    /// As any call. That includes an answer of success that is a page or text in place of JSON, or
    /// that carries an error: in a member `error` which the response does not declare, or in an
    /// element of an array, as streams end that broke. [`Error::http`] then has the whole body.
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
        self.begin(&client, &mut sink)?.await?;
        answer.ok_or_else(no_answer)
    }

    /// Makes the call and streams the answer's body.
    ///
    /// # Errors
    ///
    /// As any call; failures of the body come with the body.
    pub async fn open(self) -> Result<Head> {
        let client = self.0.client.clone();
        client.open(self.into_request()?).await
    }

    /// Makes the call and decodes the answer.
    ///
    /// # Errors
    ///
    /// [`Error`] says what happened; see [`ErrorKind`].
    pub async fn send<T: Reply>(self) -> Result<T> {
        self.read(decode::<T>).await
    }

    /// Makes the call and reads the answer with `read`.
    pub(crate) async fn read<T: Send>(
        self,
        read: fn(&MethodSpec, &Response) -> Result<T>,
    ) -> Result<T> {
        let (client, method) = (self.0.client.clone(), self.0.method);
        let mut value = None;
        let mut sink = |response: &Response| {
            value = Some(read(method, response)?);
            Ok(())
        };
        self.begin(&client, &mut sink)?.await?;
        value.ok_or_else(no_answer)
    }

    /// Makes the call, decodes the answer and keeps its status and headers.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_full<T: Reply>(self) -> Result<Full<T>> {
        let (client, method) = (self.0.client.clone(), self.0.method);
        let mut full = None;
        let mut sink = |response: &Response| {
            let value = decode::<T>(method, response)?;
            full = Some(Full { value, response: response.clone() });
            Ok(())
        };
        self.begin(&client, &mut sink)?.await?;
        full.ok_or_else(no_answer)
    }

    /// What is the same for all types of answers: compiled here, not in the program.
    fn begin<'a>(
        self,
        client: &'a Client,
        sink: &'a mut Sink<'_>,
    ) -> Result<BoxFuture<'a, Result<()>>> {
        Ok(client.drive(self.into_request()?, sink))
    }
}

#[cold]
pub(super) fn no_answer() -> Error {
    Error::new(ErrorKind::Decode, "there was no answer")
}
