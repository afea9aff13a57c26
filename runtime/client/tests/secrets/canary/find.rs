//! Finds a canary in a text, in any encoding.

use base64::Engine as _;

use super::{CANARY, CORE, KEY};

/// Returns where a text contains a canary, in any encoding.
pub(super) fn find(text: &str) -> Option<String> {
    let pem = KEY.lines().nth(1).unwrap();
    let mut forms = vec![CORE.to_owned(), pem.to_owned(), pem[..16].to_owned()];
    // Base64 has three encodings, depending on the offset; the ends depend on adjacent bytes.
    for before in 0..3 {
        let text = [&b"abc"[..before], CORE.as_bytes()].concat();
        let code = base64::engine::general_purpose::STANDARD_NO_PAD.encode(text);
        let start = if before == 0 { 0 } else { 4 };
        forms.push(code[start..code.len() - 2].to_owned());
    }
    let at = forms.iter().find_map(|form| text.find(form.as_str()))?;
    let start = (0..=at.saturating_sub(80)).rev().find(|at| text.is_char_boundary(*at));
    Some(text[start.unwrap_or(0)..].chars().take(240).collect())
}

#[test]
fn planted_leaks_are_found() {
    let base64 = base64::engine::general_purpose::STANDARD;
    let encoded = "Canary58x12%2Fa%2Bb%3Dc".to_owned();
    let json = serde_json::json!({ "x": format!("\"{CANARY}\"") }).to_string();
    let mut texts = vec![CANARY.to_owned(), encoded, json, format!("é{KEY}")];
    for before in ["", "u", "us", "user:", "Bearer "] {
        texts.push(base64.encode(format!("{before}{CANARY}")));
        let url = base64::engine::general_purpose::URL_SAFE_NO_PAD;
        texts.push(url.encode(format!("{before}{CANARY}, and more")));
    }
    for text in &texts {
        assert!(find(&format!("before {text} after")).is_some(), "{text} was not found");
    }
    assert_eq!(find("Canary58 x12, AAAA, nothing"), None);
}
