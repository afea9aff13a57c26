//! Messages about paths that do not match the schema, with a suggested token.

use std::ops::ControlFlow;

use discovery_describe::names;
use discovery_runtime::reflect::{FieldInfo, TypeInfo};
use serde_json::Value;

use super::cursor::Named;
use super::draft::{Draft, Read};
use super::leaves::{self, ANY_KEY};
use super::place::{self, Nowhere, Why};
use super::placeholder::placeholder;
use super::token::{self, Op, Seg, Step, Token};
use crate::issue::Issue;
use crate::schema::{self, Kind};
use crate::suggest;

/// Message for a scalar without a value.
pub(super) fn leaf_without_value(read: &Read<'_>, ty: TypeInfo) -> Issue {
    let path = read.token.path;
    let message = format!("'{path}' is a field of type {} and takes a value.", schema::label(ty));
    Issue::error(message).instead(Some(format!("{path}={}", placeholder(ty))))
}

/// Message for text assigned to a structure.
pub(super) fn structure_with_value(read: &Read<'_>, ty: TypeInfo) -> Issue {
    let mut message = format!("Field '{}' does not exist.", read.dotted());
    if read.names.is_empty() {
        return Issue::error(message);
    }
    message.push_str(&format!(" It is a structure, {}.", schema::label(ty)));
    let value = read.token.value;
    let below = below(ty, value, read.token.op);
    Issue::error(message).instead(below.map(|below| format!("{}.{below}", read.token.path)))
}

