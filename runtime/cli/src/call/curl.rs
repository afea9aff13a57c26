//! `--curl`: prints a shell command that sends the request.

use discovery_describe::curl::{self, Body, Protocol, Request, Upload};

use crate::app::App;
use crate::plan::Plan;

use super::hidden::{Piece, pieces};
use super::show::Shown;

/// Returns the command for a POSIX shell; it calls this program for the token and contains none.
pub(super) fn command(app: &App, plan: &Plan, shown: &Shown, keyed: bool) -> String {
    let token = format!("{} auth print-access-token", app.name);
    let mime = plan.media.as_ref().and_then(|media| super::content_type(plan, media));
    // The description of an upload adds this header.
    let headers = shown.headers.iter().filter(|(name, _)| mime.is_none() || name != "content-type");
    let metadata = shown.body.as_deref().unwrap_or("{}");
    let body = match (&plan.media, &plan.raw) {
        (Some(media), _) => Body::Upload(Upload {
            file: &media.file,
            mime: mime.as_deref().unwrap_or_default(),
            protocol: match super::show::upload_type(plan) {
                "multipart" => Protocol::Multipart(metadata),
                "resumable" => Protocol::Resumable(metadata),
                _ => Protocol::Simple,
            },
        }),
        (None, Some(raw)) => Body::File(&raw.file),
        (None, None) => shown.body.as_deref().map_or(Body::Empty, Body::Text),
    };
    let command = curl::command(&Request {
        verb: &shown.verb,
        url: &shown.url,
        token: (!keyed).then_some(token.as_str()),
        headers: headers.map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        body,
    });
    with_variables(&command)
}

/// Replaces secrets, which are within single quotes, by environment variables.
fn with_variables(command: &str) -> String {
    let mut out = String::with_capacity(command.len());
    let mut closed = false;
    for piece in pieces(command) {
        match piece {
            Piece::Text(text) if closed => match text.strip_prefix('\'') {
                Some(rest) => out.push_str(rest),
                None => out.push_str(&format!("'{text}")),
            },
            Piece::Text(text) => out.push_str(text),
            Piece::Variable(name) if closed => out.push_str(&format!("\"${name}\"")),
            Piece::Variable(name) => out.push_str(&format!("'\"${name}\"")),
        }
        closed = matches!(piece, Piece::Variable(_));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::with_variables;

    #[test]
    fn variables_are_outside_of_single_quotes() {
        let word = "curl 'a \u{e000}KEY\u{e001} b' 'c%EE%80%80KEY%EE%80%81'";
        assert_eq!(with_variables(word), "curl 'a '\"$KEY\"' b' 'c'\"$KEY\"");
        let quoted = "'\u{e000}A\u{e001}\u{e000}B\u{e001}'\\''x'";
        assert_eq!(with_variables(quoted), "''\"$A\"\"$B\"\\''x'");
    }
}
