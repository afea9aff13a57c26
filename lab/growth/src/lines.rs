//! Command lines, their files, and what they print.

use crate::family::{Family, Work};
use crate::wire::{Answer, Server};
use discovery_cli::{App, Host, Terminals, run_on};
use discovery_runtime::transport::Transport;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

const fn family(name: &'static str, size: usize, make: fn(usize) -> Work) -> Family {
    Family { group: "line", name, size, make }
}

/// Words before a search request.
const SEARCH: &[&str] = &["projects", "jobs", "search", "projects/p", "--dry-run"];
const LIST: &[&str] = &["projects", "companies", "list", "projects/p", "--mock=x"];
const CREATE: &[&str] = &["projects", "companies", "create", "projects/p", "--dry-run"];

pub(crate) const ALL: &[Family] = &[
    family("-r a.a.a…", 1000, |n| {
        sink(&["variant-odd-u", "get", "--dry-run"], &["-r", &"a.".repeat(n)])
    }),
    family("-r x.left.left…", 500, |n| deep(&format!("{}name=x", "anything.a.".repeat(n)))),
    family("-r ....", 10_000, |n| jobs(SEARCH, &["-r", &".".repeat(n)])),
    family("-r [[[[", 5000, |n| jobs(SEARCH, &["-r", &"[".repeat(n)])),
    family("-r m[a][a]…", 2000, |n| jobs(SEARCH, &["-r", &format!("m{}", "[a]".repeat(n))])),
    family("-r with a name of n bytes", 5000, |n| {
        jobs(SEARCH, &["-r", &format!("{}=1", "k".repeat(n))])
    }),
    family("-r with a value of n bytes", 20_000, |n| {
        jobs(CREATE, &["-r", &format!("company.display-name={}", "v".repeat(n))])
    }),
    family("-r with n values of a list", 200, |n| {
        let mut words = vec!["-r".to_owned(), ".job-query".to_owned()];
        words.extend((0..n).map(|at| format!("company-names=projects/p/companies/{at}")));
        jobs(SEARCH, &words)
    }),
    family("-r that fails n times", 100, |n| {
        let mut words = vec!["-r".to_owned()];
        words.extend((0..n).map(|at| format!("job-qery.k{at}=1")));
        jobs(SEARCH, &words)
    }),
    family("-p n times", 100, |n| jobs(LIST, &["-p", "page-size=1"].repeat(n))),
    family("unknown flags", 100, |n| jobs(LIST, &["--nothing"].repeat(n))),
    family("-v n times", 500, |n| jobs(CREATE, &[&format!("-{}", "v".repeat(n))])),
    family("a command of n bytes", 2000, |n| jobs(&[], &["k".repeat(n)])),
    family("a path of %2525…", 3000, |n| {
        jobs(&["projects", "companies", "get", "--dry-run"], &["%25".repeat(n)])
    }),
    family("--json nested n deep", 1000, |n| jobs(CREATE, &[&format!("--json={}", "[".repeat(n))])),
    family("--json of n members", 500, |n| {
        let members: Vec<String> = (0..n).map(|at| format!("\"k{at}\":1")).collect();
        jobs(CREATE, &[&format!("--json={{{}}}", members.join(","))])
    }),
    family("a bomb of n aliases", 3, |n| yaml(&bomb(n))),
    family("an alias of n bytes n times", 100, |n| {
        yaml(&format!("a: &a {}\nb: [{}]\n", "x".repeat(n), "*a,".repeat(n)))
    }),
    family("anchors within anchors", 20, |n| {
        yaml(&format!("a: {}x{}\n", anchors(n), "]".repeat(n)))
    }),
    family("a file nested n deep", 500, |n| yaml(&"[".repeat(n))),
    family("a file of n members", 500, |n| {
        yaml(&(0..n).map(|at| format!("k{at}: 1\n")).collect::<String>())
    }),
    family("n profiles", 100, |n| {
        let text: String = (0..n).map(|at| format!("  p{at}: {{timeout: 1}}\n")).collect();
        yaml(&format!("profiles:\n{text}"))
    }),
    family("--jmespath of n dots", 200, |n| jobs(LIST, &["--jmespath", &"a.".repeat(n)])),
    family("--jmespath of n words", 1000, |n| jobs(LIST, &["--jmespath", &"a ".repeat(n)])),
    family("--jmespath of n literals", 1000, |n| {
        jobs(LIST, &["--jmespath", &format!("`{}`", "[".repeat(n))])
    }),
    family("--select of n paths", 200, |n| {
        jobs(LIST, &["--select", &vec!["companies[].name"; n].join(",")])
    }),
    family("--select n deep", 500, |n| jobs(LIST, &["--select", &"a.".repeat(n)])),
    family("-p fields nested n deep", 500, |n| {
        jobs(LIST, &["--all", "-p", &format!("fields={}", "a(".repeat(n))])
    }),
    family("a batch of n lines", 20, batch),
    family("a batch of n wrong lines", 100, |n| batch_of("[\"projects\"\n".repeat(n))),
    family("a search of n words", 25, |n| jobs(&["search"], &vec!["company"; n])),
    family("a search for n bytes", 500, |n| jobs(&["search"], &["k".repeat(n)])),
    family("completion of n words", 100, |n| complete(&vec!["job-query.query=a"; n])),
    family("completion of n bytes", 2000, |n| complete(&["k".repeat(n)])),
    family("jsonl of n items", 200, |n| prints("jsonl", n, "name")),
    family("yaml of n items", 200, |n| prints("yaml", n, "name")),
    family("csv of n items", 200, |n| prints("csv", n, "name")),
    family("a table of n items", 200, |n| prints("table", n, "name")),
    family("a table of a cell of n bytes", 20_000, |n| prints("table", 1, &"w".repeat(n))),
    family("a table of n columns", 100, |n| {
        let members: Vec<String> = (0..n).map(|at| format!("\"k{at}\":\"v\"")).collect();
        let items = vec![format!("{{{}}}", members.join(",")); 5];
        let columns: Vec<String> = (0..n).map(|at| format!("k{at}")).collect();
        answered(
            format!("{{\"companies\":[{}]}}", items.join(",")),
            &["--format=table", "--select", &columns.join(",")],
        )
    }),
    family("n cells of items with columns of their own", 900, |n| {
        let n = n.isqrt();
        let items: Vec<String> = (0..n).map(|at| format!("{{\"k{at}\":\"v\"}}")).collect();
        answered(format!("{{\"companies\":[{}]}}", items.join(",")), &["--format=csv"])
    }),
    family("yaml nested n deep", 30, |n| {
        answered(format!("{{\"x\":{}{}}}", "[".repeat(n), "]".repeat(n)), &["--format=yaml"])
    }),
    family("yaml of a text with n control characters", 2000, |n| {
        prints("yaml", 1, &r"\u0007".repeat(n))
    }),
    family("--all over n pages", 20, |_| answered(String::new(), &[])),
    family("an error message of n lines", 1000, |n| {
        serving(
            Answer::json(format!(r#"{{"error":{{"code":400,"message":"{}"}}}}"#, r"a\n".repeat(n)))
                .status(400),
        );
        jobs(LIST, &["--no-input"])
    }),
    family("-vv of an answer of n bytes", 20_000, |n| {
        serving(Answer::json(format!(r#"{{"companies":[],"x":"{}"}}"#, "w".repeat(n))));
        jobs(LIST, &["-vv"])
    }),
];

/// What the server of `--mock` answers.
static SERVER: Mutex<Option<Server>> = Mutex::new(None);

fn serving(answer: Answer) {
    *SERVER.lock().unwrap_or_else(PoisonError::into_inner) = Some(Server::always(answer));
}

fn open(_: &Path) -> Result<Arc<dyn Transport>, String> {
    let server = SERVER.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Arc::new(server.unwrap_or_else(|| Server::always(Answer::json("{}")))))
}

const JOBS: App = App {
    api: &google_jobs_v3::reflect::API,
    name: "jobs3",
    version: "0.1.0",
    crate_name: "google-jobs-v3",
    docs: &[],
    mock: Some(open),
};

const SINK: App = App {
    api: &google_kitchen_sink_v1::reflect::API,
    name: "kitchen-sink1",
    version: "0.1.0",
    crate_name: "google-kitchen-sink-v1",
    docs: &[],
    mock: Some(open),
};

fn jobs(words: &[&str], more: &[impl AsRef<str>]) -> Work {
    run(&JOBS, words, more)
}

fn sink(words: &[&str], more: &[impl AsRef<str>]) -> Work {
    run(&SINK, words, more)
}

/// Sets a value deep within any value.
fn deep(token: &str) -> Work {
    sink(&["bodies-inline-b", "m7", "--dry-run"], &["-r", token])
}

fn run(app: &'static App, words: &[&str], more: &[impl AsRef<str>]) -> Work {
    let more = more.iter().map(|word| OsString::from(word.as_ref()));
    let args: Vec<OsString> = words.iter().map(OsString::from).chain(more).collect();
    Box::new(move || go(app, args, std::env::temp_dir().join("no-such-folder").as_path()))
}

fn go(app: &App, args: Vec<OsString>, folder: &Path) -> String {
    let stderr = Arc::new(Mutex::new(Vec::new()));
    let mut stdout = Length(0);
    let mut host = Host {
        env: BTreeMap::new(),
        folder: folder.to_owned(),
        stdin: &mut std::io::empty(),
        stdout: &mut stdout,
        stderr: stderr.clone(),
        terminals: Terminals::default(),
    };
    let status = run_on(app, args, &mut host);
    let told = stderr.lock().unwrap_or_else(PoisonError::into_inner);
    let told = String::from_utf8_lossy(&told).into_owned();
    format!(
        "exit {status}, {} bytes; {} bytes: {}",
        stdout.0,
        told.len(),
        told.lines().next().unwrap_or_default()
    )
}

/// Counts what is printed.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs with a configuration file.
fn yaml(text: &str) -> Work {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.yaml"), text).unwrap();
    Box::new(move || {
        let dir = format!("--config-dir={}", folder.path().display());
        let words = CREATE.iter().copied().map(OsString::from).chain([OsString::from(dir)]);
        go(&JOBS, words.collect(), folder.path())
    })
}

/// Lists of ten of the list before.
fn bomb(levels: usize) -> String {
    let mut text = "a0: &a0 x\n".to_owned();
    for at in 0..levels {
        let aliases = vec![format!("*a{at}"); 10].join(",");
        text.push_str(&format!("a{}: &a{} [{aliases}]\n", at + 1, at + 1));
    }
    text
}

fn anchors(n: usize) -> String {
    (0..n).map(|at| format!("&a{at} [")).collect()
}

fn batch(n: usize) -> Work {
    let line = r#"["projects","companies","get","projects/p/companies/c"]"#;
    batch_of(format!("{line}\n").repeat(n))
}

fn batch_of(text: String) -> Work {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("calls.jsonl"), text).unwrap();
    Box::new(move || {
        let words = ["batch", "calls.jsonl", "--dry-run"].map(OsString::from);
        go(&JOBS, words.to_vec(), folder.path())
    })
}

/// Completes a word after others, as the shells ask for it.
fn complete(words: &[impl AsRef<str>]) -> Work {
    let method =
        google_jobs_v3::reflect::API.methods.iter().find(|m| m.spec.id.ends_with("jobs.search"));
    let method = *method.unwrap();
    let words: Vec<String> = words.iter().map(|word| word.as_ref().to_owned()).collect();
    Box::new(move || {
        let (last, before) = words.split_last().unwrap();
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        discovery_cli::testing::completions(method, &before, last).len().to_string()
    })
}

/// Prints n items with a name.
fn prints(format: &str, n: usize, name: &str) -> Work {
    let items = vec![format!("{{\"name\":\"{name}\",\"size\":\"SMALL\"}}"); n];
    answered(format!("{{\"companies\":[{}]}}", items.join(",")), &[&format!("--format={format}")])
}

fn answered(body: String, more: &[&str]) -> Work {
    let more: Vec<String> = more.iter().map(|word| (*word).to_owned()).collect();
    Box::new(move || {
        serving(Answer::json(body));
        let more = more.iter().map(OsString::from);
        let args = LIST.iter().map(OsString::from).chain(more).collect();
        go(&JOBS, args, Path::new("no-such-folder"))
    })
}
