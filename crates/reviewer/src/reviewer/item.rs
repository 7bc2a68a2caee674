//! Calls about one item: opened, shown, seen, decided, and what came of it.

use std::ops::Range;
use std::sync::Arc;

use countersign_core::decision::Found;
use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_sheet::Sheet;
use countersign_sources::milestone::milestone;

use super::Reviewer;
use crate::{
    Bar, Both, Copyable, Copying, Decide, Error, NewText, Opened, Picture, Pictured, Reason, Signed,
    TextState,
};

impl Reviewer {
    /// One item. Slow the first time, unless its sheet [is at hand](Self::is_at_hand): it makes the sheet.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub fn open(&self, digest: &Digest) -> Result<Opened, Error> {
        let opened = self.inner.opened(digest)?;
        self.inner.wishes.opened(digest);
        Ok(opened)
    }

    /// Whether the sheet of what arrived is made: that of what came last, and those beside what was opened last in
    /// the queue, are made ahead.
    pub fn is_at_hand(&self, digest: &Digest) -> bool {
        self.inner.core().sheets.has(digest)
    }

    /// The proposals that wait and are like this one, itself among them, under one sheet: the same agent at the same
    /// gate, the same kind in the same place, each of low risk and whole; without those that are left out. `None` where
    /// it is not like that, or is alone. What this answers with is shown, seen, asked about and decided under its own
    /// digest, like any item; the decision is one for each. Slow the first time: it makes the sheets.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub fn together(&self, digest: &Digest, left_out: &[Digest]) -> Result<Option<Opened>, Error> {
        self.inner.together(digest, left_out)
    }

    /// Whether an answer to it is still to be given, also where contents of it are missing. Quick: it makes no
    /// sheet, and what is on the screen stays as it is.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn waits(&self, digest: &Digest) -> Result<bool, Error> {
        self.inner.waits(digest)
    }

    /// The bytes of a content or of a receipt's result, when they are here.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.inner.core().store.read(|tx| tx.blob(digest))?)
    }

    /// The contents of a document of that sheet that can be copied. All its rows always can.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when the proposal has another sheet.
    pub fn copies(&self, digest: &Digest, sheet: &Digest, document: usize) -> Result<Vec<Copyable>, Error> {
        self.inner.copies(digest, sheet, document)
    }

    /// The text for the clipboard; `None` where there is none like that.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when the proposal has another sheet.
    pub fn copy(
        &self,
        digest: &Digest,
        sheet: &Digest,
        document: usize,
        what: Copying,
    ) -> Result<Option<String>, Error> {
        self.inner.copy(digest, sheet, document, what)
    }

    /// A document of that sheet as a reader of Markdown could show it, as a whole page for a frame that may do
    /// nothing; `None` where it has no such view.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when the proposal has another sheet.
    pub fn rendered(
        &self,
        digest: &Digest,
        sheet: &Digest,
        document: usize,
        dark: bool,
    ) -> Result<Option<String>, Error> {
        self.inner.rendered(digest, sheet, document, dark)
    }

    /// Both sides of a document of that sheet, exactly; `None` where it has none, or they are too long for that.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when the proposal has another sheet.
    pub fn both(&self, digest: &Digest, sheet: &Digest, document: usize) -> Result<Option<Both>, Error> {
        self.inner.both(digest, sheet, document)
    }

    /// A side of a document of that sheet as a picture, or what is different between both; `None` where it has no
    /// such view. It takes as long as a process of its own takes to decode it, some seconds at most.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when the proposal has another sheet.
    pub fn picture(
        &self,
        digest: &Digest,
        sheet: &Digest,
        document: usize,
        which: Pictured,
    ) -> Result<Option<Picture>, Error> {
        self.inner.picture(digest, sheet, document, which)
    }

    /// The sheet is on screen now, or its content changed: arming begins anew.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when the proposal has another sheet.
    pub fn shown(&self, digest: &Digest, sheet: &Digest) -> Result<(), Error> {
        if let Some(group) = self.inner.group(digest) {
            return self.inner.shown_together(&group, sheet);
        }
        let made = self.inner.made(digest)?;
        let whole = made.whole(sheet)?;
        let carried = self.inner.carried((*digest, *sheet), &made)?;
        let mut core = self.inner.core();
        core.store.write(|tx| tx.add_shown(digest, sheet, self.inner.now()))?;
        milestone("shown");
        core.screen.show((*digest, *sheet), whole, carried.as_ref(), self.inner.monotonic());
        Ok(())
    }

    /// The window came to the front, or left it. Arming begins anew when it comes.
    pub fn focus_changed(&self, focused: bool) {
        self.inner.core().screen.focus(focused, self.inner.monotonic());
        if focused {
            // Whoever comes back may have unlocked a keyring or ended a gate.
            self.inner.core().places.ask_soon();
            self.ask_for_the_device_key(false);
        }
    }

    /// The texts of a proposal that a person may put their own in place of, before they approve it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub fn texts(&self, digest: &Digest) -> Result<Vec<TextState>, Error> {
        self.inner.texts(digest)
    }

    /// Puts the person's texts in place of the agent's; without any, or where all are as they were, it is the
    /// agent's version again. Answers with the item and the sheet of what comes of it, which has to be shown and
    /// seen anew. Slow: it makes the sheet.
    ///
    /// # Errors
    ///
    /// [`Error::NotEditable`], [`Error::NotOpen`]; nothing was changed then.
    pub fn edit(&self, digest: &Digest, texts: &[NewText]) -> Result<Opened, Error> {
        self.inner.edit(digest, texts)?;
        self.inner.opened(digest)
    }

    /// That sheet is not on screen any more, as long as no other one is.
    pub fn hidden(&self, digest: &Digest, sheet: &Digest) {
        let mut core = self.inner.core();
        if core.screen.shows((*digest, *sheet)) {
            core.screen.clear();
        }
    }

    /// The window shows nothing any more: whatever it showed has to be shown again.
    pub fn nothing_shown(&self) {
        self.inner.core().screen.clear();
    }

    /// Rows of a document that were on screen long enough.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when that sheet is not the one on screen.
    pub fn seen(
        &self,
        digest: &Digest,
        sheet: &Digest,
        document: usize,
        rows: &[Range<usize>],
    ) -> Result<(), Error> {
        let which = (*digest, *sheet);
        let mut core = self.inner.core();
        if !core.screen.shows(which) {
            return Err(Error::Changed);
        }
        core.screen.seen(which, document, rows, self.inner.monotonic());
        Ok(())
    }

    /// Findings, by their place in the list, of which a mark above the rows was on screen long enough: in the
    /// headline, the request, the claim, or the head of a document. One that stands on rows is seen with those.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when that sheet is not the one on screen.
    pub fn seen_head(&self, digest: &Digest, sheet: &Digest, findings: &[usize]) -> Result<(), Error> {
        let which = (*digest, *sheet);
        let mut core = self.inner.core();
        if !core.screen.shows(which) {
            return Err(Error::Changed);
        }
        core.screen.seen_head(which, findings, self.inner.monotonic());
        Ok(())
    }

    /// The sheet with what the findings of these places in its list hide. It is for a moment: whoever draws it
    /// draws the hidden one again. Of the one on screen they count as revealed.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when the item has another sheet by now, [`Error::NotFound`].
    pub fn reveal(&self, digest: &Digest, sheet: &Digest, findings: &[u32]) -> Result<Arc<Sheet>, Error> {
        self.inner.reveal(digest, sheet, findings)
    }

    /// Remembers that what this finding of the sheet on screen found is no secret where it goes, and nowhere else.
    /// Answers with the item and its new sheet, on which that is a note. Slow: it makes the sheet.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when that sheet is not the one on screen or has no such finding of a secret,
    /// [`Error::FindingMasked`] before what it hides was revealed.
    pub fn no_secret(&self, digest: &Digest, sheet: &Digest, finding: &Label) -> Result<Opened, Error> {
        self.inner.no_secret(digest, sheet, finding)?;
        self.inner.opened(digest)
    }

    /// Counts, on this machine, whether a finding was of use. What is said last counts.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when the item has another sheet by now or that has no such finding.
    pub fn judge(&self, digest: &Digest, sheet: &Digest, finding: &Label, useful: bool) -> Result<(), Error> {
        self.inner.judge(digest, sheet, finding, useful)
    }

    /// Takes note of a finding of the sheet on screen, for a reason; without one, no longer.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when that sheet is not the one on screen or has no such finding,
    /// [`Error::FindingNotSeen`] before it was on screen, [`Error::FindingMasked`] before what it hides was
    /// revealed, [`Error::TooSoon`] a moment after that, or after the one before it.
    pub fn acknowledge(
        &self,
        digest: &Digest,
        sheet: &Digest,
        finding: &Label,
        reason: Option<Reason>,
    ) -> Result<(), Error> {
        let which = (*digest, *sheet);
        let mut core = self.inner.core();
        if !core.screen.shows(which) {
            return Err(Error::Changed);
        }
        let tally = core.screen.tally_mut(which).ok_or(Error::Changed)?;
        tally.noted.acknowledge(finding, reason, self.inner.monotonic())
    }

    /// What can be decided about it now.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn bar(&self, digest: &Digest) -> Result<Bar, Error> {
        self.inner.bar(digest)
    }

    /// Signs the answer, keeps it together with its outbox entry, and sends it.
    ///
    /// # Errors
    ///
    /// Each condition has its own; nothing was signed then.
    pub fn decide(&self, decide: Decide) -> Result<Signed, Error> {
        self.inner.decide(decide).inspect_err(|error| self.heal(error))
    }

    /// Takes back one's own answer to the proposal `digest`, while it was not acted on, unless it was
    /// a deny. Takes the unlocked key. Afterwards it waits for another answer.
    ///
    /// # Errors
    ///
    /// [`Error::NotOpen`], [`Error::KeyLocked`].
    pub fn withdraw(&self, digest: &Digest) -> Result<Signed, Error> {
        self.inner.withdraw(digest)
    }

    /// Records what a person found out about the receipt `receipt`. Takes the unlocked key.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::NotOpen`], [`Error::KeyLocked`].
    pub fn resolve(&self, receipt: &Digest, found: Found, comment: Option<String>) -> Result<Signed, Error> {
        self.inner.resolve(receipt, found, comment)
    }
}
