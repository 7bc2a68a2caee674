//! The sheets whose rows the page may still ask for: the last few that were opened.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::digest::Digest;
use countersign_reviewer::Sought;
use countersign_sheet::Sheet;

const KEPT: usize = 8;

/// Sheets by digest. A page asks for the rows of exactly the sheet that it shows.
#[derive(Default)]
pub(crate) struct Shown {
    sheets: Mutex<VecDeque<(Digest, Arc<Sheet>)>>,
    // What was sought last: each page of rows asks for its part.
    sought: Mutex<Option<(Digest, String, Arc<Sought>)>>,
}

impl Shown {
    pub(crate) fn keep(&self, digest: Digest, sheet: Arc<Sheet>) {
        let mut kept = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(other, _)| *other != digest);
        kept.push_front((digest, sheet));
        kept.truncate(KEPT);
    }

    pub(crate) fn find(&self, digest: &Digest) -> Option<Arc<Sheet>> {
        let kept = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(other, _)| other == digest).map(|(_, sheet)| sheet.clone())
    }

    /// Where `text` is in that sheet. Slow the first time.
    pub(crate) fn seek(&self, digest: &Digest, text: &str) -> Option<(Arc<Sheet>, Arc<Sought>)> {
        let sheet = self.find(digest)?;
        // Held meanwhile: a page that asks for the same waits for it, and a text that is being typed is not sought
        // many times at once.
        let mut last = self.sought.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, what, sought)) = last.as_ref()
            && of == digest
            && what == text
        {
            return Some((sheet, sought.clone()));
        }
        let sought = Arc::new(Sought::new(&sheet, text));
        *last = Some((*digest, text.to_owned(), sought.clone()));
        Some((sheet, sought))
    }
}
