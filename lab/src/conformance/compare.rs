//! Comparison of requests.

use serde_json::Value;

/// Describes how the request differs from the expected one.
pub(super) fn difference(expect: &Value, line: &str, body: &str) -> Option<String> {
    let (verb, target) = line.split_once(' ').unwrap_or((line, ""));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut sent: Vec<(String, String)> = (query.split('&').filter(|p| !p.is_empty()))
        .map(|pair| {
            let (k, v) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(k, true), decode(v, true))
        })
        .collect();
    sent.sort();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let pairs = expect["query"].as_array().cloned().unwrap_or_default();
    let mut wanted: Vec<_> = pairs.iter().map(|p| (text(&p[0]), text(&p[1]))).collect();
    wanted.sort();
    // The client adds `prettyPrint=false`; ignored unless the case expects it.
    sent.retain(|pair| pair.0 != "prettyPrint" || pair.1 != "false" || wanted.contains(pair));
    let path = decode(path, false);
    if Some(verb) != expect["http_method"].as_str() {
        return Some(format!("verb {verb}, expected {}", expect["http_method"]));
    }
    if Some(path.as_str()) != expect["path"].as_str() {
        return Some(format!("path {path}, expected {}", expect["path"]));
    }
    if sent != wanted {
        return Some(format!("query {sent:?}, expected {wanted:?}"));
    }
    let got =
        if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap_or_default() };
    if got != expect["body"] {
        return Some(format!("body {got}, expected {}", expect["body"]));
    }
    None
}

/// Decodes percent-encoding, and `+` as a space if `plus` is set.
fn decode(text: &str, plus: bool) -> String {
    let text = if plus { text.replace('+', " ") } else { text.to_owned() };
    percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_equal_requests_are_equal() {
        let expect = json!({"http_method": "GET", "path": "/a b", "query": [["alt", "json"], ["q", "x y"]], "body": null});
        let sent = |line: &str| difference(&expect, line, "");
        assert_eq!(sent("GET /a%20b?q=x+y&alt=json&prettyPrint=false"), None);
        assert!(sent("POST /a%20b?q=x+y&alt=json").is_some());
        assert!(sent("GET /a%20c?q=x+y&alt=json").is_some());
        assert!(sent("GET /a%20b?alt=json").is_some());
        assert!(difference(&expect, "GET /a%20b?q=x+y&alt=json", "{}").is_some());
    }
}
