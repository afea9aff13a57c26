//! Documents that carry many hostile texts at once: the n-th has in each place the text n further on
//! the list, so that as many documents as texts have every text in every place.

use super::places::{self, Kind, Place};
use super::texts;
use discovery_generator::{Input, Model, analyze};
use serde_json::Value;

/// A document with many hostile texts.
pub(super) struct Mix {
    /// The document.
    pub(super) text: String,
    /// Its model.
    pub(super) model: Model,
    /// Number of places that have a hostile text.
    pub(super) placed: usize,
    /// Number of places whose text is refused.
    pub(super) refused: usize,
}

/// Returns the n-th document.
pub(super) fn document(plain: &Value, at: usize) -> Result<Mix, String> {
    let mut document = plain.clone();
    let places = places::all(&document);
    let texts_of = |place: usize| texts::ALL[(place + at) % texts::ALL.len()];
    let numbered = places.iter().enumerate().filter(|(_, place)| !place.is_word());
    let of_kind = |kind: Kind| numbered.clone().filter(move |(_, place)| place.kind() == kind);
    // Names last, and those within others first: a new name changes the pointers of what it holds.
    let order: Vec<(usize, &Place)> =
        of_kind(Kind::Value).chain(of_kind(Kind::NameAndUses).rev()).collect();
    let (mut placed, mut refused) = (0, 0);
    for (number, place) in order {
        let changed = place.replace(&document, texts_of(number));
        if model(&changed).is_ok() {
            document = changed;
            placed += 1;
        } else {
            refused += 1;
        }
    }
    let model = model(&document)?;
    Ok(Mix { text: format!("{document:#}\n"), model, placed, refused })
}

/// Returns a document with another name of its API, so that packages do not collide.
pub(super) fn renamed(plain: &Value, at: usize) -> Result<Value, String> {
    let name = format!("shop{}x", letters(at));
    let text = plain.to_string().replace("\"shop\"", &format!("\"{name}\""));
    let text = text.replace("\"shop:", &format!("\"{name}:"));
    serde_json::from_str(&text.replace("\"shop.", &format!("\"{name}."))).map_err(|e| e.to_string())
}

/// A number in letters: names of APIs that end in digits would be ambiguous.
fn letters(at: usize) -> String {
    let letter = |n: usize| char::from(b"abcdefghijklmnopqrstuvwxyz"[n % 26]);
    [letter(at / 26), letter(at)].iter().collect()
}

fn model(document: &Value) -> Result<Model, String> {
    let text = document.to_string();
    let input = Input { file: "evil.json", document: &text, overlay: None, methods: None };
    analyze(&input).map_err(|report| report.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_has_many_texts_and_a_name_of_its_own() -> Result<(), String> {
        let plain: Value =
            serde_json::from_str(include_str!("document.json")).map_err(|e| e.to_string())?;
        for (at, name) in [(0, "shopaax"), (27, "shopbbx")] {
            let mix = document(&renamed(&plain, at)?, at)?;
            assert_eq!(mix.model.api.name, name);
            assert!(mix.placed > 60, "{} of {}", mix.placed, mix.placed + mix.refused);
        }
        Ok(())
    }
}
