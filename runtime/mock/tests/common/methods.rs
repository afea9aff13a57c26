//! Methods of the library API.

use discovery_runtime::reflect::{ApiInfo, Location, MethodInfo, ParamInfo, SchemaInfo, TypeInfo};
use discovery_runtime::spec::{
    BodyKind, ItemsIn, MaskDepth, MethodSpec, PagingSpec, Segment, ServiceSpec, TokenIn,
    UpdateSpec, UploadSpec, Verb,
};

use super::library::{
    BOOK, CREATE_LOAN, EMPTY, GENRE, LIST_BOOKS, LIST_SHELVES, LOAN, NOTE, NOTES, OPERATION,
    READER, SCHEMAS, SETTINGS, SHELF, UPDATE_LOAN,
};
use Segment::{Literal, Reserved, Simple};

pub(crate) static SERVICE: ServiceSpec = ServiceSpec {
    id: "library:v1",
    root_url: "https://library.example.com/",
    mtls_root_url: None,
    service_path: "",
    batch_path: Some("batch"),
    data_wrapper: false,
    package: "library",
    package_version: "0.0.0",
};

pub(crate) const fn param(location: Location, name: &'static str, ty: TypeInfo) -> ParamInfo {
    ParamInfo {
        name,
        rust_name: name,
        location,
        ty,
        required: matches!(location, Location::Path),
        repeated: false,
        default: None,
        pattern: None,
        minimum: None,
        maximum: None,
        listed: None,
        description: "",
        deprecated: false,
    }
}

pub(crate) const fn path(name: &'static str, pattern: &'static str) -> ParamInfo {
    ParamInfo { pattern: Some(pattern), ..param(Location::Path, name, TypeInfo::String) }
}

pub(crate) const fn plain(name: &'static str) -> ParamInfo {
    param(Location::Path, name, TypeInfo::String)
}

pub(crate) const fn query(name: &'static str, ty: TypeInfo) -> ParamInfo {
    param(Location::Query, name, ty)
}

pub(crate) const fn text(name: &'static str) -> ParamInfo {
    query(name, TypeInfo::String)
}

const PAGE_SIZE: ParamInfo = query("pageSize", TypeInfo::Int32);
const PAGE_TOKEN: ParamInfo = text("pageToken");
const MASK: ParamInfo = query("updateMask", TypeInfo::FieldMask);

static PAGED: PagingSpec = PagingSpec { token: TokenIn::Query("pageToken"), next: "nextPageToken" };

const SHELF_NAME: ParamInfo = path("name", "^shelves/[^/]+$");
const BOOK_NAME: ParamInfo = path("name", "^shelves/[^/]+/books/[^/]+$");
const SHELF_PARENT: ParamInfo = path("parent", "^shelves/[^/]+$");
const LOAN_NAME: ParamInfo = path("name", "^loans/[^/]+$");
const READER_PARENT: ParamInfo = path("parent", "^projects/[^/]+/locations/[^/]+$");
const READER_NAME: ParamInfo = path("name", "^projects/[^/]+/locations/[^/]+/readers/[^/]+$");
const SETTINGS_NAME: ParamInfo = path("name", "^projects/[^/]+/settings$");
const OPERATION_NAME: ParamInfo = path("name", "^projects/[^/]+/locations/[^/]+/operations/[^/]+$");

pub(crate) const NAME: &[Segment] = &[Literal("v1/"), Reserved("name")];

pub(crate) const fn body(schema: Option<&'static SchemaInfo>) -> (BodyKind, Option<TypeInfo>) {
    match schema {
        Some(schema) => (BodyKind::Json, Some(TypeInfo::Object(schema))),
        None => (BodyKind::None, None),
    }
}

/// Fields that hold the items of lists.
const fn items(response: Option<&'static SchemaInfo>) -> Option<ItemsIn> {
    let Some(response) = response else { return None };
    match response.name.as_bytes() {
        b"ListShelvesResponse" => Some(ItemsIn::List("shelves")),
        b"ListBooksResponse" => Some(ItemsIn::List("books")),
        b"Notes" => Some(ItemsIn::List("items")),
        _ => None,
    }
}

/// Update specs of the methods.
const fn update(id: &str) -> Option<UpdateSpec> {
    match id.as_bytes() {
        b"library.shelves.patch" | b"library.shelves.books.patch" | b"library.settings.patch" => {
            Some(UpdateSpec::MaskInQuery { mask: "updateMask", depth: MaskDepth::Nested })
        }
        b"library.loans.patch" => Some(UpdateSpec::MaskInBody {
            resource: "loan",
            mask: "updateMask",
            depth: MaskDepth::Nested,
        }),
        b"library.notes.patch" => Some(UpdateSpec::Merge),
        b"library.notes.update" => Some(UpdateSpec::Replace),
        _ => None,
    }
}

macro_rules! methods {
    ($($id:literal $verb:ident $path:expr, [$($resource:literal)*] $name:literal
        ($($param:expr),*) $request:expr => $response:expr, $paging:expr;)*) => {
        pub(crate) static METHODS: &[&MethodInfo] = &[$(&MethodInfo {
            spec: &MethodSpec {
                request: body($request).0,
                response: body($response).0,
                idempotent: false,
                items: items($response),
                paging: $paging,
                update: update($id),
                upload: if matches!($id.as_bytes(), b"library.notes.insert") { Some(&UPLOAD) } else { None },
                download: matches!($id.as_bytes(), b"library.notes.get"),
                ..MethodSpec::new(Verb::$verb, $id, &SERVICE, $path)
            },
            resource: &[$($resource),*],
            name: $name,
            rust_path: &[],
            description: "",
            params: &[$($param),*],
            request: body($request).1,
            response: body($response).1,
            deprecated: false,
        }),*];
    };
}

