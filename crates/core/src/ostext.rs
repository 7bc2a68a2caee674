//! Text of the operating system: paths, arguments, variables. Mostly UTF-8, but nothing promises it.

use std::fmt;

use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes that are text where they can be: a JSON string when UTF-8, else
/// `{"b64": …}`. Each value has exactly one spelling.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct OsText(Vec<u8>);

impl OsText {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, when the bytes are UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The bytes, no longer wrapped.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl From<Vec<u8>> for OsText {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for OsText {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl From<&str> for OsText {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<String> for OsText {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl fmt::Debug for OsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_str() {
            Some(text) => write!(f, "{text:?}"),
            None => write!(f, "{:?}", self.0.escape_ascii().to_string()),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Spelling {
    Text(String),
    Bytes(Base64),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Base64 {
    b64: String,
}

impl Serialize for OsText {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.as_str() {
            Some(text) => to.serialize_str(text),
            None => Base64 { b64: BASE64.encode(&self.0) }.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for OsText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        match Spelling::deserialize(from)? {
            Spelling::Text(text) => Ok(Self(text.into_bytes())),
            Spelling::Bytes(Base64 { b64 }) => {
                let bytes =
                    BASE64.decode(b64.as_bytes()).map_err(|_| D::Error::custom("`b64` is not base64"))?;
                if std::str::from_utf8(&bytes).is_ok() {
                    return Err(D::Error::custom("text that is UTF-8 is written as a string, not as `b64`"));
                }
                Ok(Self(bytes))
            }
        }
    }
}
