//! Values of answers that do not fit their types. Answers are printed as received; `--strict`
//! refuses such values. An answer that is not of its type as a whole is always refused, so that a
//! list whose items cannot be read never looks empty.

use discovery_json::{Decode, Form, Json, Kind as JsonKind, Scalar};
use discovery_runtime::reflect::{MethodInfo, TypeInfo};
use discovery_runtime::spec::ItemsIn;
use serde_json::Value;

use crate::failure::{Failure, exit};
use crate::schema::{self, Kind};

/// Checks that an answer is an object if its type is, and a list if that is. A list in place of an
/// object passes: a method answers with a list of messages if it streams, which its document does
/// not always tell.
///
/// # Errors
/// Names what is expected, and the method.
pub(super) fn check_form(method: &MethodInfo, answer: &Value) -> Result<(), Failure> {
    let (fits, expected) = match method.response.map(schema::kind) {
        Some(Kind::Object(..) | Kind::Map(_)) => {
            (answer.is_object() || answer.is_array(), "an object")
        }
        Some(Kind::List(_)) => (answer.is_array(), "a list"),
        Some(Kind::Any | Kind::Scalar(_)) | None => return Ok(()),
    };
    if fits { Ok(()) } else { Err(misplaced(method, expected, answer)) }
}

/// Checks an answer of a method against its type.
///
/// # Errors
/// Names the JSON pointer of the first value that does not fit, the expected type, and the method.
pub(super) fn check(method: &MethodInfo, answer: &Value) -> Result<(), Failure> {
    let Some(ty) = method.response else { return Ok(()) };
    match (method.spec.streams, answer) {
        // The messages of a stream that was read as a whole.
        (true, Value::Array(messages)) if !matches!(schema::kind(ty), Kind::List(_)) => {
            messages.iter().try_for_each(|message| check_value(method, message, ty))
        }
        _ => check_value(method, answer, ty),
    }
}

/// Checks that a message of a stream is an object if its type is; if `strict`, also its values.
///
/// # Errors
/// As for [`check`].
pub(super) fn check_message(
    method: &MethodInfo,
    message: &Value,
    strict: bool,
) -> Result<(), Failure> {
    let Some(mut ty) = method.response else { return Ok(()) };
    if let Kind::List(of) = schema::kind(ty) {
        ty = of;
    }
    if matches!(schema::kind(ty), Kind::Object(..) | Kind::Map(_)) && !message.is_object() {
        return Err(misplaced(method, "an object", message));
    }
    if strict { check_value(method, message, ty) } else { Ok(()) }
}

fn check_value(method: &MethodInfo, value: &Value, ty: TypeInfo) -> Result<(), Failure> {
    let mut finder = Finder { path: Vec::new() };
    match finder.value(value, ty) {
        None => Ok(()),
        Some(expected) => Err(finder.failure(method, &expected, value)),
    }
}

/// Checks the items of a page.
///
/// # Errors
/// If the page is not an object, or the member that holds the items is not a list or map: the page
/// would look empty.
pub(super) fn check_items(method: &MethodInfo, page: &Value) -> Result<(), Failure> {
    if !page.is_object() {
        return Err(misplaced(method, "an object", page));
    }
    let Some(items) = method.spec.items else { return Ok(()) };
    let value = page.get(items.name()).unwrap_or(&Value::Null);
    let (fits, expected) = match items {
        ItemsIn::List(_) => (value.is_array(), "a list"),
        ItemsIn::Map(_) => (value.is_object(), "an object"),
    };
    if fits || value.is_null() {
        return Ok(());
    }
    let finder = Finder { path: vec![items.name().to_owned()] };
    Err(finder.failure(method, expected, page))
}

/// Describes an answer that is not of its type as a whole.
fn misplaced(method: &MethodInfo, expected: &str, answer: &Value) -> Failure {
    Finder { path: Vec::new() }.failure(method, expected, answer)
}

/// Search for the first value that does not fit.
struct Finder {
    /// Names and indices of the current value.
    path: Vec<String>,
}

