//! Synthetic search response.

use std::fmt::Write as _;

/// Returns about 1 MB of JSON: with texts of kilobytes or a few words, with or without undeclared
/// fields.
pub(crate) fn make(long: bool, unknown: bool) -> String {
    let count = if long { 300 } else { 700 };
    let mut out = String::from(r#"{"matchingJobs":["#);
    for index in 0..count {
        if index > 0 {
            out.push(',');
        }
        job(&mut out, index, long, unknown);
    }
    out.push_str(r#"],"nextPageToken":"CAoQARgB","estimatedTotalSize":12345,"metadata":{"requestId":"6e4f1c2a-0c9e-4f1e-9f43-6a7b1d3c5e77:APAb7ITQ"}}"#);
    out
}

fn job(out: &mut String, index: usize, long: bool, unknown: bool) {
    let (description, snippet) = if long {
        (text(index, 16), text(index, 2))
    } else {
        (text(index, 1), String::from("Senior <b>engineer</b>"))
    };
    let aside = if unknown {
        r#","newField":{"a":[1,2,3],"b":"text"},"anotherOne":"x","third":12.5"#
    } else {
        ""
    };
    let _ = write!(
        out,
        r#"{{"job":{{"addresses":["1600 Amphitheatre Pkwy, Mountain View, CA {index}"],"applicationInfo":{{"emails":["jobs{index}@example.com"],"instruction":"Apply \"online\"","uris":["https://careers.example.com/jobs/{index}?ref=search"]}},"companyDisplayName":"Example & Söhne","companyName":"projects/p-123/companies/c-{index}","compensationInfo":{{"entries":[{{"amount":{{"currencyCode":"EUR","nanos":500000000,"units":"{}"}},"description":"per year","type":"BASE"}}]}},"customAttributes":{{"grade":{{"filterable":true,"longValues":["7","{index}"]}},"team":{{"stringValues":["search","ads"]}}}},"degreeTypes":["BACHELORS_DEGREE"],"department":"R&D","derivedInfo":{{"jobCategories":["COMPUTER_AND_IT","SCIENCE_AND_ENGINEERING"],"locations":[{{"latLng":{{"latitude":37.422{index},"longitude":-122.0841}},"locationType":"STREET_ADDRESS","postalAddress":{{"addressLines":["1600 Amphitheatre Pkwy"],"administrativeArea":"CA","locality":"Mountain View","postalCode":"94043","regionCode":"US"}},"radiusInMiles":0.5}}]}},"description":"{description}","employmentTypes":["FULL_TIME","CONTRACTOR"],"languageCode":"en-US","name":"projects/p-123/jobs/{index}","postingCreateTime":"2025-10-14T09:30:00.123Z","postingExpireTime":"2025-11-14T09:30:00Z","promotionValue":0,"requisitionId":"REQ-{index}","responsibilities":"{snippet}","title":"Staff engineer {index}"{aside}}},"jobSummary":"{snippet}","jobTitleSnippet":"Staff <b>engineer</b>","searchTextSnippet":"{snippet}"{aside}}}"#,
        90_000 + index,
    );
}

/// Returns HTML typical of job descriptions: paragraphs with occasional quotes and line breaks.
fn text(index: usize, paragraphs: usize) -> String {
    let mut out = String::new();
    for paragraph in 0..paragraphs {
        let _ = write!(
            out,
            r#"<p>You will own parts {index}.{paragraph} of a system that serves millions of people, work with teams in Zürich and São Paulo, and review designs.</p>\n<ul class=\"plain\"><li>Five years of experience</li><li>Curiosity</li></ul>"#
        );
    }
    out
}
