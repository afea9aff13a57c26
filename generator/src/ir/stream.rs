//! Streaming methods.

/// Rule that identified a streaming method, most reliable first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StreamRule {
    /// The overlay says so.
    Overlay,
    /// Its name: `streamGenerateContent`, `executeStreamingSql`.
    Name,
    /// The name of its response: `StreamingPredictResponse`.
    Response,
    /// It is known to stream, although its document does not say so.
    Known,
    /// Its description: "Returns a stream of …".
    Description,
}

impl StreamRule {
    /// Returns the name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overlay => "overlay",
            Self::Name => "name",
            Self::Response => "name of response",
            Self::Known => "known",
            Self::Description => "description",
        }
    }
}
