//! The strip of facts: reach, volume, reversibility, environment.
//!
//! A level is 1 to 3. What is not known says so and is 3.

use countersign_core::action::{Act, Action, Audience, Change, Reach, Reversibility};
use countersign_core::proposal::{Effect, Proposal};

use crate::count;
use crate::documents::Sum;
use crate::documents::removal::copy;
use crate::headline::{level, things};
use crate::is_claimed;
use crate::mask::told;
use crate::model::{Fact, Segment};
use crate::segments::{value, words};

const NOT_KNOWN: &str = "Not known";

pub(crate) fn facts(proposal: &Proposal, sums: &[Sum]) -> Vec<Fact> {
    let actions = &*proposal.actions;
    let release = proposal.effect == Effect::Release;
    let reach = |action: &Action| match &action.act {
        // The gate read the modes of files, and knows nothing of the rest.
        Act::Post(_) if release => claimed(reach(action)),
        _ if is_claimed(proposal.effect, action) => claimed(reach(action)),
        _ => reach(action),
    };
    let worst_reach = actions.iter().map(reach).max_by_key(|fact| fact.level);
    let reach = worst_reach.unwrap_or_else(|| not_known("Reach", ""));
    let volume = match (actions, sums) {
        _ if proposal.actions.batch().is_some() => batch(proposal),
        ([action], [sum]) if is_claimed(proposal.effect, action) => {
            claimed(volume(action, sum, proposal.effect))
        }
        ([action], [sum]) => volume(action, sum, proposal.effect),
        _ => {
            fact("Volume", count::of(actions.len() as u64, "action"), "", scale(actions.len() as u64, 3, 20))
        }
    };
    let environment = environment(actions);
    vec![reach, volume, reversibility(actions), if release { claimed(environment) } else { environment }]
}

/// What only the agent says, where it acts itself: said to be that, and no better than what nobody knows.
fn claimed(fact: Fact) -> Fact {
    if fact.value == [words(NOT_KNOWN)] {
        return fact;
    }
    let mut detail = vec![words("the agent says: ")];
    detail.extend(fact.value);
    if !fact.detail.is_empty() {
        detail.push(words(", "));
        detail.extend(fact.detail);
    }
    Fact { detail, ..not_known(fact.label, "") }
}

fn fact(label: &'static str, value: impl Into<String>, detail: impl Into<String>, level: u8) -> Fact {
    let detail = detail.into();
    let detail = if detail.is_empty() { Vec::new() } else { vec![words(detail)] };
    Fact { label, value: vec![words(value)], detail, level }
}

fn not_known(label: &'static str, detail: &str) -> Fact {
    fact(label, NOT_KNOWN, detail, 3)
}

/// 1 up to `few`, 2 up to `many`, then 3.
fn scale(count: u64, few: u64, many: u64) -> u8 {
    1 + u8::from(count > few) + u8::from(count > many)
}

fn reach(action: &Action) -> Fact {
    match &action.act {
        Act::Post(post) => readers(&post.reach),
        Act::Access(access) => readers(&access.population),
        Act::Change(change) => file_readers(change),
        Act::Remove(_) => fact("Reach", "Nobody new", "removing shows nothing to anyone", 1),
        Act::Run(_) => not_known("Reach", "a program can send what it reads"),
        Act::Call(_) => not_known("Reach", "the call is not understood"),
    }
}

fn readers(reach: &Reach) -> Fact {
    let text = |audience: &Audience| match audience {
        Audience::Unknown => "not known".to_owned(),
        Audience::Everyone => "anyone".to_owned(),
        Audience::Known { count, .. } => count::people(*count),
    };
    let (value, level) = match (&reach.before, &reach.after) {
        (_, Audience::Unknown) => return not_known("Reach", "treated as everyone"),
        (_, Audience::Everyone) => (format!("{} to anyone", text(&reach.before)), 3),
        (before, Audience::Known { count, external, .. }) => {
            let outside = external.is_some_and(|some| some > 0);
            let level = if outside { 3 } else { scale(*count, 20, 500) };
            (format!("{} to {}", text(before), count::people(*count)), level)
        }
    };
    fact("Reach", value, kinds(&reach.after), level)
}

fn kinds(audience: &Audience) -> String {
    let Audience::Known { guests, external, bots, .. } = audience else { return String::new() };
    let named = [(external, "external"), (guests, "guests"), (bots, "bots")];
    let parts =
        named.iter().filter_map(|(count, name)| count.map(|it| format!("{} {name}", count::number(it))));
    parts.collect::<Vec<_>>().join(", ")
}

