//! Who gains and who loses which right, in effect.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::action::{self, Access, Audience, Grant, Principal, Reach};

use super::{Blobs, Made, Sum, items_of};
use crate::Error;
use crate::count;
use crate::findings::{Findings, TextKind};
use crate::model::{GrantChange, GrantTag, PrincipalKind, Row, Segment, Tone, View};
use crate::page::{Page, Room};
use crate::segments::words;

/// Of those that are anyone, how many are said in words; all of them are listed.
const ANYONE: usize = 4;

pub(super) fn granted(at: usize, access: &Access, blobs: Blobs<'_>, room: &mut Room) -> Result<Made, Error> {
    let (before, after) = (items_of(&access.before, blobs)?, items_of(&access.after, blobs)?);
    // Of a file each bit stands by itself: who may write to it need not be able to read it.
    let ranked = !access.resource.as_bytes().starts_with(b"/");
    let mut rights = rights(&before, &after, ranked);
    rights.sort_by_key(|right| (right.group as u8, rank(right.principal), right.principal.clone()));
    let title = room.findings.value(access.resource.as_bytes(), TextKind::Name);
    let mut page = Page::new(at, View::Access, title, room);
    page.fact(heads(&access.population));
    let mut sum = Sum::default();
    for group in [Group::Gained, Group::Lost, Group::Covered, Group::Kept] {
        let of: Vec<_> = rights.iter().filter(|right| right.group == group).collect();
        if of.is_empty() {
            continue;
        }
        let total = of.len() as u64;
        let count = count::of(total, "right");
        let detail =
            if group == Group::Kept && page.claimed() { "as the agent says" } else { group.detail() };
        page.heading(group.name(), if detail.is_empty() { count } else { format!("{count}, {detail}") });
        if group == Group::Gained {
            through_others(&mut page, &of, ranked);
        }
        let start = page.rows();
        let drawn = |right: &&&Right<'_>| {
            let row = right.row(page.findings());
            page.grant(row)
        };
        let shown = of.iter().take_while(drawn).count();
        // The last one did not fit either: it was looked at, and is counted with those below.
        let unseen = of[shown..].iter().flat_map(|right| right.row(page.findings()).findings()).collect();
        page.hide(total - shown as u64, "right", "they are in the proposal", unseen);
        // What was found in a name is never folded away.
        let quiet = |page: &Page<'_>| page.document.rows[start..].iter().all(|row| row.findings().is_empty());
        if group == Group::Kept && shown == of.len() && quiet(&page) {
            page.fold(start..page.rows());
        }
    }
    // Who has it already, by the agent's word, may be given it.
    let gains = |it: &&Right<'_>| it.group == Group::Gained || page.claimed() && it.after.is_some();
    let gaining =
        |who| rights.iter().filter(gains).filter(|it| tag(it.principal) == Some(who)).count() as u64;
    sum.anyone_gains = gaining(GrantTag::Anyone) > 0;
    sum.external_gains = gaining(GrantTag::External);
    sum.stats = page.document.stats;
    Ok((page.done(), Vec::new(), sum))
}

/// What becomes of a right in effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Gained,
    Lost,
    /// Given or taken beside one that is as strong, so that nothing follows from it.
    Covered,
    Kept,
}

impl Group {
    fn name(self) -> &'static str {
        match self {
            Self::Gained => "Gained",
            Self::Lost => "Lost",
            Self::Covered => "No more and no less in effect",
            Self::Kept => "Unchanged",
        }
    }

    fn detail(self) -> &'static str {
        match self {
            Self::Gained => "anyone and external first",
            Self::Covered => "the same holder has one that is as strong",
            Self::Lost | Self::Kept => "",
        }
    }
}

/// How many people could use it.
fn heads(population: &Reach) -> String {
    let people = |audience: &Audience| match audience {
        Audience::Unknown => "not known how many".to_owned(),
        Audience::Everyone => "anyone".to_owned(),
        Audience::Known { count, .. } => count::people(*count),
    };
    format!("now {}, then {}", people(&population.before), people(&population.after))
}

/// Says who gains something without being named.
fn through_others(page: &mut Page<'_>, gained: &[&Right<'_>], ranked: bool) {
    let anyone = gained.iter().filter(|it| tag(it.principal) == Some(GrantTag::Anyone));
    for right in anyone.take(ANYONE) {
        let mut text = page.value(right.principal.name.as_str().as_bytes());
        let gains = right.after.unwrap_or_default();
        match Strength::of(gains).filter(|_| ranked) {
            Some(strength) => text.push(words(format!(": everyone could {}", strength.means()))),
            None => {
                text.push(words(": everyone gains "));
                text.extend(page.value(gains.as_bytes()));
            }
        }
        page.note(Tone::Amber, text);
    }
    let groups = gained.iter().filter(|it| it.principal.kind == action::PrincipalKind::Group).count() as u64;
    if groups > 0 {
        let who = match groups {
            1 => "A group gains, and with it everyone in it".to_owned(),
            _ => format!("{} groups gain, and with them everyone in them", count::number(groups)),
        };
        page.note(Tone::Amber, vec![words(format!("{who}. Who that is, is not known here."))]);
    }
}

