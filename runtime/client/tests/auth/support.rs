//! Contexts, forms, and temporary files.

use discovery_runtime::auth::AuthContext;
use discovery_runtime::clock::{Clock, ManualClock, SystemClock};
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::testing::{FaultServer, Recorded, Reply};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Returns a context with the built-in transport, shared by everything created from it.
pub(crate) fn context(clock: impl Clock + 'static) -> AuthContext {
    let transport = HyperTransport::builder().with_no_proxy().build().unwrap();
    AuthContext::new(Arc::new(clock)).with_transport(Arc::new(transport))
}

/// Returns a context with the system clock.
pub(crate) fn now() -> AuthContext {
    context(SystemClock::new())
}

/// Returns a context with a deadline on a manual clock.
pub(crate) fn deadline(clock: &ManualClock, time: Duration) -> AuthContext {
    context(clock.clone()).with_deadline(Some(clock.now() + time))
}

/// Starts a token service that responds with `reply`.
pub(crate) async fn server(reply: &str) -> FaultServer {
    FaultServer::replying(Reply::json(reply.to_owned())).await.unwrap()
}

/// Starts a metadata server of the public universe, which answers other questions with `reply`.
pub(crate) async fn metadata(reply: impl Fn() -> Reply + Send + Sync + 'static) -> FaultServer {
    FaultServer::start(move |request| {
        let universe = request.head().path().ends_with("/universe/universe-domain");
        let reply = if universe { Reply::new(404) } else { reply() };
        async move { reply.with_header("metadata-flavor", "Google") }
    })
    .await
    .unwrap()
}

/// Returns the address of a server as `GCE_METADATA_HOST` has it.
pub(crate) fn host(server: &FaultServer) -> String {
    server.url().trim_start_matches("http://").trim_end_matches('/').to_owned()
}

pub(crate) const TOKEN: &str =
    r#"{"access_token": "the-access-token", "expires_in": 3599, "token_type": "Bearer"}"#;

/// Parses the fields of a posted form.
pub(crate) fn form(request: &Recorded) -> BTreeMap<String, String> {
    let text = std::str::from_utf8(&request.body).unwrap();
    text.split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), percent_decoded(value)))
        .collect()
}

pub(crate) fn percent_decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).unwrap()
}

/// A temporary folder.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("discovery-runtime-auth-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
