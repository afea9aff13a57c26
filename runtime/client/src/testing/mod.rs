//! Tools for testing programs that use a client.
//!
//! | tool | replaces | for tests of |
//! |---|---|---|
//! | [`MockTransport`] | the network | a program's requests, and how it handles responses |
//! | [`Cassette`] | the network | behavior with real responses, recorded once |
//! | [`FaultServer`] | the server | behavior when connections break, stall, and return damaged data |
//! | [`ObjectStore`] | a media server | uploads and downloads |
//! | [`ManualClock`] | time | retries, deadlines, expiry |
//!
//! All tools need the feature `testing`, in `[dev-dependencies]`:
//!
//! ```toml
//! google-jobs-v3 = { version = "0.1", features = ["testing"] }
//! ```
//!
//! For example, a test that a program survives lost connections:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use discovery_runtime::testing::{Fault, FaultServer, Reply};
//! # use discovery_runtime::{Call, Client, ClientBuilder, ServiceClient, json::Json, spec::*};
//! # static API: ServiceSpec = ServiceSpec { id: "jobs:v3", root_url: "https://jobs.googleapis.com/",
//! #     mtls_root_url: None, service_path: "", batch_path: None, data_wrapper: false,
//! #     package: "x", package_version: "0" };
//! # static GET: MethodSpec =
//! #     MethodSpec::get("jobs.get", &API, &[Segment::Literal("v3/"), Segment::Reserved("name")]);
//! # struct Jobs(Client);
//! # impl ServiceClient for Jobs {
//! #     const SERVICE: &'static ServiceSpec = &API;
//! #     fn from_runtime(client: Client) -> Self { Self(client) }
//! # }
//! let server = FaultServer::replying(Reply::json(r#"{"title": "Baker"}"#)).await?;
//! server.inject(Fault::LoseAnswer);
//! server.inject("return-503".parse()?);
//!
//! let client: Jobs = ClientBuilder::new().with_endpoint(server.url()).with_anonymous().build()?;
//! # let call = Call::new(&client.0, &GET).path("name", &"projects/p/jobs/1");
//! // let job = client.projects().jobs().get("projects/p/jobs/1").await?;
//! # let _: Json = call.send().await?;
//! assert_eq!(server.requests().len(), 3);
//! # Ok(()) }
//! ```

mod cassette;
mod mock;

pub use discovery_testing::{
    BadFault, Chaos, Fault, FaultServer, Head, Incoming, Object, ObjectStore, Recorded, Reply,
};

pub use self::cassette::Cassette;
pub use self::mock::{Expectation, MockRequest, MockTransport, Unmet};
pub use crate::clock::ManualClock;