/// Who may read a file by its mode; folders above it may say no, which is not known here.
fn file_readers(change: &Change) -> Fact {
    let Some(would) = change.mode_after.or(change.mode_before) else {
        return not_known("Reach", "no mode was read");
    };
    let (text, level) = match would {
        _ if change.after.is_none() => ("Nobody new", 1),
        mode if mode & 0o004 != 0 => ("Users of the machine", 2),
        mode if mode & 0o040 != 0 => ("Owner and group", 1),
        _ => ("Owner", 1),
    };
    let widened = change.mode_before.is_some_and(|was| would & !was & 0o044 != 0);
    fact("Reach", text, format!("mode {}", count::mode(would)), if widened { 3 } else { level })
}

fn volume(action: &Action, sum: &Sum, effect: Effect) -> Fact {
    let lines = sum.stats;
    match &action.act {
        Act::Post(post) => {
            let with = match post.attachments.len() {
                0 => "no attachments".to_owned(),
                some => count::of(some as u64, "attachment"),
            };
            fact(
                "Volume",
                format!("1 post, {}", count::of(lines.added, "line")),
                with,
                scale(lines.added, 50, 500),
            )
        }
        Act::Change(change) if sum.binary => {
            let size = change.after.as_ref().or(change.before.as_ref()).map_or(0, |it| it.size());
            fact("Volume", format!("1 file, {}", count::of(size, "byte")), "not text", 2)
        }
        Act::Change(_) => {
            let total = lines.added + lines.removed;
            let detail =
                format!("{} added, {} removed", count::number(lines.added), count::number(lines.removed));
            fact("Volume", format!("1 file, {}", count::of(total, "line")), detail, scale(total, 50, 500))
        }
        Act::Remove(remove) => {
            let total = remove.objects.count();
            Fact {
                value: things("", total, &remove.what),
                ..fact("Volume", "", copy(remove, effect), scale(total, 10, 100))
            }
        }
        Act::Access(_) => {
            let detail =
                format!("{} gained, {} lost", count::number(lines.added), count::number(lines.removed));
            let level = if sum.anyone_gains { 3 } else { scale(lines.added + lines.removed, 3, 20) };
            fact("Volume", count::of(lines.added + lines.removed, "right"), detail, level)
        }
        Act::Run(run) => {
            let given = count::of(run.argv.len().saturating_sub(1) as u64, "argument");
            fact("Volume", "1 program", format!("{given}; what it changes is not known"), 2)
        }
        Act::Call(_) => not_known("Volume", "1 call"),
    }
}

/// At least in the middle: what one use changes is not known, and there may be more than one.
fn batch(proposal: &Proposal) -> Fact {
    let uses = proposal.actions.batch().map_or(0, |batch| batch.terms().uses);
    let what = match proposal.actions.first().map(|it| &it.act) {
        Some(Act::Call(_)) => "call",
        _ => "program",
    };
    let listed = format!("of {} listed", count::number(proposal.actions.len() as u64));
    fact("Volume", format!("Up to {}", count::of(uses, what)), listed, scale(uses, 3, 20).max(2))
}

fn reversibility(actions: &[Action]) -> Fact {
    let worst = actions.iter().map(|it| it.reversibility).max_by_key(|it| level(*it));
    match worst.unwrap_or(Reversibility::Unknown) {
        Reversibility::Reversible => fact("Reversibility", "Reversible", "one step takes it back", 1),
        Reversibility::Effort => fact("Reversibility", "With effort", "undoing it takes work", 2),
        Reversibility::Irreversible => fact("Reversibility", "Irreversible", "nothing can undo it", 3),
        Reversibility::Unknown => not_known("Reversibility", "treated as irreversible"),
    }
}

fn environment(actions: &[Action]) -> Fact {
    let mut names: Vec<_> = actions.iter().map(|it| it.environment.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let level = names.iter().map(|name| environment_level(name)).max().unwrap_or(3);
    let mut all: Vec<Segment> = Vec::new();
    for name in names {
        if !all.is_empty() {
            all.push(words(", "));
        }
        if matches!(name, "unknown" | "not known") {
            all.push(words(NOT_KNOWN))
        } else {
            all.extend(told(value(name.as_bytes())))
        }
    }
    Fact { label: "Environment", value: all, detail: Vec::new(), level }
}

/// By the gate's name for it. A name that says nothing is in the middle.
fn environment_level(name: &str) -> u8 {
    match name.to_ascii_lowercase().as_str() {
        "production" | "prod" | "live" | "unknown" | "not known" => 3,
        "test" | "testing" | "development" | "dev" | "sandbox" | "scratch" => 1,
        _ => 2,
    }
}
