//! Members that a model does not declare, written behind those it does.

use super::Writer;
use crate::extra::Extra;
use crate::reader::Reader;
use crate::scan::is_space;
use std::collections::BTreeSet;

impl Writer {
    /// Writes the members of `extra` that were not written since `start`: a declared member that
    /// was set meanwhile wins over its old null or unread value.
    #[inline(never)]
    pub(super) fn extra_members(&mut self, start: usize, extra: &Extra) {
        let written = names(self.out.get(start..).unwrap_or_default(), extra);
        for (name, text) in extra.raw_members() {
            if !written.contains(name) {
                self.separate(b'{');
                self.string(name);
                self.out.push(':');
                self.verbatim(text);
            }
        }
    }
}

/// Which members of `extra` are among the members of an object that is still open.
fn names<'e>(members: &str, extra: &'e Extra) -> BTreeSet<&'e str> {
    let mut found = BTreeSet::new();
    let mut r = Reader::over(members);
    // What was written is valid; an error only ends the walk.
    while r.offset() < members.len() && !is_space(r.peek()) {
        let Ok(name) = r.string() else { break };
        if let Some(name) = extra.name_of(&name) {
            found.insert(name);
        }
        r.advance();
        if r.skip().is_err() {
            break;
        }
        r.advance();
    }
    found
}
