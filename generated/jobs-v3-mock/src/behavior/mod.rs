//! Behavior of Cloud Talent Solution beyond the standard methods, based on its reference: search
//! over the stored jobs, completion, deletion by filter, events, and computed fields.
//!
//! Geography is not supported: filters by coordinates and by commute, and histograms over places,
//! return `UNIMPLEMENTED`.

mod complete;
mod histogram;
mod search;

use std::collections::BTreeMap;

use discovery_mock::filter::{Filter, Grammar};
use discovery_mock::{
    ApiError, Behavior, Call, PageRules, Rules, Select, Selection, Txn, Unmasked, Write, text,
};
use discovery_runtime::json::{Duration, Timestamp};
use serde_json::{Value, json};

use complete::complete;
use search::search;

/// The behavior of `jobs:v3`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Jobs;

/// Returns the behavior of this API.
pub(crate) fn new() -> Box<dyn Behavior> {
    Box::new(Jobs)
}

impl Behavior for Jobs {
    fn answer(&self, call: &mut Call<'_, '_>) -> Option<Result<Value, ApiError>> {
        match call.id() {
            "jobs.projects.jobs.search" | "jobs.projects.jobs.searchForAlert" => {
                Some(search(call, self))
            }
            "jobs.projects.complete" => Some(complete(call)),
            "jobs.projects.jobs.batchDelete" => Some(batch_delete(call)),
            "jobs.projects.clientEvents.create" => Some(create_event(call)),
            _ => None,
        }
    }

    fn rules(&self, call: &Call<'_, '_>) -> Rules {
        let ids = call.param("jobView") == Some("JOB_VIEW_ID_ONLY");
        let max = if ids { 1000 } else { 100 };
        let page = PageRules { default: 100, max, negative_is_default: true };
        Rules { page, unmasked: Unmasked::All }
    }

    fn before_write(&self, write: &mut Write<'_>, store: &mut Txn<'_>) -> Result<(), ApiError> {
        check_lengths(write)?;
        match write.schema.name {
            "Company" => complete_company(write, store),
            "Job" => complete_job(write, store),
            _ => Ok(()),
        }
    }

    fn before_delete(&self, name: &str, kind: &str, store: &mut Txn<'_>) -> Result<(), ApiError> {
        let of_company = |job: &Value| text_at(job, "/companyName") == name;
        if kind == "Company" && store.of_kind("Job").iter().any(|(_, job)| of_company(&job.value)) {
            let text = format!("Company '{name}' has jobs: delete them before the company.");
            return Err(ApiError::precondition(text));
        }
        Ok(())
    }

    fn select(&self, call: &Call<'_, '_>) -> Option<Result<Select, ApiError>> {
        match call.id() {
            "jobs.projects.jobs.list" => Some(listed_jobs(call)),
            "jobs.projects.companies.list" if call.flag("requireOpenJobs") => {
                let now = call.now();
                let jobs = call.store().of_kind("Job").into_iter();
                let open = jobs.filter(|(_, job)| is_open(&job.value, now));
                let names: Vec<String> =
                    open.map(|(_, job)| text_at(&job.value, "/companyName").to_owned()).collect();
                Some(Ok(Box::new(move |company| names.iter().any(|n| company["name"] == *n))))
            }
            _ => None,
        }
    }

    fn present(&self, call: &Call<'_, '_>, kind: &str, resource: &mut Value) {
        match kind {
            "Job" => {
                let company = call.store().get(text_at(resource, "/companyName"));
                if let Some(name) = company.and_then(|company| company.get("displayName")) {
                    resource["companyDisplayName"] = name.clone();
                }
                apply_view(call.param("jobView").unwrap_or_default(), resource);
            }
            "ListCompaniesResponse" | "ListJobsResponse" => {
                resource["metadata"] = json!({ "requestId": call.request_id() });
            }
            _ => {}
        }
    }
}

