//! Sources of values besides the command line.

/// Reads files and standard input for the values of a command line.
pub(crate) trait Source {
    /// Reads the file at `path`; `-` is standard input, which can be read once.
    ///
    /// # Errors
    /// Returns a message for the user.
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String>;
}

/// Empty source, for completion and grammar tests.
pub(crate) struct NoSource;

impl Source for NoSource {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("'{path}' is not read here."))
    }
}

/// The text of a source.
pub(crate) fn text(source: &mut dyn Source, path: &str) -> Result<String, String> {
    let bytes = source.read(path)?;
    String::from_utf8(bytes).map_err(|error| {
        format!("'{path}' is not UTF-8 text at byte {}.", error.utf8_error().valid_up_to())
    })
}
