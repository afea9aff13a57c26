//! The generated tests: a round trip per schema, a request per method.

use crate::emit::{Cx, sample};
use crate::error::Diagnostic;
use crate::ir::{
    Api, Body, EnumId, Form, Location, Method, MethodId, Param, PathPart, Scalar, Schema, SchemaId,
    Type,
};
use crate::rust::{Fragment, Home, Imports, ParamNames, RustIdent, StrLit, literal, text_lines};
use crate::tree::FileTree;
use serde::Serialize;

#[derive(Serialize)]
struct MainView {
    gated: bool,
    methods: bool,
    models: bool,
}

#[derive(Serialize)]
struct ModelsView {
    deprecated: bool,
    krate: RustIdent,
    schemas: Vec<SchemaView>,
    enums: Vec<EnumView>,
}

#[derive(Serialize)]
struct SchemaView {
    name: StrLit,
    ty: Fragment,
    full: StrLit,
    nulls: StrLit,
}

#[derive(Serialize)]
struct EnumView {
    ty: Fragment,
}

#[derive(Serialize)]
struct MethodsView {
    deprecated: bool,
    json: bool,
    krate: RustIdent,
    methods: Vec<MethodView>,
}

#[derive(Serialize)]
struct MethodView {
    id: StrLit,
    call: Fragment,
    response: StrLit,
    verb: StrLit,
    path: StrLit,
    query: Vec<StrLit>,
    body: StrLit,
}

pub(super) fn emit(cx: &Cx<'_>, root: &str, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let dir = format!("{root}/tests/generated");
    let methods: Vec<_> = MethodId::all(cx.api).map(|id| method(cx, id)).collect();
    let models = models(cx);
    let some = !models.schemas.is_empty() || !models.enums.is_empty();
    let gated = !cx.features().is_empty();
    let main = MainView { gated, methods: !methods.is_empty(), models: some };
    cx.render(tree, format!("{dir}/main.rs"), "client/tests/generated/main.rs", &main)?;
    cx.render(tree, format!("{dir}/rustfmt.toml"), "client/src/rustfmt.toml", &main)?;
    let path = format!("{dir}/models.rs");
    if some {
        cx.render(tree, path, "client/tests/generated/models.rs", &models)?;
    }
    if methods.is_empty() {
        return Ok(());
    }
    let krate = cx.names.package.krate.clone();
    let json = methods.iter().any(|m| m.call.imports().json);
    let view = MethodsView { deprecated: any_deprecated(cx.api), json, krate, methods };
    cx.render(tree, format!("{dir}/methods.rs"), "client/tests/generated/methods.rs", &view)
}

fn any_deprecated(api: &Api) -> bool {
    api.schemas.iter().any(Schema::has_deprecated)
        || api.methods.iter().any(|m| m.deprecated || m.params.iter().any(|p| p.deprecated))
        || api.enums.iter().any(|e| e.values.iter().any(|v| v.deprecated))
}

fn models(cx: &Cx<'_>) -> ModelsView {
    let enums = EnumId::all(cx.api).filter_map(|id| {
        let ty = match cx.api[id].owner {
            crate::ir::EnumOwner::Global => return None,
            _ => cx.ty(&Type::Enum(id), Home::Outside),
        };
        Some(EnumView { ty: in_crate(cx, &ty) })
    });
    ModelsView {
        deprecated: any_deprecated(cx.api),
        krate: cx.names.package.krate.clone(),
        schemas: SchemaId::all(cx.api).map(|id| schema(cx, id)).collect(),
        enums: enums.collect(),
    }
}

/// A path of this crate, from outside.
fn in_crate(cx: &Cx<'_>, ty: &Fragment) -> Fragment {
    text_lines(&[&format!("{}::{}", cx.names.package.krate, ty.as_str())])
}

fn schema(cx: &Cx<'_>, id: SchemaId) -> SchemaView {
    SchemaView {
        name: literal(cx.api[id].name.as_str()),
        ty: in_crate(cx, &cx.ty(&Type::Object(id), Home::Outside)),
        full: literal(&sample::full(cx.api, id)),
        nulls: literal(&sample::nulls(cx.api, id)),
    }
}

fn method(cx: &Cx<'_>, id: MethodId) -> MethodView {
    let m = &cx.api[id];
    let accessors = cx.names.accessors(cx.api, m.resource);
    let names = cx.names.method(id);
    let accessors: String = accessors.iter().map(|a| format!(".{a}()")).collect();
    let (mut arguments, mut setters, mut query) = (Vec::new(), String::new(), Vec::new());
    let mut imports = Imports::default();
    for (param, name) in m.params.iter().zip(&names.params) {
        let made = argument(cx, param);
        imports |= made.imports;
        match name {
            ParamNames::Argument(_) => arguments.push(made.expression),
            ParamNames::Setter(name) => setters.push_str(&format!(".{name}({})", made.expression)),
            ParamNames::Everywhere => continue,
        }
        if param.location == Location::Query {
            query.extend(made.wire.iter().map(|w| format!("{}={w}", param.name)));
        }
    }
    let (body, sent) = body(cx, m);
    imports |= body.iter().map(Fragment::imports).collect();
    arguments.extend(body.map(|body| body.as_str().to_owned()));
    let has_other_form = query
        .iter()
        .any(|q| q.starts_with("callback=") || (q.starts_with("alt=") && q != "alt=json"));
    for (name, value) in [("alt", "json"), ("prettyPrint", "false")] {
        let sent = match name {
            "alt" => m.response.is_some() && !m.is_download_only(),
            _ => !has_other_form,
        };
        if sent && !query.iter().any(|q| q.split('=').next() == Some(name)) {
            query.push(format!("{name}={value}"));
        }
    }
    query.sort();
    let call = format!("client{accessors}.{}({}){setters}", names.function, arguments.join(", "));
    MethodView {
        id: literal(m.id.as_str()),
        call: text_lines(&[&call]).importing(imports),
        response: literal(&response(cx, m)),
        verb: literal(m.verb.as_str()),
        path: literal(&path(cx, m)),
        query: query.iter().map(|q| literal(q)).collect(),
        body: literal(&sent),
    }
}

