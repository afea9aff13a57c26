//! A transport that refuses requests of forbidden methods.

use std::future::ready;

use discovery_runtime::BoxFuture;
use discovery_runtime::spec::{MethodSpec, Verb};
use discovery_runtime::transport::{
    BatchMethods, Body, ResponseBody, TokenServiceRequest, Transport, TransportError,
    TransportErrorKind,
};

use super::{Forbidden, Guard};

/// A transport that sends only what a [`Guard`] allows.
pub(crate) struct Guarded<T> {
    guard: Guard,
    inner: T,
}

impl<T> Guarded<T> {
    pub(crate) fn new(guard: Guard, inner: T) -> Self {
        Self { guard, inner }
    }
}

impl Guard {
    fn check_request(&self, request: &http::Request<Body>) -> Result<(), Forbidden> {
        let extensions = request.extensions();
        if extensions.get::<TokenServiceRequest>().is_some() {
            return Ok(());
        }
        if let Some(BatchMethods(methods)) = extensions.get() {
            return methods.iter().try_for_each(|method| self.check(method));
        }
        let Some(method) = extensions.get::<&'static MethodSpec>() else {
            return Err(Forbidden("a request without a method is not sent".to_owned()));
        };
        self.check(method)?;
        // Requests on behalf of a method have its verb, or read.
        let verb = request.method().as_str();
        let reads = [Verb::Get.as_str(), Verb::Head.as_str()].contains(&verb);
        if self.read_only.is_some() && !reads && verb != method.verb.as_str() {
            return Err(Forbidden(format!("{} of {} may write; it was not sent", verb, method.id)));
        }
        Ok(())
    }
}

impl<T: Transport> Transport for Guarded<T> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        match self.guard.check_request(&request) {
            Ok(()) => self.inner.send(request),
            Err(forbidden) => {
                // Of this kind, errors are never retried.
                let kind = TransportErrorKind::Other;
                let error = TransportError::new(kind, forbidden.to_string()).with_source(forbidden);
                Box::pin(ready(Err(error)))
            }
        }
    }

    fn sees_method(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use discovery_runtime::batch::Batch;
    use discovery_runtime::{Call, Client, Error};

    use super::*;

    /// A server that counts requests and closes the connection.
    #[derive(Clone, Default)]
    struct Closed(Arc<AtomicUsize>);

    impl Transport for Closed {
        fn send(
            &self,
            _: http::Request<Body>,
        ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let error = TransportError::new(TransportErrorKind::Other, "closed");
            Box::pin(ready(Err(error)))
        }
    }

    fn method(id: &str) -> &'static MethodSpec {
        let all = google_jobs_v3::reflect::API.methods;
        all.iter().find(|method| method.spec.id == id).unwrap().spec
    }

    fn read_only() -> (Client, Closed) {
        let mut guard = Guard::default();
        guard.set_read_only("--read-only");
        let server = Closed::default();
        let service = method("jobs.projects.jobs.get").service;
        let client = Client::builder(service)
            .with_anonymous()
            .with_transport(Guarded::new(guard, server.clone()))
            .build();
        (client.unwrap(), server)
    }

    fn is_forbidden(error: &Error) -> bool {
        let source = std::error::Error::source(error);
        source.and_then(std::error::Error::source).is_some_and(|e| e.is::<Forbidden>())
    }

    #[tokio::test]
    async fn every_call_of_a_batch_is_checked() {
        let get = || {
            let (client, server) = read_only();
            let get = Call::new(&client, method("jobs.projects.jobs.get"));
            (client, server, get.path("name", &"projects/p/jobs/j"))
        };
        let (client, server, call) = get();
        let mut batch = Batch::new(&client);
        let _ = batch.add(call.clone()).unwrap();
        let _ = batch.add(call).unwrap();
        assert!(!is_forbidden(&batch.send().await.unwrap_err()));
        assert_eq!(server.0.load(Ordering::Relaxed), 1);
        let (client, server, call) = get();
        let delete = Call::new(&client, method("jobs.projects.jobs.delete"));
        let mut batch = Batch::new(&client);
        let _ = batch.add(call).unwrap();
        let _ = batch.add(delete.path("name", &"projects/p/jobs/j")).unwrap();
        assert!(is_forbidden(&batch.send().await.unwrap_err()));
        assert_eq!(server.0.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn requests_need_a_method_and_its_verb() {
        let (client, server) = read_only();
        let get = method("jobs.projects.jobs.get");
        let request = |verb: &str| {
            let mut request = http::Request::new(Body::empty());
            *request.method_mut() = verb.parse().unwrap();
            *request.uri_mut() = "https://jobs.googleapis.com/".parse().unwrap();
            request
        };
        let with = |verb: &str| {
            let mut request = request(verb);
            request.extensions_mut().insert(get);
            request
        };
        for (request, reaches) in [
            (with("GET"), 1),
            (with("HEAD"), 1),
            (with("POST"), 0),
            (with("DELETE"), 0),
            (request("GET"), 0),
            (request("POST"), 0),
        ] {
            let before = server.0.load(Ordering::Relaxed);
            let what = format!("{request:?}");
            assert!(client.transport().send(request).await.is_err());
            assert_eq!(server.0.load(Ordering::Relaxed) - before, reaches, "{what}");
        }
        let mut token = request("POST");
        token.extensions_mut().insert(TokenServiceRequest);
        let before = server.0.load(Ordering::Relaxed);
        assert!(client.transport().send(token).await.is_err());
        assert_eq!(server.0.load(Ordering::Relaxed) - before, 1);
    }
}
