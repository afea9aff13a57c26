//! Uploads and downloads.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use discovery_runtime::media::{
    Download, Protocol, Source, Upload, UploadSession, guess_content_type,
};
use discovery_runtime::{Client, HttpBody, Response};
use tokio::runtime::Runtime;

use crate::access;
use crate::failure::Failure;
use crate::host::{Host, reason};
use crate::output::{Target, closed};
use crate::plan::{Media, Plan, RawBody};
use crate::progress;

use super::interrupt::Waiting;
use super::run::Job;
use super::session::{Place, SessionFile};
use super::{interrupt, refusal, request, session};

/// Uploads the content of a plan and returns the response.
pub(super) fn upload(
    job: &Job<'_>,
    plan: &Plan,
    media: &Media,
    client: &Client,
    host: &mut Host<'_>,
    runtime: &Runtime,
) -> Result<Response, Failure> {
    let (source, path) = source(&media.file, host)?;
    let source = match (&media.mime, guess_content_type(&media.file)) {
        (Some(arguments), _) => source.with_content_type(arguments),
        (None, Some(guess)) => source.with_guessed_content_type(guess),
        (None, None) => source,
    };
    let kept = path.and_then(|path| keep(job, plan, media, &path, client, host));
    let mut upload = Upload::<HttpBody>::new(request::call(client, plan), source);
    if let Some(protocol) = protocol(plan, media) {
        upload = upload.with_protocol(protocol);
    }
    if let Some(session) = kept.as_ref().and_then(SessionFile::load) {
        host.print_message(&format!("Resuming an earlier upload at byte {}.", session.confirmed()));
        upload = upload.with_session(session);
    }
    if let Some(kept) = kept.clone() {
        upload = upload.on_session(move |session: &UploadSession| kept.save(session));
    }
    let bar = progress::bytes(host, None);
    if let Some(bar) = bar.clone() {
        upload = upload.on_progress(move |at| {
            bar.set_length(at.total.unwrap_or(at.transferred));
            bar.set_position(at.transferred);
        });
    }
    let result = runtime.block_on(upload.send_full());
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    match result {
        Ok(full) => {
            if let Some(kept) = kept {
                kept.forget();
            }
            Ok(full.response)
        }
        Err(error) => {
            let failure = refusal::failure(job.app, plan, &error);
            let Some(kept) = kept else { return Err(failure) };
            if UploadSession::survives(&error) && kept.load().is_some() {
                return Err(failure.note("the same command resumes the upload"));
            }
            // The server would reject the session permanently: the next run opens a new one.
            kept.forget();
            Err(failure)
        }
    }
}

/// Opens the session file of a resumable upload.
fn keep(
    job: &Job<'_>,
    plan: &Plan,
    media: &Media,
    file: &Path,
    client: &Client,
    host: &Host<'_>,
) -> Option<SessionFile> {
    let resumable = plan.method.spec.upload.is_some_and(|upload| upload.resumable);
    // The local server's sessions end with this process.
    if !resumable || media.resumable == Some(false) || job.settings.mock.is_some() {
        return None;
    }
    let identity = access::identity(job.app, plan, &job.settings, host);
    let mime = content_type(plan, media);
    let key = session::key(plan, client.root_url(), mime.as_deref(), file, &identity)?;
    match SessionFile::take(&access::folder(job.app, &job.settings, host).path, &key) {
        Place::Held(kept) => Some(kept),
        Place::Unusable => None,
        Place::Busy => {
            host.print_message("Another run of this upload is in progress. This one starts over.");
            None
        }
    }
}

/// Returns the content and its file, if there is one.
fn source(file: &str, host: &mut Host<'_>) -> Result<(Source, Option<PathBuf>), Failure> {
    if file == "-" {
        let source = spooled(host.stdin).map_err(|error| {
            Failure::usage(format!("standard input cannot be read: {}", reason(&error)))
        })?;
        return Ok((source, None));
    }
    let path = host.path(file);
    let found = std::fs::metadata(&path).map_err(|error| {
        Failure::usage(format!("-f {file}: it cannot be read: {}", reason(&error)))
    })?;
    if found.is_dir() {
        return Err(Failure::usage(format!("-f {file}: it is a folder")));
    }
    Ok((Source::from_path(&path), Some(path)))
}

/// Opens the content of a body that is sent unchanged, which is read as it is sent.
pub(super) fn open(
    raw: &mut RawBody,
    host: &mut Host<'_>,
    runtime: &Runtime,
) -> Result<(), Failure> {
    let (source, _) = source(&raw.file, host)?;
    let body = runtime.block_on(source.into_body());
    let body = body.map_err(|error| Failure::usage(format!("-f {}: {error}", raw.file)))?;
    raw.content = Some(Arc::new(body));
    Ok(())
}

/// Maximum size of standard input in memory.
const IN_MEMORY: u64 = 4 * 1024 * 1024;

/// Reads standard input: into memory, or into a temporary file without a name if it is large. Either
/// can be sent again after a failure, which a pipe cannot.
fn spooled(stdin: &mut dyn Read) -> io::Result<Source> {
    let mut bytes = Vec::new();
    stdin.take(IN_MEMORY).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < IN_MEMORY {
        return Ok(Source::from_bytes(bytes));
    }
    let mut file = tempfile::tempfile()?;
    file.write_all(&bytes)?;
    io::copy(stdin, &mut file)?;
    Source::from_file(file)
}

/// `-u`: `simple` is one request, multipart if there is metadata.
fn protocol(plan: &Plan, media: &Media) -> Option<Protocol> {
    let has_metadata =
        plan.body.as_ref().is_some_and(|body| body.as_object().is_none_or(|o| !o.is_empty()));
    Some(match (media.resumable?, has_metadata) {
        (true, _) => Protocol::Resumable,
        (false, true) => Protocol::Multipart,
        (false, false) => Protocol::Simple,
    })
}

/// Returns the MIME type of a plan's content.
pub(crate) fn content_type(plan: &Plan, media: &Media) -> Option<String> {
    let spec = plan.method.spec.upload?;
    let named = spec.media_type.and_then(|name| plan.body.as_ref()?.get(name)?.as_str());
    Some(
        spec.content_type(media.mime.as_deref(), named, guess_content_type(&media.file)).to_owned(),
    )
}

/// Downloads the content of a plan.
pub(super) fn download(
    job: &Job<'_>,
    plan: &Plan,
    client: &Client,
    host: &mut Host<'_>,
    runtime: &Runtime,
) -> Result<(), Failure> {
    let on_screen = matches!(job.target, Target::Screen);
    let bar = if on_screen { None } else { progress::bytes(host, None) };
    let call = request::call(client, plan);
    let failed = |error| refusal::failure(job.app, plan, &error);
    let waiting = Waiting::new(runtime, &job.target);
    let result = job.target.write(host.stdout, &mut |out: &mut dyn Write| {
        let mut download = Download::new(call.clone());
        if job.settings.as_stored {
            download = download.with_stored_bytes();
        }
        if let Some(bar) = bar.clone() {
            download = download.on_progress(move |at| {
                bar.set_length(at.total.unwrap_or(at.transferred));
                bar.set_position(at.transferred);
            });
        }
        let interrupted = || interrupt::unwritten(plan);
        let opened = waiting.on(download.open()).ok_or_else(interrupted)?;
        let mut stream = opened.map_err(failed)?;
        while let Some(piece) = waiting.on(stream.next()).ok_or_else(interrupted)? {
            out.write_all(&piece.map_err(failed)?).map_err(|error| closed(&error))?;
        }
        Ok(())
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    result
}
