//! A small API with features of BigQuery, People, Drive, and Compute: resources identified by a
//! reference or by `resourceName`, lists with fewer fields, lists by scope, and resources without a
//! create method.

use discovery_runtime::reflect::{
    ApiInfo, FieldInfo, Location, MethodInfo, ParamInfo, SchemaInfo, TypeInfo,
};
use discovery_runtime::spec::{
    BodyKind, ItemsIn, MethodSpec, PagingSpec, Segment, ServiceSpec, TokenIn, Verb,
};

use super::cloud::methods;
use super::library::{EMPTY, field, schema};
use super::methods::{body, param, path, plain, text};
use Segment::{Literal, Reserved, Simple};

static SERVICE: ServiceSpec = ServiceSpec {
    id: "depot:v1",
    root_url: "https://depot.example.com/",
    mtls_root_url: None,
    service_path: "depot/v1/",
    batch_path: None,
    data_wrapper: false,
    package: "depot",
    package_version: "0.0.0",
};

static REFERENCE: SchemaInfo = schema(
    "SetReference",
    &[field("projectId", TypeInfo::String), field("setId", TypeInfo::String)],
);

static SET: SchemaInfo = schema(
    "Set",
    &[
        field("id", TypeInfo::String),
        FieldInfo { required: true, ..field("setReference", TypeInfo::Object(&REFERENCE)) },
        field("title", TypeInfo::String),
        field("rows", TypeInfo::Int64),
    ],
);

static SUMMARY: SchemaInfo = schema(
    "SetSummary",
    &[
        FieldInfo { default: Some("depot#set"), ..field("kind", TypeInfo::String) },
        field("setReference", TypeInfo::Object(&REFERENCE)),
        field("title", TypeInfo::String),
    ],
);

static SETS: SchemaInfo = schema(
    "Sets",
    &[
        FieldInfo { default: Some("depot#setList"), ..field("kind", TypeInfo::String) },
        field("sets", TypeInfo::List(&TypeInfo::Object(&SUMMARY))),
    ],
);

static GROUP: SchemaInfo =
    schema("Group", &[field("resourceName", TypeInfo::String), field("name", TypeInfo::String)]);

static REVISION: SchemaInfo =
    schema("Revision", &[field("id", TypeInfo::String), field("pinned", TypeInfo::Bool)]);

static DISK: SchemaInfo =
    schema("Disk", &[field("name", TypeInfo::String), field("sizeGb", TypeInfo::Int64)]);

static SCOPED: SchemaInfo =
    schema("DisksScopedList", &[field("disks", TypeInfo::List(&TypeInfo::Object(&DISK)))]);

static AGGREGATED: SchemaInfo = schema(
    "DiskAggregatedList",
    &[
        FieldInfo { default: Some("depot#diskAggregatedList"), ..field("kind", TypeInfo::String) },
        field("items", TypeInfo::Map(&TypeInfo::Object(&SCOPED))),
        field("nextPageToken", TypeInfo::String),
    ],
);

const SET_PATH: &[Segment] =
    &[Literal("projects/"), Reserved("projectId"), Literal("/sets/"), Reserved("setId")];
const SETS_PATH: &[Segment] = &[Literal("projects/"), Reserved("projectId"), Literal("/sets")];
const PROJECT_ID: ParamInfo = path("projectId", "^[^/]+$");
const SET_ID: ParamInfo = path("setId", "^[^/]+$");
const GROUP_NAME: ParamInfo = path("resourceName", "^groups/[^/]+$");
const REVISION_PATH: &[Segment] =
    &[Literal("files/"), Simple("fileId"), Literal("/revisions/"), Simple("revisionId")];
const DISKS_PATH: &[Segment] = &[
    Literal("projects/"),
    Simple("project"),
    Literal("/zones/"),
    Simple("zone"),
    Literal("/disks"),
];
const DISK_PATH: &[Segment] = &[
    Literal("projects/"),
    Simple("project"),
    Literal("/zones/"),
    Simple("zone"),
    Literal("/disks/"),
    Simple("disk"),
];

/// A method of the API.
const fn method(id: &'static str, verb: Verb, path: &'static [Segment]) -> MethodSpec {
    let spec = MethodSpec::new(verb, id, &SERVICE, path);
    MethodSpec { request: BodyKind::None, idempotent: false, ..spec }
}

const NONE: Option<&'static SchemaInfo> = None;

methods! {
    "depot.sets.get" Get SET_PATH, ["sets"] "get" (PROJECT_ID, SET_ID) NONE => &SET, {};
    "depot.sets.insert" Post SETS_PATH, ["sets"] "insert" (PROJECT_ID) Some(&SET) => &SET, {};
    "depot.sets.list" Get SETS_PATH, ["sets"] "list" (PROJECT_ID) NONE => &SETS,
        { items: Some(ItemsIn::List("sets")) };
    "depot.sets.patch" Patch SET_PATH, ["sets"] "patch" (PROJECT_ID, SET_ID) Some(&SET) => &SET, {};
    "depot.groups.get" Get &[Reserved("resourceName")], ["groups"] "get"
        (GROUP_NAME) NONE => &GROUP, {};
    "depot.groups.create" Post &[Literal("groups")], ["groups"] "create"
        () Some(&GROUP) => &GROUP, {};
    "depot.revisions.get" Get REVISION_PATH, ["revisions"] "get"
        (plain("fileId"), plain("revisionId")) NONE => &REVISION, { download: true };
    "depot.revisions.update" Patch REVISION_PATH, ["revisions"] "update"
        (plain("fileId"), plain("revisionId")) Some(&REVISION) => &REVISION, {};
    "depot.revisions.delete" Delete REVISION_PATH, ["revisions"] "delete"
        (plain("fileId"), plain("revisionId")) NONE => &EMPTY, {};
    "depot.disks.get" Get DISK_PATH, ["disks"] "get"
        (plain("project"), plain("zone"), plain("disk")) NONE => &DISK, {};
    "depot.disks.insert" Post DISKS_PATH, ["disks"] "insert"
        (plain("project"), plain("zone")) Some(&DISK) => &DISK, {};
    "depot.disks.aggregatedList" Get
        &[Literal("projects/"), Simple("project"), Literal("/aggregated/disks")], ["disks"]
        "aggregatedList"
        (plain("project"), text("filter"), text("orderBy"), text("pageToken"),
         param(Location::Query, "maxResults", TypeInfo::Int32))
        NONE => &AGGREGATED,
        { items: Some(ItemsIn::Map("items")),
          paging: Some(&PagingSpec { token: TokenIn::Query("pageToken"), next: "nextPageToken" }) };
}

pub(crate) static API: ApiInfo = ApiInfo {
    name: "depot",
    version: "v1",
    revision: "1",
    title: "Depot API",
    description: "",
    documentation_link: "",
    crate_name: "depot",
    scopes: &[],
    params: &[],
    methods: METHODS,
    schemas: &[
        &REFERENCE,
        &SET,
        &SUMMARY,
        &SETS,
        &GROUP,
        &REVISION,
        &DISK,
        &SCOPED,
        &AGGREGATED,
        &EMPTY,
    ],
};
