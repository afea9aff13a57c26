//! Starts of a metadata server that wakes up late, refuses, lies, or is absent. Each runs in a
//! network namespace of its own, so that the server has its real name and address.

use crate::api::{Files, List};
use crate::table::Failure;
use discovery_runtime::auth::{Adc, AuthError};
use discovery_runtime::testing::{FaultServer, Incoming, Reply};
use discovery_runtime::{Client, ServiceClient as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const ADDRESS: &str = "169.254.169.254";
const HOSTS: &str = "127.0.0.1 localhost\n169.254.169.254 metadata.google.internal\n";
/// Seconds that a busy machine may take longer.
const SLACK: f64 = 10.0;
/// Time of the call that needs a token.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A start, and the outcome on a machine about which nothing is known, and on Cloud Run, each with
/// the most seconds that it takes on an idle machine.
struct Start {
    name: &'static str,
    behavior: Behavior,
    elsewhere: (&'static str, u64),
    cloud_run: (&'static str, u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behavior {
    Ready,
    /// Listens after so many seconds.
    Wakes(u64),
    /// Answers the first request after four seconds.
    Slow,
    /// Fails for so many seconds.
    Fails(u64),
    Status(u16),
    /// Has another server's answer.
    Stranger,
    Html,
    EmptyToken,
    /// Accepts connections and answers nothing.
    Silent,
    NoRoute,
    /// Packets are lost.
    Lost,
    NoName,
}

const STARTS: [Start; 14] = [
    start("ready", Behavior::Ready, ("token", 2), ("token", 2)),
    start("wakes after 1 s", Behavior::Wakes(1), ("NotFound", 2), ("token", 5)),
    start("wakes after 4 s", Behavior::Wakes(4), ("NotFound", 2), ("token", 9)),
    start("answers after 4 s", Behavior::Slow, ("NotFound", 5), ("token", 6)),
    start("503 for 2 s", Behavior::Fails(2), ("token", 9), ("token", 9)),
    start("503 for ever", Behavior::Fails(999), ("Unavailable", 31), ("Unavailable", 31)),
    start("403", Behavior::Status(403), ("Refused", 2), ("Refused", 2)),
    start("404: no account", Behavior::Status(404), ("NotFound", 2), ("NotFound", 2)),
    start("lies: another server", Behavior::Stranger, ("NotFound", 2), ("NotFound", 2)),
    start("lies: a page", Behavior::Html, ("Malformed", 2), ("Malformed", 2)),
    start("lies: an empty token", Behavior::EmptyToken, ("Malformed", 2), ("Malformed", 2)),
    start("accepts, is silent", Behavior::Silent, ("NotFound", 5), ("Timeout", 31)),
    start("absent: no route", Behavior::NoRoute, ("NotFound", 2), ("Unavailable", 31)),
    start("absent: packets lost", Behavior::Lost, ("NotFound", 5), ("Timeout", 31)),
];

/// Not in the table of names: its name does not resolve.
const NAMELESS: Start =
    start("absent: no name", Behavior::NoName, ("NotFound", 5), ("Unavailable", 31));

const fn start(
    name: &'static str,
    behavior: Behavior,
    elsewhere: (&'static str, u64),
    cloud_run: (&'static str, u64),
) -> Start {
    Start { name, behavior, elsewhere, cloud_run }
}

fn starts() -> impl Iterator<Item = &'static Start> {
    STARTS.iter().chain([&NAMELESS])
}

/// Runs `ip`.
fn ip(arguments: &[&str]) -> Result<(), Failure> {
    let output = Command::new("ip").args(arguments).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("ip {}: {}", arguments.join(" "), said.trim()).into())
}

/// A network namespace with its own table of hosts; removed when dropped.
struct Namespace {
    name: String,
    folder: PathBuf,
}

impl Namespace {
    fn new(number: usize, hosts: &str) -> Result<Self, Failure> {
        let name = format!("credentials-{}-{number}", std::process::id());
        ip(&["netns", "add", &name])?;
        let folder = Path::new("/etc/netns").join(&name);
        let namespace = Self { name, folder };
        std::fs::create_dir_all(&namespace.folder)?;
        std::fs::write(namespace.folder.join("hosts"), hosts)?;
        std::fs::write(namespace.folder.join("resolv.conf"), "nameserver 127.0.0.1\n")?;
        ip(&["-n", &namespace.name, "link", "set", "lo", "up"])?;
        Ok(namespace)
    }

    /// Gives the server its address, or the network none.
    fn route(&self, behavior: Behavior) -> Result<(), Failure> {
        let name = self.name.as_str();
        match behavior {
            Behavior::NoRoute | Behavior::NoName => Ok(()),
            Behavior::Lost => {
                // A device that no program reads.
                ip(&["-n", name, "tuntap", "add", "dev", "lost", "mode", "tun"])?;
                ip(&["-n", name, "addr", "add", "169.254.1.1/16", "dev", "lost"])?;
                ip(&["-n", name, "link", "set", "lost", "up"])
            }
            _ => ip(&["-n", name, "addr", "add", &format!("{ADDRESS}/32"), "dev", "lo"]),
        }
    }

    fn run(&self, start: &Start, variable: &str) -> Result<Child, Failure> {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name]).arg(std::env::current_exe()?);
        command.args(["--start", start.name]).env_clear().env(variable, "x");
        Ok(command.env("HOME", "/nonexistent").stdout(Stdio::piped()).spawn()?)
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = ip(&["netns", "del", &self.name]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Returns why this machine cannot make network namespaces.
pub(crate) fn missing() -> Option<String> {
    if std::fs::read_to_string("/sys/class/dmi/id/product_name")
        .unwrap_or_default()
        .contains("Google")
    {
        return Some("this machine is Google's".to_owned());
    }
    Namespace::new(0, HOSTS).err().map(|error| format!("no network namespaces: {error}"))
}

/// Makes all starts at once and prints them; returns the number of wrong outcomes.
pub(crate) fn all() -> Result<usize, Failure> {
    let mut running = Vec::new();
    for start in starts() {
        for cloud_run in [false, true] {
            let hosts =
                if start.behavior == Behavior::NoName { "127.0.0.1 localhost\n" } else { HOSTS };
            let namespace = Namespace::new(running.len() + 1, hosts)?;
            if let Err(error) = namespace.route(start.behavior) {
                println!("!! SKIPPED: {}: {error}", start.name);
                continue;
            }
            let variable = if cloud_run { "K_SERVICE" } else { "OTHER" };
            let child = namespace.run(start, variable)?;
            running.push((start, cloud_run, namespace, child));
        }
    }
    let mut wrong = 0;
    println!("{:<22} {:<11} {:>7}  outcome", "metadata server", "machine", "seconds");
    for (start, cloud_run, namespace, child) in running {
        let output = child.wait_with_output()?;
        drop(namespace);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let (outcome, seconds) = text.trim().split_once(' ').unwrap_or(("nothing", "0"));
        let (expected, limit) = if cloud_run { start.cloud_run } else { start.elsewhere };
        let late = seconds.parse::<f64>().is_ok_and(|seconds| seconds > limit as f64 + SLACK);
        let machine = if cloud_run { "Cloud Run" } else { "unknown" };
        print!("{:<22} {machine:<11} {seconds:>7}  {outcome}", start.name);
        if outcome != expected || late {
            wrong += 1;
            print!(", not {expected} within {limit} s");
        }
        println!();
    }
    Ok(wrong)
}

/// Makes one start, in the namespace of the process: prints outcome and seconds.
pub(crate) async fn one(name: &str) -> Result<(), Failure> {
    let start = starts().find(|start| start.name == name).ok_or("no such start")?;
    let api = FaultServer::replying(Reply::json("{}")).await?;
    let begun = Instant::now();
    let behavior = start.behavior;
    let serving = std::thread::spawn(move || serve(behavior, begun));
    if !matches!(behavior, Behavior::Wakes(_)) {
        while !serving.is_finished() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        serving.join().map_err(|_| "the server panicked")??;
    }
    let client = Client::builder(Files::SERVICE)
        .with_endpoint(api.url())
        .with_credentials(Adc::new())
        .with_timeout(TIMEOUT)
        .build()?;
    let outcome = match List::call(&client).send::<discovery_runtime::json::Json>().await {
        Ok(_) => "token".to_owned(),
        Err(error) => match std::error::Error::source(&error).and_then(|e| e.downcast_ref()) {
            Some(error) => format!("{:?}", AuthError::kind(error)),
            None => format!("{:?}", error.kind()),
        },
    };
    println!("{outcome} {:.1}", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Starts the server, if there is one.
fn serve(behavior: Behavior, begun: Instant) -> std::io::Result<()> {
    if let Behavior::Wakes(seconds) = behavior {
        std::thread::sleep(Duration::from_secs(seconds));
    }
    if matches!(behavior, Behavior::NoRoute | Behavior::Lost | Behavior::NoName) {
        return Ok(());
    }
    let first = Arc::new(AtomicBool::new(true));
    let service = discovery_testing::Service::new(move |request: Incoming| {
        let first = first.swap(false, Ordering::Relaxed);
        async move {
            match behavior {
                Behavior::Slow if first => tokio::time::sleep(Duration::from_secs(4)).await,
                Behavior::Silent => std::future::pending().await,
                _ => {}
            }
            let reply = reply(behavior, begun, request.head().path());
            match behavior {
                Behavior::Stranger => reply,
                _ => reply.with_header("metadata-flavor", "Google"),
            }
        }
    });
    let server = FaultServer::on_thread(service, (ADDRESS, 80))?;
    // It serves as long as the process.
    std::thread::spawn(move || server.wait());
    Ok(())
}

fn reply(behavior: Behavior, begun: Instant, path: &str) -> Reply {
    let token = r#"{"access_token": "ya29.token", "expires_in": 3600, "token_type": "Bearer"}"#;
    match behavior {
        Behavior::Fails(seconds) if begun.elapsed() < Duration::from_secs(seconds) => {
            Reply::new(503)
        }
        _ if path.ends_with("/universe-domain") => Reply::new(404),
        Behavior::Status(status) if path != "/" => Reply::new(status),
        Behavior::Html => Reply::new(200).with_body("text/html", "<html>welcome</html>"),
        Behavior::EmptyToken => Reply::json(token.replace("ya29.token", "")),
        _ => Reply::json(token),
    }
}
