//! The document, its resources and its methods.

use super::object::Obj;
use super::schema::Schema;
use crate::error::{Diagnostic, Kind, Report, Stage, pointer};

/// A discovery document.
#[derive(Debug)]
pub struct Document<'a> {
    /// `id`.
    pub id: Option<&'a str>,
    /// `name`.
    pub name: &'a str,
    /// `version`.
    pub version: &'a str,
    /// `revision`.
    pub revision: &'a str,
    /// `title`.
    pub title: &'a str,
    /// `description`.
    pub description: &'a str,
    /// `documentationLink`.
    pub documentation_link: &'a str,
    /// `rootUrl`.
    pub root_url: Option<&'a str>,
    /// `servicePath`.
    pub service_path: &'a str,
    /// `mtlsRootUrl`.
    pub mtls_root_url: Option<&'a str>,
    /// `batchPath`.
    pub batch_path: Option<&'a str>,
    /// `features`.
    pub features: Vec<&'a str>,
    /// `endpoints`.
    pub endpoints: Vec<Endpoint<'a>>,
    /// `auth.oauth2.scopes`, with descriptions.
    pub scopes: Vec<(&'a str, &'a str)>,
    /// `parameters`.
    pub parameters: Vec<(&'a str, Schema<'a>)>,
    /// `schemas`.
    pub schemas: Vec<(&'a str, Schema<'a>)>,
    /// `methods` and `resources` of the top level.
    pub root: Resource<'a>,
}

/// A regional endpoint.
#[derive(Debug)]
pub struct Endpoint<'a> {
    /// `location`.
    pub location: &'a str,
    /// `endpointUrl`.
    pub url: &'a str,
    /// `description`.
    pub description: &'a str,
}

/// A resource.
#[derive(Debug)]
pub struct Resource<'a> {
    /// JSON pointer.
    pub at: String,
    /// `methods`.
    pub methods: Vec<(&'a str, Method<'a>)>,
    /// `resources`.
    pub resources: Vec<(&'a str, Resource<'a>)>,
    /// `deprecated`.
    pub deprecated: bool,
}

/// A method.
#[derive(Debug)]
pub struct Method<'a> {
    /// JSON pointer.
    pub at: String,
    /// `id`.
    pub id: Option<&'a str>,
    /// `httpMethod`.
    pub http_method: Option<&'a str>,
    /// `path`.
    pub path: Option<&'a str>,
    /// `flatPath`.
    pub flat_path: Option<&'a str>,
    /// `description`.
    pub description: &'a str,
    /// `parameterOrder`.
    pub parameter_order: Vec<&'a str>,
    /// `parameters`.
    pub parameters: Vec<(&'a str, Schema<'a>)>,
    /// `request`.
    pub request: Option<Schema<'a>>,
    /// `response`.
    pub response: Option<Schema<'a>>,
    /// `scopes`.
    pub scopes: Vec<&'a str>,
    /// `apiVersion`.
    pub api_version: Option<&'a str>,
    /// `supportsMediaDownload`.
    pub media_download: bool,
    /// `mediaUpload`, where `supportsMediaUpload`.
    pub media_upload: Option<MediaUpload<'a>>,
    /// `deprecated`.
    pub deprecated: bool,
}

/// Media upload of a method.
#[derive(Debug)]
pub struct MediaUpload<'a> {
    /// `accept`.
    pub accept: Vec<&'a str>,
    /// `maxSize`.
    pub max_size: Option<String>,
    /// `protocols.simple.path`.
    pub simple_path: Option<&'a str>,
    /// `protocols.resumable.path`.
    pub resumable_path: Option<&'a str>,
    /// JSON pointer.
    pub at: String,
}

