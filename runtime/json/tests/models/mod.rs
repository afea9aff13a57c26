//! Models as the generator emits them, by hand.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use discovery_json as json;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Company {
    pub display_name: Option<String>,
    pub suspended: Option<bool>,
    pub size: Option<Size>,
    pub ids: Option<Vec<i64>>,
    pub derived_info: Option<Box<DerivedInfo>>,
    pub offices: Option<Vec<DerivedInfo>>,
    pub attrs: Option<BTreeMap<String, DerivedInfo>>,
    pub times: Option<BTreeMap<String, json::Timestamp>>,
    pub create_time: Option<json::Timestamp>,
    pub metadata: Option<json::Json>,
    pub count: Option<i32>,
    pub extra: json::Extra,
}

impl Company {
    pub const DISPLAY_NAME: json::Field<Self> = json::Field::new("displayName");
    pub const SUSPENDED: json::Field<Self> = json::Field::new("suspended");
    pub const DERIVED_INFO: json::Field<Self, DerivedInfo> = json::Field::new("derivedInfo");
    pub const COUNT: json::Field<Self> = json::Field::new("count");

    pub fn set_display_name(mut self, value: impl Into<String>) -> Self {
        self.display_name = Some(value.into());
        self
    }
}

impl json::Decode for Company {
    fn decode(r: &mut json::Reader<'_>) -> Result<Self, json::DecodeError> {
        let mut this = Self::default();
        let mut object = r.object()?;
        while let Some(key) = object.next(r, &mut this.extra)? {
            match &*key {
                "displayName" => this.display_name = Some(r.read()?),
                "suspended" => this.suspended = Some(r.read()?),
                "size" => this.size = Some(r.read()?),
                "ids" => this.ids = Some(r.read()?),
                "derivedInfo" => this.derived_info = Some(r.read()?),
                "offices" => this.offices = Some(r.read()?),
                "attrs" => this.attrs = Some(r.read()?),
                "times" => this.times = Some(r.read()?),
                "createTime" => this.create_time = Some(r.read()?),
                "metadata" => this.metadata = Some(r.read()?),
                "count" => this.count = Some(r.read()?),
                _ => this.extra.read(&key, r)?,
            }
        }
        Ok(this)
    }
}

impl json::Encode for Company {
    fn encode(&self, w: &mut json::Writer) {
        let start = w.begin();
        if let Some(v) = &self.display_name {
            w.member("displayName", v);
        }
        if let Some(v) = &self.suspended {
            w.member("suspended", v);
        }
        if let Some(v) = &self.size {
            w.member("size", v);
        }
        if let Some(v) = &self.ids {
            w.member("ids", v);
        }
        if let Some(v) = &self.derived_info {
            w.member("derivedInfo", v);
        }
        if let Some(v) = &self.offices {
            w.member("offices", v);
        }
        if let Some(v) = &self.attrs {
            w.member("attrs", v);
        }
        if let Some(v) = &self.times {
            w.member("times", v);
        }
        if let Some(v) = &self.create_time {
            w.member("createTime", v);
        }
        if let Some(v) = &self.metadata {
            w.member("metadata", v);
        }
        if let Some(v) = &self.count {
            w.member("count", v);
        }
        w.end(start, &self.extra);
    }
}

impl json::Model for Company {
    const NAME: &'static str = "Company";
}

impl fmt::Debug for Company {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        json::debug(self, "Company", f)
    }
}

#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct DerivedInfo {
    pub address: Option<String>,
    pub latitude: Option<f64>,
    pub inner: Option<Box<DerivedInfo>>,
    pub extra: json::Extra,
}

impl DerivedInfo {
    pub const ADDRESS: json::Field<Self> = json::Field::new("address");
    pub const INNER: json::Field<Self, Self> = json::Field::new("inner");
}

impl json::Decode for DerivedInfo {
    fn decode(r: &mut json::Reader<'_>) -> Result<Self, json::DecodeError> {
        let mut this = Self::default();
        let mut object = r.object()?;
        while let Some(key) = object.next(r, &mut this.extra)? {
            match &*key {
                "address" => this.address = Some(r.read()?),
                "latitude" => this.latitude = Some(r.read()?),
                "inner" => this.inner = Some(r.read()?),
                _ => this.extra.read(&key, r)?,
            }
        }
        Ok(this)
    }
}

impl json::Encode for DerivedInfo {
    fn encode(&self, w: &mut json::Writer) {
        let start = w.begin();
        if let Some(v) = &self.address {
            w.member("address", v);
        }
        if let Some(v) = &self.latitude {
            w.member("latitude", v);
        }
        if let Some(v) = &self.inner {
            w.member("inner", v);
        }
        w.end(start, &self.extra);
    }
}

impl json::Model for DerivedInfo {
    const NAME: &'static str = "DerivedInfo";
}

impl fmt::Debug for DerivedInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        json::debug(self, "DerivedInfo", f)
    }
}

#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Size {
    Mini,
    Big,
    UnknownValue(Box<str>),
}

impl json::OpenEnum for Size {
    const VALUES: &'static [&'static str] = &["MINI", "BIG"];

    fn as_str(&self) -> &str {
        match self {
            Self::Mini => "MINI",
            Self::Big => "BIG",
            Self::UnknownValue(text) => text,
        }
    }

    fn from_wire(text: &str) -> Self {
        match text {
            "MINI" => Self::Mini,
            "BIG" => Self::Big,
            _ => Self::UnknownValue(text.into()),
        }
    }
}

impl json::Decode for Size {
    fn decode(r: &mut json::Reader<'_>) -> Result<Self, json::DecodeError> {
        r.open_enum()
    }
}

impl json::Encode for Size {
    fn encode(&self, w: &mut json::Writer) {
        w.open_enum(self);
    }
}
