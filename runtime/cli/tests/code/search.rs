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
    let request = models::SearchJobsRequest::new()
        .set_job_query(
            models::JobQuery::new()
                .set_commute_filter(
                    models::CommuteFilter::new()
                        .set_travel_duration("600s".parse::<json::Duration>()?)
                        .set_departure_time(models::TimeOfDay::new().set_hours(8)),
                )
                .set_location_filters([
                    models::LocationFilter::new().set_address("MV"),
                    models::LocationFilter::new().set_distance_in_miles(5.0),
                ])
                .set_company_names(Vec::<String>::new()),
        )
        .set_histogram_facets(
            models::HistogramFacets::new()
                .set_simple_histogram_facets([models::HistogramFacetsSimpleHistogramFacets::City])
                .set_compensation_histogram_facets([
                    models::CompensationHistogramRequest::new()
                        .set_bucketing_option(
                            models::NumericBucketingOption::new()
                                .set_bucket_bounds([1.5]),
                        ),
                ]),
        );
    let response = client
        .projects()
        .jobs()
        .search("projects/p1", &request)
        .send()
        .await?;
    println!("{response:#?}");
    Ok(())
}
