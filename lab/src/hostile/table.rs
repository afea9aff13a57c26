//! The table of families.

/// Runs of one family, by size.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) samples: Vec<Sample>,
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

/// Work and memory below which growth does not matter.
const LITTLE_WORK: u64 = 500_000;
const LITTLE_MEMORY: u64 = 128 << 10;

impl Row {
    /// Returns what is wrong.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let broken = |sample: &Sample| !sample.ended || sample.came == "PANIC";
        if self.samples.iter().any(broken) {
            return Some("BROKE OFF");
        }
        if self.growth(|sample| sample.work, LITTLE_WORK) > BOUND {
            return Some("TOO MUCH WORK");
        }
        let much = self.growth(|sample| sample.peak, LITTLE_MEMORY) > BOUND;
        much.then_some("TOO MUCH MEMORY")
    }

    /// Returns the factor by which a figure grows with twice the input, at the largest sizes.
    fn growth(&self, figure: impl Fn(&Sample) -> u64, little: u64) -> f64 {
        let [.., before, last] = &self.samples[..] else { return 0.0 };
        if figure(last) < little {
            return 1.0;
        }
        let doublings = (last.size as f64 / before.size as f64).log2();
        (figure(last) as f64 / figure(before).max(1) as f64).powf(1.0 / doublings)
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
    fn a_run_without_end_is_a_fault() {
        let rows = parse("run\ta: b\t1\nran\t1\t1\tok\nrun\ta: b\t2\n").unwrap();
        assert_eq!(rows[0].fault(), Some("BROKE OFF"));
        let rows = parse("run\ta: b\t1\nran\t1\t1\tPANIC\n").unwrap();
        assert_eq!(rows[0].fault(), Some("BROKE OFF"));
        assert!(parse("something").is_err());
    }
}
