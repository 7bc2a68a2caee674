//! Who gains and who loses which right.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::action::{self, Access, Grant, Principal};

use super::{Blobs, Made, Sum, items_of};
use crate::Error;
use crate::count;
use crate::findings::Findings;
use crate::model::{GrantChange, GrantTag, PrincipalKind, Row, Segment, View};
use crate::page::{Page, Room};

pub(super) fn granted(at: usize, access: &Access, blobs: Blobs<'_>, room: &mut Room) -> Result<Made, Error> {
    let (before, after) = (items_of(&access.before, blobs)?, items_of(&access.after, blobs)?);
    let mut rights = rights(&before, &after);
    rights.sort_by_key(|right| (right.change as u8, rank(right.principal), right.principal.clone()));
    let title = room.findings.value(access.resource.as_bytes());
    let mut page = Page::new(at, View::Access, title, room);
    let mut sum = Sum::default();
    for change in [GrantChange::Gained, GrantChange::Lost, GrantChange::Kept] {
        let group: Vec<_> = rights.iter().filter(|right| right.change == change).collect();
        if group.is_empty() {
            continue;
        }
        let total = group.len() as u64;
        heading(&mut page, change, total);
        let start = page.rows();
        let drawn = |right: &&&Right<'_>| {
            let row = right.row(page.findings());
            page.grant(row)
        };
        let shown = group.iter().take_while(drawn).count();
        // The last one did not fit either: it was looked at, and is counted with those below.
        let unseen = group[shown..].iter().flat_map(|right| right.row(page.findings()).found()).collect();
        page.hide(total - shown as u64, "right", "they are in the proposal", unseen);
        if change == GrantChange::Kept && shown == group.len() {
            page.fold(start..page.rows());
        }
        if change == GrantChange::Gained {
            sum.anyone_gains = group.iter().any(|right| tag(right.principal) == Some(GrantTag::Anyone));
            sum.external_gains =
                group.iter().filter(|right| tag(right.principal) == Some(GrantTag::External)).count() as u64;
        }
    }
    sum.stats = page.document.stats;
    Ok((page.done(), Vec::new(), sum))
}

fn heading(page: &mut Page<'_>, change: GrantChange, total: u64) {
    let (text, detail) = match change {
        GrantChange::Gained => ("Gained", "anyone and external first"),
        GrantChange::Lost => ("Lost", ""),
        GrantChange::Kept => ("Unchanged", ""),
    };
    let total = count::of(total, "right");
    page.heading(text, if detail.is_empty() { total } else { format!("{total}, {detail}") });
}

/// One right of one principal, and the one that it replaces or that replaces it.
struct Right<'g> {
    principal: &'g Principal,
    change: GrantChange,
    before: Option<&'g str>,
    after: Option<&'g str>,
}

impl Right<'_> {
    fn row(&self, findings: &mut Findings) -> Row {
        let mut text = |right: Option<&str>| -> Vec<Segment> {
            right.map(|it| findings.value(it.as_bytes())).unwrap_or_default()
        };
        let (before, after) = (text(self.before), text(self.after));
        Row::Grant {
            change: self.change,
            principal: kind(self.principal),
            name: findings.value(self.principal.name.as_str().as_bytes()),
            tag: tag(self.principal),
            before,
            after,
            continued: false,
        }
    }
}

fn rights<'g>(before: &'g [Grant], after: &'g [Grant]) -> Vec<Right<'g>> {
    let mut all: BTreeMap<&Principal, [BTreeSet<&str>; 2]> = BTreeMap::new();
    for (side, grants) in [before, after].into_iter().enumerate() {
        for grant in grants {
            all.entry(&grant.principal).or_default()[side].insert(grant.right.as_str());
        }
    }
    let mut found = Vec::new();
    for (principal, [was, would]) in &all {
        let mut lost: Vec<_> = was.difference(would).copied().collect();
        let gained: Vec<_> = would.difference(was).copied().collect();
        // One right given for one taken is a replacement: a single row shows both.
        let replaced = if gained.len() == 1 && lost.len() == 1 { lost.pop() } else { None };
        let right = |change, before, after| Right { principal, change, before, after };
        found.extend(gained.iter().map(|it| right(GrantChange::Gained, replaced, Some(*it))));
        found.extend(lost.iter().map(|it| right(GrantChange::Lost, Some(*it), None)));
        found.extend(was.intersection(would).map(|it| right(GrantChange::Kept, Some(*it), Some(*it))));
    }
    found
}

fn kind(principal: &Principal) -> PrincipalKind {
    match principal.kind {
        action::PrincipalKind::Person => PrincipalKind::Person,
        action::PrincipalKind::Group => PrincipalKind::Group,
        action::PrincipalKind::Service => PrincipalKind::Service,
        action::PrincipalKind::Anyone => PrincipalKind::Anyone,
    }
}

fn tag(principal: &Principal) -> Option<GrantTag> {
    match (principal.kind, principal.external) {
        (action::PrincipalKind::Anyone, _) => Some(GrantTag::Anyone),
        (_, Some(true)) => Some(GrantTag::External),
        _ => None,
    }
}

/// Anyone first, then who is external, then those of whom that is not known.
fn rank(principal: &Principal) -> u8 {
    match (tag(principal), principal.external) {
        (Some(GrantTag::Anyone), _) => 0,
        (Some(GrantTag::External), _) => 1,
        (None, None) => 2,
        (None, _) => 3,
    }
}
