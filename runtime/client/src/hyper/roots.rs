//! Trusted root certificates.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;

use super::tls::certificates;

/// Trusted certificates: a set to start from, and those that the program adds.
#[derive(Debug, Default)]
pub(super) struct Roots {
    pub(super) base: BaseRoots,
    /// Texts in PEM format.
    pub(super) more: Vec<Vec<u8>>,
}

/// Where trust starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum BaseRoots {
    /// Those that the environment names, else Mozilla's.
    #[default]
    Mozilla,
    /// Those that the environment names, else those of the operating system.
    #[cfg(feature = "platform-roots")]
    Platform,
    /// None.
    Nothing,
}

impl Roots {
    pub(super) fn store(&self) -> Result<RootCertStore, String> {
        let mut store = RootCertStore::empty();
        match (self.base, Named::from_environment()) {
            (BaseRoots::Nothing, _) => {}
            (_, Some(named)) => named.add_to(&mut store)?,
            (BaseRoots::Mozilla, None) => {
                store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            }
            #[cfg(feature = "platform-roots")]
            (BaseRoots::Platform, None) => add_platform(&mut store)?,
        }
        for pem in &self.more {
            for certificate in certificates(pem, "a root certificate")? {
                store
                    .add(certificate)
                    .map_err(|error| format!("a root certificate cannot be used: {error}"))?;
            }
        }
        if store.is_empty() {
            return Err("there is no root certificate to trust; add one".to_owned());
        }
        Ok(store)
    }
}

/// Adds the certificates of the operating system. Those that it keeps and TLS cannot use do not
/// count.
#[cfg(feature = "platform-roots")]
fn add_platform(store: &mut RootCertStore) -> Result<(), String> {
    let found = rustls_native_certs::load_native_certs();
    let (usable, _) = store.add_parsable_certificates(found.certs);
    if usable > 0 {
        return Ok(());
    }
    let why = found.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
    Err(format!(
        "the operating system has no root certificates{why}; install them (`ca-certificates`), or \
         set SSL_CERT_FILE"
    ))
}

/// The places that `SSL_CERT_FILE` and `SSL_CERT_DIR` name, as OpenSSL reads them: they replace all
/// other roots.
struct Named {
    file: Option<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Named {
    fn from_environment() -> Option<Self> {
        let set = |name| std::env::var_os(name).filter(|value: &OsString| !value.is_empty());
        Self::of(set("SSL_CERT_FILE"), set("SSL_CERT_DIR"))
    }

    fn of(file: Option<OsString>, folders: Option<OsString>) -> Option<Self> {
        let folders: Vec<PathBuf> =
            folders.map(|list| std::env::split_paths(&list).collect()).unwrap_or_default();
        let file = file.map(PathBuf::from);
        (file.is_some() || !folders.is_empty()).then_some(Self { file, folders })
    }

    /// A file must hold certificates; of a folder, every file with certificates counts.
    fn add_to(&self, store: &mut RootCertStore) -> Result<(), String> {
        if let Some(path) = &self.file {
            let pem = read("SSL_CERT_FILE", path)?;
            let what = format!("SSL_CERT_FILE {}", path.display());
            add(store, certificates(&pem, &what)?, &what)?;
        }
        for folder in &self.folders {
            let failed = |error| format!("SSL_CERT_DIR {}: {error}", folder.display());
            for entry in std::fs::read_dir(folder).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                let found = std::fs::read(&path).ok();
                let found = found.and_then(|pem| certificates(&pem, "a file").ok());
                store.add_parsable_certificates(found.unwrap_or_default());
            }
        }
        if store.is_empty() {
            return Err("SSL_CERT_DIR has no certificate to trust".to_owned());
        }
        Ok(())
    }
}

fn read(variable: &str, path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path)
        .map_err(|error| format!("{variable} {} cannot be read: {error}", path.display()))
}

/// Bundles of distributions may hold certificates that TLS cannot use.
fn add(
    store: &mut RootCertStore,
    found: Vec<CertificateDer<'static>>,
    what: &str,
) -> Result<(), String> {
    match store.add_parsable_certificates(found) {
        (0, _) => Err(format!("{what} has no certificate that can be trusted")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Tests run in the folder of the package.
    const CA: &str = "tests/data/tls/ca.pem";
    const FOLDER: &str = "tests/data/tls";

    fn count(file: Option<&str>, folders: Option<&str>) -> Result<usize, String> {
        let named = Named::of(file.map(OsString::from), folders.map(OsString::from)).unwrap();
        let mut store = RootCertStore::empty();
        named.add_to(&mut store).map(|()| store.len())
    }

    #[test]
    fn files_and_folders_are_read() {
        assert!(Named::of(None, None).is_none());
        assert_eq!(count(Some(CA), None), Ok(1));
        // The keys in the folder are no certificates.
        assert_eq!(count(None, Some(FOLDER)), Ok(6));
        let both = std::env::join_paths([FOLDER, FOLDER]).unwrap();
        assert_eq!(count(Some(CA), both.to_str()), Ok(13));
    }

    #[test]
    fn places_without_certificates_are_errors() {
        for (file, folder, part) in [
            (Some("/no/such.pem"), None, "SSL_CERT_FILE /no/such.pem cannot be read"),
            (Some("Cargo.toml"), None, "holds no certificate"),
            (None, Some("/no/such"), "SSL_CERT_DIR /no/such"),
            (None, Some("src"), "no certificate to trust"),
        ] {
            let error = count(file, folder).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
