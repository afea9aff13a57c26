//! Search box completion.

use std::collections::BTreeSet;

use discovery_mock::{ApiError, Call};
use serde_json::{Value, json};

use super::{is_open, text_at};

/// `projects.complete`: titles of open jobs and names of companies with open jobs where the text or
/// one of its words starts with the query.
pub(super) fn complete(call: &mut Call<'_, '_>) -> Result<Value, ApiError> {
    let size = call.param_values("pageSize").last().and_then(Value::as_i64);
    let Some(size) = size.and_then(|n| usize::try_from(n).ok()).filter(|n| (1..=10).contains(n))
    else {
        return Err(ApiError::invalid("page_size", "page_size is required, from 1 to 10."));
    };
    let query = call.param("query").unwrap_or_default().trim().to_lowercase();
    if query.is_empty() || query.chars().count() > 255 {
        return Err(ApiError::invalid("query", "query is required, with at most 255 characters."));
    }
    let wanted = call.param("type").unwrap_or("COMBINED");
    let mut found = BTreeSet::new();
    for job in jobs(call) {
        let company = call.store().get(text_at(job, "/companyName")).unwrap_or(&Value::Null);
        for (kind, text, image) in [
            ("JOB_TITLE", text_at(job, "/title"), ""),
            ("COMPANY_NAME", text_at(company, "/displayName"), text_at(company, "/imageUri")),
        ] {
            let asked = wanted == kind || !matches!(wanted, "JOB_TITLE" | "COMPANY_NAME");
            if asked && begins(text, &query) {
                found.insert((text.to_owned(), kind, image.to_owned()));
            }
        }
    }
    let mut answer = json!({ "metadata": { "requestId": call.request_id() } });
    let results: Vec<Value> = found.into_iter().take(size).map(result).collect();
    if !results.is_empty() {
        answer["completionResults"] = Value::Array(results);
    }
    Ok(answer)
}

/// Returns the open jobs of the project, company, and languages in the call.
fn jobs<'c>(call: &'c Call<'_, '_>) -> impl Iterator<Item = &'c Value> {
    let collection = format!("{}/jobs", call.param("name").unwrap_or_default());
    let company = call.param("companyName").unwrap_or_default();
    let languages = call.param_values("languageCodes");
    let languages =
        if languages.is_empty() { call.param_values("languageCode") } else { languages };
    let jobs = call.store().children(&collection).into_iter().map(|(_, record)| &record.value);
    jobs.filter(move |job| {
        is_open(job, call.now())
            && (company.is_empty() || text_at(job, "/companyName") == company)
            && (languages.is_empty() || languages.contains(&job["languageCode"]))
    })
}

fn begins(text: &str, query: &str) -> bool {
    let text = text.to_lowercase();
    text.starts_with(query) || text.contains(&format!(" {query}"))
}

fn result((suggestion, kind, image): (String, &str, String)) -> Value {
    let mut result = json!({ "suggestion": suggestion, "type": kind });
    if !image.is_empty() {
        result["imageUri"] = json!(image);
    }
    result
}
