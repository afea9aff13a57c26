//! A crypto provider that the program installed. It is the process's, so these tests have a program
//! of their own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use discovery_runtime::auth::ServiceAccount;
use discovery_runtime::auth::installed::{Login, OAuthClient};
use discovery_runtime::hyper::HyperTransport;
use rustls::crypto::{CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom, ring};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;

const KEY: &str = include_str!("../data/test-key.pkcs8.pem");
const CLIENT: &str = include_str!("../data/tls/client.pem");
const CLIENT_KEY: &str = include_str!("../data/tls/client.key");

static KEYS: AtomicU32 = AtomicU32::new(0);
static RANDOM: AtomicU32 = AtomicU32::new(0);

/// Counts what it passes on to ring.
#[derive(Debug)]
struct Counting;

impl KeyProvider for Counting {
    fn load_private_key(
        &self,
        key: PrivateKeyDer<'static>,
    ) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        KEYS.fetch_add(1, Ordering::Relaxed);
        ring::default_provider().key_provider.load_private_key(key)
    }
}

impl SecureRandom for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), GetRandomFailed> {
        RANDOM.fetch_add(1, Ordering::Relaxed);
        ring::default_provider().secure_random.fill(bytes)
    }
}

#[test]
fn tls_and_credentials_use_it() {
    let counting = CryptoProvider {
        key_provider: &Counting,
        secure_random: &Counting,
        ..ring::default_provider()
    };
    counting.install_default().unwrap();
    HyperTransport::builder().with_identity(CLIENT, CLIENT_KEY).build().unwrap();
    assert_eq!(KEYS.load(Ordering::Relaxed), 1);
    ServiceAccount::new("robot@project.iam.gserviceaccount.com", KEY).unwrap();
    assert_eq!(KEYS.load(Ordering::Relaxed), 2);
    let client = OAuthClient::new("id", None);
    let login = Login::start(client, ["scope"]).unwrap();
    assert!(login.url().contains("code_challenge="));
    assert_eq!(RANDOM.load(Ordering::Relaxed), 2);
}
