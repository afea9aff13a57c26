//! Search over the stored jobs.

use std::cmp::Ordering;

use discovery_mock::filter::{Filter, Grammar, Operand};
use discovery_mock::{ApiError, Behavior, Call, PageRules, text};
use serde_json::{Map, Value, json};

use super::histogram::histograms;
use super::{apply_view, is_open, list_at, text_at, texts_at, time_at};

/// A search result.
struct Hit {
    number: u64,
    job: Value,
    /// Relevance; higher is better.
    score: usize,
    /// Whether the job contains only some of the query's words.
    broadened: bool,
}

/// `jobs.search` and `jobs.searchForAlert`, which differ only in ranking.
pub(super) fn search(call: &mut Call<'_, '_>, behavior: &dyn Behavior) -> Result<Value, ApiError> {
    let request = call.body().clone();
    refuse_places(&request)?;
    let words = text::words(text_at(&request, "/jobQuery/query"));
    let mut hits = hits(call, behavior, &request, &words)?;
    sort(&mut hits, &request)?;
    let offset = request["offset"].as_i64().unwrap_or_default();
    let offset = match usize::try_from(offset) {
        Ok(offset) if offset <= 5000 => offset,
        _ => return Err(ApiError::invalid("offset", "offset must be from 0 to 5000.")),
    };
    let mut answer = json!({ "metadata": { "requestId": call.request_id() } });
    if let Some(facets) = request.get("histogramFacets") {
        let jobs: Vec<&Value> = hits.iter().map(|hit| &hit.job).collect();
        answer["histogramResults"] = histograms(call, facets, &jobs)?;
    }
    let rules = PageRules { default: 10, max: 100, negative_is_default: false };
    let page = call.paging(&rules)?.cut(hits, offset, |hit| hit.number)?;
    answer["totalSize"] = json!(page.total);
    answer["estimatedTotalSize"] = json!(page.total);
    let broadened = page.items.iter().filter(|hit| hit.broadened).count();
    if broadened > 0 {
        answer["broadenedQueryJobsCount"] = json!(broadened);
    }
    if let Some(token) = page.next {
        answer["nextPageToken"] = json!(token);
    }
    let view = match text_at(&request, "/jobView") {
        "" | "JOB_VIEW_UNSPECIFIED" => "JOB_VIEW_SMALL",
        view => view,
    };
    let matching: Vec<Value> =
        page.items.into_iter().map(|hit| matching_job(hit.job, view, &words)).collect();
    if !matching.is_empty() {
        answer["matchingJobs"] = Value::Array(matching);
    }
    Ok(answer)
}

/// Rejects filters that need geographic data.
fn refuse_places(request: &Value) -> Result<(), ApiError> {
    let query = &request["jobQuery"];
    let by_coordinates = list_at(query, "/locationFilters")
        .iter()
        .any(|filter| filter.get("latLng").is_some() && text_at(filter, "/address").is_empty());
    if query.get("commuteFilter").is_some() || by_coordinates {
        let text = "This mock server does not support geography: it cannot filter by commute or by \
                    coordinates. Use the address of a location filter.";
        return Err(ApiError::unimplemented(text));
    }
    Ok(())
}

/// Returns the open jobs that pass the filters and contain the words of the query.
fn hits(
    call: &Call<'_, '_>,
    behavior: &dyn Behavior,
    request: &Value,
    words: &[String],
) -> Result<Vec<Hit>, ApiError> {
    let query = &request["jobQuery"];
    let custom = match text_at(query, "/customAttributeFilter") {
        "" => None,
        text => Some(Filter::parse(text, Grammar::Sql)?),
    };
    let featured = request["searchMode"] == "FEATURED_JOB_SEARCH";
    let collection = format!("{}/jobs", call.param("parent").unwrap_or_default());
    let broaden = request["enableBroadening"] == true;
    let mut hits = Vec::new();
    for (_, record) in call.store().children(&collection) {
        let mut job = record.value.clone();
        behavior.present(call, "Job", &mut job);
        let promoted = job["promotionValue"].as_i64().unwrap_or_default() > 0;
        let passes = is_open(&job, call.now())
            && (promoted || !featured)
            && passes(&job, query)
            && custom.as_ref().is_none_or(|filter| has_attributes(&job, filter));
        let (score, found) = score(&job, words);
        let broadened = found < words.len();
        if passes && (!broadened || (broaden && found > 0)) {
            hits.push(Hit { number: record.order, job, score, broadened });
        }
    }
    Ok(hits)
}

