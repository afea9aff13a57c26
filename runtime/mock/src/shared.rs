//! A server before it has a socket.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use bytes::Bytes;
use discovery_runtime::reflect::ApiInfo;
use discovery_testing::{FaultRule, Service, Sessions};
use http::{Request, Response};
use serde_json::Value;

use crate::auth::Tokens;
use crate::behaviour::{Behaviour, Standard};
use crate::clock::{Clock, SystemClock};
use crate::engine::Engine;
use crate::log::{Entry, Log};
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
    /// Begins a server for an API: an empty store in memory, the machine's clock, no token check.
    #[must_use]
    pub fn builder(api: &'static ApiInfo) -> Builder {
        Builder {
            api,
            behaviour: Box::new(Standard),
            store: Store::memory(),
            clock: Box::new(SystemClock),
            tokens: Tokens::NotNeeded,
            faults: Vec::new(),
            log: None,
        }
    }

    /// Answers one request in this process. Faults do not happen here.
    #[must_use]
    pub fn respond(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.engine.respond(request)
    }

    /// Stores resources, given as an object of resources by name or a list of resources with a
    /// `name`, unless they are there already. Returns how many were stored: all, or none on error.
    ///
    /// # Errors
    ///
    /// If a name is none of this API, a resource does not fit its schema or is refused by the
    /// API's behaviour, or the store cannot be written.
    pub fn seed(&self, resources: &Value) -> Result<usize, SeedError> {
        self.engine.seed(resources)
    }

    pub(crate) fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// The store.
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

/// Makes a [`Server`].
pub struct Builder {
    api: &'static ApiInfo,
    behaviour: Box<dyn Behaviour>,
    store: Store,
    clock: Box<dyn Clock>,
    tokens: Tokens,
    faults: Vec<FaultRule>,
    log: Option<Log>,
}

impl Builder {
    /// What is particular to the API.
    #[must_use]
    pub fn behaviour(mut self, behaviour: Box<dyn Behaviour>) -> Self {
        self.behaviour = behaviour;
        self
    }

    /// Where resources are kept.
    #[must_use]
    pub fn store(mut self, store: Store) -> Self {
        self.store = store;
        self
    }

    /// Where the time comes from.
    #[must_use]
    pub fn clock(mut self, clock: Box<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Which tokens calls need.
    #[must_use]
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        self.tokens = tokens;
        self
    }

    /// Adds a fault to calls over the network.
    #[must_use]
    pub fn fault(mut self, fault: FaultRule) -> Self {
        self.faults.push(fault);
        self
    }

    /// Tells of every request over the network.
    #[must_use]
    pub fn log(mut self, log: impl Fn(&Entry) + Send + Sync + 'static) -> Self {
        self.log = Some(Box::new(log));
        self
    }

    /// The server.
    #[must_use]
    pub fn build(self) -> Server {
        let engine = Engine {
            api: self.api,
            router: Router::new(self.api),
            plans: Plans::of(self.api),
            behaviour: self.behaviour,
            store: Arc::new(self.store),
            clock: self.clock,
            tokens: self.tokens,
            serial: AtomicU64::new(0),
            sessions: Sessions::default(),
        };
        let engine = Arc::new(engine);
        let service = Arc::new(service(&engine, self.faults, self.log));
        Server { engine, service }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("api", &self.api.name).finish_non_exhaustive()
    }
}
