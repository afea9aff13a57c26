//! Rules that select the exchanges of a fault.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use super::parse::{seconds, status, time};
use super::{BadFault, Fault};

/// A fault with the exchanges that it applies to.
///
/// As text, `FAULT[:OPTION,OPTION…]`, where `FAULT` is the name of a [`Fault`]:
///
/// | option | which exchanges |
/// |---|---|
/// | `every=5` | the 5th, the 10th, … |
/// | `first=2` | the first two |
/// | `rate=0.1` | one of ten, the same ones in every run |
/// | `method=jobs.projects.jobs.*` | those of a method; a final `*` matches any suffix |
///
/// Options count only exchanges of the rule's methods. Common faults have short forms:
///
/// | short | for |
/// |---|---|
/// | `503` | `return-503` |
/// | `429:retry-after=2` | `return-429-retry-after-2s` |
/// | `500:after` | `return-500-after-request` |
/// | `delay=200ms` | `stall-for-200ms` |
/// | `close` | `return-reset-connection` |
/// | `close:after` | `return-reset-connection-after-request` |
///
/// ```
/// use discovery_testing::FaultRule;
/// let rule: FaultRule = "503:every=2,method=library.*".parse()?;
/// assert_eq!(rule.to_string(), "return-503:every=2,method=library.*");
/// assert!("503:often".parse::<FaultRule>().is_err());
/// # Ok::<(), discovery_testing::BadFault>(())
/// ```
#[derive(Debug)]
pub struct FaultRule {
    fault: Fault,
    every: u64,
    first: u64,
    rate: f64,
    method: String,
    seen: AtomicU64,
}

impl From<Fault> for FaultRule {
    /// The fault applies to every exchange.
    fn from(fault: Fault) -> Self {
        let (every, first, rate) = (1, u64::MAX, 1.0);
        Self { fault, every, first, rate, method: "*".to_owned(), seen: AtomicU64::new(0) }
    }
}

impl FaultRule {
    /// Counts an exchange of a method and returns its fault, if any.
    pub(crate) fn next_fault(&self, method: &str) -> Option<Fault> {
        let applies = match self.method.strip_suffix('*') {
            Some(prefix) => method.starts_with(prefix),
            None => self.method == method,
        };
        if !applies {
            return None;
        }
        let n = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        let strikes = n.is_multiple_of(self.every) && n <= self.first && chance(n) < self.rate;
        strikes.then_some(self.fault)
    }

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
            "after" if value.is_empty() => self.fault = late(self.fault)?,
            "retry-after" => {
                let wait = seconds(value).or_else(|| seconds(&format!("{value}s")));
                self.fault = retry_after(self.fault, wait.ok_or("retry-after needs seconds")?)?;
            }
            _ => {
                return Err(
                    "unknown option, expected every, first, rate, method, after, or retry-after",
                );
            }
        }
        Ok(())
    }
}

/// Converts a fault into one that happens after the request is executed.
fn late(fault: Fault) -> Result<Fault, &'static str> {
    match fault {
        Fault::Status(status) => Ok(Fault::LateStatus { status, retry_after: None }),
        Fault::StatusRetryAfter { status, seconds } => {
            Ok(Fault::LateStatus { status, retry_after: Some(seconds) })
        }
        Fault::Reset => Ok(Fault::LoseAnswer),
        _ => Err("only a status or close supports after"),
    }
}

fn retry_after(fault: Fault, seconds: u64) -> Result<Fault, &'static str> {
    match fault {
        Fault::Status(status) => Ok(Fault::StatusRetryAfter { status, seconds }),
        Fault::LateStatus { status, .. } => {
            Ok(Fault::LateStatus { status, retry_after: Some(seconds) })
        }
        _ => Err("only a status supports retry-after"),
    }
}

/// Returns a pseudorandom number in `[0, 1)` derived from `n` only.
fn chance(n: u64) -> f64 {
    let high = u32::try_from(mix(n.wrapping_mul(GOLDEN)) >> 32).unwrap_or(u32::MAX);
    f64::from(high) / 4_294_967_296.0
}

/// State increment of SplitMix64.
pub(crate) const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Output function of SplitMix64: small, and random enough to select faults.
pub(crate) const fn mix(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl FromStr for FaultRule {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        let (name, options) = text.split_once(':').unwrap_or((text, ""));
        let refuse = |why| BadFault::new(text, why);
        let mut rule = Self::from(match short(name).map_err(refuse)? {
            Some(fault) => fault,
            None => name.parse()?,
        });
        for option in options.split(',').map(str::trim).filter(|option| !option.is_empty()) {
            rule.set(option).map_err(refuse)?;
        }
        Ok(rule)
    }
}

