//! Selection of faults for requests.

use super::incoming::Head;
use crate::fault::{Fault, FaultRule, GOLDEN, mix};

/// Random faults, deterministic for a seed and order of requests.
#[derive(Clone, Debug)]
pub struct Chaos {
    one_in: u64,
    faults: Vec<Fault>,
    state: u64,
}

impl Chaos {
    /// Applies one of `faults` to one request in `one_in`, or to none if either is empty or zero.
    #[must_use]
    pub fn new(one_in: u32, faults: impl IntoIterator<Item = Fault>, seed: u64) -> Self {
        Self { one_in: one_in.into(), faults: faults.into_iter().collect(), state: seed | 1 }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    fn select(&mut self) -> Option<Fault> {
        if self.one_in == 0 || !self.next().is_multiple_of(self.one_in) {
            return None;
        }
        let count = self.faults.len() as u64;
        let index = self.next().checked_rem(count)?;
        self.faults.get(usize::try_from(index).ok()?).copied()
    }
}

struct Rule {
    when: Box<dyn Fn(&Head) -> bool + Send + Sync>,
    fault: Fault,
    left: Option<u32>,
}

#[derive(Default)]
pub(super) struct Rules {
    rules: Vec<Rule>,
    standing: Vec<FaultRule>,
    pub(super) chaos: Option<Chaos>,
}

impl Rules {
    pub(super) fn push(
        &mut self,
        when: impl Fn(&Head) -> bool + Send + Sync + 'static,
        fault: Fault,
        left: Option<u32>,
    ) {
        self.rules.push(Rule { when: Box::new(when), fault, left });
    }

    pub(super) fn add(&mut self, rule: FaultRule) {
        self.standing.push(rule);
    }

    /// Returns the faults of a request: the first matching injection, the fault that the request
    /// asks for, or those of the standing rules.
    pub(super) fn faults(&mut self, head: &Head, method: Option<&str>) -> Vec<Fault> {
        if let Some(fault) = self.injected(head) {
            return vec![fault];
        }
        let Some(method) = method else { return Vec::new() };
        self.standing.iter().filter_map(|rule| rule.next_fault(method)).collect()
    }

    fn injected(&mut self, head: &Head) -> Option<Fault> {
        if let Some(at) = self.rules.iter().position(|rule| (rule.when)(head)) {
            let rule = &mut self.rules[at];
            let fault = rule.fault;
            if let Some(left) = &mut rule.left {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    self.rules.remove(at);
                }
            }
            return Some(fault);
        }
        let wish = head.header("x-goog-emulator-instructions");
        if let Some(fault) = wish.and_then(|name| name.parse().ok()) {
            return Some(fault);
        }
        self.chaos.as_mut().and_then(Chaos::select)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaos_keeps_its_rate_and_repeats() {
        let faults = [Fault::Status(503), Fault::Reset];
        let count = |seed| {
            let mut chaos = Chaos::new(5, faults, seed);
            (0..10_000).filter_map(|_| chaos.select()).collect::<Vec<_>>()
        };
        let picked = count(1);
        assert!((1_800..2_200).contains(&picked.len()), "{}", picked.len());
        assert!(picked.contains(&faults[0]) && picked.contains(&faults[1]));
        assert_eq!(picked, count(1));
        assert!(Chaos::new(0, faults, 1).select().is_none());
        assert!((0..100).all(|_| Chaos::new(1, [], 1).select().is_none()));
    }
}
