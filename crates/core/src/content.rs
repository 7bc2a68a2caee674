//! Contents: the bytes that would be written, posted or sent, inline or by digest.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::json;
use crate::ostext::OsText;

/// The bytes of all contents of one proposal together: 64 MiB.
pub const MAX_TOTAL: u64 = 64 * 1024 * 1024;

/// Up to this many bytes a content may stand inside the payload.
pub const MAX_INLINE: usize = 16 * 1024;

/// How bytes are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// Every byte is part of well-formed UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Anything else.
    #[serde(rename = "binary")]
    Binary,
}

impl Encoding {
    /// What `bytes` are.
    pub fn of(bytes: &[u8]) -> Self {
        if std::str::from_utf8(bytes).is_ok() { Self::Utf8 } else { Self::Binary }
    }
}

/// Some bytes, their size and digest. Inline bytes always have the size, digest and encoding that are stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Spelling", into = "Spelling")]
pub struct Content {
    media_type: String,
    encoding: Encoding,
    size: u64,
    sha256: Digest,
    // Hashes to `sha256`; `None` means that the bytes travel beside the payload, named by `sha256`.
    inline: Option<Vec<u8>>,
}

impl Content {
    /// A content whose bytes travel inside the payload.
    pub fn inline(media_type: &str, bytes: Vec<u8>) -> Self {
        Self {
            media_type: media_type.to_owned(),
            encoding: Encoding::of(&bytes),
            size: bytes.len() as u64,
            sha256: Digest::of(&bytes),
            inline: Some(bytes),
        }
    }

    /// A content whose bytes travel beside the payload.
    pub fn blob(media_type: &str, bytes: &[u8]) -> Self {
        Self { inline: None, ..Self::inline(media_type, bytes.to_vec()) }
    }

    /// Inline when short, else a blob.
    pub fn of(media_type: &str, bytes: &[u8]) -> Self {
        if bytes.len() <= MAX_INLINE {
            Self::inline(media_type, bytes.to_vec())
        } else {
            Self::blob(media_type, bytes)
        }
    }

    /// What the sender calls its kind, such as `text/plain`. A claim.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// What the sender says the bytes are. Checked for inline bytes; for a blob, compare when it is there.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Number of bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Digest of the bytes.
    pub fn sha256(&self) -> &Digest {
        &self.sha256
    }

    /// The bytes, when they are inside.
    pub fn inline_bytes(&self) -> Option<&[u8]> {
        self.inline.as_deref()
    }

    /// The bytes: the inline ones, or those that `blobs` finds by digest. `None` when they are
    /// nowhere, or are not what was stated.
    pub fn bytes(&self, blobs: impl FnOnce(&Digest) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
        if let Some(bytes) = &self.inline {
            return Some(bytes.clone());
        }
        blobs(&self.sha256).filter(|bytes| self.is(bytes))
    }

    /// Leaves the place of bytes that are too long to stand inside; gives them, to be sent beside.
    pub(crate) fn separate(&mut self) -> Option<(Digest, Vec<u8>)> {
        let bytes = self.inline.take_if(|bytes| bytes.len() > MAX_INLINE)?;
        Some((self.sha256, bytes))
    }

    /// Whether `bytes` are exactly this content.
    pub fn is(&self, bytes: &[u8]) -> bool {
        bytes.len() as u64 == self.size
            && Encoding::of(bytes) == self.encoding
            && Digest::of(bytes) == self.sha256
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelling {
    media_type: String,
    encoding: Encoding,
    size: u64,
    sha256: Digest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inline: Option<OsText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    blob: Option<bool>,
}

impl From<Content> for Spelling {
    fn from(it: Content) -> Self {
        let blob = it.inline.is_none().then_some(true);
        Self {
            media_type: it.media_type,
            encoding: it.encoding,
            size: it.size,
            sha256: it.sha256,
            inline: it.inline.map(OsText::from),
            blob,
        }
    }
}

impl TryFrom<Spelling> for Content {
    type Error = &'static str;
    fn try_from(it: Spelling) -> Result<Self, &'static str> {
        if it.media_type.is_empty()
            || it.media_type.len() > 200
            || !it.media_type.bytes().all(|b| b.is_ascii_graphic())
        {
            return Err("a media type is 1 to 200 printable ASCII characters");
        }
        if it.size > MAX_TOTAL {
            return Err("a content is larger than 64 MiB");
        }
        let inline = match (it.inline, it.blob) {
            (Some(bytes), None) => Some(bytes.into_bytes()),
            (None, Some(true)) => None,
            _ => return Err("a content has either `inline` or `\"blob\": true`"),
        };
        let content = Self {
            media_type: it.media_type,
            encoding: it.encoding,
            size: it.size,
            sha256: it.sha256,
            inline: None,
        };
        if inline.as_ref().is_some_and(|bytes| !content.is(bytes)) {
            return Err("inline bytes are not of the stated size, encoding and digest");
        }
        Ok(Self { inline, ..content })
    }
}

/// A list that stands in the payload, or travels beside it as a content holding a JSON array.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listing<T> {
    /// The items.
    Inline(Vec<T>),
    /// How many items, and the content whose bytes are the array of them.
    Blob {
        /// Number of items.
        count: u64,
        /// A strict JSON array.
        content: Content,
    },
}

impl<T: Serialize + serde::de::DeserializeOwned + Clone> Listing<T> {
    /// Inline when its JSON is short, else a blob; the bytes to send beside the payload come with it.
    pub fn of(items: Vec<T>) -> (Self, Option<Vec<u8>>) {
        let bytes = json::to_bytes(&items);
        if bytes.len() <= MAX_INLINE {
            return (Self::Inline(items), None);
        }
        let content = Content::blob("application/json", &bytes);
        (Self::Blob { count: items.len() as u64, content }, Some(bytes))
    }

    /// Leaves the place of a list that is too long to stand inside; gives it, to be sent beside.
    pub(crate) fn separate(&mut self) -> Option<(Digest, Vec<u8>)> {
        let Self::Inline(items) = self else { return None };
        let (listing, bytes) = Self::of(std::mem::take(items));
        *self = listing;
        let Self::Blob { content, .. } = &*self else { return None };
        Some((*content.sha256(), bytes?))
    }

    /// How many items there are.
    pub fn count(&self) -> u64 {
        match self {
            Self::Inline(items) => items.len() as u64,
            Self::Blob { count, .. } => *count,
        }
    }

    /// The content that travels beside the payload, if any.
    pub fn content(&self) -> Option<&Content> {
        match self {
            Self::Inline(_) => None,
            Self::Blob { content, .. } => Some(content),
        }
    }

    /// The items. `None` when the blob is nowhere, is not what was stated, or counts otherwise.
    pub fn items(&self, blobs: impl FnOnce(&Digest) -> Option<Vec<u8>>) -> Option<Vec<T>> {
        match self {
            Self::Inline(items) => Some(items.clone()),
            Self::Blob { count, content } => {
                let items: Vec<T> = json::exactly(&content.bytes(blobs)?).ok()?;
                (items.len() as u64 == *count).then_some(items)
            }
        }
    }
}
