//! `cargo discovery add`.

mod entry;
mod next;

use crate::catalog::{self, ProductName, Settings};
use crate::console::{note, print};
use crate::edits::Edits;
use crate::fetch;
use crate::lock::Lock;
use crate::regen::{self, RunOptions, Scope};
use crate::workspace::Workspace;
use entry::RuntimeArgs;
use std::process::ExitCode;
use std::time::Duration;

/// Add clients of APIs to this workspace, package, or empty folder
///
/// Fetches the documents, adds them and an entry for each API to discovery/, generates the
/// packages, and makes them members of the workspace. If any step fails, nothing changes.
#[derive(clap::Args)]
pub struct Args {
    /// The APIs: name and version, for example `drive:v3`; see `cargo discovery search`
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Products to generate [default: client]
    #[arg(long, value_delimiter = ',', value_name = "PRODUCTS")]
    products: Vec<ProductName>,
    /// Only these methods and what they need, for example 'files.*,!files.watch,permissions.create'
    #[arg(long, value_delimiter = ',', value_name = "PATTERNS")]
    methods: Vec<String>,
    /// The folder of the packages, relative to the workspace root [default: generated]
    #[arg(long, value_name = "DIR")]
    output: Option<String>,
    /// Read the documents from an http(s) URL, a file, or a folder of documents
    #[arg(long, value_name = "URL|FILE|DIR")]
    from: Option<String>,
    #[command(flatten)]
    runtime: RuntimeArgs,
    /// Time limit for each document, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

/// Adds APIs to a workspace.
///
/// # Errors
/// Returns an error if an argument or document is invalid or a file is in the way; nothing was
/// written.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode, String> {
    let _lock = Lock::new(workspace)?;
    let mut edits = Edits::default();
    let settings = Settings {
        output: args.output.clone(),
        products: entry::products(&args.products),
        methods: Some(args.methods.clone()).filter(|methods| !methods.is_empty()),
        runtime: args.runtime.source(workspace)?,
        ..Settings::default()
    };
    settings.check().map_err(|e| e.replacen("`output`", "--output", 1))?;
    entry::check(workspace, &edits, &args.ids)?;
    for id in &args.ids {
        note(format!("{id}: fetching the document"));
        let timeout = Duration::from_secs(args.timeout);
        let (place, document) = fetch::document(id, args.from.as_deref(), timeout)
            .map_err(|e| format!("{id}: {e}\nnothing was written"))?;
        note(format!("{id}: revision {} from {place}", document.revision));
        let file = format!("{}.json", id.replace(':', "-"));
        let path = workspace.discovery().join(&file);
        if edits.find(&path)?.is_some_and(|text| text != document.text) {
            let name = workspace.name(&format!("discovery/{file}"));
            return Err(format!("{name} is in the way and says something else; move it"));
        }
        edits.set(path, document.text);
        entry::add(workspace, &mut edits, id, &file, &settings)?;
    }
    let mut sources = catalog::sources_in(workspace, &edits, None)?;
    sources.retain(|source| args.ids.contains(&source.entry.id));
    note("generating");
    let options = RunOptions { since: None, must_plan: false, bump: false, strict: false };
    let mut made = regen::generate(workspace, &sources, &options)?;
    let next = next::Next::new(&made);
    let is_new = next.package(workspace, &mut edits)?;
    regen::write(workspace, &mut made, edits, &Scope::Generated, false)?;
    print(&next.text(is_new));
    Ok(ExitCode::SUCCESS)
}
