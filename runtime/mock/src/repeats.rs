//! Repeated requests with the same ID ([AIP-155](https://google.aip.dev/155)).

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use discovery_runtime::json::Timestamp;
use discovery_runtime::reflect::MethodInfo;
use discovery_runtime::spec::RequestIdIn;
use serde_json::Value;

use crate::arguments::Params;
use crate::error::{ApiError, Code};
use crate::render::Answer;
use crate::upload::Content;

/// Lifetime of an ID in seconds, as guaranteed by Google's services.
const MEMORY: i64 = 60 * 60;

/// A request, apart from the format of its response.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asked {
    pub(crate) method: &'static str,
    pub(crate) params: Params,
    pub(crate) body: Value,
    pub(crate) content: Option<Content>,
}

impl Asked {
    /// ID of the request, if its method takes one. An empty one counts as none.
    pub(crate) fn id(&self, method: &MethodInfo) -> Option<String> {
        let value = match method.spec.request_id? {
            RequestIdIn::Query(name) => self.params.get(name)?.last()?,
            RequestIdIn::Body(name) => self.body.get(name)?,
        };
        value.as_str().filter(|id| !id.is_empty()).map(str::to_owned)
    }
}

/// Responses to requests with an ID.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    answers: Mutex<BTreeMap<String, (Timestamp, Asked, Answer)>>,
}

impl Repeats {
    /// Executes a request once: a request with the same ID gets the same response. Failures are not
    /// stored.
    pub(crate) fn once(
        &self,
        id: String,
        asked: Asked,
        now: Timestamp,
        execute: impl FnOnce() -> Result<Answer, ApiError>,
    ) -> Result<Answer, ApiError> {
        // Locked while the request runs, so that a repeated one waits for its response.
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.retain(|_, (at, ..)| now.seconds() - at.seconds() < MEMORY);
        match answers.get(&id) {
            Some((_, before, answer)) if *before == asked => Ok(answer.clone()),
            Some(_) => {
                let text = format!("The request ID {id} was already used for another request.");
                Err(ApiError::new(Code::AlreadyExists, text))
            }
            None => {
                let answer = execute()?;
                answers.insert(id, (now, asked, answer.clone()));
                Ok(answer)
            }
        }
    }
}
