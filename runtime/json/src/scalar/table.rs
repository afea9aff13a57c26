//! The table of scalar formats.

/// Passes the table to a macro: for each format, the documentation, the name, the Rust type, and
/// the fields of its [`ScalarInfo`](crate::ScalarInfo).
#[doc(hidden)]
#[macro_export]
macro_rules! scalars {
    ($rows:ident) => {
        $rows! {
            /// `true` or `false`.
            Bool: bool {
                name: "boolean",
                ty: "boolean",
                formats: &[None],
                rust: "bool",
                size: 1,
                proto: "TYPE_BOOL",
                test: "true",
                form: Form::Bool,
            }
            /// 32-bit signed integer.
            Int32: i32 {
                name: "int32",
                ty: "integer",
                formats: &[Some("int32")],
                rust: "i32",
                size: 8,
                proto: "TYPE_INT32",
                test: "-7",
                form: Form::Integer {
                    least: i32::MIN as i128,
                    most: i32::MAX as i128,
                    quoted: false,
                },
            }
            /// 32-bit unsigned integer.
            UInt32: u32 {
                name: "uint32",
                ty: "integer",
                formats: &[Some("uint32")],
                rust: "u32",
                size: 8,
                proto: "TYPE_UINT32",
                test: "7",
                form: Form::Integer {
                    least: 0,
                    most: u32::MAX as i128,
                    quoted: false,
                },
            }
            /// 64-bit signed integer; a string in JSON.
            Int64: i64 {
                name: "int64",
                ty: "string",
                formats: &[Some("int64")],
                rust: "i64",
                size: 16,
                proto: "TYPE_INT64",
                test: "\"-9007199254740993\"",
                form: Form::Integer {
                    least: i64::MIN as i128,
                    most: i64::MAX as i128,
                    quoted: true,
                },
            }
            /// 64-bit unsigned integer; a string in JSON.
            UInt64: u64 {
                name: "uint64",
                ty: "string",
                formats: &[Some("uint64")],
                rust: "u64",
                size: 16,
                proto: "TYPE_UINT64",
                test: "\"18446744073709551615\"",
                form: Form::Integer {
                    least: 0,
                    most: u64::MAX as i128,
                    quoted: true,
                },
            }
            /// Single-precision float.
            Float: f32 {
                name: "float",
                ty: "number",
                formats: &[Some("float")],
                rust: "f32",
                size: 8,
                proto: "TYPE_FLOAT",
                test: "1.5",
                form: Form::Float { most: f32::MAX as f64 },
            }
            /// Double-precision float.
            Double: f64 {
                name: "double",
                ty: "number",
                formats: &[Some("double"), None],
                rust: "f64",
                size: 16,
                proto: "TYPE_DOUBLE",
                test: "0.25",
                form: Form::Float { most: f64::MAX },
            }
            /// Text.
            String: ::std::string::String {
                name: "string",
                ty: "string",
                formats: &[None],
                rust: "String",
                size: 24,
                proto: "TYPE_STRING",
                test: "\"text \\\"é\\\"\"",
                form: Form::Text,
            }
            /// Bytes; base64 in JSON.
            Bytes: $crate::Bytes {
                name: "bytes",
                ty: "string",
                formats: &[Some("byte")],
                rust: "json::Bytes",
                size: 24,
                proto: "TYPE_BYTES",
                test: "\"-_8=\"",
                form: Form::Parsed(Parsed {
                    canonical: |text| Ok(text.parse::<Bytes>()?.to_standard()),
                    as_text: false,
                    notation: "base64",
                    example: "c2FtcGxl",
                    expected: "base64",
                    samples: ["c2FtcGxl", "c2FtcGxl"],
                }),
            }
            /// A point in time (`google-datetime`): RFC 3339 with `Z` or an offset.
            Timestamp: $crate::Timestamp {
                name: "timestamp",
                ty: "string",
                formats: &[Some("google-datetime")],
                rust: "json::Timestamp",
                size: 16,
                proto: "type.googleapis.com/google.protobuf.Timestamp",
                test: "\"2026-01-15T10:00:00.500Z\"",
                form: Form::Parsed(Parsed {
                    canonical: |text| Ok(text.parse::<Timestamp>()?.to_utc().to_string()),
                    as_text: true,
                    notation: "point in time, ending with `Z` or an offset",
                    example: "2026-01-15T10:00:00Z",
                    expected: "a timestamp (RFC 3339, as 2026-01-31T09:30:00Z)",
                    samples: ["2026-01-15T10:00:00Z", "2026-02-15T10:00:00Z"],
                }),
            }
            /// Date and time of day (`date-time`): RFC 3339 with an offset, or local without one.
            DateTime: $crate::DateTime {
                name: "date-time",
                ty: "string",
                formats: &[Some("date-time")],
                rust: "json::DateTime",
                size: 24,
                proto: "TYPE_STRING",
                test: "\"2026-01-15T02:00:00.50-08:00\"",
                form: Form::Parsed(Parsed {
                    canonical: |text| Ok(text.parse::<DateTime>()?.to_string()),
                    as_text: true,
                    notation: "date and time of day, with an offset or without",
                    example: "2026-01-15T02:00:00-08:00",
                    expected: "a date and time (RFC 3339, as 2026-01-31T09:30:00-08:00)",
                    samples: ["2026-01-15T10:00:00Z", "2026-02-15T10:00:00Z"],
                }),
            }
            /// Date: `YYYY-MM-DD`.
            Date: $crate::Date {
                name: "date",
                ty: "string",
                formats: &[Some("date")],
                rust: "json::Date",
                size: 6,
                proto: "TYPE_STRING",
                test: "\"2026-01-15\"",
                form: Form::Parsed(Parsed {
                    canonical: |text| Ok(text.parse::<Date>()?.to_string()),
                    as_text: true,
                    notation: "year, month, day",
                    example: "2026-01-15",
                    expected: "a date (as 2026-01-31)",
                    samples: ["2026-01-15", "2026-02-15"],
                }),
            }
            /// Duration: seconds followed by `s`.
            Duration: $crate::Duration {
                name: "duration",
                ty: "string",
                formats: &[Some("google-duration")],
                rust: "json::Duration",
                size: 16,
                proto: "type.googleapis.com/google.protobuf.Duration",
                test: "\"3.500s\"",
                form: Form::Parsed(Parsed {
                    canonical: |text| Ok(text.parse::<Duration>()?.to_canonical().to_string()),
                    as_text: true,
                    notation: "seconds with `s`",
                    example: "600s",
                    expected: "a duration (seconds with 's', as 600s or 1.5s)",
                    samples: ["600s", "600s"],
                }),
            }
            /// Field mask: comma-separated camelCase paths.
            FieldMask: $crate::FieldMask {
                name: "field mask",
                ty: "string",
                formats: &[Some("google-fieldmask")],
                rust: "json::FieldMask",
                size: 24,
                proto: "type.googleapis.com/google.protobuf.FieldMask",
                test: "\"a,b.cD\"",
                form: Form::Parsed(Parsed {
                    canonical: |text| Ok(text.parse::<FieldMask>()?.to_string()),
                    as_text: true,
                    notation: "paths with commas between them",
                    example: "title,displayName",
                    expected: "a field mask (comma-joined paths, as displayName,size)",
                    samples: ["name", "name"],
                }),
            }
        }
    };
}
