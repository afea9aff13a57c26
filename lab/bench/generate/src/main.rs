//! Measures generation against its floor: the time in the libraries that every generator needs.
//!
//! The floor is parsing the document as JSON, parsing the same output with syn, and printing it
//! with prettyplease. `race` compares both on one core; `client` does so for the client crate only;
//! `cores` uses all cores, like `cargo xtask regen`; `stages` measures each stage; `corpus`
//! measures a whole folder; `repeat` generates a number of times without writing; `write` writes a
//! crate, with all methods or those that are listed.

mod input;

use discovery_generator::discovery;
use discovery_generator::error::Report;
use discovery_generator::rust::Names;
use discovery_generator::selection::Selection;
use discovery_generator::{
    FileKind, FileTree, Model, Product, analyze, draft, lower, render, write,
};
use input::{Job, Outcome, options, templates};
use std::hint::black_box;
use std::path::Path;
use std::thread::available_parallelism;
use turns::{Case, Watch, fact};

/// As in `cargo xtask regen`; used for the floor as well.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["race", root, document, rounds] => race(&Job::load(root, document)?, rounds.parse()?),
        ["cores", root, document, rounds] => cores(Job::load(root, document)?, rounds.parse()?),
        ["client", root, document, rounds] => race(&Job::client(root, document)?, rounds.parse()?),
        ["stages", root, document, rounds] => stages(&Job::load(root, document)?, rounds.parse()?),
        ["corpus", root, folder, rounds] => corpus(root, folder, rounds.parse()?),
        ["memory", root, folder] => memory(root, folder),
        ["repeat", root, document, times] => repeat(&Job::load(root, document)?, times.parse()?),
        ["write", root, document, folder, runtime, ..] => {
            save(root, document, folder, runtime, arguments.get(5..).unwrap_or_default())
        }
        _ => {
            Err("race, client, cores, stages, corpus, memory, repeat or write, and their paths"
                .into())
        }
    }
}

/// Runs only the libraries and discards the result.
fn floor(job: &Job, output: &FileTree) -> Outcome<()> {
    black_box(serde_json::from_str::<serde_json::Value>(&job.document)?);
    for (_, file) in output.iter().filter(|(_, file)| file.kind == FileKind::Rust) {
        black_box(prettyplease::unparse(&syn::parse_file(&file.text)?));
        proc_macro2::extra::invalidate_current_thread_spans();
    }
    Ok(())
}

fn race(job: &Job, rounds: usize) -> Outcome<()> {
    let output = job.generate()?;
    let mut problem = None;
    {
        let mut ours = || problem = job.generate().err().map(|error| error.to_string());
        let mut other = None;
        let mut theirs = || other = floor(job, &output).err().map(|error| error.to_string());
        turns::race(
            format!("generate {}", job.name),
            0,
            rounds,
            &mut [("ours", &mut ours), ("floor", &mut theirs)],
        );
        problem = problem.or(other);
    }
    fact(&format!("output of {}", job.name), "bytes", &[("ours", size(&output) as f64)]);
    problem.map_or(Ok(()), |problem| Err(problem.into()))
}

/// Measures elapsed time on all cores. It has no floor, because CPU time is counted on the waiting
/// thread only.
fn cores(mut job: Job, rounds: usize) -> Outcome<()> {
    job.options.threads = available_parallelism()?;
    let mut problem = None;
    let mut ours = || problem = job.generate().err().map(|error| error.to_string());
    let case = format!("generate {}, on all cores", job.name);
    turns::race(case, 0, rounds, &mut [("ours", &mut ours)]);
    problem.map_or(Ok(()), |problem| Err(problem.into()))
}

fn size(tree: &FileTree) -> usize {
    tree.iter().map(|(_, file)| file.text.len()).sum()
}

/// Measures the milliseconds of each stage: the median of the rounds.
fn stages(job: &Job, rounds: usize) -> Outcome<()> {
    const NAMES: [&str; 5] = ["parse", "lower", "names", "emit", "format"];
    let mut times = vec![Vec::new(); NAMES.len()];
    for _ in 0..rounds {
        for (times, time) in times.iter_mut().zip(stage_times(job)?) {
            times.push(time);
        }
    }
    for (name, times) in NAMES.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        fact(&format!("stage {name} of {}", job.name), "ms", &[("ours", median * 1e3)]);
    }
    Ok(())
}

