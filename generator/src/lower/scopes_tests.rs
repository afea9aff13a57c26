use super::least_scope;
use proptest::prelude::*;

/// Scopes as documents list them (below `…/auth/`, unless they have a scheme), whether the method
/// reads, and the narrowest scope.
const TABLE: &[(&[&str], bool, &str)] = &[
    (&["cloud-platform"], false, "cloud-platform"),
    (&["cloud-platform", "jobs"], false, "jobs"),
    (&["cloud-platform", "jobs"], true, "jobs"),
    (&["cloud-platform", "compute", "compute.readonly"], true, "compute.readonly"),
    (&["cloud-platform", "compute"], false, "compute"),
    (&["bigquery", "cloud-platform", "cloud-platform.read-only"], true, "cloud-platform.read-only"),
    (&["cloud-platform", "dataproc", "dataproc.read-only"], true, "dataproc.read-only"),
    (&["cloud-platform", "monitoring", "monitoring.read"], true, "monitoring.read"),
    (&["cloud-platform", "cloud-platform.read-only"], false, "cloud-platform"),
    (&["cloud-platform", "dataproc.read-only"], false, "dataproc.read-only"),
    (
        &[
            "bigquery",
            "cloud-platform",
            "devstorage.full_control",
            "devstorage.read_only",
            "devstorage.read_write",
        ],
        false,
        "bigquery",
    ),
    (
        &[
            "cloud-platform",
            "cloud-platform.read-only",
            "devstorage.full_control",
            "devstorage.read_only",
            "devstorage.read_write",
        ],
        true,
        "devstorage.read_only",
    ),
    (
        &["cloud-platform", "devstorage.full_control", "devstorage.read_write"],
        false,
        "devstorage.read_write",
    ),
    (&["cloud-platform", "devstorage.full_control"], false, "devstorage.full_control"),
    (
        &[
            "drive",
            "drive.appdata",
            "drive.file",
            "drive.meet.readonly",
            "drive.metadata",
            "drive.metadata.readonly",
            "drive.photos.readonly",
            "drive.readonly",
        ],
        true,
        "drive.readonly",
    ),
    (&["drive", "drive.appdata", "drive.file"], false, "drive"),
    (
        &["drive", "drive.file", "drive.readonly", "spreadsheets", "spreadsheets.readonly"],
        true,
        "spreadsheets.readonly",
    ),
    (&["drive", "drive.file", "spreadsheets"], false, "spreadsheets"),
    (&["calendar", "calendar.events", "calendar.events.owned"], false, "calendar"),
    (&["https://mail.google.com/", "gmail.modify", "gmail.send"], false, "gmail.modify"),
    (&["https://mail.google.com/"], true, "https://mail.google.com/"),
    (&["openid", "userinfo.email"], true, "userinfo.email"),
];

fn full(scope: &str) -> String {
    if scope.starts_with("https:") || scope == "openid" {
        return scope.to_owned();
    }
    format!("https://www.googleapis.com/auth/{scope}")
}

#[test]
fn the_least_scope_of_real_methods() {
    for (scopes, reads, least) in TABLE {
        let scopes: Vec<String> = scopes.iter().map(|scope| full(scope)).collect();
        let mut scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let least = full(least);
        assert_eq!(least_scope(&scopes, *reads), Some(least.as_str()), "{scopes:?} {reads}");
        scopes.reverse();
        assert_eq!(least_scope(&scopes, *reads), Some(least.as_str()), "{scopes:?} {reads}");
    }
    assert_eq!(least_scope(&[], true), None);
}

proptest! {
    /// The choice is a listed scope and does not depend on their order.
    #[test]
    fn the_choice_is_listed_and_independent_of_order(
        scopes in prop::collection::vec("(https://www.googleapis.com/auth/)?[a-z]{1,4}([.][a-z_-]{1,4}){0,2}([.]readonly)?", 1..8),
        reads: bool,
        turn in 0_usize..8,
    ) {
        let mut listed: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let least = least_scope(&listed, reads);
        prop_assert!(listed.contains(&least.unwrap_or_default()));
        let by = turn % listed.len();
        listed.rotate_left(by);
        prop_assert_eq!(least_scope(&listed, reads), least);
    }

    /// `cloud-platform` is never chosen if a scope of a single API is listed.
    #[test]
    fn the_whole_cloud_is_the_last_choice(name in "[a-z]{3,8}([.][a-z]{2,6})?", reads: bool) {
        prop_assume!(!name.starts_with("drive") && !name.starts_with("devstorage"));
        let all = full("cloud-platform");
        let own = full(&name);
        prop_assert_eq!(least_scope(&[&all, &own], reads), Some(own.as_str()));
    }
}
