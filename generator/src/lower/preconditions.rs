//! Pass: decides which methods are idempotent, and which arguments make a call conditional on the
//! version of its resource, so that repeating it does no harm.

use std::collections::BTreeSet;

use super::Lowering;
use crate::ir::{
    Api, Body, Field, Location, Method, MethodId, Param, Precondition, Scalar, SchemaId, Shape,
    Type, Verb, WireName,
};

/// Parameters that compare the generation of an object of Cloud Storage.
const GENERATION: &str = "ifGenerationMatch";
/// Parameters that compare the generation of an object's metadata.
const METAGENERATION: &str = "ifMetagenerationMatch";
/// Names of a resource's version, in the query and in bodies (AIP-154).
const VERSIONS: [&str; 2] = ["etag", "fingerprint"];
/// Words of descriptions that say what a version is for.
const CHECKED: [&str; 9] = [
    "up-to-date",
    "optimistic",
    "read-modify-write",
    "concurrency",
    "freshness",
    "must match",
    "does not match",
    "does not have this etag",
    "rejected",
];

impl Lowering<'_> {
    pub(super) fn detect_preconditions(&mut self) {
        let read = resources(&self.api);
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            let found = preconditions(&self.api, &self.api[id], &read);
            let idempotent = self.idempotent(id, found.is_empty());
            let method = &mut self.api.methods[id.index()];
            (method.preconditions, method.idempotent) = (found, idempotent);
        }
    }

    /// Decides idempotency by overlay, standard name (the IAM methods that read by POST), or verb
    /// (RFC 9110, section 9.2.2). A PUT or DELETE that could be conditional, and is not, may undo the
    /// change of another client when it is repeated.
    fn idempotent(&mut self, id: MethodId, unconditional: bool) -> bool {
        let method = &self.api[id];
        let hinted = self.hints.idempotent.contains(&method.id.0);
        let refused = self.hints.not_idempotent.contains(&method.id.0);
        if hinted || refused {
            self.used_hints.insert(method.id.0.clone());
        }
        let by_verb = match method.verb {
            Verb::Get | Verb::Head | Verb::Options => true,
            Verb::Put | Verb::Delete => unconditional,
            Verb::Post | Verb::Patch => false,
        };
        let reads_by_post = matches!(method.name.as_str(), "getIamPolicy" | "testIamPermissions");
        !refused && (hinted || reads_by_post || by_verb)
    }
}

/// Returns the types that read methods return.
fn resources(api: &Api) -> BTreeSet<SchemaId> {
    let reads = api.methods.iter().filter(|method| method.verb == Verb::Get);
    reads.filter_map(|method| object(api, method.response.as_ref())).collect()
}

fn object(api: &Api, body: Option<&Body>) -> Option<SchemaId> {
    let Some(Body::Json(ty)) = body else { return None };
    object_of(api, ty)
}

fn object_of(api: &Api, ty: &Type) -> Option<SchemaId> {
    match api.resolve(ty) {
        Type::Object(id) => Some(*id),
        _ => None,
    }
}

fn fields(api: &Api, id: SchemaId) -> &[Field] {
    match &api[id].shape {
        Shape::Object(object) => &object.fields,
        _ => &[],
    }
}

fn preconditions(api: &Api, method: &Method, read: &BTreeSet<SchemaId>) -> Vec<Precondition> {
    if matches!(method.verb, Verb::Get | Verb::Head | Verb::Options) {
        return Vec::new();
    }
    let mut found: Vec<Precondition> = in_query(method).map(Precondition::Query).collect();
    if let Some(request) = object(api, method.request.as_ref())
        && method.verb != Verb::Delete
    {
        found.extend(in_body(api, method.verb, request, read));
    }
    found
}

