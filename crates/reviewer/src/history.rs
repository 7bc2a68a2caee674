//! Everything that was ever seen, the newest first, by pages.

use countersign_store::Seen;

use crate::core::Inner;
use crate::queue::{PAGE, cursor, evidence_page, evidence_row, row};
use crate::{Error, HistoryFilter, Page};

impl Inner {
    pub(crate) fn history(&self, filter: HistoryFilter, after: Option<&str>) -> Result<Page, Error> {
        let word = match filter {
            HistoryFilter::All => return self.all_history(after),
            HistoryFilter::Evidence => return self.evidence_history(after),
            HistoryFilter::Approved => "approved",
            HistoryFilter::Denied => "denied",
            HistoryFilter::Failed => "failed",
            HistoryFilter::Expired => "expired",
        };
        let before = after.map(|text| cursor::<i64, 1>(word, text)).transpose()?.map(|[id]| id);
        let now = self.now();
        let mut core = self.core();
        core.store.read(|tx| {
            let items = match filter {
                HistoryFilter::Approved | HistoryFilter::Denied => tx.answered(word, before, PAGE + 1)?,
                _ => tx.ended(word, before, PAGE + 1)?,
            };
            let more = items.len() > PAGE;
            let next = items.get(PAGE - 1).filter(|_| more).map(|it| format!("{word}:{}", it.id));
            let rows = items.iter().take(PAGE).map(|it| row(tx, it, now)).collect::<Result<_, _>>()?;
            Ok(Page { rows, next })
        })
    }

    fn evidence_history(&self, after: Option<&str>) -> Result<Page, Error> {
        let before = after.map(|text| cursor::<i64, 1>("evidence", text)).transpose()?.map(|[id]| id);
        let (rows, next) = self.core().store.read(|tx| evidence_page(tx, before, PAGE))?;
        Ok(Page { rows, next })
    }

    fn all_history(&self, after: Option<&str>) -> Result<Page, Error> {
        let before = after.map(|text| cursor::<i64, 1>("all", text)).transpose()?.map(|[id]| id);
        let now = self.now();
        let mut core = self.core();
        core.store.read(|tx| {
            let seen = tx.seen(before, PAGE + 1)?;
            let more = seen.len() > PAGE;
            let next = seen.get(PAGE - 1).filter(|_| more).map(|(id, _)| format!("all:{id}"));
            let rows = seen.iter().take(PAGE).map(|(_, it)| match it {
                Seen::Proposal(item) => row(tx, item, now),
                Seen::Evidence(it) => Ok(evidence_row(it)),
            });
            Ok(Page { rows: rows.collect::<Result<_, _>>()?, next })
        })
    }
}
