//! Credentials that contain a canary, and their token services.

use std::sync::Arc;

use discovery_runtime::auth::{
    Adc, AuthorizedUser, Cached, Credentials, Impersonated, MetadataServer, ServiceAccount,
    StaticToken, Token, TokenFn,
};
use discovery_runtime::testing::FaultServer;

use super::{CANARY, KEY, Place};

/// Token services of credentials.
pub(super) struct Services {
    pub(super) giving: FaultServer,
    pub(super) refusing: FaultServer,
}

impl Services {
    /// User credentials, read from a file in gcloud's format.
    fn file_credentials(&self) -> Adc {
        let file =
            File(std::env::temp_dir().join(format!("canary-{}-adc.json", std::process::id())));
        let user = serde_json::json!({
            "type": "authorized_user", "client_id": "id", "client_secret": CANARY,
            "refresh_token": CANARY, "token_uri": self.giving.url(),
        });
        std::fs::write(&file.0, user.to_string()).unwrap();
        Adc::from_file(&file.0).unwrap()
    }

    pub(super) fn credentials(&self, place: Place) -> Option<Arc<dyn Credentials>> {
        let user = |server: &FaultServer| {
            AuthorizedUser::new("id", Some(CANARY.into()), CANARY).with_token_url(server.url())
        };
        Some(match place {
            Place::StaticToken | Place::Http2 => Arc::new(StaticToken::new(CANARY)),
            Place::CredentialFile => Arc::new(self.file_credentials()),
            Place::TokenFn => Arc::new(TokenFn::new(|_| async { Ok(Token::new(CANARY)) })),
            Place::User => Arc::new(Cached::new(user(&self.giving))),
            Place::UserRefused => Arc::new(Cached::new(user(&self.refusing))),
            Place::ServiceAccountRefused => {
                let account = ServiceAccount::new("robot@example.com", KEY).unwrap();
                Arc::new(Cached::new(account.with_token_url(self.refusing.url())))
            }
            Place::Metadata => {
                let host = self.giving.url().replace("http://", "").replace('/', "");
                Arc::new(Cached::new(MetadataServer::new().with_host(host)))
            }
            Place::Impersonated | Place::ImpersonatedRefused => {
                let refused = place == Place::ImpersonatedRefused;
                let server = if refused { &self.refusing } else { &self.giving };
                let source = StaticToken::new(CANARY);
                Arc::new(Impersonated::new(source, "robot@x").with_url(server.url()).cached())
            }
            _ => return None,
        })
    }
}

/// A temporary file.
pub(super) struct File(pub(super) std::path::PathBuf);

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