/// Known keys that clients do not need (discovery reference, "REST description").
const UNUSED: &[&str] = &[
    "basePath",
    "baseUrl",
    "canonicalName",
    "discoveryVersion",
    "etag",
    "exponentialBackoffDefault",
    "fullyEncodeReservedExpansion",
    "icons",
    "kind",
    "labels",
    "licenseRequirement",
    "ownerDomain",
    "ownerName",
    "packagePath",
    "protocol",
    "rpcPath",
    "rpcUrl",
    "serviceVersion",
    "version_module",
];

const KNOWN: &[&str] = &[
    "auth",
    "basePath",
    "baseUrl",
    "batchPath",
    "canonicalName",
    "description",
    "discoveryVersion",
    "documentationLink",
    "endpoints",
    "etag",
    "exponentialBackoffDefault",
    "features",
    "fullyEncodeReservedExpansion",
    "icons",
    "id",
    "kind",
    "labels",
    "licenseRequirement",
    "methods",
    "mtlsRootUrl",
    "name",
    "ownerDomain",
    "ownerName",
    "packagePath",
    "parameters",
    "protocol",
    "resources",
    "revision",
    "rootUrl",
    "rpcPath",
    "rpcUrl",
    "schemas",
    "servicePath",
    "serviceVersion",
    "title",
    "version",
    "version_module",
];

impl<'a> Document<'a> {
    pub(super) fn read(mut o: Obj<'a>, report: &mut Report) -> Option<Self> {
        let (name, version) = (o.text("name", report), o.text("version", report));
        for (key, value) in [("name", name), ("version", version)] {
            if value.is_none_or(str::is_empty) {
                let message = format!("the document has no `{key}`");
                report.push(
                    Diagnostic::error(Stage::Parse, Kind::Malformed, format!("/{key}"), message)
                        .help("this does not look like a discovery document"),
                );
            }
        }
        o.ignore(UNUSED);
        let schemas = o.objects("schemas", report);
        let parameters = o.objects("parameters", report);
        let out = Self {
            id: o.text("id", report),
            name: name?,
            version: version?,
            revision: o.text("revision", report).unwrap_or_default(),
            title: o.text("title", report).unwrap_or_default(),
            description: o.text("description", report).unwrap_or_default(),
            documentation_link: o.text("documentationLink", report).unwrap_or_default(),
            root_url: o.text("rootUrl", report),
            service_path: o.text("servicePath", report).unwrap_or_default(),
            mtls_root_url: o.text("mtlsRootUrl", report),
            batch_path: o.text("batchPath", report).filter(|p| !p.is_empty()),
            features: o.texts("features", report).unwrap_or_default(),
            endpoints: Endpoint::read_all(&mut o, report),
            scopes: scopes(&mut o, report),
            parameters: Schema::read_all(parameters, report),
            schemas: Schema::read_all(schemas, report),
            root: Resource::members(&mut o, report),
        };
        o.finish(KNOWN, report);
        Some(out)
    }
}

fn scopes<'a>(o: &mut Obj<'a>, report: &mut Report) -> Vec<(&'a str, &'a str)> {
    let Some(mut auth) = o.object("auth", report) else { return Vec::new() };
    let Some(mut oauth2) = auth.object("oauth2", report) else { return Vec::new() };
    let mut out = Vec::new();
    for (url, mut scope) in oauth2.objects("scopes", report) {
        out.push((url, scope.text("description", report).unwrap_or_default()));
        scope.finish(&["description"], report);
    }
    oauth2.finish(&["scopes"], report);
    auth.finish(&["oauth2"], report);
    out
}

impl<'a> Endpoint<'a> {
    fn read_all(o: &mut Obj<'a>, report: &mut Report) -> Vec<Self> {
        let at = pointer(&o.at, "endpoints");
        let items = o.array("endpoints", report).unwrap_or_default();
        let mut out = Vec::new();
        for (i, value) in items.iter().enumerate() {
            let Some(mut e) = Obj::new(value, pointer(&at, &i.to_string()), report) else {
                continue;
            };
            let (location, url) = (e.text("location", report), e.text("endpointUrl", report));
            let description = e.text("description", report).unwrap_or_default();
            e.ignore(&["deprecated"]);
            e.finish(&["location", "endpointUrl", "description", "deprecated"], report);
            if let (Some(location), Some(url)) = (location, url) {
                out.push(Self { location, url, description });
            }
        }
        out
    }
}

