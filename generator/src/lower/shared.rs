//! Pass: objects that the document writes out again and again.
//!
//! A discovery document has no name for what is written in place, so the 216 equal `warning`s of
//! Compute Engine would be 216 types, and a new code of a warning 216 changes. What stands in so
//! many places under one name, word for word, is one schema of that name.

use crate::discovery::Schema;
use crate::overlay::Hints;
use std::collections::{BTreeMap, BTreeSet};

/// From how many places on. High: a revision adds or changes a few places, and neither may make or
/// unmake a type that others use.
const PLACES: usize = 16;

/// An object that many places share.
pub(super) struct Shared<'a> {
    /// Its name.
    pub(super) name: String,
    /// The first of the places.
    pub(super) node: &'a Schema<'a>,
    /// Pointers of all places.
    pub(super) places: Vec<&'a str>,
}

/// An object in place: the member that holds it, and what it says.
type Site<'a> = (&'a str, &'a Schema<'a>);

/// The objects that many places share, from the outside in: what is written inside one of them
/// counts once.
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
            for group in alike(nodes) {
                // Most of what has the name, so that the name says what it is.
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

/// The objects written directly inside a schema.
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

/// Groups of nodes that say the same, each in the order of the document.
fn alike<'a>(nodes: Vec<&'a Schema<'a>>) -> Vec<Vec<&'a Schema<'a>>> {
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

/// Whether the overlay says something of this very place, or of one inside it.
fn hinted(node: &Schema<'_>, hints: &Hints) -> bool {
    let inside =
        |at: &String| at.strip_prefix(&node.at).is_some_and(|r| r.is_empty() || r.starts_with('/'));
    hints.renames.keys().chain(hints.shared_enums.keys()).any(inside)
}

/// Whether the name can be one of a schema as it is.
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
