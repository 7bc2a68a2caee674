//! Search over everything that was seen, and the texts that are searched.
//!
//! The index follows in the background, a few entries at a time, the newest
//! first: a flood is taken in without it, and an answer never waits for it.

use countersign_core::digest::Digest;
use countersign_sheet::{Segment, SegmentKind, segments, words};
use countersign_store::{Hit, Query, Seen};

use crate::core::Inner;
use crate::queue::{cursor, evidence_row, row};
use crate::{Error, FoundIn, FoundRow, FoundRows};

mod texts;

/// The most rows of a page.
const PAGE: usize = 50;

/// Entries that one transaction puts into the index.
const AT_A_TIME: usize = 32;

/// Bytes of contents that are read for them, but for the last of them.
const BYTES_AT_A_TIME: usize = 8 << 20;

/// Bytes of text that one transaction puts into the index, but for a single longer one.
const TEXT_AT_A_TIME: usize = 128 * 1024;

impl Inner {
    pub(crate) fn search(&self, text: &str, after: Option<&str>) -> Result<FoundRows, Error> {
        let before = after.map(|text| cursor::<i64, 1>("found", text)).transpose()?.map(|[id]| id);
        let query = Query::new(text);
        let now = self.now();
        let mut core = self.core();
        core.store.read(|tx| {
            let hits = tx.search(&query, before, PAGE)?;
            let (unindexed, partly) = tx.index_gaps()?;
            let rows = hits.hits.iter().map(|hit| {
                let row = match &hit.seen {
                    Seen::Proposal(item) => row(tx, item, now)?,
                    Seen::Evidence(it) => evidence_row(it),
                };
                Ok::<_, Error>(FoundRow { row, place: FoundIn::of(hit.place), excerpt: excerpt(hit) })
            });
            let rows = rows.collect::<Result<_, _>>()?;
            Ok(FoundRows { rows, next: hits.next.map(|id| format!("found:{id}")), unindexed, partly })
        })
    }

    /// Puts some entries into the index. `true` when there were any.
    pub(crate) fn index_some(&self) -> Result<bool, Error> {
        let mut kept = Vec::new();
        {
            let mut core = self.core();
            core.store.read(|tx| {
                let mut bytes = 0;
                for it in tx.to_index(AT_A_TIME)? {
                    let about = texts::kept(tx, &it)?;
                    bytes += about.size();
                    kept.push((it, about));
                    if bytes > BYTES_AT_A_TIME {
                        break;
                    }
                }
                Ok::<_, Error>(())
            })?;
        }
        if kept.is_empty() {
            return Ok(false);
        }
        // Parsing and cutting up takes a while: not under the lock.
        let marking = self.marking();
        let made: Vec<_> = kept.iter().map(|(it, kept)| (*it, texts::of(kept, marking.rules()))).collect();
        let mut left = made.as_slice();
        while !left.is_empty() {
            // A few long texts take as long as many short ones, and a halt must not wait for them.
            let mut bytes = 0;
            let fits = left.iter().take_while(|(_, texts)| {
                bytes += texts.size();
                bytes <= TEXT_AT_A_TIME
            });
            let (now, later) = left.split_at(fits.count().max(1));
            self.core().store.write(|tx| {
                now.iter().try_for_each(|(it, texts)| tx.index(it, &texts.pieces, texts.whole))
            })?;
            left = later;
        }
        Ok(true)
    }
}

/// The text around a match, which may be anybody's; what matched is of kind `Changed`.
fn excerpt(hit: &Hit) -> Vec<Segment> {
    let more = || words("…");
    let mut all = Vec::new();
    if hit.cut.0 {
        all.push(more());
    }
    let bytes = hit.excerpt.as_bytes();
    let mut at = 0;
    for range in &hit.matches {
        all.extend(segments(&bytes[at..range.start]));
        all.extend(segments(&bytes[range.clone()]).into_iter().map(matched));
        at = range.end;
    }
    all.extend(segments(&bytes[at..]));
    if hit.cut.1 {
        all.push(more());
    }
    all
}

fn matched(mut segment: Segment) -> Segment {
    segment.kind = match segment.kind {
        SegmentKind::Text => SegmentKind::Changed,
        SegmentKind::Joined { .. } => SegmentKind::Joined { changed: true },
        other => other,
    };
    segment
}

impl FoundIn {
    const ALL: [Self; 13] = [
        Self::Agent,
        Self::Action,
        Self::Asked,
        Self::Claim,
        Self::Comment,
        Self::Withdrawal,
        Self::Finding,
        Self::Result,
        Self::Content,
        Self::Before,
        Self::Id,
        Self::File,
        Self::Cause,
    ];

    fn byte(self) -> u8 {
        Self::ALL.iter().position(|it| *it == self).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
    }

    fn of(byte: u8) -> Self {
        Self::ALL.get(usize::from(byte)).copied().unwrap_or(Self::Content)
    }
}

/// For the index, of which the store knows nothing.
fn digest_words(digest: &Digest) -> String {
    format!("{digest} {}", digest.short())
}
