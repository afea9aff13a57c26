//! Discovery documents.

use crate::family::{Family, Work};
use discovery_generator::{Input, Model, Options, Product, Templates, analyze, diff, draft};
use serde_json::{Map, Value, json};

const fn family(name: &'static str, size: usize, make: fn(usize) -> Work) -> Family {
    Family { group: "document", name, size, make }
}

pub(crate) const ALL: &[Family] = &[
    family("schemas in a chain", 20, |n| {
        generate(schemas(n, |at| json!({"next": link(at + 1, n)})))
    }),
    family("schemas in a ring", 20, |n| {
        generate(schemas(n, |at| json!({"next": link((at + 1) % n, n)})))
    }),
    family("references of schemas to all", 100, |n| generate(complete(n, ""))),
    family("requirements of schemas of all", 100, |n| generate(complete(n, "Required. A schema."))),
    family("aliases in a chain", 200, |n| {
        analyzed(bare(n, |at| if at + 1 < n { link(at + 1, n) } else { json!({"type": "string"}) }))
    }),
    family("aliases in a chain, used by n fields", 100, |n| {
        let mut document =
            bare(n, |at| if at + 1 < n { link(at + 1, n) } else { json!({"type": "string"}) });
        let fields: Map<_, _> = (0..n).map(|at| (format!("f{at}"), link(0, n))).collect();
        document["schemas"]["User"] = json!({"id": "User", "type": "object", "properties": fields});
        analyzed(document)
    }),
    family("aliases in a ring", 200, |n| analyzed(bare(n, |at| link((at + 1) % n, n)))),
    family("chain, analyzed", 500, |n| analyzed(schemas(n, |at| json!({"next": link(at + 1, n)})))),
    family("ring, analyzed", 500, |n| {
        analyzed(schemas(n, |at| json!({"next": link((at + 1) % n, n)})))
    }),
    family("inline objects nested n deep", 8, |n| {
        let mut inner = json!({"type": "string"});
        for _ in 0..n {
            inner = json!({"type": "object", "properties": {"a": inner}});
        }
        generate(schemas(1, move |_| json!({ "a": inner })))
    }),
    family("lists nested n deep", 10, |n| {
        let mut inner = json!({"type": "string"});
        for _ in 0..n {
            inner = json!({"type": "array", "items": inner});
        }
        generate(schemas(1, move |_| json!({ "a": inner })))
    }),
    family("fields of a schema", 50, |n| {
        generate(schemas(1, |_| {
            (0..n).map(|at| (format!("f{at}"), text("A field."))).collect::<Map<_, _>>().into()
        }))
    }),
    family("fields whose names collide", 50, |n| {
        generate(schemas(1, |_| {
            collide(n).map(|name| (name, text("A field."))).collect::<Map<_, _>>().into()
        }))
    }),
    family("schemas whose names collide", 20, |n| {
        let all = collide(n).map(|name| {
            (name.clone(), json!({"id": name, "type": "object", "properties": {"a": text("")}}))
        });
        generate(document(all.collect(), Map::new()))
    }),
    family("values of an enum", 50, |n| {
        generate(schemas(1, |_| json!({"e": values(n, |at| format!("VALUE_{at}"))})))
    }),
    family("values of an enum that collide", 50, |n| {
        let names: Vec<String> = collide(n).collect();
        generate(schemas(1, |_| json!({"e": values(n, |at| names[at].clone())})))
    }),
    family("methods", 10, |n| {
        generate(document(
            Map::new(),
            (0..n).map(|at| method(at, &format!("v1/things{at}"), json!({}))).collect(),
        ))
    }),
    family("methods of one path", 10, |n| {
        generate(document(
            Map::new(),
            (0..n).map(|at| method(at, "v1/things", json!({}))).collect(),
        ))
    }),
    family("parameters of a method", 30, |n| {
        let all: Map<_, _> = (0..n)
            .map(|at| {
                (
                    format!("p{at}"),
                    json!({"type": "string", "location": "query", "description": "A parameter."}),
                )
            })
            .collect();
        generate(document(Map::new(), [method(0, "v1/things", all.into())].into_iter().collect()))
    }),
    family("segments of a path", 50, |n| {
        generate(document(
            Map::new(),
            [method(0, &format!("v1{}", "/a".repeat(n)), json!({}))].into_iter().collect(),
        ))
    }),
    family("variables of a path", 20, |n| {
        let all: Map<_, _> = (0..n)
            .map(|at| {
                (format!("p{at}"), json!({"type": "string", "location": "path", "required": true}))
            })
            .collect();
        let path: String = (0..n).map(|at| format!("/{{p{at}}}")).collect();
        generate(document(
            Map::new(),
            [method(0, &format!("v1{path}"), all.into())].into_iter().collect(),
        ))
    }),
    family("resources nested n deep", 5, |n| {
        let mut inner = json!({"methods": Map::from_iter([method(0, "v1/things", json!({}))])});
        for _ in 0..n {
            inner = json!({"resources": {"a": inner}});
        }
        let mut whole = document(Map::new(), Map::new());
        whole["resources"] = json!({ "a": inner });
        generate(whole)
    }),
    family("scopes", 50, |n| {
        let mut whole =
            document(Map::new(), [method(0, "v1/things", json!({}))].into_iter().collect());
        let scopes: Map<_, _> = (0..n)
            .map(|at| {
                (
                    format!("https://www.googleapis.com/auth/s{at}"),
                    json!({"description": "A scope."}),
                )
            })
            .collect();
        whole["resources"]["things"]["methods"]["m0"]["scopes"] = scopes.keys().cloned().collect();
        whole["auth"] = json!({"oauth2": {"scopes": scopes}});
        generate(whole)
    }),
    family("a description of n words", 1000, |n| described("word ".repeat(n))),
    family("a description of one word of n bytes", 5000, |n| described("w".repeat(n))),
    family("a description of n sentences", 300, |n| described("A sentence. ".repeat(n))),
    family("a description of n links", 200, |n| described("[a](https://example.com/a) ".repeat(n))),
    family("a description of n addresses", 200, |n| described("https://example.com/a ".repeat(n))),
    family("a description of n open brackets", 500, |n| described("[".repeat(n))),
    family("a description of n open links", 300, |n| described("[a](".repeat(n))),
    family("a description of n stars", 1000, |n| described("*a ".repeat(n))),
    family("a description of n ticks", 1000, |n| described("`a ".repeat(n))),
    family("a description of n ticks in a row", 1000, |n| {
        described((1..n.isqrt()).map(|at| format!("{} ", "`".repeat(at))).collect())
    }),
    family("a description of n open tags", 500, |n| described("<a ".repeat(n))),
    family("a description of n items", 200, |n| described("* item\n".repeat(n))),
    family("a description of lists nested n deep", 50, |n| {
        described((0..n).map(|at| format!("{}* a\n", "  ".repeat(at))).collect())
    }),
    family("a description of quotes nested n deep", 200, |n| {
        described(format!("{} a", "> ".repeat(n)))
    }),
    family("a description of n rows", 100, |n| {
        described(format!("|a|b|\n|-|-|\n{}", "|c|d|\n".repeat(n)))
    }),
    family("a description of n references", 200, |n| described("[S0][] ".repeat(n))),
    family("a description of n fences", 200, |n| described("```\n".repeat(n * 2 + 1))),
    family("differences of n schemas", 100, |n| {
        differing(schemas(n, |_| json!({"a": text("")})), schemas(n, |_| json!({"b": text("")})))
    }),
    family("differences of n names", 50, |n| {
        let of = |letter: char| {
            let all = (0..n).map(|at| (format!("{letter}{at}"), text("")));
            schemas(1, |_| all.clone().collect::<Map<_, _>>().into())
        };
        differing(of('a'), of('b'))
    }),
    family("differences of n methods", 30, |n| {
        let of = |word: &str| {
            document(
                Map::new(),
                (0..n).map(|at| method(at, &format!("v1/{word}{at}"), json!({}))).collect(),
            )
        };
        differing(of("a"), of("b"))
    }),
    family("differences of n values", 50, |n| {
        let of = |word: &'static str| {
            schemas(1, |_| json!({"e": values(n, |at| format!("{word}_{at}"))}))
        };
        differing(of("A"), of("B"))
    }),
    family("differences of n words", 500, |n| {
        let of = |word: &str| {
            schemas(
                1,
                |_| json!({"a": text(&(0..n).map(|at| format!("{word}{at} ")).collect::<String>())}),
            )
        };
        differing(of("a"), of("b"))
    }),
    family("nesting of JSON", 500, |n| {
        let text = format!("{{\"x\":{}{}}}", "[".repeat(n), "]".repeat(n));
        Box::new(move || outcome(&text).1)
    }),
    family("members that the format does not know", 500, |n| {
        let mut whole = document(Map::new(), Map::new());
        for at in 0..n {
            whole[format!("k{at}")] = json!(1);
        }
        analyzed(whole)
    }),
];

fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

fn link(to: usize, n: usize) -> Value {
    if to < n { json!({"$ref": format!("S{to}")}) } else { json!({"type": "string"}) }
}

/// Schemas that refer to all schemas, with so many references.
fn complete(references: usize, description: &str) -> Value {
    let n = references.isqrt();
    let reference = |to| json!({"$ref": format!("S{to}"), "description": description});
    schemas(n, |_| (0..n).map(|to| (format!("f{to}"), reference(to))).collect::<Map<_, _>>().into())
}

/// Names that become the same in Rust.
fn collide(n: usize) -> impl Iterator<Item = String> {
    (0..n).map(|at| format!("a{}b{}", "_".repeat(at % 7 + 1), "-".repeat(at / 7 + 1)))
}

fn values(n: usize, name: impl Fn(usize) -> String) -> Value {
    let names: Vec<String> = (0..n).map(name).collect();
    json!({"type": "string", "enum": names, "enumDescriptions": vec!["A value."; n]})
}

/// Schemas that are not objects.
fn bare(n: usize, of: impl Fn(usize) -> Value) -> Value {
    let schema = |at: usize| {
        let mut schema = of(at);
        schema["id"] = format!("S{at}").into();
        (format!("S{at}"), schema)
    };
    document((0..n).map(schema).collect(), Map::new())
}

