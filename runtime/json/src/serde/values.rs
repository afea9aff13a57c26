//! serde's traits for the value types.

use crate::{Bytes, Date, DateTime, Duration, FieldMask, Json, Timestamp};
use ::serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! values {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                super::serialize(self, serializer)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                super::deserialize(deserializer)
            }
        }
    )*};
}

values!(Bytes, Date, DateTime, Duration, FieldMask, Json, Timestamp);
