//! A small API, written like generated code.

use discovery_runtime as rt;
use rt::json;
use rt::spec::{BodyKind, ItemsIn, MethodSpec, PagingSpec, Segment, ServiceSpec, TokenIn, Verb};

const SCOPES: &[&str] =
    &["https://www.googleapis.com/auth/cloud-platform", "https://www.googleapis.com/auth/things"];

pub(crate) static SERVICE: ServiceSpec = ServiceSpec {
    id: "things:v1",
    root_url: "https://things.googleapis.com/",
    mtls_root_url: Some("https://things.mtls.googleapis.com/"),
    service_path: "things/",
    batch_path: None,
    data_wrapper: false,
    package: "google-things-v1",
    package_version: "0.3.0",
};

static WRAPPING: ServiceSpec = ServiceSpec {
    id: "wrapping:v1",
    root_url: "https://wrapping.googleapis.com/",
    mtls_root_url: None,
    service_path: "",
    batch_path: None,
    data_wrapper: true,
    package: "google-wrapping-v1",
    package_version: "0.3.0",
};

const fn method(id: &'static str, verb: Verb, path: &'static [Segment]) -> MethodSpec {
    let has_body = matches!(verb, Verb::Post | Verb::Patch);
    MethodSpec {
        request: if has_body { BodyKind::Json } else { BodyKind::None },
        scopes: SCOPES,
        default_scope: Some(SCOPES[1]),
        ..MethodSpec::new(verb, id, &SERVICE, path)
    }
}

const NAME: &[Segment] = &[Segment::Literal("v1/"), Segment::Reserved("name")];
const PARENT: &[Segment] =
    &[Segment::Literal("v1/"), Segment::Reserved("parent"), Segment::Literal("/things")];

macro_rules! methods {
    ($($name:ident: $response:ty = $spec:expr;)*) => {$(
        #[derive(Clone, Debug)]
        #[must_use]
        pub(crate) struct $name {
            call: rt::Call,
        }
        impl $name {
            #[allow(dead_code, reason = "not every test makes every call")]
            pub(crate) async fn send(self) -> rt::Result<$response> {
                self.call.send().await
            }
        }
        impl rt::Method for $name {
            const SPEC: &'static MethodSpec = &$spec;
            type Response = $response;
        }
        rt::typed_call!($name);
    )*};
}

methods! {
    Get: Thing = method("things.get", Verb::Get, NAME);
    Operation: Thing = MethodSpec {
        error_member: true, ..method("operations.get", Verb::Get, NAME)
    };
    Create: Thing = method("things.create", Verb::Post, PARENT);
    Patch: Thing = method("things.patch", Verb::Patch, NAME);
    Delete: () = MethodSpec {
        response: BodyKind::None, ..method("things.delete", Verb::Delete, NAME)
    };
    Ping: () = MethodSpec {
        response: BodyKind::None,
        request: BodyKind::None,
        api_version: Some("2026-01-01"),
        ..method("things.ping", Verb::Post, &[Segment::Literal("v1/ping")])
    };
    List: ListThings = MethodSpec {
        paging: Some(&PagingSpec {
            token: TokenIn::Query("pageToken"), next: "nextPageToken",
        }),
        items: Some(ItemsIn::List("things")),
        ..method("things.list", Verb::Get, PARENT)
    };
    Search: ListThings = MethodSpec {
        idempotent: true,
        paging: Some(&PagingSpec {
            token: TokenIn::Body("pageToken"), next: "nextPageToken",
        }),
        items: Some(ItemsIn::List("things")),
        ..method("things.search", Verb::Post, PARENT)
    };
    Watch: Vec<Thing> = MethodSpec { streams: true, ..method("things.watch", Verb::Get, PARENT) };
    Tell: Vec<Thing> = MethodSpec { streams: true, ..method("things.tell", Verb::Post, PARENT) };
    Pipe: rt::HttpBody = MethodSpec {
        streams: true,
        response: BodyKind::Raw,
        ..method("things.pipe", Verb::Get, PARENT)
    };
    Render: rt::HttpBody = MethodSpec {
        response: BodyKind::Raw, ..method("things.render", Verb::Get, NAME)
    };
    Wrapped: Thing = MethodSpec {
        service: &WRAPPING, ..method("wrapping.make", Verb::Post, &[Segment::Literal("v1/make")])
    };
}

macro_rules! paged {
    ($($name:ident)*) => {$(
        impl $name {
            pub(crate) fn pages(self) -> rt::Pages<Self> {
                rt::Pages::new(self.call)
            }
            pub(crate) fn items(self) -> rt::Items<Self> {
                self.pages().items()
            }
        }
        impl rt::Paged for $name {
            type Item = Thing;
            fn next(response: &ListThings) -> Option<&str> {
                response.next_page_token.as_deref()
            }
            fn items(response: ListThings) -> Vec<Thing> {
                response.things.unwrap_or_default()
            }
        }
    )*};
}

