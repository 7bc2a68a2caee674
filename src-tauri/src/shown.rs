//! The sheets whose rows the page may still ask for: the last few that were opened.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use countersign_core::digest::Digest;
use countersign_reviewer::Sought;
use countersign_sheet::{Difference, Document, Sheet};

const KEPT: usize = 8;

/// How long what was revealed is shown, in milliseconds.
pub(crate) const REVEALED_MS: u32 = 20_000;

/// Sheets by digest. A page asks for the rows of exactly the sheet that it shows.
#[derive(Default)]
pub(crate) struct Shown {
    sheets: Kept<Sheet>,
    // What is shown beside them.
    differences: Kept<Difference>,
    // A sheet with what a person asked to see, and since when.
    revealed: Mutex<Option<(Digest, Arc<Sheet>, Instant)>>,
    // What was sought last: each page of rows asks for its part.
    sought: Mutex<Option<(Digest, String, Arc<Sought>)>>,
}

impl Shown {
    pub(crate) fn keep(&self, digest: Digest, sheet: Arc<Sheet>) {
        keep(&self.sheets, digest, sheet);
    }

    pub(crate) fn keep_difference(&self, digest: Digest, made: Arc<Difference>) {
        keep(&self.differences, digest, made);
    }

    /// As it is shown now: for a moment with what was revealed of it.
    pub(crate) fn find(&self, digest: &Digest) -> Option<Arc<Sheet>> {
        let mut revealed = self.revealed.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = Duration::from_millis(u64::from(REVEALED_MS));
        revealed.take_if(|(_, _, since)| since.elapsed() >= shown);
        match &*revealed {
            Some((of, sheet, _)) if of == digest => Some(sheet.clone()),
            _ => find(&self.sheets, digest),
        }
    }

    /// Shows `sheet` in the place of the one in which all is hidden.
    pub(crate) fn reveal(&self, digest: Digest, sheet: Arc<Sheet>) {
        *self.revealed.lock().unwrap_or_else(PoisonError::into_inner) = Some((digest, sheet, Instant::now()));
    }

    /// Hides what was revealed.
    pub(crate) fn conceal(&self) {
        *self.revealed.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Reads the documents of a sheet, or of a difference that is shown beside one.
    pub(crate) fn read<T>(&self, digest: &Digest, read: impl FnOnce(&[Document]) -> T) -> Option<T> {
        match self.find(digest) {
            Some(sheet) => Some(read(&sheet.documents)),
            None => find(&self.differences, digest).map(|it| read(&it.documents)),
        }
    }

    /// Where `text` is in that sheet. Slow the first time.
    pub(crate) fn seek(&self, digest: &Digest, text: &str) -> Option<(Arc<Sheet>, Arc<Sought>)> {
        let sheet = find(&self.sheets, digest)?;
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

type Kept<T> = Mutex<VecDeque<(Digest, Arc<T>)>>;

fn keep<T>(kept: &Kept<T>, digest: Digest, it: Arc<T>) {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.retain(|(other, _)| *other != digest);
    kept.push_front((digest, it));
    kept.truncate(KEPT);
}

fn find<T>(kept: &Kept<T>, digest: &Digest) -> Option<Arc<T>> {
    let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.iter().find(|(other, _)| other == digest).map(|(_, it)| it.clone())
}
