//! Splitting, at every boundary of chunks.

use super::split::{Broken, Form, Item, Splitter};

/// Splits a body that arrives in these pieces.
fn split<'a>(
    form: Form,
    limit: usize,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<String>, (Vec<String>, Broken)> {
    let mut splitter = Splitter::new(form, limit);
    let mut items = Vec::new();
    let run = || -> Result<(), Broken> {
        let mut keep = |item: Item| {
            let mark = if item.failed { "!" } else { "" };
            items.push(format!("{mark}{}", String::from_utf8_lossy(&item.text)));
        };
        for piece in pieces {
            splitter.push(piece);
            while let Some(item) = splitter.next()? {
                keep(item);
            }
        }
        splitter.finish()?.map(&mut keep);
        Ok(())
    };
    match run() {
        Ok(()) => Ok(items),
        Err(broken) => Err((items, broken)),
    }
}

/// Splits a body in two at every offset, into single bytes, and not at all: the items are the same.
fn everywhere(form: Form, body: &str, expected: &Result<Vec<&str>, (Vec<&str>, Broken)>) {
    let own = |items: &Vec<&str>| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
    let expected = match expected {
        Ok(items) => Ok(own(items)),
        Err((items, broken)) => Err((own(items), *broken)),
    };
    let body = body.as_bytes();
    for at in 0..=body.len() {
        let (first, second) = body.split_at(at);
        assert_eq!(split(form, 1000, [first, second]), expected, "split at {at}");
    }
    assert_eq!(split(form, 1000, body.chunks(1)), expected, "byte by byte");
}

#[test]
fn arrays() {
    use Broken::{CutOff, Empty, NotJson, Syntax};
    for (body, expected) in [
        ("[]", Ok(vec![])),
        (" \r\n[ \t]\n ", Ok(vec![])),
        (r#"[{"a":"]},\"{[\\"},{"b":[{}]}]"#, Ok(vec![r#"{"a":"]},\"{[\\"}"#, r#"{"b":[{}]}"#])),
        ("[{}\n,\r\n{}\n]", Ok(vec!["{}", "{}"])),
        (
            r#"[1,-2.5e3 ,"x", null,true,[[]]]"#,
            Ok(vec!["1", "-2.5e3", r#""x""#, "null", "true", "[[]]"]),
        ),
        ("[{\"a\":\"ü€𝄞\"}]", Ok(vec!["{\"a\":\"ü€𝄞\"}"])),
        ("[{}", Err((vec!["{}"], CutOff))),
        ("[{},", Err((vec!["{}"], CutOff))),
        ("[{},{\"a\":", Err((vec!["{}"], CutOff))),
        ("[", Err((vec![], CutOff))),
        ("[12", Err((vec![], CutOff))),
        ("", Err((vec![], Empty))),
        (" \n", Err((vec![], Empty))),
        ("<html>", Err((vec![], NotJson))),
        ("[{}{}]", Err((vec!["{}"], Syntax("expected `,` or `]`")))),
        ("[{},]", Err((vec!["{}"], Syntax("trailing comma")))),
        ("[,{}]", Err((vec![], Syntax("expected a value")))),
        ("[{},,{}]", Err((vec!["{}"], Syntax("expected a value")))),
        ("[{}]x", Err((vec!["{}"], Syntax("trailing characters")))),
    ] {
        everywhere(Form::Json, body, &expected);
    }
}

#[test]
fn values_in_a_row() {
    for (body, expected) in [
        ("{}", Ok(vec!["{}"])),
        ("{\"a\":1}\n{\"a\":2}\r\n\n", Ok(vec!["{\"a\":1}", "{\"a\":2}"])),
        (" {\n \"a\": 1\n}{} ", Ok(vec!["{\n \"a\": 1\n}", "{}"])),
        ("{}\n12", Ok(vec!["{}", "12"])),
        ("{}\n{\"a\"", Err((vec!["{}"], Broken::CutOff))),
    ] {
        everywhere(Form::Json, body, &expected);
    }
}

#[test]
fn events() {
    for (body, expected) in [
        ("", Ok(vec![])),
        ("data: {}\n\ndata:{}\n\n", Ok(vec!["{}", "{}"])),
        ("\u{feff}data: {}\r\n\r\ndata: {}\r\rdata: 1\n\n", Ok(vec!["{}", "{}", "1"])),
        (
            ": hello\n\nevent: x\nid: 7\nretry: 10\ndata: {\ndata:  \"a\": 1}\n\n",
            Ok(vec!["{\n \"a\": 1}"]),
        ),
        ("event: error\ndata: {\"code\":5}\n\ndata: {}\n\n", Ok(vec!["!{\"code\":5}", "{}"])),
        ("data: {}\n\ndata: [DONE]\n\ngarbage", Ok(vec!["{}"])),
        ("data: {}\n\ndata: [DONE]", Ok(vec!["{}"])),
        // Without the blank line at the end.
        ("data: {}\n\ndata: {}", Ok(vec!["{}", "{}"])),
        ("data: {}\n\ndata: {\"a\"", Err((vec!["{}"], Broken::CutOff))),
        ("data: {}\n\nda", Ok(vec!["{}"])),
        ("event: ping\n\n", Ok(vec![])),
    ] {
        everywhere(Form::Events, body, &expected);
    }
}

#[test]
fn an_item_has_a_limit_and_a_stream_has_none() {
    let item = r#"{"a":"xxxxxxxx"}"#;
    let many = format!("[{}]", vec![item; 100].join(","));
    for chunk in [1, 7, many.len()] {
        let pieces = || many.as_bytes().chunks(chunk);
        assert_eq!(split(Form::Json, item.len(), pieces()).unwrap().len(), 100);
        let (items, broken) = split(Form::Json, item.len() - 1, pieces()).unwrap_err();
        assert_eq!((items.len(), broken), (0, Broken::TooLong));
    }
    let events = format!("data: {item}\n\n").repeat(100);
    for chunk in [1, 7] {
        let pieces = || events.as_bytes().chunks(chunk);
        assert_eq!(split(Form::Events, item.len() + 6, pieces()).unwrap().len(), 100);
        assert!(split(Form::Events, item.len() - 1, pieces()).is_err());
    }
    // An item that never ends is not read to its end.
    let endless = [&b"[\""[..]].into_iter().chain(std::iter::repeat_n(&b"xxxxxxxx"[..], 1000));
    assert_eq!(split(Form::Json, 100, endless), Err((vec![], Broken::TooLong)));
}
