//! Identities of AWS: a signed request, which the token service makes in the machine's place.

use super::signature::{AwsKeys, Unsigned, sign};
use super::subject::{exchange, get, source_url};
use crate::auth::environment::Environment;
use crate::auth::oauth::{form, string};
use crate::auth::{AuthContext, AuthError, AuthErrorKind, Secret};
use http::Method;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

const SESSION: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token");
const SESSION_LIFETIME: HeaderName =
    HeaderName::from_static("x-aws-ec2-metadata-token-ttl-seconds");

/// Keys and region from the environment, or from the metadata server of AWS.
#[derive(Debug)]
pub(in crate::auth) struct AwsSource {
    pub(in crate::auth) environment: Environment,
    /// Returns the availability zone.
    pub(in crate::auth) region_url: Option<String>,
    /// Returns the name of the machine's role, and below it the role's keys.
    pub(in crate::auth) keys_url: Option<String>,
    /// Returns a token that the other two demand (IMDSv2).
    pub(in crate::auth) session_url: Option<String>,
    /// The request to sign; `{region}` stands for the region.
    pub(in crate::auth) verification_url: String,
}

impl AwsSource {
    /// Checks that keys are only read from the metadata server of AWS, and that the signed request
    /// is one to AWS: a file from elsewhere must not make other servers believe it.
    pub(in crate::auth) fn check(&self) -> Result<(), AuthError> {
        for url in [&self.region_url, &self.keys_url, &self.session_url].into_iter().flatten() {
            let host = source_url(url)?.host().unwrap_or_default().to_owned();
            let known = ["169.254.169.254", "[fd00:ec2::254]", "127.0.0.1", "localhost", "[::1]"];
            if !known.contains(&host.as_str()) {
                let message = format!(
                    "{host} is not the metadata server of AWS, which is at 169.254.169.254 or \
                     [fd00:ec2::254]"
                );
                return Err(AuthError::new(AuthErrorKind::Insecure, message));
            }
        }
        Ok(())
    }

    pub(super) async fn token(
        &self,
        cx: &AuthContext,
        audience: &str,
    ) -> Result<Secret, AuthError> {
        let session = self.session(cx).await?;
        let region = self.region(cx, session.as_ref()).await?;
        let keys = self.keys(cx, session.as_ref()).await?;
        let url = self.verification_url.replace("{region}", &region);
        let uri = source_url(&url)?;
        let request = Unsigned {
            method: "POST",
            host: uri.authority().map_or("", http::uri::Authority::as_str),
            path: uri.path(),
            query: uri.query().unwrap_or_default(),
            region: &region,
            service: "sts",
        };
        let mut headers = sign(&request, &keys, cx.clock().unix())?;
        headers.push(("x-goog-cloud-target-resource", audience.to_owned()));
        let headers: Vec<Value> = headers
            .into_iter()
            .map(|(name, value)| json!({ "key": name, "value": value }))
            .collect();
        let signed = json!({ "headers": headers, "method": "POST", "url": url });
        Ok(Secret::new(form::escaped(&signed.to_string())))
    }

    /// Returns the token of a session with the metadata server, if one is needed.
    async fn session(&self, cx: &AuthContext) -> Result<Option<HeaderValue>, AuthError> {
        let needed = self.environment_region().is_none() || self.environment_keys().is_none();
        let Some(url) = self.session_url.as_ref().filter(|_| needed) else { return Ok(None) };
        let mut headers = HeaderMap::new();
        headers.insert(SESSION_LIFETIME, HeaderValue::from_static("300"));
        let token = exchange(cx, Method::PUT, &source_url(url)?, headers).await?;
        let mut value = HeaderValue::try_from(token.trim())
            .map_err(|_| malformed("a session token that cannot be a header"))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    fn environment_region(&self) -> Option<String> {
        let region = || self.environment.get("AWS_REGION");
        region().or_else(|| self.environment.get("AWS_DEFAULT_REGION"))
    }

    async fn region(
        &self,
        cx: &AuthContext,
        session: Option<&HeaderValue>,
    ) -> Result<String, AuthError> {
        if let Some(region) = self.environment_region() {
            return Ok(region);
        }
        let Some(url) = &self.region_url else {
            let message = "the region of AWS is unknown: set AWS_REGION";
            return Err(AuthError::new(AuthErrorKind::Invalid, message));
        };
        let zone = get(cx, &source_url(url)?, with_session(session)).await?;
        // `us-east-2b` is a zone of `us-east-2`.
        let mut region = zone.trim().to_owned();
        region.pop();
        if region.is_empty() {
            return Err(malformed("no availability zone"));
        }
        Ok(region)
    }

    fn environment_keys(&self) -> Option<AwsKeys> {
        Some(AwsKeys {
            access_key: self.environment.get("AWS_ACCESS_KEY_ID")?,
            secret_key: self.environment.get("AWS_SECRET_ACCESS_KEY")?.into(),
            session_token: self.environment.get("AWS_SESSION_TOKEN").map(Secret::from),
        })
    }

    async fn keys(
        &self,
        cx: &AuthContext,
        session: Option<&HeaderValue>,
    ) -> Result<AwsKeys, AuthError> {
        if let Some(keys) = self.environment_keys() {
            return Ok(keys);
        }
        let Some(url) = &self.keys_url else {
            let message = "there are no keys of AWS: set AWS_ACCESS_KEY_ID and \
                           AWS_SECRET_ACCESS_KEY";
            return Err(AuthError::new(AuthErrorKind::NotFound, message));
        };
        let role = get(cx, &source_url(url)?, with_session(session)).await?;
        let role = form::escaped(role.trim());
        let url = source_url(&format!("{}/{role}", url.trim_end_matches('/')))?;
        let text = get(cx, &url, with_session(session)).await?;
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        let object = value.as_object();
        let member = |name: &str| object.and_then(|object| string(object, name)).map(str::to_owned);
        let missing = || malformed("no keys of the machine's role");
        Ok(AwsKeys {
            access_key: member("AccessKeyId").ok_or_else(missing)?,
            secret_key: member("SecretAccessKey").ok_or_else(missing)?.into(),
            session_token: member("Token").map(Secret::from),
        })
    }
}

fn with_session(session: Option<&HeaderValue>) -> HeaderMap {
    session.map(|value| (SESSION, value.clone())).into_iter().collect()
}

fn malformed(what: &str) -> AuthError {
    let message = format!("the metadata server of AWS gave {what}");
    AuthError::new(AuthErrorKind::Malformed, message)
}