impl Finder {
    /// Returns what is expected at `path`, the place of the first value that does not fit.
    fn value(&mut self, value: &Value, ty: TypeInfo) -> Option<String> {
        match (schema::kind(ty), value) {
            (Kind::Any, _) => None,
            (Kind::Object(fields, additional), Value::Object(members)) => {
                members.iter().find_map(|(name, member)| {
                    let field = fields.iter().find(|field| field.name == name);
                    let ty = field.map(|field| field.ty).or(additional)?;
                    self.member(name, member, ty)
                })
            }
            (Kind::Map(of), Value::Object(members)) => {
                members.iter().find_map(|(name, member)| self.member(name, member, of))
            }
            (Kind::List(of), Value::Array(items)) => {
                items.iter().enumerate().find_map(|(at, item)| self.step(&at.to_string(), item, of))
            }
            (Kind::Object(..) | Kind::Map(_), _) => Some("an object".to_owned()),
            (Kind::List(_), _) => Some("a list".to_owned()),
            (Kind::Scalar(ty), value) => match ty.scalar() {
                Some(scalar) => misfit(scalar, value),
                None => enumeration(value),
            },
        }
    }

    /// An explicit null is an unset member.
    fn member(&mut self, name: &str, value: &Value, ty: TypeInfo) -> Option<String> {
        if value.is_null() { None } else { self.step(name, value, ty) }
    }

    /// Checks a value within the current one; the path stays at a misfit.
    fn step(&mut self, name: &str, value: &Value, ty: TypeInfo) -> Option<String> {
        self.path.push(name.to_owned());
        let found = self.value(value, ty);
        if found.is_none() {
            self.path.pop();
        }
        found
    }

    fn failure(&self, method: &MethodInfo, expected: &str, whole: &Value) -> Failure {
        let escaped = self.path.iter().map(|name| name.replace('~', "~0").replace('/', "~1"));
        let pointer: String = escaped.map(|name| format!("/{name}")).collect();
        let found =
            whole.pointer(&pointer).map_or(JsonKind::Null, |value| Json::from(value).kind());
        let place = if pointer.is_empty() {
            "the answer".to_owned()
        } else {
            format!("the value at {pointer}")
        };
        let message = format!(
            "{}: {place} does not fit its type: expected {expected}, found {}",
            method.spec.id,
            found.name()
        );
        Failure::new(exit::SERVER, "decode", message)
    }
}

/// Returns what is expected of a scalar if the value is none.
fn misfit(scalar: Scalar, value: &Value) -> Option<String> {
    let (fits, expected) = match scalar.form() {
        Form::Bool => (value.is_boolean(), "a boolean".to_owned()),
        Form::Integer { least, most, .. } => {
            let read = decoded::<i64>(value).map(i128::from);
            let read = read.or_else(|| decoded::<u64>(value).map(i128::from));
            let fits = read.is_some_and(|number| (least..=most).contains(&number));
            (fits, format!("a value of {}", scalar.info().name))
        }
        Form::Float { most } => {
            let read = decoded::<f64>(value);
            let fits = read.is_some_and(|number| !number.is_finite() || number.abs() <= most);
            (fits, "a number".to_owned())
        }
        Form::Text => (value.is_string(), "a string".to_owned()),
        Form::Parsed(parsed) => {
            let fits = value.as_str().is_some_and(|text| scalar.reads(text));
            (fits, parsed.expected.to_owned())
        }
    };
    (!fits).then_some(expected)
}

fn enumeration(value: &Value) -> Option<String> {
    // Some servers send numbers for values that they do not know.
    let fits = value.is_string() || value.is_i64() || value.is_u64();
    (!fits).then(|| "a string".to_owned())
}

/// Decodes a number as the library does, which accepts it in quotes too.
fn decoded<T: Decode>(value: &Value) -> Option<T> {
    matches!(value, Value::Number(_) | Value::String(_)).then(|| Json::from(value).decode().ok())?
}
