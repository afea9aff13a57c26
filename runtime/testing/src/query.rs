//! Query strings.

use percent_encoding::percent_decode_str;

/// Splits a query string into decoded names and values; `+` is a space.
///
/// A parameter without `=` has an empty value. A `%` without two hexadecimal digits is kept as is,
/// and invalid UTF-8 becomes replacement characters.
///
/// ```
/// let pairs: Vec<_> = discovery_testing::query_pairs("q=a+b%2Bc&flag").collect();
/// assert_eq!(pairs, [("q".to_owned(), "a b+c".to_owned()), ("flag".to_owned(), String::new())]);
/// ```
pub fn query_pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}
