//! Pass: the resource tree and its methods.

use super::Lowering;
use super::params::capitalised;
use crate::discovery::{self, MediaUpload, Schema};
use crate::error::{Kind, pointer};
use crate::ir::{
    Api, Body, Doc, Media, Method, MethodId, Object, PathTemplate, Resource, ResourceId, Scalar,
    SchemaId, Shape, Type, Upload, Verb, WireName,
};
use discovery_describe::names::kebab;
use std::collections::BTreeMap;

impl<'a> Lowering<'a> {
    pub(super) fn lower_resources(&mut self) {
        let document = self.document;
        self.resource(None, None, &document.root);
    }

    fn resource(
        &mut self,
        name: Option<&str>,
        parent: Option<ResourceId>,
        node: &'a discovery::Resource<'a>,
    ) -> ResourceId {
        let id = ResourceId(u32::try_from(self.api.resources.len()).unwrap_or(u32::MAX));
        if let Some(name) = name {
            self.check_name(name, &node.at);
        }
        self.api.resources.push(Resource {
            name: name.map(|n| WireName(n.to_owned())),
            parent,
            at: node.at.clone(),
            methods: Vec::new(),
            children: Vec::new(),
            deprecated: node.deprecated,
        });
        let mut methods: Vec<_> = node.methods.iter().map(|(n, m)| (*n, m)).collect();
        methods.sort_by_key(|(name, _)| *name);
        for (name, method) in methods {
            if let Some(method) = self.method(id, name, method) {
                self.api.resources[id.index()].methods.push(method);
            }
        }
        self.check_commands(id);
        let mut children: Vec<_> = node.resources.iter().map(|(n, r)| (*n, r)).collect();
        children.sort_by_key(|(name, _)| *name);
        for (name, child) in children {
            if is_empty(child) {
                let message = format!("the resource `{name}` has no methods");
                self.warn(Kind::Other, &child.at, message, "no code is generated for it");
                continue;
            }
            let child = self.resource(Some(name), Some(id), child);
            self.api.resources[id.index()].children.push(child);
        }
        id
    }

    /// Warns of methods whose names differ only in their case and separators.
    fn check_commands(&mut self, resource: ResourceId) {
        let mut commands = BTreeMap::new();
        for id in self.api.resources[resource.index()].methods.clone() {
            let method = &self.api[id];
            let (name, at) = (method.name.as_str().to_owned(), method.at.clone());
            if let Some(first) = commands.insert(kebab(&name), name.clone()) {
                let message = format!("the method `{name}` has the command of `{first}`");
                let help = "command lines lack it; name it under `renames` in the overlay";
                self.warn(Kind::Degraded, &at, message, help);
            }
        }
    }

    fn method(
        &mut self,
        resource: ResourceId,
        name: &str,
        node: &'a discovery::Method<'a>,
    ) -> Option<MethodId> {
        self.check_name(name, &node.at);
        let id = MethodId(u32::try_from(self.api.methods.len()).unwrap_or(u32::MAX));
        let verb = self.verb(node);
        let path = self.path(node.path, &node.at, "path");
        let (verb, path) = (verb?, path?);
        let wire_id = node.id.map_or_else(|| self.derived_id(resource, name), str::to_owned);
        self.check_name(&wire_id, &node.at);
        let name = self.name_at(&node.at, name);
        self.api.methods.push(Method {
            id: WireName(wire_id),
            name,
            resource,
            at: node.at.clone(),
            doc: Doc(node.description.to_owned()),
            verb,
            path,
            params: Vec::new(),
            request: None,
            response: None,
            scopes: node.scopes.iter().map(|s| WireName((*s).to_owned())).collect(),
            default_scope: None,
            idempotent: false,
            holds: false,
            preconditions: Vec::new(),
            request_id: None,
            api_version: node.api_version.map(str::to_owned),
            items: None,
            paging: None,
            unpaged: None,
            streams: None,
            error_member: false,
            update: None,
            media: Media::default(),
            operation: false,
            long_running: None,
            deprecated: node.deprecated,
        });
        let params = self.params(id, node);
        let request = self.request(node, id, verb);
        let response = self.response(node, id, verb);
        let operation = response.as_ref().is_some_and(|b| is_operation(&self.api, b));
        let media = Media { upload: self.upload(node), download: node.media_download };
        let method = &mut self.api.methods[id.index()];
        (method.params, method.request, method.response) = (params, request, response);
        (method.operation, method.media) = (operation, media);
        Some(id)
    }