/// Objects with these properties.
fn schemas(n: usize, properties: impl Fn(usize) -> Value) -> Value {
    bare(
        n,
        |at| json!({"type": "object", "description": "A schema.", "properties": properties(at)}),
    )
}

fn method(at: usize, path: &str, parameters: Value) -> (String, Value) {
    let order: Vec<&String> = parameters
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, p)| p["location"] == "path")
        .map(|(name, _)| name)
        .collect();
    let method = json!({
        "id": format!("growth.things.m{at}"), "httpMethod": "GET", "path": path, "description": "Gets a thing.",
        "parameterOrder": order, "parameters": parameters,
    });
    (format!("m{at}"), method)
}

fn document(schemas: Map<String, Value>, methods: Map<String, Value>) -> Value {
    json!({
        "kind": "discovery#restDescription", "discoveryVersion": "v1", "protocol": "rest",
        "id": "growth:v1", "name": "growth", "version": "v1", "revision": "20260101",
        "title": "Growth API", "description": "An API that does not exist.",
        "documentationLink": "https://example.com/growth/",
        "rootUrl": "https://growth.example.com/", "servicePath": "", "batchPath": "batch",
        "schemas": schemas, "resources": { "things": { "methods": methods } },
    })
}

/// A document whose field and method have a description.
fn described(description: String) -> Work {
    let mut whole = schemas(1, |_| json!({"a": text(&description)}));
    let (name, mut method) = method(0, "v1/things", json!({}));
    method["description"] = description.into();
    method["response"] = json!({"$ref": "S0"});
    whole["resources"]["things"]["methods"][name] = method;
    generate(whole)
}

fn analyzed(document: Value) -> Work {
    let text = document.to_string();
    Box::new(move || outcome(&text).1)
}

fn outcome(text: &str) -> (Option<Model>, String) {
    match analyze(&Input { file: "growth-v1.json", document: text, overlay: None, methods: None }) {
        Ok(model) => (Some(model), "ok".to_owned()),
        Err(report) => (None, format!("refused: {report}")),
    }
}

/// Analyzes a document, and prints all products, without formatting them.
fn generate(document: Value) -> Work {
    let text = document.to_string();
    let templates = Templates::new(discovery_templates::FILES.iter().copied());
    let Ok(templates) = templates else { panic!("the templates are broken") };
    Box::new(move || {
        let (Some(model), _) = outcome(&text) else { return outcome(&text).1 };
        let products = [Product::Client, Product::Cli, Product::Mock, Product::Docs];
        let options = Options { tests: true, ..Options::new(products) };
        match draft(&model, "growth-v1.json", &options, &templates) {
            Ok(tree) => format!("{} files", tree.iter().count()),
            Err(report) => format!("broken: {report}"),
        }
    })
}

fn differing(old: Value, new: Value) -> Work {
    let of = |document: Value| outcome(&document.to_string()).0.unwrap();
    let (old, new) = (of(old), of(new));
    Box::new(move || {
        let found = diff::diff(&old, &new);
        format!("{} and {} bytes", diff::text(&found).len(), diff::markdown(&found, None).len())
    })
}
