//! Text samples by member or parameter name.

use crate::names::words;

/// Returns text for a member or parameter: by a well-known name, else `example`, else by the end of
/// its name; `None` if the server would reject an invented text.
pub fn text(name: &str, example: impl FnOnce() -> Option<String>) -> Option<String> {
    if let Some(known) = well_known(name) {
        return Some(known.to_owned());
    }
    if is_opaque(name) {
        return None;
    }
    example().or_else(|| by_ending(name))
}

/// Names with the same meaning everywhere.
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

/// Returns `true` if only the server can create the value.
fn is_opaque(name: &str) -> bool {
    matches!(name, "pageToken" | "etag" | "fingerprint" | "syncToken")
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

    #[test]
    fn examples_take_precedence_over_names() {
        for (name, example, want) in [
            ("regionCode", Some("Liverpool"), Some("US")),
            ("displayName", Some("Google LLC"), Some("Google LLC")),
            ("displayName", None, Some("Example display name")),
            ("eventId", None, Some("event-1")),
            ("id", None, Some("id-1")),
            ("uris", None, Some("https://example.com/")),
            ("contactEmail", None, Some("someone@example.com")),
            ("filter", None, None),
            ("filter", Some("a = b"), Some("a = b")),
            ("pageToken", Some("x"), None),
        ] {
            let made = text(name, || example.map(str::to_owned));
            assert_eq!(made.as_deref(), want, "{name}");
        }
    }
}