    fn derived_id(&self, resource: ResourceId, name: &str) -> String {
        let mut id = self.api.name.clone();
        for part in self.api.resource_path(resource) {
            id.push('.');
            id.push_str(part.as_str());
        }
        format!("{id}.{name}")
    }

    fn verb(&mut self, node: &discovery::Method<'_>) -> Option<Verb> {
        let verb = match node.http_method {
            Some("GET") => Verb::Get,
            Some("HEAD") => Verb::Head,
            Some("POST") => Verb::Post,
            Some("PUT") => Verb::Put,
            Some("PATCH") => Verb::Patch,
            Some("DELETE") => Verb::Delete,
            Some("OPTIONS") => Verb::Options,
            other => {
                let message = match other {
                    Some(text) => format!("HTTP method `{}` is unknown", text.escape_default()),
                    None => "the method has no `httpMethod`".to_owned(),
                };
                self.error(Kind::Malformed, &node.at, message, "patch it in the overlay");
                return None;
            }
        };
        Some(verb)
    }

    fn path(&mut self, text: Option<&str>, at: &str, key: &str) -> Option<PathTemplate> {
        let help = "a path is literal text with {x}, {+x} or {/x*}; patch it in the overlay";
        let Some(text) = text else {
            self.error(Kind::Malformed, at, format!("the method has no `{key}`"), help);
            return None;
        };
        match PathTemplate::parse(text.strip_prefix('/').unwrap_or(text)) {
            Ok(path) => Some(path),
            Err(why) => {
                let message = format!("path `{}`: {why}", text.escape_default());
                self.error(Kind::Malformed, &pointer(at, key), message, help);
                None
            }
        }
    }

    /// Returns the request body. GET, HEAD, and DELETE send none, even if the document declares one
    /// (as Go's `getwithoutbody`); no real document does.
    fn request(
        &mut self,
        node: &'a discovery::Method<'a>,
        id: MethodId,
        verb: Verb,
    ) -> Option<Body> {
        let request = node.request.as_ref()?;
        if matches!(verb, Verb::Get | Verb::Head) {
            let message = format!("a {} request has a body", verb.as_str());
            self.warn(Kind::Degraded, &request.at, message, "the body is not sent");
            return None;
        }
        Some(self.body(request, id, "Request"))
    }

    /// Returns the response body. HEAD has none (RFC 9110, section 9.3.2).
    fn response(
        &mut self,
        node: &'a discovery::Method<'a>,
        id: MethodId,
        verb: Verb,
    ) -> Option<Body> {
        let Some(response) = node.response.as_ref() else {
            // Such as `files.export` of Drive: there is nothing but content to return.
            return (node.media_download && verb == Verb::Get).then_some(Body::Raw(None));
        };
        if verb == Verb::Head {
            let message = "a HEAD request has a response".to_owned();
            self.warn(Kind::Degraded, &response.at, message, "servers send no body");
            return None;
        }
        Some(self.body(response, id, "Response"))
    }

    fn body(&mut self, node: &'a Schema<'a>, id: MethodId, suffix: &str) -> Body {
        if is_inline(node) {
            return Body::Json(self.inline_body(node, id, suffix));
        }
        let place = super::types::Place {
            owner: SchemaId(0),
            parent: String::new(),
            name: "body".to_owned(),
        };
        match self.ty(node, &place) {
            Type::Object(id) if is_http_body(&self.api, id) => Body::Raw(Some(id)),
            ty => Body::Json(ty),
        }
    }

