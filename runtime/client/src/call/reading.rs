//! Reading of responses, on another thread if they are long.

use std::any::Any;

use super::decode::decode;
use super::request::Response;
use crate::clock::Clock;
use crate::error::Result;
use crate::reply::Reply;
use crate::spec::MethodSpec;

/// Length in bytes from which a response is read on another thread: reading it takes about a
/// millisecond, which other tasks should not wait for, and after which a deadline should hold.
const LONG: usize = 256 * 1024;

/// What was read. Each program compiles the code for its types, so it is little.
pub(crate) type Value = Box<dyn Any + Send>;

/// Reads a response; told whether to be strict.
pub(crate) type Read = fn(&'static MethodSpec, &Response, bool) -> Result<Value>;

/// Decodes a value.
pub(crate) fn decoded<T: Reply>(
    method: &'static MethodSpec,
    response: &Response,
    strict: bool,
) -> Result<Value> {
    decode::<T>(method, response, strict).map(|value| Box::new(value) as Value)
}

/// How to read the response of a call.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) method: &'static MethodSpec,
    pub(crate) strict: bool,
    pub(crate) read: Read,
}

impl Reading {
    /// Reads a response. If the call is dropped meanwhile, the work ends in the background.
    pub(super) async fn run(
        self,
        clock: &dyn Clock,
        response: Response,
    ) -> Result<(Response, Value)> {
        let is_long = response.body.len() >= LONG && !clock.jumps();
        let work = move || self.now(&response).map(|value| (response, value));
        #[cfg(not(target_family = "wasm"))]
        if is_long && tokio::runtime::Handle::try_current().is_ok() {
            return on_other_thread(work).await;
        }
        #[cfg(target_family = "wasm")]
        let _ = is_long;
        work()
    }

    fn now(&self, response: &Response) -> Result<Value> {
        (self.read)(self.method, response, self.strict)
    }
}

#[cfg(not(target_family = "wasm"))]
async fn on_other_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    use crate::error::{Error, ErrorKind};
    let work = crate::observe::on_other_thread(async move { work() });
    let task = tokio::task::spawn_blocking(|| tokio::runtime::Handle::current().block_on(work));
    match task.await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Error::new(ErrorKind::Decode, "the runtime is shutting down")),
        },
    }
}
