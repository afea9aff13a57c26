//! `--curl`: a shell command that makes the request.

use discovery_describe::curl::{self, Body, Protocol, Request, Upload};

use crate::app::App;
use crate::plan::Plan;

use super::show::Shown;

/// The command for a POSIX shell; the token comes from this program, none stands in it.
pub(super) fn command(app: &App, plan: &Plan, shown: &Shown, keyed: bool) -> String {
    let token = format!("{} auth print-access-token", app.name);
    let mime = plan.media.as_ref().and_then(|media| super::content_type(plan, media));
    // The description of an upload adds its own.
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
    curl::command(&Request {
        verb: &shown.verb,
        url: &shown.url,
        token: (!keyed).then_some(token.as_str()),
        headers: headers.map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        body,
    })
}
