//! A family of inputs.

/// Work on one input; returns what came, in a few words.
pub(crate) type Work = Box<dyn FnOnce() -> String + Send>;

/// Inputs of one kind, of any size.
pub(crate) struct Family {
    /// What is attacked.
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    /// Smallest size; what it counts depends on the family.
    pub(crate) size: usize,
    /// Prepares the work on an input of a size. The preparation is not counted.
    pub(crate) make: fn(usize) -> Work,
}

/// Says what came.
pub(crate) fn told<T, E: std::fmt::Display>(result: Result<T, E>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(error) => format!("refused: {error}"),
    }
}
