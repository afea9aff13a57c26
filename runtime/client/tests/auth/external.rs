//! Identity federation, against stand-ins for the identity provider and for Google's services.

use crate::support::{Folder, context, form, now, percent_decoded, server};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use discovery_runtime::auth::{Adc, AuthErrorKind, Credentials};
use discovery_runtime::clock::ManualClock;
use discovery_runtime::testing::{FaultServer, Recorded, Reply};
use serde_json::{Value, json};

const AUDIENCE: &str =
    "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const FEDERATED: &str = r#"{"access_token": "federated", "expires_in": 3600,
    "issued_token_type": "urn:ietf:params:oauth:token-type:access_token", "token_type": "Bearer"}"#;

fn file(token_url: &str, source: Value) -> Value {
    json!({
        "type": "external_account",
        "audience": AUDIENCE,
        "subject_token_type": JWT,
        "token_url": token_url,
        "credential_source": source,
    })
}

fn adc(folder: &Folder, file: &Value, variables: &[(&str, &str)]) -> Adc {
    let path = folder.file("credentials.json", &file.to_string());
    Adc::builder().with_environment(variables.to_vec()).with_file(path).build()
}

fn bearer(headers: &discovery_runtime::auth::AuthHeaders) -> String {
    let mut map = http::HeaderMap::new();
    headers.apply(&mut map);
    map["authorization"].to_str().unwrap().to_owned()
}

async fn token(adc: &Adc) -> Result<String, discovery_runtime::auth::AuthError> {
    adc.headers(&now().with_scopes(["scope-b", "scope-a"])).await.map(|headers| bearer(&headers))
}

#[tokio::test]
async fn the_token_of_a_file_is_exchanged() {
    let sts = server(FEDERATED).await;
    let folder = Folder::new();
    for (format, content) in [
        (Value::Null, "the-subject\n"),
        (json!({"type": "text"}), "the-subject"),
        (
            json!({"type": "json", "subject_token_field_name": "id"}),
            r#"{"id": "the-subject", "other": 1}"#,
        ),
    ] {
        let path = folder.file("subject", content);
        let source = match format {
            Value::Null => json!({"file": path}),
            format => json!({"file": path, "format": format}),
        };
        let adc = adc(&folder, &file(&sts.url(), source), &[]);
        assert_eq!(token(&adc).await.unwrap(), "Bearer federated");
        let request = &sts.take_requests()[0];
        assert!(request.head.header("authorization").is_none());
        let expected = [
            ("audience", AUDIENCE),
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            ("scope", "scope-a scope-b"),
            ("subject_token", "the-subject"),
            ("subject_token_type", JWT),
        ];
        let fields = form(request);
        let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(fields, expected);
    }
}

