//! Candidates for `-r` and `-p`: names below the cursor, values after `=`.

use discovery_describe::names::kebab;
use discovery_runtime::reflect::{FieldInfo, MethodInfo, TypeInfo};
use serde_json::Value;

use crate::app::App;
use crate::body::{self, Draft, NoSource, Op, Rules, Seg, Step};
use crate::help;
use crate::schema::{self, Kind};
use crate::text;

/// Returns the `-r` tokens before the current word, which is the last one.
pub(super) fn tokens_before(words: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    let mut inside = false;
    for word in &words[..words.len().saturating_sub(1)] {
        match word.strip_prefix("-r") {
            Some("") => inside = true,
            Some(token) => {
                out.push(token.to_owned());
                inside = true;
            }
            None if word.starts_with('-') => inside = false,
            None if inside => out.push(word.clone()),
            None => {}
        }
    }
    out
}

/// Returns completions of `current` with help: members of its structure, or values of the field
/// before its `=`.
pub(crate) fn candidates(
    method: &'static MethodInfo,
    before: &[String],
    current: &str,
) -> Vec<(String, String)> {
    let Some(root) = method.request else { return Vec::new() };
    let mut draft = Draft::new(root, Rules::default());
    for token in before {
        draft.token(token, &mut NoSource);
    }
    let Some((root, cursor, doc)) = draft.position() else { return Vec::new() };
    let token = body::split(current);
    if token.op != Op::Move {
        return values(root, cursor, doc, current, token.path, token.value);
    }
    // Everything up to the last separator is complete; the rest is a partial name.
    let settled = current.rfind('.').map_or("", |at| &current[..=at]);
    let segs = match complete_steps(settled) {
        Some(steps) => body::resolve(cursor, &steps),
        None => None,
    };
    let place = segs.and_then(|segs| body::find(root, &segs, doc).ok());
    let Some(place) = place else { return Vec::new() };
    let half = &current[settled.len()..];
    let len = body::lookup(doc, &place.keys).and_then(Value::as_array).map_or(0, Vec::len);
    members(method, place.ty, len)
        .into_iter()
        .filter(|(name, _)| name.starts_with(half))
        .map(|(name, help)| (format!("{settled}{name}"), help))
        .collect()
}

/// Returns the steps of a path that ends in a separator.
fn complete_steps(settled: &str) -> Option<Vec<Step>> {
    match settled {
        "" => Some(Vec::new()),
        path if path.trim_start_matches('.').is_empty() => body::path(path).ok(),
        // The trailing dot is a partial step: without it, the path parses.
        path if path.ends_with("..") => body::path(path).ok(),
        path => body::path(path.strip_suffix('.')?).ok(),
    }
}

/// Returns the names that may follow inside a type: leaves with `=`, structures with `.`.
fn members(method: &MethodInfo, ty: TypeInfo, len: usize) -> Vec<(String, String)> {
    match schema::kind(ty) {
        Kind::Object(fields, _) => fields
            .iter()
            .flat_map(|field| {
                let about = about(method, field);
                endings(field.ty)
                    .into_iter()
                    .map(move |end| (format!("{}{end}", kebab(field.name)), about.clone()))
            })
            .collect(),
        Kind::List(of) => {
            let ends = endings(of);
            let names = (0..len).map(|index| index.to_string()).chain(["+".to_owned()]);
            names.flat_map(|name| with_ends(&name, &ends)).collect()
        }
        Kind::Map(_) | Kind::Any | Kind::Scalar(_) => Vec::new(),
    }
}

fn with_ends(name: &str, ends: &[&'static str]) -> Vec<(String, String)> {
    ends.iter().map(|end| (format!("{name}{end}"), String::new())).collect()
}

/// Returns the suffixes of a field of a type.
fn endings(ty: TypeInfo) -> Vec<&'static str> {
    match schema::kind(ty) {
        Kind::Scalar(_) => vec!["="],
        Kind::Any => vec!["=", ":="],
        Kind::List(of) | Kind::Map(of) if schema::is_scalar(of) => vec!["="],
        Kind::List(_) => vec![".+"],
        Kind::Object(..) | Kind::Map(_) => vec!["."],
    }
}

fn about(method: &MethodInfo, field: &FieldInfo) -> String {
    let summary = text::summary(help::strip(field.description));
    text::cut(
        &format!("{}: {}{summary}", schema::label(field.ty), help::badges(field, Some(method))),
        80,
    )
}

fn values(
    root: TypeInfo,
    cursor: &[Seg],
    doc: &Value,
    current: &str,
    path: &str,
    half: &str,
) -> Vec<(String, String)> {
    let place = body::path(path)
        .ok()
        .and_then(|steps| body::resolve(cursor, &steps))
        .and_then(|segs| body::find(root, &segs, doc).ok());
    let Some(place) = place else { return Vec::new() };
    let before = &current[..current.len() - half.len()];
    let known: Vec<(String, String)> = match schema::kind(place.ty) {
        Kind::List(of) => known_values(of),
        _ => known_values(place.ty),
    };
    known
        .into_iter()
        .filter(|(value, _)| value.starts_with(half))
        .map(|(value, help)| (format!("{before}{value}"), help))
        .collect()
}

fn known_values(ty: TypeInfo) -> Vec<(String, String)> {
    match schema::kind(ty) {
        Kind::Scalar(TypeInfo::Bool) => {
            ["true", "false"].map(|word| (word.to_owned(), String::new())).to_vec()
        }
        Kind::Scalar(TypeInfo::Enum(info)) => info
            .values
            .iter()
            .filter(|value| text::is_word(value.name))
            .map(|value| (value.name.to_owned(), text::cut(&text::summary(value.description), 80)))
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns completions of a `-p` token.
pub(super) fn parameters(app: &App, method: &MethodInfo, current: &str) -> Vec<(String, String)> {
    let all = method.params.iter().filter(|param| !param.required).chain(app.api.params);
    match current.split_once('=') {
        None => all
            .map(|param| {
                let about = text::cut(&text::summary(param.description), 80);
                // A name with `$` would be expanded by the shell.
                (format!("{}=", kebab(param.name).trim_start_matches("$-")), about)
            })
            .filter(|(name, _)| name.starts_with(current))
            .collect(),
        Some((name, half)) => all
            .filter(|param| discovery_describe::names::is_spelling(param.name, name))
            .flat_map(|param| known_values(param.ty))
            .filter(|(value, _)| value.starts_with(half))
            .map(|(value, help)| (format!("{name}={value}"), help))
            .collect(),
    }
}
