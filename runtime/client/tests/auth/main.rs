//! Credentials against a token service on loopback.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]
#![cfg(all(feature = "adc", feature = "testing"))]

mod adc;
mod answers;
mod bounds;
mod external;
mod gcloud;
#[cfg(feature = "google-cloud-auth")]
mod google;
mod id_tokens;
mod impersonation;
mod kinds;
mod login;
mod metadata;
mod secrets;
mod service_account;
mod subject;
mod support;
