//! The goals, by who notices their figures.

use super::figures::{Figures, cpu, memory, wall};
use super::{Bound, Goal, Unit, User};
use crate::bench::record::Spread;
use crate::bench::{bytes, compile, compute, features, peaks, train};
use Bound::{AtLeast, AtMost, Most};
use Unit::{Mebibytes, Milliseconds, Seconds};

/// A goal before it belongs to a user.
type Row = (&'static str, &'static str, Bound, Option<Spread>);

pub(super) fn all(look: &Figures<'_>) -> Vec<Goal> {
    let groups = [
        (User::Generates, generate(look)),
        (User::Builds, build(look)),
        (User::Builds, compute(look)),
        (User::Runs, run(look)),
        (User::Runs, transfers(look)),
        (User::Runs, constant_memory(look)),
        (User::Types, command_line(look)),
    ];
    let goals = |(user, rows): (User, Vec<Row>)| {
        rows.into_iter().map(move |(id, what, bound, found)| Goal { id, user, what, bound, found })
    };
    groups.into_iter().flat_map(goals).collect()
}

fn generate(look: &Figures<'_>) -> Vec<Row> {
    let cores = ["generate jobs-v3, on all cores"];
    vec![
        (
            "generate-jobs",
            "generate jobs v3, compared with the floor",
            AtMost(2.0),
            look.ratio("generate", "generate jobs-v3", "floor", cpu),
        ),
        (
            "generate-jobs-time",
            "generate jobs v3, in process, on all cores",
            Most(45.0, Milliseconds),
            look.amount("generate", &cores, wall, Milliseconds),
        ),
        (
            "generate-all",
            "generate all documents on one core, compared with the floor",
            AtMost(1.6),
            look.generate_all(),
        ),
        (
            "generate-memory",
            "peak memory of that, compared with the largest output",
            AtMost(4.0),
            look.generate_memory(),
        ),
        (
            "generate-train",
            "update all APIs by 12 releases of documents, on two cores",
            Most(30.0, Seconds),
            look.amount("generate", &[train::TRAIN], wall, Seconds),
        ),
        (
            "generate-build",
            "cold build of `cargo xtask regen`, work",
            Most(110.0, Seconds),
            look.amount("generate", &[compile::XTASK], cpu, Seconds),
        ),
    ]
}

fn build(look: &Figures<'_>) -> Vec<Row> {
    let peer = "google-jobs3";
    let ratio = |case| look.ratio("compile", case, peer, cpu);
    vec![
        (
            "compile-static",
            "one-call program, cold release build, static token",
            AtMost(0.9),
            ratio("cold release build, static token"),
        ),
        (
            "compile-adc",
            "the same with Application Default Credentials",
            AtMost(0.8),
            ratio("cold release build, ADC"),
        ),
        (
            "compile-http1",
            "the same with a static token and HTTP/1.1 only",
            AtMost(0.75),
            look.ratio("features", features::HTTP1_BUILD, peer, cpu),
        ),
        (
            "compile-rebuild",
            "its rebuild after a change, release",
            AtMost(0.1),
            ratio("rebuild after a change, static token"),
        ),
        (
            "compile-binary",
            "its binary, stripped",
            AtMost(1.0),
            look.facts("compile", &["binary, stripped, static token"], peer),
        ),
        (
            "compile-binary-small",
            "its binary with HTTP/1.1 only, both sides in a profile for size",
            AtMost(0.7),
            look.facts("features", &[features::SMALL], peer),
        ),
    ]
}

fn compute(look: &Figures<'_>) -> Vec<Row> {
    let ratio = |case, figure| look.ratio("compute", case, "google-compute1", figure);
    vec![
        ("compute-check", "compute v1: check", AtMost(0.4), ratio("check, all of it", cpu)),
        (
            "compute-build",
            "compute v1: dev build",
            AtMost(0.55),
            ratio("dev build, all of it", cpu),
        ),
        (
            "compute-memory",
            "compute v1: peak memory of rustc, check",
            AtMost(0.5),
            ratio("check, all of it", memory),
        ),
        (
            "compute-memory-build",
            "compute v1: peak memory of rustc, dev build",
            AtMost(0.6),
            ratio("dev build, all of it", memory),
        ),
        (
            "compute-selected-check",
            "compute v1 with three methods of instances: check",
            AtMost(0.03),
            ratio("check, three methods", cpu),
        ),
        (
            "compute-selected-build",
            "compute v1 with three methods of instances: dev build",
            AtMost(0.03),
            ratio("dev build, three methods", cpu),
        ),
        ("compute-doc", "compute v1: `cargo doc`", AtMost(1.0), ratio(compute::DOC, cpu)),
    ]
}