/// Parses the short form of a fault.
fn short(name: &str) -> Result<Option<Fault>, &'static str> {
    if name == "close" {
        return Ok(Some(Fault::Reset));
    }
    if let Some(wait) = name.strip_prefix("delay=") {
        let wait = time(wait).ok_or("delay needs a time such as 200ms or 1.5s, at most an hour")?;
        return Ok(Some(Fault::StallFor(wait)));
    }
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let status = status(name).filter(|status| *status >= 400);
    status.map(|status| Some(Fault::Status(status))).ok_or("a status must be from 400 to 599")
}

fn positive(text: &str) -> Option<u64> {
    text.parse().ok().filter(|n| *n > 0)
}

impl fmt::Display for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.fault)?;
        let options = [
            (self.every != 1).then(|| format!("every={}", self.every)),
            (self.first != u64::MAX).then(|| format!("first={}", self.first)),
            (self.rate < 1.0).then(|| format!("rate={}", self.rate)),
            (self.method != "*").then(|| format!("method={}", self.method)),
        ];
        for (at, option) in options.into_iter().flatten().enumerate() {
            write!(f, "{}{option}", if at == 0 { ':' } else { ',' })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn affected(text: &str, methods: &[&str]) -> Vec<usize> {
        let rule: FaultRule = text.parse().unwrap();
        let methods = methods.iter().enumerate();
        methods
            .filter(|(_, method)| rule.next_fault(method).is_some())
            .map(|(n, _)| n + 1)
            .collect()
    }

    #[test]
    fn options_select_exchanges() {
        let ten = ["a.b"; 10];
        assert_eq!(affected("503", &["a", "b"]), [1, 2]);
        assert_eq!(affected("503:every=4", &ten), [4, 8]);
        assert_eq!(affected("503:first=2", &ten), [1, 2]);
        assert_eq!(affected("503:every=2,first=5", &ten), [2, 4]);
        assert_eq!(affected("503:method=a.b", &["a.b", "a.c", "a.b"]), [1, 3]);
        assert_eq!(affected("503:method=a.*,every=2", &["a.b", "b", "a.c", "a.d", "a.e"]), [3, 5]);
        let some = affected("503:rate=0.3", &["x"; 1000]).len();
        assert!((250..350).contains(&some), "{some}");
        assert_eq!(affected("503:rate=0", &ten), [] as [usize; 0]);
    }

    #[test]
    fn short_forms_are_expanded() {
        for (short, long) in [
            ("503", "return-503"),
            ("return-html-502:first=1", "return-html-502:first=1"),
            ("429:retry-after=2", "return-429-retry-after-2s"),
            ("429:retry-after=2s,after", "return-429-retry-after-2s-after-request"),
            ("429:after,retry-after=2", "return-429-retry-after-2s-after-request"),
            ("500:after,first=1", "return-500-after-request:first=1"),
            ("delay=1.5s", "stall-for-1500ms"),
            ("close:rate=0.5,every=2", "return-reset-connection:every=2,rate=0.5"),
            ("close:after", "return-reset-connection-after-request"),
            ("send-goaway:method=a.*", "send-goaway:method=a.*"),
        ] {
            let rule: FaultRule = short.parse().unwrap();
            assert_eq!(rule.to_string(), long);
            assert_eq!(long.parse::<FaultRule>().unwrap().to_string(), long);
        }
    }

    #[test]
    fn invalid_rules_are_rejected() {
        for (text, why) in [
            ("", "known are"),
            ("200", "from 400 to 599"),
            ("600", "from 400 to 599"),
            ("delay", "known are"),
            ("delay=x", "needs a time"),
            ("delay=-1s", "needs a time"),
            ("delay=1h", "needs a time"),
            ("503:every=0", "every needs"),
            ("503:often", "unknown option"),
            ("503:rate=2", "rate needs"),
            ("503:first=", "first needs"),
            ("503:after=1", "unknown option"),
            ("503:method=", "unknown option"),
            ("stall-always:after", "only a status or close"),
            ("close:retry-after=1", "only a status supports"),
            ("503:retry-after=soon", "needs seconds"),
        ] {
            let error = text.parse::<FaultRule>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
