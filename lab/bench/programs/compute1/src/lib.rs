//! Only depends on the crate: what is measured is building that.
