//! A small API with features of Compute, Pub/Sub, Cloud Storage, and Calendar.

use discovery_runtime::reflect::{
    ApiInfo, EnumInfo, FieldInfo, Location, MethodInfo, ParamInfo, SchemaInfo, TypeInfo,
};
use discovery_runtime::spec::{
    BodyKind, ItemsIn, MethodSpec, RequestIdIn, Segment, ServiceSpec, UpdateSpec, UploadSpec, Verb,
};

use super::library::{EMPTY, field, output, schema, value};
use super::methods::{body, param, path, plain, text};
use Segment::{Literal, Reserved, Simple};

static SERVICE: ServiceSpec = ServiceSpec {
    id: "cloud:v1",
    root_url: "https://cloud.example.com/",
    mtls_root_url: None,
    service_path: "cloud/v1/",
    batch_path: None,
    data_wrapper: false,
    package: "cloud",
    package_version: "0.0.0",
};

static STATUS: EnumInfo =
    EnumInfo { rust_name: "Status", values: &[value("DONE"), value("PENDING"), value("RUNNING")] };

static TAGS: SchemaInfo = schema(
    "Tags",
    &[field("fingerprint", TypeInfo::Bytes), field("items", TypeInfo::List(&TypeInfo::String))],
);

static MACHINE: SchemaInfo = schema(
    "Machine",
    &[
        field("tags", TypeInfo::Object(&TAGS)),
        output("id", TypeInfo::UInt64),
        field("name", TypeInfo::String),
        field("zone", TypeInfo::String),
        field("selfLink", TypeInfo::String),
        field("preemptible", TypeInfo::Bool),
    ],
);

static WARNING: SchemaInfo = schema("Warning", &[field("message", TypeInfo::String)]);

static OPERATION: SchemaInfo = schema(
    "Operation",
    &[
        field("id", TypeInfo::UInt64),
        FieldInfo { default: Some("cloud#operation"), ..field("kind", TypeInfo::String) },
        field("name", TypeInfo::String),
        field("zone", TypeInfo::String),
        field("status", TypeInfo::Enum(&STATUS)),
        field("progress", TypeInfo::Int32),
        field("operationType", TypeInfo::String),
        field("selfLink", TypeInfo::String),
        field("targetLink", TypeInfo::String),
        field("targetId", TypeInfo::UInt64),
        field("insertTime", TypeInfo::String),
        field("httpErrorStatusCode", TypeInfo::Int32),
        field("httpErrorMessage", TypeInfo::String),
        field("error", TypeInfo::Object(&WARNING)),
        field("warnings", TypeInfo::List(&TypeInfo::Object(&WARNING))),
    ],
);

static MACHINES: SchemaInfo =
    schema("Machines", &[field("items", TypeInfo::List(&TypeInfo::Object(&MACHINE)))]);

static SNAPSHOT: SchemaInfo = schema(
    "Snapshot",
    &[
        field("name", TypeInfo::String),
        field("topic", TypeInfo::String),
        field("labels", TypeInfo::Map(&TypeInfo::String)),
    ],
);

static CREATE_SNAPSHOT: SchemaInfo = schema(
    "CreateSnapshotRequest",
    &[field("subscription", TypeInfo::String), field("labels", TypeInfo::Map(&TypeInfo::String))],
);

static SNAPSHOTS: SchemaInfo =
    schema("Snapshots", &[field("snapshots", TypeInfo::List(&TypeInfo::Object(&SNAPSHOT)))]);

static OBJECT: SchemaInfo = schema(
    "Object",
    &[
        field("name", TypeInfo::String),
        field("contentType", TypeInfo::String),
        output("size", TypeInfo::UInt64),
        output("crc32c", TypeInfo::String),
        output("md5Hash", TypeInfo::String),
        output("mediaLink", TypeInfo::String),
        field("bucket", TypeInfo::String),
        output("generation", TypeInfo::Int64),
    ],
);

static OBJECTS: SchemaInfo = schema(
    "Objects",
    &[
        field("items", TypeInfo::List(&TypeInfo::Object(&OBJECT))),
        field("prefixes", TypeInfo::List(&TypeInfo::String)),
    ],
);

static WHEN: SchemaInfo = schema("When", &[field("dateTime", TypeInfo::DateTime)]);