    /// Turns an inline body into a schema named after the method.
    fn inline_body(&mut self, node: &'a Schema<'a>, method: MethodId, suffix: &str) -> Type {
        let m = &self.api[method];
        let resource = self.api[m.resource].name.as_ref().map_or("", WireName::as_str);
        let mut name: String =
            [resource, m.name.as_str(), suffix].into_iter().map(capitalised).collect();
        while self.api.schemas.iter().any(|s| s.name.0 == name) {
            name.push_str("Inline");
        }
        let owner = SchemaId(u32::try_from(self.api.schemas.len()).unwrap_or(u32::MAX));
        let name = self.name_at(&node.at, &name);
        let id = self.add_schema(crate::ir::Schema {
            name,
            owner,
            at: node.at.clone(),
            also_at: Vec::new(),
            doc: Doc(node.description.to_owned()),
            shape: Shape::Object(Object::default()),
            deprecated: node.deprecated,
        });
        self.api.schemas[id.index()].shape = self.shape(id, node);
        Type::Object(id)
    }

    fn upload(&mut self, node: &'a discovery::Method<'a>) -> Option<Upload> {
        let media: &MediaUpload<'_> = node.media_upload.as_ref()?;
        let text = media.simple_path.or(media.resumable_path);
        let path = self.path(text, &media.at, "protocols")?;
        let max_size = media.max_size.as_deref().and_then(|text| {
            let bytes = size(text);
            if bytes.is_none() {
                let message = format!("`maxSize` `{text}` is not a size");
                self.warn(Kind::Malformed, &media.at, message, "the size is not limited");
            }
            bytes
        });
        Some(Upload {
            path,
            resumable: media.resumable_path.is_some(),
            accept: media.accept.iter().map(|s| (*s).to_owned()).collect(),
            max_size,
            media_type: None,
        })
    }
}

/// Returns `true` if a schema contains, apart from references, anything that needs a Rust name.
fn is_inline(node: &Schema<'_>) -> bool {
    let named = !node.properties.is_empty()
        || node.variant.is_some()
        || node.values.as_ref().is_some_and(|values| !values.is_empty());
    let inner = [&node.items, &node.additional];
    node.reference.is_none() && (named || inner.into_iter().flatten().any(|inner| is_inline(inner)))
}

/// Returns `true` if a resource and its sub-resources have no methods.
fn is_empty(node: &discovery::Resource<'_>) -> bool {
    node.methods.is_empty() && node.resources.iter().all(|(_, child)| is_empty(child))
}

/// `google.api.HttpBody`: raw bytes with a content type.
fn is_http_body(api: &Api, id: SchemaId) -> bool {
    let named = api[id].name.as_str().ends_with("HttpBody");
    let Shape::Object(Object { fields, .. }) = &api[id].shape else { return false };
    let is = |name: &str, ty: &Type| fields.iter().any(|f| f.name.as_str() == name && f.ty == *ty);
    named
        && is("contentType", &Type::Scalar(Scalar::String))
        && is("data", &Type::Scalar(Scalar::Bytes))
}

/// `google.longrunning.Operation` (AIP-151).
fn is_operation(api: &Api, body: &Body) -> bool {
    let Body::Json(Type::Object(id)) = body else { return false };
    let Shape::Object(Object { fields, .. }) = &api[*id].shape else { return false };
    let is = |name: &str, ty: &Type| fields.iter().any(|f| f.name.as_str() == name && f.ty == *ty);
    is("name", &Type::Scalar(Scalar::String))
        && is("done", &Type::Scalar(Scalar::Bool))
        && is("response", &Type::Map(Box::new(Type::Any)))
        && fields.iter().any(|f| f.name.as_str() == "error")
}

/// Parses a `maxSize` into bytes: digits, or digits with a unit of the old format (`1GB`).
fn size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" => 1,
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        "TB" => 1u64 << 40,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("1073741824", Some(1 << 30)),
            ("1GB", Some(1 << 30)),
            ("10MB", Some(10 << 20)),
            ("", None),
            ("GB", None),
            ("1XB", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(size(text), bytes, "{text}");
        }
    }
}
