//! Content that is streamed: uploads and downloads of any size in flat memory.

mod crc32c;
mod download;
#[cfg(not(target_family = "wasm"))]
mod file;
mod macros;
mod multipart;
mod pin;
mod progress;
mod range;
mod read;
mod resumable;
mod session;
#[cfg(not(target_family = "wasm"))]
mod sink;
mod source;
mod state;
mod stream;
mod target;
mod upload;
mod window;

#[cfg(feature = "testing")]
pub(crate) use self::crc32c::Crc32c;
pub use self::download::{Download, Downloaded};
pub(crate) use self::multipart::{Boundary, Multipart, Part, line};
pub use self::progress::Progress;
#[cfg(feature = "testing")]
pub(crate) use self::range::ContentRange;
pub use self::session::UploadSession;
pub use self::source::{Content, Source};
pub use self::stream::DownloadStream;
pub use self::upload::{Protocol, Upload};
