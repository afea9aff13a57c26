//! Credentials of Google's own crate.

use super::headers::USER_PROJECT;
use super::{AuthContext, AuthError, AuthErrorKind, AuthHeaders, Credentials};
use crate::BoxFuture;
use crate::clock::timeout_at;
use crate::redact::hide_keys;
use google_cloud_auth::credentials::{self as google, CacheableResource};
use http::{Extensions, HeaderMap};
use std::error::Error as StdError;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::{Handle, Id};
use tokio::task::JoinHandle;

type Failure = Box<dyn StdError + Send + Sync>;
type Build = dyn Fn(&[String]) -> Result<google::Credentials, Failure> + Send + Sync;

/// Credentials of the crate [`google_cloud_auth`], bounded by the deadline of the call.
///
/// That crate refreshes tokens in a task of the runtime that built the credentials, and waits for
/// it without a limit. Credentials are therefore built on first use, once per runtime and set of
/// scopes, and waiting ends at the call's deadline. The crate uses its own HTTP client, not the
/// proxies and roots of the client. If the program has not installed a rustls crypto provider, that
/// of this crate's features is installed, since the crate panics without one.
pub struct GoogleCloudAuth {
    build: Arc<Build>,
    instances: Mutex<Vec<Instance>>,
}

struct Instance {
    scopes: Vec<String>,
    runtime: Id,
    /// A task that lives as long as the runtime, like the crate's own.
    runtime_lives: JoinHandle<()>,
    credentials: google::Credentials,
    last: Option<AuthHeaders>,
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.runtime_lives.abort();
    }
}

impl GoogleCloudAuth {
    /// Creates credentials that `build` constructs for a set of scopes, within a Tokio runtime.
    ///
    /// ```
    /// use discovery_runtime::auth::GoogleCloudAuth;
    /// use google_cloud_auth::credentials::mds;
    /// let credentials = GoogleCloudAuth::new(|scopes| {
    ///     Ok(mds::Builder::default().with_scopes(scopes).build()?)
    /// });
    /// ```
    pub fn new<F>(build: F) -> Self
    where
        F: Fn(&[String]) -> Result<google::Credentials, Failure> + Send + Sync + 'static,
    {
        Self { build: Arc::new(build), instances: Mutex::default() }
    }

    /// Application Default Credentials as located by that crate, including type `external_account`.
    #[must_use]
    pub fn application_default() -> Self {
        Self::new(|scopes| {
            let builder = google::Builder::default();
            let builder = if scopes.is_empty() { builder } else { builder.with_scopes(scopes) };
            Ok(builder.build()?)
        })
    }

    fn instances(&self) -> MutexGuard<'_, Vec<Instance>> {
        self.instances.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the credentials for these scopes in this runtime, building them if necessary.
    fn credentials(
        &self,
        scopes: &[String],
        here: &Handle,
    ) -> Result<google::Credentials, AuthError> {
        let mut built = self.instances();
        built.retain(|one| !one.runtime_lives.is_finished());
        if let Some(one) = built.iter().find(|one| one.serves(scopes, here.id())) {
            return Ok(one.credentials.clone());
        }
        // An error means that a provider is already installed.
        if let Some(provider) = crate::crypto::built_in() {
            let _ = provider.install_default();
        }
        let credentials = (self.build)(scopes).map_err(|error| {
            let what = redacted_chain(&*error);
            let message = format!("google-cloud-auth cannot make credentials: {what}");
            AuthError::new(AuthErrorKind::Invalid, message)
        })?;
        built.push(Instance {
            scopes: scopes.to_vec(),
            runtime: here.id(),
            runtime_lives: here.spawn(pending()),
            credentials: credentials.clone(),
            last: None,
        });
        Ok(credentials)
    }

    async fn get(&self, cx: &AuthContext) -> Result<AuthHeaders, AuthError> {
        let here = Handle::try_current().map_err(|_| {
            let message = "credentials of google-cloud-auth need a Tokio runtime";
            AuthError::new(AuthErrorKind::Invalid, message)
        })?;
        let credentials = self.credentials(cx.scopes(), &here)?;
        let work = credentials.headers(Extensions::new());
        let result = timeout_at(&**cx.clock(), cx.deadline(), work).await;
        let result = result.map_err(|_| AuthError::timeout("google-cloud-auth gets a token"))?;
        match result {
            Ok(CacheableResource::New { data, .. }) => {
                let headers = headers(data);
                let mut built = self.instances();
                if let Some(one) = built.iter_mut().find(|one| one.serves(cx.scopes(), here.id())) {
                    one.last = Some(headers.clone());
                }
                Ok(headers)
            }
            Ok(CacheableResource::NotModified) => Err(AuthError::new(
                AuthErrorKind::Malformed,
                "google-cloud-auth returned no headers",
            )),
            Err(error) => {
                // That crate caches a permanent failure forever; only new credentials recover.
                self.instances()
                    .retain(|one| error.is_transient() || !one.serves(cx.scopes(), here.id()));
                Err(auth_error(error))
            }
        }
    }
}

impl Instance {
    fn serves(&self, scopes: &[String], runtime: Id) -> bool {
        self.runtime == runtime && self.scopes == scopes
    }
}

fn headers(map: HeaderMap) -> AuthHeaders {
    let mut out = AuthHeaders::none();
    for (name, value) in &map {
        out = out.with_value(name.clone(), value.clone(), *name != USER_PROJECT);
    }
    out
}

fn auth_error(error: google_cloud_auth::errors::CredentialsError) -> AuthError {
    let kind =
        if error.is_transient() { AuthErrorKind::Unavailable } else { AuthErrorKind::Refused };
    let what = redacted_chain(&error);
    AuthError::new(kind, format!("google-cloud-auth got no token: {what}"))
}

/// The messages of an error chain, without keys and tokens, since that crate quotes files and
/// responses. The causes themselves are dropped for the same reason.
fn redacted_chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let what = error.to_string();
        if !text.contains(&what) {
            text.push_str(": ");
            text.push_str(&what);
        }
        cause = error.source();
    }
    hide_keys(&text)
}

impl Credentials for GoogleCloudAuth {
    fn headers<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>> {
        Box::pin(self.get(cx))
    }

    fn invalidate(&self, headers: &AuthHeaders) -> bool {
        let is_refused =
            |one: &Instance| one.last.as_ref().is_some_and(|last| last.same_secret(headers));
        self.instances().retain(|one| !is_refused(one));
        true
    }
}

impl fmt::Debug for GoogleCloudAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GoogleCloudAuth")
            .field("built", &self.instances().len())
            .finish_non_exhaustive()
    }
}
