//! Functions of the JavaScript host: a page, a worker, or Node.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Longest delay of `setTimeout`, which ends longer ones at once.
const LONGEST: Duration = Duration::from_millis(0x7FFF_FFFF);

/// Returns a member of the global object, which has another type in every host.
pub(crate) fn global<T: JsCast>(name: &str) -> Option<T> {
    let value = Reflect::get(&js_sys::global(), &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then(|| value.unchecked_into())
}

/// Returns the time since the start of the program.
pub(crate) fn monotonic() -> Duration {
    match global::<web_sys::Performance>("performance") {
        Some(performance) => duration(performance.now()),
        None => unix(),
    }
}

/// Returns the time since 1970.
pub(crate) fn unix() -> Duration {
    duration(js_sys::Date::now())
}

fn duration(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default()
}

/// Returns two random words, or `None` in a host without a source of them, such as Node 18.
pub(crate) fn random() -> Option<[u64; 2]> {
    let crypto = global::<web_sys::Crypto>("crypto")?;
    let word = || {
        let mut bytes = [0; 8];
        crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
        Some(u64::from_le_bytes(bytes))
    };
    Some([word()?, word()?])
}

/// A running `setTimeout`, which is cleared when the timer is dropped: Node does not exit before
/// its timers.
pub(crate) struct Timer {
    id: JsValue,
    ended: JsFuture,
}

impl Timer {
    /// Waits. Cancelled by dropping the future.
    pub(crate) async fn wait(mut duration: Duration) {
        while let Some(rest) = duration.checked_sub(LONGEST) {
            Self::start(LONGEST).await;
            duration = rest;
        }
        Self::start(duration).await;
    }

    fn start(duration: Duration) -> Self {
        let mut id = JsValue::UNDEFINED;
        // Rounded up: an early end would leave a rest to wait for.
        let milliseconds = JsValue::from_f64((duration.as_secs_f64() * 1000.0).ceil());
        let promise = Promise::new(&mut |resolve, reject| {
            let started = global::<Function>("setTimeout")
                .map(|start| start.call2(&JsValue::UNDEFINED, &resolve, &milliseconds));
            match started {
                Some(Ok(started)) => id = started,
                // Without timers, no wait ends too late.
                _ => drop(reject.call0(&JsValue::UNDEFINED)),
            }
        });
        Self { id, ended: JsFuture::from(promise) }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        pin!(&mut self.ended).poll(cx).map(drop)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(clear) = global::<Function>("clearTimeout") {
            // Clearing a timer that ended has no effect.
            let _ = clear.call1(&JsValue::UNDEFINED, &self.id);
        }
    }
}
