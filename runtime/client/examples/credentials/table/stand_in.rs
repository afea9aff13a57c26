//! A stand-in for Google's token services, after their documents: OAuth's token endpoint, the
//! security token service, IAM's credentials service, and the metadata server. It rejects what they
//! reject.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use discovery_runtime::clock::Clock;
use discovery_runtime::json::Timestamp;
use discovery_runtime::testing::{FaultServer, Head, Incoming, Reply};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

const PUBLIC: &[u8] = include_bytes!("../../../tests/data/test-key.public.der");
pub(crate) const EMAIL: &str = "robot@project.iam.gserviceaccount.com";
pub(crate) const ID_AUDIENCE: &str = "https://service-abc123-uc.a.run.app";

/// How the services behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Working,
    /// Every grant was revoked, and every permission withdrawn.
    Refusing,
    Down,
}

/// The services, behind one address.
pub(crate) struct StandIn {
    server: FaultServer,
    state: Arc<State>,
}

struct State {
    clock: Arc<dyn Clock>,
    mode: Mutex<Mode>,
    /// Universe of the machine.
    universe: &'static str,
    issued: AtomicUsize,
}

type Answer = Result<Value, (u16, Value)>;

impl StandIn {
    pub(crate) async fn start(clock: Arc<dyn Clock>, universe: &'static str) -> io::Result<Self> {
        let (mode, issued) = (Mutex::new(Mode::Working), AtomicUsize::new(0));
        let state = Arc::new(State { clock, mode, universe, issued });
        let serving = Arc::clone(&state);
        let server =
            FaultServer::start(move |request| Arc::clone(&serving).answer(request)).await?;
        Ok(Self { server, state })
    }

    pub(crate) fn server(&self) -> &FaultServer {
        &self.server
    }

    pub(crate) fn set_mode(&self, mode: Mode) {
        *self.state.mode.lock().unwrap_or_else(PoisonError::into_inner) = mode;
    }
}

impl State {
    async fn answer(self: Arc<Self>, mut request: Incoming) -> Reply {
        let body = request.body().await;
        let head = request.head();
        let metadata = head.path().starts_with("/computeMetadata/") || head.path() == "/";
        let mode = *self.mode.lock().unwrap_or_else(PoisonError::into_inner);
        let reply = match mode {
            Mode::Down => Reply::error(503, "try again later"),
            Mode::Working | Mode::Refusing if metadata => self.metadata(head, mode),
            _ if head.path() == "/subject" => subject(head),
            Mode::Refusing if head.path().contains(":generate") => Reply::error(403, "denied"),
            Mode::Refusing => {
                let text = json!({ "error": "invalid_grant", "error_description": "revoked" });
                Reply::json(text.to_string()).with_status(400)
            }
            Mode::Working => match self.issue(head, &body) {
                Ok(answer) => Reply::json(answer.to_string()),
                Err((status, answer)) => Reply::json(answer.to_string()).with_status(status),
            },
        };
        if metadata { reply.with_header("metadata-flavor", "Google") } else { reply }
    }

    fn issue(&self, head: &Head, body: &[u8]) -> Answer {
        let fields = form(&String::from_utf8_lossy(body));
        match head.path() {
            "/token" => self.oauth(head, &fields),
            "/v1/token" => self.exchange(&fields),
            "/v1/oauthtoken" => {
                let basic = format!("Basic {}", STANDARD.encode("client-id:client-secret"));
                if head.header("authorization") != Some(&basic) {
                    return Err(oauth_error(401, "invalid_client", "no client"));
                }
                self.refresh(&fields)
            }
            path if path.contains("/serviceAccounts/") => self.impersonate(head, body),
            _ => Err((404, json!({ "error": { "code": 404, "message": "no such service" } }))),
        }
    }

    /// Returns a new token, with a number by which tokens can be told apart.
    fn token(&self) -> String {
        format!("ya29.token-{}", self.issued.fetch_add(1, Ordering::Relaxed))
    }

    fn granted(&self) -> Value {
        json!({ "access_token": self.token(), "expires_in": 3600, "token_type": "Bearer" })
    }

    fn id_token(&self, audience: &str) -> String {
        let now = self.clock.unix().as_secs();
        let claims = json!({
            "iss": "https://accounts.google.com", "aud": audience, "iat": now, "exp": now + 3600,
            "email": EMAIL, "jti": self.token(),
        });
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.c2lnbmF0dXJl", part(json!({ "alg": "RS256", "typ": "JWT" })), part(claims))
    }

    /// OAuth's token endpoint, RFC 6749 and RFC 7523.
    fn oauth(&self, head: &Head, fields: &Fields) -> Answer {
        if head.header("content-type") != Some("application/x-www-form-urlencoded") {
            return Err(oauth_error(400, "invalid_request", "not a form"));
        }
        match fields.get("grant_type").map(String::as_str) {
            Some("refresh_token") => {
                check(fields, "client_id", "client-id")?;
                check(fields, "client_secret", "client-secret")?;
                self.refresh(fields)
            }
            Some("urn:ietf:params:oauth:grant-type:jwt-bearer") => {
                let claims = fields.get("assertion").and_then(|jwt| verified(jwt));
                let invalid = || oauth_error(400, "invalid_grant", "Invalid JWT");
                let claims =
                    claims.filter(|claims| self.is_assertion(claims)).ok_or_else(invalid)?;
                match claims["target_audience"].as_str() {
                    Some(audience) => Ok(json!({ "id_token": self.id_token(audience) })),
                    None if claims["scope"].is_string() => Ok(self.granted()),
                    None => Err(oauth_error(400, "invalid_scope", "no scope")),
                }
            }
            _ => Err(oauth_error(400, "unsupported_grant_type", "unknown grant")),
        }
    }

