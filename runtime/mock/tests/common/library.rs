//! Schemas of a small API with every kind of field.

use discovery_runtime::reflect::{EnumInfo, EnumValueInfo, FieldInfo, SchemaInfo, Shape, TypeInfo};

pub(crate) const fn field(name: &'static str, ty: TypeInfo) -> FieldInfo {
    FieldInfo {
        name,
        rust_name: name,
        ty,
        description: "",
        required: false,
        required_by: &[],
        output_only: false,
        immutable: false,
        deprecated: false,
        default: None,
    }
}

pub(crate) const fn output(name: &'static str, ty: TypeInfo) -> FieldInfo {
    FieldInfo { output_only: true, ..field(name, ty) }
}

pub(crate) const fn required(name: &'static str, ty: TypeInfo) -> FieldInfo {
    FieldInfo { required: true, ..field(name, ty) }
}

pub(crate) const fn schema(name: &'static str, fields: &'static [FieldInfo]) -> SchemaInfo {
    let shape = Shape::Object { fields, additional: None };
    SchemaInfo { name, rust_name: name, description: "", shape, deprecated: false }
}

pub(crate) const fn value(name: &'static str) -> EnumValueInfo {
    EnumValueInfo { name, rust_name: name, description: "", deprecated: false }
}

pub(crate) static GENRE: EnumInfo = EnumInfo {
    rust_name: "BookGenre",
    values: &[value("GENRE_UNSPECIFIED"), value("NOVEL"), value("POETRY")],
};

pub(crate) static SHELF: SchemaInfo = schema(
    "Shelf",
    &[
        required("name", TypeInfo::String),
        required("theme", TypeInfo::String),
        field("etag", TypeInfo::String),
        output("createTime", TypeInfo::Timestamp),
        output("updateTime", TypeInfo::Timestamp),
    ],
);

pub(crate) static BOOK: SchemaInfo = schema(
    "Book",
    &[
        field("name", TypeInfo::String),
        required("title", TypeInfo::String),
        field("pages", TypeInfo::Int32),
        field("copies", TypeInfo::UInt32),
        FieldInfo { immutable: true, ..field("isbn", TypeInfo::Int64) },
        field("weight", TypeInfo::Double),
        field("lent", TypeInfo::Bool),
        field("genre", TypeInfo::Enum(&GENRE)),
        field("tags", TypeInfo::List(&TypeInfo::String)),
        field("labels", TypeInfo::Map(&TypeInfo::String)),
        field("cover", TypeInfo::Bytes),
        field("published", TypeInfo::Date),
        field("readTime", TypeInfo::Duration),
        field("boughtAt", TypeInfo::Timestamp),
        field("notes", TypeInfo::Any),
        field("author", TypeInfo::Object(&PERSON)),
        field("sequel", TypeInfo::Object(&BOOK)),
        output("createTime", TypeInfo::Timestamp),
        output("updateTime", TypeInfo::Timestamp),
    ],
);

pub(crate) static PERSON: SchemaInfo = schema(
    "Person",
    &[required("familyName", TypeInfo::String), field("givenName", TypeInfo::String)],
);

pub(crate) static LIST_SHELVES: SchemaInfo = schema(
    "ListShelvesResponse",
    &[
        field("shelves", TypeInfo::List(&TypeInfo::Object(&SHELF))),
        field("nextPageToken", TypeInfo::String),
    ],
);

pub(crate) static LIST_BOOKS: SchemaInfo = schema(
    "ListBooksResponse",
    &[
        field("unreachable", TypeInfo::List(&TypeInfo::String)),
        field("books", TypeInfo::List(&TypeInfo::Object(&BOOK))),
        field("nextPageToken", TypeInfo::String),
        field("totalSize", TypeInfo::Int32),
    ],
);

/// A resource nested in its requests, as in `jobs:v3`.
pub(crate) static LOAN: SchemaInfo = schema(
    "Loan",
    &[
        required("name", TypeInfo::String),
        required("reader", TypeInfo::String),
        field("due", TypeInfo::Date),
        output("postingCreateTime", TypeInfo::Timestamp),
    ],
);

pub(crate) static CREATE_LOAN: SchemaInfo =
    schema("CreateLoanRequest", &[required("loan", TypeInfo::Object(&LOAN))]);

pub(crate) static UPDATE_LOAN: SchemaInfo = schema(
    "UpdateLoanRequest",
    &[required("loan", TypeInfo::Object(&LOAN)), field("updateMask", TypeInfo::FieldMask)],
);

/// A resource without a resource name.
pub(crate) static NOTE: SchemaInfo = schema(
    "Note",
    &[
        field("id", TypeInfo::String),
        FieldInfo { default: Some("library#note"), ..field("kind", TypeInfo::String) },
        field("text", TypeInfo::String),
        field("tags", TypeInfo::Map(&TypeInfo::Map(&TypeInfo::String))),
        field("mimeType", TypeInfo::String),
        field("created", TypeInfo::Timestamp),
        field("updated", TypeInfo::Timestamp),
    ],
);

pub(crate) static NOTES: SchemaInfo = schema(
    "Notes",
    &[
        field("items", TypeInfo::List(&TypeInfo::Object(&NOTE))),
        field("nextPageToken", TypeInfo::String),
    ],
);

pub(crate) static READER: SchemaInfo =
    schema("Reader", &[field("name", TypeInfo::String), field("mail", TypeInfo::String)]);

pub(crate) static OPERATION: SchemaInfo = schema(
    "Operation",
    &[
        field("name", TypeInfo::String),
        field("done", TypeInfo::Bool),
        field("error", TypeInfo::Object(&PERSON)),
        field("metadata", TypeInfo::Map(&TypeInfo::Any)),
        field("response", TypeInfo::Map(&TypeInfo::Any)),
    ],
);

pub(crate) static SETTINGS: SchemaInfo =
    schema("Settings", &[field("name", TypeInfo::String), field("openAt", TypeInfo::String)]);

pub(crate) static EMPTY: SchemaInfo = schema("Empty", &[]);

pub(crate) static SCHEMAS: &[&SchemaInfo] = &[
    &SHELF,
    &BOOK,
    &PERSON,
    &LIST_SHELVES,
    &LIST_BOOKS,
    &LOAN,
    &CREATE_LOAN,
    &UPDATE_LOAN,
    &NOTE,
    &NOTES,
    &READER,
    &OPERATION,
    &SETTINGS,
    &EMPTY,
];
