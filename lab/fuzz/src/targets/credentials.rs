//! Credentials, proxies, and secrets.

use std::sync::Arc;

use discovery_runtime::auth::installed::OAuthClient;
use discovery_runtime::auth::{Adc, AuthContext, Credentials as _};
use discovery_runtime::clock::ManualClock;
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::observe::{redact_url, secrets, shown_url};
use serde_json::Value;

use super::agree::ensure;
use super::script::{Script, block_on};
use crate::engine::{Bounds, Target};

/// A text that no message may contain.
const CANARY: &str = "c4n4rY-0123456789-s3cr3t";

const WORDS: &[&str] = &[
    "\"type\":",
    "service_account",
    "authorized_user",
    "external_account",
    "impersonated_service_account",
    "external_account_authorized_user",
    "gdch_service_account",
    "\"private_key\":",
    "\"token_uri\":",
    "\"client_secret\":",
    "\"refresh_token\":",
    "\"credential_source\":",
    "\"file\":",
    "\"url\":",
    "\"executable\":",
    "\"environment_id\":\"aws1\"",
    "https://sts.googleapis.com/v1/token",
    "\"universe_domain\":",
    "\"source_credentials\":",
    "\"expires_in\":",
    "\"access_token\":",
    "\"id_token\":",
];

const BOUNDS: Bounds = Bounds { input: 4096, fixed: 1 << 20, per_byte: 8192 };

/// A file with credentials.
pub(super) const CREDENTIALS: Target = Target::new(
    "credentials",
    "a file of credentials is described without its secrets",
    credentials,
)
.words(WORDS)
.bounds(BOUNDS);

/// A response of a token service.
pub(super) const TOKEN: Target = Target::new(
    "token",
    "a token service's response gives a token, or an error without secrets",
    token,
)
.words(WORDS)
.bounds(BOUNDS);

/// The URL of a proxy.
pub(super) const PROXY: Target =
    Target::new("proxy", "a proxy's URL is used or refused, without its password", proxy)
        .words(&[
            "http://",
            "https://",
            "socks5://",
            "socks5h://",
            "user:c4n4rY-0123456789-s3cr3t@",
            "[::1]",
            ":80",
            "@",
            "%40",
        ])
        .bounds(Bounds { input: 512, fixed: 16 << 20, ..BOUNDS });

/// A URL, or JSON.
pub(super) const REDACTION: Target =
    Target::new("redaction", "secrets are hidden in URLs and JSON", redaction)
        .words(&[
            "key=",
            "access_token=",
            "token",
            "password",
            "secret",
            "?",
            "&",
            "#",
            "@",
            "c4n4rY-0123456789-s3cr3t",
            "%63",
        ])
        .bounds(Bounds { input: 1024, ..BOUNDS });

fn hidden(text: &str) -> Result<(), String> {
    ensure(!text.contains(CANARY), "secret", || text.to_owned())?;
    ensure(text.len() < 20_000, "long error", || text.to_owned())
}

/// Returns `true` if the canary is in a member that is no secret, such as the ID of a client.
fn is_open(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|mut value| {
        secrets::hide_members(&mut value, &|_| "hidden".to_owned());
        value.to_string().contains(CANARY)
    })
}

fn credentials(input: &[u8]) -> Result<bool, String> {
    let Ok(text) = std::str::from_utf8(input) else { return Ok(false) };
    if is_open(text) {
        return Ok(false);
    }
    match OAuthClient::from_json(text) {
        Ok(app) => hidden(&format!("{app:?}"))?,
        Err(error) => hidden(&format!("{error} {error:?}"))?,
    }
    match Adc::from_json(text) {
        Ok(adc) => {
            hidden(&format!("{adc:?} {:?} {:?}", adc.describe(), adc.quota_project()))?;
            Ok(true)
        }
        Err(error) => {
            hidden(&format!("{error} {error:?}"))?;
            Ok(false)
        }
    }
}

/// Credentials of a user, whose token service answers.
const USER: &str = r#"{"type": "authorized_user", "client_id": "id",
    "client_secret": "c4n4rY-0123456789-s3cr3t", "refresh_token": "c4n4rY-0123456789-s3cr3t"}"#;

fn token(input: &[u8]) -> Result<bool, String> {
    let script = Script::new(input, usize::MAX);
    let adc = Adc::from_json(USER).map_err(|error| format!("user: {error}"))?;
    let clock = Arc::new(ManualClock::jumping());
    let cx = AuthContext::new(clock).with_transport(Arc::new(script)).with_scopes(["a"]);
    match block_on(adc.headers(&cx))? {
        Ok(headers) => {
            hidden(&format!("{headers:?}"))?;
            Ok(true)
        }
        Err(error) => {
            hidden(&format!("{error} {error:?}"))?;
            Ok(false)
        }
    }
}

fn proxy(input: &[u8]) -> Result<bool, String> {
    let Ok(text) = std::str::from_utf8(input) else { return Ok(false) };
    match HyperTransport::builder().with_proxy(text).build() {
        Ok(transport) => hidden(&format!("{transport:?}")).map(|()| true),
        Err(error) => hidden(&format!("{error} {error:?}")).map(|()| false),
    }
}

fn redaction(input: &[u8]) -> Result<bool, String> {
    let Ok(text) = std::str::from_utf8(input) else { return Ok(false) };
    if let Ok(mut value) = serde_json::from_str::<Value>(text) {
        let before = value.clone();
        let changed = secrets::hide_members(&mut value, &|_| "hidden".to_owned());
        ensure(changed || before == value, "changed", || value.to_string())?;
        return Ok(true);
    }
    let (url, shown) = (redact_url(text), shown_url(text));
    let again = redact_url(&url);
    ensure(again == url, "again", || format!("{url} became {again}"))?;
    // The value of a parameter whose name says that it is secret.
    let query = text.split(['?', '#']).nth(1).unwrap_or_default();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        // The text may occur elsewhere as well.
        let secret =
            secrets::is_secret_param(name) && value.len() > 12 && text.matches(value).count() == 1;
        let is_shown = url.contains(value) || shown.contains(value);
        ensure(!(secret && is_shown), "parameter", || url.clone())?;
    }
    Ok(true)
}
