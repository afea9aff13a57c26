//! `--curl`: a shell command that makes the request.

use crate::app::App;
use crate::plan::{Media, Plan};

use super::show::Shown;

/// The command for a POSIX shell; the token comes from this program, none stands in it.
pub(super) fn command(app: &App, plan: &Plan, shown: &Shown, keyed: bool) -> String {
    let mut lines = vec![format!("curl --request {} {}", shown.verb, quote(&shown.url))];
    if !keyed {
        let token = format!("$({} auth print-access-token)", app.name);
        lines.push(format!("--header \"authorization: Bearer {token}\""));
    }
    let own_type = plan.media.is_some();
    for (name, value) in
        shown.headers.iter().filter(|(name, _)| !own_type || name != "content-type")
    {
        lines.push(header(name, value));
    }
    match &plan.media {
        None => {
            lines.extend(data(plan));
            lines.join(BREAK)
        }
        Some(media) => with_content(plan, media, lines),
    }
}

/// Between the arguments of a command: each has a line.
const BREAK: &str = " \\\n  ";

fn header(name: &str, value: &str) -> String {
    format!("--header {}", quote(&format!("{name}: {value}")))
}

/// The body, from the command line or from its file.
fn data(plan: &Plan) -> Option<String> {
    let json = plan.body.as_ref().map(|body| format!("--data-raw {}", quote(&body.to_string())));
    json.or_else(|| plan.raw.as_ref().map(|raw| format!("--data-binary {}", file(&raw.file))))
}

/// A file as curl takes it.
fn file(name: &str) -> String {
    quote(&format!("@{name}"))
}

/// What stands between the parts of a request with metadata and content.
const BOUNDARY: &str = "part-5f2c9a";

/// An upload in each protocol.
fn with_content(plan: &Plan, media: &Media, mut lines: Vec<String>) -> String {
    let mime = super::mime(media).unwrap_or_else(|| "application/octet-stream".to_owned());
    let body = plan.body.as_ref().map_or_else(|| "{}".to_owned(), ToString::to_string);
    match super::show::upload_type(plan) {
        "multipart" => {
            let related = format!("multipart/related; boundary={BOUNDARY}");
            lines.push(header("content-type", &related));
            lines.push("--data-binary @-".to_owned());
            let head = format!(
                "--{BOUNDARY}\\r\\ncontent-type: application/json\\r\\n\\r\\n%s\\r\\n\
                 --{BOUNDARY}\\r\\ncontent-type: %s\\r\\n\\r\\n"
            );
            let end = format!("\\r\\n--{BOUNDARY}--\\r\\n");
            let (body, mime, name) = (quote(&body), quote(&mime), quote(&media.file));
            format!(
                "{{ printf -- '{head}' {body} {mime}; cat {name}; printf -- '{end}'; }} |\n  {}",
                lines.join(BREAK)
            )
        }
        "resumable" => {
            lines.push(header("content-type", "application/json"));
            lines.push(header("x-upload-content-type", &mime));
            lines.push(format!("--data-raw {}", quote(&body)));
            lines.push("--silent --show-error --output /dev/null --dump-header -".to_owned());
            format!(
                "session=$({} |\n  tr -d '\\r' | sed -n 's/^[Ll]ocation: *//p')\n\
                 curl --request PUT \"$session\"{BREAK}{}{BREAK}--data-binary {}",
                lines.join(BREAK),
                header("content-type", &mime),
                file(&media.file)
            )
        }
        _ => {
            lines.push(header("content-type", &mime));
            lines.push(format!("--data-binary {}", file(&media.file)));
            lines.join(BREAK)
        }
    }
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
