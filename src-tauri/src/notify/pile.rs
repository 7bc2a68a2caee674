//! What one notification on the screen speaks of, and when it is shown anew.
//!
//! The first arrival is shown at once. What comes while it is on the screen
//! joins it in place, at most so often. What was not shown, because there was
//! no daemon or it was not the time, waits here. Only digests and names are
//! kept, of the first few; the rest is counted.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use countersign_core::digest::Digest;
use countersign_sheet::Kind;

/// How often a notification on the screen may change.
pub(crate) const GAP: Duration = Duration::from_millis(100);

/// How many items are known by name. More of them are only counted.
const KNOWN: usize = 200;

/// One thing that a person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// What a click opens; `None` for what is not about one item.
    pub(crate) digest: Option<Digest>,
    pub(crate) about: About,
}

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum About {
    /// A proposal arrived. The agent's name has only letters that cannot act.
    Arrived { agent: String, kind: Kind },
    /// A snooze ended.
    Returned { agent: String, kind: Kind },
    /// Its end was not seen.
    Unknown,
    /// It went wrong.
    Failed,
    /// A gate halted itself, or another device halted it.
    GateHalted,
    /// Something about the app itself.
    Said { summary: String, body: String },
}

/// What a notification speaks of.
#[derive(Debug, Default)]
pub(crate) struct Pile {
    items: Vec<Item>,
    // Beyond those that are known.
    more: u32,
    // How many of them the notification on the screen speaks of: the first of those that are known, and others.
    shown: Option<(usize, u32)>,
    changed: bool,
    last: Option<Instant>,
}

impl Pile {
    /// Adds one. What is there already is not counted twice.
    pub(crate) fn add(&mut self, item: Item) {
        if item.digest.is_some() && self.items.iter().any(|it| it.digest == item.digest) {
            return;
        }
        if self.items.len() < KNOWN {
            self.items.push(item);
        } else {
            self.more += 1;
        }
        self.changed = true;
    }

    /// Speaks of this alone from now on.
    pub(crate) fn replace(&mut self, item: Item) {
        self.clear();
        self.add(item);
    }

    /// Speaks of so many from now on: those that are known, and others that are only counted.
    pub(crate) fn recount(&mut self, number: u32) {
        let more = number.saturating_sub(self.known());
        // Nobody knows which of them went. Better to tell of one twice than never.
        if let Some((_, shown)) = &mut self.shown {
            *shown = shown.saturating_sub(self.more.saturating_sub(more));
        }
        self.changed |= more != self.more;
        self.more = more;
    }

    /// Removes what `over` says is over.
    pub(crate) fn prune(&mut self, mut over: impl FnMut(&Item) -> bool) {
        let before = self.items.len();
        let shown = self.shown.map_or(0, |(known, _)| known);
        let mut others = self.items.split_off(shown.min(before));
        self.items.retain(|it| !over(it));
        if let Some((known, _)) = &mut self.shown {
            *known = self.items.len();
        }
        others.retain(|it| !over(it));
        self.items.append(&mut others);
        self.changed |= self.items.len() != before;
    }

    /// A person closed the notification or its time ran out: it was told. What came after waits on.
    pub(crate) fn told(&mut self) {
        let (known, more) = self.shown.take().unwrap_or_default();
        self.items.drain(..known.min(self.items.len()));
        self.more = self.more.saturating_sub(more);
        self.changed = self.count() > 0;
    }

    /// The daemon is gone, and what it showed with it: it is to be shown again.
    pub(crate) fn lost(&mut self) {
        self.shown = None;
        self.changed = self.count() > 0;
    }

    /// Everything was withdrawn from the screen.
    pub(crate) fn clear(&mut self) {
        *self = Self { last: self.last, ..Self::default() };
    }

    /// How long until it is to be shown; `None` when there is nothing new.
    pub(crate) fn due(&self, now: Instant) -> Option<Duration> {
        if !self.changed || self.count() == 0 {
            return None;
        }
        let next = self.last.map_or(now, |last| last + GAP);
        Some(next.saturating_duration_since(now))
    }

    /// It is being shown as it is now.
    pub(crate) fn showing(&mut self, now: Instant) {
        self.shown = Some((self.items.len(), self.more));
        self.changed = false;
        self.last = Some(now);
    }

    /// It could not be shown.
    pub(crate) fn not_shown(&mut self) {
        self.shown = None;
        self.changed = true;
    }

    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// How many it speaks of.
    pub(crate) fn count(&self) -> u32 {
        self.known().saturating_add(self.more)
    }