static EVENT: SchemaInfo = schema(
    "Event",
    &[
        field("id", TypeInfo::String),
        field("summary", TypeInfo::String),
        field("start", TypeInfo::Object(&WHEN)),
        field("trashed", TypeInfo::Bool),
    ],
);

static EVENTS: SchemaInfo =
    schema("Events", &[field("items", TypeInfo::List(&TypeInfo::Object(&EVENT)))]);

static UPLOAD: UploadSpec = UploadSpec {
    path: &[Literal("upload/cloud/v1/b/"), Simple("bucket"), Literal("/o")],
    resumable: true,
    accept: &["*/*"],
    max_size: None,
    media_type: Some("contentType"),
};

const ZONE: &[Segment] = &[
    Literal("projects/"),
    Simple("project"),
    Literal("/zones/"),
    Simple("zone"),
    Literal("/machines"),
];
const MACHINE_PATH: &[Segment] = &[
    Literal("projects/"),
    Simple("project"),
    Literal("/zones/"),
    Simple("zone"),
    Literal("/machines/"),
    Simple("machine"),
];
const START: &[Segment] = &[
    Literal("projects/"),
    Simple("project"),
    Literal("/zones/"),
    Simple("zone"),
    Literal("/machines/"),
    Simple("machine"),
    Literal("/start"),
];
const CREATE_MACHINE: &[Segment] = &[
    Literal("projects/"),
    Simple("project"),
    Literal("/zones/"),
    Simple("zone"),
    Literal("/machines/"),
    Simple("machine"),
    Literal("/createMachine"),
];
const OPERATION_PATH: &[Segment] = &[
    Literal("projects/"),
    Simple("project"),
    Literal("/zones/"),
    Simple("zone"),
    Literal("/operations/"),
    Simple("operation"),
];
const WAIT: &[Segment] = &[
    Literal("projects/"),
    Simple("project"),
    Literal("/zones/"),
    Simple("zone"),
    Literal("/operations/"),
    Simple("operation"),
    Literal("/wait"),
];
const OBJECTS_PATH: &[Segment] = &[Literal("b/"), Simple("bucket"), Literal("/o")];
const OBJECT_PATH: &[Segment] =
    &[Literal("b/"), Simple("bucket"), Literal("/o/"), Simple("object")];
const EVENTS_PATH: &[Segment] = &[Literal("events")];
const EVENT_PATH: &[Segment] = &[Literal("events/"), Simple("eventId")];
const SNAPSHOT_NAME: ParamInfo = path("name", "^projects/[^/]+/snapshots/[^/]+$");

const fn flag(name: &'static str) -> ParamInfo {
    param(Location::Query, name, TypeInfo::Bool)
}

/// A method of the API.
const fn method(id: &'static str, verb: Verb, path: &'static [Segment]) -> MethodSpec {
    let spec = MethodSpec::new(verb, id, &SERVICE, path);
    MethodSpec { request: BodyKind::None, idempotent: false, ..spec }
}

macro_rules! methods {
    ($($id:literal $verb:ident $path:expr, [$resource:literal] $name:literal
        ($($param:expr),*) $request:expr => $response:expr, { $($member:ident: $value:expr),* };)*) => {
        static METHODS: &[&MethodInfo] = &[$(&MethodInfo {
            spec: &MethodSpec {
                request: body($request).0,
                $($member: $value,)*
                ..method($id, Verb::$verb, $path)
            },
            resource: &[$resource],
            name: $name,
            rust_path: &[],
            description: "",
            params: &[$($param),*],
            request: body($request).1,
            response: Some(TypeInfo::Object($response)),
            deprecated: false,
        }),*];
    };
}

pub(crate) use methods;

const NONE: Option<&'static SchemaInfo> = None;
const REQUEST_ID: Option<RequestIdIn> = Some(RequestIdIn::Query("requestId"));
const ITEMS: Option<ItemsIn> = Some(ItemsIn::List("items"));

