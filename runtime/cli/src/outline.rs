//! Formats the members of a type as an indented list.

use discovery_describe::names::kebab;
use discovery_runtime::reflect::{FieldInfo, TypeInfo};

use crate::schema::{self, Kind};

/// One member.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Depth; 0 for members of the type itself.
    pub(crate) level: usize,
    /// Its name in kebab-case; `+` and `KEY` for elements and map keys.
    pub(crate) name: String,
    /// Description of its type.
    pub(crate) label: String,
    /// Its declaration.
    pub(crate) field: Option<&'static FieldInfo>,
    /// Whether its members are omitted.
    pub(crate) closed: bool,
}

/// Spelling of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As for `-r`: `compensation-info.entries.+`.
    Flag,
    /// Wire names, as for `--select`: `compensationInfo.entries[]`.
    Wire,
}

/// Returns `depth` levels of members; recursive schemas are not expanded.
pub(crate) fn lines(ty: TypeInfo, depth: usize, spelling: Spelling) -> Vec<Line> {
    first_lines(ty, depth, spelling, usize::MAX)
}

/// Returns the first `most` of [`lines`].
pub(crate) fn first_lines(
    ty: TypeInfo,
    depth: usize,
    spelling: Spelling,
    most: usize,
) -> Vec<Line> {
    let mut out = Vec::new();
    let walk = Walk { depth, spelling, most };
    walk.members(ty, 0, &mut Vec::new(), &mut out);
    out
}

struct Walk {
    depth: usize,
    spelling: Spelling,
    most: usize,
}

impl Walk {
    fn members(
        &self,
        ty: TypeInfo,
        level: usize,
        inside: &mut Vec<&'static str>,
        out: &mut Vec<Line>,
    ) {
        let (inner, _) = element(ty, self.spelling);
        let Kind::Object(fields, _) = schema::kind(inner) else { return };
        let name = schema_name(inner);
        inside.extend(name);
        for field in fields {
            if out.len() >= self.most {
                break;
            }
            let (below, steps) = element(field.ty, self.spelling);
            let has_members = matches!(schema::kind(below), Kind::Object([_, ..], _));
            let again = schema_name(below).is_some_and(|name| inside.contains(&name));
            let open = has_members && !again && level + 1 < self.depth;
            let name = match self.spelling {
                Spelling::Flag => kebab(field.name),
                Spelling::Wire => field.name.to_owned(),
            };
            out.push(Line {
                level,
                name: format!("{name}{steps}"),
                label: schema::label(field.ty),
                field: Some(field),
                closed: has_members && !open,
            });
            if open {
                self.members(field.ty, level + 1, inside, out);
            }
        }
        if name.is_some() {
            inside.pop();
        }
    }
}

fn schema_name(ty: TypeInfo) -> Option<&'static str> {
    match ty {
        TypeInfo::Object(schema) => Some(schema.name),
        _ => None,
    }
}

/// Returns the innermost type of lists and maps, and the path to it.
fn element(ty: TypeInfo, spelling: Spelling) -> (TypeInfo, String) {
    let mut ty = ty;
    let mut steps = String::new();
    loop {
        let (inner, step) = match (schema::kind(ty), spelling) {
            (Kind::List(of), Spelling::Flag) => (of, ".+"),
            (Kind::Map(of), Spelling::Flag) => (of, ".KEY"),
            (Kind::List(of), Spelling::Wire) => (of, "[]"),
            (Kind::Map(of), Spelling::Wire) => (of, "[KEY]"),
            _ => break,
        };
        if schema::is_scalar(inner) {
            break;
        }
        ty = inner;
        steps.push_str(step);
    }
    (ty, steps)
}
