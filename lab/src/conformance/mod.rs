//! `cargo lab conformance`: runs external conformance tables.

mod argument;
mod compare;
mod program;
mod requests;

use clap::Subcommand;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Subcommand)]
pub(crate) enum Suite {
    /// Requests that an independent client sends, against those of a generated crate
    Requests(RequestsArgs),
    /// protobuf's own JSON cases, against the runtime's value types
    Protojson {
        /// The cases
        file: PathBuf,
    },
}

#[derive(clap::Args)]
pub(crate) struct RequestsArgs {
    /// Tables: one case a line
    #[arg(required = true, value_name = "FILE.jsonl")]
    pub(crate) files: Vec<PathBuf>,
    /// The discovery document; by default the one of the table's name in ../shared/corpus
    #[arg(long, value_name = "DOC.json")]
    pub(crate) document: Option<PathBuf>,
}

pub(crate) fn run(suite: &Suite) -> Result<ExitCode, String> {
    match suite {
        Suite::Requests(args) => requests::run(args),
        Suite::Protojson { file } => {
            let outcome = crate::protojson::run(file)?;
            print!("{outcome}");
            Ok(if outcome.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}
