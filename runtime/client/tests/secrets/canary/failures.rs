//! Failing servers that quote the rejected request.

use discovery_runtime::testing::{Fault, FaultServer, Incoming, Reply};

use super::{CANARY, CORE};

/// How a server fails; those with a body quote the whole request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Failure {
    Status(u16),
    OAuth(u16),
    Html(u16),
    Text(u16),
    /// A successful status with an HTML page.
    Page,
    BrokenJson,
    OddJson,
    Part,
    /// A successful part of a batch with an invalid body.
    OddPart,
    Break(Fault),
    Silence,
}

pub(super) const FAILURES: [Failure; 21] = [
    Failure::Status(400),
    Failure::Status(401),
    Failure::Status(403),
    Failure::Status(404),
    Failure::Status(409),
    Failure::Status(429),
    Failure::Status(500),
    Failure::Status(503),
    Failure::OAuth(400),
    Failure::Html(502),
    Failure::Text(403),
    Failure::Page,
    Failure::BrokenJson,
    Failure::OddJson,
    Failure::Part,
    Failure::OddPart,
    Failure::Break(Fault::Reset),
    Failure::Break(Fault::LoseAnswer),
    Failure::Break(Fault::BrokenStream),
    Failure::Break(Fault::WrongLength),
    Failure::Silence,
];

impl Failure {
    /// Returns the response, which quotes the request.
    fn reply(self, said: &str) -> Reply {
        let json = |status, value: serde_json::Value| {
            Reply::new(status).with_body("application/json", value.to_string())
        };
        let error = |status: u16| {
            serde_json::json!({"error": {
                "code": status, "message": format!("refused: {said}"),
                "errors": [{"reason": "x", "message": said}],
                "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "X", "metadata": {"request": said}}],
            }})
        };
        match self {
            Self::Status(status) => json(status, error(status)),
            Self::OAuth(status) => {
                json(status, serde_json::json!({"error": "x", "error_description": said}))
            }
            Self::Html(status) => Reply::new(status)
                .with_body("text/html", format!("<html><title>{said}</title></html>")),
            Self::Text(status) => Reply::new(status).with_body("text/plain", said.to_owned()),
            Self::Page => Reply::new(200)
                .with_body("text/html", format!("<html><title>{said}</title></html>")),
            Self::BrokenJson => {
                Reply::json(format!("{{\"error\": {}", serde_json::Value::from(said)))
            }
            Self::OddJson => Reply::json(format!("[{}]", serde_json::Value::from(said))),
            Self::Part => part(400, &error(400).to_string()),
            Self::OddPart => part(200, &format!("<html><title>{said}</title></html>")),
            Self::Break(_) | Self::Silence => Reply::json("{\"files\": []}"),
        }
    }
}

/// Returns a part of a batch response.
fn part(status: u16, body: &str) -> Reply {
    let head = "content-type: application/http\r\ncontent-id: <response-part-0>";
    let body = format!("--B\r\n{head}\r\n\r\nHTTP/1.1 {status} X\r\n\r\n{body}\r\n--B--\r\n");
    Reply::new(200).with_body("multipart/mixed; boundary=B", body)
}

/// Returns all text of a request, decoded and raw.
async fn said(incoming: &mut Incoming) -> String {
    let body = String::from_utf8_lossy(&incoming.body().await).into_owned();
    let head = incoming.head();
    let query = ["key", "access_token", "upload_id"].map(|name| head.query(name));
    let headers: Vec<String> = head
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    // Limited, to exclude the content of uploads.
    let body: String = body.chars().filter(char::is_ascii_graphic).take(4000).collect();
    format!("{} {} {query:?} {} {body}", head.method, head.uri, headers.join(" | "))
}

pub(super) async fn server(failure: Failure) -> FaultServer {
    let server = FaultServer::start(move |mut incoming| async move {
        let said = said(&mut incoming).await;
        let head = incoming.head();
        // Opens a session, so that the upload has a secret address.
        if head.query("uploadType").as_deref() == Some("resumable")
            && !head.path().contains("refuse-start")
        {
            let session = format!("/upload/v1/files?upload_id={CORE}");
            return Reply::new(200).with_header("location", session);
        }
        failure.reply(&said)
    });
    let server = server.await.unwrap();
    match failure {
        Failure::Break(fault) => server.always(|_| true, fault),
        Failure::Silence => server.always(|_| true, Fault::StallAlways),
        _ => {}
    }
    server
}

/// Issues tokens, or rejects the request and quotes the form.
pub(super) async fn token_service(refuses: bool) -> FaultServer {
    let server = FaultServer::start(move |mut incoming| async move {
        let universe = incoming.head().path().ends_with("/universe/universe-domain");
        let said = said(&mut incoming).await;
        if universe && !refuses {
            return Reply::new(404).with_header("metadata-flavor", "Google");
        }
        if refuses {
            return Failure::OAuth(400).reply(&said);
        }
        let token = format!(
            r#"{{"access_token": "{CANARY}", "accessToken": "{CANARY}", "expires_in": 3600}}"#
        );
        Reply::json(token).with_header("metadata-flavor", "Google")
    });
    server.await.unwrap()
}
