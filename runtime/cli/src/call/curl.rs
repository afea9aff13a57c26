//! `--curl`: a shell command that makes the request.

use crate::app::App;
use crate::plan::Plan;

use super::show::Shown;

/// The command for a POSIX shell; the token comes from this program, none stands in it.
pub(super) fn command(app: &App, plan: &Plan, shown: &Shown, keyed: bool) -> String {
    let mut lines = vec![format!("curl --request {} {}", shown.verb, quote(&shown.url))];
    if !keyed {
        let token = format!("$({} auth print-access-token)", app.name);
        lines.push(format!("--header \"authorization: Bearer {token}\""));
    }
    for (name, value) in &shown.headers {
        lines.push(format!("--header {}", quote(&format!("{name}: {value}"))));
    }
    if let Some(body) = &plan.body {
        lines.push(format!("--data-raw {}", quote(&body.to_string())));
    }
    if let Some(media) = &plan.media {
        if let Some(mime) = &media.mime {
            lines.push(format!("--header {}", quote(&format!("content-type: {mime}"))));
        }
        lines.push(format!("--data-binary {}", quote(&format!("@{}", media.file))));
    }
    lines.join(" \\\n  ")
}

/// A word of a POSIX shell.
pub(crate) fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn words() {
        for (text, want) in [
            ("a/b-c=1", "a/b-c=1"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$x", "'$x'"),
        ] {
            assert_eq!(quote(text), want);
        }
    }
}
