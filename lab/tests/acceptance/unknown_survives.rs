//! Enum values and fields that are unknown to this revision, at any depth, survive from a get to a
//! patch.

use google_jobs_v3::models::{CompanySize, UpdateCompanyRequest};

use crate::jobs;
use crate::support::server;

/// A company of a newer server. The number has more digits than a double.
const COMPANY: &str = r#"{"derivedInfo":{"headquartersLocation":{"locationType":"ORBIT","altitude":3.50}},"displayName":"Acme","size":"GALACTIC","carbon":{"tonnes":12345678901234567890.5,"at":[1,null,"x"]},"motto":null}"#;

#[tokio::test]
async fn unknown_values_and_members_are_sent_back() {
    let server = server(COMPANY).await;
    let client = jobs(&server).build().unwrap();
    let companies = client.projects().companies();
    let company = companies.get("projects/p/companies/c").send().await.unwrap();
    assert_eq!(company.size, Some(CompanySize::UnknownValue("GALACTIC".into())));
    let carbon = company.extra.get("carbon").unwrap();
    assert_eq!(carbon.as_str(), r#"{"tonnes":12345678901234567890.5,"at":[1,null,"x"]}"#);
    let request = UpdateCompanyRequest::new().set_company(company);
    companies.patch("projects/p/companies/c", &request).send().await.unwrap();
    let sent = server.requests().pop().unwrap().body;
    assert_eq!(std::str::from_utf8(&sent).unwrap(), format!(r#"{{"company":{COMPANY}}}"#));
}
