//! Time and memory by the size of the document.

use super::build::program;
use super::compute::{alone, generate, prepare};
use super::record::{Case, Fact, Record, folder};
use super::{Setting, measure, plot};
use crate::paths::root;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Path of the plot, relative to the repository.
pub(crate) const PLOT: &str = "lab/bench/growth.svg";

const SIZES: [usize; 7] = [10, 50, 100, 250, 500, 1000, 2000];

const PACKAGE: &str = "google-growth-v1";

/// Measured and plotted operations.
const WHAT: [&str; 3] = ["generate", "check", "dev build"];

pub(crate) fn run(setting: &Setting, record: &mut Record) -> Result<(), String> {
    let program = program("generate")?;
    for schemas in SIZES {
        eprintln!("   {schemas} schemas");
        let document = write(schemas)?;
        let generating = || generating(&program, &document, setting.rounds(9));
        record.keep(&title("generate", schemas), generating)?;
        let folder = generate(&document, &format!("growth-{schemas}"), &[])?;
        if schemas == SIZES[0] {
            // The dependencies of all sizes are the same.
            prepare(&folder, PACKAGE)?;
        }
        let rounds = setting.rounds(if schemas > 500 { 1 } else { 3 });
        record.keep(&title("check", schemas), || compiling(&folder, "check", rounds))?;
        record.keep(&title("dev build", schemas), || compiling(&folder, "build", rounds))?;
        let _ = std::fs::remove_dir_all(folder);
    }
    conclude(record)
}

fn title(what: &str, schemas: usize) -> String {
    format!("{what}, {schemas} schemas")
}

/// Measures time and memory of compiling the crate in a folder.
fn compiling(folder: &Path, verb: &str, rounds: usize) -> Result<Case, String> {
    let mut case = Case::new(verb, &["ours"]);
    for _ in 0..rounds {
        case.add("ours", alone(folder, PACKAGE, verb)?);
    }
    Ok(case)
}

/// Measures the time of generating in process, and the memory of a process that generates once.
fn generating(program: &Path, document: &Path, rounds: usize) -> Result<Case, String> {
    let mut case = Case::new("generate", &["ours"]);
    let times = |times: &str| {
        let mut command = Command::new(program);
        command.arg("repeat").arg(root()).arg(document).arg(times);
        measure::run(&command)
    };
    for _ in 0..rounds {
        // The difference excludes start-up, templates, and reading.
        let (one, three) = (times("1")?, times("3")?);
        let half = |more: f64, less: f64| (more - less) / 2.0;
        let (wall, cpu) = (half(three.wall, one.wall), half(three.cpu, one.cpu));
        case.add("ours", measure::Sample { wall, cpu, memory: one.memory });
    }
    Ok(case)
}

/// Computes the fits and draws the plot.
fn conclude(record: &mut Record) -> Result<(), String> {
    let mut panels = Vec::new();
    for what in WHAT {
        for (figure, unit) in [("time", "s of work"), ("memory", "MB")] {
            let points: Vec<(f64, f64)> = (SIZES.iter())
                .filter_map(|schemas| {
                    let side = record.case(&title(what, *schemas))?.sides.first()?;
                    let value = match figure {
                        "time" => side.spread(|s| s.cpu)?.median,
                        _ => side.spread(|s| s.memory as f64)?.median / 1e6,
                    };
                    Some((*schemas as f64, value))
                })
                .collect();
            let panel = plot::Panel::new(format!("{what}: {figure}"), unit, points);
            if let Some(fit) = panel.fit {
                let name = format!("{what}, {figure}: {}", fit.words(unit));
                record.facts.push(Fact::new(name, "r²", &[("ours", fit.r2)]));
            }
            panels.push(panel);
        }
    }
    let path = root().join(PLOT);
    std::fs::write(&path, plot::svg(&panels)).map_err(|e| format!("{PLOT}: {e}"))
}

/// Writes a document with a given number of schemas.
fn write(schemas: usize) -> Result<PathBuf, String> {
    let folder = folder().join("growth");
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let path = folder.join(format!("{schemas}.json"));
    let text = serde_json::to_string_pretty(&document(schemas)).map_err(|e| e.to_string())?;
    std::fs::write(&path, text).map_err(|e| e.to_string())?;
    Ok(path)
}

/// Returns a document like Google's: each schema has ten fields of all kinds and refers to others,
/// and every fourth one has methods.
fn document(schemas: usize) -> Value {
    let mut all = Map::new();
    let mut resources = Map::new();
    for index in 0..schemas {
        all.insert(format!("Thing{index}"), schema(index));
        if index % 4 == 0 {
            resources.insert(format!("things{index}"), json!({ "methods": methods(index) }));
        }
    }
    json!({
        "kind": "discovery#restDescription", "discoveryVersion": "v1", "protocol": "rest",
        "id": "growth:v1", "name": "growth", "version": "v1", "revision": "20260101",
        "title": "Growth API", "description": "An API that does not exist.",
        "documentationLink": "https://example.com/growth/",
        "rootUrl": "https://growth.example.com/", "servicePath": "", "batchPath": "batch",
        "schemas": all, "resources": { "all": { "resources": resources } },
    })
}

fn schema(index: usize) -> Value {
    let text = |what: &str| {
        format!(
            "Required. The {what} of thing {index}. It holds for `Thing{index}` and for what is below it, as long as nothing else is said."
        )
    };
    let other = format!("Thing{}", index / 2);
    json!({
        "id": format!("Thing{index}"), "type": "object",
        "description": format!("A thing, the {index}th of its kind."),
        "properties": {
            "name": { "type": "string", "description": text("name") },
            "title": { "type": "string", "description": text("title") },
            "count": { "type": "integer", "format": "int32", "description": text("count") },
            "size": { "type": "string", "format": "int64", "description": text("size") },
            "share": { "type": "number", "format": "double", "description": text("share") },
            "enabled": { "type": "boolean", "description": text("state") },
            "createTime": { "type": "string", "format": "google-datetime", "description": text("time") },
            "labels": { "type": "object", "additionalProperties": { "type": "string" }, "description": text("labels") },
            "parts": { "type": "array", "items": { "$ref": other }, "description": text("parts") },
            "kind": {
                "type": "string", "description": text("kind"),
                "enum": ["KIND_UNSPECIFIED", "SMALL", "LARGE"],
                "enumDescriptions": ["Not said.", "Small.", "Large."],
            },
        },
    })
}

fn methods(index: usize) -> Value {
    let thing = json!({ "$ref": format!("Thing{index}") });
    let name = json!({
        "name": { "type": "string", "location": "path", "required": true, "description": "The name." }
    });
    let of = |verb: &str| format!("growth.all.things{index}.{verb}");
    json!({
        "get": {
            "id": of("get"), "httpMethod": "GET", "path": "v1/{+name}", "description": "Gets a thing.",
            "parameterOrder": ["name"], "parameters": name, "response": thing,
        },
        "create": {
            "id": of("create"), "httpMethod": "POST", "path": "v1/{+name}", "description": "Makes a thing.",
            "parameterOrder": ["name"], "parameters": name, "request": thing, "response": thing,
        },
    })
}
