//! The sheets whose rows the page may still ask for: the last few that were opened.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::digest::Digest;
use countersign_sheet::Sheet;

const KEPT: usize = 8;

/// Sheets by digest. A page asks for the rows of exactly the sheet that it shows.
#[derive(Default)]
pub(crate) struct Shown(Mutex<VecDeque<(Digest, Arc<Sheet>)>>);

impl Shown {
    pub(crate) fn keep(&self, digest: Digest, sheet: Arc<Sheet>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(other, _)| *other != digest);
        kept.push_front((digest, sheet));
        kept.truncate(KEPT);
    }

    pub(crate) fn find(&self, digest: &Digest) -> Option<Arc<Sheet>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(other, _)| other == digest).map(|(_, sheet)| sheet.clone())
    }
}