fn stage_times(job: &Job) -> Outcome<[f64; 5]> {
    let mut report = Report::new(&job.file);
    let watch = Watch::start();
    let mut value = discovery::json(&job.document, &mut report).unwrap_or_default();
    let hints = match &job.overlay {
        Some(text) => discovery_generator::overlay::apply(text, &mut value, &mut report),
        None => discovery_generator::overlay::Hints::default(),
    };
    let document = discovery::parse(&value, &mut report).ok_or("not a document")?;
    let parse = watch.stop(1).cpu;
    let watch = Watch::start();
    let api = lower::lower(&document, &hints, None, &mut report);
    let lower = watch.stop(1).cpu;
    let watch = Watch::start();
    let names = Names::assign(&api);
    let named = watch.stop(1).cpu;
    let model = Model { api, names, report };
    let watch = Watch::start();
    let mut tree = draft(&model, &job.file, &job.options, &job.templates)?;
    let emit = watch.stop(1).cpu;
    let watch = Watch::start();
    render::finish(&mut tree, &job.options.header(&job.file), job.options.threads)
        .map_err(|_| "templates made no Rust")?;
    Ok([parse, lower, named, emit, watch.stop(1).cpu])
}

/// Measures every document of a folder, alternating sides per document; prints the sums.
fn corpus(root: &str, folder: &str, rounds: usize) -> Outcome<()> {
    let names = input::documents(folder)?;
    let templates = templates(root)?;
    let mut case = Case::new(format!("generate {} documents", names.len()), 0, &["ours", "floor"]);
    let (mut documents, mut largest, mut total) = (0, 0, 0);
    for round in 0..rounds {
        let mut sums = [turns::Sample { wall: 0.0, cpu: 0.0 }; 2];
        for path in &names {
            let job = Job::bare(path, templates.clone())?;
            let watch = Watch::start();
            let output = job.generate()?;
            sums[0] += watch.stop(1);
            let watch = Watch::start();
            floor(&job, &output)?;
            sums[1] += watch.stop(1);
            if round == 0 {
                documents += job.document.len();
                largest = largest.max(size(&output));
                total += size(&output);
            }
        }
        case.add(0, sums[0]);
        case.add(1, sums[1]);
    }
    case.print();
    for (what, bytes) in
        [("all documents", documents), ("all output", total), ("the largest output", largest)]
    {
        fact(what, "bytes", &[("ours", bytes as f64)]);
    }
    Ok(())
}

/// Generates a whole folder and discards the output, to measure memory.
fn memory(root: &str, folder: &str) -> Outcome<()> {
    let templates = templates(root)?;
    for path in input::documents(folder)? {
        Job::bare(&path, templates.clone())?.generate()?;
    }
    Ok(())
}

fn repeat(job: &Job, times: usize) -> Outcome<()> {
    for _ in 0..times {
        black_box(job.generate()?);
    }
    Ok(())
}

fn save(
    root: &str,
    document: &str,
    folder: &str,
    runtime: &str,
    methods: &[String],
) -> Outcome<()> {
    let mut job = Job::load(root, document)?;
    job.methods = methods.to_vec();
    job.options = options(vec![Product::Client], Some(runtime));
    let model = job.analyze()?;
    let tree = write(&model, &job.file, &job.options, &job.templates)?;
    for (path, file) in tree.iter() {
        let path = path.split_once('/').map_or(path, |(_, rest)| rest);
        let path = Path::new(folder).join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
        std::fs::write(path, &file.text)?;
    }
    println!("{}", model.names.package.package);
    Ok(())
}

impl Job {
    fn analyze(&self) -> Outcome<Model> {
        let input = discovery_generator::Input {
            file: &self.file,
            document: &self.document,
            overlay: self.overlay.as_deref(),
            methods: (!self.methods.is_empty()).then(|| Selection::new(&self.methods)),
        };
        Ok(analyze(&input)?)
    }

    fn generate(&self) -> Outcome<FileTree> {
        Ok(write(&self.analyze()?, &self.file, &self.options, &self.templates)?)
    }
}