/// Returns the relevance of a job, and how many of the words it contains.
fn score(job: &Value, words: &[String]) -> (usize, usize) {
    let mut score = 0;
    let mut all = String::new();
    for (pointer, weight) in [
        ("/title", 8),
        ("/companyDisplayName", 4),
        ("/qualifications", 2),
        ("/responsibilities", 2),
        ("/description", 1),
    ] {
        let text = text_at(job, pointer);
        score += weight * text::found(words, text);
        all.push_str(text);
        all.push(' ');
    }
    let addresses = texts_at(job, "/addresses").join(" ");
    score += 2 * text::found(words, &addresses);
    all.push_str(&addresses);
    (score, text::found(words, &all))
}

/// Returns `true` if the job passes all filters of a query; empty filters pass every job.
fn passes(job: &Value, query: &Value) -> bool {
    any_of(query, "/companyNames", &[text_at(job, "/companyName")])
        && any_of(query, "/languageCodes", &[text_at(job, "/languageCode")])
        && any_of(query, "/employmentTypes", &texts_at(job, "/employmentTypes"))
        && any_of(query, "/jobCategories", &texts_at(job, "/derivedInfo/jobCategories"))
        && has_company(job, &texts_at(query, "/companyDisplayNames"))
        && is_within(job, &query["publishTimeRange"])
        && is_located(job, list_at(query, "/locationFilters"))
        && query.get("compensationFilter").is_none_or(|filter| is_paid(job, filter))
}

fn any_of(query: &Value, pointer: &str, values: &[&str]) -> bool {
    let wanted = texts_at(query, pointer);
    wanted.is_empty() || wanted.iter().any(|wanted| values.contains(wanted))
}

/// Names match exactly, or as `SUBSTRING_MATCH(…)` or `MULTI_WORD_TOKEN_MATCH(…)`.
fn has_company(job: &Value, wanted: &[&str]) -> bool {
    let name = text_at(job, "/companyDisplayName");
    let argument = |text: &str, function: &str| {
        let inner = text.strip_prefix(function)?.strip_prefix('(')?.strip_suffix(')')?;
        Some(inner.to_lowercase())
    };
    let matches = |wanted: &&str| {
        if let Some(part) = argument(wanted, "SUBSTRING_MATCH") {
            name.to_lowercase().contains(&part)
        } else if let Some(token) = argument(wanted, "MULTI_WORD_TOKEN_MATCH") {
            format!(" {} ", text::words(name).join(" ")).contains(&format!(" {token} "))
        } else {
            name == *wanted
        }
    };
    wanted.is_empty() || wanted.iter().any(matches)
}

fn is_within(job: &Value, range: &Value) -> bool {
    let published = time_at(job, "/postingPublishTime");
    let after = time_at(range, "/startTime").is_none_or(|start| published >= Some(start));
    let before = time_at(range, "/endTime").is_none_or(|end| published < Some(end));
    after && before
}

/// Compares places as text: some address of the job must contain every word of the filter's
/// address.
fn is_located(job: &Value, filters: &[Value]) -> bool {
    let remote = job["postingRegion"] == "TELECOMMUTE";
    let fits = |filter: &Value| {
        let wanted = text::words(text_at(filter, "/address"));
        let at = |address: &&str| text::found(&wanted, address) == wanted.len();
        let here = wanted.is_empty() || texts_at(job, "/addresses").iter().any(at);
        match text_at(filter, "/telecommutePreference") {
            "TELECOMMUTE_ALLOWED" => remote || (!wanted.is_empty() && here),
            "TELECOMMUTE_JOBS_EXCLUDED" => !remote && here,
            _ => here,
        }
    };
    filters.is_empty() || filters.iter().any(fits)
}

fn is_paid(job: &Value, filter: &Value) -> bool {
    let info = &job["compensationInfo"];
    let base = list_at(info, "/entries").iter().find(|entry| entry["type"] == "BASE");
    let units = texts_at(filter, "/units");
    let in_unit = base.is_some_and(|base| units.contains(&text_at(base, "/unit")));
    let range = match text_at(filter, "/type") {
        "UNIT_ONLY" => return in_unit,
        "UNIT_AND_AMOUNT" if !in_unit => return false,
        "UNIT_AND_AMOUNT" => base.map(|base| match base.get("amount") {
            Some(amount) => (amount, amount),
            None => (&base["range"]["minCompensation"], &base["range"]["maxCompensation"]),
        }),
        kind => {
            let member = if kind == "ANNUALIZED_TOTAL_AMOUNT" { "Total" } else { "Base" };
            let range = info.get(format!("annualized{member}CompensationRange"));
            range.map(|range| (&range["minCompensation"], &range["maxCompensation"]))
        }
    };
    let limit = |name: &str| amount(&filter["range"][name]);
    match range.and_then(|(least, most)| Some((amount(least)?, amount(most)?))) {
        None => filter["includeJobsWithUnspecifiedCompensationRange"] == true,
        Some((least, most)) => {
            limit("minCompensation").is_none_or(|limit| most >= limit)
                && limit("maxCompensation").is_none_or(|limit| least <= limit)
        }
    }
}