/// Returns the rest of a token that sets the first leaf inside a structure.
fn below(ty: TypeInfo, value: &str, op: Op) -> Option<String> {
    let mut first = None;
    // `map=key=value` already has a key.
    let (key, value) = match schema::kind(ty) {
        Kind::Map(_) => value.split_once('=').unwrap_or((ANY_KEY, value)),
        _ => (ANY_KEY, value),
    };
    leaves::walk(ty, &mut |leaf| {
        let text = matches!(schema::kind(leaf.ty), Kind::Scalar(TypeInfo::String));
        if first.is_none() || text {
            let mut path = leaf.names.clone();
            if let Some(free) = path.first_mut().filter(|name| *name == ANY_KEY) {
                key.clone_into(free);
            }
            let segs: Vec<Seg> = path.into_iter().map(Seg::new).collect();
            first = Some(format!("{}{}{value}", place::dotted(&segs), op.as_str()));
        }
        if text { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    first
}

/// Message for a path that does not exist.
pub(super) fn unknown_path(draft: &Draft, read: &Read<'_>, nowhere: &Nowhere) -> Issue {
    let segs = read.segs();
    if let Why::Gap { index, len } = nowhere.why {
        let list = place::dotted(&segs[..nowhere.at]);
        let message =
            format!("Field '{list}' has {len} elements: index {index} is not one of them.");
        return Issue::error(message).instead(with_seg(read, nowhere.at, "+"));
    }
    let message = format!("Field '{}' does not exist.", place::dotted(&segs));
    if let Some(param) = parameter(draft, read) {
        let flag = names::kebab(param);
        let message =
            format!("{message} '{flag}' is a parameter: use -p {flag}={}.", read.token.value);
        return Issue::error(message);
    }
    let instead = corrected(draft.root, read, &draft.doc)
        .map(|(_, token)| token)
        .or_else(|| dotted_key(read, nowhere))
        .or_else(|| elsewhere(draft.root, read));
    let issue = Issue::error(message);
    if instead.is_some() {
        return issue.instead(instead);
    }
    match nowhere.why {
        Why::NoField(fields) => with_choice(issue, fields),
        _ => issue,
    }
}

/// Maximum number of members listed if no name is similar.
const LISTED_FIELDS: usize = 8;

fn with_choice(mut issue: Issue, fields: &[FieldInfo]) -> Issue {
    if !fields.is_empty() && fields.len() <= LISTED_FIELDS {
        let known: Vec<String> = fields.iter().map(|field| names::kebab(field.name)).collect();
        issue.message.push_str(&format!(" There are: {}.", known.join(", ")));
    }
    issue
}

/// Returns the parameter that was typed as a field of the request.
fn parameter(draft: &Draft, read: &Read<'_>) -> Option<&'static str> {
    let [Named { seg, .. }] = read.names.as_slice() else { return None };
    if read.token.op != Op::Set {
        return None;
    }
    names::find(&draft.params, &seg.text, |param| param.name).map(|param| param.name)
}

/// Replaces one name in the token, if the token contains it.
fn with_seg(read: &Read<'_>, at: usize, text: &str) -> Option<String> {
    let step = read.names.get(at)?.step?;
    let mut steps = read.steps.clone();
    steps[step] = Step::Down(Seg::new(text));
    Some(spell(&steps, &read.token))
}

fn spell(steps: &[Step], token: &Token<'_>) -> String {
    format!("{}{}{}", token::render(steps), token.op.as_str(), token.value)
}

/// Rewrites the path from the request, without steps up.
pub(super) fn from_root(steps: &[Step], token: &Token<'_>) -> Option<String> {
    let down: Vec<Step> =
        steps.iter().filter(|step| matches!(step, Step::Down(_))).cloned().collect();
    (!down.is_empty()).then(|| spell(&down, token))
}

/// Correction of a path's names.
enum Fix {
    Replace(usize, Seg),
    InsertBefore(usize, Seg),
}

/// Returns the corrected names and token, if correcting single names suffices.
pub(super) fn corrected(
    root: TypeInfo,
    read: &Read<'_>,
    doc: &Value,
) -> Option<(Vec<Seg>, String)> {
    let mut segs = read.segs();
    let fixes = fixes(root, &segs, read.token.op)?;
    let mut steps = read.steps.clone();
    // From the back, so that earlier positions remain valid.
    for fix in fixes.iter().rev() {
        match fix {
            Fix::Replace(at, seg) => {
                segs[*at] = seg.clone();
                steps[read.names[*at].step?] = Step::Down(seg.clone());
            }
            Fix::InsertBefore(at, seg) => {
                segs.insert(*at, seg.clone());
                steps.insert(read.names.get(*at)?.step?, Step::Down(seg.clone()));
            }
        }
    }
    place::find(root, &segs, doc).ok()?;
    Some((segs, spell(&steps, &read.token)))
}

/// Returns the suggested path from the request, as `--unset` accepts it.
pub(super) fn corrected_path(root: TypeInfo, segs: &[Seg]) -> Option<String> {
    let mut segs = segs.to_vec();
    for fix in fixes(root, &segs, Op::SetJson)?.iter().rev() {
        match fix {
            Fix::Replace(at, seg) => segs[*at] = seg.clone(),
            Fix::InsertBefore(..) => return None,
        }
    }
    Some(place::dotted(&segs))
}

fn fixes(root: TypeInfo, segs: &[Seg], op: Op) -> Option<Vec<Fix>> {
    let mut fixes = Vec::new();
    let mut ty = root;
    for (at, seg) in segs.iter().enumerate() {
        if let Kind::List(of) = schema::kind(ty) {
            ty = of;
            if seg.text == "+" || seg.text.parse::<i64>().is_ok() {
                continue;
            }
            fixes.push(Fix::InsertBefore(at, Seg::new("+")));
        }
        ty = match schema::kind(ty) {
            Kind::Object(fields, additional) => {
                match (schema::field(fields, &seg.text), additional) {
                    (Some(field), _) => field.ty,
                    (None, Some(ty)) => ty,
                    (None, None) => {
                        let known = fields.iter().map(|field| names::kebab(field.name));
                        let name = suggest::closest(&seg.text, known)?;
                        let ty = schema::field(fields, &name)?.ty;
                        fixes.push(Fix::Replace(at, Seg::new(name)));
                        ty
                    }
                }
            }
            Kind::Map(of) => of,
            Kind::Any => ty,
            Kind::List(_) | Kind::Scalar(_) => return None,
        };
    }
    let fits = match op {
        Op::Move => {
            !leaves::takes_value(ty) || matches!(schema::kind(ty), Kind::Map(_) | Kind::Any)
        }
        Op::Set | Op::SetFile => leaves::takes_value(ty),
        Op::SetJson | Op::SetJsonFile => true,
    };
    (fits && !fixes.is_empty()).then_some(fixes)
}

/// Recognizes a key with dots that was typed without brackets.
fn dotted_key(read: &Read<'_>, nowhere: &Nowhere) -> Option<String> {
    let Why::Leaf = nowhere.why else { return None };
    let first = nowhere.at.checked_sub(1)?;
    let steps: Vec<usize> =
        read.names[first..].iter().map(|named| named.step).collect::<Option<_>>()?;
    let key: Vec<&str> = read.names[first..].iter().map(|named| named.seg.text.as_str()).collect();
    let mut out: Vec<Step> = read.steps[..*steps.first()?].to_vec();
    out.push(Step::Down(Seg { text: key.join("."), bracketed: true }));
    (read.steps.len() == steps.last()? + 1).then(|| spell(&out, &read.token))
}

/// Finds a leaf of that name elsewhere in the request, first below the cursor.
fn elsewhere(root: TypeInfo, read: &Read<'_>) -> Option<String> {
    let typed: Vec<&str> = read
        .names
        .iter()
        .filter(|named| named.step.is_some())
        .map(|n| n.seg.text.as_str())
        .collect();
    if typed.is_empty() || read.token.op == Op::Move {
        return None;
    }
    let mut found = None;
    leaves::walk(root, &mut |leaf| {
        let ends_alike = leaf.names.len() >= typed.len()
            && leaf
                .names
                .iter()
                .rev()
                .zip(typed.iter().rev())
                .all(|(known, typed)| known == typed || names::kebab(typed) == *known);
        if ends_alike {
            found = Some(leaf.names.join("."));
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    let path = found.filter(|path| !path.contains(ANY_KEY))?;
    Some(format!(".{path}{}{}", read.token.op.as_str(), read.token.value))
}

/// Returns the path, from the request, of a field that was typed as something else.
pub(crate) fn field_path(root: TypeInfo, typed: &str, op: Op) -> Option<String> {
    let steps = token::path(typed).ok()?;
    let read = Read {
        raw: typed,
        token: Token { path: typed, op, value: "" },
        names: super::cursor::resolve(&[], &steps).ok()?,
        steps,
    };
    let segs = read.segs();
    let empty = Value::Null;
    match place::find(root, &segs, &empty) {
        Ok(place) if leaves::takes_value(place.ty) && !segs.is_empty() => {
            Some(place::dotted(&segs))
        }
        _ => elsewhere(root, &read).map(|token| token.trim_end_matches('=').to_owned()),
    }
}
