//! Sample texts: what the document itself gives as an example, else what the name asks for.

use crate::ir::{Api, Shape};
use discovery_describe::names::{singular, words};
use std::collections::BTreeMap;

/// Words after which a document quotes an example.
const INTRODUCTIONS: &[&str] = &[
    "Sample Query:",
    "Sample Value:",
    "Format is ",
    "or example, ",
    "or example: ",
    "or example ",
    "such as ",
    "e.g., ",
    "e.g. ",
    "e.g.: ",
    "Example: ",
    "Default is ",
];

/// Names of resources that documents use as examples, by collection.
pub(super) struct Resources {
    ids: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

impl Resources {
    /// Looks through every description; what comes first counts.
    pub(super) fn of(api: &Api) -> Self {
        let mut found = Self { ids: BTreeMap::new(), names: BTreeMap::new() };
        let params = api.methods.iter().flat_map(|m| &m.params).map(|p| &p.doc.0);
        params.for_each(|text| found.look(text));
        for schema in &api.schemas {
            if let Shape::Object(object) = &schema.shape {
                object.fields.iter().for_each(|f| found.look(&f.doc.0));
            }
        }
        found
    }

    fn look(&mut self, text: &str) {
        for quoted in text.split(['"', '`']).skip(1).step_by(2) {
            let parts: Vec<&str> = quoted.split('/').collect();
            let plain = |part: &&str| {
                !part.is_empty()
                    && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
            };
            if parts.len() < 2 || parts.len() % 2 == 1 || !parts.iter().all(plain) {
                continue;
            }
            if !parts[0].starts_with(|c: char| c.is_ascii_lowercase()) {
                continue;
            }
            for pair in parts.chunks_exact(2) {
                self.ids.entry(pair[0].to_owned()).or_insert_with(|| pair[1].to_owned());
            }
            let collection = parts[parts.len() - 2].to_owned();
            self.names.entry(collection).or_insert_with(|| quoted.to_owned());
        }
    }

    /// The name of a resource of this collection, if the document has an example.
    pub(super) fn name(&self, collection: &str) -> Option<&str> {
        self.names.get(collection).map(String::as_str)
    }

    /// An id in a collection.
    pub(super) fn id(&self, collection: &str) -> String {
        if let Some(id) = self.ids.get(collection) {
            return id.clone();
        }
        match collection {
            "locations" | "regions" => "us-central1".to_owned(),
            "zones" => "us-central1-a".to_owned(),
            "projects" => "my-project".to_owned(),
            "organizations" | "folders" => "123456789".to_owned(),
            other => format!("{}-1", singular(other)),
        }
    }

    /// A value of a pattern such as `^projects/[^/]+/jobs/[^/]+$`, if it is made of segments.
    pub(super) fn fit(&self, pattern: &str) -> Option<String> {
        let body = pattern.strip_prefix('^').unwrap_or(pattern);
        let body = body.strip_suffix('$').unwrap_or(body).replace("[^/]", "@");
        let mut out: Vec<String> = Vec::new();
        for part in body.split('/') {
            let wild = matches!(part, "@+" | "@*" | ".+" | ".*");
            let plain = part.chars().all(|c| c.is_ascii_alphanumeric() || "-_~".contains(c));
            match (wild, plain && !part.is_empty()) {
                (true, _) => out.push(self.id(out.last().map_or("item", String::as_str))),
                (false, true) => out.push(part.to_owned()),
                (false, false) => return None,
            }
        }
        Some(out.join("/"))
    }

    /// A name written as `projects/{project}/jobs/{job}` or `projects/*` somewhere in a text.
    fn template(&self, text: &str) -> Option<String> {
        let word = text.split([' ', '"', '`', '\'', '(', ')', ',']).find(|word| {
            word.contains('/')
                && (word.contains("/{") || word.contains("/*"))
                && !word.contains("//")
        })?;
        let mut out: Vec<String> = Vec::new();
        for part in word.trim_end_matches(['.', ':', ';']).split('/') {
            let wild = (part.starts_with('{') && part.ends_with('}')) || part == "*";
            let plain = part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
            match (wild, plain && !part.is_empty()) {
                (true, _) => out.push(self.id(out.last()?)),
                (false, true) => out.push(part.to_owned()),
                (false, false) => return None,
            }
        }
        Some(out.join("/"))
    }

