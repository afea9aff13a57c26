//! Runs families of hostile input at several sizes, for tools that count.
//!
//! `growth FACTORS WORDS…`: each family whose name contains one of the words runs at its size times
//! each of the factors (`1,2,4`). Prints a line before each run, and one after it with what its
//! thread allocated and what came. Only [`measured`] is counted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failure ends the measurement"
)]

mod answers;
mod calls;
mod documents;
mod family;
mod lines;
mod servers;
mod streams;
mod wire;

use allocation_counter::AllocationInfo;
use family::{Family, Work};

/// Stack of a thread of an async runtime, and of a test.
const STACK: usize = 2 << 20;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let factors = arguments.next().unwrap_or_default();
    let factors: Vec<usize> = factors.split(',').map(|f| f.parse().expect("a number")).collect();
    let words: Vec<String> = arguments.collect();
    for family in all() {
        let name = format!("{}: {}", family.group, family.name);
        if !words.is_empty() && !words.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        for factor in &factors {
            let size = family.size * factor;
            println!("run\t{name}\t{size}");
            let (info, came) = run((family.make)(size));
            println!("ran\t{}\t{}\t{came}", info.bytes_max, info.bytes_total);
        }
    }
}

fn all() -> impl Iterator<Item = &'static Family> {
    [answers::ALL, streams::ALL, calls::ALL, lines::ALL, servers::ALL, documents::ALL]
        .into_iter()
        .flatten()
}

/// Returns what was allocated, and what came.
fn run(work: Work) -> (AllocationInfo, String) {
    let measure = || {
        let mut came = String::new();
        let info = allocation_counter::measure(|| came = measured(work));
        (info, came)
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(measure).unwrap();
    let (info, came) = thread.join().unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
        (AllocationInfo::default(), format!("PANIC: {text}"))
    });
    (info, came.chars().filter(|c| !c.is_control()).take(120).collect())
}

/// What is counted.
#[inline(never)]
fn measured(work: Work) -> String {
    std::hint::black_box(work())
}