/// Argument: the Rust expression and its text in the request.
struct Argument {
    expression: String,
    wire: Vec<String>,
    imports: Imports,
}

/// Text with every character that needs care in a URL.
const AWKWARD: &str = "a b/c?d#e&f=g+h%é";

fn argument(cx: &Cx<'_>, param: &Param) -> Argument {
    let (mut expression, wire) = match &param.ty {
        Type::Scalar(scalar) => scalar_argument(*scalar, param.location),
        Type::Enum(id) => {
            // A path cannot contain an empty value.
            let mut values = cx.api[*id].values.iter().rev().map(|v| v.name.as_str());
            let value = values.find(|v| !v.is_empty()).unwrap_or(sample::UNKNOWN);
            (quoted(value), value.to_owned())
        }
        Type::Any | Type::Object(_) | Type::List(_) | Type::Map(_) => {
            ("&json::Json::from(true)".to_owned(), "true".to_owned())
        }
    };
    // Enums and numbers are literals.
    let imports = match &param.ty {
        Type::Enum(_) => Imports::default(),
        ty => cx.ty(ty, Home::Outside).imports(),
    };
    if !param.repeated {
        return Argument { expression, wire: vec![wire], imports };
    }
    expression = expression.trim_start_matches('&').to_owned();
    let expression = format!("[{expression}, {expression}]");
    Argument { expression, wire: vec![wire.clone(), wire], imports }
}

/// The expression of a scalar argument, and its text in the URL.
fn scalar_argument(scalar: Scalar, location: Location) -> (String, String) {
    let wire = match (scalar.form(), location) {
        (Form::Text, Location::Path) => "a b/c?é",
        (Form::Text, Location::Query) => AWKWARD,
        _ => scalar.info().test.trim_matches('"'),
    };
    let expression = match scalar.form() {
        Form::Text => quoted(wire),
        Form::Bool | Form::Integer { .. } | Form::Float { .. } => wire.to_owned(),
        Form::Parsed(parsed) => {
            let borrow = if parsed.as_text { "" } else { "&" };
            format!("{borrow}{}.parse::<{}>().unwrap()", quoted(wire), scalar.info().rust)
        }
    };
    (expression, wire.to_owned())
}

fn quoted(text: &str) -> String {
    literal(text).as_str().to_owned()
}

fn body(cx: &Cx<'_>, m: &Method) -> (Option<Fragment>, String) {
    let wrap = |text: &str| {
        if cx.api.data_wrapper { format!("{{\"data\":{text}}}") } else { text.to_owned() }
    };
    match &m.request {
        None => (None, String::new()),
        Some(Body::Raw(_)) => {
            let body = "discovery_runtime::HttpBody::new(\"text/plain\", \"raw\")";
            (Some(text_lines(&[body])), "raw".to_owned())
        }
        Some(Body::Json(ty)) => {
            let json = match cx.api.resolve(ty) {
                Type::Object(id) => sample::schema(cx.api, *id),
                other => sample::value(cx.api, other),
            };
            let text = literal(&json);
            let body = text_lines(&[&format!("&json::from_str({}).unwrap()", text.as_str())]);
            (Some(body.importing(Imports::JSON)), wrap(&json))
        }
    }
}

/// A minimal readable response. Model tests cover the contents, and a new member must not change
/// the test of every method that returns the model.
fn response(cx: &Cx<'_>, m: &Method) -> String {
    let json = match &m.response {
        None | Some(Body::Raw(_)) => return String::new(),
        Some(Body::Json(ty)) => sample::value(cx.api, cx.api.resolve(ty)),
    };
    if m.streams.is_some() {
        return format!("[{json},{json}]");
    }
    if cx.api.data_wrapper { format!("{{\"data\":{json}}}") } else { json }
}

/// Returns the expected path, encoded independently of the runtime.
fn path(cx: &Cx<'_>, m: &Method) -> String {
    let value = |name: &str| {
        let param = m.params.iter().find(|p| p.name.as_str() == name);
        param.map_or_else(Vec::new, |p| argument(cx, p).wire).concat()
    };
    let mut out = format!("/{}", cx.api.service_path);
    for part in &m.path.0 {
        match part {
            PathPart::Literal(text) => out.push_str(text),
            PathPart::Simple(name) => out.push_str(&encode(&value(name.as_str()), false)),
            PathPart::Reserved(name) => out.push_str(&encode(&value(name.as_str()), true)),
            PathPart::Segments(name) => {
                out.push('/');
                out.push_str(&encode(&value(name.as_str()), true));
            }
        }
    }
    out
}

fn encode(text: &str, slash: bool) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            b'/' if slash => out.push('/'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
