//! Credentials against a token service on loopback.
#![cfg(all(feature = "adc", feature = "testing"))]

mod adc;
mod answers;
mod bounds;
mod impersonation;
mod login;
mod metadata;
mod secrets;
mod service_account;
mod support;
