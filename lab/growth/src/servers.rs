//! Requests to a mock server.

use crate::family::{Family, Work};
use bytes::Bytes;
use google_jobs_v3_mock::mock::Server;
use http::{Method, Request};
use serde_json::{Value, json};

const fn family(name: &'static str, size: usize, make: fn(usize) -> Work) -> Family {
    Family { group: "mock", name, size, make }
}

pub(crate) const ALL: &[Family] = &[
    family("creates among n items", 100, |n| {
        let server = server(n);
        let create = move |at| post(&server, "/v3/projects/p/companies", &company(n + 1 + at));
        Box::new(move || (0..5).map(create).collect())
    }),
    family("gets among n items", 100, |n| {
        let server = server(n);
        Box::new(move || (0..20).map(|_| get(&server, "/v3/projects/p/companies/1")).collect())
    }),
    family("a page of n items", 100, |n| {
        let server = server(n);
        Box::new(move || get(&server, "/v3/projects/p/companies?pageSize=100"))
    }),
    family("a page size of n digits", 5000, |n| {
        let server = server(3);
        Box::new(move || {
            get(&server, &format!("/v3/projects/p/companies?pageSize={}", "9".repeat(n)))
        })
    }),
    family("a page token of n bytes", 5000, |n| {
        let server = server(3);
        Box::new(move || {
            get(&server, &format!("/v3/projects/p/companies?pageToken={}", "9".repeat(n)))
        })
    }),
    family("a filter of n terms", 100, |n| {
        let server = server(3);
        let filter = vec!["companyName%3D%22projects/p/companies/1%22"; n].join("%20AND%20");
        Box::new(move || get(&server, &format!("/v3/projects/p/jobs?filter={filter}")))
    }),
    family("a filter of n brackets", 1000, |n| {
        let server = server(3);
        Box::new(move || get(&server, &format!("/v3/projects/p/jobs?filter={}", "(".repeat(n))))
    }),
    family("a query of n bytes over 20 jobs", 500, |n| {
        let server = server(1);
        let query = json!({"requestMetadata": {"domain": "d", "sessionId": "s", "userId": "u"},
            "jobQuery": {"query": "word ".repeat(n)}});
        Box::new(move || post(&server, "/v3/projects/p/jobs:search", &query))
    }),
    family("a path of n segments", 2000, |n| {
        let server = server(1);
        Box::new(move || get(&server, &format!("/v3/projects{}", "/a".repeat(n))))
    }),
    family("a path of %2525…", 2000, |n| {
        let server = server(1);
        Box::new(move || get(&server, &format!("/v3/projects/{}", "%25".repeat(n))))
    }),
    family("n parameters", 500, |n| {
        let server = server(1);
        Box::new(move || {
            get(&server, &format!("/v3/projects/p/companies?{}", "pageSize=1&".repeat(n)))
        })
    }),
    family("n unknown parameters", 500, |n| {
        let server = server(1);
        let all: Vec<String> = (0..n).map(|at| format!("k{at}=1")).collect();
        Box::new(move || get(&server, &format!("/v3/projects/p/companies?{}", all.join("&"))))
    }),
    family("a mask of n paths", 500, |n| {
        let server = server(1);
        let body = json!({"company": {"displayName": "x"}, "updateMask": vec!["displayName"; n].join(",")});
        Box::new(move || {
            send(&server, Method::PATCH, "/v3/projects/p/companies/1", body.to_string())
        })
    }),
    family("fields nested n deep", 500, |n| {
        let server = server(1);
        Box::new(move || {
            get(&server, &format!("/v3/projects/p/companies?fields={}", "a(".repeat(n)))
        })
    }),
    family("n headers", 500, |n| {
        let server = server(1);
        let mut request =
            Request::get("http://localhost/v3/projects/p/companies").body(Bytes::new()).unwrap();
        for at in 0..n {
            let name = http::HeaderName::from_bytes(format!("x-{at}").as_bytes()).unwrap();
            request.headers_mut().insert(name, http::HeaderValue::from_static("v"));
        }
        Box::new(move || told(&server, request))
    }),
    family("a body nested n deep", 1000, |n| {
        let server = server(1);
        Box::new(move || send(&server, Method::POST, "/v3/projects/p/companies", "[".repeat(n)))
    }),
    family("a body nested within unknown members", 20, |n| {
        let server = server(1);
        let body = format!("{{\"company\":{}1{}}}", "{\"a\":".repeat(n), "}".repeat(n));
        Box::new(move || send(&server, Method::POST, "/v3/projects/p/companies", body))
    }),
    family("a body of n unknown members", 500, |n| {
        let server = server(1);
        let all: Vec<String> = (0..n).map(|at| format!("\"k{at}\":1")).collect();
        Box::new(move || {
            send(
                &server,
                Method::POST,
                "/v3/projects/p/companies",
                format!("{{{}}}", all.join(",")),
            )
        })
    }),
    family("a body of n wrong values", 300, |n| {
        let server = server(1);
        let body = json!({"company": {"keywordSearchableJobCustomAttributes": vec![json!({}); n]}});
        Box::new(move || post(&server, "/v3/projects/p/companies", &body))
    }),
    family("a batch of n calls", 20, |n| {
        let server = server(1);
        let part = "--B\r\nContent-Type: application/http\r\n\r\nGET /v3/projects/p/companies/1 HTTP/1.1\r\n\r\n\r\n";
        batch(server, part.repeat(n))
    }),
    family("a batch of n empty parts", 500, |n| batch(server(1), "--B\r\n\r\n".repeat(n))),
    family("headers of a part", 500, |n| {
        let headers = "a: b\r\n".repeat(n);
        batch(
            server(1),
            format!(
                "--B\r\nContent-Type: application/http\r\n\r\nGET /v3/projects/p/companies/1 HTTP/1.1\r\n{headers}\r\n\r\n"
            ),
        )
    }),
];

fn company(at: usize) -> Value {
    json!({"company": {"displayName": "Acme", "externalId": format!("e-{at}")}})
}

/// A server with n companies.
fn server(n: usize) -> Server {
    let server = google_jobs_v3_mock::builder().build();
    let all: serde_json::Map<String, Value> = (1..=n)
        .map(|at| (format!("projects/p/companies/{at}"), company(at)["company"].clone()))
        .collect();
    server.seed(&Value::Object(all)).unwrap();
    server
}

fn get(server: &Server, path: &str) -> String {
    send(server, Method::GET, path, String::new())
}

fn post(server: &Server, path: &str, body: &Value) -> String {
    send(server, Method::POST, path, body.to_string())
}

fn send(server: &Server, method: Method, path: &str, body: String) -> String {
    let request = Request::builder()
        .method(method)
        .uri(format!("http://localhost{path}"))
        .header("content-type", "application/json")
        .body(Bytes::from(body));
    told(server, request.unwrap())
}

fn batch(server: Server, parts: String) -> Work {
    let request = Request::post("http://localhost/batch")
        .header("content-type", "multipart/mixed; boundary=B")
        .body(Bytes::from(format!("{parts}--B--\r\n")))
        .unwrap();
    Box::new(move || told(&server, request))
}

fn told(server: &Server, request: Request<Bytes>) -> String {
    let response = server.respond(request);
    let body = String::from_utf8_lossy(response.body()).into_owned();
    format!(
        "{}, {} bytes: {}",
        response.status(),
        body.len(),
        body.replace(char::is_whitespace, " ")
    )
}