    fn is_assertion(&self, claims: &Value) -> bool {
        let time = |name: &str| claims[name].as_u64().unwrap_or_default();
        let now = self.clock.unix().as_secs();
        let audience = claims["aud"].as_str().unwrap_or_default();
        claims["iss"] == EMAIL
            && audience.ends_with("/token")
            && time("iat") <= now + 5
            && time("exp") > now
            && time("exp") - time("iat") <= 3600
    }

    fn refresh(&self, fields: &Fields) -> Answer {
        check(fields, "grant_type", "refresh_token")?;
        check(fields, "refresh_token", "refresh-token")?;
        Ok(self.granted())
    }

    /// The security token service, RFC 8693.
    fn exchange(&self, fields: &Fields) -> Answer {
        check(fields, "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")?;
        let kind = "urn:ietf:params:oauth:token-type:access_token";
        check(fields, "requested_token_type", kind)?;
        for name in ["audience", "scope", "subject_token", "subject_token_type"] {
            if fields.get(name).is_none_or(String::is_empty) {
                return Err(oauth_error(400, "invalid_request", name));
            }
        }
        let mut granted = self.granted();
        granted["issued_token_type"] = json!(kind);
        Ok(granted)
    }

    /// IAM's service of credentials.
    fn impersonate(&self, head: &Head, body: &[u8]) -> Answer {
        let denied = |status: u16, message: &str| {
            let error =
                json!({ "code": status, "status": "PERMISSION_DENIED", "message": message });
            Err((status, json!({ "error": error })))
        };
        let bearer = head.header("authorization").and_then(|text| text.strip_prefix("Bearer "));
        if !bearer.is_some_and(|token| token.starts_with("ya29.") || verified(token).is_some()) {
            return denied(401, "no token");
        }
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        if head.path().ends_with(":generateIdToken") {
            let audience = body["audience"].as_str().unwrap_or_default();
            return Ok(json!({ "token": self.id_token(audience) }));
        }
        let lifetime = body["lifetime"].as_str().and_then(|text| text.strip_suffix('s'));
        let Some(seconds) = lifetime.and_then(|text| text.parse::<u64>().ok()) else {
            return denied(400, "no lifetime");
        };
        if body["scope"].as_array().is_none_or(Vec::is_empty) {
            return denied(400, "no scope");
        }
        let expiry = self.clock.unix().as_secs() + seconds;
        Ok(json!({ "accessToken": self.token(), "expireTime": timestamp(expiry) }))
    }

    fn metadata(&self, head: &Head, mode: Mode) -> Reply {
        if head.header("metadata-flavor") != Some("Google") {
            return Reply::new(403);
        }
        let text = |text: String| Reply::new(200).with_body("application/text", text);
        let account = "/computeMetadata/v1/instance/service-accounts/default";
        match head.path().strip_prefix(account) {
            _ if head.path().ends_with("/universe/universe-domain") => {
                text(self.universe.to_owned())
            }
            // No account is attached.
            _ if mode == Mode::Refusing => Reply::new(404),
            Some("/token") => Reply::json(self.granted().to_string()),
            Some("/identity") => match head.query("audience") {
                Some(audience) => text(self.id_token(&audience)),
                None => Reply::new(400),
            },
            // What google-auth asks first.
            Some("/") => Reply::json(json!({ "email": EMAIL, "scopes": [] }).to_string()),
            _ => Reply::new(404),
        }
    }
}

/// The identity provider of a workload.
fn subject(head: &Head) -> Reply {
    match head.header("x-provider") {
        Some("yes") => Reply::json(json!({ "value": "subject-token" }).to_string()),
        _ => Reply::new(403),
    }
}

pub(crate) type Fields = BTreeMap<String, String>;

/// Parses a form or query.
pub(crate) fn form(text: &str) -> Fields {
    discovery_testing::query_pairs(text).collect()
}

fn check(fields: &Fields, name: &str, expected: &str) -> Result<(), (u16, Value)> {
    match fields.get(name) {
        Some(value) if value == expected => Ok(()),
        _ => Err(oauth_error(400, "invalid_request", name)),
    }
}

fn oauth_error(status: u16, code: &str, description: &str) -> (u16, Value) {
    (status, json!({ "error": code, "error_description": description }))
}

/// Returns the claims of a JWT that the test's key signed.
fn verified(jwt: &str) -> Option<Value> {
    let (signed, signature) = jwt.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, PUBLIC);
    key.verify(signed.as_bytes(), &signature).ok()?;
    part(jwt, 1)
}

/// Decodes a part of a JWT.
pub(crate) fn part(jwt: &str, index: usize) -> Option<Value> {
    let part = jwt.split('.').nth(index)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn timestamp(unix: u64) -> String {
    let seconds = i64::try_from(unix).unwrap_or_default();
    Timestamp::new(seconds, 0).map(|time| time.to_string()).unwrap_or_default()
}
