//! Models as the generator emits them.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use discovery_json as json;

#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Company {
    pub display_name: Option<String>,
    pub suspended: Option<bool>,
    pub size: Option<Size>,
    pub ids: Option<Vec<i64>>,
    pub derived_info: Option<Box<DerivedInfo>>,
    pub offices: Option<Vec<DerivedInfo>>,
    pub attrs: Option<json::Map<DerivedInfo>>,
    pub times: Option<json::Map<json::Timestamp>>,
    pub create_time: Option<json::Timestamp>,
    pub metadata: Option<json::Json>,
    pub count: Option<i32>,
    pub extra: json::Extra,
}

impl Company {
    pub fn set_display_name(mut self, value: impl Into<String>) -> Self {
        self.display_name = Some(value.into());
        self
    }
}

json::model! {
    Company = "Company";
    "displayName" => display_name as DISPLAY_NAME;
    "suspended" => suspended as SUSPENDED;
    "size" => size as SIZE;
    "ids" => ids as IDS;
    "derivedInfo" => derived_info as DERIVED_INFO of DerivedInfo;
    "offices" => offices as OFFICES of DerivedInfo;
    "attrs" => attrs as ATTRS of DerivedInfo;
    "times" => times as TIMES;
    "createTime" => create_time as CREATE_TIME;
    "metadata" => metadata as METADATA;
    "count" => count as COUNT;
}

#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct DerivedInfo {
    pub address: Option<String>,
    pub latitude: Option<f64>,
    pub inner: Option<Box<DerivedInfo>>,
    pub extra: json::Extra,
}

json::model! {
    DerivedInfo = "DerivedInfo";
    "address" => address as ADDRESS;
    "latitude" => latitude as LATITUDE;
    "inner" => inner as INNER of DerivedInfo;
}

#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Size {
    Mini,
    Big,
    UnknownValue(Box<str>),
}

json::open_enum! {
    Size;
    "MINI" => Mini;
    "BIG" => Big;
}