    /// A text for a member or parameter; `None` where a made-up one would be refused.
    pub(super) fn text(&self, name: &str, doc: &str) -> Option<String> {
        if let Some(known) = well_known(name) {
            return Some(known.to_owned());
        }
        if is_opaque(name) {
            return None;
        }
        if let Some(example) = quoted(doc) {
            return Some(example);
        }
        if let Some(name) = self.template(doc) {
            return Some(name);
        }
        if let Some(resource) = self.name(name).filter(|_| doc.contains("name")) {
            return Some(resource.to_owned());
        }
        by_ending(name)
    }
}

/// Names that mean the same everywhere.
fn well_known(name: &str) -> Option<&'static str> {
    Some(match name {
        "languageCode" | "languageCodes" | "queryLanguageCode" | "hl" => "en-US",
        "regionCode" | "countryCode" => "US",
        "currencyCode" => "USD",
        "timeZone" => "Europe/Berlin",
        "postalCode" => "94043",
        "project" | "projectId" => "my-project",
        "zone" => "us-central1-a",
        "region" | "location" | "locationId" => "us-central1",
        _ => return None,
    })
}

/// Values that only the server can make, and expressions with a grammar of their own.
fn is_opaque(name: &str) -> bool {
    matches!(name, "pageToken" | "etag" | "fingerprint" | "syncToken")
}

/// The example that a document quotes for a value.
fn quoted(doc: &str) -> Option<String> {
    INTRODUCTIONS.iter().find_map(|introduction| {
        doc.match_indices(introduction).find_map(|(at, _)| {
            let rest = doc[at + introduction.len()..].trim_start();
            if *introduction == "Sample Query:" {
                return query(rest);
            }
            let mark = rest.chars().next().filter(|c| matches!(c, '"' | '`'))?;
            let inner = rest[1..].split(mark).next()?;
            let odd =
                inner.contains(['{', '}', '[', '<', '*', '\\', '\n']) || inner.contains("...");
            (!odd && !inner.is_empty() && inner.len() <= 80).then(|| inner.to_owned())
        })
    })
}

/// The first query of a list of samples.
fn query(rest: &str) -> Option<String> {
    if let Some(code) = rest.strip_prefix('`') {
        return code.split('`').next().map(str::to_owned);
    }
    let first = rest.strip_prefix("* ").unwrap_or(rest).split(" * ").next()?;
    (first.contains('=') && first.len() <= 160).then(|| first.trim().to_owned())
}

fn by_ending(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    if matches!(lower.as_str(), "filter" | "orderby" | "expression" | "customattributefilter") {
        return None;
    }
    if ends(&["email", "emails", "emailaddress"]) {
        return Some("someone@example.com".to_owned());
    }
    if ends(&["uri", "uris", "url", "urls", "link"]) {
        return Some("https://example.com/".to_owned());
    }
    if ends(&["phonenumber", "phonenumbers"]) {
        return Some("+16502530000".to_owned());
    }
    if lower == "address" || lower == "addresses" || ends(&["streetaddress", "headquartersaddress"])
    {
        return Some("1600 Amphitheatre Parkway, Mountain View, CA 94043".to_owned());
    }
    if lower == "domain" {
        return Some("example.com".to_owned());
    }
    if matches!(lower.as_str(), "key" | "value") {
        return Some(lower);
    }
    let words = words(name);
    Some(match words.strip_suffix(" id") {
        Some(stem) => format!("{}-1", stem.replace(' ', "-")),
        None if words == "id" || words == "name" => format!("{words}-1"),
        None => format!("Example {words}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resources() -> Resources {
        let mut r = Resources { ids: BTreeMap::new(), names: BTreeMap::new() };
        r.look("for example, \"projects/api-test/jobs/1234\", not \"a/{b}\" or `x/y/z`");
        r
    }

    #[test]
    fn patterns_become_names() {
        let r = resources();
        for (pattern, want) in [
            ("^projects/[^/]+$", Some("projects/api-test")),
            ("^projects/[^/]+/jobs/[^/]+$", Some("projects/api-test/jobs/1234")),
            ("^projects/[^/]+/locations/[^/]+$", Some("projects/api-test/locations/us-central1")),
            ("^folders/[^/]+/companies/.*$", Some("folders/123456789/companies/company-1")),
            ("[a-z](?:[-a-z0-9]{0,61})?", None),
        ] {
            assert_eq!(r.fit(pattern).as_deref(), want, "{pattern}");
        }
    }

    #[test]
    fn the_document_is_asked_first() {
        let r = resources();
        for (name, doc, want) in [
            ("displayName", "The name, for example, \"Google LLC\".", Some("Google LLC")),
            ("instruction", "such as \"Mail to ...\", that", Some("Example instruction")),
            ("filter", "Sample Query: * a = \"b\" * c = \"d\"", Some("a = \"b\"")),
            ("filter", "The filter.", None),
            ("regionCode", "For example, \"Liverpool\".", Some("US")),
            ("jobs", "The job name(s).", Some("projects/api-test/jobs/1234")),
            ("parent", "Format: projects/{p}/jobs/{j}.", Some("projects/api-test/jobs/1234")),
            ("eventId", "An id.", Some("event-1")),
            ("uris", "Addresses.", Some("https://example.com/")),
            ("pageToken", "The token.", None),
        ] {
            assert_eq!(r.text(name, doc).as_deref(), want, "{name}");
        }
    }
}