paged!(List Search);

macro_rules! streaming {
    ($($name:ident: $item:ty;)*) => {$(
        impl $name {
            pub(crate) fn stream(self) -> rt::ResponseStream<$item> {
                rt::ResponseStream::new(self.call)
            }
        }
        impl rt::Streaming for $name {
            type Item = $item;
        }
    )*};
}

streaming! {
    Watch: Thing;
    Tell: Thing;
    Pipe: json::Json;
}

pub(crate) use models::{ListThings, Thing};

#[allow(unreachable_pub, dead_code, reason = "the macro writes public constants")]
mod models {
    use super::json;

    #[derive(Clone, PartialEq)]
    pub struct Thing {
        pub name: Option<String>,
        pub extra: json::Extra,
    }

    json::model! {
        Thing = "Thing";
        "name" => name as NAME;
    }

    #[derive(Clone, PartialEq)]
    pub struct ListThings {
        pub things: Option<Vec<Thing>>,
        pub next_page_token: Option<String>,
        pub extra: json::Extra,
    }

    json::model! {
        ListThings = "ListThings";
        "things" => things as THINGS of Thing;
        "nextPageToken" => next_page_token as NEXT_PAGE_TOKEN;
    }
}

impl Thing {
    pub(crate) fn named(name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..Self::default() }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) inner: rt::Client,
}

impl rt::ServiceClient for Client {
    const SERVICE: &'static ServiceSpec = &SERVICE;
    fn from_runtime(inner: rt::Client) -> Self {
        Self { inner }
    }
}

/// A client of a service that wraps bodies in `data`.
#[derive(Clone, Debug)]
pub(crate) struct WrappingClient(rt::Client);

impl rt::ServiceClient for WrappingClient {
    const SERVICE: &'static ServiceSpec = &WRAPPING;
    fn from_runtime(inner: rt::Client) -> Self {
        Self(inner)
    }
}

fn call<M: rt::Method>(client: &rt::Client) -> rt::Call {
    rt::Call::new(client, M::SPEC)
}

impl WrappingClient {
    pub(crate) fn make(&self, thing: &Thing) -> Wrapped {
        call::<Wrapped>(&self.0).body(thing).into()
    }
}

impl Client {
    pub(crate) fn builder() -> rt::ClientBuilder<Self> {
        rt::ClientBuilder::new()
    }
    /// Creates an untyped call of a method with a name.
    pub(crate) fn raw<M: rt::Method>(&self) -> rt::Call {
        call::<M>(&self.inner).path("name", &"a/b")
    }
    pub(crate) fn operation(&self) -> Operation {
        call::<Operation>(&self.inner).path("name", &"operations/1").into()
    }
    pub(crate) fn get(&self, name: &str) -> Get {
        call::<Get>(&self.inner).path("name", &name).into()
    }
    pub(crate) fn create(&self, parent: &str, thing: &Thing) -> Create {
        call::<Create>(&self.inner).path("parent", &parent).body(thing).into()
    }
    pub(crate) fn patch(&self, name: &str, thing: &Thing) -> Patch {
        call::<Patch>(&self.inner).path("name", &name).body(thing).into()
    }
    pub(crate) fn delete(&self, name: &str) -> Delete {
        call::<Delete>(&self.inner).path("name", &name).into()
    }
    pub(crate) fn ping(&self) -> Ping {
        call::<Ping>(&self.inner).into()
    }
    pub(crate) fn list(&self, parent: &str) -> List {
        call::<List>(&self.inner).path("parent", &parent).into()
    }
    pub(crate) fn search(&self, parent: &str, query: &Thing) -> Search {
        call::<Search>(&self.inner).path("parent", &parent).body(query).into()
    }
    pub(crate) fn watch(&self) -> Watch {
        call::<Watch>(&self.inner).path("parent", &"p").into()
    }
    pub(crate) fn tell(&self, thing: &Thing) -> Tell {
        call::<Tell>(&self.inner).path("parent", &"p").body(thing).into()
    }
    pub(crate) fn pipe(&self) -> Pipe {
        call::<Pipe>(&self.inner).path("parent", &"p").into()
    }
    pub(crate) fn render(&self, name: &str) -> Render {
        call::<Render>(&self.inner).path("name", &name).into()
    }
}

impl List {
    pub(crate) fn page_size(self, size: i32) -> Self {
        self.call.query("pageSize", &size).into()
    }
    pub(crate) fn page_token(self, token: &str) -> Self {
        self.call.query("pageToken", &token).into()
    }
    pub(crate) fn tags(self, tags: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let tags: Vec<String> = tags.into_iter().map(|tag| tag.as_ref().to_owned()).collect();
        self.call.query_all("tags", tags).into()
    }
}
