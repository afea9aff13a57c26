//! Prints actual and expected outcomes of every kind of method under every fault.
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
            eprintln!("failed to run the matrix: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("{}", matrix::heading());
    for cell in &cells {
        println!("{cell}");
    }
    let wrong = cells.iter().filter(|cell| !cell.is_right()).count();
    println!("attempts: actual and expected requests; executed: requests that the server executed");
    let (right, all) = (cells.len() - wrong, matrix::size());
    println!("{right} of {all} as expected, in {:.0} s", begun.elapsed().as_secs_f64());
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
