//! Arguments of a method in the URL of a resource.

use crate::spec::Segment;

/// Returns the value of a path parameter in a URL that ends as the path does, or before it.
pub(super) fn place(path: &[Segment], url: &str, name: &str) -> Option<String> {
    let mut segments = path.iter().peekable();
    let (Some(Segment::Literal(first)), true) = (segments.next(), url.contains("://")) else {
        return None;
    };
    let (_, mut rest) = url.split_once(&format!("/{first}"))?;
    while let Some(segment) = segments.next() {
        let end = match segments.peek() {
            Some(Segment::Literal(text)) => rest.find(text).unwrap_or(rest.len()),
            _ => rest.len(),
        };
        match segment {
            Segment::Literal(text) => rest = rest.strip_prefix(text)?,
            Segment::Simple(param) | Segment::Reserved(param) | Segment::Segments(param) => {
                let (value, after) = rest.split_at(end);
                if *param == name {
                    return Some(value.to_owned()).filter(|value| !value.is_empty());
                }
                rest = after;
            }
        }
    }
    None
}

/// Returns the values of all path parameters in a URL that ends with the whole path. Each is one part
/// of it, without characters to decode.
pub(super) fn arguments(path: &[Segment], url: &str) -> Option<Vec<(&'static str, String)>> {
    let (mut values, mut whole) = (Vec::new(), "/".to_owned());
    for segment in path {
        match segment {
            Segment::Literal(text) => whole.push_str(text),
            Segment::Simple(name) => {
                let value = place(path, url, name)?;
                whole.push_str(&value);
                values.push((*name, value));
            }
            Segment::Reserved(_) | Segment::Segments(_) => return None,
        }
    }
    let is_plain = |value: &String| !value.contains(['/', '%', '?', '#']);
    let all = values.iter().all(|(_, value)| is_plain(value));
    (all && url.ends_with(&whole)).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::{arguments, place};
    use crate::spec::Segment::{Literal, Reserved, Simple};

    #[test]
    fn a_url_tells_the_parameters_of_the_poll() {
        let zone = &[
            Literal("projects/"),
            Simple("project"),
            Literal("/zones/"),
            Simple("zone"),
            Literal("/operations/"),
            Simple("operation"),
            Literal("/wait"),
        ][..];
        let url = "https://www.googleapis.com/compute/v1/projects/p/zones/z/operations/o-1";
        for (name, value) in [("project", "p"), ("zone", "z"), ("operation", "o-1")] {
            assert_eq!(place(zone, url, name).as_deref(), Some(value), "{name}");
        }
        assert_eq!(place(zone, "o-1", "operation"), None);
        assert_eq!(place(zone, "https://h/projects/p/regions/r/operations/o", "zone"), None);
        let named = &[Literal("v1/"), Reserved("name")][..];
        let url = "https://container.googleapis.com/v1/projects/5/locations/l/operations/o";
        assert_eq!(
            place(named, url, "name").as_deref(),
            Some("projects/5/locations/l/operations/o")
        );
    }

    #[test]
    fn a_url_of_a_resource_has_all_arguments_or_none() {
        let get = &[
            Literal("projects/"),
            Simple("project"),
            Literal("/zones/"),
            Simple("zone"),
            Literal("/instances/"),
            Simple("instance"),
        ][..];
        let base = "https://www.googleapis.com/compute/v1/projects";
        let found = arguments(get, &format!("{base}/example.com:p/zones/z/instances/i"));
        let expected = [("project", "example.com:p"), ("zone", "z"), ("instance", "i")];
        assert_eq!(found, Some(expected.map(|(name, value)| (name, value.to_owned())).to_vec()));
        for other in [
            "p/zones/z/instances/",
            "p/zones/z/instances/i/serialPort",
            "p/zones/z/disks/d",
            "p/regions/r/instances/i",
            "p/zones/z/instances/i?x=1",
            "p/zones/z/instances/a%2Fb",
            "p",
        ] {
            assert_eq!(arguments(get, &format!("{base}/{other}")), None, "{other}");
        }
        assert_eq!(arguments(get, "projects/p/zones/z/instances/i"), None);
    }
}