methods! {
    "cloud.machines.get" Get MACHINE_PATH, ["machines"] "get"
        (plain("project"), plain("zone"), plain("machine")) NONE => &MACHINE, {};
    "cloud.machines.insert" Post ZONE, ["machines"] "insert"
        (plain("project"), plain("zone"), text("requestId")) Some(&MACHINE) => &OPERATION,
        { request_id: REQUEST_ID };
    "cloud.machines.list" Get ZONE, ["machines"] "list"
        (plain("project"), plain("zone"), flag("includeAll"), text("filter"))
        NONE => &MACHINES, { items: ITEMS };
    "cloud.machines.delete" Delete MACHINE_PATH, ["machines"] "delete"
        (plain("project"), plain("zone"), plain("machine"), text("requestId"))
        NONE => &OPERATION, { request_id: REQUEST_ID };
    "cloud.machines.update" Put MACHINE_PATH, ["machines"] "update"
        (plain("project"), plain("zone"), plain("machine")) Some(&MACHINE) => &OPERATION,
        { update: Some(UpdateSpec::Replace) };
    "cloud.machines.start" Post START, ["machines"] "start"
        (plain("project"), plain("zone"), plain("machine")) NONE => &OPERATION, {};
    "cloud.machines.createMachine" Post CREATE_MACHINE, ["machines"] "createMachine"
        (plain("project"), plain("zone"), plain("machine")) Some(&MACHINE) => &OPERATION, {};
    "cloud.operations.get" Get OPERATION_PATH, ["operations"] "get"
        (plain("project"), plain("zone"), plain("operation")) NONE => &OPERATION, {};
    "cloud.operations.wait" Post WAIT, ["operations"] "wait"
        (plain("project"), plain("zone"), plain("operation")) NONE => &OPERATION, {};
    "cloud.snapshots.get" Get &[Reserved("name")], ["snapshots"] "get"
        (SNAPSHOT_NAME) NONE => &SNAPSHOT, {};
    "cloud.snapshots.create" Put &[Reserved("name")], ["snapshots"] "create"
        (SNAPSHOT_NAME) Some(&CREATE_SNAPSHOT) => &SNAPSHOT, {};
    "cloud.snapshots.list" Get &[Reserved("parent"), Literal("/snapshots")], ["snapshots"] "list"
        (path("parent", "^projects/[^/]+$")) NONE => &SNAPSHOTS,
        { items: Some(ItemsIn::List("snapshots")) };
    "cloud.snapshots.delete" Delete &[Reserved("name")], ["snapshots"] "delete"
        (SNAPSHOT_NAME) NONE => &EMPTY, {};
    "cloud.objects.get" Get OBJECT_PATH, ["objects"] "get"
        (plain("bucket"), plain("object")) NONE => &OBJECT, { download: true };
    "cloud.objects.insert" Post OBJECTS_PATH, ["objects"] "insert"
        (plain("bucket"), text("name"), text("ifGenerationMatch"))
        Some(&OBJECT) => &OBJECT, { upload: Some(&UPLOAD) };
    "cloud.objects.list" Get OBJECTS_PATH, ["objects"] "list"
        (plain("bucket"), text("prefix"), text("delimiter"), text("startOffset"), text("endOffset"),
         text("matchGlob"), text("contentType"), flag("includeTrailing"), flag("softDeleted"))
        NONE => &OBJECTS, { items: ITEMS };
    "cloud.objects.delete" Delete OBJECT_PATH, ["objects"] "delete"
        (plain("bucket"), plain("object"), text("ifGenerationMatch"), text("ifGenerationNotMatch"))
        NONE => &EMPTY, {};
    "cloud.events.get" Get EVENT_PATH, ["events"] "get" (plain("eventId")) NONE => &EVENT, {};
    "cloud.events.insert" Post EVENTS_PATH, ["events"] "insert" () Some(&EVENT) => &EVENT, {};
    "cloud.events.list" Get EVENTS_PATH, ["events"] "list" (text("orderBy"), text("q"))
        NONE => &EVENTS, { items: ITEMS };
}

pub(crate) static API: ApiInfo = ApiInfo {
    name: "cloud",
    version: "v1",
    revision: "1",
    title: "Cloud API",
    description: "",
    documentation_link: "",
    crate_name: "cloud",
    scopes: &[],
    params: &[],
    methods: METHODS,
    schemas: &[
        &MACHINE,
        &MACHINES,
        &OPERATION,
        &WARNING,
        &SNAPSHOT,
        &SNAPSHOTS,
        &CREATE_SNAPSHOT,
        &OBJECT,
        &OBJECTS,
        &EVENT,
        &EVENTS,
        &WHEN,
        &EMPTY,
    ],
};
