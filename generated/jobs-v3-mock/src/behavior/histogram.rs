//! Histograms of search results.

use std::collections::BTreeMap;

use discovery_mock::{ApiError, Call};
use discovery_runtime::json::Duration;
use serde_json::{Value, json};

use super::{list_at, text_at, texts_at, time_at};

/// Returns the results of a search's facets over all matching jobs.
pub(super) fn histograms(
    call: &Call<'_, '_>,
    facets: &Value,
    jobs: &[&Value],
) -> Result<Value, ApiError> {
    if !list_at(facets, "/compensationHistogramFacets").is_empty() {
        let text = "This mock server does not support compensation histograms.";
        return Err(ApiError::unimplemented(text));
    }
    let mut simple = Vec::new();
    for facet in texts_at(facets, "/simpleHistogramFacets") {
        let mut counts = BTreeMap::<String, u32>::new();
        for job in jobs {
            for value in values(call, facet, job)? {
                *counts.entry(value).or_default() += 1;
            }
        }
        simple.push(json!({ "searchType": facet, "values": counts }));
    }
    let custom = list_at(facets, "/customAttributeHistogramFacets").iter();
    let custom: Vec<Value> = custom.map(|facet| by_attribute(facet, jobs)).collect();
    let mut results = json!({});
    for (name, list) in
        [("simpleHistogramResults", simple), ("customAttributeHistogramResults", custom)]
    {
        if !list.is_empty() {
            results[name] = Value::Array(list);
        }
    }
    Ok(results)
}

/// Returns the facet values of a job.
fn values(call: &Call<'_, '_>, facet: &str, job: &Value) -> Result<Vec<String>, ApiError> {
    let one = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    let many = |pointer: &str| texts_at(job, pointer).into_iter().map(str::to_owned).collect();
    let company = text_at(job, "/companyName");
    Ok(match facet {
        "COMPANY_ID" => one(company.rsplit('/').next().unwrap_or_default()),
        "COMPANY_DISPLAY_NAME" => one(text_at(job, "/companyDisplayName")),
        "COMPANY_SIZE" => one(call.store().get(company).map_or("", |c| text_at(c, "/size"))),
        "EMPLOYMENT_TYPE" => many("/employmentTypes"),
        "EDUCATION_LEVEL" => many("/degreeTypes"),
        "CATEGORY" => many("/derivedInfo/jobCategories"),
        "EXPERIENCE_LEVEL" => one(text_at(job, "/jobLevel")),
        "LOCALE" => one(text_at(job, "/languageCode")),
        "LANGUAGE" => {
            let locale = text_at(job, "/languageCode");
            one(locale.split(['-', '_']).next().unwrap_or_default())
        }
        "BASE_COMPENSATION_UNIT" => {
            let entries = list_at(job, "/compensationInfo/entries").iter();
            let base = entries.filter(|entry| entry["type"] == "BASE");
            base.flat_map(|entry| one(text_at(entry, "/unit"))).collect()
        }
        "DATE_PUBLISHED" => published(call, job),
        other => {
            let text =
                format!("This mock server does not support geography: no histogram of {other}.");
            return Err(ApiError::unimplemented(text));
        }
    })
}

/// Returns the ranges that contain the publish time; longer ranges include shorter ones.
fn published(call: &Call<'_, '_>, job: &Value) -> Vec<String> {
    let Some(at) = time_at(job, "/postingPublishTime") else { return Vec::new() };
    let ranges = [
        ("PAST_24_HOURS", 1),
        ("PAST_3_DAYS", 3),
        ("PAST_WEEK", 7),
        ("PAST_MONTH", 30),
        ("PAST_YEAR", 365),
    ];
    let within = ranges.into_iter().filter(|(_, days)| {
        let span = Duration::new(days * 86_400, 0).unwrap_or_default();
        call.now().checked_sub(span).is_some_and(|start| at >= start)
    });
    within.map(|(name, _)| name.to_owned()).collect()
}

/// Counts each text, and numbers by the buckets of the facet.
fn by_attribute(facet: &Value, jobs: &[&Value]) -> Value {
    let key = text_at(facet, "/key");
    let attributes = jobs.iter().map(|job| &job["customAttributes"][key]);
    if let Some(option) = facet.get("longValueHistogramBucketingOption") {
        let numbers = attributes.flat_map(|a| texts_at(a, "/longValues"));
        let numbers: Vec<f64> = numbers.filter_map(|text| text.parse().ok()).collect();
        return json!({ "key": key, "longValueHistogramResult": buckets(option, &numbers) });
    }
    let mut counts = BTreeMap::<&str, u32>::new();
    for text in attributes.flat_map(|attribute| texts_at(attribute, "/stringValues")) {
        *counts.entry(text).or_default() += 1;
    }
    json!({ "key": key, "stringValueHistogramResult": counts })
}

/// Returns one more bucket than bounds; each includes its lower bound.
fn buckets(option: &Value, numbers: &[f64]) -> Value {
    let bounds: Vec<f64> =
        list_at(option, "/bucketBounds").iter().filter_map(Value::as_f64).collect();
    let from = [None].into_iter().chain(bounds.iter().copied().map(Some));
    let to = bounds.iter().copied().map(Some).chain([None]);
    let counts = from.zip(to).map(|(from, to)| {
        let inside = |n: &&f64| from.is_none_or(|from| **n >= from) && to.is_none_or(|to| **n < to);
        let mut range = json!({});
        for (name, bound) in [("from", from), ("to", to)] {
            if let Some(bound) = bound {
                range[name] = json!(bound);
            }
        }
        json!({ "range": range, "count": numbers.iter().filter(inside).count() })
    });
    let mut result = json!({ "counts": counts.collect::<Vec<_>>() });
    if option["requiresMinMax"] == true && !numbers.is_empty() {
        result["minValue"] = json!(numbers.iter().copied().fold(f64::INFINITY, f64::min));
        result["maxValue"] = json!(numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    }
    result
}