/// Maximum length of fields in characters, if the reference states it.
const LENGTHS: [(&str, &str, usize); 9] = [
    ("Company", "/externalId", 255),
    ("Company", "/eeoText", 500),
    ("Company", "/websiteUri", 255),
    ("Job", "/requisitionId", 255),
    ("Job", "/title", 500),
    ("Job", "/department", 255),
    ("Job", "/description", 100_000),
    ("Job", "/qualifications", 10_000),
    ("Job", "/applicationInfo/instruction", 3_000),
];

fn check_lengths(write: &Write<'_>) -> Result<(), ApiError> {
    for (kind, at, most) in LENGTHS {
        let length = text_at(write.new, at).chars().count();
        if write.schema.name == kind && length > most {
            let field = at.trim_start_matches('/').replace('/', ".");
            let text = format!("{field} has {length} characters; at most {most} are allowed.");
            return Err(ApiError::invalid(field, text));
        }
    }
    Ok(())
}

fn complete_company(write: &mut Write<'_>, store: &Txn<'_>) -> Result<(), ApiError> {
    let external = text_at(write.new, "/externalId");
    let project = write.name.rsplit_once('/').map_or("", |(collection, _)| collection);
    for (name, record) in store.children(project) {
        if name != write.name && text_at(&record.value, "/externalId") == external {
            return Err(ApiError::already_exists(name));
        }
    }
    let address = text_at(write.new, "/headquartersAddress");
    if !address.is_empty() {
        write.new["derivedInfo"] = json!({ "headquartersLocation": location(address) });
    }
    Ok(())
}

fn complete_job(write: &mut Write<'_>, store: &Txn<'_>) -> Result<(), ApiError> {
    let company = text_at(write.new, "/companyName");
    if store.record(company).is_none_or(|record| record.kind != "Company") {
        return Err(ApiError::not_found(company));
    }
    let info = &write.new["applicationInfo"];
    if ["emails", "instruction", "uris"].iter().all(|name| info.get(name).is_none()) {
        let text = "At least one of uris, emails, or instruction must be specified.";
        return Err(ApiError::invalid("job.application_info", text));
    }
    set_defaults(write);
    for (name, record) in store.of_kind("Job") {
        let same = ["/companyName", "/languageCode", "/requisitionId"]
            .iter()
            .all(|at| text_at(&record.value, at) == text_at(write.new, at));
        if same && name != write.name && is_open(&record.value, write.now) {
            return Err(ApiError::already_exists(name));
        }
    }
    derive(write.new);
    Ok(())
}

/// Sets fields that every job has.
fn set_defaults(write: &mut Write<'_>) {
    let expires = write.mask.is_none_or(|mask| mask.has("postingExpireTime"));
    let month = Duration::new(30 * 86_400, 0).unwrap_or_default();
    if let Some(end) = write.now.checked_add(month).filter(|_| expires) {
        set_missing(write.new, "postingExpireTime", json!(end.to_string()));
    }
    set_missing(write.new, "postingPublishTime", json!(write.now.to_string()));
    set_missing(write.new, "languageCode", json!("en-US"));
    set_missing(write.new, "visibility", json!("ACCOUNT_ONLY"));
    if write.new["promotionValue"].as_i64().is_none_or(|value| value < 0) {
        write.new["promotionValue"] = json!(0);
    }
}

/// Sets fields computed from other fields.
fn derive(job: &mut Value) {
    let addresses = texts_at(job, "/addresses");
    let locations: Vec<Value> = addresses.into_iter().map(location).collect();
    let words = text::words(text_at(job, "/title"));
    let fits =
        |(_, keys): &&(&str, &[&str])| words.iter().any(|word| keys.contains(&word.as_str()));
    let categories: Vec<&str> = CATEGORIES.iter().filter(fits).map(|(name, _)| *name).collect();
    job["derivedInfo"] = json!({ "locations": locations, "jobCategories": categories });
    if job.get("compensationInfo").is_some() {
        let base = |entry: &&Value| entry["type"] == "BASE";
        for (member, only_base) in [(BASE_RANGE, true), (TOTAL_RANGE, false)] {
            let entries = list_at(job, "/compensationInfo/entries").iter();
            let range = annual(entries.filter(|entry| !only_base || base(entry)));
            match (range, job["compensationInfo"].as_object_mut()) {
                (Some(range), Some(info)) => drop(info.insert(member.to_owned(), range)),
                (None, Some(info)) => drop(info.remove(member)),
                (_, None) => {}
            }
        }
    }
}

