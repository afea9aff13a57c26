//! A program whose client is generated when it is built. It talks to a local server, so it needs no
//! account and no network.

include!(concat!(env!("OUT_DIR"), "/jobs_v3.rs"));

use jobs_v3::Client;
use jobs_v3::models::{Company, CreateCompanyRequest};
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = google_jobs_v3_mock::builder().build().spawn("127.0.0.1:0")?;
    let client = Client::builder().with_endpoint(server.endpoint()).with_anonymous().build()?;
    println!("{}", companies(&client).await?.join("\n"));
    Ok(())
}

/// Creates a company, and gives the names of all that there are.
async fn companies(client: &Client) -> Result<Vec<String>, jobs_v3::Error> {
    let company = Company::new().set_display_name("Acme").set_external_id("acme-1");
    let request = CreateCompanyRequest::new().set_company(company);
    client.projects().companies().create("projects/p", &request).send().await?;
    let mut names = Vec::new();
    let mut companies = client.projects().companies().list("projects/p").items();
    while let Some(company) = companies.next().await {
        names.push(company?.display_name.unwrap_or_default());
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_created_is_listed() -> Result<(), Box<dyn Error>> {
        let server = google_jobs_v3_mock::builder().build().spawn("127.0.0.1:0")?;
        let client = Client::builder().with_endpoint(server.endpoint()).with_anonymous().build()?;
        assert_eq!(companies(&client).await?, ["Acme"]);
        Ok(())
    }
}
