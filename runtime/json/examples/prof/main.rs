#[path = "../speed/answer.rs"]
mod answer;
#[path = "../speed/models.rs"]
mod models;
use discovery_json::Model;
use std::hint::black_box;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let text = answer::make(a[2] == "long", a.len() > 3);
    let ours = models::ours::Answer::from_json(&text).unwrap();
    let theirs: models::theirs::Answer = serde_json::from_str(&text).unwrap();
    for _ in 0..1000 {
        match a[1].as_str() {
            "dec" => drop(black_box(models::ours::Answer::from_slice(text.as_bytes()))),
            "enc" => drop(black_box(ours.to_json())),
            "sdec" => {
                drop(black_box(serde_json::from_slice::<models::theirs::Answer>(text.as_bytes())))
            }
            "senc" => drop(black_box(serde_json::to_vec(&theirs))),
            _ => {}
        }
    }
}
