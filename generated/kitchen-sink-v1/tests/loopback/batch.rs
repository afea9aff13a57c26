//! Calls of different methods in one request.

use super::client;
use discovery_runtime::testing::{FaultServer, Incoming, Reply};
use google_kitchen_sink_v1::models::BodiesThing;

/// What the server makes of one part: an HTTP status line and a body.
fn answer(line: &str) -> (&'static str, &'static str) {
    match line {
        _ if line.starts_with("DELETE /sink/v1/bodies/v1/things/gone") => (
            "404 Not Found",
            r#"{"error":{"code":404,"message":"there is none","status":"NOT_FOUND"}}"#,
        ),
        _ if line.starts_with("DELETE ") => ("204 No Content", ""),
        _ if line.starts_with("POST /sink/v1/bodies/v1/things") => ("200 OK", r#"{"name":"made"}"#),
        _ => ("200 OK", r#"{"name":"sunset"}"#),
    }
}

/// A server of the document's batch path that answers the parts in reverse order.
async fn server() -> FaultServer {
    FaultServer::start(|mut incoming: Incoming| async move {
        assert_eq!(incoming.head().path(), "/batch/sink/v1");
        let body = String::from_utf8(incoming.body().await.to_vec()).unwrap();
        let content_type = incoming.head().header("content-type").unwrap().to_owned();
        let boundary = content_type.strip_prefix("multipart/mixed; boundary=").unwrap();
        let mut out = vec!["--b--\r\n".to_owned()];
        for part in body.split(&format!("--{boundary}")).filter(|part| part.contains("HTTP/1.1")) {
            let id = part.split("Content-ID: <").nth(1).unwrap().split('>').next().unwrap();
            let line = part.lines().find(|line| line.ends_with("HTTP/1.1")).unwrap();
            let (status, body) = answer(line);
            out.push(format!(
                "--b\r\nContent-Type: application/http\r\nContent-ID: <response-{id}>\r\n\r\n\
                 HTTP/1.1 {status}\r\nContent-Type: application/json\r\n\r\n{body}\r\n"
            ));
        }
        out.reverse();
        Reply::new(200).with_body("multipart/mixed; boundary=b", out.concat())
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn each_ticket_gives_an_answer_of_its_own_type() {
    let server = server().await;
    let client = client(&server);
    let mut batch = client.batch();
    let made = batch.add(client.bodies().create(&BodiesThing::new())).unwrap();
    let deleted = batch.add(client.bodies().delete("a b")).unwrap();
    let gone = batch.add(client.bodies().delete("gone")).unwrap();
    let file = batch.add(client.media().get("x")).unwrap();
    let mut answers = batch.send().await.unwrap();
    assert_eq!((server.requests().len(), answers.failures()), (1, 1));
    let made: BodiesThing = answers.take(made).unwrap();
    assert_eq!(made.name.as_deref(), Some("made"));
    let () = answers.take(deleted).unwrap();
    assert_eq!(answers.take(file).unwrap().name.as_deref(), Some("sunset"));
    let error = answers.take(gone).unwrap_err();
    assert_eq!(error.http_status().map(|status| status.as_u16()), Some(404));
    assert_eq!(error.method_id(), Some("kitchen-sink.bodies_things.delete"));
}