    /// Whether it speaks of some that are only counted.
    pub(crate) fn counts_others(&self) -> bool {
        self.more > 0
    }

    fn known(&self) -> u32 {
        u32::try_from(self.items.len()).unwrap_or(u32::MAX)
    }

    /// From how many agents; `None` when some are only counted.
    pub(crate) fn agents(&self) -> Option<usize> {
        let names: BTreeSet<&str> = self
            .items
            .iter()
            .filter_map(|it| match &it.about {
                About::Arrived { agent, .. } | About::Returned { agent, .. } => Some(agent.as_str()),
                _ => None,
            })
            .collect();
        (self.more == 0).then_some(names.len())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn item(number: u32) -> Item {
        let agent = format!("agent {}", number % 3);
        Item {
            digest: Some(Digest::of(&number.to_le_bytes())),
            about: About::Arrived { agent, kind: Kind::Run },
        }
    }

    fn pile(numbers: std::ops::Range<u32>) -> Pile {
        let mut pile = Pile::default();
        numbers.for_each(|it| pile.add(item(it)));
        pile
    }

    #[test]
    fn the_first_is_shown_at_once_and_what_follows_joins_it_after_a_moment() {
        let now = Instant::now();
        let mut pile = pile(0..1);
        assert_eq!(pile.due(now), Some(Duration::ZERO));
        pile.showing(now);
        assert_eq!(pile.due(now), None);
        pile.add(item(1));
        pile.add(item(1));
        assert_eq!((pile.due(now), pile.count()), (Some(GAP), 2));
        assert_eq!(pile.due(now + GAP), Some(Duration::ZERO));
        // Later ones do not push it further away.
        pile.add(item(2));
        assert_eq!(pile.due(now + GAP * 2), Some(Duration::ZERO));
    }

    #[test]
    fn what_was_told_is_not_told_again_and_what_came_after_is() {
        let now = Instant::now();
        let mut pile = pile(0..2);
        pile.showing(now);
        pile.add(item(2));
        pile.told();
        assert_eq!(pile.items(), [item(2)]);
        assert!(pile.due(now + GAP).is_some());
        pile.showing(now);
        pile.told();
        assert_eq!((pile.count(), pile.due(now + GAP)), (0, None));
    }

    #[test]
    fn what_was_never_shown_is_not_told_in_the_place_of_what_is_over() {
        let now = Instant::now();
        let mut pile = pile(0..2);
        pile.showing(now);
        pile.add(item(2));
        pile.prune(|it| *it == item(0) || *it == item(2));
        pile.add(item(3));
        pile.told();
        assert_eq!(pile.items(), [item(3)]);
        // Nor are those that are only counted.
        let mut many = self::pile(0..202);
        many.showing(now);
        (202..205).for_each(|it| many.add(item(it)));
        many.recount(203);
        many.told();
        assert_eq!((many.items().len(), many.count()), (0, 3));
        assert!(many.due(now).is_some());
    }

    #[test]
    fn what_a_daemon_took_with_it_is_shown_again() {
        let now = Instant::now();
        let mut pile = pile(0..2);
        pile.showing(now);
        pile.lost();
        assert_eq!((pile.count(), pile.due(now + GAP)), (2, Some(Duration::ZERO)));
        pile.showing(now);
        pile.not_shown();
        assert_eq!(pile.count(), 2);
        assert!(pile.due(now).is_some());
    }

    #[test]
    fn what_is_over_leaves_and_an_empty_one_is_not_shown() {
        let now = Instant::now();
        let mut pile = pile(0..3);
        pile.showing(now);
        pile.prune(|it| *it == item(1));
        assert_eq!((pile.count(), pile.due(now)), (2, Some(GAP)));
        pile.prune(|_| true);
        assert_eq!((pile.count(), pile.due(now + GAP)), (0, None));
    }

    #[test]
    fn twenty_thousand_are_counted_and_few_are_kept() {
        let mut pile = pile(0..20_000);
        assert_eq!((pile.count(), pile.items().len(), pile.agents()), (20_000, KNOWN, None));
        pile.showing(Instant::now());
        pile.told();
        assert_eq!(pile.count(), 0);
        // Nobody knows of those that are only counted which of them are over: only how many.
        let mut over = self::pile(0..20_000);
        over.prune(|_| true);
        assert_eq!(over.count(), 20_000 - u32::try_from(KNOWN).unwrap());
        over.recount(7);
        over.add(item(1));
        assert_eq!((over.count(), over.agents()), (8, None));
        let mut few = self::pile(0..5);
        assert_eq!(few.agents(), Some(3));
        few.clear();
        assert_eq!(few.count(), 0);
    }
}
