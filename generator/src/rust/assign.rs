//! Assigns Rust names.
//!
//! Reserved names come first, then top-level schemas, inline schemas, and enums; then resources
//! and, inside each, its methods. On a collision, the later item gets a suffix.

use super::ident::{self, RustIdent, camel, snake};
use super::names::{
    BetweenNames, EnumNames, FieldNames, MethodNames, Names, Package, ParamNames, ResourceNames,
    SchemaNames,
};
use super::scope::Scope;
use crate::ir::{
    Api, EnumId, EnumOwner, Field, Location, Method, Object, Param, ResourceId, Schema, Shape,
    Update, WireName,
};
use discovery_describe::rust::{GENERAL_SETTERS, RESERVED_SETTERS};
use heck::ToKebabCase;

/// Type names that generated files or user code rely on: the prelude and imports.
const TYPES: &[&str] = &[
    "AsMut",
    "AsRef",
    "BTreeMap",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// Types that a file of calls imports from the runtime.
const CALL_TYPES: &[&str] = &[
    "BodyKind",
    "ItemsIn",
    "MaskDepth",
    "Method",
    "MethodSpec",
    "PagingSpec",
    "Segment",
    "TokenIn",
    "UpdateSpec",
    "UploadSpec",
];

/// Modules that a resource file has in scope.
const MODULES: &[&str] = &["json", "models", "rt", "scopes", "top_level"];

/// Crates that generated code refers to, and file names with a meaning in Rust.
const FILES: &[&str] =
    &["alloc", "core", "discovery_json", "discovery_runtime", "lib", "main", "mod", "std", "tokio"];

/// Device names of Windows, which no file can have, with any extension.
#[rustfmt::skip]
const DEVICES: [&str; 24] = [
    "aux", "con", "nul", "prn",
    "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Returns the name of a file that every system can have.
pub(crate) fn file_name(stem: &str, extension: &str) -> String {
    let device = DEVICES.contains(&stem.split('.').next().unwrap_or_default());
    format!("{}{stem}.{extension}", if device { "_" } else { "" })
}

/// Names of the client type.
const CLIENT: &[&str] = &[
    "batch",
    "builder",
    "clone",
    "default",
    "fmt",
    "from_runtime",
    "into",
    "new",
    "runtime",
    "try_into",
];

/// Functions that a resource has already. Those of traits in the prelude that take `self` come
/// before its own, which take `&self`.
const HANDLE: &[&str] = &["clone", "fmt", "into", "try_into"];

/// Cargo features with a fixed meaning.
const FEATURES: &[&str] = &[
    "adc",
    "aws-lc-rs",
    "blocking",
    "client",
    "default",
    "fetch",
    "fips",
    "full",
    "google-cloud-auth",
    "gzip",
    "http1",
    "http2",
    "hyper",
    "mime-guess",
    "platform-roots",
    "reflect",
    "reqwest",
    "ring",
    "serde",
    "testing",
    "tracing",
];

impl Names {
    /// Assigns every name.
    #[must_use]
    pub fn assign(api: &Api) -> Self {
        let mut models = Scope::new(TYPES);
        let schemas = schemas(api, &mut models);
        let (resources, methods, param_enums) = resources(api);
        let enums = enums(api, &mut models, param_enums);
        let mut endpoints = Scope::new(&["Global", "Custom"]);
        let mut scopes = Scope::new(&["ALL"]);
        Self {
            package: package(api),
            endpoints: (api.endpoints.iter())
                .map(|e| endpoints.assign(&camel(e.location.as_str(), "R"), "Endpoint"))
                .collect(),
            scopes: (api.scopes.iter())
                .map(|s| scopes.assign(&ident::screaming(scope_name(s.url.as_str())), "_SCOPE"))
                .collect(),
            schemas,
            enums,
            methods,
            resources,
        }
    }
}

fn package(api: &Api) -> Package {
    let folder = format!("{} {}", api.name, api.version).to_kebab_case();
    Package::new("google-", folder)
}

/// Returns the distinctive end of a scope: `jobs` of `…/auth/jobs`, the host of
/// `https://mail.google.com/`.
fn scope_name(url: &str) -> &str {
    let rest = url.split_once("/auth/").map_or(url, |(_, name)| name);
    rest.strip_prefix("https://").unwrap_or(rest).trim_end_matches('/')
}

fn schemas(api: &Api, models: &mut Scope) -> Vec<SchemaNames> {
    let mut modules = Scope::new(&[FILES, &DEVICES].concat());
    (api.schemas.iter())
        .map(|schema| {
            let ty = models.assign(&camel(schema.name.as_str(), "V"), "Schema");
            let module = module(&mut modules, &snake(schema.name.as_str()), "_schema");
            let mut scope = Scope::new(&["extra"]);
            let (fields, additional) = match &schema.shape {
                Shape::Object(object) => fields(object, &mut scope),
                _ => (Vec::new(), scope.assign("additional_properties", "_field")),
            };
            SchemaNames { ty, module, fields, additional, cases: cases(schema) }
        })
        .collect()
}

/// Returns a module name that is not a keyword, so that it is a plain file name.
fn module(scope: &mut Scope, base: &str, suffix: &str) -> RustIdent {
    if ident::is_keyword(base) {
        return scope.assign(&format!("{base}_"), suffix);
    }
    scope.assign(base, suffix)
}

fn fields(object: &Object, scope: &mut Scope) -> (Vec<FieldNames>, RustIdent) {
    // `Model::set_null` clears a field.
    let mut setters = Scope::new(&["set_null"]);
    // Constants of the traits that a model implements.
    let mut constants = Scope::new(&["SCHEMA_NAME"]);
    let names = (object.fields.iter()).map(|f: &Field| {
        let field = scope.assign(&snake(f.name.as_str()), "_field");
        FieldNames {
            setter: setters.assign(&field.prefixed("set_"), "_field"),
            constant: constants.assign(&field.bare().to_ascii_uppercase(), "_FIELD"),
            field,
        }
    });
    let names = names.collect();
    (names, scope.assign("additional_properties", "_field"))
}

fn cases(schema: &Schema) -> Vec<RustIdent> {
    let Shape::Union(union) = &schema.shape else { return Vec::new() };
    let mut scope = Scope::new(&["UnknownValue"]);
    union.cases.iter().map(|c| scope.assign(&camel(c.tag.as_str(), "V"), "Case")).collect()
}

fn enums(api: &Api, models: &mut Scope, params: Vec<(EnumId, RustIdent)>) -> Vec<EnumNames> {
    EnumId::all(api)
        .map(|id| {
            let assigned = params.iter().find(|(e, _)| *e == id).map(|(_, name)| name.clone());
            let ty = assigned
                .unwrap_or_else(|| models.assign(&camel(api[id].name.as_str(), "V"), "Value"));
            EnumNames { ty, variants: variants(api, id) }
        })
        .collect()
}

/// Assigns variants. A value with the field's name as a prefix, as in protobuf style
/// (`JOB_VIEW_FULL` of `jobView`), loses it: a rule about each value alone, so that a new value
/// never renames an old one. The prefix stays if the short name is another value's.
fn variants(api: &Api, id: EnumId) -> Vec<RustIdent> {
    let e = &api[id];
    let field = e.at.rsplit('/').find(|t| *t != "items" && *t != "additionalProperties");
    let prefix =
        format!("{}_", ident::screaming(field.unwrap_or_default()).trim_start_matches('_'));
    let taken: Vec<String> = e.values.iter().map(|v| camel(v.name.as_str(), "V")).collect();
    let mut scope = Scope::new(&["UnknownValue"]);
    (e.values.iter())
        .map(|value| {
            let wire = value.name.as_str();
            let short = (wire.strip_prefix(&prefix))
                .filter(|s| s.starts_with(|c: char| c.is_ascii_alphabetic()))
                .map(|s| camel(s, "V"))
                .filter(|s| !taken.contains(s));
            scope.assign(&short.unwrap_or_else(|| camel(wire, "V")), "Value")
        })
        .collect()
}

type Resources = (Vec<ResourceNames>, Vec<MethodNames>, Vec<(EnumId, RustIdent)>);

fn resources(api: &Api) -> Resources {
    let mut out: Vec<Option<ResourceNames>> = vec![None; api.resources.len()];
    let mut methods: Vec<Option<MethodNames>> = vec![None; api.methods.len()];
    let mut enums = Vec::new();
    let mut features = Scope::new(FEATURES);
    out[0] = Some(ResourceNames {
        module: RustIdent::from_bare("top_level".to_owned()),
        handle: RustIdent::from_bare("Client".to_owned()),
        accessor: RustIdent::from_bare("client".to_owned()),
        feature: String::new(),
    });
    for id in ResourceId::all(api) {
        let root = id == Api::ROOT;
        let handle = out[id.index()].as_ref().map(|r| r.handle.as_str().to_owned());
        let mut types = Scope::new(&[TYPES, CALL_TYPES].concat());
        types.assign(&handle.unwrap_or_default(), "");
        let mut functions = Scope::new(if root { CLIENT } else { HANDLE });
        for method in &api[id].methods {
            let names = method_names(&api[*method], &mut functions, &mut types);
            for param in &api[*method].params {
                if let crate::ir::Type::Enum(e) = param.ty
                    && api[e].owner == EnumOwner::Method(*method)
                    && !enums.iter().any(|(known, _)| *known == e)
                {
                    enums.push((e, types.assign(&camel(api[e].name.as_str(), "V"), "Value")));
                }
            }
            methods[method.index()] = Some(names);
        }
        let mut modules = Scope::new(&[MODULES, FILES, &DEVICES].concat());
        for child in &api[id].children {
            let name = api[*child].name.as_ref().map_or("", WireName::as_str);
            let feature = if root {
                features.assign(&feature(name), "-resource").bare().to_owned()
            } else {
                String::new()
            };
            let mut own = Scope::new(&[TYPES, CALL_TYPES].concat());
            out[child.index()] = Some(ResourceNames {
                module: module(&mut modules, &snake(name), "_resource"),
                handle: own.assign(&camel(name, "R"), "Resource"),
                accessor: functions.assign(&snake(name), "_resource"),
                feature,
            });
        }
        for method in &api[id].methods {
            if let Some(between) = methods[method.index()].as_mut().and_then(|m| m.between.as_mut())
            {
                let base = format!("{}_between", between.function.bare());
                between.function = functions.assign(&base, "_values");
            }
        }
    }
    (out.into_iter().flatten().collect(), methods.into_iter().flatten().collect(), enums)
}

fn feature(name: &str) -> String {
    snake(name).trim_start_matches('_').replace('_', "-")
}

fn method_names(method: &Method, functions: &mut Scope, types: &mut Scope) -> MethodNames {
    let mut arguments = Scope::new(&[]);
    let mut setters = Scope::new(RESERVED_SETTERS);
    let params = method.params.iter().map(|p| param(p, &mut arguments, &mut setters)).collect();
    let function = functions.assign(&snake(method.name.as_str()), "_method");
    let body = arguments.assign("request", "_body");
    // The function's own name yields to names from the document.
    let two_values = matches!(method.update, Some(Update::MaskInQuery { .. } | Update::Merge));
    let between = two_values.then(|| BetweenNames {
        function: function.clone(),
        old: arguments.assign("old", "_value"),
        new: arguments.assign("new", "_value"),
    });
    let marker = types.assign(&camel(method.name.as_str(), "M"), "Method");
    MethodNames { function, marker, between, body, params }
}

fn param(param: &Param, arguments: &mut Scope, setters: &mut Scope) -> ParamNames {
    let base = snake(param.name.as_str());
    if param.required {
        return ParamNames::Argument(arguments.assign(&base, "_param"));
    }
    if param.location == Location::Query
        && GENERAL_SETTERS.iter().any(|(name, _)| *name == param.name.as_str())
    {
        return ParamNames::Everywhere;
    }
    // The options of every call begin with `with_`.
    let base = if base.starts_with("with_") { format!("{base}_param") } else { base };
    ParamNames::Setter(setters.assign(&base, "_param"))
}

#[cfg(test)]
mod tests {
    use super::{GENERAL_SETTERS, RESERVED_SETTERS};
    use std::collections::BTreeSet;

    /// A parameter must not get the name of a function that every call has.
    #[test]
    fn every_function_of_every_call_is_reserved() {
        let text = include_str!("../../../runtime/client/src/call_options.rs");
        let file = syn::parse_file(text).unwrap();
        let of_trait = |item: syn::Item| match item {
            syn::Item::Trait(found) if found.ident == "CallOptions" => Some(found.items),
            _ => None,
        };
        let items = file.items.into_iter().find_map(of_trait).unwrap();
        let name = |item: syn::TraitItem| match item {
            syn::TraitItem::Fn(function) => Some(function.sig.ident.to_string()),
            _ => None,
        };
        let functions: BTreeSet<String> = items.into_iter().filter_map(name).collect();
        for function in functions.iter().filter(|name| !name.starts_with("with_")) {
            assert!(RESERVED_SETTERS.contains(&function.as_str()), "{function} is not reserved");
        }
        for (parameter, function) in GENERAL_SETTERS {
            assert!(functions.contains(*function), "nothing sets {parameter}");
        }
    }
}
