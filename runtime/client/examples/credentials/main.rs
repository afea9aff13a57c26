//! Prints what each kind of credentials does, how a metadata server's start ends, and how requests
//! compare with those of google-auth for Python.
//!
//! `cargo lab credentials`; exit code 1 on a mismatch. Parts that the machine cannot run are skipped
//! with a message.

mod compare;
mod starts;
mod table;

#[path = "../fault_matrix/matrix/api.rs"]
#[allow(dead_code, reason = "only one method is called")]
mod api;

use std::process::{Command, ExitCode, Stdio};

use table::Failure;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["--start", name] => starts::one(name).await.map(|()| 0),
        ["--google-auth", script, pythons @ ..] => all(script, pythons).await,
        _ => Err("usage: credentials --google-auth SCRIPT PYTHON...".into()),
    };
    match result {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => {
            println!("{wrong} wrong");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("failed to try the credentials: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn all(script: &str, pythons: &[&str]) -> Result<usize, Failure> {
    println!("{}", table::heading());
    let rows = table::all().await?;
    rows.iter().for_each(|row| println!("{row}"));
    let mut wrong = rows.iter().filter(|row| !row.is_right()).count();
    println!();
    match starts::missing() {
        Some(why) => println!("!! SKIPPED: starts of the metadata server: {why}"),
        None => wrong += tokio::task::spawn_blocking(starts::all).await??,
    }
    println!();
    match pythons.iter().find(|python| has_google_auth(python)) {
        Some(python) => wrong += compare::all(python, script).await?,
        None => println!(
            "!! SKIPPED: requests of google-auth for the same files: no google-auth in any of {}",
            pythons.join(", ")
        ),
    }
    Ok(wrong)
}

fn has_google_auth(python: &str) -> bool {
    let mut command = Command::new(python);
    command
        .args(["-c", "import google.auth, requests"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