/// Categories by words in a title; a few, so that filters and histograms have values.
const CATEGORIES: [(&str, &[&str]); 6] = [
    ("ACCOUNTING_AND_FINANCE", &["accountant", "accounting", "finance", "controller"]),
    ("COMPUTER_AND_IT", &["software", "developer", "programmer", "sre", "devops", "data"]),
    ("CUSTOMER_SERVICE", &["support", "service"]),
    ("HEALTHCARE", &["nurse", "doctor", "physician", "medical"]),
    ("SALES_AND_RETAIL", &["sales", "retail", "cashier"]),
    ("SCIENCE_AND_ENGINEERING", &["engineer", "engineering", "scientist", "chemist"]),
];
const BASE_RANGE: &str = "annualizedBaseCompensationRange";
const TOTAL_RANGE: &str = "annualizedTotalCompensationRange";

/// Returns the annual sum of the compensation entries that can be annualized, if any.
fn annual<'v>(entries: impl Iterator<Item = &'v Value>) -> Option<Value> {
    let (mut least, mut most, mut currency) = (0.0, 0.0, None);
    for entry in entries {
        let by_unit = match text_at(entry, "/unit") {
            "HOURLY" => Some(2080.0),
            "DAILY" => Some(260.0),
            "WEEKLY" => Some(52.0),
            "MONTHLY" => Some(12.0),
            "YEARLY" => Some(1.0),
            _ => None,
        };
        let times = entry["expectedUnitsPerYear"].as_f64().or(by_unit);
        let amount = entry.get("amount").map(|amount| (amount, amount));
        let range = entry.get("range").map(|r| (&r["minCompensation"], &r["maxCompensation"]));
        if let (Some(times), Some((min, max))) = (times, amount.or(range)) {
            least += money(min) * times;
            most += money(max).max(money(min)) * times;
            let code = [min, max].map(|money| text_at(money, "/currencyCode"));
            currency = code.into_iter().find(|code| !code.is_empty()).or(currency).or(Some(""));
        }
    }
    let code = currency?;
    let shown = |amount: f64| json!({ "currencyCode": code, "units": format!("{amount:.0}") });
    Some(json!({ "minCompensation": shown(least), "maxCompensation": shown(most) }))
}

fn money(money: &Value) -> f64 {
    let units: f64 = text_at(money, "/units").parse().unwrap_or_default();
    units + money["nanos"].as_f64().unwrap_or_default() / 1e9
}

/// Creates a location with an address only.
fn location(address: &str) -> Value {
    json!({ "postalAddress": { "addressLines": [address] } })
}

/// Keeps the fields of a view; all for the full view or none.
fn apply_view(view: &str, job: &mut Value) {
    let fields = match view {
        "JOB_VIEW_ID_ONLY" => "name,requisitionId,languageCode",
        "JOB_VIEW_MINIMAL" => {
            "name,requisitionId,languageCode,title,companyName,derivedInfo/locations"
        }
        "JOB_VIEW_SMALL" => {
            "name,requisitionId,languageCode,title,companyName,derivedInfo/locations,visibility,\
             description"
        }
        _ => return,
    };
    if let Ok(selection) = Selection::parse(fields) {
        selection.apply(job);
    }
}

