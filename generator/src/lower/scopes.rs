//! Pass: chooses the default scope of each method.

use super::Lowering;
use crate::ir::{Method, MethodId, Verb, WireName};
use std::cmp::Ordering;

const PREFIX: &str = "https://www.googleapis.com/auth/";
/// Scope families that several APIs list for another product's data: a spreadsheet is in Drive, a
/// query may read from Storage. The API's own family is narrower.
const SHARED: [&str; 2] = ["drive", "devstorage"];

impl Lowering<'_> {
    pub(super) fn choose_scopes(&mut self) {
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            self.api.methods[id.index()].default_scope = default_scope(&self.api[id]);
        }
    }
}

/// Returns the narrowest scope that a method lists; any listed scope suffices. A method reads if
/// its verb is GET or HEAD, or if it is a POST known to be idempotent (`search`, `query`).
fn default_scope(method: &Method) -> Option<WireName> {
    let reads = match method.verb {
        Verb::Get | Verb::Head => true,
        Verb::Post => method.idempotent,
        _ => false,
    };
    let scopes: Vec<&str> = method.scopes.iter().map(WireName::as_str).collect();
    least_scope(&scopes, reads).map(|scope| WireName(scope.to_owned()))
}

/// Returns the narrowest of `scopes` for a method that only reads, or that may write. The first of
/// these criteria that differs decides between two scopes:
///
/// 1. For a method that reads: a read-only scope, whose last part is `readonly`, `read-only`,
///    `read_only` or `read`. For one that may write: a scope other than `cloud-platform` and
///    `cloud-platform.read-only`, then one that is not read-only. (A method that may write lists a
///    read-only scope only for what it reads besides, such as BigQuery jobs for Storage.)
/// 2. Reach: a scope of one API; then a family that several APIs share (`drive`, `devstorage`);
///    then whole products (`….full_control` and addresses not below `www.googleapis.com/auth/`);
///    then `cloud-platform` and `cloud-platform.read-only`.
/// 3. Fewer parts between dots: `drive.readonly` before `drive.metadata.readonly`. A scope with
///    more parts covers only part of the data, and the method would silently return less.
/// 4. Alphabetical order, so that the choice does not depend on the document's order.
fn least_scope<'a>(scopes: &[&'a str], reads: bool) -> Option<&'a str> {
    scopes.iter().copied().min_by(|a, b| compare(a, b, reads))
}

fn compare(a: &str, b: &str, reads: bool) -> Ordering {
    rank(a, reads).cmp(&rank(b, reads)).then_with(|| a.cmp(b))
}

fn rank(scope: &str, reads: bool) -> (bool, bool, u8, usize) {
    let reach = breadth(scope);
    let read_only = is_read_only(scope);
    let parts = scope.split('.').count();
    if reads { (!read_only, false, reach, parts) } else { (reach == 3, read_only, reach, parts) }
}

fn breadth(scope: &str) -> u8 {
    let Some(name) = scope.strip_prefix(PREFIX) else { return 2 };
    let (family, rest) = name.split_once('.').unwrap_or((name, ""));
    match (family, rest) {
        ("cloud-platform", _) => 3,
        (_, "full_control") => 2,
        _ if SHARED.contains(&family) => 1,
        _ => 0,
    }
}

fn is_read_only(scope: &str) -> bool {
    let last = scope.rsplit(['.', '/']).next().unwrap_or_default();
    matches!(last, "readonly" | "read-only" | "read_only" | "read")
}

#[cfg(test)]
#[path = "scopes_tests.rs"]
mod tests;
