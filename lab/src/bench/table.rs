//! Formats results as Markdown.

use super::measure::Sample;
use super::record::{Case, Fact, Record, Side, Spread};
use std::fmt::Write as _;

/// Returns the section of a suite.
pub(crate) fn section(record: &Record) -> String {
    let mut out = format!(
        "`{}`, {} at {}, in {:.0} s; {} cores, {} GB, {}, {}.\n\n",
        record.command,
        record.day,
        record.commit,
        record.seconds,
        record.machine.cores,
        record.machine.memory_gb,
        record.machine.target,
        record.machine.rustc,
    );
    let memory = record
        .cases
        .iter()
        .flat_map(|c| &c.sides)
        .any(|s| s.samples.iter().any(|s| s.memory > 1 << 20));
    let memory = memory && record.suite != "cli";
    out.push_str("| what | ours | peer | peer's | ratio of work (quartiles) | of time |");
    out.push_str(if memory { " peak memory | of memory |\n" } else { "\n" });
    out.push_str(if memory {
        "|---|--:|---|--:|--:|--:|--:|--:|\n"
    } else {
        "|---|--:|---|--:|--:|--:|\n"
    });
    for case in &record.cases {
        rows(&mut out, case, memory);
    }
    facts(&mut out, &record.facts);
    out
}

fn rows(out: &mut String, case: &Case, memory: bool) {
    let Some(ours) = case.sides.first() else { return };
    let cell = |side: &Side| amount(side, case.bytes);
    let peak = |side: &Side| {
        let peak = side.spread(|s| s.memory as f64).filter(|s| s.median > 0.0);
        peak.map_or_else(String::new, |s| bytes(s.median))
    };
    let peers: Vec<&Side> = case.sides.iter().skip(1).collect();
    if peers.is_empty() {
        let _ = write!(out, "| {} | {} | | | | |", case.case, cell(ours));
        let _ = if memory { writeln!(out, " {} | |", peak(ours)) } else { writeln!(out) };
    }
    for peer in peers {
        let work = case.ratio(&peer.name, |s: &Sample| s.cpu);
        let time = case.ratio(&peer.name, |s: &Sample| s.wall);
        let _ = write!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            case.case,
            cell(ours),
            peer.name,
            cell(peer),
            work.map_or_else(String::new, spread),
            time.map_or_else(String::new, |t| figure(t.median)),
        );
        let ratio = case.ratio(&peer.name, |s: &Sample| s.memory as f64);
        let ratio = ratio.map_or_else(String::new, |r| figure(r.median));
        let _ = if memory {
            let (ours, peer) = (peak(ours), peak(peer));
            let between = if ours.is_empty() { "" } else { " / " };
            writeln!(out, " {ours}{between}{peer} | {ratio} |")
        } else {
            writeln!(out)
        };
    }
}

/// Formats the median of the work, as a throughput if bytes were processed.
fn amount(side: &Side, bytes: u64) -> String {
    let Some(work) = side.spread(|s| s.cpu) else { return String::new() };
    if bytes > 100_000 {
        return format!("{:.0} MB/s", bytes as f64 / work.median / 1e6);
    }
    seconds(work.median)
}

/// Formats a time in a suitable unit.
pub(crate) fn seconds(time: f64) -> String {
    match time {
        t if t >= 10.0 => format!("{t:.0} s"),
        t if t >= 1.0 => format!("{t:.1} s"),
        t if t >= 1e-2 => format!("{:.0} ms", t * 1e3),
        t if t >= 1e-3 => format!("{:.1} ms", t * 1e3),
        t if t >= 1e-5 => format!("{:.0} µs", t * 1e6),
        t => format!("{:.1} µs", t * 1e6),
    }
}

/// Formats a size in a suitable unit.
pub(crate) fn bytes(size: f64) -> String {
    match size {
        s if s >= 1e9 => format!("{:.2} GB", s / 1e9),
        s if s >= 1e7 => format!("{:.0} MB", s / 1e6),
        s if s >= 1e6 => format!("{:.1} MB", s / 1e6),
        s if s >= 1e3 => format!("{:.0} KB", s / 1e3),
        s => format!("{s:.0} B"),
    }
}

pub(crate) fn spread(spread: Spread) -> String {
    format!("{} ({}–{})", figure(spread.median), figure(spread.low), figure(spread.high))
}

/// Formats a ratio with its significant digits.
pub(crate) fn figure(ratio: f64) -> String {
    if ratio >= 10.0 {
        format!("{ratio:.1}")
    } else if ratio < 0.2 {
        format!("{ratio:.3}")
    } else {
        format!("{ratio:.2}")
    }
}

fn facts(out: &mut String, facts: &[Fact]) {
    if facts.is_empty() {
        return;
    }
    out.push_str("\n| counted | |\n|---|---|\n");
    for fact in facts {
        let alone = fact.values.len() == 1;
        let values: Vec<String> = (fact.values.iter())
            .map(|value| {
                let amount = match fact.unit.as_str() {
                    "bytes" => bytes(value.value),
                    "MB/s" => format!("{:.0} MB/s", value.value),
                    "ms" => format!("{:.1} ms", value.value),
                    "r²" => format!("r² = {:.4}", value.value),
                    _ => format!("{:.0}", value.value),
                };
                if alone { amount } else { format!("{} {amount}", value.side) }
            })
            .collect();
        let _ = writeln!(out, "| {} | {} |", fact.fact, values.join(", "));
    }
}
