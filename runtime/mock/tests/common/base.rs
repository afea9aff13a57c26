//! A small API with features of Firestore and Gmail: operations of a resource, names of any depth,
//! and a variable that ends in the name of the field it stands for.

use discovery_runtime::reflect::{ApiInfo, MethodInfo, ParamInfo, SchemaInfo, TypeInfo};
use discovery_runtime::spec::{BodyKind, ItemsIn, MethodSpec, Segment, ServiceSpec, Verb};

use super::cloud::methods;
use super::library::{EMPTY, field, output, schema};
use super::methods::{NAME, body, path, plain, query, text};
use Segment::{Literal, Reserved, Simple};

static SERVICE: ServiceSpec = ServiceSpec {
    id: "base:v1",
    root_url: "https://base.example.com/",
    mtls_root_url: None,
    service_path: "",
    batch_path: None,
    data_wrapper: false,
    package: "base",
    package_version: "0.0.0",
};

static OPERATION: SchemaInfo =
    schema("Operation", &[field("name", TypeInfo::String), field("done", TypeInfo::Bool)]);

static DATABASE: SchemaInfo =
    schema("Database", &[field("name", TypeInfo::String), field("locationId", TypeInfo::String)]);

static SCHEDULE: SchemaInfo = schema("Schedule", &[field("name", TypeInfo::String)]);

static DOCUMENT: SchemaInfo =
    schema("Document", &[field("name", TypeInfo::String), field("fields", TypeInfo::Any)]);

static DOCUMENTS: SchemaInfo = schema(
    "ListDocumentsResponse",
    &[field("documents", TypeInfo::List(&TypeInfo::Object(&DOCUMENT)))],
);

static SET: SchemaInfo = schema("Set", &[field("id", TypeInfo::String)]);
static ROW: SchemaInfo = schema("Row", &[field("id", TypeInfo::String)]);

static IDENTITY: SchemaInfo = schema(
    "CseIdentity",
    &[field("address", TypeInfo::String), field("emailAddress", TypeInfo::String)],
);

static IDENTITIES: SchemaInfo = schema(
    "ListIdentitiesResponse",
    &[field("identities", TypeInfo::List(&TypeInfo::Object(&IDENTITY)))],
);

static DRAFT: SchemaInfo =
    schema("Draft", &[output("id", TypeInfo::String), field("subject", TypeInfo::String)]);

const DATABASE_NAME: ParamInfo = path("name", "^projects/[^/]+/databases/[^/]+$");
const DATABASE_PARENT: ParamInfo = path("parent", "^projects/[^/]+/databases/[^/]+$");
const SCHEDULE_NAME: ParamInfo = path("name", "^projects/[^/]+/databases/[^/]+/schedules/[^/]+$");
const OPERATION_NAME: ParamInfo = path("name", "^projects/[^/]+/databases/[^/]+/operations/[^/]+$");
const DOCUMENT_PATTERN: &str = "^projects/[^/]+/databases/[^/]+/documents/[^/]+/.*$";
const DOCUMENT_NAME: ParamInfo = path("name", DOCUMENT_PATTERN);
const DOCUMENT_PARENT: ParamInfo = path("parent", DOCUMENT_PATTERN);
const ROOT: ParamInfo = path("parent", "^projects/[^/]+/databases/[^/]+/documents$");
const COLLECTION_PATH: &[Segment] =
    &[Literal("v1/"), Reserved("parent"), Literal("/"), Simple("collectionId")];
const SETS_PATH: &[Segment] = &[Literal("v1/sets")];
const SET_PATH: &[Segment] = &[Literal("v1/sets/"), Simple("setId")];
const ROWS_PATH: &[Segment] = &[Literal("v1/sets/"), Simple("setId"), Literal("/rows")];
const ROW_PATH: &[Segment] =
    &[Literal("v1/sets/"), Simple("setId"), Literal("/rows/"), Simple("rowId")];
const IDENTITIES_PATH: &[Segment] = &[Literal("v1/identities")];
const IDENTITY_PATH: &[Segment] = &[Literal("v1/identities/"), Simple("cseEmailAddress")];
const OTHER_IDENTITY_PATH: &[Segment] = &[Literal("v1/identities/"), Simple("emailAddress")];

