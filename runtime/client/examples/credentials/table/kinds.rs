//! Kinds of credentials, each as a file or setting that a user would have.

use super::stand_in::{EMAIL, ID_AUDIENCE, StandIn};
use discovery_runtime::auth::{
    Adc, AdcBuilder, AuthError, Cached, Credentials, IdTokens, Impersonated, ServiceAccount,
    StaticToken,
};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) const KEY: &str = include_str!("../../../tests/data/test-key.pkcs8.pem");
pub(crate) const AUDIENCE: &str =
    "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q";
pub(crate) const USER: &str = "user@example.com";
pub(crate) const QUOTA: &str = "the-payer";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const AWS: &str = "urn:ietf:params:aws:token-type:aws4_request";

/// A kind of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    KeySigned,
    KeyExchanged,
    KeySubject,
    Impersonated,
    WorkloadFile,
    WorkloadUrl,
    WorkloadAws,
    WorkloadProgram,
    WorkloadImpersonated,
    Workforce,
    Metadata,
    Gcloud,
    IdKey,
    IdMetadata,
    IdImpersonated,
}

/// Where the credentials are, and what is wrong with them.
pub(crate) struct World<'a> {
    pub(crate) services: &'a StandIn,
    pub(crate) folder: &'a Path,
    /// Universe of the file.
    pub(crate) universe: Option<&'static str>,
    /// Whether the source is missing: a file, an account, or a permission.
    pub(crate) missing: bool,
}

/// A credential file, with the environment that it is used in.
pub(crate) struct File {
    pub(crate) content: Value,
    pub(crate) variables: Vec<(String, String)>,
}

impl Kind {
    pub(crate) const ALL: [Self; 16] = [
        Self::User,
        Self::KeySigned,
        Self::KeyExchanged,
        Self::KeySubject,
        Self::Impersonated,
        Self::WorkloadFile,
        Self::WorkloadUrl,
        Self::WorkloadAws,
        Self::WorkloadProgram,
        Self::WorkloadImpersonated,
        Self::Workforce,
        Self::Metadata,
        Self::Gcloud,
        Self::IdKey,
        Self::IdMetadata,
        Self::IdImpersonated,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::KeySigned => "key, self-signed",
            Self::KeyExchanged => "key, exchanged",
            Self::KeySubject => "key, for a user",
            Self::Impersonated => "impersonated",
            Self::WorkloadFile => "workload, file",
            Self::WorkloadUrl => "workload, URL",
            Self::WorkloadAws => "workload, AWS",
            Self::WorkloadProgram => "workload, program",
            Self::WorkloadImpersonated => "workload, impersonated",
            Self::Workforce => "workforce user",
            Self::Metadata => "metadata server",
            Self::Gcloud => "gcloud account",
            Self::IdKey => "ID token, key",
            Self::IdMetadata => "ID token, metadata",
            Self::IdImpersonated => "ID token, impersonated",
        }
    }

    /// Creates the credentials as a program would.
    pub(crate) fn credentials(self, world: &World<'_>) -> Result<Arc<dyn Credentials>, AuthError> {
        Ok(match self {
            Self::KeySubject => {
                let mut account = ServiceAccount::new(EMAIL, KEY)?.with_subject(USER);
                account = account.with_key_id("key-id").with_token_url(world.url("token"));
                account = account.with_quota_project(QUOTA);
                if let Some(universe) = world.universe {
                    account = account.with_universe(universe);
                }
                Arc::new(Cached::new(account))
            }
            Self::IdImpersonated => {
                let robot = Impersonated::new(StaticToken::new("ya29.source"), EMAIL);
                Arc::new(IdTokens::new(robot.with_url(world.impersonation()), ID_AUDIENCE))
            }
            Self::IdKey | Self::IdMetadata => Arc::new(IdTokens::new(self.adc(world), ID_AUDIENCE)),
            _ => Arc::new(self.adc(world)),
        })
    }

    fn adc(self, world: &World<'_>) -> Adc {
        match self {
            Self::Metadata | Self::IdMetadata => world.machine().build(),
            Self::Gcloud => world.gcloud().build(),
            _ => {
                let file = self.file(world).unwrap_or_else(|| world.user());
                let path = world.folder.join("credentials.json");
                if !world.missing || self.is_workload() {
                    world.write(&path, &file.content.to_string());
                }
                let builder = Adc::builder().with_environment(file.variables).with_file(path);
                builder.with_self_signed_tokens((self == Self::KeySigned).then_some(true)).build()
            }
        }
    }

    fn is_workload(self) -> bool {
        matches!(
            self,
            Self::WorkloadFile
                | Self::WorkloadUrl
                | Self::WorkloadAws
                | Self::WorkloadProgram
                | Self::WorkloadImpersonated
        )
    }

    /// Returns the credential file, if the kind has one.
    pub(crate) fn file(self, world: &World<'_>) -> Option<File> {
        Some(match self {
            Self::User => world.user(),
            Self::KeySigned | Self::KeyExchanged | Self::KeySubject | Self::IdKey => world.key(),
            Self::Impersonated | Self::IdImpersonated => world.impersonated(),
            Self::WorkloadFile | Self::WorkloadImpersonated => {
                let path = world.folder.join("subject");
                if !world.missing {
                    world.write(&path, "subject-token");
                }
                let mut file = world.workload(JWT, json!({ "file": path }), &[]);
                if self == Self::WorkloadImpersonated {
                    let url = json!(world.impersonation());
                    file.content["service_account_impersonation_url"] = url;
                }
                file
            }
            Self::WorkloadUrl => {
                let header = if world.missing { "no" } else { "yes" };
                let source = json!({
                    "url": world.url("subject"), "headers": { "x-provider": header },
                    "format": { "type": "json", "subject_token_field_name": "value" },
                });
                world.workload(JWT, source, &[])
            }
            Self::WorkloadAws => world.aws(),
            Self::WorkloadProgram => world.program(),
            Self::Workforce => world.workforce(),
            Self::Metadata | Self::IdMetadata | Self::Gcloud => return None,
        })
    }
}