/// Rights whose words are known, the weakest first. Others are never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Read,
    Comment,
    Write,
    Own,
}

impl Strength {
    fn of(right: &str) -> Option<Self> {
        Some(match right.to_ascii_lowercase().as_str() {
            "read" | "reader" | "view" | "viewer" => Self::Read,
            "comment" | "commenter" => Self::Comment,
            "write" | "writer" | "edit" | "editor" => Self::Write,
            "own" | "owner" => Self::Own,
            _ => return None,
        })
    }

    fn means(self) -> &'static str {
        match self {
            Self::Read => "read it",
            Self::Comment => "read it and comment on it",
            Self::Write => "read and change it",
            Self::Own => "do everything with it",
        }
    }
}

/// Whether one of `rights` allows all that `right` does.
fn covers(rights: &BTreeSet<&str>, right: &str) -> bool {
    let weakest = Strength::of(right);
    weakest.is_some() && rights.iter().any(|it| Strength::of(it) >= weakest)
}

/// The strongest of `rights`, where all of them are known.
fn strongest<'g>(rights: &BTreeSet<&'g str>) -> Option<&'g str> {
    let known = rights.iter().all(|it| Strength::of(it).is_some());
    rights.iter().copied().filter(|_| known).max_by_key(|it| Strength::of(it))
}

/// One right of one principal, and the one that it replaces or that replaces it.
struct Right<'g> {
    principal: &'g Principal,
    group: Group,
    before: Option<&'g str>,
    after: Option<&'g str>,
}

impl Right<'_> {
    fn row(&self, findings: &mut Findings) -> Row {
        let mut text = |right: Option<&str>| -> Vec<Segment> {
            right.map(|it| findings.value(it.as_bytes(), TextKind::Name)).unwrap_or_default()
        };
        let (before, after) = (text(self.before), text(self.after));
        Row::Grant {
            change: match self.group {
                Group::Gained => GrantChange::Gained,
                Group::Lost => GrantChange::Lost,
                Group::Covered | Group::Kept => GrantChange::Kept,
            },
            principal: kind(self.principal),
            name: findings.value(self.principal.name.as_str().as_bytes(), TextKind::Name),
            tag: tag(self.principal),
            before,
            after,
            continued: false,
        }
    }
}

/// Rights whose words are `ranked` cover each other.
fn rights<'g>(before: &'g [Grant], after: &'g [Grant], ranked: bool) -> Vec<Right<'g>> {
    let covers = |rights: &BTreeSet<&str>, right: &str| ranked && covers(rights, right);
    let strongest = |rights: &BTreeSet<&'g str>| strongest(rights).filter(|_| ranked);
    let mut all: BTreeMap<&Principal, [BTreeSet<&str>; 2]> = BTreeMap::new();
    for (side, grants) in [before, after].into_iter().enumerate() {
        for grant in grants {
            all.entry(&grant.principal).or_default()[side].insert(grant.right.as_str());
        }
    }
    let mut found = Vec::new();
    for (principal, [was, would]) in &all {
        let gained: Vec<_> = would.difference(was).copied().collect();
        let lost: Vec<_> = was.difference(would).copied().collect();
        let right = |group, before, after| Right { principal, group, before, after };
        found.extend(was.intersection(would).map(|it| right(Group::Kept, Some(*it), Some(*it))));
        // One right given for one taken is a replacement: a single row shows both.
        if let ([gain], [loss]) = (gained.as_slice(), lost.as_slice()) {
            let group = match (covers(was, gain), covers(would, loss)) {
                (true, true) => Group::Covered,
                (true, false) => Group::Lost,
                (false, _) => Group::Gained,
            };
            found.push(right(group, Some(*loss), Some(*gain)));
            continue;
        }
        found.extend(gained.iter().map(|it| match covers(was, it) {
            true => right(Group::Covered, None, Some(*it)),
            false => right(Group::Gained, strongest(was), Some(*it)),
        }));
        found.extend(lost.iter().map(|it| match covers(would, it) {
            true => right(Group::Covered, Some(*it), None),
            false => right(Group::Lost, Some(*it), strongest(would)),
        }));
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