/// A method of the API.
const fn method(id: &'static str, verb: Verb, path: &'static [Segment]) -> MethodSpec {
    let spec = MethodSpec::new(verb, id, &SERVICE, path);
    MethodSpec { request: BodyKind::None, idempotent: false, ..spec }
}

const NONE: Option<&'static SchemaInfo> = None;

methods! {
    "base.databases.get" Get NAME, ["databases"] "get" (DATABASE_NAME) NONE => &DATABASE, {};
    "base.databases.create" Post &[Literal("v1/"), Reserved("parent"), Literal("/databases")],
        ["databases"] "create" (path("parent", "^projects/[^/]+$"), text("databaseId"))
        Some(&DATABASE) => &OPERATION, {};
    "base.databases.delete" Delete NAME, ["databases"] "delete" (DATABASE_NAME)
        NONE => &OPERATION, {};
    "base.operations.get" Get NAME, ["operations"] "get" (OPERATION_NAME) NONE => &OPERATION, {};
    "base.schedules.get" Get NAME, ["schedules"] "get" (SCHEDULE_NAME) NONE => &SCHEDULE, {};
    "base.schedules.create" Post &[Literal("v1/"), Reserved("parent"), Literal("/schedules")],
        ["schedules"] "create" (DATABASE_PARENT) Some(&SCHEDULE) => &SCHEDULE, {};
    "base.documents.get" Get NAME, ["documents"] "get" (DOCUMENT_NAME) NONE => &DOCUMENT, {};
    "base.documents.list" Get COLLECTION_PATH, ["documents"] "list"
        (DOCUMENT_PARENT, plain("collectionId")) NONE => &DOCUMENTS,
        { items: Some(ItemsIn::List("documents")) };
    "base.documents.listDocuments" Get COLLECTION_PATH, ["documents"] "listDocuments"
        (ROOT, plain("collectionId")) NONE => &DOCUMENTS,
        { items: Some(ItemsIn::List("documents")) };
    "base.sets.get" Get SET_PATH, ["sets"] "get" (plain("setId")) NONE => &SET, {};
    "base.sets.insert" Post SETS_PATH, ["sets"] "insert" () Some(&SET) => &SET, {};
    "base.sets.delete" Delete SET_PATH, ["sets"] "delete"
        (plain("setId"), query("deleteContents", TypeInfo::Bool)) NONE => &EMPTY, {};
    "base.rows.get" Get ROW_PATH, ["rows"] "get" (plain("setId"), plain("rowId")) NONE => &ROW, {};
    "base.rows.insert" Post ROWS_PATH, ["rows"] "insert" (plain("setId")) Some(&ROW) => &ROW, {};
    "base.identities.get" Get IDENTITY_PATH, ["identities"] "get" (plain("cseEmailAddress"))
        NONE => &IDENTITY, {};
    "base.identities.create" Post IDENTITIES_PATH, ["identities"] "create" ()
        Some(&IDENTITY) => &IDENTITY, {};
    "base.identities.list" Get IDENTITIES_PATH, ["identities"] "list" () NONE => &IDENTITIES,
        { items: Some(ItemsIn::List("identities")) };
    "base.identities.delete" Delete OTHER_IDENTITY_PATH, ["identities"] "delete"
        (plain("emailAddress")) NONE => &EMPTY, {};
    "base.drafts.get" Get &[Literal("v1/drafts/"), Simple("id")], ["drafts"] "get" (plain("id"))
        NONE => &DRAFT, {};
    "base.drafts.create" Post &[Literal("v1/drafts")], ["drafts"] "create" ()
        Some(&DRAFT) => &DRAFT, {};
}

pub(crate) static API: ApiInfo = ApiInfo {
    name: "base",
    version: "v1",
    revision: "1",
    title: "Base API",
    description: "",
    documentation_link: "",
    crate_name: "base",
    scopes: &[],
    params: &[],
    methods: METHODS,
    schemas: &[
        &OPERATION,
        &DATABASE,
        &SCHEDULE,
        &DOCUMENT,
        &DOCUMENTS,
        &SET,
        &ROW,
        &IDENTITY,
        &IDENTITIES,
        &DRAFT,
        &EMPTY,
    ],
};
