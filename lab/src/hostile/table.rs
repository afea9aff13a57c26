//! The table of families.

/// Runs of one family, by size.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) samples: Vec<Sample>,
    /// Whether the sizes are the [`LARGER`] ones.
    pub(super) larger: bool,
}

/// A run.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    pub(super) size: u64,
    /// Instructions, or allocated bytes.
    pub(super) work: u64,
    /// Peak of memory, in bytes.
    pub(super) peak: u64,
    pub(super) ended: bool,
    /// What came.
    pub(super) came: String,
}

/// Largest growth for an input of twice the size. Sorting, and trees, need a little more than 2.
const BOUND: f64 = 2.3;

/// Sizes that decide about a family which grows too fast at the usual ones. Its growth is then the
/// lesser one of two doublings: a buffer or a limit is a step at one of them, and all else grows at
/// both.
pub(super) const LARGER: [usize; 3] = [4, 8, 16];

/// Work and memory below which growth does not matter.
const LITTLE_WORK: u64 = 500_000;
const LITTLE_MEMORY: u64 = 128 << 10;

impl Row {
    /// Returns `true` if larger sizes have to decide.
    pub(super) fn is_doubtful(&self) -> bool {
        !self.is_broken() && self.fault().is_some()
    }

    fn is_broken(&self) -> bool {
        self.samples.iter().any(|sample| !sample.ended || sample.came.starts_with("PANIC"))
    }

    /// Returns what is wrong.
    pub(super) fn fault(&self) -> Option<&'static str> {
        if self.is_broken() {
            return Some("BROKE OFF");
        }
        if self.growth(|sample| sample.work, LITTLE_WORK) > BOUND {
            return Some("TOO MUCH WORK");
        }
        let much = self.growth(|sample| sample.peak, LITTLE_MEMORY) > BOUND;
        much.then_some("TOO MUCH MEMORY")
    }

    /// Returns the factor by which a figure grows with twice the input, at the largest sizes; of
    /// the larger sizes, the least factor.
    fn growth(&self, figure: impl Fn(&Sample) -> u64, little: u64) -> f64 {
        if self.samples.len() < 2 {
            return 0.0;
        }
        if self.samples.last().is_none_or(|last| figure(last) < little) {
            return 1.0;
        }
        let pairs = self.samples.windows(2).map(|pair| {
            let doublings = (pair[1].size as f64 / pair[0].size as f64).log2();
            (figure(&pair[1]) as f64 / figure(&pair[0]).max(1) as f64).powf(1.0 / doublings)
        });
        let count = if self.larger { usize::MAX } else { 1 };
        pairs.rev().take(count).fold(f64::INFINITY, f64::min)
    }
}

/// Reads what the program printed.
pub(super) fn parse(text: &str) -> Result<Vec<Row>, String> {
    let mut rows: Vec<Row> = Vec::new();
    for line in text.lines() {
        let wrong = || format!("unexpected line: {line}");
        let parts: Vec<&str> = line.splitn(4, '\t').collect();
        match parts[..] {
            ["run", name, size] => {
                if rows.last().is_none_or(|row| row.name != name) {
                    rows.push(Row { name: name.to_owned(), ..Row::default() });
                }
                let size = size.parse().map_err(|_| wrong())?;
                let sample = Sample { size, ..Sample::default() };
                rows.last_mut().ok_or_else(wrong)?.samples.push(sample);
            }
            ["ran", peak, work, came] => {
                let sample = rows.last_mut().and_then(|row| row.samples.last_mut());
                let sample = sample.ok_or_else(wrong)?;
                sample.peak = peak.parse().map_err(|_| wrong())?;
                sample.work = work.parse().map_err(|_| wrong())?;
                sample.came = came.to_owned();
                sample.ended = true;
            }
            _ => return Err(wrong()),
        }
    }
    Ok(rows)
}

pub(super) fn print(rows: &[Row], counted: bool) {
    let work = if counted { "thousands of instructions" } else { "KiB allocated" };
    println!("| family, with its sizes | {work} | growth | peak, KiB | growth | came | |");
    println!("|---|--:|--:|--:|--:|---|---|");
    let unit = if counted { 1000 } else { 1024 };
    for row in rows {
        let figures = |figure: &dyn Fn(&Sample) -> u64| {
            let all: Vec<String> = row.samples.iter().map(|s| figure(s).to_string()).collect();
            all.join(", ")
        };
        println!(
            "| {}: {} | {} | {:.2} | {} | {:.2} | {} | {} |",
            row.name,
            figures(&|sample| sample.size),
            figures(&|sample| sample.work / unit),
            row.growth(|sample| sample.work, 0),
            figures(&|sample| sample.peak / 1024),
            row.growth(|sample| sample.peak, 0),
            row.samples.last().map_or("", |sample| &sample.came).replace('|', "/"),
            row.fault().unwrap_or_default(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(figures: &[(u64, u64, u64)]) -> Row {
        let lines = figures
            .iter()
            .map(|(size, work, peak)| format!("run\ta: b\t{size}\nran\t{peak}\t{work}\tok\n"));
        parse(&lines.collect::<String>()).unwrap().remove(0)
    }

    #[test]
    fn growth_is_per_doubling() {
        let much = 10_000_000;
        assert_eq!(row(&[(1, much, 0), (2, 2 * much, 0)]).fault(), None);
        assert_eq!(row(&[(1, much, 0), (4, 4 * much, 0)]).fault(), None);
        assert_eq!(row(&[(1, much, 0), (2, 3 * much, 0)]).fault(), Some("TOO MUCH WORK"));
        assert_eq!(row(&[(1, much, 0), (4, 6 * much, 0)]).fault(), Some("TOO MUCH WORK"));
        assert_eq!(row(&[(1, 0, much), (2, 0, 3 * much)]).fault(), Some("TOO MUCH MEMORY"));
        assert_eq!(row(&[(1, 10, 10), (2, 1000, 1000)]).fault(), None, "little");
    }

    #[test]
    fn a_step_is_no_trend() {
        let much = 10_000_000;
        for (works, usual, larger) in [
            ([1, 2, 4], false, false),
            ([1, 2, 8], true, false),
            ([1, 4, 8], false, false),
            ([1, 3, 9], true, true),
        ] {
            let sizes = [4, 8, 16].into_iter().zip(works);
            let mut row =
                row(&sizes.map(|(size, work)| (size, work * much, 0)).collect::<Vec<_>>());
            assert_eq!(row.is_doubtful(), usual, "{works:?}");
            row.larger = true;
            assert_eq!(row.fault().is_some(), larger, "{works:?}");
        }
    }

    #[test]
    fn a_run_without_end_is_a_fault() {
        let rows = parse("run\ta: b\t1\nran\t1\t1\tok\nrun\ta: b\t2\n").unwrap();
        assert_eq!(rows[0].fault(), Some("BROKE OFF"));
        let rows = parse("run\ta: b\t1\nran\t1\t1\tPANIC: no\n").unwrap();
        assert_eq!(rows[0].fault(), Some("BROKE OFF"));
        assert!(parse("something").is_err());
    }
}
