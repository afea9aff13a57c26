//! Compares requests with those of google-auth for Python, for the same files.

use crate::table::Failure;
use crate::table::cells::Folder;
use crate::table::kinds::{Kind, QUOTA, USER, World};
use crate::table::stand_in::{EMAIL, Fields, ID_AUDIENCE, StandIn, form, part};
use discovery_runtime::auth::{AuthContext, AuthHeaders};
use discovery_runtime::clock::SystemClock;
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::testing::Recorded;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

const SCOPES: [&str; 2] = ["scope-a", "scope-b"];

/// Fields and requests that differ, and why.
const KNOWN: [(&[Kind], &str, &str); 6] = [
    (&[Kind::User], "scope", "a login's token has the scopes of the login: one serves all calls"),
    (
        &[Kind::KeyExchanged, Kind::KeySubject, Kind::IdKey],
        "assertion.aud",
        "google-auth names Google's token service, whatever the file names",
    ),
    (
        &[Kind::Impersonated, Kind::WorkloadImpersonated, Kind::IdImpersonated],
        "body.delegates",
        "google-auth sends null without delegates",
    ),
    (
        &[Kind::WorkloadImpersonated],
        "/v1/token scope",
        "IAM accepts both scopes, and calls use the other as well",
    ),
    (
        &[Kind::Metadata, Kind::IdMetadata],
        "service-accounts/default/",
        "google-auth asks for the email of the account, which no token needs",
    ),
    (
        &[Kind::Metadata],
        "universe/universe-domain",
        "google-auth asks for it when a client is made, and the script makes none",
    ),
];

/// Requests and headers of one client, by name.
type Report = BTreeMap<String, String>;

/// Compares all kinds; returns the number of differences that are not known.
pub(crate) async fn all(python: &str, script: &str) -> Result<usize, Failure> {
    let mut unknown = 0;
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Gcloud) {
        let services = StandIn::start(Arc::new(SystemClock::new()), "").await?;
        let folder = Folder::new()?;
        let world =
            World { services: &services, folder: &folder.0, universe: None, missing: false };
        let ours = ours(kind, &world).await?;
        let theirs = theirs(kind, &world, python, script).await?;
        unknown += print(kind, &ours, &theirs);
    }
    Ok(unknown)
}

async fn ours(kind: Kind, world: &World<'_>) -> Result<Report, Failure> {
    let transport = HyperTransport::builder().with_no_proxy().build()?;
    let context = AuthContext::new(Arc::new(SystemClock::new()))
        .with_transport(Arc::new(transport))
        .with_scopes(SCOPES);
    let headers: AuthHeaders = kind.credentials(world)?.headers(&context).await?;
    let headers = headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    Ok(report(world, headers.collect()))
}

async fn theirs(
    kind: Kind,
    world: &World<'_>,
    python: &str,
    script: &str,
) -> Result<Report, Failure> {
    let file = kind.file(world);
    let url = world.url("");
    let task = json!({
        "kind": format!("{kind:?}"), "base": url, "scopes": SCOPES, "audience": ID_AUDIENCE,
        "subject": USER, "email": EMAIL, "source": "ya29.source", "quota": QUOTA,
        "file": file.as_ref().map(|file| &file.content),
    });
    let host = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut command = Command::new(python);
    command.arg(script).env("GCE_METADATA_HOST", host).env("NO_PROXY", "127.0.0.1");
    command.env_remove("GOOGLE_APPLICATION_CREDENTIALS").env_remove("GOOGLE_CLOUD_QUOTA_PROJECT");
    command.envs(file.into_iter().flat_map(|file| file.variables));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // The stand-in runs on this runtime, which must not wait for the program.
    let output = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(task.to_string().as_bytes())?;
        }
        child.wait_with_output()
    });
    let output = output.await??;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("google-auth has no token of kind {kind:?}: {said}").into());
    }
    let headers: BTreeMap<String, String> = serde_json::from_slice(&output.stdout)?;
    Ok(report(world, headers))
}

/// Returns the requests since the last report, and the headers of a call.
fn report(world: &World<'_>, headers: BTreeMap<String, String>) -> Report {
    let base = world.url("");
    let mut report = Report::new();
    for request in world.services.server().take_requests() {
        let path = request.head.path();
        let name = format!("{} {path}", request.head.method);
        report.insert(name.clone(), "sent".to_owned());
        for (field, value) in fields(&request) {
            // The stand-in takes the place of Google's hosts.
            let value = value.replace(base.trim_end_matches('/'), "BASE");
            report.insert(format!("{name} {field}"), value);
        }
    }
    for (name, value) in headers {
        put(&mut report, &format!("call: {}", name.to_ascii_lowercase()), &value);
    }
    report
}

