//! Request IDs, by which servers recognize repeated requests
//! ([AIP-155](https://google.aip.dev/155)).

use super::Call;
use crate::json::Json;
use crate::random;
use crate::spec::RequestIdIn;
use crate::splice::set_member;

impl Call {
    /// Sets whether the call gets an ID by which the server recognizes its repetitions, if its
    /// method takes one ([AIP-155](https://google.aip.dev/155)) and the caller set none.
    #[must_use]
    pub fn with_request_ids(mut self, on: bool) -> Self {
        self.0.options.set_request_ids(on);
        self
    }

    /// Sets the ID of the request, instead of a random one, if the call would get one. Otherwise
    /// nothing changes.
    #[must_use]
    pub fn with_default_request_id(mut self, id: &str) -> Self {
        if self.lacks_request_id() {
            self.set_request_id(id);
        }
        self
    }

    /// Returns a new ID if the call is to have one and has none. It serves all attempts of the
    /// call. Where no random ID can be had, the call has none and is not taken for repeatable.
    pub(crate) fn new_request_id(&self) -> Option<String> {
        self.lacks_request_id().then(random::uuid).flatten()
    }

    fn lacks_request_id(&self) -> bool {
        let on = self.0.options.request_ids.or(self.client().options().request_ids);
        on.unwrap_or(true) && self.method().request_id.is_some_and(|place| self.is_free(place))
    }

    /// Returns `true` if the place of the ID is empty. A body that is not sent cannot carry it.
    fn is_free(&self, place: RequestIdIn) -> bool {
        match place {
            RequestIdIn::Query(name) => self.query_value(name).is_none(),
            RequestIdIn::Body(name) => self.json().is_some_and(|json| member(json, name).is_none()),
        }
    }

    pub(crate) fn set_request_id(&mut self, id: &str) {
        match self.method().request_id {
            Some(RequestIdIn::Query(name)) => self.set_query(name, id),
            Some(RequestIdIn::Body(name)) => {
                if let Some(json) = self.json().and_then(|json| set_member(json, name, id)) {
                    self.set_json(json);
                }
            }
            None => {}
        }
    }

    /// Returns `true` if the request has an ID. Servers ignore an empty one.
    pub(super) fn has_request_id(&self) -> bool {
        match self.method().request_id {
            Some(RequestIdIn::Query(name)) => {
                self.query_value(name).is_some_and(|id| !id.is_empty())
            }
            Some(RequestIdIn::Body(name)) => self
                .json()
                .and_then(|json| member(json, name))
                .is_some_and(|id| id.as_text().is_some_and(|id| !id.is_empty())),
            None => false,
        }
    }
}

/// Returns a top-level member of an object, unless it is null.
pub(super) fn member(json: &str, name: &str) -> Option<Json> {
    // Most bodies are not parsed again.
    let object = json.contains(name).then(|| Json::parse(json).ok()).flatten()?;
    object.get(name).filter(|value| !value.is_null())
}
