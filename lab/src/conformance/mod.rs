//! `cargo lab conformance`: runs external conformance tables.

mod argument;
mod build;
mod compare;
mod program;
mod requests;
mod storage_retry;

use clap::Subcommand;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Subcommand)]
pub(crate) enum Suite {
    /// Compare the requests of a generated crate with those of an independent client
    Requests(RequestsArgs),
    /// Run Google's table of what a client of Cloud Storage repeats against the generated crate
    StorageRetry(StorageRetryArgs),
    /// Run protobuf's JSON conformance cases against the runtime's value types
    Protojson {
        /// File of cases
        file: PathBuf,
    },
}

#[derive(clap::Args)]
pub(crate) struct RequestsArgs {
    /// Tables with one case per line
    #[arg(required = true, value_name = "FILE.jsonl")]
    pub(crate) files: Vec<PathBuf>,
    /// Discovery document [default: the document in ../shared/corpus with the table's name]
    #[arg(long, value_name = "DOC.json")]
    pub(crate) document: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct StorageRetryArgs {
    /// The table, `retry_tests.json` of googleapis/conformance-tests
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The discovery document
    #[arg(long, value_name = "DOC.json", default_value = "../shared/corpus/storage.v1.json")]
    pub(crate) document: PathBuf,
    /// Its overlay
    #[arg(
        long,
        value_name = "OVERLAY.json",
        default_value = "lab/src/conformance/storage_retry/overlay.json"
    )]
    pub(crate) overlay: PathBuf,
}

pub(crate) fn run(suite: &Suite) -> Result<ExitCode, String> {
    match suite {
        Suite::Requests(args) => requests::run(args),
        Suite::StorageRetry(args) => storage_retry::run(args),
        Suite::Protojson { file } => {
            let outcome = crate::protojson::run(file)?;
            print!("{outcome}");
            Ok(if outcome.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}
