//! Tools for tests of programs that use a client.
//!
//! | tool | stands in for | for tests of |
//! |---|---|---|
//! | [`MockTransport`] | the network | what a program asks, and what it does with each answer |
//! | [`Cassette`] | the network | behavior against real answers, recorded once |
//! | [`FaultServer`] | the server | behavior when connections break, stall and lie |
//! | [`ObjectStore`] | a server of media | uploads and downloads |
//! | [`ManualClock`] | time | retries, deadlines, expiry |
//!
//! All of them need the feature `testing`, in `[dev-dependencies]`:
//!
//! ```toml
//! google-jobs-v3 = { version = "0.1", features = ["testing"] }
//! ```
//!
//! A program that should survive a lost connection can be shown to:
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
