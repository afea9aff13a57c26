//! Google's emulators, where its SDK has them installed.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long an emulator may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// An emulator that runs until it is dropped.
pub(super) struct Emulator {
    /// Its root URL, which ends in `/`.
    pub(super) endpoint: String,
    child: Child,
}

/// The folder of Google's SDK. The error says why there is none.
pub(super) fn sdk() -> Result<PathBuf, String> {
    let output = Command::new("gcloud")
        .args(["info", "--format=value(installation.sdk_root)"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("there is no gcloud: {error}"))?;
    let root = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if output.status.success() && root.is_dir() {
        Ok(root)
    } else {
        Err("gcloud does not work".to_owned())
    }
}

/// The program of an emulator, if it is installed.
pub(super) fn program(sdk: &Path, server: &str) -> Result<PathBuf, String> {
    let inside = match server {
        "pubsub" => "platform/pubsub-emulator/bin/cloud-pubsub-emulator",
        "firestore" => "platform/cloud-firestore-emulator/cloud_firestore_emulator",
        "datastore" => "platform/cloud-datastore-emulator/cloud_datastore_emulator",
        "spanner" => "bin/cloud_spanner_emulator/gateway_main",
        other => return Err(format!("no emulator is called `{other}`")),
    };
    Ok(sdk.join(inside))
}

/// Starts an emulator on free ports of the loopback interface, with its data in `folder`, which is
/// made new.
pub(super) fn start(program: &Path, server: &str, folder: &Path) -> Result<Emulator, String> {
    let failed = |e: std::io::Error| format!("{}: {e}", program.display());
    fs::remove_dir_all(folder).ok();
    fs::create_dir_all(folder).map_err(failed)?;
    let port = free_port().map_err(failed)?;
    let data = folder.join("data");
    let mut command = Command::new(program);
    match server {
        "spanner" => {
            let rpc = free_port().map_err(failed)?;
            command.arg("--hostname=127.0.0.1").arg(format!("--http_port={port}"));
            command.arg(format!("--grpc_port={rpc}"));
        }
        "pubsub" => {
            command.arg("--host=127.0.0.1").arg(format!("--port={port}"));
        }
        "datastore" => {
            let mut create = Command::new(program);
            create.args(["create", "--project_id=p1"]).arg(&data);
            create.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            create.status().map_err(failed)?;
            command.args(["start", "--host=127.0.0.1", "--store_on_disk=False"]);
            command.arg(format!("--port={port}")).arg(&data);
        }
        _ => {
            command.args(["start", "--host=127.0.0.1"]).arg(format!("--port={port}"));
        }
    }
    let log = fs::File::create(folder.join("log")).map_err(failed)?;
    let child = in_group(&mut command)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(failed)?)
        .stderr(log)
        .spawn()
        .map_err(failed)?;
    let mut emulator = Emulator { endpoint: format!("http://127.0.0.1:{port}/"), child };
    emulator.wait(port, &folder.join("log"))?;
    Ok(emulator)
}

/// The emulators are scripts that start Java, which must end with them.
#[cfg(unix)]
fn in_group(command: &mut Command) -> &mut Command {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0)
}

#[cfg(not(unix))]
fn in_group(command: &mut Command) -> &mut Command {
    command
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

impl Emulator {
    /// Waits until the port takes connections.
    fn wait(&mut self, port: u16, log: &Path) -> Result<(), String> {
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let ended = self.child.try_wait().ok().flatten();
            if ended.is_some() || start.elapsed() > PATIENCE {
                let text = fs::read_to_string(log).unwrap_or_default();
                let last: Vec<&str> = text.lines().rev().take(5).collect();
                return Err(format!("the emulator does not start: {}", last.join(" | ")));
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(())
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            let group = i32::try_from(self.child.id()).map(nix::unistd::Pid::from_raw);
            if let Ok(group) = group {
                nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL).ok();
            }
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
