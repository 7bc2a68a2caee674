//! What this reviewer saw before of an item.

use std::sync::Arc;

use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_core::time::Timestamp;
use countersign_sheet::Difference;

/// A version that the item replaces, and that was on screen here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its identity.
    pub digest: Digest,
    /// When it was on screen last.
    pub at: Timestamp,
    /// What differs from it, and the digest to ask for its rows by.
    pub difference: (Digest, Arc<Difference>),
}

/// A proposal of the same agent, of the same kind and for the same target, that was denied here of late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// Its identity.
    pub digest: Digest,
    /// Who denied it.
    pub by: Label,
    /// When.
    pub at: Timestamp,
    /// What was written to it.
    pub comment: Option<String>,
    /// What differs from it; `None` where its contents never came.
    pub difference: Option<(Digest, Arc<Difference>)>,
}
