//! Trials of one kind.

use super::Failure;
use super::kinds::{Kind, QUOTA, World};
use super::stand_in::{Mode, StandIn};
use discovery_runtime::BoxFuture;
use discovery_runtime::auth::{AuthContext, AuthError, AuthHeaders, Credentials};
use discovery_runtime::clock::{Clock, ManualClock};
use discovery_runtime::hyper::HyperTransport;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const UNIVERSE: &str = "example.cloud";
const CALLS: usize = 200;

/// A manual clock on which the delays between attempts end at once, and timeouts never.
#[derive(Clone, Debug)]
struct Delayless(ManualClock);

impl Clock for Delayless {
    fn now(&self) -> Duration {
        self.0.now()
    }

    fn unix(&self) -> Duration {
        self.0.unix()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.0.clone();
        Box::pin(async move {
            if duration < Duration::from_secs(5) {
                return clock.advance(duration);
            }
            clock.sleep(duration).await;
        })
    }
}

/// A kind with the services that it asks.
pub(super) struct Trial {
    kind: Kind,
    clock: ManualClock,
    services: StandIn,
    folder: Folder,
    context: AuthContext,
}

type Outcome = Result<AuthHeaders, AuthError>;

impl Trial {
    pub(super) async fn new(kind: Kind) -> Result<Self, Failure> {
        Self::within(kind, "").await
    }

    async fn within(kind: Kind, universe: &'static str) -> Result<Self, Failure> {
        let clock = ManualClock::new();
        let delayless: Arc<dyn Clock> = Arc::new(Delayless(clock.clone()));
        let transport = HyperTransport::builder().with_no_proxy().build()?;
        let context = AuthContext::new(Arc::clone(&delayless))
            .with_transport(Arc::new(transport))
            .with_scopes(["scope-a", "scope-b"]);
        let services = StandIn::start(delayless, universe).await?;
        Ok(Self { kind, clock, services, folder: Folder::new()?, context })
    }

    fn credentials(
        &self,
        universe: Option<&'static str>,
        missing: bool,
    ) -> Result<Arc<dyn Credentials>, AuthError> {
        let (services, folder) = (&self.services, self.folder.0.as_path());
        self.kind.credentials(&World { services, folder, universe, missing })
    }

    fn requests(&self) -> usize {
        self.services.server().take_requests().len()
    }

    pub(super) async fn cells(&self) -> Result<Vec<String>, Failure> {
        Ok(vec![
            self.works().await?,
            self.missing().await?,
            self.after(Duration::from_secs(3601), Mode::Down).await?,
            self.after(Duration::from_secs(3601), Mode::Refusing).await?,
            self.after(Duration::from_secs(3500), Mode::Working).await?,
            self.stampede().await?,
            self.quota().await?,
            Self::universe(self.kind).await?,
        ])
    }

    async fn works(&self) -> Result<String, Failure> {
        let credentials = self.credentials(None, false)?;
        credentials.headers(&self.context).await?.bearer_token().ok_or("no token")?;
        Ok(self.requests().to_string())
    }

    async fn missing(&self) -> Result<String, Failure> {
        // Their source is the program.
        if matches!(self.kind, Kind::KeySubject | Kind::IdImpersonated) {
            return Ok("-".to_owned());
        }
        let _ = std::fs::remove_dir_all(&self.folder.0);
        let credentials = self.credentials(None, true)?;
        let outcome = credentials.headers(&self.context).await;
        self.requests();
        Ok(kind_of(outcome))
    }

    /// Gets a token, and another some time later, when the services are in `mode`.
    async fn after(&self, age: Duration, mode: Mode) -> Result<String, Failure> {
        let credentials = self.credentials(None, false)?;
        let first = credentials.headers(&self.context).await?;
        self.clock.advance(age);
        self.services.set_mode(mode);
        let second = credentials.headers(&self.context).await;
        self.services.set_mode(Mode::Working);
        self.requests();
        Ok(match second {
            Ok(second) if same(&first, &second) => "the old one".to_owned(),
            Ok(_) => "new".to_owned(),
            Err(error) => kind_of(Err(error)),
        })
    }

    async fn stampede(&self) -> Result<String, Failure> {
        let credentials = self.credentials(None, false)?;
        let calls: Vec<_> = (0..CALLS)
            .map(|_| {
                let (credentials, context) = (Arc::clone(&credentials), self.context.clone());
                tokio::spawn(async move { credentials.headers(&context).await })
            })
            .collect();
        let mut tokens = Vec::new();
        for call in calls {
            tokens.push(call.await??);
        }
        let first = tokens.first().ok_or("no call")?;
        match tokens.iter().filter(|token| !same(first, token)).count() {
            0 => Ok(self.requests().to_string()),
            others => Ok(format!("{others} other tokens")),
        }
    }

    async fn quota(&self) -> Result<String, Failure> {
        let headers = self.credentials(None, false)?.headers(&self.context).await?;
        let project = headers.iter().find(|(name, _)| *name == "x-goog-user-project");
        Ok(match project {
            Some((_, value)) if value == QUOTA => "set".to_owned(),
            Some(_) => "another".to_owned(),
            None => "none".to_owned(),
        })
    }

    /// Uses credentials of another universe.
    async fn universe(kind: Kind) -> Result<String, Failure> {
        // It would ask the real services of the universe.
        if kind == Kind::IdKey {
            return Ok("none".to_owned());
        }
        let trial = Self::within(kind, UNIVERSE).await?;
        let headers = match trial.credentials(Some(UNIVERSE), false)?.headers(&trial.context).await
        {
            Err(error) => return Ok(kind_of(Err(error))),
            Ok(headers) => headers,
        };
        let accepted = |universe| headers.check_universe(universe).is_ok();
        Ok(match (accepted("googleapis.com"), accepted(UNIVERSE)) {
            (false, true) => "checked".to_owned(),
            (true, true) => "none".to_owned(),
            _ => "wrong".to_owned(),
        })
    }
}

fn same(one: &AuthHeaders, other: &AuthHeaders) -> bool {
    one.bearer_token() == other.bearer_token()
}

/// Returns the kind of an error, and what is wrong with it.
fn kind_of(outcome: Outcome) -> String {
    match outcome {
        Ok(_) => "a token".to_owned(),
        Err(error) => {
            let shown = format!("{error} {error:?}");
            let secrets = ["refresh-token", "client-secret", "subject-token", "aws-secret", "ya29"];
            if secrets.iter().any(|secret| shown.contains(secret)) {
                return format!("a secret in {shown}");
            }
            format!("{:?}", error.kind())
        }
    }
}

/// A temporary folder.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> std::io::Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("discovery-credentials-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
