//! What was seen of an item before, and what differs from that.

use countersign_core::digest::Digest;
use countersign_reviewer::{Denied, Earlier};
use countersign_sheet::Difference;

use super::{drawn, sheet};
use crate::wire;

pub(super) fn earlier(it: &Earlier) -> wire::EarlierShown {
    let (digest, made) = &it.difference;
    wire::EarlierShown {
        digest: it.digest.to_string(),
        at: it.at.seconds(),
        difference: difference(digest, made),
    }
}

pub(super) fn denied(it: &Denied) -> wire::DeniedShown {
    wire::DeniedShown {
        digest: it.digest.to_string(),
        by: it.by.to_string(),
        at: it.at.seconds(),
        comment: it.comment.as_ref().map(|text| drawn(text.as_bytes()).0),
        difference: it.difference.as_ref().map(|(digest, made)| difference(digest, made)),
    }
}

fn difference(digest: &Digest, made: &Difference) -> wire::DifferenceShown {
    wire::DifferenceShown {
        digest: digest.to_string(),
        documents: made.documents.iter().map(sheet::document).collect(),
    }
}