impl World<'_> {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.services.server().url())
    }

    fn impersonation(&self) -> String {
        self.url(&format!("v1/projects/-/serviceAccounts/{EMAIL}:generateAccessToken"))
    }

    fn write(&self, path: &Path, text: &str) {
        let folder = path.parent().unwrap_or(self.folder);
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text));
        written.unwrap_or_else(|error| eprintln!("{} is not written: {error}", path.display()));
    }

    /// Adds the members that all files have.
    fn file(&self, mut content: Value, variables: &[(&str, &str)]) -> File {
        content["quota_project_id"] = json!(QUOTA);
        if let Some(universe) = self.universe {
            content["universe_domain"] = json!(universe);
        }
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        File { content, variables: variables.iter().map(owned).collect() }
    }

    fn user(&self) -> File {
        let content = json!({
            "type": "authorized_user", "client_id": "client-id", "client_secret": "client-secret",
            "refresh_token": "refresh-token", "token_uri": self.url("token"),
        });
        self.file(content, &[])
    }

    fn key(&self) -> File {
        let content = json!({
            "type": "service_account", "client_email": EMAIL, "private_key": KEY,
            "private_key_id": "key-id", "token_uri": self.url("token"),
        });
        self.file(content, &[])
    }

    fn impersonated(&self) -> File {
        let content = json!({
            "type": "impersonated_service_account",
            "service_account_impersonation_url": self.impersonation(),
            "source_credentials": self.user().content,
        });
        self.file(content, &[])
    }

    fn workload(&self, kind: &str, source: Value, variables: &[(&str, &str)]) -> File {
        let content = json!({
            "type": "external_account", "audience": AUDIENCE, "subject_token_type": kind,
            "token_url": self.url("v1/token"), "credential_source": source,
        });
        self.file(content, variables)
    }

    fn aws(&self) -> File {
        let source = json!({
            "environment_id": "aws1",
            "regional_cred_verification_url":
                "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
        });
        let variables = [
            ("AWS_REGION", "us-east-2"),
            ("AWS_ACCESS_KEY_ID", "AKID"),
            ("AWS_SECRET_ACCESS_KEY", "aws-secret"),
        ];
        self.workload(AWS, source, if self.missing { &variables[..1] } else { &variables })
    }

    fn program(&self) -> File {
        let path = self.folder.join("program");
        let printed = json!({
            "version": 1, "success": true, "token_type": JWT, "id_token": "subject-token",
            "expiration_time": 4_000_000_000_u64,
        });
        self.write(&path, &printed.to_string());
        let source = json!({ "executable": { "command": format!("cat {}", path.display()) } });
        let allowed = [("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1")];
        self.workload(JWT, source, if self.missing { &[] } else { &allowed })
    }

    fn workforce(&self) -> File {
        let content = json!({
            "type": "external_account_authorized_user", "audience": AUDIENCE,
            "client_id": "client-id", "client_secret": "client-secret",
            "refresh_token": "refresh-token", "token_url": self.url("v1/oauthtoken"),
            "token_info_url": self.url("v1/introspect"),
        });
        self.file(content, &[])
    }

    /// A machine of Google Cloud.
    fn machine(&self) -> AdcBuilder {
        let url = self.services.server().url();
        let host = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let host = if self.missing { "127.0.0.1:1".to_owned() } else { host };
        let home = self.folder.display().to_string();
        Adc::builder()
            .with_environment([("GCE_METADATA_HOST", host), ("HOME", home)])
            .with_quota_project(QUOTA)
    }

    fn gcloud(&self) -> AdcBuilder {
        let folder = self.folder.join("gcloud");
        let config = format!("[core]\naccount = {USER}\nproject = {QUOTA}\n");
        self.write(&folder.join("configurations/config_default"), &config);
        let path: PathBuf = folder.join(format!("legacy_credentials/{USER}/adc.json"));
        if !self.missing {
            let mut user = self.user().content;
            if let Some(user) = user.as_object_mut() {
                user.remove("quota_project_id");
            }
            self.write(&path, &user.to_string());
        }
        let folder = folder.display().to_string();
        Adc::builder().with_environment([("CLOUDSDK_CONFIG", folder)]).with_active_gcloud_account()
    }
}
