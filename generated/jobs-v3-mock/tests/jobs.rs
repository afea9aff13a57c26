//! The behavior of the jobs API, call by call.
#![cfg(test)]

use std::sync::Arc;

use discovery_mock::{ManualClock, Server};
use discovery_runtime::json::Duration;
use serde_json::{Value, json};

const NOW: &str = "2026-01-15T10:00:00Z";

struct Mock {
    server: Server,
    clock: Arc<ManualClock>,
}

impl Mock {
    /// Creates a server with one company.
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new(NOW.parse().unwrap()));
        let server = Server::builder(&google_jobs_v3::reflect::API)
            .behavior(google_jobs_v3_mock::behavior())
            .clock(Box::new(Arc::clone(&clock)))
            .build();
        let mock = Self { server, clock };
        let company =
            json!({ "company": { "displayName": "Acme", "externalId": "a", "size": "MINI" } });
        assert_eq!(mock.ok("POST", "companies", &company)["name"], "projects/p/companies/1");
        mock
    }

    fn call(&self, verb: &str, path: &str, body: &Value) -> (u16, Value) {
        let uri = match path.strip_prefix(':') {
            Some(verb) => format!("/v3/projects/p:{verb}"),
            None => format!("/v3/projects/p/{path}"),
        };
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = http::Request::builder().method(verb).uri(uri).body(body.into()).unwrap();
        let response = self.server.respond(request);
        (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
    }

    fn ok(&self, verb: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.call(verb, path, body);
        assert_eq!(status, 200, "{verb} {path} {body}: {answer}");
        answer
    }

    /// Returns status and message of an error.
    fn err(&self, verb: &str, path: &str, body: &Value) -> (String, String) {
        let (_, answer) = self.call(verb, path, body);
        let text = |name: &str| answer["error"][name].as_str().unwrap_or_default().to_owned();
        (text("status"), text("message"))
    }

    /// Creates a job with defaults overridden by `other`.
    fn job(&self, id: &str, other: Value) -> Value {
        let mut job = json!({
            "companyName": "projects/p/companies/1", "requisitionId": id, "title": id,
            "description": "-", "applicationInfo": { "uris": ["https://example.com/"] },
        });
        for (name, value) in other.as_object().unwrap() {
            job[name] = value.clone();
        }
        self.ok("POST", "jobs", &json!({ "job": job }))
    }

    fn search(&self, request: Value) -> Value {
        let mut body =
            json!({ "requestMetadata": { "domain": "d", "sessionId": "s", "userId": "u" } });
        for (name, value) in request.as_object().unwrap() {
            body[name] = value.clone();
        }
        let (_, answer) = self.call("POST", "jobs:search", &body);
        answer
    }

    /// Returns the titles that a query finds, in order.
    fn found(&self, request: Value) -> String {
        let answer = self.search(request);
        assert_eq!(answer.get("error"), None, "{answer}");
        let jobs = answer["matchingJobs"].as_array().cloned().unwrap_or_default();
        jobs.iter().map(|job| job["job"]["title"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn server_fills_in_jobs() {
    let mock = Mock::new();
    let job = mock.job("Data nurse", json!({
        "addresses": ["Rome"], "promotionValue": -3,
        "compensationInfo": { "entries": [
            { "type": "BASE", "unit": "MONTHLY", "amount": { "currencyCode": "EUR", "units": 5000 } },
            { "type": "BONUS", "unit": "YEARLY", "range": {
                "minCompensation": { "currencyCode": "EUR", "units": "1000" },
                "maxCompensation": { "currencyCode": "EUR", "units": "3000" } } },
        ] },
    }));
    assert_eq!(job["name"], "projects/p/jobs/2");
    assert_eq!(job["companyDisplayName"], "Acme");
    assert_eq!(job["languageCode"], "en-US");
    assert_eq!(job["postingCreateTime"], NOW);
    assert_eq!(job["postingExpireTime"], "2026-02-14T10:00:00Z");
    assert_eq!(job["promotionValue"], 0);
    assert_eq!(job["derivedInfo"]["jobCategories"], json!(["COMPUTER_AND_IT", "HEALTHCARE"]));
    assert_eq!(
        job["derivedInfo"]["locations"],
        json!([{ "postalAddress": { "addressLines": ["Rome"] } }])
    );
    let range = |least: &str, most: &str| {
        json!({
            "minCompensation": { "currencyCode": "EUR", "units": least },
            "maxCompensation": { "currencyCode": "EUR", "units": most },
        })
    };
    let info = &job["compensationInfo"];
    assert_eq!(info["annualizedBaseCompensationRange"], range("60000", "60000"));
    assert_eq!(info["annualizedTotalCompensationRange"], range("61000", "63000"));
    // Renaming a company renames it in its jobs.
    let rename = json!({ "company": { "displayName": "Ajax" }, "updateMask": "displayName" });
    mock.ok("PATCH", "companies/1", &rename);
    assert_eq!(mock.ok("GET", "jobs/2", &Value::Null)["companyDisplayName"], "Ajax");
}

impl Mock {
    fn refuses(&self, path: &str, body: &Value, status: &str, message: &str) {
        let found = self.err("POST", path, body);
        assert_eq!((found.0.as_str(), found.1.as_str()), (status, message), "{path}");
    }
}

#[test]
fn companies_and_requests_are_validated() {
    let mock = Mock::new();
    let company =
        |external: &str| json!({ "company": { "displayName": "B", "externalId": external } });
    let taken = "Resource 'projects/p/companies/1' already exists.";
    mock.refuses("companies", &company("a"), "ALREADY_EXISTS", taken);
    let missing = "Required field 'company.external_id' is not set.";
    mock.refuses("companies", &company(""), "INVALID_ARGUMENT", missing);
    let long = "externalId has 256 characters; at most 255 are allowed.";
    mock.refuses("companies", &company(&"e".repeat(256)), "INVALID_ARGUMENT", long);
    let event = json!({ "clientEvent": { "eventId": "e" } });
    let missing = "Required field 'client_event.create_time' is not set.\n\
                   Required field 'client_event.request_id' is not set.";
    mock.refuses("clientEvents", &event, "INVALID_ARGUMENT", missing);
    let filter = json!({ "filter": "requisitionId = \"r\"" });
    let both = "Invalid filter: companyName and requisitionId are both required.";
    mock.refuses("jobs:batchDelete", &filter, "INVALID_ARGUMENT", both);
    let missing = "Required field 'request_metadata' is not set.";
    mock.refuses("jobs:search", &json!({}), "INVALID_ARGUMENT", missing);
}

#[test]
fn jobs_are_validated() {
    let mock = Mock::new();
    mock.job("r", json!({}));
    for (member, value, status, message) in [
        (
            "companyName",
            json!("projects/p/companies/7"),
            "NOT_FOUND",
            "Resource 'projects/p/companies/7' was not found.",
        ),
        (
            "requisitionId",
            json!("r"),
            "ALREADY_EXISTS",
            "Resource 'projects/p/jobs/2' already exists.",
        ),
        (
            "applicationInfo",
            json!({}),
            "INVALID_ARGUMENT",
            "At least one of uris, emails, or instruction must be specified.",
        ),
    ] {
        let mut job = json!({
            "companyName": "projects/p/companies/1", "requisitionId": "x", "title": "t",
            "description": "d", "applicationInfo": { "instruction": "i" },
        });
        job[member] = value;
        mock.refuses("jobs", &json!({ "job": job }), status, message);
    }
    let nested = json!({ "job": {}, "updateMask": "applicationInfo.uris" });
    assert!(mock.err("PATCH", "jobs/2", &nested).1.contains("only those are supported"));
    assert_eq!(mock.err("DELETE", "companies/1", &Value::Null).0, "FAILED_PRECONDITION");
}

#[test]
fn updates_without_a_mask_replace_everything() {
    let mock = Mock::new();
    mock.job("r", json!({ "department": "d", "title": "old" }));
    mock.clock.advance(Duration::new(86_400, 0).unwrap());
    let changed =
        mock.ok("PATCH", "jobs/2", &json!({ "job": { "title": "new" }, "updateMask": "title" }));
    assert_eq!((&changed["title"], &changed["department"]), (&json!("new"), &json!("d")));
    assert_eq!(changed["postingExpireTime"], "2026-02-14T10:00:00Z");
    assert_eq!(changed["postingUpdateTime"], "2026-01-16T10:00:00Z");
    let mut job = changed;
    for name in ["department", "postingExpireTime"] {
        job.as_object_mut().unwrap().remove(name);
    }
    let replaced = mock.ok("PATCH", "jobs/2", &json!({ "job": job }));
    assert_eq!(replaced.get("department"), None);
    assert_eq!(replaced["postingExpireTime"], "2026-02-15T10:00:00Z");
    assert_eq!(replaced["postingCreateTime"], NOW);
}

#[test]
fn lists_and_deletion_apply_filters() {
    let mock = Mock::new();
    mock.job("a", json!({}));
    mock.job("b", json!({ "postingExpireTime": "2026-01-01T00:00:00Z" }));
    let second = json!({ "company": { "displayName": "Beta", "externalId": "b" } });
    mock.ok("POST", "companies", &second);
    let list = |filter: &str| {
        let filter = filter.replace(' ', "%20").replace('"', "%22").replace('=', "%3D");
        let page =
            mock.ok("GET", &format!("jobs?filter={filter}&jobView=JOB_VIEW_ID_ONLY"), &Value::Null);
        let jobs = page["jobs"].as_array().cloned().unwrap_or_default();
        jobs.iter().map(|job| job["requisitionId"].as_str().unwrap().to_owned()).collect::<String>()
    };
    let company = "companyName = \"projects/p/companies/1\"";
    assert_eq!(list(company), "a");
    assert_eq!(list(&format!("{company} AND status = \"EXPIRED\"")), "b");
    assert_eq!(list(&format!("{company} AND status = \"ALL\"")), "ab");
    assert_eq!(list("requisitionId = \"a\""), "a");
    for filter in ["", "status=\"ALL\"", "companyName=\"x\"%20AND%20status=\"NEW\"", "title=\"a\""]
    {
        let path = format!("jobs?filter={}", filter.replace('"', "%22").replace('=', "%3D"));
        assert_eq!(mock.err("GET", &path, &Value::Null).0, "INVALID_ARGUMENT", "{filter}");
    }
    let open = mock.ok("GET", "companies?requireOpenJobs=true&pageSize=-5", &Value::Null);
    assert_eq!(open["companies"].as_array().unwrap().len(), 1);
    let filter = format!("{company} AND requisitionId = \"a\"");
    assert_eq!(mock.ok("POST", "jobs:batchDelete", &json!({ "filter": filter })), json!({}));
    assert_eq!(list(&format!("{company} AND status = \"ALL\"")), "b");
}

#[test]
fn searches_apply_every_filter() {
    let mock = Mock::new();
    mock.job(
        "rust",
        json!({
            "description": "<b>Systems</b> work", "addresses": ["Berlin, Germany"],
            "employmentTypes": ["FULL_TIME"], "promotionValue": 5,
            "customAttributes": { "years": { "longValues": ["7"], "filterable": true },
                "team": { "stringValues": ["Core"], "filterable": true } },
        }),
    );
    mock.job("cook", json!({
        "description": "rust-free pans", "postingRegion": "TELECOMMUTE", "languageCode": "de-DE",
        "customAttributes": { "years": { "longValues": ["7"] } },
    }));
    mock.job("sold", json!({ "postingExpireTime": "2026-01-01T00:00:00Z" }));
    for (query, expected) in [
        (json!({}), "rust cook"),
        (json!({ "query": "rust" }), "rust cook"),
        (json!({ "query": "Rust systems" }), "rust"),
        (json!({ "query": "acme" }), "rust cook"),
        (json!({ "query": "absent" }), ""),
        (json!({ "companyNames": ["projects/p/companies/2"] }), ""),
        (json!({ "companyDisplayNames": ["SUBSTRING_MATCH(cm)"] }), "rust cook"),
        (json!({ "companyDisplayNames": ["acme", "MULTI_WORD_TOKEN_MATCH(ac)"] }), ""),
        (json!({ "employmentTypes": ["PART_TIME", "FULL_TIME"] }), "rust"),
        (json!({ "languageCodes": ["de-DE"] }), "cook"),
        (json!({ "locationFilters": [{ "address": "berlin" }] }), "rust"),
        (
            json!({ "locationFilters": [{ "telecommutePreference": "TELECOMMUTE_ALLOWED" }] }),
            "cook",
        ),
        (json!({ "publishTimeRange": { "startTime": "2026-01-15T10:00:01Z" } }), ""),
        (json!({ "publishTimeRange": { "startTime": NOW } }), "rust cook"),
        (json!({ "customAttributeFilter": "years > 5" }), "rust"),
        (json!({ "customAttributeFilter": "LOWER(team) = \"core\" AND NOT EMPTY(years)" }), "rust"),
        (json!({ "customAttributeFilter": "EMPTY(team)" }), "cook"),
    ] {
        assert_eq!(mock.found(json!({ "jobQuery": query })), expected, "{query}");
    }
    assert_eq!(mock.found(json!({ "searchMode": "FEATURED_JOB_SEARCH" })), "rust");
    assert_eq!(mock.found(json!({ "orderBy": "title" })), "cook rust");
    assert_eq!(mock.found(json!({ "offset": 1 })), "cook");
    let broad =
        mock.search(json!({ "jobQuery": { "query": "cook systems" }, "enableBroadening": true }));
    assert_eq!(broad["broadenedQueryJobsCount"], 2);
    for query in [
        json!({ "commuteFilter": {
        "commuteMethod": "DRIVING", "travelDuration": "60s", "startCoordinates": { "latitude": 1 } } }),
        json!({ "locationFilters": [{ "latLng": { "latitude": 1 } }] }),
    ] {
        assert_eq!(mock.search(json!({ "jobQuery": query }))["error"]["status"], "UNIMPLEMENTED");
    }
}

#[test]
fn search_responses_include_metadata() {
    let mock = Mock::new();
    for n in 0..5 {
        let years = json!({ "years": { "longValues": [n.to_string()], "filterable": true } });
        mock.job(
            &format!("engineer{n}"),
            json!({ "degreeTypes": ["MASTERS_OR_EQUIVALENT"], "customAttributes": years }),
        );
    }
    let request = json!({ "jobQuery": { "query": "engineer" }, "pageSize": 2, "jobView": "JOB_VIEW_ID_ONLY" });
    let first = mock.search(request.clone());
    assert_eq!(
        (&first["totalSize"], &first["matchingJobs"].as_array().unwrap().len()),
        (&json!(5), &2)
    );
    let hit = &first["matchingJobs"][0];
    assert_eq!(
        hit["job"],
        json!({ "name": "projects/p/jobs/2", "requisitionId": "engineer0", "languageCode": "en-US" })
    );
    assert_eq!(hit["jobTitleSnippet"], "<b>engineer0</b>");
    let mut next = request;
    next["pageToken"] = first["nextPageToken"].clone();
    assert_eq!(mock.search(next.clone())["matchingJobs"][0]["job"]["requisitionId"], "engineer2");
    next["jobQuery"] = json!({ "query": "other" });
    assert_eq!(mock.search(next)["error"]["status"], "INVALID_ARGUMENT");

    let facets = json!({
        "simpleHistogramFacets": ["COMPANY_SIZE", "EDUCATION_LEVEL", "LANGUAGE"],
        "customAttributeHistogramFacets": [{ "key": "years",
            "longValueHistogramBucketingOption": { "bucketBounds": [1, 3], "requiresMinMax": true } }],
    });
    let results = &mock.search(json!({ "histogramFacets": facets }))["histogramResults"];
    assert_eq!(
        results["simpleHistogramResults"],
        json!([
            { "searchType": "COMPANY_SIZE", "values": { "MINI": 5 } },
            { "searchType": "EDUCATION_LEVEL", "values": { "MASTERS_OR_EQUIVALENT": 5 } },
            { "searchType": "LANGUAGE", "values": { "en": 5 } },
        ])
    );
    let custom = &results["customAttributeHistogramResults"][0]["longValueHistogramResult"];
    let counts: Vec<i64> =
        custom["counts"].as_array().unwrap().iter().map(|c| c["count"].as_i64().unwrap()).collect();
    assert_eq!(
        (counts, &custom["minValue"], &custom["maxValue"]),
        (vec![1, 2, 2], &json!(0.0), &json!(4.0))
    );
}

#[test]
fn completion_and_events() {
    let mock = Mock::new();
    mock.job("Rust engineer", json!({}));
    mock.job("Acrobat", json!({ "languageCode": "fr" }));
    for (query, expected) in [
        ("query=ac&pageSize=5", vec!["Acme", "Acrobat"]),
        ("query=ac&pageSize=1", vec!["Acme"]),
        ("query=eng&pageSize=5", vec!["Rust engineer"]),
        ("query=ac&pageSize=5&type=JOB_TITLE", vec!["Acrobat"]),
        ("query=a&pageSize=5&languageCodes=en-US", vec!["Acme"]),
        ("query=a&pageSize=5&companyName=x", vec![]),
    ] {
        let answer = mock.ok("GET", &format!(":complete?{query}"), &Value::Null);
        let results = answer["completionResults"].as_array().cloned().unwrap_or_default();
        let texts: Vec<&str> = results.iter().map(|r| r["suggestion"].as_str().unwrap()).collect();
        assert_eq!(texts, expected, "{query}");
    }
    for query in ["query=a", "query=a&pageSize=11", "pageSize=5"] {
        assert_eq!(
            mock.err("GET", &format!(":complete?{query}"), &Value::Null).0,
            "INVALID_ARGUMENT"
        );
    }
    let event = json!({ "eventId": "e", "requestId": "r", "createTime": NOW,
        "jobEvent": { "type": "VIEW", "jobs": ["projects/p/jobs/2"] } });
    assert_eq!(mock.ok("POST", "clientEvents", &json!({ "clientEvent": event })), event);
    let stored = mock.server.store().get("projects/p/clientEvents/e").unwrap();
    assert_eq!(stored.value, event);
}
