//! Contents as they could be looked at otherwise, beside the rows of a sheet. Nothing of it counts as seen.

use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_sheet::{Also, Document, SegmentKind, View};
use countersign_views::markdown;

use crate::Error;
use crate::comparing::{self, Both};
use crate::copying::contents;
use crate::core::Inner;
use crate::sheets::Made;

impl Inner {
    /// A document of that sheet as a reader of Markdown could show it; `None` where it has no such view.
    pub(crate) fn rendered(
        &self,
        of: &Digest,
        sheet: &Digest,
        document: usize,
        dark: bool,
    ) -> Result<Option<String>, Error> {
        let made = self.made(of)?;
        let whole = made.whole(sheet)?;
        if whole.documents.get(document).and_then(|it| it.also) != Some(Also::Markdown) {
            return Ok(None);
        }
        let (_, after) = sides(&made, &whole.documents, document);
        let bytes = after.map(|it| self.bytes_of(&made, it)).transpose()?.flatten();
        // Nothing can be revealed there: the name of a secret stands in its place.
        let marking = self.marking();
        let told = |bytes: Vec<u8>| marking.rules().without_secrets(&bytes).into_owned();
        Ok(bytes.map(|bytes| markdown(&String::from_utf8_lossy(&told(bytes)), dark)))
    }

    /// Both sides of a document of that sheet; `None` where it has none, or they are too long.
    pub(crate) fn both(&self, of: &Digest, sheet: &Digest, document: usize) -> Result<Option<Both>, Error> {
        let made = self.made(of)?;
        let whole = made.whole(sheet)?;
        let (before, after) = sides(&made, &whole.documents, document);
        let sides = [before, after];
        if sides == [None, None] || sides.iter().flatten().any(|it| it.size() > comparing::MOST) {
            return Ok(None);
        }
        let read = |side: Option<&Content>| match side {
            None => Ok(Some(None)),
            Some(content) => self.bytes_of(&made, content).map(|bytes| bytes.map(Some)),
        };
        let (Some(before), Some(after)) = (read(before)?, read(after)?) else { return Ok(None) };
        let title = whole.documents.get(document).map(|it| it.title.as_slice()).unwrap_or_default();
        let foreign = title.iter().filter(|it| it.kind != SegmentKind::Words);
        let name = foreign.flat_map(|it| it.display.bytes()).collect();
        Ok(Some(Both { name, before, after }))
    }

    pub(crate) fn bytes_of(&self, made: &Made, content: &Content) -> Result<Option<Vec<u8>>, Error> {
        if let Some(bytes) = content.inline_bytes() {
            return Ok(Some(bytes.to_vec()));
        }
        // What a person just wrote is kept when it is signed.
        let mut drafted = made.amended.iter().flat_map(|it| &it.contents);
        if let Some((_, bytes)) = drafted.find(|(digest, _)| digest == content.sha256()) {
            return Ok(Some(bytes.clone()));
        }
        let kept = self.core().store.read(|tx| tx.blob(content.sha256()))?;
        Ok(kept.filter(|bytes| content.is(bytes)))
    }
}

/// Before and after of a document. A sheet begins with what a person changed, which is in no action.
pub(crate) fn sides<'p>(
    made: &'p Made,
    documents: &[Document],
    document: usize,
) -> (Option<&'p Content>, Option<&'p Content>) {
    let all: Vec<_> = made.proposal.actions.iter().flat_map(contents).collect();
    let exact = |documents: &[Document]| documents.iter().filter(|it| it.view != View::Table).count();
    let at = || {
        let ahead = exact(documents).checked_sub(all.len())?;
        let known = ahead == 0 || made.amended.is_some();
        let at = exact(documents.get(..document)?).checked_sub(ahead).filter(|_| known)?;
        all.get(at).copied()
    };
    at().unwrap_or_default()
}
