//! Three clients of one API.

use crate::{Http, Outcome};
use bytes::Bytes;
use discovery_json::Model;
use discovery_runtime::auth::StaticToken;
use discovery_runtime::hyper::HyperTransport;
use google_jobs_v3::models::Job;
use google_jobs3::CloudTalentSolution;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::future::Future;
use std::hint::black_box;
use std::rc::Rc;

const JOB: &str = "projects/p-123/jobs/0";
const TOKEN: &str = "ya29.token";

/// Headers of our client, sent by all sides so that requests are equal.
const HEADERS: [(&str, &str); 4] = [
    ("user-agent", "google-jobs-v3/0.1.0 discovery-runtime/0.1.0 (gzip)"),
    ("x-goog-api-client", "gl-rust/1.88 gdcl/0.1.0 google-jobs-v3/0.1.0"),
    ("accept-encoding", "gzip"),
    ("authorization", "Bearer ya29.token"),
];

pub(crate) struct Clients {
    ours: google_jobs_v3::Client,
    jobs3: Rc<CloudTalentSolution<HttpConnector>>,
    bare: Client<HttpConnector, Empty<Bytes>>,
    url: Rc<str>,
}

impl Clients {
    pub(crate) fn new(http: Http, root: &str) -> Outcome<Self> {
        let transport = HyperTransport::builder().with_no_proxy();
        let transport = match http {
            Http::One => transport.with_http1_only(),
            Http::Two => transport.with_http2_only(),
        };
        // Like the peers: hyper keeps every connection.
        let transport = transport.with_idle_connections(1000).build()?;
        let builder =
            google_jobs_v3::Client::builder().with_endpoint(root).with_transport(transport);
        let mut jobs3 = CloudTalentSolution::new(hyper(http).build(connector()), TOKEN.to_owned());
        jobs3.base_url(root.to_owned());
        Ok(Self {
            ours: builder.with_credentials(StaticToken::new(TOKEN)).build()?,
            jobs3: Rc::new(jobs3),
            bare: hyper(http).build(connector()),
            url: format!("{root}v3/{JOB}?alt=json&prettyPrint=false").into(),
        })
    }

    pub(crate) fn ours(&self) -> impl Fn() -> Call + Clone + 'static {
        let client = self.ours.clone();
        move || {
            let client = client.clone();
            Box::pin(async move {
                black_box(client.projects().jobs().get(JOB).send().await?);
                Ok(())
            })
        }
    }

    pub(crate) fn jobs3(&self) -> impl Fn() -> Call + Clone + 'static {
        let hub = Rc::clone(&self.jobs3);
        move || {
            let hub = Rc::clone(&hub);
            Box::pin(async move {
                black_box(hub.projects().jobs_get(JOB).doit().await?);
                Ok(())
            })
        }
    }

    pub(crate) fn bare(&self) -> impl Fn() -> Call + Clone + 'static {
        let (client, url) = (self.bare.clone(), Rc::clone(&self.url));
        move || {
            let (client, url) = (client.clone(), Rc::clone(&url));
            Box::pin(async move {
                let mut request = hyper::Request::get(&*url);
                for (name, value) in HEADERS {
                    request = request.header(name, value);
                }
                let response = client.request(request.body(Empty::new())?).await?;
                let body = response.into_body().collect().await?.to_bytes();
                black_box(Job::from_slice(&body)?);
                Ok(())
            })
        }
    }
}

/// A call in progress.
pub(crate) type Call = std::pin::Pin<Box<dyn Future<Output = Outcome<()>>>>;

fn connector() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector
}

fn hyper(http: Http) -> hyper_util::client::legacy::Builder {
    let mut builder = Client::builder(TokioExecutor::new());
    builder.http2_only(http == Http::Two);
    builder
}
