//! `application/x-www-form-urlencoded`, both ways.

/// Encodes fields for a form body or a query. Everything but RFC 3986's unreserved characters is
/// escaped, which every reader of forms and of URLs understands alike.
pub(crate) fn encode(fields: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            out.push('&');
        }
        escape(name, &mut out);
        out.push('=');
        escape(value, &mut out);
    }
    out
}

/// An e-mail address as one segment of a path: escaped but for its `@`.
pub(crate) fn address(email: &str) -> String {
    let mut out = String::new();
    for (index, part) in email.split('@').enumerate() {
        if index > 0 {
            out.push('@');
        }
        escape(part, &mut out);
    }
    out
}

fn escape(text: &str, out: &mut String) {
    const HEX: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        }
    }
}

/// The fields of a query, as far as they can be read: a bad escape stays as it is written.
pub(crate) fn decode(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescape(name), unescape(value))
        })
        .collect()
}

fn unescape(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        match (*byte, tail) {
            (b'+', _) => out.push(b' '),
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high * 16 + low);
                    rest = after;
                }
                _ => out.push(b'%'),
            },
            (other, _) => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::{address, decode, encode};
    use proptest::prelude::*;

    #[test]
    fn forms_escape_what_is_reserved() {
        let fields = [("grant_type", "urn:a:b"), ("assertion", "a.b-c_d~e+f/g=&"), ("é", "")];
        let expected = "grant_type=urn%3Aa%3Ab&assertion=a.b-c_d~e%2Bf%2Fg%3D%26&%C3%A9=";
        assert_eq!(encode(&fields), expected);
        assert_eq!(
            decode("a=1+2&&b&c=%4&d=%zz%41"),
            [
                ("a".to_owned(), "1 2".to_owned()),
                ("b".to_owned(), String::new()),
                ("c".to_owned(), "%4".to_owned()),
                ("d".to_owned(), "%zzA".to_owned()),
            ]
        );
    }

    #[test]
    fn an_address_stays_one_segment() {
        assert_eq!(address("robot@p.iam.gserviceaccount.com"), "robot@p.iam.gserviceaccount.com");
        assert_eq!(address("a/../b?c#d@e"), "a%2F..%2Fb%3Fc%23d@e");
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(fields in prop::collection::vec((".+", ".*"), 0..5)) {
            let borrowed: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            prop_assert_eq!(decode(&encode(&borrowed)), fields);
        }

        #[test]
        fn no_query_breaks_the_reader(query in ".*") {
            decode(&query);
        }
    }
}