/// Parses the filter of `jobs.list`: `=` and `AND` over three fields.
fn listed_jobs(call: &Call<'_, '_>) -> Result<Select, ApiError> {
    let mut wanted = equalities(call.param("filter").unwrap_or_default(), &["status"])?;
    let status = wanted.remove("status").unwrap_or_else(|| "OPEN".to_owned());
    if !["OPEN", "EXPIRED", "ALL"].contains(&status.as_str()) {
        return Err(ApiError::invalid(
            "filter",
            "Invalid filter: status must be OPEN, EXPIRED, or ALL.",
        ));
    }
    if wanted.is_empty() {
        let text = "Invalid filter: companyName or requisitionId must be present.";
        return Err(ApiError::invalid("filter", text));
    }
    let now = call.now();
    Ok(Box::new(move |job| {
        let right_status = status == "ALL" || is_open(job, now) == (status == "OPEN");
        right_status && wanted.iter().all(|(field, value)| job[field] == *value)
    }))
}

/// Returns the pairs of a filter over `companyName`, `requisitionId`, and `others`.
fn equalities(filter: &str, others: &[&str]) -> Result<BTreeMap<String, String>, ApiError> {
    let parsed = match filter.trim() {
        "" => return Err(ApiError::invalid("filter", "Required field 'filter' is not set.")),
        text => Filter::parse(text, Grammar::Aip160)?,
    };
    let known =
        |field: &str| matches!(field, "companyName" | "requisitionId") || others.contains(&field);
    match parsed.equalities().filter(|pairs| pairs.keys().all(|field| known(field))) {
        Some(pairs) => Ok(pairs.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect()),
        None => {
            let fields = ["companyName", "requisitionId"].iter().chain(others);
            let fields = fields.copied().collect::<Vec<_>>().join(", ");
            let text =
                format!("Invalid filter '{filter}': only = and AND over {fields} are supported.");
            Err(ApiError::invalid("filter", text))
        }
    }
}

fn batch_delete(call: &mut Call<'_, '_>) -> Result<Value, ApiError> {
    let wanted = equalities(text_at(call.body(), "/filter"), &[])?;
    if wanted.len() < 2 {
        let text = "Invalid filter: companyName and requisitionId are both required.";
        return Err(ApiError::invalid("filter", text));
    }
    let collection = format!("{}/jobs", call.param("parent").unwrap_or_default());
    let jobs = call.store().children(&collection).into_iter();
    let found = jobs.filter(|(_, job)| wanted.iter().all(|(field, v)| job.value[field] == *v));
    let names: Vec<String> = found.map(|(name, _)| name.to_owned()).collect();
    for name in names {
        call.store_mut().remove(&name);
    }
    Ok(json!({}))
}

fn create_event(call: &mut Call<'_, '_>) -> Result<Value, ApiError> {
    let event = call.body()["clientEvent"].clone();
    let extra = event["extraInfo"].as_object();
    let size =
        extra.map_or(0, |e| e.iter().map(|(k, v)| k.len() + v.as_str().map_or(0, str::len)).sum());
    if extra.is_some_and(|extra| extra.len() > 20) || size > 2048 {
        let text = "At most 20 keys are supported, and 2 KB for all keys and values.";
        return Err(ApiError::invalid("client_event.extra_info", text));
    }
    let parent = call.param("parent").unwrap_or_default();
    let name = format!("{parent}/clientEvents/{}", text_at(&event, "/eventId"));
    call.store_mut().put("ClientEvent", &name, event.clone());
    Ok(event)
}

/// Returns `true` if the job accepts applications.
fn is_open(job: &Value, now: Timestamp) -> bool {
    time_at(job, "/postingExpireTime").is_none_or(|expires| expires > now)
}

/// Returns the text at a JSON pointer; empty if absent.
fn text_at<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Returns the list at a JSON pointer; empty if absent.
fn list_at<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Returns the texts in the list at a JSON pointer.
fn texts_at<'v>(value: &'v Value, pointer: &str) -> Vec<&'v str> {
    list_at(value, pointer).iter().filter_map(Value::as_str).collect()
}

/// Returns the time at a JSON pointer.
fn time_at(value: &Value, pointer: &str) -> Option<Timestamp> {
    text_at(value, pointer).parse().ok()
}

fn set_missing(value: &mut Value, name: &str, member: Value) {
    if value.get(name).is_none() {
        value[name] = member;
    }
}
