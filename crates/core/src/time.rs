//! Time as the formats carry it: whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.

use serde::{Deserialize, Deserializer, Serialize};

/// Whole Unix seconds, up to the end of the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Timestamp(u64);

/// The last second of the year 9999.
const LAST: u64 = 253_402_300_799;

impl Timestamp {
    /// The time `seconds` after 1970; later than the year 9999 is held at its end.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(if seconds > LAST { LAST } else { seconds })
    }

    /// Seconds since 1970.
    pub const fn seconds(self) -> u64 {
        self.0
    }

    /// This time and `seconds` more.
    pub const fn plus(self, seconds: u64) -> Self {
        Self::from_seconds(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` until this time, 0 when `earlier` is later.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let seconds = u64::deserialize(from)?;
        if seconds > LAST {
            return Err(serde::de::Error::custom("a time after the year 9999"));
        }
        Ok(Self(seconds))
    }
}