/// Returns the parameters that compare versions. The generation of metadata restarts with each new
/// object of the same name: it protects changes of metadata, but neither a deletion nor a new object.
fn in_query(method: &Method) -> impl Iterator<Item = WireName> {
    let names = |p: &&Param| p.location == Location::Query && !p.repeated;
    let query = || method.params.iter().filter(names);
    let has_generations = query().any(|p| p.name.as_str() == GENERATION);
    let counts = move |p: &&Param| match p.name.as_str() {
        GENERATION => true,
        METAGENERATION => match method.verb {
            Verb::Delete => false,
            Verb::Post => !has_generations,
            _ => true,
        },
        name => VERSIONS.contains(&name) && p.ty == Scalar::String,
    };
    query().filter(counts).map(|p| p.name.clone())
}

/// Returns the members of a body that hold a version: of the resource that is sent, of the policy
/// that is set (AIP-211), or of the resource that a request of another kind names. In a POST of a
/// resource, which makes one, a version says nothing.
fn in_body(
    api: &Api,
    verb: Verb,
    request: SchemaId,
    read: &BTreeSet<SchemaId>,
) -> Vec<Precondition> {
    let makes = verb == Verb::Post && read.contains(&request);
    let own = fields(api, request).iter().filter(|f| !makes && is_version(f, verb == Verb::Post));
    let mut found: Vec<_> = own.map(|f| Precondition::Body(vec![f.name.clone()])).collect();
    let policies = fields(api, request).iter().filter(|f| f.name.as_str() == "policy");
    for policy in policies {
        let Some(id) = object_of(api, &policy.ty) else { continue };
        let etag = fields(api, id).iter().find(|f| f.name.as_str() == "etag");
        found.extend(etag.map(|e| Precondition::Body(vec![policy.name.clone(), e.name.clone()])));
    }
    found
}

/// Returns whether a member holds a version that the server compares. Some servers only return it,
/// or ignore it; `strict` members have to say that they are compared.
fn is_version(field: &Field, strict: bool) -> bool {
    let text = field.doc.0.to_ascii_lowercase();
    let says_so = CHECKED.iter().any(|word| text.contains(word));
    let named = VERSIONS.contains(&field.name.as_str());
    let plain = field.name.as_str() == "etag" && !strict && !text.contains("output only");
    let ignored = ["deprecated", "not used", "caching"].iter().any(|word| text.contains(word));
    named
        && [Scalar::String, Scalar::Bytes].iter().any(|scalar| field.ty == *scalar)
        && !ignored
        && (says_so || plain)
}

#[cfg(test)]
mod tests {
    use super::in_query;

    #[test]
    fn a_version_of_metadata_is_no_version_of_an_object() {
        let params = |names: &[&str]| {
            let one = |name: &&str| format!(r#""{name}":{{"type":"string","location":"query"}}"#);
            names.iter().map(one).collect::<Vec<_>>().join(",")
        };
        for (verb, names, expected) in [
            (
                "POST",
                &["ifGenerationMatch", "ifMetagenerationMatch"][..],
                &["ifGenerationMatch"][..],
            ),
            ("POST", &["ifMetagenerationMatch"], &["ifMetagenerationMatch"]),
            ("DELETE", &["ifMetagenerationMatch"], &[]),
            ("DELETE", &["etag"], &["etag"]),
            (
                "PATCH",
                &["ifGenerationMatch", "ifMetagenerationMatch"],
                &["ifGenerationMatch", "ifMetagenerationMatch"],
            ),
            ("PUT", &["ifGenerationNotMatch", "ifSourceGenerationMatch"], &[]),
        ] {
            let text = format!(
                r#"{{"name":"t","version":"v1","resources":{{"r":{{"methods":{{"m":{{"id":"t.r.m",
                "path":"r","httpMethod":"{verb}","parameters":{{{}}}}}}}}}}}}}"#,
                params(names)
            );
            let input = crate::Input { file: "t", document: &text, overlay: None, methods: None };
            let model = crate::analyze(&input).unwrap();
            let found: Vec<String> = in_query(&model.api.methods[0]).map(|n| n.0).collect();
            assert_eq!(found, expected, "{verb} {names:?}");
        }
    }
}
