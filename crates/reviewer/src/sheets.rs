//! Sheets that were made, kept for a while: making one can take seconds.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use countersign_core::action::Reversibility;
use countersign_core::amendment::Amendment;
use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::proposal::{Authenticated, Effect, Proposal};
use countersign_sheet::{Compared, Hidden, Kind, Marking, MaskKey, Segment, Severity, Sheet, hide, told};
use countersign_store::Tx;

use crate::amending::{self, Amended};
use crate::core::Inner;
use crate::{Error, Mark, risk};

/// The most sheets that are kept whole.
const MOST: usize = 8;

/// Rows of all sheets that are kept, of at most eight pieces each: a row of one takes some 250 bytes. Any two
/// sheets fit into it.
const MOST_ROWS: u64 = 500_000;

/// A sheet, its digest, and the proposal that it is of.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) proposal: Arc<Proposal>,
    // `None` while contents are missing, or are not what the proposal states.
    // Its secrets are hidden; the digest is that of the whole.
    pub(crate) sheet: Option<(Arc<Sheet>, Digest)>,
    pub(crate) hidden: Option<Arc<Hidden>>,
    // What a person changed in it; the two above are then of what comes of that.
    pub(crate) amended: Option<Arc<Amended>>,
}

impl Made {
    pub(crate) fn new(
        proposal: Arc<Proposal>,
        sheet: Option<Sheet>,
        amended: Option<Arc<Amended>>,
        mask: &MaskKey,
    ) -> Self {
        let Some(mut sheet) = sheet else { return Self { proposal, sheet: None, hidden: None, amended } };
        let digest = sheet.digest();
        let hidden = Some(Arc::new(hide(&mut sheet, mask)));
        Self { proposal, sheet: Some((Arc::new(sheet), digest)), hidden, amended }
    }

    /// Its sheet, as long as that is the one of this digest.
    pub(crate) fn whole(&self, sheet: &Digest) -> Result<&Arc<Sheet>, Error> {
        let found = self.sheet.as_ref().filter(|(_, digest)| digest == sheet);
        found.map(|(whole, _)| whole).ok_or(Error::Changed)
    }

    /// How much is at stake: [`risk::is_high`], or a finding that warns or blocks.
    pub(crate) fn is_high(&self) -> bool {
        let found = self.sheet.as_ref().is_some_and(|(sheet, _)| {
            sheet.findings.iter().any(|finding| finding.severity >= Severity::Warning)
        });
        found || risk::is_high(&self.proposal)
    }
}

/// What a queue shows of a proposal.
#[derive(Debug, Clone)]
pub(crate) struct Summary {
    pub(crate) kind: Kind,
    pub(crate) agent: Vec<Segment>,
    pub(crate) action: Vec<Segment>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) serious: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Sheets {
    // The one used last is last.
    made: Vec<(Digest, Made)>,
    // Those that are being made now: nobody makes one a second time, but waits for it.
    making: Vec<Digest>,
}

impl Sheets {
    pub(crate) fn find(&mut self, digest: &Digest) -> Option<Made> {
        let at = self.made.iter().position(|(of, _)| of == digest)?;
        let found = self.made.remove(at);
        self.made.push(found);
        self.made.last().map(|(_, made)| made.clone())
    }

    fn keep(&mut self, digest: Digest, made: &Made) {
        // What is not whole yet is made again.
        if made.sheet.is_none() {
            return;
        }
        if self.find(&digest).is_none() {
            self.made.push((digest, made.clone()));
        }
        self.bound();
    }

    /// As [`Sheets::keep`], of one that nobody asked for: it never takes the place of the one used last.
    fn keep_ahead(&mut self, digest: Digest, made: &Made) {
        if made.sheet.is_some() && !self.has(&digest) {
            self.made.insert(self.made.len().saturating_sub(1), (digest, made.clone()));
            self.bound();
        }
    }

    /// All of them are made anew.
    pub(crate) fn clear(&mut self) {
        self.made.clear();
    }

    fn bound(&mut self) {
        let rows = |it: &(Digest, Made)| it.1.sheet.as_ref().map_or(0, |(sheet, _)| sheet.rows());
        while self.made.len() > MOST
            || (self.made.len() > 1 && self.made.iter().map(rows).sum::<u64>() > MOST_ROWS)
        {
            self.made.remove(0);
        }
    }

    pub(crate) fn has(&self, digest: &Digest) -> bool {
        self.made.iter().any(|(of, _)| of == digest)
    }

    /// Whether it is for the caller to make it.
    fn begin(&mut self, digest: Digest) -> bool {
        let free = !self.making.contains(&digest);
        if free {
            self.making.push(digest);
        }
        free
    }
}

/// As long as there is one, a sheet is being made.
struct Making<'i> {
    inner: &'i Inner,
    digest: Digest,
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        self.inner.core().sheets.making.retain(|it| *it != self.digest);
        self.inner.sheet_made.notify_all();
    }
}

impl Inner {
    /// The proposal and its sheet, as a person changed it where one did. Slow the first time.
    pub(crate) fn made(&self, digest: &Digest) -> Result<Made, Error> {
        self.made_and(digest, Sheets::keep)
    }

    /// The same before anybody asks for it.
    pub(crate) fn made_ahead(&self, digest: &Digest) -> Result<Made, Error> {
        self.made_and(digest, Sheets::keep_ahead)
    }

