//! Errors about the certificate of a server.

use std::error::Error as StdError;
use std::time::{Duration, UNIX_EPOCH};

use rustls::CertificateError;
use rustls::pki_types::UnixTime;

/// Describes what is wrong with a certificate, if `error` says so.
pub(super) fn fault(error: &(dyn StdError + 'static)) -> Option<String> {
    match error.downcast_ref()? {
        rustls::Error::InvalidCertificate(error) => Some(text(error)),
        rustls::Error::NoCertificatesPresented => Some("it has no certificate".to_owned()),
        _ => None,
    }
}

fn text(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => "its certificate is signed by no trusted root; if you \
             trust its issuer, add its root certificate, or name a file with it in SSL_CERT_FILE"
            .to_owned(),
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("its certificate expired on {}", date(*not_after))
        }
        CertificateError::NotValidYetContext { not_before, .. } => format!(
            "its certificate is not valid before {}; check the clock of this machine",
            date(*not_before)
        ),
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
            format!("its certificate is for {}", names.join(", "))
        }
        other => format!("its certificate cannot be trusted: {other}"),
    }
}

/// Returns the name in `DnsName("example.com")`.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

fn date(time: UnixTime) -> String {
    // HTTP has no dates after the year 9999.
    let end = Duration::from_secs(253_402_300_799);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(time.as_secs()).min(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(error: CertificateError) -> String {
        fault(&rustls::Error::InvalidCertificate(error)).unwrap()
    }

    #[test]
    fn faults_have_dates_and_names() {
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let early = CertificateError::NotValidYetContext { time: at(0), not_before: at(86_400) };
        let expected = "its certificate is not valid before Fri, 02 Jan 1970 00:00:00 GMT; check the \
                        clock of this machine";
        assert_eq!(shown(early), expected);
        let late = CertificateError::ExpiredContext { time: at(0), not_after: at(u64::MAX) };
        assert_eq!(shown(late), "its certificate expired on Fri, 31 Dec 9999 23:59:59 GMT");
        let other = CertificateError::NotValidForNameContext {
            expected: "a.example".try_into().unwrap(),
            presented: vec!["DnsName(\"b.example\")".to_owned(), "IpAddress(::1)".to_owned()],
        };
        assert_eq!(shown(other), "its certificate is for b.example, ::1");
        let revoked = "its certificate cannot be trusted: Revoked";
        assert_eq!(shown(CertificateError::Revoked), revoked);
        assert_eq!(fault(&rustls::Error::DecryptError), None);
    }
}
