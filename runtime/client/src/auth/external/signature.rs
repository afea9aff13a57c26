//! Signatures of AWS requests
//! ([Signature Version 4](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html)).

use crate::auth::crypto::Sha256;
use crate::auth::{AuthError, Secret};
use crate::json::Timestamp;
use std::fmt::Write as _;
use std::time::Duration;

/// Keys of an AWS identity.
#[derive(Clone, Debug)]
pub(super) struct AwsKeys {
    pub(super) access_key: String,
    pub(super) secret_key: Secret,
    pub(super) session_token: Option<Secret>,
}

/// A request without a body.
pub(super) struct Unsigned<'a> {
    pub(super) method: &'a str,
    pub(super) host: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
}

/// Returns the headers of the signed request, sorted by name.
pub(super) fn sign(
    request: &Unsigned<'_>,
    keys: &AwsKeys,
    now: Duration,
) -> Result<Vec<(&'static str, String)>, AuthError> {
    let sha256 = Sha256::new()?;
    let time = time_text(now);
    let date = time.get(..8).unwrap_or_default();
    let mut headers = vec![("host", request.host.to_owned()), ("x-amz-date", time.clone())];
    if let Some(token) = &keys.session_token {
        headers.push(("x-amz-security-token", token.expose().to_owned()));
    }
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let lines: String = headers.iter().fold(String::new(), |mut lines, (name, value)| {
        let _ = writeln!(lines, "{name}:{value}");
        lines
    });
    let path = if request.path.is_empty() { "/" } else { request.path };
    let mut query: Vec<&str> = request.query.split('&').filter(|part| !part.is_empty()).collect();
    query.sort_unstable();
    let canonical = format!(
        "{}\n{path}\n{}\n{lines}\n{names}\n{}",
        request.method,
        query.join("&"),
        hex(&sha256.digest(b""))
    );
    let scope = format!("{date}/{}/{}/aws4_request", request.region, request.service);
    let text =
        format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&sha256.digest(canonical.as_bytes())));
    let first = format!("AWS4{}", keys.secret_key.expose());
    let key = [date, request.region, request.service, "aws4_request"]
        .iter()
        .fold(first.into_bytes(), |key, part| sha256.hmac(&key, part.as_bytes()));
    let signature = hex(&sha256.hmac(&key, text.as_bytes()));
    let value = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        keys.access_key
    );
    headers.insert(0, ("Authorization", value));
    Ok(headers)
}

/// Formats a time as `20240131T235959Z`.
fn time_text(now: Duration) -> String {
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let text = Timestamp::new(seconds, 0).map(|time| time.to_string()).unwrap_or_default();
    text.chars().filter(|c| !matches!(c, '-' | ':')).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AWS's published test suite, `get-vanilla-query-order-key-case` and `get-vanilla`.
    #[test]
    fn signatures_of_the_published_suite() {
        let keys = AwsKeys {
            access_key: "AKIDEXAMPLE".to_owned(),
            secret_key: Secret::from("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session_token: None,
        };
        // 2015-08-30T12:36:00Z
        let now = Duration::from_secs(1_440_938_160);
        for (query, signature) in [
            ("", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            (
                "Param2=value2&Param1=value1",
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ),
        ] {
            let request = Unsigned {
                method: "GET",
                host: "example.amazonaws.com",
                path: "/",
                query,
                region: "us-east-1",
                service: "service",
            };
            let headers = sign(&request, &keys, now).unwrap();
            assert_eq!(headers[2], ("x-amz-date", "20150830T123600Z".to_owned()));
            assert_eq!(
                headers[0].1,
                format!(
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/\
                     aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}"
                ),
                "{query}"
            );
        }
    }
}
