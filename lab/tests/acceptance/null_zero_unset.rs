//! Null, zero, and unset result in three different bodies of a PATCH.

use google_jobs_v3::json::Model as _;
use google_jobs_v3::models::{Company, UpdateCompanyRequest};

use crate::jobs;
use crate::support::server;

#[tokio::test]
#[allow(deprecated, reason = "the only list of a company")]
async fn three_bodies() {
    let server = server("{}").await;
    let client = jobs(&server).build().unwrap();
    let company = || Company::new().set_display_name("Acme");
    let null = company().set_null(Company::HIRING_AGENCY);
    let table = [
        (company(), r#"{"company":{"displayName":"Acme"}}"#),
        (
            company().set_hiring_agency(false),
            r#"{"company":{"displayName":"Acme","hiringAgency":false}}"#,
        ),
        (null, r#"{"company":{"displayName":"Acme","hiringAgency":null}}"#),
        (Company::new().set_display_name(""), r#"{"company":{"displayName":""}}"#),
        (Company::new(), r#"{"company":{}}"#),
    ];
    for (company, body) in table {
        let request = UpdateCompanyRequest::new().set_company(company);
        let call = client.projects().companies().patch("projects/p/companies/c", &request);
        call.send().await.unwrap();
        let requests = server.take_requests();
        assert_eq!(requests[0].head.method, "PATCH");
        assert_eq!(std::str::from_utf8(&requests[0].body).unwrap(), body);
    }
}
