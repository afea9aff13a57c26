//! Measures decoding and encoding of a search response of about 1 MB, compared with structs that
//! derive serde's traits.
//!
//! `cargo run --release -p discovery-json --example speed` prints MB/s, the best of several rounds.
//! The serde structs drop unknown fields and keep times and 64-bit integers as text; ours preserve
//! unknown fields and parse both.

mod answer;
mod models;

use discovery_json as json;
use json::Model;
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for (name, long, unknown) in [
        ("long texts", true, false),
        ("short texts", false, false),
        ("long texts, unknown members", true, true),
        ("short texts, unknown members", false, true),
    ] {
        let text = answer::make(long, unknown);
        println!("{name}: {} bytes", text.len());
        compare(&text, unknown)?;
    }
    Ok(())
}

fn compare(text: &str, unknown: bool) -> Result<(), Box<dyn std::error::Error>> {
    let ours = models::ours::Answer::from_json(text)?;
    let theirs: models::theirs::Answer = serde_json::from_str(text)?;
    let written = ours.to_json();
    let same = serde_json::from_str::<serde_json::Value>(&written)?
        == serde_json::from_str::<serde_json::Value>(text)?;
    assert!(same, "lost something");
    assert!(unknown || written == serde_json::to_string(&theirs)?, "not the same text");

    let bytes = text.as_bytes();
    report(
        "skip",
        text.len(),
        race(
            || drop(black_box(serde_json::from_slice::<serde::de::IgnoredAny>(bytes))),
            || drop(black_box(json::from_slice::<()>(bytes))),
        ),
    );
    report(
        "decode",
        text.len(),
        race(
            || drop(black_box(serde_json::from_slice::<models::theirs::Answer>(bytes))),
            || drop(black_box(models::ours::Answer::from_slice(bytes))),
        ),
    );
    report(
        "encode",
        written.len(),
        race(
            || drop(black_box(serde_json::to_vec(&theirs))),
            || drop(black_box(ours.to_json().into_bytes())),
        ),
    );
    Ok(())
}

/// Returns the shortest of many alternating runs of each, to exclude disturbances.
fn race(mut one: impl FnMut(), mut other: impl FnMut()) -> (Duration, Duration) {
    let mut best = (Duration::MAX, Duration::MAX);
    for _ in 0..200 {
        best = (best.0.min(time(&mut one)), best.1.min(time(&mut other)));
    }
    best
}

fn time(run: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn report(what: &str, bytes: usize, (serde, ours): (Duration, Duration)) {
    let speed = |time: Duration| bytes as f64 / time.as_secs_f64() / 1e6;
    println!(
        "  {what}: serde {:7.0} MB/s, ours {:7.0} MB/s, ratio {:.2}",
        speed(serde),
        speed(ours),
        serde.as_secs_f64() / ours.as_secs_f64()
    );
}
