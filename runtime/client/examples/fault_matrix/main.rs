//! Prints what comes of every kind of method under every fault, and what must come of it.
//!
//! `cargo lab faults`; exit code 1 on a mismatch.

mod matrix;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let begun = std::time::Instant::now();
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
    println!(
        "attempts: requests made, of those that must be; executed: what the server carried out"
    );
    let (right, all) = (cells.len() - wrong, matrix::size());
    println!("{right} of {all} as expected, in {:.0} s", begun.elapsed().as_secs_f64());
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
