//! Every side transfers all bytes: 4 MiB and a bit.

use std::path::PathBuf;
use transfers::server::Server;
use transfers::{Job, Outcome, What, content};

const SIZE: u64 = (4 << 20) + 12345;

/// A file that is removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("transfers-{}-{name}", std::process::id())))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn run(side: &str, job: &Job) -> Outcome<()> {
    match side {
        "ours" => transfers::ours::run(job).await,
        "bare" => transfers::bare::run(job).await,
        "google" => transfers::google::run(job).await,
        other => Err(format!("no side is called {other}").into()),
    }
}

fn job(server: &Server, what: What, file: &Temporary) -> Job {
    Job { what, server: server.address().to_string(), size: SIZE, file: file.0.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_arrive() -> Outcome<()> {
    let file = Temporary::new("up");
    content::write(&file.0, SIZE)?;
    for side in ["ours", "bare", "google"] {
        let server = Server::start(SIZE, true)?;
        run(side, &job(&server, What::UploadFile, &file)).await?;
        assert_eq!(server.last(), Some(content::checksum(SIZE).into()), "{side}");
        let before = server.received();
        run(side, &job(&server, What::UploadMemory, &file)).await?;
        let more = server.received() - before;
        // Multipart bodies have metadata, too.
        assert!((SIZE..SIZE + 2000).contains(&more), "{side}: {more}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn downloads_arrive() -> Outcome<()> {
    let (file, expected) = (Temporary::new("down"), Temporary::new("expected"));
    content::write(&expected.0, SIZE)?;
    let server = Server::start(SIZE, false)?;
    for side in ["ours", "bare", "google"] {
        let _ = std::fs::remove_file(&file.0);
        run(side, &job(&server, What::DownloadFile, &file)).await?;
        assert!(std::fs::read(&file.0)? == std::fs::read(&expected.0)?, "{side}");
        for what in [What::DownloadMemory, What::DownloadUnchecked] {
            run(side, &job(&server, what, &file)).await?;
        }
    }
    Ok(())
}

#[test]
fn sockets_transfer_memory() -> Outcome<()> {
    let server = Server::start(SIZE, true)?;
    let file = Temporary::new("unused");
    transfers::raw::run(&job(&server, What::UploadMemory, &file))?;
    assert_eq!(server.last(), Some(content::checksum(SIZE).into()));
    transfers::raw::run(&job(&server, What::DownloadMemory, &file))?;
    let short = Job { size: SIZE + 1, ..job(&server, What::DownloadMemory, &file) };
    assert!(transfers::raw::run(&short).is_err());
    Ok(())
}
