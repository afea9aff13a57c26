//! Uploads and downloads of any size, streamed in constant memory.
//!
//! ```no_run
//! # use discovery_runtime::{Call, Result, json::Json, media::{Download, Source, Upload, UploadSession}};
//! # async fn f(insert: Call, again: Call, get: Call) -> Result<()> {
//! // `client.objects().insert("bucket").upload(source)` of a generated client gives an `Upload`.
//! let upload: Upload<Json> = Upload::new(insert, Source::from_path("video.mp4"));
//! upload
//!     .on_progress(|progress| println!("{} of {:?}", progress.confirmed, progress.total))
//!     .on_session(|session| drop(std::fs::write("session.json", session.to_json())))
//!     .await?;
//!
//! // Another process can resume where the first was interrupted.
//! let stored = std::fs::read_to_string("session.json").unwrap_or_default();
//! let session = UploadSession::from_json(&stored)?;
//! let upload: Upload<Json> = Upload::new(again, Source::from_path("video.mp4"));
//! upload.with_session(session).await?;
//!
//! Download::new(get).to_file("video.mp4").await?;
//! # Ok(()) }
//! ```
//!
//! Programs without async pass these futures to `blocking::wait`.

mod body_range;
mod crc32c;
mod download;
#[cfg(not(target_family = "wasm"))]
mod file;
mod framed;
#[cfg(feature = "mime-guess")]
mod mime;
mod progress;
mod range;
mod read;
mod resumable;
mod resume;
mod session;
#[cfg(not(target_family = "wasm"))]
mod sink;
mod source;
mod state;
mod stream;
mod target;
mod upload;
mod validators;
mod window;

pub use self::download::{Download, Downloaded};
#[cfg(feature = "mime-guess")]
pub use self::mime::guess_content_type;
pub use self::progress::Progress;
pub use self::session::UploadSession;
pub use self::source::{Content, Source};
pub use self::stream::DownloadStream;
pub use self::upload::{Protocol, Upload};
