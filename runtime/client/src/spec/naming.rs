//! Names of APIs and requests in spans and metrics, which never hold arguments of a call.

use std::fmt;

use super::{MethodSpec, Segment, ServiceSpec};

impl ServiceSpec {
    /// Returns the name of the API, for example `jobs`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.id.split_once(':').map_or(self.id, |(name, _)| name)
    }
}

/// The path of a request below the root URL, with the names of parameters in place of their values:
/// `/v3/{name}/companies`. `Display` prints it.
#[derive(Clone, Copy, Debug)]
pub struct UrlTemplate {
    method: &'static MethodSpec,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Method,
    Upload,
    Batch,
}

impl UrlTemplate {
    pub(crate) const fn of(method: &'static MethodSpec) -> Self {
        Self { method, kind: Kind::Method }
    }

    pub(crate) const fn of_upload(method: &'static MethodSpec) -> Self {
        Self { method, kind: Kind::Upload }
    }

    pub(crate) const fn of_batch(method: &'static MethodSpec) -> Self {
        Self { method, kind: Kind::Batch }
    }
}

impl fmt::Display for UrlTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let service = self.method.service;
        match self.kind {
            Kind::Method => write_path(f, service.service_path, self.method.path),
            Kind::Upload => write_path(f, "", self.method.upload.map_or(&[], |upload| upload.path)),
            Kind::Batch => write_path(f, service.batch_path.unwrap_or_default(), &[]),
        }
    }
}

/// Writes a path, which may begin with a slash or not.
fn write_path(f: &mut fmt::Formatter<'_>, prefix: &str, path: &[Segment]) -> fmt::Result {
    let prefix = prefix.trim_start_matches('/');
    let rooted = |text: &'static str| match text.strip_prefix('/') {
        Some(rest) if prefix.is_empty() => rest,
        _ => text,
    };
    write!(f, "/{prefix}")?;
    for (index, segment) in path.iter().enumerate() {
        match segment {
            Segment::Literal(text) if index == 0 => f.write_str(rooted(text))?,
            Segment::Literal(text) => f.write_str(text)?,
            Segment::Simple(name) | Segment::Reserved(name) => write!(f, "{{{name}}}")?,
            Segment::Segments(name) => write!(f, "/{{{name}}}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::UploadSpec;

    static SERVICE: ServiceSpec = ServiceSpec {
        id: "things:v1",
        root_url: "https://things.googleapis.com/",
        mtls_root_url: None,
        service_path: "things/",
        batch_path: Some("batch/things"),
        data_wrapper: false,
        package: "google-things-v1",
        package_version: "0.0.0",
    };

    static METHOD: MethodSpec = MethodSpec {
        upload: Some(&UploadSpec {
            path: &[Segment::Literal("/upload/v1/"), Segment::Simple("id")],
            resumable: true,
            accept: &[],
            max_size: None,
            media_type: None,
        }),
        ..MethodSpec::get(
            "things.get",
            &SERVICE,
            &[Segment::Literal("v1/"), Segment::Reserved("name"), Segment::Segments("rest")],
        )
    };

    #[test]
    fn templates() {
        assert_eq!(UrlTemplate::of(&METHOD).to_string(), "/things/v1/{name}/{rest}");
        assert_eq!(UrlTemplate::of_upload(&METHOD).to_string(), "/upload/v1/{id}");
        assert_eq!(UrlTemplate::of_batch(&METHOD).to_string(), "/batch/things");
        assert_eq!(SERVICE.name(), "things");
    }
}
