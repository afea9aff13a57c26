//! Asks for what a call needs, on a terminal, if the command line has nothing of it.

use discovery_describe::names::{is_spelling, kebab};
use discovery_describe::shell::quote;
use discovery_runtime::observe::secrets::is_secret_param;
use discovery_runtime::reflect::{MethodInfo, ParamInfo, TypeInfo};
use discovery_runtime::spec::BodyKind;

use crate::app::App;
use crate::command::{Arguments, flag_id, positional_id};
use crate::failure::Failure;
use crate::host::Host;
use crate::schema::Kind;
use crate::{body, help, params, schema, text, tree};

/// Maximum number of questions about the fields of a request.
const FIELDS: usize = 12;

/// Maximum length of an answer in bytes.
const LONGEST_ANSWER: usize = 1 << 20;

/// Question about one value.
struct Question {
    /// The argument that gets the answer: `p` or `r`.
    id: &'static str,
    /// Name in the argument: a parameter, or the path of a field.
    name: String,
    /// Type or shape of the value.
    form: String,
    about: String,
}

/// Asks for the required parameters if none of them is given, and for the required fields of the
/// request if there is no request. Scripts are never asked: standard input and standard error must
/// be terminals. An empty answer leaves a value out.
///
/// # Errors
///
/// If the input ends.
pub(crate) fn ask(
    app: &App,
    method: &'static MethodInfo,
    arguments: &mut Arguments,
    host: &mut Host<'_>,
) -> Result<(), Failure> {
    let interactive = host.terminals.stdin && host.terminals.stderr && !arguments.has("no-input");
    let reads_stdin = ["json", "file"].iter().any(|id| arguments.one(id).as_deref() == Some("-"));
    if !interactive || reads_stdin || arguments.one("skeleton").is_some() {
        return Ok(());
    }
    let mut questions = parameters(method, arguments);
    questions.extend(fields(method, arguments));
    if questions.is_empty() {
        return Ok(());
    }
    let command = tree::command_line(app, method);
    host.print_message(&format!("{command} needs values; an empty line leaves one out."));
    let mut given = String::new();
    for Question { id, name, form, about } in questions {
        let about = text::cut(&text::summary(help::strip(&about)), 100);
        host.print_message(&format!("{name} ({form}): {about}"));
        let answer = read_line(host)?;
        if !answer.is_empty() {
            let shown = if is_secret_param(&name) { text::HIDDEN } else { &answer };
            given.push_str(&format!(" -{id} {}", quote(&format!("{name}={shown}"))));
            arguments.add(id, format!("{name}={answer}"));
        }
    }
    host.print_message(&format!("Without questions: {command}{given}"));
    Ok(())
}

/// Questions about the required parameters, if none of them is given.
fn parameters(method: &'static MethodInfo, arguments: &Arguments) -> Vec<Question> {
    let tokens = arguments.all("p");
    let typed = |param: &ParamInfo| {
        let mut names = tokens.iter().filter_map(|token| token.split('=').next());
        names.any(|name| is_spelling(param.name, name))
    };
    let is_given = |param: &&ParamInfo| {
        let ids = [positional_id(param), flag_id(param)];
        ids.iter().any(|id| !arguments.all(id).is_empty()) || typed(param)
    };
    let required = || method.params.iter().filter(|param| param.required);
    if required().any(|param| is_given(&param)) {
        return Vec::new();
    }
    let question = |param: &ParamInfo| Question {
        id: "p",
        name: kebab(param.name),
        form: param.pattern.map_or_else(|| schema::label(param.ty), params::shape),
        about: param.description.to_owned(),
    };
    required().map(question).collect()
}

/// Questions about the required fields of the request, if there is no request.
fn fields(method: &'static MethodInfo, arguments: &Arguments) -> Vec<Question> {
    let has_value = ["json", "upload", "file"].iter().any(|id| arguments.one(id).is_some());
    let is_given = has_value || arguments.has("edit") || !arguments.all("r").is_empty();
    let Some(request) = method.request.filter(|_| method.spec.request == BodyKind::Json) else {
        return Vec::new();
    };
    if is_given {
        return Vec::new();
    }
    let question = |leaf: body::Leaf| {
        let field = leaf.field.filter(|_| is_required(method, request, &leaf.names))?;
        Some(Question {
            id: "r",
            name: leaf.names.join("."),
            form: schema::label(leaf.ty),
            about: field.description.to_owned(),
        })
    };
    body::leaves(request).into_iter().filter_map(question).take(FIELDS).collect()
}

/// Returns `true` if each member of the path is required. The first one need not be, if there are
/// others: it holds the resource.
fn is_required(method: &MethodInfo, request: TypeInfo, names: &[String]) -> bool {
    let mut ty = request;
    names.iter().enumerate().all(|(level, name)| {
        let Kind::Object(fields, _) = schema::kind(ty) else { return false };
        let Some(field) = schema::field(fields, name) else { return false };
        ty = field.ty;
        let holds = level == 0 && names.len() > 1;
        (holds || field.is_required_by(method.spec)) && !field.output_only
    })
}

/// Reads a line of standard input and no byte more: others may read the rest.
fn read_line(host: &mut Host<'_>) -> Result<String, Failure> {
    if let Ok(mut stderr) = host.stderr.lock() {
        let _ = write!(stderr, "> ").and_then(|()| stderr.flush());
    }
    let mut line = Vec::new();
    let mut byte = [0];
    loop {
        let read = host.stdin.read(&mut byte).unwrap_or(0);
        if read == 0 && line.is_empty() {
            return Err(Failure::usage(
                "the input ended before all was answered; nothing was sent",
            ));
        }
        if read == 0 || byte == *b"\n" || line.len() >= LONGEST_ANSWER {
            break;
        }
        line.push(byte[0]);
    }
    let text = String::from_utf8(line);
    text.map(|text| text.trim().to_owned())
        .map_err(|_| Failure::usage("the answer is not UTF-8; nothing was sent"))
}
