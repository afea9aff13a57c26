//! Only depends on the crate, whose build is measured.
