//! Calls about many items: the queue, the history, a search, what is put off, and who asked.

use countersign_core::digest::Digest;
use countersign_core::time::Timestamp;

use super::Reviewer;
use crate::{AgentState, Error, FindingSettings, FoundRows, HistoryFilter, Page, Queue, SectionId};

impl Reviewer {
    /// Everything that is known, by whose turn it is: of each section the first rows.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn queue(&self) -> Result<Queue, Error> {
        self.inner.queue()
    }

    /// More of a section: what comes after the page that gave `after`.
    ///
    /// # Errors
    ///
    /// [`Error::Cursor`].
    pub fn queue_page(&self, section: SectionId, after: &str) -> Result<Page, Error> {
        self.inner.queue_page(section, after)
    }

    /// Everything that was ever seen, the newest first: the first page, or that after `after`.
    ///
    /// # Errors
    ///
    /// [`Error::Cursor`].
    pub fn history(&self, filter: HistoryFilter, after: Option<&str>) -> Result<Page, Error> {
        self.inner.history(filter, after)
    }

    /// What was ever seen that has all the words of `text`, in any of its texts; the newest first. It is
    /// text and has no syntax; capitals make no difference.
    ///
    /// # Errors
    ///
    /// [`Error::Cursor`].
    pub fn search(&self, text: &str, after: Option<&str>) -> Result<FoundRows, Error> {
        self.inner.search(text, after)
    }

    /// Takes a proposal that waits out of the queue until `until`, ten minutes before it expires, or for
    /// seven days, whatever is first; returns which. It comes back by itself, with an event.
    ///
    /// # Errors
    ///
    /// [`Error::NotOpen`], [`Error::TooLateToSnooze`].
    pub fn snooze(&self, digest: &Digest, until: Timestamp) -> Result<Timestamp, Error> {
        let until = self.inner.snooze(digest, until)?;
        self.rounds.wake();
        Ok(until)
    }

    /// Puts it back into the queue.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub fn unsnooze(&self, digest: &Digest) -> Result<(), Error> {
        self.inner.unsnooze(digest)
    }

    /// Every agent from which a proposal came, the one seen last first.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn agents(&self) -> Result<Vec<AgentState>, Error> {
        self.inner.agents()
    }

    /// What is looked for besides what is built in, and what was said of findings.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn finding_settings(&self) -> Result<FindingSettings, Error> {
        self.inner.finding_settings()
    }

    /// Takes another list of names that are not to be known outside, one on a line. Sheets are made anew.
    ///
    /// # Errors
    ///
    /// [`Error::Names`]; the list before it is used then.
    pub fn set_names(&self, names: &str) -> Result<(), Error> {
        self.inner.set_names(names)
    }

    /// Takes a copy of the rules of a team, in the format of gitleaks; `None` for none. Sheets are made anew.
    ///
    /// # Errors
    ///
    /// [`Error::TeamRules`]; the rules before it are used then.
    pub fn set_team_rules(&self, text: Option<&str>) -> Result<(), Error> {
        self.inner.set_team_rules(text)
    }

    /// Takes back that something is no secret.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn secret_again(&self, here: &Digest) -> Result<(), Error> {
        self.inner.secret_again(here)
    }

    /// Has the findings of a rule weigh one step less, those of secrets a warning at least; or again what they weigh.
    /// What a gate requires blocks all the same.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn demote(&self, rule: &str, demoted: bool) -> Result<(), Error> {
        self.inner.demote(rule, demoted)
    }
}