impl<'a> Resource<'a> {
    fn members(o: &mut Obj<'a>, report: &mut Report) -> Self {
        let methods = o.objects("methods", report);
        let resources = o.objects("resources", report);
        Self {
            methods: methods.into_iter().map(|(n, m)| (n, Method::read(m, report))).collect(),
            resources: resources.into_iter().map(|(n, r)| (n, Self::read(r, report))).collect(),
            deprecated: false,
            at: o.at.clone(),
        }
    }

    fn read(mut o: Obj<'a>, report: &mut Report) -> Self {
        let out =
            Self { deprecated: o.flag("deprecated", report), ..Self::members(&mut o, report) };
        o.finish(&["methods", "resources", "deprecated"], report);
        out
    }
}

const METHOD: &[&str] = &[
    "apiVersion",
    "deprecated",
    "description",
    "etagRequired",
    "flatPath",
    "httpMethod",
    "id",
    "mediaUpload",
    "parameterOrder",
    "parameters",
    "path",
    "request",
    "response",
    "scopes",
    "supportsMediaDownload",
    "supportsMediaUpload",
    "supportsSubscription",
    "useMediaDownloadService",
];

impl<'a> Method<'a> {
    fn read(mut o: Obj<'a>, report: &mut Report) -> Self {
        o.ignore(&[
            "etagRequired",
            "supportsMediaUpload",
            "supportsSubscription",
            "useMediaDownloadService",
        ]);
        let out = Self {
            id: o.text("id", report),
            http_method: o.text("httpMethod", report),
            path: o.text("path", report),
            flat_path: o.text("flatPath", report),
            description: o.text("description", report).unwrap_or_default(),
            parameter_order: o.texts("parameterOrder", report).unwrap_or_default(),
            parameters: Schema::read_all(o.objects("parameters", report), report),
            request: body(&mut o, "request", report),
            response: body(&mut o, "response", report),
            scopes: o.texts("scopes", report).unwrap_or_default(),
            api_version: o.text("apiVersion", report).filter(|v| !v.is_empty()),
            media_download: o.flag("supportsMediaDownload", report),
            media_upload: MediaUpload::read(&mut o, report),
            deprecated: o.flag("deprecated", report),
            at: String::new(),
        };
        o.finish(METHOD, report);
        Self { at: o.at, ..out }
    }
}

/// Reads a request or response: a schema with an optional `parameterName`, which clients do not
/// need.
fn body<'a>(o: &mut Obj<'a>, key: &str, report: &mut Report) -> Option<Schema<'a>> {
    let mut inner = o.object(key, report)?;
    inner.ignore(&["parameterName"]);
    Some(Schema::read(inner, report))
}

impl<'a> MediaUpload<'a> {
    fn read(o: &mut Obj<'a>, report: &mut Report) -> Option<Self> {
        let mut media = o.object("mediaUpload", report)?;
        let accept = media.texts("accept", report).unwrap_or_default();
        let max_size = media.loose_text("maxSize");
        let mut out =
            Self { accept, max_size, simple_path: None, resumable_path: None, at: String::new() };
        if let Some(mut protocols) = media.object("protocols", report) {
            let mut path = |name: &str| {
                let mut protocol = protocols.object(name, report)?;
                protocol.ignore(&["multipart"]);
                let path = protocol.text("path", report);
                protocol.finish(&["multipart", "path"], report);
                path
            };
            (out.simple_path, out.resumable_path) = (path("simple"), path("resumable"));
            protocols.finish(&["simple", "resumable"], report);
        }
        media.finish(&["accept", "maxSize", "protocols"], report);
        Some(Self { at: media.at, ..out })
    }
}
