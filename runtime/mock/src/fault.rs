//! Errors and delays on purpose.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::error::{ApiError, Code};

/// A fault: what happens, to which calls, how often.
///
/// As text, `ACTION[:OPTION,OPTION…]`:
///
/// | action | effect |
/// |---|---|
/// | `503` | the error with this HTTP status, 400 to 599 |
/// | `delay=200ms` | a wait before the call (`ms`, `s`) |
/// | `close` | the connection is closed without an answer |
///
/// | option | which calls |
/// |---|---|
/// | `every=5` | the 5th, 10th, … |
/// | `first=2` | the first two |
/// | `rate=0.1` | one of ten, the same ones in every run |
/// | `method=jobs.projects.jobs.*` | those of a method id; `*` at its end stands for anything |
/// | `after` | the call is carried out, only its answer is lost |
/// | `retry-after=2` | an error says when to try again, in seconds |
#[derive(Debug)]
pub struct Fault {
    action: Action,
    every: u64,
    first: u64,
    rate: f64,
    method: String,
    after: bool,
    retry_after: Option<u32>,
    seen: AtomicU64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Status(u16),
    Delay(Duration),
    Close,
}

/// What the faults of a server do to one call.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Effects {
    pub(crate) delay: Duration,
    pub(crate) failure: Option<Failure>,
}

/// How a call fails.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    /// The error, or nothing for a closed connection.
    pub(crate) error: Option<ApiError>,
    pub(crate) retry_after: Option<u32>,
    pub(crate) after: bool,
}

/// Why the text of a fault was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultError {
    text: String,
    why: &'static str,
}

impl Fault {
    /// Counts a call, and says whether the fault happens to it.
    fn strikes(&self, method: &str) -> bool {
        let applies = match self.method.strip_suffix('*') {
            Some(prefix) => method.starts_with(prefix),
            None => self.method == method,
        };
        if !applies {
            return false;
        }
        let n = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        n.is_multiple_of(self.every) && n <= self.first && chance(n) < self.rate
    }

    fn apply(&self, effects: &mut Effects) {
        let error = match self.action {
            Action::Delay(delay) => {
                effects.delay += delay;
                return;
            }
            Action::Close => None,
            Action::Status(status) => {
                let text = format!("Injected fault {status}.");
                Some(ApiError::new(Code::of_http_status(status), text).with_http_status(status))
            }
        };
        let failure = Failure { error, retry_after: self.retry_after, after: self.after };
        effects.failure.get_or_insert(failure);
    }
}

/// What the faults do to the next call of a method.
pub(crate) fn effects(faults: &[Fault], method: &str) -> Effects {
    let mut effects = Effects::default();
    for fault in faults.iter().filter(|fault| fault.strikes(method)) {
        fault.apply(&mut effects);
    }
    effects
}

/// A number in `[0, 1)` that looks random but depends on `n` alone (splitmix64).
fn chance(n: u64) -> f64 {
    let mut z = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let high = u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(u32::MAX);
    f64::from(high) / 4_294_967_296.0
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let refuse = |why| FaultError { text: text.to_owned(), why };
        let (action, options) = text.split_once(':').unwrap_or((text, ""));
        let mut fault = Self {
            action: action.parse().map_err(refuse)?,
            every: 1,
            first: u64::MAX,
            rate: 1.0,
            method: "*".to_owned(),
            after: false,
            retry_after: None,
            seen: AtomicU64::new(0),
        };
        for option in options.split(',').map(str::trim).filter(|option| !option.is_empty()) {
            fault.set(option).map_err(refuse)?;
        }
        Ok(fault)
    }
}

impl Fault {
    fn set(&mut self, option: &str) -> Result<(), &'static str> {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        match name {
            "every" => self.every = positive(value).ok_or("every needs a number from 1")?,
            "first" => self.first = positive(value).ok_or("first needs a number from 1")?,
            "rate" => {
                let rate = value.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
                self.rate = rate.ok_or("rate needs a number from 0 to 1")?;
            }
            "method" if !value.is_empty() => value.clone_into(&mut self.method),
            "after" if value.is_empty() => self.after = true,
            "retry-after" => {
                let seconds = value.trim_end_matches('s').parse();
                self.retry_after = Some(seconds.map_err(|_| "retry-after needs seconds")?);
            }
            _ => return Err("an option is every, first, rate, method, after or retry-after"),
        }
        Ok(())
    }
}

impl FromStr for Action {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text.split_once('=') {
            Some(("delay", time)) => {
                duration(time).map(Self::Delay).ok_or("delay needs a time such as 200ms or 1.5s")
            }
            None if text == "close" => Ok(Self::Close),
            None => {
                let status = text.parse().ok().filter(|status| (400..600).contains(status));
                status
                    .map(Self::Status)
                    .ok_or("an action is an HTTP status from 400 to 599, delay=TIME or close")
            }
            Some(_) => Err("an action is an HTTP status from 400 to 599, delay=TIME or close"),
        }
    }
}

fn positive(text: &str) -> Option<u64> {
    text.parse().ok().filter(|n| *n > 0)
}

/// `200ms`, `1.5s`; at most an hour.
fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (text.strip_suffix('s')?, 1.0),
    };
    let seconds = number.parse::<f64>().ok()? * unit;
    (0.0..=3600.0).contains(&seconds).then(|| Duration::from_secs_f64(seconds))
}

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the fault '{}' is not understood: {}", self.text, self.why)
    }
}

impl std::error::Error for FaultError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(text: &str, calls: &[&str]) -> Vec<usize> {
        let fault: Fault = text.parse().unwrap();
        let calls = calls.iter().enumerate();
        calls.filter(|(_, method)| fault.strikes(method)).map(|(n, _)| n + 1).collect()
    }

    #[test]
    fn options_choose_calls() {
        let ten = ["a.b"; 10];
        assert_eq!(struck("503", &["a", "b"]), [1, 2]);
        assert_eq!(struck("503:every=4", &ten), [4, 8]);
        assert_eq!(struck("503:first=2", &ten), [1, 2]);
        assert_eq!(struck("503:every=2,first=5", &ten), [2, 4]);
        assert_eq!(struck("503:method=a.b", &["a.b", "a.c", "a.b"]), [1, 3]);
        assert_eq!(struck("503:method=a.*,every=2", &["a.b", "b", "a.c", "a.d", "a.e"]), [3, 5]);
        let some = struck("503:rate=0.3", &["x"; 1000]).len();
        assert!((250..350).contains(&some), "{some}");
        assert_eq!(struck("503:rate=0", &ten), [] as [usize; 0]);
    }

    #[test]
    fn effects_add_up() {
        let faults: Vec<Fault> = ["delay=200ms", "delay=1.5s", "429:retry-after=2,after", "close"]
            .map(|t| t.parse().unwrap())
            .into();
        let effects = effects(&faults, "m");
        assert_eq!(effects.delay, Duration::from_millis(1700));
        let failure = effects.failure.unwrap();
        assert!(failure.after);
        assert_eq!(failure.retry_after, Some(2));
        assert_eq!(failure.error.unwrap().code(), Code::ResourceExhausted);
    }

    #[test]
    fn bad_text_is_refused() {
        for text in [
            "",
            "200",
            "600",
            "delay",
            "delay=x",
            "delay=-1s",
            "delay=1h",
            "503:every=0",
            "503:often",
            "503:rate=2",
            "503:first=",
            "503:after=1",
            "503:method=",
        ] {
            assert!(text.parse::<Fault>().is_err(), "{text}");
        }
    }
}
