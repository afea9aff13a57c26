//! Limits on the number of dependencies of a generated client, none of which needs cmake or C++.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;
use std::process::Command;

/// Returns the output of `cargo tree --prefix none | sed 's/ (\*)//' | sort -u` for the client of
/// the Jobs API.
fn crates(edges: &str, features: &[&str]) -> BTreeSet<String> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["tree", "--package", "google-jobs-v3", "--edges", edges, "--prefix", "none"])
        .args(features)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.replace(" (*)", "")).filter(|line| !line.is_empty()).collect()
}

#[test]
fn at_most_70_without_default_credentials_and_110_with() {
    let lean = ["--no-default-features", "--features", "hyper,serde"];
    for (features, most) in [(&lean[..], 70), (&[], 110)] {
        let crates = crates("normal", features);
        println!("{} crates with {features:?}", crates.len());
        assert!(crates.len() <= most, "{} crates: {crates:#?}", crates.len());
        assert!(crates.iter().any(|name| name.starts_with("rustls v")), "{crates:#?}");
    }
}

/// A build has only the versions of HTTP and the crypto provider that its features name.
#[test]
fn features_name_what_is_built() {
    for (features, absent, most) in [
        ("http1,ring,adc,serde", &["h2", "indexmap", "aws-lc-rs"][..], 54),
        ("http2,ring,serde", &["aws-lc-rs"], 62),
        ("http1,http2,aws-lc-rs,adc,serde", &["ring"], 62),
        ("http1,adc", &["h2", "ring", "aws-lc-rs", "serde_derive"], 52),
    ] {
        let crates = crates("normal", &["--no-default-features", "--features", features]);
        println!("{} crates with {features}", crates.len());
        assert!(crates.len() <= most, "{} crates: {crates:#?}", crates.len());
        for name in absent {
            let found = crates.iter().find(|line| line.starts_with(&format!("{name} v")));
            assert_eq!(found, None, "{features}");
        }
    }
}

#[test]
fn no_cmake_and_no_large_dependencies() {
    let crates = crates("normal,build", &[]);
    for name in
        ["cmake", "aws-lc-sys", "openssl-sys", "bindgen", "chrono", "url", "idna", "icu_properties"]
    {
        let found = crates.iter().find(|line| line.starts_with(&format!("{name} v")));
        assert_eq!(found, None, "{name}");
    }
}
