//! Figures of goals: ratios and amounts from the results of suites.

use super::{Records, Unit};
use crate::bench::measure::Sample;
use crate::bench::record::{Case, Spread};

pub(super) fn wall(sample: &Sample) -> f64 {
    sample.wall
}

pub(super) fn cpu(sample: &Sample) -> f64 {
    sample.cpu
}

pub(super) fn memory(sample: &Sample) -> f64 {
    sample.memory as f64
}

/// Selects a figure of a sample.
pub(super) type Select = fn(&Sample) -> f64;

/// Selector of figures.
pub(super) struct Figures<'a>(pub(super) &'a Records);

impl Figures<'_> {
    fn case(&self, suite: &str, case: &str) -> Option<&Case> {
        self.0.get(suite)?.case(case)
    }

    /// Returns the ratio of our figure to the peer's.
    pub(super) fn ratio(
        &self,
        suite: &str,
        case: &str,
        peer: &str,
        figure: Select,
    ) -> Option<Spread> {
        self.case(suite, case)?.ratio(peer, figure)
    }

    /// Returns the highest of several ratios.
    pub(super) fn worst(
        &self,
        suite: &str,
        cases: &[&str],
        peer: &str,
        figure: Select,
    ) -> Option<Spread> {
        highest(cases.iter().map(|case| self.ratio(suite, case, peer, figure)))
    }

    /// Returns the speed relative to the peer, the lowest of several cases.
    pub(super) fn speed(
        &self,
        suite: &str,
        cases: &[&str],
        peer: &str,
        figure: Select,
    ) -> Option<Spread> {
        let ratio = self.worst(suite, cases, peer, figure)?;
        Some(Spread { median: 1.0 / ratio.median, low: 1.0 / ratio.high, high: 1.0 / ratio.low })
    }

    /// Returns our figure in a unit, the highest of several cases.
    pub(super) fn amount(
        &self,
        suite: &str,
        cases: &[&str],
        figure: Select,
        unit: Unit,
    ) -> Option<Spread> {
        let of = |case: &&str| {
            let found = self.case(suite, case)?.sides.first()?.spread(figure)?;
            let [median, low, high] =
                [found.median, found.low, found.high].map(|figure| figure * unit.scale());
            Some(Spread { median, low, high })
        };
        highest(cases.iter().map(of))
    }

    fn fact(&self, suite: &str, fact: &str) -> Option<f64> {
        self.0.get(suite)?.fact(fact)?.of("ours")
    }

    /// Returns the highest ratio of several counted figures of ours to the peer's.
    pub(super) fn facts(&self, suite: &str, facts: &[&str], peer: &str) -> Option<Spread> {
        let of = |fact: &&str| self.0.get(suite)?.fact(fact)?.of(peer);
        highest(facts.iter().map(|fact| Some(exact(self.fact(suite, fact)? / of(fact)?))))
    }

    /// Returns how many units a counted figure is larger than another.
    pub(super) fn growth(&self, suite: &str, facts: [&str; 2], unit: Unit) -> Option<Spread> {
        let [less, more] = facts.map(|fact| self.fact(suite, fact));
        Some(exact((more? - less?) * unit.scale()))
    }

    /// Returns the peak memory for all documents relative to the largest output.
    pub(super) fn generate_memory(&self) -> Option<Spread> {
        let case = self.case("generate", "memory of generating all documents")?;
        let peak = case.sides.first()?.spread(memory)?.median;
        Some(exact(peak / self.fact("generate", "the largest output")?))
    }

    /// Returns the ratio of generating all documents, regardless of their number.
    pub(super) fn generate_all(&self) -> Option<Spread> {
        let mut cases = self.0.get("generate")?.cases.iter();
        let case =
            cases.find(|c| c.case.starts_with("generate ") && c.case.ends_with(" documents"));
        case?.ratio("floor", cpu)
    }
}

/// A figure without variation.
fn exact(figure: f64) -> Spread {
    Spread { median: figure, low: figure, high: figure }
}

/// Returns the spread with the highest median; `None` if one is missing.
fn highest(all: impl Iterator<Item = Option<Spread>>) -> Option<Spread> {
    let all: Option<Vec<Spread>> = all.collect();
    all?.into_iter().max_by(|a, b| a.median.total_cmp(&b.median))
}
