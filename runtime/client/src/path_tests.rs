use proptest::prelude::*;

use super::*;

fn one(segment: Segment, value: &str) -> Result<String, String> {
    let template = [Segment::Literal("v3/"), segment, Segment::Literal(":go")];
    expand(&template, |_| Some(value)).map_err(|error| error.message().to_owned())
}

fn simple(value: &str) -> Result<String, String> {
    one(Segment::Simple("x"), value)
}

fn reserved(value: &str) -> Result<String, String> {
    one(Segment::Reserved("x"), value)
}

#[test]
fn wire_bytes_of_unusual_values() {
    // (value, {x}, {+x}); None is refused.
    let table: &[(&str, Option<&str>, Option<&str>)] = &[
        ("projects/p", Some("projects%2Fp"), Some("projects/p")),
        ("..", None, None),
        (".", None, None),
        ("a/../b", Some("a%2F..%2Fb"), None),
        ("a/./b", Some("a%2F.%2Fb"), None),
        ("%2e%2e", Some("%252e%252e"), None),
        ("%2E.", Some("%252E."), None),
        ("%252e%252e", Some("%25252e%25252e"), None),
        ("a\tb", Some("a%09b"), Some("a%09b")),
        ("a/%2e%2e/b", Some("a%2F%252e%252e%2Fb"), None),
        ("a%2F..", Some("a%252F.."), None),
        ("a\\..\\b", Some("a%5C..%5Cb"), None),
        ("a%2Fb", Some("a%252Fb"), Some("a%252Fb")),
        ("x?y#z", Some("x%3Fy%23z"), Some("x%3Fy%23z")),
        ("ünï ☃", Some("%C3%BCn%C3%AF%20%E2%98%83"), Some("%C3%BCn%C3%AF%20%E2%98%83")),
        ("...", Some("..."), Some("...")),
        ("..a", Some("..a"), Some("..a")),
        ("a..", Some("a.."), Some("a..")),
        ("100%", Some("100%25"), Some("100%25")),
        ("a+b&c=d;e", Some("a%2Bb%26c%3Dd%3Be"), Some("a%2Bb%26c%3Dd%3Be")),
        ("~-_.", Some("~-_."), Some("~-_.")),
        ("", None, None),
        ("a\nb", None, None),
        ("a\0", None, None),
        ("\u{7f}", None, None),
        ("\u{85}", None, None),
    ];
    for (value, in_simple, in_reserved) in table {
        let wire = |path: &str| format!("v3/{path}:go");
        assert_eq!(simple(value).ok(), in_simple.map(wire), "{{x}} of {value:?}");
        assert_eq!(reserved(value).ok(), in_reserved.map(wire), "{{+x}} of {value:?}");
    }
}

#[test]
fn segments_are_encoded_one_by_one() {
    assert_eq!(one(Segment::Segments("x"), "a b/c?").unwrap(), "v3//a%20b/c%3F:go");
    assert!(one(Segment::Segments("x"), "a/..").is_err());
}

#[test]
fn errors_name_the_parameter() {
    assert_eq!(simple("").unwrap_err(), "path parameter `x` is empty");
    assert!(reserved("a/..").unwrap_err().contains("segment \"..\""));
    let missing = expand(&[Segment::Simple("who")], |_| None).unwrap_err();
    assert_eq!(missing.kind(), crate::ErrorKind::InvalidRequest);
    assert!(missing.message().contains("`who`"));
}

#[test]
fn joins_root_service_path_and_path() {
    let root = "https://a.example/";
    assert_eq!(join(root, "", "v3/x"), "https://a.example/v3/x");
    assert_eq!(join(root, "drive/v3/", "files"), "https://a.example/drive/v3/files");
    assert_eq!(join(root, "drive/v3/", "/upload/x"), "https://a.example/upload/x");
    assert_eq!(join("http://[::1]:9/emu/", "", "/upload/x"), "http://[::1]:9/emu/upload/x");
}

#[test]
fn long_values_are_refused_first() {
    let error = simple(&"a".repeat(100_000)).unwrap_err();
    assert_eq!(error, "path parameter `x` has 100000 bytes, more than a URL can have (65534)");
}

#[test]
fn decoding_allocates_as_much_as_the_text_is_long() {
    for length in [1000, 4000, 16_000] {
        let text = format!("a/%{}", "25".repeat(length));
        let info = allocation_counter::measure(|| {
            assert_eq!(decode(&text), "a/%");
            reserved(&text).unwrap();
        });
        // Three copies of the text, in which each byte may become three.
        assert!(info.bytes_total < 12 * text.len() as u64 + 1000, "{} bytes", info.bytes_total);
    }
}

fn decode_once(bytes: &[u8]) -> Option<Vec<u8>> {
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let byte = match (hex(tail.first()), hex(tail.get(1))) {
            (Some(high), Some(low)) if *first == b'%' => u8::try_from(high * 16 + low).ok(),
            _ => None,
        };
        decoded.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    (decoded.len() < bytes.len()).then_some(decoded)
}

fn decoded(path: &str) -> String {
    String::from_utf8(decode_once(path.as_bytes()).unwrap_or_else(|| path.into())).unwrap()
}

proptest! {
    #[test]
    fn sent_paths_decode_to_the_value(value in "\\PC{1,40}") {
        for path in [simple(&value), reserved(&value)].into_iter().flatten() {
            let wire = path.strip_prefix("v3/").and_then(|path| path.strip_suffix(":go")).unwrap();
            prop_assert_eq!(decoded(wire), value.clone());
        }
    }

    #[test]
    fn decoding_is_repeated_until_nothing_changes(value in "[%24-7a-eé]{0,40}") {
        let mut bytes = value.as_bytes().to_vec();
        while let Some(next) = decode_once(&bytes) {
            bytes = next;
        }
        prop_assert_eq!(decode(&value), String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn nothing_sent_leaves_its_place(value in "[./%2eEfF\\\\a?#]{1,12}") {
        for path in [simple(&value), reserved(&value)].into_iter().flatten() {
            prop_assert!(!path.contains(['?', '#', '\\', ' ']));
            let parts: Vec<&str> = path.trim_end_matches(":go").split('/').collect();
            prop_assert!(!parts.contains(&".") && !parts.contains(&".."), "{}", path);
        }
        if let Ok(path) = simple(&value) {
            prop_assert_eq!(path.matches('/').count(), 1);
        }
    }
}