fn run(look: &Figures<'_>) -> Vec<Row> {
    let decode = ["decode: search answer, long texts", "decode: search answer, short texts"];
    let encode = ["encode: search answer, long texts", "encode: search answer, short texts"];
    let once = ["HTTP/1.1, 1 at once", "HTTP/2, 1 at once"];
    let all = [once[0], "HTTP/1.1, 100 at once", once[1], "HTTP/2, 100 at once"];
    let allocations = ["allocations a call, HTTP/1.1", "allocations a call, HTTP/2"];
    vec![
        (
            "data-decode",
            "decode a search response (the worse of long and short texts)",
            AtLeast(1.5),
            look.speed("data", &decode, "google-jobs3", cpu),
        ),
        (
            "data-encode",
            "encode it, compared with google-jobs3's requests",
            AtLeast(8.0),
            look.speed("data", &encode, "google-jobs3 as it sends", cpu),
        ),
        (
            "data-encode-plain",
            "encode it, compared with serde_json on google-jobs3's structs",
            AtLeast(2.2),
            look.speed("data", &encode, "serde_json of google-jobs3's structs", cpu),
        ),
        (
            "calls-latency",
            "time of a call, compared with bare hyper (the worse of HTTP/1.1 and 2)",
            AtMost(1.1),
            look.worst("calls", &once, "bare hyper", wall),
        ),
        (
            "calls-cpu",
            "work of a call, compared with bare hyper (the worst of all four)",
            AtMost(1.12),
            look.worst("calls", &all, "bare hyper", cpu),
        ),
        (
            "calls-allocations",
            "allocations of a call, compared with google-jobs3",
            AtMost(0.7),
            look.facts("calls", &allocations, "google-jobs3"),
        ),
    ]
}

fn transfers(look: &Figures<'_>) -> Vec<Row> {
    use bytes::{BARE, CURL, GOOGLE};
    let up = [bytes::UPLOAD_FILE, bytes::UPLOAD_MEMORY];
    let down = [bytes::DOWNLOAD_FILE, bytes::DOWNLOAD_MEMORY];
    let speed = |cases: &[&str], peer| look.speed("bytes", cases, peer, wall);
    vec![
        (
            "bytes-upload",
            "upload 1 GiB, compared with bare hyper (the worse of a file and memory)",
            AtLeast(0.9),
            speed(&up, BARE),
        ),
        (
            "bytes-upload-google",
            "the same, compared with google-cloud-storage",
            AtLeast(1.4),
            speed(&up, GOOGLE),
        ),
        ("bytes-upload-curl", "a file, compared with curl", AtLeast(0.8), speed(&up[..1], CURL)),
        (
            "bytes-download",
            "download 1 GiB, compared with bare hyper (the worse of a file and memory)",
            AtLeast(0.9),
            speed(&down, BARE),
        ),
        (
            "bytes-download-google",
            "the same, compared with google-cloud-storage",
            AtLeast(1.2),
            speed(&down, GOOGLE),
        ),
        ("bytes-download-curl", "the same, compared with curl", AtLeast(0.8), speed(&down, CURL)),
        (
            "bytes-memory",
            "peak memory of these transfers (the highest)",
            Most(24.0, Mebibytes),
            look.amount("bytes", &[up, down].concat(), memory, Mebibytes),
        ),
    ]
}

fn constant_memory(look: &Figures<'_>) -> Vec<Row> {
    use peaks::{DOWNLOADS, PAGES, STREAM};
    let growth = |facts| look.growth("bytes", facts, Mebibytes);
    vec![
        (
            "memory-downloads",
            "100 downloads at once: memory in addition to one",
            Most(65.0, Mebibytes),
            growth(DOWNLOADS),
        ),
        (
            "memory-pages",
            "pages of 1,000,000 items: memory in addition to 100,000",
            Most(1.0, Mebibytes),
            growth(PAGES),
        ),
        (
            "memory-stream",
            "a stream of 1,000,000 items: memory in addition to 100,000",
            Most(1.0, Mebibytes),
            growth(STREAM),
        ),
    ]
}

fn command_line(look: &Figures<'_>) -> Vec<Row> {
    let ratio = |case| look.ratio("cli", case, "google-jobs3-cli", cpu);
    vec![
        (
            "cli-start",
            "start of the command line, compared with jobs3 7.0",
            AtMost(1.0),
            ratio("start-up (`--version`)"),
        ),
        ("cli-help", "its help", AtMost(1.0), ratio("`--help`")),
        (
            "cli-refusal",
            "an unknown field refused (jobs3 7.0 has no dry run to compare)",
            AtMost(0.4),
            ratio("an unknown field refused"),
        ),
    ]
}
