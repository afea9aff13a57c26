//! A mock server without a socket.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use bytes::Bytes;
use discovery_runtime::reflect::ApiInfo;
use discovery_testing::{FaultRule, Service, Sessions};
use http::{Request, Response};
use serde_json::Value;

use crate::auth::Tokens;
use crate::behavior::{Behavior, Standard};
use crate::clock::{Clock, SystemClock};
use crate::engine::Engine;
use crate::hosts::Hosts;
use crate::log::{Entry, Log};
use crate::repeats::Repeats;
use crate::router::Router;
use crate::seed::SeedError;
use crate::service::service;
use crate::standard::Plans;
use crate::store::Store;

/// A mock of one API. Clones share their store.
#[derive(Clone)]
pub struct Server {
    engine: Arc<Engine>,
    service: Arc<Service>,
}

impl Server {
    /// Returns a builder of a server with an empty store in memory, the system clock, and no token
    /// check.
    #[must_use]
    pub fn builder(api: &'static ApiInfo) -> Builder {
        Builder {
            api,
            behavior: Box::new(Standard),
            store: Store::memory(),
            clock: Box::new(SystemClock),
            tokens: Tokens::NotNeeded,
            faults: Vec::new(),
            log: None,
            hosts: Vec::new(),
        }
    }

    /// Responds to a request in this process. Faults are not injected.
    #[must_use]
    pub fn respond(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.engine.respond(request)
    }

    /// Stores resources, given as an object of resources by name or a list of resources with a
    /// `name`. Existing resources stay unchanged. Returns the number of stored resources: all, or
    /// none on error.
    ///
    /// # Errors
    ///
    /// Returns an error if a name does not belong to this API, if a resource does not fit its
    /// schema or is rejected by the API's behavior, or if the store cannot be written.
    pub fn seed(&self, resources: &Value) -> Result<usize, SeedError> {
        self.engine.seed(resources)
    }

    pub(crate) fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// Returns the store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.engine.store
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let api = self.engine.api;
        f.debug_struct("Server").field("api", &api.name).finish_non_exhaustive()
    }
}

/// Builder of [`Server`].
pub struct Builder {
    api: &'static ApiInfo,
    behavior: Box<dyn Behavior>,
    store: Store,
    clock: Box<dyn Clock>,
    tokens: Tokens,
    faults: Vec<FaultRule>,
    log: Option<Log>,
    hosts: Vec<String>,
}

impl Builder {
    /// Sets the behavior specific to the API.
    #[must_use]
    pub fn behavior(mut self, behavior: Box<dyn Behavior>) -> Self {
        self.behavior = behavior;
        self
    }

    /// Sets the store.
    #[must_use]
    pub fn store(mut self, store: Store) -> Self {
        self.store = store;
        self
    }

    /// Sets the clock.
    #[must_use]
    pub fn clock(mut self, clock: Box<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the tokens that calls need.
    #[must_use]
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        self.tokens = tokens;
        self
    }

    /// Adds a fault for calls over the network.
    #[must_use]
    pub fn fault(mut self, fault: FaultRule) -> Self {
        self.faults.push(fault);
        self
    }

    /// Accepts requests over the network with this name in `Host` or `Origin`, such as that of a
    /// container. Names other than `localhost` and the API's own are otherwise refused, and so are
    /// origins, since a page in a browser may have sent the request.
    #[must_use]
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    /// Sets a callback that receives a log entry for every request over the network.
    #[must_use]
    pub fn log(mut self, log: impl Fn(&Entry) + Send + Sync + 'static) -> Self {
        self.log = Some(Box::new(log));
        self
    }

    /// Creates the server.
    #[must_use]
    pub fn build(self) -> Server {
        let engine = Engine {
            api: self.api,
            router: Router::new(self.api),
            plans: Plans::of(self.api),
            behavior: self.behavior,
            store: Arc::new(self.store),
            clock: self.clock,
            tokens: self.tokens,
            serial: AtomicU64::new(0),
            sessions: Sessions::default(),
            repeats: Repeats::default(),
        };
        let engine = Arc::new(engine);
        let hosts = Hosts::new(engine.api, self.hosts);
        let service = Arc::new(service(&engine, hosts, self.faults, self.log));
        Server { engine, service }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("api", &self.api.name).finish_non_exhaustive()
    }
}
