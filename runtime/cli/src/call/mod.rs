//! Sends or prints the request.

mod answer;
mod batch;
mod code;
mod curl;
mod described;
mod fields;
mod hidden;
mod interrupt;
mod log;
mod media;
mod misfit;
mod pages;
mod quiet;
mod refusal;
mod request;
mod run;
mod session;
mod show;
mod stream;
mod wait;

pub(crate) use batch::run as run_batch;
pub(crate) use media::content_type;
pub(crate) use quiet::quietly;
pub(crate) use run::run;
