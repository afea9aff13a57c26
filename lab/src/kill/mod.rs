//! `cargo lab kill`: interrupts `cargo discovery` at each of its file operations, and checks what
//! it leaves.

mod check;
mod interrupt;
mod scenes;
mod tree;

use check::Case;
use interrupt::{MODES, Mode, Shim};
use scenes::{Scene, tool};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Kill `cargo discovery`, or fail its file operations, at each of them, and check what it leaves
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Try only every nth operation
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Only commands with this in their name
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Only kinds of interruptions with this in their name, such as `kill`
    #[arg(long, value_name = "TEXT")]
    mode: Option<String>,
}

impl Args {
    fn modes(&self) -> impl Iterator<Item = &'static Mode> {
        MODES.iter().filter(|mode| self.mode.as_ref().is_none_or(|text| mode.name.contains(text)))
    }
}

/// Maximum number of faults to print per command.
const MAX_SHOWN: usize = 20;

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    if !cfg!(target_os = "linux") {
        println!("!! SKIPPED: interruptions: they need Linux's LD_PRELOAD");
        return Ok(ExitCode::SUCCESS);
    }
    if args.modes().next().is_none() {
        let names = MODES.map(|mode| mode.name).join(", ");
        return Err(format!(
            "--mode: no kind of interruption has this in its name; there are {names}"
        ));
    }
    crate::built::package("cargo-discovery")?;
    let program = crate::built::path("cargo-discovery")?;
    let folder = std::env::temp_dir().join(format!("cargo-lab-kill-{}", std::process::id()));
    let result = all(args, &program, &folder);
    std::fs::remove_dir_all(&folder).ok();
    Ok(if result? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn all(args: &Args, program: &Path, folder: &Path) -> Result<bool, String> {
    std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let folder = folder.canonicalize().map_err(|e| format!("{}: {e}", folder.display()))?;
    let shim = Shim::build(&folder)?;
    let (mut runs, mut faults) = (0, 0);
    println!("{:<14} {:>10} {:>7} {:>7} {:>7}", "command", "operations", "runs", "trees", "faults");
    let is_meant = |scene: &&Scene| args.only.as_ref().is_none_or(|text| scene.name.contains(text));
    for scene in scenes::ALL.iter().filter(is_meant) {
        let tally = one(args, scene, program, &folder, &shim)?;
        println!(
            "{:<14} {:>10} {:>7} {:>7} {:>7}",
            scene.name,
            tally.operations,
            tally.runs,
            tally.trees,
            tally.faults.len()
        );
        tally.faults.iter().take(MAX_SHOWN).for_each(|fault| println!("  {fault}"));
        runs += tally.runs;
        faults += tally.faults.len();
    }
    println!("{runs} interrupted runs, {faults} faults");
    Ok(faults == 0 && runs > 0)
}

/// Results for a command.
struct Tally {
    operations: usize,
    runs: usize,
    /// Different trees left by interrupted runs.
    trees: usize,
    faults: Vec<String>,
}

fn one(
    args: &Args,
    scene: &Scene,
    program: &Path,
    folder: &Path,
    shim: &Shim,
) -> Result<Tally, String> {
    let start = folder.join("start");
    let failed = |e: std::io::Error| format!("{}: {e}", scene.name);
    tree::clear(&start).and_then(|()| std::fs::create_dir_all(&start)).map_err(failed)?;
    scene.start(program, &start)?;
    let before = tree::read(&start).map_err(failed)?;
    let work = folder.join("work");
    let mut runs: Vec<(&Mode, usize)> = Vec::new();
    let (mut operations, mut code, mut after) = (0, None, None);
    for mode in args.modes() {
        tree::copy(&start, &work).map_err(failed)?;
        let outcome = shim.run(&mut tool(program, &work, scene.args), &work, mode, 0)?;
        (code, after) = (outcome.code, Some(tree::read(&work).map_err(failed)?));
        operations = operations.max(outcome.operations);
        let step = usize::try_from(args.every).unwrap_or(usize::MAX);
        runs.extend((1..=outcome.operations).step_by(step).map(|at| (mode, at)));
    }
    let (Some(code), Some(after)) = (code, after) else {
        return Err(format!("{}: killed by something else", scene.name));
    };
    let case = Case { scene, program, before, after, code, known: Mutex::default() };
    case.fresh(&work)?;
    let faults = interrupt_all(&case, &runs, folder, shim)?;
    let trees = case.known.lock().map(|known| known.len()).unwrap_or_default();
    Ok(Tally { operations, runs: runs.len(), trees, faults })
}

/// Makes all runs, two at a time; returns the faults.
fn interrupt_all(
    case: &Case<'_>,
    runs: &[(&Mode, usize)],
    folder: &Path,
    shim: &Shim,
) -> Result<Vec<String>, String> {
    let next = AtomicUsize::new(0);
    let worker = |name: &str| -> Result<Vec<String>, String> {
        let (root, mut faults) = (folder.join(name), Vec::new());
        while let Some((mode, at)) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
            tree::copy(&folder.join("start"), &root).map_err(|e| format!("{name}: {e}"))?;
            let command = &mut tool(case.program, &root, case.scene.args);
            let outcome = shim.run(command, &root, mode, *at)?;
            let found = case.faults(&root, mode, &outcome)?.into_iter();
            faults.extend(found.map(|fault| format!("{} at {at}: {fault}", mode.name)));
        }
        Ok(faults)
    };
    let both = std::thread::scope(|scope| {
        let other = scope.spawn(|| worker("b"));
        (worker("a"), other.join().unwrap_or_else(|_| Err("a worker failed".to_owned())))
    });
    Ok([both.0?, both.1?].concat())
}
