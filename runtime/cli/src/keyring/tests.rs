#![cfg(unix)]

use std::time::Duration;

use super::*;

fn entry(folder: &str) -> Entry {
    Entry { program: "jobs3", account: "ann@x".to_owned(), folder: folder.into() }
}

#[test]
fn the_keychain_of_macos() {
    let folder = tempfile::tempdir().unwrap();
    let env = [("KEYRING", folder.path().to_str().unwrap()), ("PATH", "/usr/bin:/bin")];
    let env = env.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    // Tests run in the folder of their package.
    let program = std::env::current_dir().unwrap().join("tests/data/keyring/security");
    let limit = Duration::from_secs(60);
    let keyring = Keyring { kind: Kind::Security, program, env, limit };
    let (one, two) = (entry("/Users/ann/a b'c"), entry("/Users/ann/other"));
    let secret = r#"{"refresh_token":"1//a b\"c' ü"}"#;
    assert_eq!(keyring.load(&one), Ok(None));
    keyring.store(&one, secret).unwrap();
    assert_eq!(keyring.load(&one), Ok(Some(secret.to_owned())));
    assert_eq!(keyring.load(&two), Ok(None));
    keyring.delete(&one).unwrap();
    keyring.delete(&one).unwrap();
    assert_eq!(keyring.load(&one), Ok(None));
    assert_eq!(service(&one), "jobs3:/Users/ann/a%20b%27c");
}
