//! Prints what comes of every kind of method under every fault, and what must come of it.
//!
//! `cargo run --example fault_matrix --features testing`; exit code 1 on a mismatch.

mod matrix;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let cells = match matrix::all().await {
        Ok(cells) => cells,
        Err(error) => {
            eprintln!("cannot run the matrix: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("{}", matrix::heading());
    for cell in &cells {
        println!("{cell}");
    }
    let wrong = cells.iter().filter(|cell| !cell.is_right()).count();
    println!("{} of {} as expected", cells.len() - wrong, cells.len());
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
