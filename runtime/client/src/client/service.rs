//! Trait of generated clients.

use super::Client;
use crate::spec::ServiceSpec;

/// The client of one API.
pub trait ServiceClient: Sized {
    /// The API.
    const SERVICE: &'static ServiceSpec;

    /// Wraps the runtime's client.
    fn from_runtime(client: Client) -> Self;
}