fn fields(request: &Recorded) -> Report {
    let mut fields = Report::new();
    let head = &request.head;
    for name in ["authorization", "metadata-flavor", "x-goog-user-project", "x-provider"] {
        if let Some(value) = head.header(name) {
            put(&mut fields, &format!("header.{name}"), value);
        }
    }
    for (name, value) in form(head.uri.query().unwrap_or_default()) {
        put(&mut fields, &format!("query.{name}"), &value);
    }
    let text = String::from_utf8_lossy(&request.body);
    match request.json() {
        Ok(Value::Object(body)) => {
            for (name, value) in body {
                put(&mut fields, &format!("body.{name}"), &value.to_string());
            }
        }
        _ => {
            let body: Fields = form(&text);
            for (name, value) in body {
                put(&mut fields, &name, &value);
            }
        }
    }
    fields
}

/// Inserts a field: a JWT by its claims, a signed request by its headers, without what differs from
/// one second to the next.
fn put(report: &mut Report, name: &str, value: &str) {
    let bare = value.strip_prefix("Bearer ").unwrap_or(value);
    if let (Some(header), Some(claims)) = (part(bare, 0), part(bare, 1)) {
        flatten(report, &format!("{name}.header"), &header);
        return flatten(report, name, &claims);
    }
    if let Some(Ok(signed)) = name.ends_with("subject_token").then(|| signed_request(value)) {
        return flatten(report, name, &signed);
    }
    let shown =
        if bare.starts_with("ya29.") { value.replace(bare, "TOKEN") } else { value.to_owned() };
    report.insert(name.to_owned(), shown);
}

fn signed_request(value: &str) -> Result<Value, Failure> {
    let decoded = form(&format!("value={value}")).remove("value").unwrap_or_default();
    let mut signed: Value = serde_json::from_str(&decoded)?;
    let headers = signed["headers"].take();
    for pair in headers.as_array().into_iter().flatten() {
        let name = pair["key"].as_str().unwrap_or_default().to_ascii_lowercase();
        // The signature covers the time; a test compares one with google-auth's.
        let value = pair["value"].as_str().unwrap_or_default();
        let value = value.split(" Signature=").next().unwrap_or_default();
        let value: String = match name.as_str() {
            "x-amz-date" => value.chars().filter(|c| !c.is_ascii_digit()).collect(),
            "authorization" => {
                value.split('/').filter(|part| part.parse::<u32>().is_err()).collect()
            }
            _ => value.to_owned(),
        };
        signed[name] = json!(value);
    }
    if let Some(signed) = signed.as_object_mut() {
        signed.remove("headers");
    }
    Ok(signed)
}

fn flatten(report: &mut Report, name: &str, object: &Value) {
    let time = |field: &str| object[field].as_u64();
    for (field, value) in object.as_object().into_iter().flatten() {
        let shown = match (field.as_str(), time("iat"), time("exp")) {
            ("iat" | "jti", _, _) => continue,
            ("exp", Some(issued), Some(expiry)) => format!("{} s after iat", expiry - issued),
            _ => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        };
        report.insert(format!("{name}.{field}"), shown);
    }
}

/// Prints the differences of a kind; returns the number of those that are not known.
fn print(kind: Kind, ours: &Report, theirs: &Report) -> usize {
    let names: std::collections::BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let (mut equal, mut unknown, mut lines) = (0, 0, Vec::new());
    for name in names {
        let (own, other) = (ours.get(name), theirs.get(name));
        if own == other {
            equal += 1;
            continue;
        }
        let shown = |value: Option<&String>| value.map_or("-", String::as_str).to_owned();
        let reason =
            KNOWN.iter().find(|(kinds, part, _)| kinds.contains(&kind) && name.contains(part));
        unknown += usize::from(reason.is_none());
        let reason = reason.map_or("NOT KNOWN", |(_, _, why)| why);
        lines.push(format!("    {name}: {}; google-auth: {} ({reason})", shown(own), shown(other)));
    }
    println!("{:<23} {equal:>2} fields equal, {} differ", kind.name(), lines.len());
    lines.iter().for_each(|line| println!("{line}"));
    unknown
}
