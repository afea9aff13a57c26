//! The same models, as generated and with serde derives.

macro_rules! models {
    ($($name:ident { $($field:ident $wire:literal: $ours:ty, $theirs:ty;)* })*) => {
        #[allow(non_upper_case_globals, reason = "nothing names these constants")]
        #[allow(dead_code, unreachable_pub, reason = "the macro writes a whole public model")]
        pub(crate) mod ours {
            use discovery_json as json;
            use json::Timestamp;
            use std::collections::BTreeMap;
            use super::Kind;

            $(
                #[derive(Clone, PartialEq)]
                pub(crate) struct $name {
                    $(pub(crate) $field: Option<$ours>,)*
                    pub(crate) extra: json::Extra,
                }

                json::model! {
                    $name = "";
                    $($wire => $field as $field;)*
                }
            )*
        }

        pub(crate) mod theirs {
            use serde::{Deserialize, Serialize};
            use std::collections::BTreeMap;

            $(
                #[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
                pub(crate) struct $name {
                    $(
                        #[serde(rename = $wire, skip_serializing_if = "Option::is_none")]
                        pub(crate) $field: Option<$theirs>,
                    )*
                }
            )*
        }
    };
}

#[derive(Clone, PartialEq)]
pub(crate) enum Kind {
    FullTime,
    PartTime,
    Street,
    Bachelor,
    UnknownValue(Box<str>),
}

discovery_json::open_enum! {
    Kind;
    "FULL_TIME" => FullTime;
    "PART_TIME" => PartTime;
    "STREET_ADDRESS" => Street;
    "BACHELORS_DEGREE" => Bachelor;
}

models! {
    Answer {
        matching_jobs "matchingJobs": Vec<Match>, Vec<Match>;
        next_page_token "nextPageToken": String, String;
        estimated_total_size "estimatedTotalSize": i32, i32;
        metadata "metadata": Metadata, Metadata;
    }
    Metadata {
        request_id "requestId": String, String;
    }
    Match {
        job "job": Job, Job;
        job_summary "jobSummary": String, String;
        job_title_snippet "jobTitleSnippet": String, String;
        search_text_snippet "searchTextSnippet": String, String;
    }
    Job {
        addresses "addresses": Vec<String>, Vec<String>;
        application_info "applicationInfo": ApplicationInfo, ApplicationInfo;
        company_display_name "companyDisplayName": String, String;
        company_name "companyName": String, String;
        compensation_info "compensationInfo": CompensationInfo, CompensationInfo;
        custom_attributes "customAttributes": BTreeMap<String, CustomAttribute>, BTreeMap<String, CustomAttribute>;
        degree_types "degreeTypes": Vec<Kind>, Vec<String>;
        department "department": String, String;
        derived_info "derivedInfo": DerivedInfo, DerivedInfo;
        description "description": String, String;
        employment_types "employmentTypes": Vec<Kind>, Vec<String>;
        language_code "languageCode": String, String;
        name "name": String, String;
        posting_create_time "postingCreateTime": Timestamp, String;
        posting_expire_time "postingExpireTime": Timestamp, String;
        promotion_value "promotionValue": i32, i32;
        requisition_id "requisitionId": String, String;
        responsibilities "responsibilities": String, String;
        title "title": String, String;
    }
    ApplicationInfo {
        emails "emails": Vec<String>, Vec<String>;
        instruction "instruction": String, String;
        uris "uris": Vec<String>, Vec<String>;
    }
    CompensationInfo {
        entries "entries": Vec<CompensationEntry>, Vec<CompensationEntry>;
    }
    CompensationEntry {
        amount "amount": Money, Money;
        description "description": String, String;
        kind "type": String, String;
    }
    Money {
        currency_code "currencyCode": String, String;
        nanos "nanos": i32, i32;
        units "units": i64, String;
    }
    CustomAttribute {
        filterable "filterable": bool, bool;
        long_values "longValues": Vec<i64>, Vec<String>;
        string_values "stringValues": Vec<String>, Vec<String>;
    }
    DerivedInfo {
        job_categories "jobCategories": Vec<String>, Vec<String>;
        locations "locations": Vec<Location>, Vec<Location>;
    }
    Location {
        lat_lng "latLng": LatLng, LatLng;
        location_type "locationType": Kind, String;
        postal_address "postalAddress": PostalAddress, PostalAddress;
        radius_in_miles "radiusInMiles": f64, f64;
    }
    LatLng {
        latitude "latitude": f64, f64;
        longitude "longitude": f64, f64;
    }
    PostalAddress {
        address_lines "addressLines": Vec<String>, Vec<String>;
        administrative_area "administrativeArea": String, String;
        locality "locality": String, String;
        postal_code "postalCode": String, String;
        region_code "regionCode": String, String;
    }
}
