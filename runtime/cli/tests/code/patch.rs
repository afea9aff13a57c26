//! Dependencies:
//!
//! ```toml
//! google-jobs-v3 = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use google_jobs_v3::{Client, json, models};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().build()?;
    let request = models::UpdateCompanyRequest::new()
        .set_update_mask("displayName".parse::<json::FieldMask>()?)
        .set_company(
            models::Company::new()
                .set_derived_info(
                    models::CompanyDerivedInfo::new()
                        .set_headquarters_location(
                            models::Location::new()
                                .set_lat_lng(
                                    models::LatLng::new()
                                        .set_latitude(100.0)
                                        .set_longitude(-0.5),
                                ),
                        ),
                )
                .set_display_name("D")
                .set_size("HUGE"),
        );
    let response = client
        .projects()
        .companies()
        .patch("projects/p1/companies/c1", &request)
        .send()
        .await?;
    println!("{response:#?}");
    Ok(())
}
