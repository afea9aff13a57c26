//! Kinds of methods, with a call of each.

use discovery_runtime::json::Json;
use discovery_runtime::media::{Download, Protocol, Upload};
use discovery_runtime::{Client, Error, Pages};

use crate::matrix::api::{Create, Delete, Get, Insert, List, Patch, Search, Server};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Get,
    Search,
    Create,
    Patch,
    Delete,
    Upload,
    Download,
    Pages,
}

impl Kind {
    pub(crate) const ALL: [Self; 8] = [
        Self::Get,
        Self::Search,
        Self::Create,
        Self::Patch,
        Self::Delete,
        Self::Upload,
        Self::Download,
        Self::Pages,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Search => "search POST",
            Self::Create => "create POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Upload => "upload",
            Self::Download => "download",
            Self::Pages => "page stream",
        }
    }

    /// Returns `true` if the method is idempotent.
    pub(crate) const fn is_idempotent(self) -> bool {
        !matches!(self, Self::Create | Self::Patch)
    }

    /// Returns the number of requests without faults.
    pub(crate) const fn requests(self) -> usize {
        match self {
            Self::Upload | Self::Pages => 2,
            _ => 1,
        }
    }

    /// Returns `true` if the fault applies to a request.
    pub(crate) fn is_target(self, verb: &http::Method) -> bool {
        self != Self::Upload || *verb == http::Method::PUT
    }
}

pub(crate) fn content() -> Vec<u8> {
    (0..600 * 1024_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

/// Runs the call, and returns an error if its result is wrong.
pub(crate) async fn call(kind: Kind, client: &Client, server: &Server) -> Result<(), Failed> {
    let file = Json::from(serde_json::json!({"title": "a title"}));
    let name = "a";
    let answer: Json = match kind {
        Kind::Get => Get::call(client).path("name", &name).send().await?,
        Kind::Search => Search::call(client).body(&file).send().await?,
        Kind::Create => Create::call(client).body(&file).send().await?,
        Kind::Patch => Patch::call(client).path("name", &name).body(&file).send().await?,
        Kind::Delete => Delete::call(client).path("name", &name).send().await?,
        Kind::Upload => return upload(client, server).await,
        Kind::Download => return download(client, server).await,
        Kind::Pages => return pages(client).await,
    };
    let named = answer.get("name") == Some(Json::from("files/a"));
    named.then_some(()).ok_or(Failed::Wrong("another answer"))
}

/// How a call failed.
#[derive(Debug)]
pub(crate) enum Failed {
    Error(Error),
    Wrong(&'static str),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

async fn upload(client: &Client, server: &Server) -> Result<(), Failed> {
    let call = Insert::call(client).query("name", &"a");
    Upload::<Json>::new(call, content()).with_protocol(Protocol::Resumable).await?;
    let stored = server.store.object("/v1/files/a").map(|object| object.content());
    let exact = stored.is_some_and(|stored| stored == content());
    exact.then_some(()).ok_or(Failed::Wrong("another content"))
}

async fn download(client: &Client, server: &Server) -> Result<(), Failed> {
    server.store.put("/v1/files/a", "text/plain", content());
    let call = Get::call(client).path("name", &"a");
    let bytes = Download::new(call).to_bytes(u64::MAX).await?;
    (bytes == content()).then_some(()).ok_or(Failed::Wrong("another content"))
}

async fn pages(client: &Client) -> Result<(), Failed> {
    let mut pages = Pages::<List>::new(List::call(client));
    let mut files = 0;
    while let Some(page) = pages.next_page().await? {
        files += page.get("files").map_or(0, |files| files.items().count());
    }
    (files == 3).then_some(()).ok_or(Failed::Wrong("not all files"))
}
