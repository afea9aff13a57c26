//! Encoder for `application/x-www-form-urlencoded`.

/// Encodes fields for a form body or a query. Escapes all but the unreserved characters of RFC
/// 3986, which parsers of forms and of URLs read alike.
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

/// Encodes an email address as one path segment, keeping its `@`.
pub(crate) fn encode_email(email: &str) -> String {
    let mut out = String::new();
    for (index, part) in email.split('@').enumerate() {
        if index > 0 {
            out.push('@');
        }
        escape(part, &mut out);
    }
    out
}

/// Escapes one text.
#[cfg(feature = "adc")]
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
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

#[cfg(test)]
mod tests {
    use super::{encode, encode_email};

    #[test]
    fn forms_escape_reserved_characters() {
        let fields = [("grant_type", "urn:a:b"), ("assertion", "a.b-c_d~e+f/g=&"), ("é", "")];
        let expected = "grant_type=urn%3Aa%3Ab&assertion=a.b-c_d~e%2Bf%2Fg%3D%26&%C3%A9=";
        assert_eq!(encode(&fields), expected);
    }

    #[test]
    fn an_email_stays_one_segment() {
        assert_eq!(
            encode_email("robot@p.iam.gserviceaccount.com"),
            "robot@p.iam.gserviceaccount.com"
        );
        assert_eq!(encode_email("a/../b?c#d@e"), "a%2F..%2Fb%3Fc%23d@e");
    }
}