static UPLOAD: UploadSpec = UploadSpec {
    path: &[Literal("upload/notes")],
    resumable: true,
    accept: &["*/*"],
    max_size: None,
    media_type: Some("mimeType"),
};

methods! {
    "library.shelves.get" Get NAME, ["shelves"] "get" (SHELF_NAME) None => Some(&SHELF), None;
    "library.shelves.list" Get &[Literal("v1/shelves")], ["shelves"] "list"
        (PAGE_SIZE, PAGE_TOKEN, text("filter")) None => Some(&LIST_SHELVES), Some(&PAGED);
    "library.shelves.create" Post &[Literal("v1/shelves")], ["shelves"] "create"
        (text("shelfId"), query("validateOnly", TypeInfo::Bool)) Some(&SHELF) => Some(&SHELF), None;
    "library.shelves.patch" Patch NAME, ["shelves"] "patch"
        (SHELF_NAME, MASK, query("allowMissing", TypeInfo::Bool)) Some(&SHELF) => Some(&SHELF), None;
    "library.shelves.delete" Delete NAME, ["shelves"] "delete"
        (SHELF_NAME, query("force", TypeInfo::Bool)) None => Some(&EMPTY), None;
    "library.shelves.count" Get &[Literal("v1/"), Reserved("name"), Literal(":count")], ["shelves"]
        "count" (SHELF_NAME, ParamInfo { required: true, ..text("of") },
            ParamInfo { repeated: true, ..query("genre", TypeInfo::Enum(&GENRE)) },
            ParamInfo { minimum: Some("1"), maximum: Some("9"), default: Some("3"),
                ..query("depth", TypeInfo::Int32) })
        None => Some(&LIST_BOOKS), Some(&PAGED);
    "library.shelves.books.get" Get NAME, ["shelves" "books"] "get" (BOOK_NAME)
        None => Some(&BOOK), None;
    "library.shelves.books.list" Get &[Literal("v1/"), Reserved("parent"), Literal("/books")],
        ["shelves" "books"] "list"
        (SHELF_PARENT, PAGE_SIZE, PAGE_TOKEN, text("filter"), text("orderBy"))
        None => Some(&LIST_BOOKS), Some(&PAGED);
    "library.shelves.books.create" Post &[Literal("v1/"), Reserved("parent"), Literal("/books")],
        ["shelves" "books"] "create" (SHELF_PARENT, text("bookId")) Some(&BOOK) => Some(&BOOK), None;
    "library.shelves.books.patch" Patch NAME, ["shelves" "books"] "patch" (BOOK_NAME, MASK)
        Some(&BOOK) => Some(&BOOK), None;
    "library.shelves.books.delete" Delete NAME, ["shelves" "books"] "delete" (BOOK_NAME)
        None => Some(&EMPTY), None;
    "library.shelves.books.reprint" Post &[Literal("v1/"), Reserved("name"), Literal(":reprint")],
        ["shelves" "books"] "reprint" (BOOK_NAME) Some(&BOOK) => Some(&BOOK), None;
    "library.loans.get" Get NAME, ["loans"] "get" (LOAN_NAME) None => Some(&LOAN), None;
    "library.loans.create" Post &[Literal("v1/loans")], ["loans"] "create" ()
        Some(&CREATE_LOAN) => Some(&LOAN), None;
    "library.loans.patch" Patch NAME, ["loans"] "patch" (LOAN_NAME)
        Some(&UPDATE_LOAN) => Some(&LOAN), None;
    "library.notes.get" Get &[Literal("notes/"), Simple("noteId")], ["notes"] "get"
        (plain("noteId")) None => Some(&NOTE), None;
    "library.notes.list" Get &[Literal("notes")], ["notes"] "list"
        (query("maxResults", TypeInfo::UInt32), PAGE_TOKEN) None => Some(&NOTES), Some(&PAGED);
    "library.notes.insert" Post &[Literal("notes")], ["notes"] "insert" ()
        Some(&NOTE) => Some(&NOTE), None;
    "library.notes.update" Put &[Literal("notes/"), Simple("noteId")], ["notes"] "update"
        (plain("noteId")) Some(&NOTE) => Some(&NOTE), None;
    "library.notes.patch" Patch &[Literal("notes/"), Simple("noteId")], ["notes"] "patch"
        (plain("noteId")) Some(&NOTE) => Some(&NOTE), None;
    "library.notes.delete" Delete &[Literal("notes/"), Simple("noteId")], ["notes"] "delete"
        (plain("noteId")) None => None, None;
    "library.readers.get" Get NAME, ["readers"] "get" (READER_NAME) None => Some(&READER), None;
    "library.readers.create" Post &[Literal("v1/"), Reserved("parent"), Literal("/readers")],
        ["readers"] "create" (READER_PARENT, text("readerId")) Some(&READER) => Some(&OPERATION),
        None;
    "library.operations.get" Get NAME, ["operations"] "get" (OPERATION_NAME)
        None => Some(&OPERATION), None;
    "library.settings.get" Get NAME, ["settings"] "get" (SETTINGS_NAME) None => Some(&SETTINGS), None;
    "library.settings.patch" Patch NAME, ["settings"] "patch" (SETTINGS_NAME, MASK)
        Some(&SETTINGS) => Some(&SETTINGS), None;
}

pub(crate) static API: ApiInfo = ApiInfo {
    name: "library",
    version: "v1",
    revision: "1",
    title: "Library API",
    description: "",
    documentation_link: "",
    crate_name: "library",
    scopes: &[],
    params: &[],
    methods: METHODS,
    schemas: SCHEMAS,
};
