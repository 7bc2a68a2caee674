//! Names, ids and random values, each with the one spelling it may have.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text that is not the name or id that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadName(&'static str);

/// Writes and reads a type by its `Display` and `FromStr`.
macro_rules! spelled {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }
    };
}

/// The name of a gate: `[a-z0-9][a-z0-9-]{0,62}`. It is also a folder's name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GateId(String);
spelled!(GateId);

impl GateId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GateId {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let good = matches!(text.as_bytes(), [first, rest @ ..]
            if inner(*first) && rest.len() <= 62 && rest.iter().all(|b| inner(*b) || *b == b'-'));
        if !good {
            return Err(BadName(
                "a gate's name is 1 to 63 of a-z, 0-9 and -, starting with a letter or digit",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for GateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A short text that names something to people: 1 to 200 bytes. It may hold
/// any character; whoever shows it escapes it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(String);
spelled!(Label);

impl Label {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Label {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        if text.is_empty() || text.len() > 200 {
            return Err(BadName("a name is 1 to 200 bytes long"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A proposal's id: a UUID of version 7 (RFC 9562) in lower case. For people;
/// the identity of a proposal is its digest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProposalId(String);
spelled!(ProposalId);

impl ProposalId {
    /// The 36 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProposalId {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        let bytes = text.as_bytes();
        let shape = bytes.len() == 36
            && bytes.iter().enumerate().all(|(at, b)| match at {
                8 | 13 | 18 | 23 => *b == b'-',
                14 => *b == b'7',
                19 => matches!(b, b'8' | b'9' | b'a' | b'b'),
                _ => matches!(b, b'0'..=b'9' | b'a'..=b'f'),
            });
        if !shape {
            return Err(BadName("an id is a UUID of version 7 in lower case"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for ProposalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 128 random bits as 32 lower-case hexadecimal digits.
macro_rules! random_bits {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);
        spelled!($name);

        impl $name {
            /// Takes 16 bytes, which the caller drew at random.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The 16 bytes.
            pub fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadName;
            fn from_str(text: &str) -> Result<Self, BadName> {
                let bad = BadName("32 lower-case hexadecimal digits are expected");
                let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| bad)?;
                Ok(Self(bytes.try_into().map_err(|_| bad)?))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&HEXLOWER.encode(&self.0))
            }
        }
    };
}

random_bits! {
    /// What an approval burns: drawn by the gate for each proposal.
    Nonce
}
random_bits! {
    /// One life of a ledger or store. A new one means that the memory before it is gone.
    Epoch
}
