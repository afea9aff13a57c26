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
    let request = models::CreateJobRequest::new()
        .set_job(
            models::Job::new()
                .set_title("it's \"new\"\n")
                .set_addresses(["a", "b"])
                .set_employment_types(["FULL_TIME", "NEW"])
                .set_visibility(models::JobVisibility::AccountOnly)
                .set_posting_publish_time("2024-01-01T00:00:00.5Z".parse::<json::Timestamp>()?)
                .set_promotion_value(-3)
                .set_custom_attributes([
                    ("k", models::CustomAttribute::new().set_string_values(["v"])),
                    ("l", models::CustomAttribute::new().set_long_values([7])),
                ])
                .set_compensation_info(
                    models::CompensationInfo::new()
                        .set_entries([
                            models::CompensationEntry::new()
                                .set_amount(models::Money::new().set_units(5)),
                        ]),
                )
                .set_processing_options(
                    models::ProcessingOptions::new()
                        .set_disable_street_address_resolution(true),
                ),
        );
    let response = client
        .projects()
        .jobs()
        .create("projects/p1", &request)
        .send()
        .await?;
    println!("{response:#?}");
    Ok(())
}
