//! Decoding and encoding: ours, google-jobs3's, and serde_json without a type.
//!
//! google-jobs3 drops undeclared members and keeps 64-bit integers as text; ours preserves
//! everything.

use discovery_json::Model;
use google_jobs_v3::models as ours;
use google_jobs3::api as theirs;
use google_jobs3::common;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use std::hint::black_box;
use turns::answer;

const PEER: &str = "google-jobs3";

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let rounds = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(60);
    for (name, long, unknown) in [
        ("search answer, long texts", true, false),
        ("search answer, short texts", false, false),
        ("search answer, long texts, unknown members", true, true),
        ("search answer, short texts, unknown members", false, true),
    ] {
        let text = answer::make(long, unknown);
        compare::<ours::SearchJobsResponse, theirs::SearchJobsResponse>(name, &text, rounds)?;
    }
    compare::<ours::Job, theirs::Job>("one job", &answer::one(), rounds)?;
    compare::<ours::ClientEvent, theirs::ClientEvent>("client event", answer::EVENT, rounds)
}

fn compare<O: Model, T>(name: &str, text: &str, rounds: usize) -> Outcome
where
    T: serde::Serialize + DeserializeOwned,
{
    let bytes = text.as_bytes();
    let our = O::from_json(text)?;
    let their: T = receive(bytes)?;
    // The comparison is fair only if neither side drops data.
    let same =
        serde_json::from_str::<Value>(&our.to_json())? == serde_json::from_str::<Value>(text)?;
    assert!(same, "ours lost something of: {name}");

    turns::race(
        format!("decode: {name}"),
        text.len(),
        rounds,
        &mut [
            ("ours", &mut || drop(black_box(O::from_slice(black_box(bytes))))),
            (PEER, &mut || drop(black_box(receive::<T>(black_box(bytes))))),
            ("serde_json Value", &mut || drop(black_box(serde_json::from_slice::<Value>(bytes)))),
            ("serde_json IgnoredAny", &mut || {
                drop(black_box(serde_json::from_slice::<IgnoredAny>(bytes)))
            }),
        ],
    );
    let value: Value = serde_json::from_str(text)?;
    turns::race(
        format!("encode: {name}"),
        text.len(),
        rounds,
        &mut [
            ("ours", &mut || drop(black_box(black_box(&our).to_json()))),
            ("google-jobs3 as it sends", &mut || drop(black_box(send(black_box(&their))))),
            ("serde_json of google-jobs3's structs", &mut || {
                drop(black_box(serde_json::to_vec(black_box(&their))));
            }),
            ("serde_json Value", &mut || drop(black_box(serde_json::to_vec(&value)))),
        ],
    );
    Ok(())
}

/// Decodes a response as google-jobs3 does.
fn receive<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    serde_json::from_str(&String::from_utf8_lossy(bytes))
}

/// Encodes a request as google-jobs3 does, up to the bytes passed to hyper.
fn send(value: &impl serde::Serialize) -> serde_json::Result<Vec<u8>> {
    let mut value = serde_json::to_value(value)?;
    common::remove_json_null_values(&mut value);
    let mut out = Vec::with_capacity(128);
    serde_json::to_writer(&mut out, &value)?;
    Ok(out.clone())
}
