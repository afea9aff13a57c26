//! Pass: finds inline objects that the document repeats.
//!
//! Discovery documents do not name inline objects, so the 216 equal `warning` objects of Compute
//! Engine would become 216 types, and a new warning code 216 changes. Identical objects under the
//! same name in this many places become one schema of that name.

use crate::discovery::Schema;
use crate::overlay::Hints;
use std::collections::{BTreeMap, BTreeSet};

/// Minimum number of places. It is high because a revision adds or changes a few places, which
/// should neither create nor remove a type in use.
const PLACES: usize = 16;

/// Inline object shared by many places.
pub(super) struct Shared<'a> {
    /// Name of the schema.
    pub(super) name: String,
    /// First occurrence.
    pub(super) node: &'a Schema<'a>,
    /// JSON pointers of all occurrences.
    pub(super) places: Vec<&'a str>,
}

/// Inline object with the name of its member.
type Site<'a> = (&'a str, &'a Schema<'a>);

/// Returns the shared inline objects, outermost first: objects inside one of them count once.
pub(super) fn shared<'a>(schemas: &[(&'a str, &'a Schema<'a>)], hints: &Hints) -> Vec<Shared<'a>> {
    let mut taken: BTreeSet<String> = schemas.iter().map(|(n, _)| (*n).to_owned()).collect();
    let mut out = Vec::new();
    let mut level: Vec<Site<'a>> = schemas.iter().flat_map(|(_, node)| inside(node)).collect();
    while !level.is_empty() {
        let mut next = Vec::new();
        for (member, nodes) in by_member(level) {
            let (own, nodes): (Vec<_>, Vec<_>) =
                nodes.into_iter().partition(|node| !is_plain(member) || hinted(node, hints));
            next.extend(own.into_iter().flat_map(inside));
            let all = nodes.len();
            for group in group_equal(nodes) {
                // The group must be the majority of objects with the name.
                if group.len() < PLACES || group.len() * 2 <= all {
                    next.extend(group.into_iter().flat_map(inside));
                    continue;
                }
                next.extend(inside(group[0]));
                let places = group.iter().map(|node| node.at.as_str()).collect();
                out.push(Shared { name: free_name(member, &mut taken), node: group[0], places });
            }
        }
        level = next;
    }
    out
}

/// Returns the objects directly inside a schema.
fn inside<'a>(node: &'a Schema<'a>) -> Vec<Site<'a>> {
    let mut out = Vec::new();
    for (member, property) in &node.properties {
        find(member, property, &mut out);
    }
    out
}

fn find<'a>(member: &'a str, node: &'a Schema<'a>, out: &mut Vec<Site<'a>>) {
    if node.reference.is_some() {
    } else if !node.properties.is_empty() {
        out.push((member, node));
    } else if let Some(inner) = node.items.as_deref().or(node.additional.as_deref()) {
        find(member, inner, out);
    }
}

fn by_member<'a>(sites: Vec<Site<'a>>) -> BTreeMap<&'a str, Vec<&'a Schema<'a>>> {
    let mut out: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (member, node) in sites {
        out.entry(member).or_default().push(node);
    }
    out
}

/// Groups equal nodes, each group in document order.
fn group_equal<'a>(nodes: Vec<&'a Schema<'a>>) -> Vec<Vec<&'a Schema<'a>>> {
    let mut groups: Vec<Vec<&Schema<'_>>> = Vec::new();
    if nodes.len() < PLACES {
        groups.extend(nodes.into_iter().map(|node| vec![node]));
        return groups;
    }
    for node in nodes {
        match groups.iter_mut().find(|group| group[0].same_object(node)) {
            Some(group) => group.push(node),
            None => groups.push(vec![node]),
        }
    }
    groups
}

/// Returns `true` if the overlay has a hint for this place or one inside it.
fn hinted(node: &Schema<'_>, hints: &Hints) -> bool {
    let inside =
        |at: &String| at.strip_prefix(&node.at).is_some_and(|r| r.is_empty() || r.starts_with('/'));
    hints.renames.keys().chain(hints.shared_enums.keys()).any(inside)
}

/// Returns `true` if the name can be used as a schema's name unchanged.
fn is_plain(member: &str) -> bool {
    member.starts_with(|c: char| c.is_ascii_alphabetic())
        && member.chars().all(|c| c.is_ascii_alphanumeric())
}

fn free_name(member: &str, taken: &mut BTreeSet<String>) -> String {
    let mut chars = member.chars();
    let mut name: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    name.push_str(chars.as_str());
    while !taken.insert(name.clone()) {
        name.push_str("Inline");
    }
    name
}
