//! The script of `completions bash`, in a real bash.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

use std::path::Path;
use std::process::Command;

/// Completes the last of `words`, as split by readline, and prints the candidates.
const ASK: &str = r#"
eval "$(jobs3 completions bash)"
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=()
_complete_jobs3
printf '%s\n' "${COMPREPLY[@]}"
"#;

fn offers(words: &str) -> Vec<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_jobs3"));
    let folder = program.parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["--norc", "-c", ASK, "bash"])
        .args(words.split(' '))
        .env("PATH", path)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn fields_and_values_are_offered() {
    let create = "jobs3 projects jobs-create projects/p1 -r";
    for (words, want) in [
        ("jobs3 proj".to_owned(), &["projects"][..]),
        ("jobs3 projects jobs-sea".to_owned(), &["jobs-search", "jobs-search-for-alert"]),
        (format!("{create} job.tit"), &["job.title="]),
        (format!("{create} .job app"), &["application-info."]),
        // Bash splits words at '=': candidates replace the last piece.
        (format!("{create} .job visibility = ACC"), &["ACCOUNT_ONLY"]),
        (format!("{create} .job.compensation-info.entries.+ type = BAS"), &["BASE"]),
        (
            "jobs3 projects jobs-list projects/p1 -p job-view = JOB_VIEW_F".to_owned(),
            &["JOB_VIEW_FULL"],
        ),
        (
            "jobs3 projects jobs-list projects/p1 --job-view JOB_VIEW_SM".to_owned(),
            &["JOB_VIEW_SMALL"],
        ),
        ("jobs3 schema CompensationE".to_owned(), &["CompensationEntry"]),
    ] {
        assert_eq!(offers(&words), want, "{words}");
    }
}
