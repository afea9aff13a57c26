//! Protobuf's test message, with the types of its discovery equivalent.

use discovery_json as json;
use json::{Bytes, Duration, FieldMask, Json, Timestamp};
use std::collections::BTreeMap;

macro_rules! model {
    ($name:ident { $($field:ident $wire:literal: $type:ty,)* }) => {
        #[derive(Default)]
        pub(super) struct $name {
            $($field: Option<$type>,)*
            extra: json::Extra,
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
            const SCHEMA_NAME: &'static str = stringify!($name);
        }
    };
}

/// An open enum, like generated ones: values are text, and unknown ones are preserved.
struct Enum(Box<str>);

impl json::OpenEnum for Enum {
    const VALUES: &'static [&'static str] = &["FOO", "BAR", "BAZ"];

    fn as_str(&self) -> &str {
        &self.0
    }

    fn from_wire(text: &str) -> Self {
        Self(text.into())
    }
}

impl json::Decode for Enum {
    fn decode(r: &mut json::Reader<'_>) -> Result<Self, json::DecodeError> {
        r.enum_text().map(|text| json::OpenEnum::from_wire(&text))
    }
}

impl json::Encode for Enum {
    fn encode(&self, w: &mut json::Writer) {
        w.open_enum(&self.0, &[]);
    }
}

model! { Nested {
    a "a": i32,
}}

model! { Message {
    name_1 "fieldname1": i32,
    name_2 "fieldName2": i32,
    name_3 "FieldName3": i32,
    name_4 "fieldName4": i32,
    name_5 "field0name5": i32,
    name_6 "field0Name6": i32,
    name_7 "fieldName7": i32,
    name_8 "FieldName8": i32,
    name_9 "fieldName9": i32,
    name_10 "FieldName10": i32,
    name_11 "FIELDNAME11": i32,
    name_12 "FIELDName12": i32,
    name_13 "FieldName13": i32,
    name_14 "FieldName14": i32,
    name_15 "fieldName15": i32,
    name_16 "fieldName16": i32,
    name_17 "fieldName17": i32,
    name_18 "FieldName18": i32,
    optional_aliased_enum "optionalAliasedEnum": Enum,
    optional_any "optionalAny": Json,
    optional_bool "optionalBool": bool,
    optional_bool_wrapper "optionalBoolWrapper": bool,
    optional_bytes "optionalBytes": Bytes,
    optional_bytes_wrapper "optionalBytesWrapper": Bytes,
    optional_double "optionalDouble": f64,
    optional_double_wrapper "optionalDoubleWrapper": f64,
    optional_duration "optionalDuration": Duration,
    optional_field_mask "optionalFieldMask": FieldMask,
    optional_fixed32 "optionalFixed32": u32,
    optional_fixed64 "optionalFixed64": u64,
    optional_float "optionalFloat": f32,
    optional_float_wrapper "optionalFloatWrapper": f32,
    optional_int32 "optionalInt32": i32,
    optional_int32_wrapper "optionalInt32Wrapper": i32,
    optional_int64 "optionalInt64": i64,
    optional_int64_wrapper "optionalInt64Wrapper": i64,
    optional_nested_enum "optionalNestedEnum": Enum,
    optional_nested_message "optionalNestedMessage": Nested,
    optional_sfixed32 "optionalSfixed32": i32,
    optional_sfixed64 "optionalSfixed64": i64,
    optional_sint32 "optionalSint32": i32,
    optional_sint64 "optionalSint64": i64,
    optional_string "optionalString": String,
    optional_string_wrapper "optionalStringWrapper": String,
    optional_struct "optionalStruct": BTreeMap<String, Json>,
    optional_timestamp "optionalTimestamp": Timestamp,
    optional_uint32 "optionalUint32": u32,
    optional_uint32_wrapper "optionalUint32Wrapper": u32,
    optional_uint64 "optionalUint64": u64,
    optional_uint64_wrapper "optionalUint64Wrapper": u64,
    optional_value "optionalValue": Json,
    oneof_bool "oneofBool": bool,
    oneof_bytes "oneofBytes": Bytes,
    oneof_double "oneofDouble": f64,
    oneof_enum "oneofEnum": Enum,
    oneof_float "oneofFloat": f32,
    oneof_nested_message "oneofNestedMessage": Nested,
    oneof_string "oneofString": String,
    oneof_uint32 "oneofUint32": u32,
    oneof_uint64 "oneofUint64": u64,
    repeated_bool "repeatedBool": Vec<bool>,
    repeated_bool_wrapper "repeatedBoolWrapper": Vec<bool>,
    repeated_bytes "repeatedBytes": Vec<Bytes>,
    repeated_bytes_wrapper "repeatedBytesWrapper": Vec<Bytes>,
    repeated_double "repeatedDouble": Vec<f64>,
    repeated_double_wrapper "repeatedDoubleWrapper": Vec<f64>,
    repeated_duration "repeatedDuration": Vec<Duration>,
    repeated_fixed32 "repeatedFixed32": Vec<u32>,
    repeated_fixed64 "repeatedFixed64": Vec<u64>,
    repeated_float "repeatedFloat": Vec<f32>,
    repeated_float_wrapper "repeatedFloatWrapper": Vec<f32>,
    repeated_int32 "repeatedInt32": Vec<i32>,
    repeated_int32_wrapper "repeatedInt32Wrapper": Vec<i32>,
    repeated_int64 "repeatedInt64": Vec<i64>,
    repeated_int64_wrapper "repeatedInt64Wrapper": Vec<i64>,
    repeated_list_value "repeatedListValue": Vec<Vec<Json>>,
    repeated_nested_enum "repeatedNestedEnum": Vec<Enum>,
    repeated_nested_message "repeatedNestedMessage": Vec<Nested>,
    repeated_sfixed32 "repeatedSfixed32": Vec<i32>,
    repeated_sfixed64 "repeatedSfixed64": Vec<i64>,
    repeated_sint32 "repeatedSint32": Vec<i32>,
    repeated_sint64 "repeatedSint64": Vec<i64>,
    repeated_string "repeatedString": Vec<String>,
    repeated_string_wrapper "repeatedStringWrapper": Vec<String>,
    repeated_timestamp "repeatedTimestamp": Vec<Timestamp>,
    repeated_uint32 "repeatedUint32": Vec<u32>,
    repeated_uint32_wrapper "repeatedUint32Wrapper": Vec<u32>,
    repeated_uint64 "repeatedUint64": Vec<u64>,
    repeated_uint64_wrapper "repeatedUint64Wrapper": Vec<u64>,
    repeated_value "repeatedValue": Vec<Json>,
    map_bool_bool "mapBoolBool": BTreeMap<String, bool>,
    map_int32_int32 "mapInt32Int32": BTreeMap<String, i32>,
    map_int64_int64 "mapInt64Int64": BTreeMap<String, i64>,
    map_uint32_uint32 "mapUint32Uint32": BTreeMap<String, u32>,
    map_uint64_uint64 "mapUint64Uint64": BTreeMap<String, u64>,
    map_string_nested_message "mapStringNestedMessage": BTreeMap<String, Nested>,
}}
