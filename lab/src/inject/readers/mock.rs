//! Mock servers, asked over HTTP.

use super::crates::{Api, Crates};
use super::work::{Work, each};
use super::{Found, terminal};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

/// A running server, stopped at the end.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

pub(super) fn read(crates: &Crates) -> Result<Found, String> {
    let found = each(&crates.apis, |api| one(crates, api))?;
    let count = found.iter().map(|(count, _)| count).sum();
    Ok(Found { count, things: "answers", faults: found.into_iter().flat_map(|f| f.1).collect() })
}

fn one(crates: &Crates, api: &Api) -> Result<(usize, Vec<String>), String> {
    let name = format!("{}-mock", api.program());
    let work = Work::new(crates.folder.join(format!("work/mock-{}", api.at)))?;
    let mut command = work.command(crates.program(&name));
    command.args(["--port", "0", "--log"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut server = Server(command.spawn().map_err(|e| format!("{name}: {e}"))?);
    let mut line = String::new();
    let out = server.0.stdout.take().ok_or("no output")?;
    BufReader::new(out).read_line(&mut line).map_err(|e| format!("{name}: {e}"))?;
    let host = line.trim().split("//").nth(1).unwrap_or_default().trim_end_matches('/').to_owned();
    let (mut count, mut faults) = (0, Vec::new());
    for (verb, path) in requests() {
        let answer = ask(&host, verb, &path).map_err(|e| format!("{name} {verb} {path}: {e}"))?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        count += 1;
        let shown = head.to_lowercase();
        // Only a page of another kind could run a script; JSON is shown.
        let is_json = shown.contains("content-type: application/json");
        if !body.is_empty() && !is_json {
            faults.push(format!("{name} {verb} {path}: {head}"));
        }
        let fault = terminal::fault(&head.replace("\r\n", "\n"));
        faults.extend(fault.map(|fault| format!("{name} {verb} {path}: the head {fault}")));
    }
    let mut log = String::new();
    server.0.kill().map_err(|e| format!("{name}: {e}"))?;
    if let Some(mut stderr) = server.0.stderr.take() {
        stderr.read_to_string(&mut log).map_err(|e| format!("{name}: {e}"))?;
    }
    faults.extend(terminal::fault(&log).map(|fault| format!("{name} --log {fault}")));
    Ok((count, faults))
}

/// Requests of methods and of nothing, with hostile texts in their paths.
fn requests() -> Vec<(&'static str, String)> {
    let texts =
        ["", "zq", "%3Cscript%3Ezqcanary()%3C%2Fscript%3E", "x%1b%5B31m%07", "%0d%0aX-Zq:%201"];
    let mut all = Vec::new();
    for text in texts {
        for verb in ["GET", "POST", "DELETE"] {
            for path in ["/", "/v1/", "/v1/things/", "/v1/things?filter=", "/v1/things/a/parts/"] {
                all.push((verb, format!("{path}{text}")));
            }
        }
    }
    all
}

fn ask(host: &str, verb: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let head = format!(
        "{verb} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\naccept: text/html\r\ncontent-length: 0\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