#[tokio::test]
async fn a_file_without_a_token_is_an_error() {
    let sts = server(FEDERATED).await;
    let folder = Folder::new();
    let json = json!({"type": "json", "subject_token_field_name": "id"});
    for (content, format, part) in [
        (" \n", json!({"type": "text"}), "is empty"),
        ("text", json.clone(), "is not JSON"),
        (r#"{"other": "s3cret"}"#, json.clone(), "no text member \"id\""),
        (r#"{"id": 1}"#, json, "no text member \"id\""),
    ] {
        let path = folder.file("subject", content);
        let adc = adc(&folder, &file(&sts.url(), json!({"file": path, "format": format})), &[]);
        let error = token(&adc).await.unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    let adc = adc(&folder, &file(&sts.url(), json!({"file": "/no/such/file"})), &[]);
    let error = token(&adc).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::NotFound);
    assert!(sts.requests().is_empty());
}

#[tokio::test]
async fn the_token_of_a_server_is_exchanged() {
    let sts = server(FEDERATED).await;
    let provider = server(r#"{"value": "the-subject"}"#).await;
    let folder = Folder::new();
    let source = json!({
        "url": format!("{}identity?resource=x", provider.url()),
        "headers": {"Metadata": "True"},
        "format": {"type": "json", "subject_token_field_name": "value"},
    });
    let adc = adc(&folder, &file(&sts.url(), source), &[]);
    assert_eq!(token(&adc).await.unwrap(), "Bearer federated");
    let request = &provider.requests()[0];
    assert_eq!(request.line(), "GET /identity?resource=x");
    assert_eq!(request.head.header("metadata"), Some("True"));
    assert_eq!(form(&sts.requests()[0])["subject_token"], "the-subject");
}

#[tokio::test]
async fn clients_and_workforce_projects_are_named() {
    let sts = server(FEDERATED).await;
    let folder = Folder::new();
    let path = folder.file("subject", "the-subject");
    let mut file = file(&sts.url(), json!({"file": path}));
    file["workforce_pool_user_project"] = json!("123");
    assert_eq!(token(&adc(&folder, &file, &[])).await.unwrap(), "Bearer federated");
    assert_eq!(form(&sts.take_requests()[0])["options"], r#"{"userProject":"123"}"#);
    file["client_id"] = json!("id");
    file["client_secret"] = json!("s3cret");
    assert_eq!(token(&adc(&folder, &file, &[])).await.unwrap(), "Bearer federated");
    let request = &sts.take_requests()[0];
    assert!(!form(request).contains_key("options"));
    let basic = format!("Basic {}", STANDARD.encode("id:s3cret"));
    assert_eq!(request.head.header("authorization"), Some(basic.as_str()));
}

#[tokio::test]
async fn a_service_account_is_impersonated() {
    let sts = server(FEDERATED).await;
    let iam =
        server(r#"{"accessToken": "impersonated", "expireTime": "2099-01-01T00:00:00Z"}"#).await;
    let folder = Folder::new();
    let path = folder.file("subject", "the-subject");
    let mut file = file(&sts.url(), json!({"file": path}));
    let method = "v1/projects/-/serviceAccounts/robot@p.iam.gserviceaccount.com";
    file["service_account_impersonation_url"] =
        json!(format!("{}{method}:generateAccessToken", iam.url()));
    file["service_account_impersonation"] = json!({"token_lifetime_seconds": 1200});
    let found = adc(&folder, &file, &[]);
    assert!(found.describe().unwrap().contains("robot@p.iam.gserviceaccount.com"));
    assert_eq!(token(&found).await.unwrap(), "Bearer impersonated");
    let scope = &form(&sts.requests()[0])["scope"];
    assert_eq!(scope, "https://www.googleapis.com/auth/cloud-platform");
    let request = &iam.requests()[0];
    assert_eq!(request.head.header("authorization"), Some("Bearer federated"));
    let body = request.json().unwrap();
    assert_eq!(body, json!({"lifetime": "1200s", "scope": ["scope-a", "scope-b"]}));
    file["service_account_impersonation"] = json!({"token_lifetime_seconds": 1});
    let error = token(&adc(&folder, &file, &[])).await.unwrap_err();
    assert!(error.to_string().contains("token_lifetime_seconds"), "{error}");
}

fn aws(base: &str, sts: &str) -> Value {
    file(
        sts,
        json!({
            "environment_id": "aws1",
            "region_url": format!("{base}latest/meta-data/placement/availability-zone"),
            "url": format!("{base}latest/meta-data/iam/security-credentials"),
            "imdsv2_session_token_url": format!("{base}latest/api/token"),
            "regional_cred_verification_url":
                "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
        }),
    )
}

fn text(text: &'static str) -> Reply {
    Reply::new(200).with_body("text/plain", text)
}

/// The signed request within a subject token.
fn signed(request: &Recorded) -> Value {
    serde_json::from_str(&percent_decoded(&form(request)["subject_token"])).unwrap()
}

fn header<'a>(signed: &'a Value, name: &str) -> &'a str {
    let headers = signed["headers"].as_array().unwrap();
    headers.iter().find(|pair| pair["key"] == name).unwrap()["value"].as_str().unwrap()
}

#[tokio::test]
async fn keys_of_aws_sign_a_request() {
    let sts = server(FEDERATED).await;
    let folder = Folder::new();
    let variables = [
        ("AWS_REGION", "us-east-2"),
        ("AWS_ACCESS_KEY_ID", "AKID"),
        ("AWS_SECRET_ACCESS_KEY", "s3cret"),
        ("AWS_SESSION_TOKEN", "the-session"),
    ];
    // Nothing is asked of a metadata server that is not needed.
    let adc = adc(&folder, &aws("http://127.0.0.1:1/", &sts.url()), &variables);
    adc.headers(&context(ManualClock::new())).await.unwrap();
    let signed = signed(&sts.requests()[0]);
    assert_eq!(signed["method"], "POST");
    assert_eq!(
        signed["url"],
        "https://sts.us-east-2.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"
    );
    assert_eq!(header(&signed, "host"), "sts.us-east-2.amazonaws.com");
    assert_eq!(header(&signed, "x-amz-date"), "20300101T000000Z");
    assert_eq!(header(&signed, "x-amz-security-token"), "the-session");
    assert_eq!(header(&signed, "x-goog-cloud-target-resource"), AUDIENCE);
    // As google-auth for Python signs the same request.
    assert_eq!(header(&signed, "Authorization"), SIGNED);
    assert!(!signed.to_string().contains("s3cret"));
}

const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=AKID/20300101/us-east-2/sts/aws4_request, \
    SignedHeaders=host;x-amz-date;x-amz-security-token, \
    Signature=a4e0a53fe1a1acccb4500918326e14bf5590643e80c89e85d12c3be82a68980f";

#[tokio::test]
async fn keys_of_aws_come_from_its_metadata_server() {
    let sts = server(FEDERATED).await;
    let metadata = FaultServer::start(|request| async move {
        let head = request.head();
        let authorized = head.header("x-aws-ec2-metadata-token") == Some("session");
        match head.path() {
            "/latest/api/token"
                if head.header("x-aws-ec2-metadata-token-ttl-seconds") == Some("300") =>
            {
                text("session")
            }
            _ if !authorized => Reply::new(401),
            "/latest/meta-data/placement/availability-zone" => text("eu-west-1b"),
            "/latest/meta-data/iam/security-credentials" => text("the-role"),
            "/latest/meta-data/iam/security-credentials/the-role" => {
                Reply::json(r#"{"AccessKeyId": "AKID", "SecretAccessKey": "k", "Token": "t"}"#)
            }
            _ => Reply::new(404),
        }
    });
    let metadata = metadata.await.unwrap();
    let folder = Folder::new();
    let adc = adc(&folder, &aws(&metadata.url(), &sts.url()), &[]);
    assert_eq!(token(&adc).await.unwrap(), "Bearer federated");
    let signed = signed(&sts.requests()[0]);
    assert_eq!(header(&signed, "host"), "sts.eu-west-1.amazonaws.com");
    assert!(header(&signed, "Authorization").contains("Credential=AKID/"));
    assert_eq!(metadata.requests()[0].line(), "PUT /latest/api/token");
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_gives_the_token_if_it_may_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let sts = server(FEDERATED).await;
    let folder = Folder::new();
    let allowed = [("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1")];
    let kept = folder.path().join("kept.json");
    let script = |answer: &str| {
        let text = format!(
            "#!/bin/sh\necho \"$1 $GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE\" >> {}\ncat <<'E'\n{answer}\nE\n",
            folder.path().join("log").display()
        );
        let path = folder.file("program", &text);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let command = format!("{} argument", path.display());
        file(&sts.url(), json!({"executable": {"command": command, "output_file": kept}}))
    };
    let good = json!({
        "version": 1, "success": true, "token_type": JWT, "id_token": "the-subject",
        "expiration_time": 4_000_000_000_u64,
    });
    let file = script(&good.to_string());
    let error = token(&adc(&folder, &file, &[])).await.unwrap_err();
    assert!(error.to_string().contains("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES"), "{error}");
    assert!(!folder.path().join("log").exists());
    assert_eq!(token(&adc(&folder, &file, &allowed)).await.unwrap(), "Bearer federated");
    assert_eq!(form(&sts.take_requests()[0])["subject_token"], "the-subject");
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert_eq!(log, format!("argument {AUDIENCE}\n"));
    for (answer, part) in [
        ("no JSON", "printed no JSON object"),
        (r#"{"version": 2}"#, "another version"),
        (
            r#"{"version": 1, "success": false, "code": "401", "message": "log in first"}"#,
            "log in first (code 401)",
        ),
        (
            r#"{"version": 1, "success": true, "token_type": "x", "expiration_time": 4000000000}"#,
            "unknown type",
        ),
        (
            r#"{"version": 1, "success": true, "token_type": "urn:ietf:params:oauth:token-type:jwt",
                "id_token": "a", "expiration_time": 1}"#,
            "expired token",
        ),
        (
            r#"{"version": 1, "success": true, "token_type": "urn:ietf:params:oauth:token-type:jwt",
                "id_token": "a"}"#,
            "without expiration_time",
        ),
    ] {
        let error = token(&adc(&folder, &script(answer), &allowed)).await.unwrap_err();
        assert!(error.to_string().contains(part), "{answer}: {error}");
    }
    // What the program left in its file is used instead of a run.
    std::fs::write(&kept, good.to_string()).unwrap();
    assert_eq!(
        token(&adc(&folder, &script("no JSON"), &allowed)).await.unwrap(),
        "Bearer federated"
    );
}

#[tokio::test]
async fn a_workforce_user_is_refreshed() {
    let sts = server(
        r#"{"access_token": "of-the-user", "expires_in": 3600, "token_type": "Bearer",
            "refresh_token": "next"}"#,
    )
    .await;
    let file = json!({
        "type": "external_account_authorized_user", "audience": AUDIENCE,
        "client_id": "id", "client_secret": "s3cret", "refresh_token": "first",
        "token_url": sts.url(), "quota_project_id": "quota",
    });
    let folder = Folder::new();
    let found = adc(&folder, &file, &[]);
    let cx = now();
    let headers = found.headers(&cx).await.unwrap();
    assert_eq!(bearer(&headers), "Bearer of-the-user");
    assert!(found.invalidate(&headers));
    found.headers(&cx).await.unwrap();
    let requests = sts.requests();
    let basic = format!("Basic {}", STANDARD.encode("id:s3cret"));
    assert_eq!(requests[0].head.header("authorization"), Some(basic.as_str()));
    assert_eq!(form(&requests[0])["refresh_token"], "first");
    assert_eq!(form(&requests[1])["refresh_token"], "next");
}

#[tokio::test]
async fn files_that_cannot_be_used_are_errors_of_their_own() {
    let folder = Folder::new();
    let base = file("https://sts.googleapis.com/v1/token", json!({"file": "/f"}));
    let with = |name: &str, value: Value| {
        let mut file = base.clone();
        file[name] = value;
        file
    };
    for (file, part) in [
        (with("credential_source", Value::Null), "\"credential_source\""),
        (with("credential_source", json!({"certificate": {}})), "no file, url, executable"),
        (with("credential_source", json!({"url": "ftp://x/y"})), "not an http or https URL"),
        (with("credential_source", json!({"environment_id": "aws2"})), "\"aws1\""),
        (with("credential_source", json!({"environment_id": "aws1"})), "verification_url"),
        (
            with(
                "credential_source",
                json!({
                    "environment_id": "aws1", "regional_cred_verification_url": "https://a/",
                    "url": "http://evil.example/keys",
                }),
            ),
            "not the metadata server of AWS",
        ),
        (with("credential_source", json!({"executable": {}})), "without a command"),
        (
            with("credential_source", json!({"executable": {"command": "x", "timeout_millis": 1}})),
            "timeout_millis",
        ),
        (
            with("credential_source", json!({"file": "/f", "format": {"type": "json"}})),
            "subject_token_field_name",
        ),
        (with("audience", Value::Null), "\"audience\""),
    ] {
        let error = adc(&folder, &file, &[]).describe().unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert!(error.to_string().contains("credentials.json"), "{error}");
    }
    let path = folder.file("subject", "the-subject");
    let file = file("http://sts.example/token", json!({"file": path}));
    let error = token(&adc(&folder, &file, &[])).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Insecure);
}
