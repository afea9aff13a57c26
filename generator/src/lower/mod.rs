//! Stage 4: wire structs to the IR, in named passes.
//!
//! After this stage, every reference resolves, every path template matches its parameters, every
//! recursion is boxed, and the order is fixed.

mod behavior;
mod by_status;
mod cycles;
mod error_members;
mod facts;
mod gates;
mod holds;
mod items;
mod large;
mod listed;
mod media;
mod methods;
mod operations;
mod paging;
mod params;
mod preconditions;
mod prominence;
mod request_ids;
mod schemas;
mod scopes;
mod selection;
mod shared;
mod streams;
mod targets;
mod types;
mod updates;
mod validate;

use crate::discovery::Document;
use crate::error::{Diagnostic, Kind, Report, Stage};
use crate::ir::{Api, Doc, Endpoint, ExampleNames, Gates, Schema, SchemaId, Scope, WireName};
use crate::overlay::Hints;
use crate::selection::Selected;
use std::collections::{BTreeMap, BTreeSet};

/// State of lowering.
pub(crate) struct Lowering<'a> {
    pub(crate) document: &'a Document<'a>,
    pub(crate) hints: &'a Hints,
    /// Selected methods; `None` for all.
    pub(crate) selected: Option<&'a Selected>,
    pub(crate) report: &'a mut Report,
    pub(crate) api: Api,
    /// Top-level schemas, by the document's name.
    pub(crate) by_name: BTreeMap<&'a str, SchemaId>,
    /// Shared inline objects, by JSON pointers of their occurrences.
    pub(crate) shared: BTreeMap<&'a str, SchemaId>,
    /// Shared enumerations made so far, by the overlay's name.
    pub(crate) shared_enums: BTreeMap<&'a str, crate::ir::EnumId>,
    /// JSON pointers of used hints.
    pub(crate) used_hints: BTreeSet<String>,
}

/// Lowers a document. Findings go to `report`; the result is valid only if none is an error.
pub fn lower<'a>(
    document: &'a Document<'a>,
    hints: &'a Hints,
    selected: Option<&'a Selected>,
    report: &'a mut Report,
) -> Api {
    let mut lowering = Lowering {
        api: header(document),
        document,
        hints,
        selected,
        report,
        by_name: BTreeMap::new(),
        shared: BTreeMap::new(),
        shared_enums: BTreeMap::new(),
        used_hints: BTreeSet::new(),
    };
    lowering.validate_header();
    lowering.lower_schemas();
    lowering.break_alias_cycles();
    lowering.lower_globals();
    lowering.lower_resources();
    lowering.check_cases();
    lowering.detect_streams();
    lowering.detect_paging();
    lowering.detect_items();
    lowering.detect_listed();
    lowering.explain_lists();
    lowering.detect_preconditions();
    lowering.choose_scopes();
    lowering.detect_updates();
    lowering.detect_media_types();
    lowering.detect_request_ids();
    lowering.detect_error_members();
    lowering.detect_operations();
    lowering.detect_holds();
    lowering.check_required();
    lowering.check_prominent();
    lowering.select();
    lowering.rank_resources();
    lowering.find_gates();
    lowering.read_descriptions();
    let component = lowering.box_recursion();
    lowering.box_large(&component);
    lowering.validate_methods();
    lowering.validate_scopes();
    lowering.check_hints();
    lowering.api
}

fn header(d: &Document<'_>) -> Api {
    let doc = |s: &str| Doc(s.to_owned());
    let mut scopes: Vec<_> = (d.scopes.iter())
        .map(|(url, text)| Scope { url: WireName((*url).to_owned()), doc: doc(text) })
        .collect();
    scopes.sort_by(|a, b| a.url.cmp(&b.url));
    let mut endpoints: Vec<_> = (d.endpoints.iter())
        .map(|e| Endpoint {
            location: WireName(e.location.to_owned()),
            url: slash(e.url),
            doc: doc(e.description),
        })
        .collect();
    endpoints.sort_by(|a, b| a.location.cmp(&b.location));
    Api {
        id: format!("{}:{}", d.name, d.version),
        name: d.name.to_owned(),
        version: d.version.to_owned(),
        revision: d.revision.to_owned(),
        title: doc(if d.title.is_empty() { d.name } else { d.title }),
        doc: doc(d.description),
        documentation_link: d.documentation_link.to_owned(),
        // Without `rootUrl`, the API's name determines the host.
        root_url: d.root_url.map_or_else(|| format!("https://{}.googleapis.com/", d.name), slash),
        mtls_root_url: d.mtls_root_url.filter(|u| !u.is_empty()).map(slash),
        service_path: d.service_path.trim_start_matches('/').to_owned(),
        batch_path: d.batch_path.map(|p| p.trim_start_matches('/').to_owned()),
        data_wrapper: d.features.contains(&"dataWrapper"),
        endpoints,
        scopes,
        globals: Vec::new(),
        schemas: Vec::new(),
        enums: Vec::new(),
        methods: Vec::new(),
        resources: Vec::new(),
        prominence: Vec::new(),
        selection: None,
        gates: Gates::default(),
        examples: ExampleNames::default(),
    }
}

fn slash(url: &str) -> String {
    if url.ends_with('/') { url.to_owned() } else { format!("{url}/") }
}

impl Lowering<'_> {
    pub(crate) fn error(&mut self, kind: Kind, at: &str, message: String, help: &str) {
        self.report.push(Diagnostic::error(Stage::Lower, kind, at, message).help(help));
    }

    pub(crate) fn warn(&mut self, kind: Kind, at: &str, message: String, help: &str) {
        self.report.push(Diagnostic::warning(Stage::Lower, kind, at, message).help(help));
    }

    pub(crate) fn add_schema(&mut self, schema: Schema) -> SchemaId {
        let id = SchemaId(u32::try_from(self.api.schemas.len()).unwrap_or(u32::MAX));
        self.api.schemas.push(schema);
        id
    }

    /// Returns the overlay's name for the item at `at`, or else the document's.
    pub(crate) fn name_at(&mut self, at: &str, name: &str) -> WireName {
        match self.hints.renames.get(at) {
            Some(new) => {
                self.used_hints.insert(at.to_owned());
                WireName(new.clone())
            }
            None => WireName(name.to_owned()),
        }
    }
}
