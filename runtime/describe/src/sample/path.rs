//! Names of resources.

use crate::names::singular;

/// Returns a sample id of a resource in a collection.
#[must_use]
pub fn id(collection: &str) -> String {
    match collection {
        "locations" | "regions" => "us-central1".to_owned(),
        "zones" => "us-central1-a".to_owned(),
        "projects" => "my-project".to_owned(),
        "organizations" | "folders" => "123456789".to_owned(),
        other => format!("{}-1", singular(other)),
    }
}

/// Returns a name that fits a pattern such as `^projects/[^/]+/jobs/[^/]+$`, with an id of each
/// collection; `None` if the pattern is not made of segments.
pub fn path(pattern: &str, id: impl Fn(&str) -> String) -> Option<String> {
    let body = pattern.strip_prefix('^').unwrap_or(pattern);
    let body = body.strip_suffix('$').unwrap_or(body).replace("[^/]", "@");
    let mut out: Vec<String> = Vec::new();
    for part in body.split('/') {
        let wild = matches!(part, "@+" | "@*" | ".+" | ".*");
        let plain = part.chars().all(|c| c.is_ascii_alphanumeric() || "-_~".contains(c));
        match (wild, plain && !part.is_empty()) {
            (true, _) => out.push(id(out.last().map_or("item", String::as_str))),
            (false, true) => out.push(part.to_owned()),
            (false, false) => return None,
        }
    }
    Some(out.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_become_names() {
        for (pattern, want) in [
            ("^projects/[^/]+$", Some("projects/my-project")),
            ("^projects/[^/]+/jobs/[^/]+$", Some("projects/my-project/jobs/job-1")),
            ("^projects/[^/]+/locations/[^/]+$", Some("projects/my-project/locations/us-central1")),
            ("^folders/[^/]+/companies/.*$", Some("folders/123456789/companies/company-1")),
            ("^[^/]+$", Some("item-1")),
            ("[a-z](?:[-a-z0-9]{0,61})?", None),
            ("^(a|b)/[0-9]{3}$", None),
            ("", None),
        ] {
            assert_eq!(path(pattern, id).as_deref(), want, "{pattern}");
        }
    }
}
