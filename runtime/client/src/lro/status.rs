//! Operations that end with a status, as in Compute, Cloud SQL, and Kubernetes Engine.

use super::described;
use crate::json::{Encode, Json, Kind};
use crate::status::Code;
use http::StatusCode;

/// Implements [`Operation`](crate::lro::Operation) for a model with a `status`.
#[macro_export]
macro_rules! status_operation {
    ($model:ty) => {
        impl $crate::lro::Operation for $model {
            fn name(&self) -> ::std::option::Option<::std::string::String> {
                $crate::lro::StatusOperation::of(self).name()
            }

            fn done(&self) -> bool {
                $crate::lro::StatusOperation::of(self).done()
            }

            fn error(&self) -> ::std::option::Option<$crate::json::Json> {
                $crate::lro::StatusOperation::of(self).error()
            }

            fn response(&self) -> ::std::option::Option<$crate::json::Json> {
                ::std::option::Option::Some($crate::json::Json::encode(self))
            }

            fn link(&self) -> ::std::option::Option<::std::string::String> {
                $crate::lro::StatusOperation::of(self).link()
            }

            fn misfit(&self) -> ::std::option::Option<::std::string::String> {
                $crate::lro::StatusOperation::of(self).misfit()
            }

            fn target(&self) -> ::std::option::Option<::std::string::String> {
                $crate::lro::StatusOperation::of(self).target()
            }
        }
    };
}

/// An operation with a status.
#[derive(Clone, Debug)]
pub struct StatusOperation(Json);

impl StatusOperation {
    /// Reads an operation.
    #[must_use]
    pub fn of(operation: &dyn Encode) -> Self {
        Self(Json::encode(operation))
    }

    /// Takes an operation as it was received.
    pub(super) fn from_json(operation: Json) -> Self {
        Self(operation)
    }

    /// Returns the operation.
    pub(super) fn json(&self) -> &Json {
        &self.0
    }

    fn text(&self, name: &str) -> Option<String> {
        let value = self.0.get(name)?;
        value.as_text().map(|text| text.into_owned()).filter(|text| !text.is_empty())
    }

    /// Returns the name, or else the ID.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.text("name").or_else(|| self.text("id"))
    }

    /// Returns the URL.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        self.text("selfLink")
    }

    /// Returns the URL of the resource that the operation is about.
    #[must_use]
    pub fn target(&self) -> Option<String> {
        self.text("targetLink")
    }

    /// Returns whether the operation has ended, with or without an error.
    #[must_use]
    pub fn done(&self) -> bool {
        self.text("status").is_some_and(|status| status.eq_ignore_ascii_case("done"))
    }

    /// Describes a member of another type than usual that tells the state of the operation.
    #[must_use]
    pub fn misfit(&self) -> Option<String> {
        let of_kind = |json: &Json, name: &str, kind: Kind| {
            let value = json.get(name).filter(|value| !value.is_null())?;
            (value.kind() != kind).then(|| described(name, &value))
        };
        of_kind(&self.0, "status", Kind::Text)
            .or_else(|| of_kind(&self.0, "error", Kind::Object))
            .or_else(|| of_kind(&self.0.get("error")?, "errors", Kind::List))
            .or_else(|| of_kind(&self.0, "name", Kind::Text))
    }

    /// Returns the error in the form of other errors: `code`, `message`, and `errors`, each with
    /// `reason` and `message`.
    #[must_use]
    pub fn error(&self) -> Option<Json> {
        let error = self.0.get("error").filter(|error| !error.is_null())?;
        let given: serde_json::Value = serde_json::from_str(error.as_str()).ok()?;
        let Some(list) = given.get("errors").and_then(serde_json::Value::as_array) else {
            // `google.rpc.Status`. One without a code reports success.
            let failed = given.get("code").is_some_and(|code| *code != 0);
            return failed.then_some(error);
        };
        let first = list.first()?;
        let text = |value: &serde_json::Value, name: &str| value[name].as_str().map(str::to_owned);
        let errors: Vec<serde_json::Value> = list
            .iter()
            .map(|one| serde_json::json!({ "reason": text(one, "code"), "message": text(one, "message") }))
            .collect();
        let code =
            self.0.get("httpErrorStatusCode").and_then(|code| code.as_str().parse::<u16>().ok());
        let code = code.unwrap_or(500);
        let message = text(first, "message").or_else(|| text(first, "code")).unwrap_or_default();
        let exists = text(first, "code").is_some_and(|code| code.ends_with("ALREADY_EXISTS"));
        let status = match StatusCode::from_u16(code) {
            _ if exists => Code::AlreadyExists,
            Ok(status) => Code::from_http(status),
            Err(_) => Code::Unknown,
        };
        Some(Json::from(serde_json::json!({
            "code": code, "status": status.as_str(), "message": message, "errors": errors,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, StatusOperation};
    use crate::json::Json;
    use crate::lro::failure;
    use serde_json::json;

    fn operation(value: serde_json::Value) -> StatusOperation {
        StatusOperation::of(&Json::from(value))
    }

    #[test]
    fn a_status_is_the_end() {
        for (value, name, done) in [
            (json!({"name": "o", "id": "5", "status": "DONE"}), Some("o"), true),
            (json!({"id": "5", "status": "done"}), Some("5"), true),
            (json!({"name": "o", "status": "RUNNING"}), Some("o"), false),
            (json!({"name": "", "status": "ABORTING"}), None, false),
            (json!({}), None, false),
        ] {
            let operation = operation(value.clone());
            assert_eq!((operation.name().as_deref(), operation.done()), (name, done), "{value}");
        }
    }

    #[test]
    fn errors_are_read_in_each_form() {
        let none = [
            json!({"status": "DONE"}),
            json!({"status": "DONE", "error": null}),
            json!({"status": "DONE", "error": {"errors": []}}),
            json!({"status": "DONE", "error": {}}),
        ];
        for value in none {
            assert_eq!(operation(value.clone()).error(), None, "{value}");
        }
        let compute = json!({"status": "DONE", "httpErrorStatusCode": 403, "error": {"errors": [
            {"code": "QUOTA_EXCEEDED", "message": "Quota 'CPUS' exceeded."},
            {"code": "OTHER", "message": "And more."},
        ]}});
        let error = failure("op", &operation(compute).error().unwrap());
        assert_eq!(error.reason(), Some("QUOTA_EXCEEDED"), "{error}");
        assert_eq!(error.code(), Some(Code::PermissionDenied), "{error}");
        assert!(error.to_string().contains("op failed: Quota 'CPUS' exceeded."), "{error}");
        let container = json!({"status": "DONE", "error": {"code": 5, "message": "no cluster"}});
        let error = failure("op", &operation(container).error().unwrap());
        assert!(error.is_not_found() && error.to_string().contains("no cluster"), "{error}");
    }
}
