//! Numbers in requests, each within its bounds.

use serde::de::{Deserialize, Deserializer, Error};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! figures {
    ($($(#[$doc:meta])* $name:ident: $rust:ty = $min:literal..=$max:literal, $kind:ident, $format:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub(crate) struct $name(pub(crate) $rust);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <$rust>::deserialize(deserializer)?;
                match ($min..=$max).contains(&value) {
                    true => Ok(Self(value)),
                    false => Err(D::Error::custom("is out of bounds")),
                }
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::$kind)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::$format)))
                    .minimum(Some($min))
                    .maximum(Some($max))
                    .build()
                    .into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

figures! {
    /// How often a number is dealt in comparison with the others.
    RotationPriority: i32 = 1..=100, Integer, Int32;
    /// New customers of a number a day.
    NewRecipientsPerDay: i32 = 1..=100_000, Integer, Int32;
    /// A number's rate, in SMS segments.
    SegmentsPerSecond: f64 = 0.1..=100.0, Number, Double;
}