fn amount(money: &Value) -> Option<f64> {
    money.as_object()?;
    let units: f64 = text_at(money, "/units").parse().unwrap_or_default();
    Some(units + money["nanos"].as_f64().unwrap_or_default() / 1e9)
}

/// Applies a filter to the custom attributes marked as filterable, with the functions `LOWER` and
/// `EMPTY`.
fn has_attributes(job: &Value, filter: &Filter) -> bool {
    filter.holds_with(&|Operand { function, field }| {
        let attribute = &job["customAttributes"][field];
        let filterable = attribute["filterable"] == true;
        let values = ["/stringValues", "/longValues"].into_iter();
        let values = values.flat_map(|at| list_at(attribute, at)).filter(|_| filterable);
        match function.as_deref() {
            Some("EMPTY") => vec![Value::Bool(values.count() == 0)],
            Some("LOWER") => {
                values.map(|v| json!(v.as_str().unwrap_or("").to_lowercase())).collect()
            }
            _ => values.cloned().collect(),
        }
    })
}

type Compare = Box<dyn Fn(&Hit, &Hit) -> Ordering>;

/// Sorts by `orderBy`; equal results keep their order of creation.
fn sort(hits: &mut [Hit], request: &Value) -> Result<(), ApiError> {
    let text = text_at(request, "/orderBy").trim();
    let featured = request["searchMode"] == "FEATURED_JOB_SEARCH";
    let promotion = |hit: &Hit| hit.job["promotionValue"].as_i64();
    let compare: Compare = match text {
        "" | "relevance desc" if featured => {
            Box::new(move |a, b| promotion(b).cmp(&promotion(a)).then(b.score.cmp(&a.score)))
        }
        "" | "relevance desc" => Box::new(|a, b| b.score.cmp(&a.score)),
        "posting_publish_time desc" => Box::new(|a, b| by_time(b, a, "/postingPublishTime")),
        "posting_update_time desc" => Box::new(|a, b| by_time(b, a, "/postingUpdateTime")),
        "title" => Box::new(|a, b| title(a).cmp(title(b))),
        "title desc" => Box::new(|a, b| title(b).cmp(title(a))),
        "annualized_base_compensation" => Box::new(|a, b| by_pay(a, b, "Base", false)),
        "annualized_base_compensation desc" => Box::new(|a, b| by_pay(a, b, "Base", true)),
        "annualized_total_compensation" => Box::new(|a, b| by_pay(a, b, "Total", false)),
        "annualized_total_compensation desc" => Box::new(|a, b| by_pay(a, b, "Total", true)),
        other => {
            let text = format!("Invalid order '{other}': see SearchJobsRequest.order_by.");
            return Err(ApiError::invalid("order_by", text));
        }
    };
    // Results of a broadened query come last in any order.
    hits.sort_by(|a, b| a.broadened.cmp(&b.broadened).then_with(|| compare(a, b)));
    Ok(())
}

fn title(hit: &Hit) -> &str {
    text_at(&hit.job, "/title")
}

fn by_time(a: &Hit, b: &Hit, pointer: &str) -> Ordering {
    time_at(&a.job, pointer).cmp(&time_at(&b.job, pointer))
}

/// Jobs without compensation come last in either direction.
fn by_pay(a: &Hit, b: &Hit, which: &str, descending: bool) -> Ordering {
    let pointer = format!("/compensationInfo/annualized{which}CompensationRange/maxCompensation");
    let pay = |hit: &Hit| hit.job.pointer(&pointer).and_then(amount);
    match (pay(a), pay(b)) {
        (Some(a), Some(b)) if descending => b.total_cmp(&a),
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn matching_job(mut job: Value, view: &str, words: &[String]) -> Value {
    let mut matching = Map::new();
    let summary: String =
        text::strip_tags(text_at(&job, "/description")).chars().take(160).collect();
    matching.insert("jobSummary".to_owned(), json!(summary));
    if let Some(snippet) = text::snippet(words, text_at(&job, "/title")) {
        matching.insert("jobTitleSnippet".to_owned(), json!(snippet));
    }
    if let Some(snippet) = text::snippet(words, text_at(&job, "/description")) {
        matching.insert("searchTextSnippet".to_owned(), json!(snippet));
    }
    apply_view(view, &mut job);
    matching.insert("job".to_owned(), job);
    Value::Object(matching)
}
