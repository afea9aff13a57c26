//! Many downloads at once, and lists of many items: memory must not depend on their number.

use discovery_runtime::json::{self, Json};
use discovery_runtime::media::Download;
use discovery_runtime::spec::MethodSpec;
use discovery_runtime::testing::{FaultServer, Head, ObjectStore, Reply};
use discovery_runtime::{Call, Client, ClientBuilder, Items, Method, Paged};

use crate::matrix::api::{Files, Get, List, Search};
use crate::{Failure, fill};

pub(crate) const DOWNLOADS: usize = 100;
const PER_PAGE: u64 = 1_000;
/// An item of a stream; all have the same length.
const ITEM: &[u8] = b"{\"name\":\"things/one\",\"size\":12}\n";

/// Downloads the same content several times at once.
pub(crate) async fn downloads(
    client: &Client,
    store: &ObjectStore,
    count: usize,
    size: u64,
) -> Result<(), Failure> {
    store.put_generated("/v1/files/shared", size, fill);
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..count {
        let call = Get::call(client).path("name", &"shared");
        running.spawn(async move {
            let mut stream = Download::new(call).open().await?;
            let mut bytes = 0;
            while let Some(piece) = stream.next().await {
                bytes += piece?.len() as u64;
            }
            Ok::<_, Failure>(bytes)
        });
    }
    while let Some(done) = running.join_next().await {
        expect(size, done??)?;
    }
    Ok(())
}

#[derive(Clone, PartialEq)]
pub(crate) struct Page {
    files: Option<Vec<String>>,
    next_page_token: Option<String>,
    extra: json::Extra,
}

json::model! {
    Page = "Page";
    "files" => files as FILES;
    "nextPageToken" => next_page_token as NEXT_PAGE_TOKEN;
}

struct ListAll {
    call: Call,
}

discovery_runtime::typed_call!(ListAll);

impl Method for ListAll {
    const SPEC: &'static MethodSpec = List::SPEC;
    type Response = Page;
}

impl Paged for ListAll {
    type Item = String;

    fn next(response: &Page) -> Option<&str> {
        response.next_page_token.as_deref()
    }

    fn items(response: Page) -> Vec<String> {
        response.files.unwrap_or_default()
    }
}

/// A server of one list: in pages, or as a stream.
pub(crate) struct Lists {
    client: Client,
    pub(crate) items: u64,
    _server: FaultServer,
}

impl Lists {
    pub(crate) async fn start(items: u64) -> Result<Self, Failure> {
        let server = FaultServer::start(move |incoming| {
            let reply = answer(incoming.head(), items);
            async { reply }
        });
        let server = server.await?;
        server.keep_requests(1);
        let client: Files =
            ClientBuilder::new().with_endpoint(server.url()).with_anonymous().build()?;
        Ok(Self { client: client.0, items, _server: server })
    }

    pub(crate) async fn page(&self) -> Result<(), Failure> {
        let mut list: Items<ListAll> =
            discovery_runtime::Pages::new(List::call(&self.client)).items();
        let mut items = 0;
        while let Some(item) = list.next().await {
            item?;
            items += 1;
        }
        expect(self.items, items)
    }

    pub(crate) async fn stream(&self) -> Result<(), Failure> {
        let mut stream = Call::new(&self.client, Search::SPEC).stream::<Json>();
        let mut items = 0;
        while let Some(item) = stream.next().await {
            item?;
            items += 1;
        }
        expect(self.items, items)
    }
}

fn answer(head: &Head, items: u64) -> Reply {
    if head.method == "POST" {
        return Reply::new(200).with_header("content-type", "application/json").with_generated(
            items * ITEM.len() as u64,
            |at, out| {
                let start = usize::try_from(at % ITEM.len() as u64).unwrap_or_default();
                let bytes = ITEM.iter().cycle().skip(start);
                out.iter_mut().zip(bytes).for_each(|(out, byte)| *out = *byte);
            },
        );
    }
    let page: u64 = head.query("pageToken").and_then(|token| token.parse().ok()).unwrap_or(0);
    let item = r#""things/one/with/a/name""#;
    let list = vec![item; usize::try_from(PER_PAGE).unwrap_or_default()].join(",");
    let next = page + 1;
    Reply::json(match next * PER_PAGE < items {
        true => format!(r#"{{"files":[{list}],"nextPageToken":"{next}"}}"#),
        false => format!(r#"{{"files":[{list}]}}"#),
    })
}

fn expect(expected: u64, found: u64) -> Result<(), Failure> {
    if expected == found { Ok(()) } else { Err(format!("{found} of {expected} came").into()) }
}
