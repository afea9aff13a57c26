//! Methods that only read.

use discovery_describe::names::kebab;
use discovery_runtime::spec::{MethodSpec, Verb};

/// First words of the names of methods that read. Documents list read-only scopes for methods that
/// write, too (`compute.projects.setUsageExportBucket`, `cloudresourcemanager.liens.delete`), so
/// that the scope alone decides nothing.
const READING: &[&str] = &["get", "list", "search", "test", "check", "count", "fetch", "wait"];

/// Returns `true` if a method only reads: GET and HEAD, and a POST that a read-only scope suffices
/// for, if it is idempotent or its name says that it reads.
pub(crate) fn reads(method: &MethodSpec) -> bool {
    match method.verb {
        Verb::Get | Verb::Head => true,
        Verb::Post => scope(method).is_some() && (method.idempotent || has_reading_name(method)),
        Verb::Put | Verb::Patch | Verb::Delete | Verb::Options => false,
    }
}

fn has_reading_name(method: &MethodSpec) -> bool {
    let name = kebab(method.id.rsplit('.').next().unwrap_or_default());
    READING.contains(&name.split('-').next().unwrap_or_default())
}

/// Returns a read-only scope of a method; the default one if it is.
pub(super) fn scope(method: &MethodSpec) -> Option<&'static str> {
    method.default_scope.iter().chain(method.scopes).copied().find(|scope| is_read_only(scope))
}

fn is_read_only(scope: &str) -> bool {
    let last = scope.rsplit(['.', '/']).next().unwrap_or_default();
    matches!(last, "readonly" | "read-only" | "read_only" | "read")
}

#[cfg(test)]
mod tests {
    use super::*;
    use discovery_runtime::spec::ServiceSpec;

    static API: ServiceSpec = ServiceSpec {
        id: "x:v1",
        root_url: "https://x.googleapis.com/",
        mtls_root_url: None,
        service_path: "",
        batch_path: None,
        data_wrapper: false,
        package: "x",
        package_version: "0",
    };
    const BOTH: &[&str] =
        &["https://www.googleapis.com/auth/x", "https://www.googleapis.com/auth/x.readonly"];
    const WRITE: &[&str] = &["https://www.googleapis.com/auth/x"];

    #[test]
    fn methods_that_only_read() {
        for (verb, id, scopes, want) in [
            (Verb::Get, "x.things.anything", WRITE, true),
            (Verb::Head, "x.things.anything", &[][..], true),
            (Verb::Post, "x.things.search", BOTH, true),
            (Verb::Post, "x.zoneOperations.wait", BOTH, true),
            (Verb::Post, "x.things.testIamPermissions", BOTH, true),
            (Verb::Post, "x.things.search", WRITE, false),
            (Verb::Post, "x.things.search", &[], false),
            (Verb::Post, "x.projects.setUsageExportBucket", BOTH, false),
            (Verb::Post, "x.jobs.create", BOTH, false),
            (Verb::Post, "x.jobs.query", BOTH, false),
            (Verb::Delete, "x.liens.delete", BOTH, false),
            (Verb::Put, "x.groups.update", BOTH, false),
            (Verb::Patch, "x.groups.getOrPatch", BOTH, false),
        ] {
            let method = MethodSpec { scopes, ..MethodSpec::new(verb, id, &API, &[]) };
            assert_eq!(reads(&method), want, "{verb} {id}");
        }
        let hinted =
            MethodSpec { scopes: BOTH, idempotent: true, ..MethodSpec::post("x.q.run", &API, &[]) };
        assert!(reads(&hinted));
        assert_eq!(scope(&hinted), Some(BOTH[1]));
    }
}
