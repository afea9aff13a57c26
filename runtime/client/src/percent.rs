//! Percent-encoding of path and query values (RFC 3986, 2.1).

/// Percent-encodes `value`, except for `/` if `slashes` is set.
pub(crate) fn encode(value: &str, slashes: bool, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let stays = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'.' | b'_' | b'~')
            || (byte == b'/' && slashes)
    };
    let mut rest = value;
    // Copies runs without special characters; almost every value is one.
    while let Some(at) = rest.bytes().position(|byte| !stays(byte)) {
        let (run, odd) = rest.split_at(at);
        out.push_str(run);
        let end = odd.bytes().position(stays).unwrap_or(odd.len());
        for byte in odd.bytes().take(end) {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
        // Unescaped bytes are ASCII, so `end` is a character boundary.
        rest = odd.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
}