    fn made_and(&self, digest: &Digest, keep: fn(&mut Sheets, Digest, &Made)) -> Result<Made, Error> {
        // Ends after the lock does, whichever way this is left.
        let _making;
        let (envelope, contents, amended, marking) = {
            let mut core = self.core();
            let amended = loop {
                if let Some(made) = core.drafts.find(digest) {
                    return Ok(made);
                }
                let amended = core.store.read(|tx| tx.standing_amendment(digest))?;
                let key = amended.as_ref().map_or(*digest, |(amendment, _)| *amendment);
                if let Some(made) = core.sheets.find(&key) {
                    return Ok(made);
                }
                if core.sheets.begin(key) {
                    _making = Making { inner: self, digest: key };
                    break amended;
                }
                core = self.sheet_made.wait(core).unwrap_or_else(PoisonError::into_inner);
            };
            let marking = Arc::clone(&core.marking);
            core.store.read(|tx| {
                let envelope = tx.proposal(digest)?.ok_or(Error::NotFound(*digest))?;
                let mut contents = tx.contents(digest)?;
                if let Some((_, payload)) = &amended {
                    contents.extend(beside(tx, payload)?);
                }
                Ok::<_, Error>((envelope, contents, amended, marking))
            })?
        };
        let proposal = read(&envelope)?;
        let blobs: HashMap<Digest, Vec<u8>> = contents.into_iter().collect();
        if let Some((digest, payload)) = amended {
            let damaged = |why: String| Error::Store(countersign_store::Error::Damaged(why));
            let amendment = Amendment::parse(&payload).map_err(|error| damaged(error.to_string()))?;
            let signed = Amended { digest, payload, contents: Vec::new() };
            let made = amending::made(&proposal, &amendment, signed, &blobs, (&self.mask, &marking));
            let made = made.map_err(|error| damaged(error.to_string()))?;
            self.keep_made(keep, digest, &made, &marking);
            return Ok(made);
        }
        let proposal = Arc::new(proposal);
        let sheet = countersign_sheet::sheet_with(&proposal, &|of| blobs.get(of).cloned(), &marking);
        if let Err(error) = &sheet {
            tracing::debug!(proposal = %digest, %error, "no sheet");
        }
        let made = Made::new(proposal, sheet.ok(), None, &self.mask);
        self.keep_made(keep, *digest, &made, &marking);
        Ok(made)
    }

    /// Unless what is looked for changed meanwhile.
    fn keep_made(
        &self,
        keep: fn(&mut Sheets, Digest, &Made),
        digest: Digest,
        made: &Made,
        marking: &Arc<Marking>,
    ) {
        let mut core = self.core();
        if Arc::ptr_eq(marking, &core.marking) {
            keep(&mut core.sheets, digest, made);
        }
    }

    /// What a queue shows of it, made anew.
    pub(crate) fn summary(&self, digest: &Digest) -> Result<Summary, Error> {
        self.core().store.read(|tx| summary_of(tx, digest))
    }
}

/// The bytes that travel beside an amendment that was signed here.
pub(crate) fn beside(
    tx: &Tx<'_>,
    payload: &[u8],
) -> Result<Vec<(Digest, Vec<u8>)>, countersign_store::Error> {
    let edits = amending::edits(payload);
    let contents = edits.iter().filter(|edit| edit.content.inline_bytes().is_none());
    let bytes =
        contents.map(|edit| Ok(tx.blob(edit.content.sha256())?.map(|it| (*edit.content.sha256(), it))));
    bytes.filter_map(Result::transpose).collect()
}

/// What a queue shows of a proposal. It needs no sheet: a thousand of them must not keep a queue waiting.
pub(crate) fn summary_of(tx: &Tx<'_>, digest: &Digest) -> Result<Summary, Error> {
    let envelope = tx.proposal(digest)?.ok_or(Error::NotFound(*digest))?;
    let proposal = read(&envelope)?;
    let asked = match proposal.asked.as_ref().map(|asked| &asked.text) {
        Some(text) if text.inline_bytes().is_none() => tx.blob(text.sha256())?,
        _ => None,
    };
    Ok(summary(&proposal, &|_| asked.clone()))
}

/// The proposal in an envelope that verified when it arrived.
pub(crate) fn read(envelope: &[u8]) -> Result<Proposal, Error> {
    let damaged = |why: String| Error::Store(countersign_store::Error::Damaged(why));
    let envelope = Envelope::parse(envelope).map_err(|error| damaged(error.to_string()))?;
    Proposal::parse(&envelope.payload).map_err(|error| damaged(error.to_string()))
}

/// The same for one that is at hand; `blobs` finds what was asked, when that travels beside it.
pub(crate) fn summary(proposal: &Proposal, blobs: &dyn Fn(&Digest) -> Option<Vec<u8>>) -> Summary {
    let lasting = |it: Reversibility| matches!(it, Reversibility::Irreversible | Reversibility::Unknown);
    let further = matches!(countersign_sheet::compared(proposal, blobs), Ok(Compared::Further { .. }));
    // The gate looked for them; the sheet finds the same when it is made.
    let blocking = u32::try_from(proposal.acknowledge.len()).unwrap_or(u32::MAX);
    let marks = [
        (proposal.agent.authenticated == Authenticated::None, Mark::UnknownSender),
        (further, Mark::Further),
        (blocking > 0, Mark::Blocking(blocking)),
        (proposal.actions.iter().any(|action| lasting(action.reversibility)), Mark::Irreversible),
        (proposal.effect == Effect::Release, Mark::Release),
    ];
    let marks: Vec<Mark> = marks.into_iter().filter(|(stands, _)| *stands).map(|(_, mark)| mark).collect();
    Summary {
        serious: risk::is_high(proposal) || marks.iter().any(|mark| *mark != Mark::Release),
        kind: countersign_sheet::kind(proposal),
        agent: told(countersign_sheet::who(&proposal.agent)),
        action: told(countersign_sheet::would(proposal)),
        marks,
    }
}
