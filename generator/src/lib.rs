//! Root.
pub mod rust {
    //! From typed values to Rust text.
    pub mod docs;
}
