//! The same models twice: as generated, and derived with serde.

macro_rules! models {
    ($($name:ident { $($field:ident $wire:literal: $ours:ty, $theirs:ty;)* })*) => {
        pub(crate) mod ours {
            use discovery_json as json;
            use json::Timestamp;
            use std::collections::BTreeMap;
            use super::Kind;

            $(
                #[derive(Clone, Default, PartialEq)]
                pub(crate) struct $name {
                    $(pub(crate) $field: Option<$ours>,)*
                    pub(crate) extra: json::Extra,
                }

                impl json::Decode for $name {
                    fn decode(r: &mut json::Reader<'_>) -> Result<Self, json::DecodeError> {
                        let mut this = Self::default();
                        let mut object = r.object()?;
                        while let Some(key) = object.next(r, &mut this.extra)? {
                            match &*key {
                                $($wire => this.$field = Some(r.read()?),)*
                                _ => this.extra.read(&key, r)?,
                            }
                        }
                        Ok(this)
                    }
                }

                impl json::Encode for $name {
                    fn encode(&self, w: &mut json::Writer) {
                        let start = w.begin();
                        $(if let Some(value) = &self.$field {
                            w.member($wire, value);
                        })*
                        w.end(start, &self.extra);
                    }
                }

                impl json::Model for $name {
                    const NAME: &'static str = stringify!($name);
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

impl discovery_json::OpenEnum for Kind {
    const VALUES: &'static [&'static str] =
        &["FULL_TIME", "PART_TIME", "STREET_ADDRESS", "BACHELORS_DEGREE"];

    fn as_str(&self) -> &str {
        match self {
            Self::FullTime => "FULL_TIME",
            Self::PartTime => "PART_TIME",
            Self::Street => "STREET_ADDRESS",
            Self::Bachelor => "BACHELORS_DEGREE",
            Self::UnknownValue(text) => text,
        }
    }

    fn from_wire(text: &str) -> Self {
        match text {
            "FULL_TIME" => Self::FullTime,
            "PART_TIME" => Self::PartTime,
            "STREET_ADDRESS" => Self::Street,
            "BACHELORS_DEGREE" => Self::Bachelor,
            _ => Self::UnknownValue(text.into()),
        }
    }
}

impl discovery_json::Decode for Kind {
    fn decode(r: &mut discovery_json::Reader<'_>) -> Result<Self, discovery_json::DecodeError> {
        r.open_enum()
    }
}

impl discovery_json::Encode for Kind {
    fn encode(&self, w: &mut discovery_json::Writer) {
        w.open_enum(self);
    }
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
