//! serde's traits for the value types.

use crate::{Bytes, Date, DateTime, Decode, Duration, Encode, FieldMask, Json, Map, Timestamp};
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

impl<T: Encode> Serialize for Map<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        super::serialize(self, serializer)
    }
}

impl<'de, T: Decode> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::deserialize(deserializer)
    }
}
