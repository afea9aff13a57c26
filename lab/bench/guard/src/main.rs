//! Decodes or encodes a search response a number of times, for a tool that counts instructions.

use discovery_json::Model;
use google_jobs_v3::models::SearchJobsResponse;
use std::hint::black_box;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_default();
    let times: usize = arguments.next().ok_or("expected a number of times")?.parse()?;
    // Long texts have no unknown members, as in the goals.
    let (what, long) = match what.strip_suffix(" long") {
        Some(what) => (what.to_owned(), true),
        None => (what, false),
    };
    let text = turns::answer::make(long, !long);
    let value = SearchJobsResponse::from_json(&text)?;
    for _ in 0..times {
        match what.as_str() {
            "decode" => {
                drop(black_box(SearchJobsResponse::from_slice(black_box(text.as_bytes()))?))
            }
            "encode" => drop(black_box(black_box(&value).to_json())),
            _ => return Err("decode or encode".into()),
        }
    }
    Ok(())
}
