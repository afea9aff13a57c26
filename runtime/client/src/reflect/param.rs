//! Parameters of methods.

use super::TypeInfo;

/// Location of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
}

/// A parameter.
#[derive(Debug)]
pub struct ParamInfo {
    /// Name on the wire, for example `$.xgafv`.
    pub name: &'static str,
    /// Name of the Rust argument or setter.
    pub rust_name: &'static str,
    /// Location of the parameter.
    pub location: Location,
    /// Type of one value.
    pub ty: TypeInfo,
    /// Whether a call requires it.
    pub required: bool,
    /// Whether it accepts several values (`k=a&k=b`).
    pub repeated: bool,
    /// Default value of the server.
    pub default: Option<&'static str>,
    /// Regular expression that values match.
    pub pattern: Option<&'static str>,
    /// Minimum, as text.
    pub minimum: Option<&'static str>,
    /// Maximum, as text.
    pub maximum: Option<&'static str>,
    /// List whose items have the values.
    pub listed: Option<ListedBy>,
    /// Description.
    pub description: &'static str,
    /// Whether it is deprecated.
    pub deprecated: bool,
}

/// A list whose items have the values of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedBy {
    /// ID of the method, which a crate with some methods of an API may not have.
    pub method: &'static str,
    /// The member of an item with the value.
    pub member: &'static str,
}

impl ParamInfo {
    /// Creates a parameter without further properties.
    #[must_use]
    pub const fn new(
        name: &'static str,
        rust_name: &'static str,
        location: Location,
        ty: TypeInfo,
        description: &'static str,
    ) -> Self {
        Self {
            name,
            rust_name,
            location,
            ty,
            required: false,
            repeated: false,
            default: None,
            pattern: None,
            minimum: None,
            maximum: None,
            listed: None,
            description,
            deprecated: false,
        }
    }

    /// Marks it as required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Marks the parameter as repeated.
    #[must_use]
    pub const fn repeated(mut self) -> Self {
        self.repeated = true;
        self
    }

    /// Marks it as deprecated.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// Sets the default value of the server.
    #[must_use]
    pub const fn default_value(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    /// Sets the regular expression that values match.
    #[must_use]
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// Sets the minimum.
    #[must_use]
    pub const fn minimum(mut self, value: &'static str) -> Self {
        self.minimum = Some(value);
        self
    }

    /// Sets the maximum.
    #[must_use]
    pub const fn maximum(mut self, value: &'static str) -> Self {
        self.maximum = Some(value);
        self
    }

    /// Sets the list whose items have the values.
    #[must_use]
    pub const fn listed_by(mut self, method: &'static str, member: &'static str) -> Self {
        self.listed = Some(ListedBy { method, member });
        self
    }
}
