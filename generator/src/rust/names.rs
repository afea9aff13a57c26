//! All Rust names: assigned once by `assign`, and then only looked up.

use super::ident::RustIdent;
use crate::ir::{Api, EnumId, MethodId, ResourceId, SchemaId};

/// Names of the crate itself.
#[derive(Clone, Debug)]
pub struct Package {
    /// Folder below `generated/`, for example `jobs-v3`.
    pub folder: String,
    /// Package name, for example `google-jobs-v3`.
    pub package: String,
    /// Crate name in Rust, for example `google_jobs_v3`.
    pub krate: RustIdent,
}

impl Package {
    /// The names for a folder; the package's begins with `prefix`.
    #[must_use]
    pub fn new(prefix: &str, folder: String) -> Self {
        let package = format!("{prefix}{folder}");
        Self { krate: RustIdent::from_bare(package.replace('-', "_")), folder, package }
    }
}

/// Names of a schema.
#[derive(Clone, Debug)]
pub struct SchemaNames {
    /// The type.
    pub ty: RustIdent,
    /// Module of a top-level schema, `job`, which is also its file name.
    pub module: RustIdent,
    /// The fields, in the order of the IR.
    pub fields: Vec<FieldNames>,
    /// Field for undeclared members.
    pub additional: RustIdent,
    /// Cases of a union.
    pub cases: Vec<RustIdent>,
}

/// Names of a field.
#[derive(Clone, Debug)]
pub struct FieldNames {
    /// The field.
    pub field: RustIdent,
    /// Name of the setter.
    pub setter: RustIdent,
    /// Name of the constant for field masks.
    pub constant: RustIdent,
}

/// Names of an enumeration.
#[derive(Clone, Debug)]
pub struct EnumNames {
    /// The type.
    pub ty: RustIdent,
    /// The variants, in the order of the IR.
    pub variants: Vec<RustIdent>,
}

/// Names of a method.
#[derive(Clone, Debug)]
pub struct MethodNames {
    /// The function.
    pub function: RustIdent,
    /// Marker type of the method.
    pub marker: RustIdent,
    /// Function that takes an old and a new value, if an update mask is supported.
    pub between: Option<BetweenNames>,
    /// The argument for the body.
    pub body: RustIdent,
    /// The parameters, in the order of the IR.
    pub params: Vec<ParamNames>,
}

/// Names of the function that sends the difference of two values.
#[derive(Clone, Debug)]
pub struct BetweenNames {
    /// The function.
    pub function: RustIdent,
    /// The argument for the old value.
    pub old: RustIdent,
    /// The argument for the new value.
    pub new: RustIdent,
}

/// Name of a parameter.
#[derive(Clone, Debug)]
pub enum ParamNames {
    /// An argument of the function.
    Argument(RustIdent),
    /// A setter of the call.
    Setter(RustIdent),
    /// Setter common to all calls.
    Everywhere,
}

/// Names of a resource.
#[derive(Clone, Debug)]
pub struct ResourceNames {
    /// Module, which is also the file name.
    pub module: RustIdent,
    /// Type with the methods.
    pub handle: RustIdent,
    /// Function that returns the handle.
    pub accessor: RustIdent,
    /// The cargo feature of a top-level resource.
    pub feature: String,
}

/// All names of an API, immutable.
#[derive(Clone, Debug)]
pub struct Names {
    /// Of the crate.
    pub package: Package,
    /// Variants of the endpoint type.
    pub endpoints: Vec<RustIdent>,
    /// Constants of the scopes.
    pub scopes: Vec<RustIdent>,
    pub(super) schemas: Vec<SchemaNames>,
    pub(super) enums: Vec<EnumNames>,
    pub(super) methods: Vec<MethodNames>,
    pub(super) resources: Vec<ResourceNames>,
}

impl Names {
    /// Names of a schema.
    #[must_use]
    pub fn schema(&self, id: SchemaId) -> &SchemaNames {
        &self.schemas[id.index()]
    }

    /// Names of an enumeration.
    #[must_use]
    pub fn enumeration(&self, id: EnumId) -> &EnumNames {
        &self.enums[id.index()]
    }

    /// Names of a method.
    #[must_use]
    pub fn method(&self, id: MethodId) -> &MethodNames {
        &self.methods[id.index()]
    }

    /// Names of a resource.
    #[must_use]
    pub fn resource(&self, id: ResourceId) -> &ResourceNames {
        &self.resources[id.index()]
    }

    /// Modules from `resources` down to `id`.
    #[must_use]
    pub fn resource_path(&self, api: &Api, id: ResourceId) -> Vec<&RustIdent> {
        let mut path = vec![&self.resource(id).module];
        let mut next = api[id].parent;
        while let Some(id) = next.filter(|id| *id != Api::ROOT) {
            path.push(&self.resource(id).module);
            next = api[id].parent;
        }
        path.reverse();
        path
    }

    /// Accessors from the client down to `id`.
    #[must_use]
    pub fn accessors(&self, api: &Api, id: ResourceId) -> Vec<&RustIdent> {
        let mut path = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next.filter(|id| *id != Api::ROOT) {
            path.push(&self.resource(id).accessor);
            next = api[id].parent;
        }
        path.reverse();
        path
    }
}
