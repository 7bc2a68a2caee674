//! What the app says in large: who wants what, and what follows from it.
//!
//! Built from the typed actions only. Names come in as foreign text between
//! the app's own words, so that no name can pass for a part of the sentence.

use countersign_core::action::{Access, Act, Action, Audience, Change, Reversibility};
use countersign_core::batch::{Actions, Batch, Tool};
use countersign_core::name::Label;
use countersign_core::proposal::{Agent, Authenticated, Effect, Proposal};

use crate::count;
use crate::documents::{Sum, sentence};
use crate::is_claimed;
use crate::model::{Headline, Kind, Seal, Segment, Span, Tone};
use crate::segments::{value, words};

/// Actions that are named one by one; those beyond are counted.
const NAMED: usize = 3;

/// What kind of sheet `proposal` gets.
#[must_use]
pub fn kind(proposal: &Proposal) -> Kind {
    let batch = proposal.actions.batch().is_some();
    match &*proposal.actions {
        [action, rest @ ..] if batch || rest.is_empty() => match &action.act {
            Act::Post(_) => Kind::Post,
            Act::Change(_) => Kind::Change,
            Act::Remove(_) => Kind::Remove,
            Act::Access(_) => Kind::Access,
            Act::Run(_) => Kind::Run,
            Act::Call(_) => Kind::Call,
        },
        _ => Kind::Several,
    }
}

/// The agent, as the gate knows it. Known by its user alone it is any program of that user, and the
/// name is the user's: without our words it would read as if the person wanted it.
#[must_use]
pub fn who(agent: &Agent) -> Vec<Segment> {
    let name = agent.name.as_str().as_bytes();
    match agent.authenticated {
        Authenticated::Uid(_) => sentence("a program of ", name, ""),
        Authenticated::Token(_) | Authenticated::None => value(name),
    }
}

/// What would happen, in one clause. It needs no contents, so it can be had before they arrive.
#[must_use]
pub fn would(proposal: &Proposal) -> Vec<Segment> {
    let mut all = clauses(proposal);
    // The first word is ours and begins the sentence.
    if let Some(first) = all.first_mut() {
        let mut letters = first.display.chars();
        if let Some(letter) = letters.next() {
            first.display = letter.to_ascii_uppercase().to_string() + letters.as_str();
        }
    }
    all
}

fn clauses(proposal: &Proposal) -> Vec<Segment> {
    let actions = match &proposal.actions {
        Actions::All(actions) => actions,
        Actions::Batch(batch) => return some_of(batch),
    };
    let mut all = Vec::new();
    for action in actions.iter().take(NAMED) {
        if !all.is_empty() {
            all.push(words("; "));
        }
        all.extend(clause(action, proposal.effect));
    }
    if actions.len() > NAMED {
        all.push(words(format!("; and {} more", count::number((actions.len() - NAMED) as u64))));
    }
    all
}

/// `run x up to 3 times, each with another of these 5 lists of arguments`.
fn some_of(batch: &Batch) -> Vec<Segment> {
    let (uses, listed) = (batch.terms().uses, batch.entries().len() as u64);
    let times = match uses {
        1 => "once".to_owned(),
        uses => format!("up to {} times", count::number(uses)),
    };
    let of = match (uses, listed) {
        (_, 1) => "with this list of arguments".to_owned(),
        (1, _) => format!("with one of these {} lists of arguments", count::number(listed)),
        _ => format!("each with another of these {} lists of arguments", count::number(listed)),
    };
    let after = format!(" {times}, {of}");
    match &batch.terms().tool {
        Tool::Run(it) => {
            let program = it.script.as_ref().map_or(&it.executable.path, |script| &script.path);
            sentence("run ", program.as_bytes(), &after)
        }
        Tool::Call(it) => {
            let mut clause = sentence("call ", it.tool.as_str().as_bytes(), " of ");
            clause.extend(sentence("", it.server.as_str().as_bytes(), &after));
            clause
        }
    }
}

/// Every foreign text that a headline or a clause can name, the longest first: one may be the beginning of another.
pub(crate) fn texts(proposal: &Proposal) -> Vec<&[u8]> {
    let agent = &proposal.agent;
    let mut all: Vec<&[u8]> = vec![agent.name.as_str().as_bytes()];
    all.extend(agent.calls_itself.iter().map(|it| it.as_str().as_bytes()));
    for action in proposal.actions.iter().take(NAMED) {
        match &action.act {
            Act::Post(post) => {
                all.push(post.place.as_str().as_bytes());
                all.extend(post.name.iter().map(|it| it.as_str().as_bytes()));
            }
            Act::Change(change) => all.push(change.resource.as_bytes()),
            Act::Remove(remove) => all.push(remove.what.as_str().as_bytes()),
            Act::Access(access) => all.push(access.resource.as_bytes()),
            Act::Run(run) => {
                all.push(run.script.as_ref().map_or(&run.executable.path, |script| &script.path).as_bytes());
                all.extend([run.host.as_str().as_bytes(), run.user.as_str().as_bytes()]);
            }
            Act::Call(call) => all.extend([call.tool.as_str().as_bytes(), call.server.as_str().as_bytes()]),
        }
    }
    all.sort_by_key(|text| std::cmp::Reverse(text.len()));
    all
}

/// A clause that follows "wants to".
fn clause(action: &Action, effect: Effect) -> Vec<Segment> {
    match &action.act {
        Act::Post(post) => {
            let mut clause = match &post.name {
                Some(name) => sentence("post ", name.as_str().as_bytes(), " in "),
                None => vec![words("post in ")],
            };
            clause.extend(value(post.place.as_str().as_bytes()));
            clause
        }
        Act::Change(change) => {
            sentence(change_verb(change, is_claimed(effect, action)), change.resource.as_bytes(), "")
        }
        Act::Remove(remove) => things("remove ", remove.objects.count(), &remove.what),
        Act::Access(access) => sentence("change who can use ", access.resource.as_bytes(), ""),
        Act::Run(run) => {
            let program = run.script.as_ref().map_or(&run.executable.path, |script| &script.path);
            let given = match run.argv.len().saturating_sub(1) {
                0 => " without arguments".to_owned(),
                given => format!(" with {}", count::of(given as u64, "argument")),
            };
            sentence("run ", program.as_bytes(), &given)
        }
        Act::Call(call) => {
            let mut clause = sentence("call ", call.tool.as_str().as_bytes(), " of ");
            clause.extend(value(call.server.as_str().as_bytes()));
            clause
        }
    }
}

fn change_verb(change: &Change, claimed: bool) -> &'static str {
    match (&change.before, &change.after) {
        (_, Some(_)) if claimed => "write ",
        (None, _) => "create ",
        (_, None) => "delete ",
        (Some(before), Some(after)) if before.sha256() == after.sha256() => {
            if change.mode_before == change.mode_after {
                "rewrite, without a change, "
            } else {
                "change the mode of "
            }
        }
        _ => "change ",
    }
}

/// `remove 214 files`. A kind of thing that is no plain word is shown as the foreign text that it is.
pub(crate) fn things(verb: &str, count: u64, what: &Label) -> Vec<Segment> {
    let text = what.as_str();
    if text.len() <= 24 && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return vec![words(format!("{verb}{}", count::of(count, text)))];
    }
    sentence(&format!("{verb}{}, each a ", count::of(count, "thing")), text.as_bytes(), "")
}

/// The headline, given what the documents of each action add up to.
pub(crate) fn headline(proposal: &Proposal, sums: &[Sum]) -> Headline {
    let agent = &proposal.agent;
    let mut what = vec![words("wants to ")];
    what.extend(clauses(proposal));
    what.push(words(":"));
    let mut lines = [vec![Span { segments: what, tone: Tone::Plain }], consequence(proposal, sums)];
    one_colour(&mut lines);
    let release = proposal.effect == Effect::Release;
    Headline {
        who: who(agent),
        calls_itself: agent.calls_itself.as_ref().map(|name| value(name.as_str().as_bytes())),
        seal: match agent.authenticated {
            Authenticated::Token(_) => Seal::Token,
            Authenticated::Uid(_) => Seal::Uid,
            Authenticated::None => Seal::None,
        },
        lines,
        note: release.then(|| {
            let after = " does it itself; the gate does not see what comes of it.";
            let mut note = vec![words("If you approve, ")];
            note.extend(who(agent));
            note.push(words(after));
            note
        }),
    }
}

/// One phrase is coloured, the first of the worst: where two are, neither ranks.
fn one_colour(lines: &mut [Vec<Span>; 2]) {
    let first_of = |tone| lines.iter().flatten().position(|span| span.tone == tone);
    let coloured = first_of(Tone::Red).or_else(|| first_of(Tone::Amber));
    for (at, span) in lines.iter_mut().flatten().enumerate() {
        if Some(at) != coloured {
            span.tone = Tone::Plain;
        }
    }
}

fn span(text: impl Into<String>, tone: Tone) -> Span {
    Span { segments: vec![words(text)], tone }
}

fn consequence(proposal: &Proposal, sums: &[Sum]) -> Vec<Span> {
    let (action, sum) = match (&*proposal.actions, sums) {
        ([action], [sum]) => (action, sum),
        // The place and the rest are those of all entries.
        ([action, ..], [sum, ..]) if proposal.actions.batch().is_some() => (action, sum),
        _ => return several(proposal),
    };
    let release = proposal.effect == Effect::Release;
    let mut line = match &action.act {
        // Of what an agent does itself, only it says how many that are.
        Act::Post(_) if release => readers(&Audience::Unknown),
        Act::Post(post) => readers(&post.reach.after),
        Act::Change(change) if is_claimed(proposal.effect, action) => {
            let mut line = vec![span("what is there before is not known", Tone::Red)];
            line.extend(mode(None, change.mode_after));
            line
        }
        Act::Change(change) => changed(change, sum),
        Act::Remove(remove) if release && remove.kept => {
            vec![span("whether a copy is kept is not known", Tone::Red)]
        }
        Act::Remove(remove) if remove.kept => vec![span("a copy is kept", Tone::Plain)],
        Act::Remove(_) => vec![span("no copy is kept", Tone::Red)],
        Act::Access(access) => population(access, sum, release),
        Act::Run(run) => {
            let mut place = sentence("on ", run.host.as_str().as_bytes(), ", as user ");
            place.extend(value(run.user.as_str().as_bytes()));
            vec![Span { segments: place, tone: Tone::Plain }]
        }
        Act::Call(_) => vec![span("what that does is not understood here", Tone::Red)],
    };
    let plain = matches!(action.act, Act::Post(_) | Act::Access(_));
    if !(plain && action.reversibility == Reversibility::Effort) {
        let (text, tone) = undo(action.reversibility);
        line.push(span("; ", Tone::Plain));
        line.push(span(text, tone));
    }
    line
}

/// Whether it can be taken back, in words.
fn undo(reversibility: Reversibility) -> (&'static str, Tone) {
    match reversibility {
        Reversibility::Reversible => ("it can be undone", Tone::Plain),
        Reversibility::Effort => ("undoing it takes work", Tone::Plain),
        Reversibility::Irreversible => ("nothing can undo it", Tone::Red),
        Reversibility::Unknown => ("whether it can be undone is not known", Tone::Red),
    }
}

fn readers(audience: &Audience) -> Vec<Span> {
    match audience {
        Audience::Everyone => vec![span("anyone, without signing in, will be able to read it", Tone::Red)],
        Audience::Unknown => vec![span("who will be able to read it is not known", Tone::Red)],
        Audience::Known { count, external, guests, .. } => {
            let mut line =
                vec![span(format!("{} will be able to read it", count::people(*count)), Tone::Plain)];
            for (some, what, tone) in [(external, "external", Tone::Red), (guests, "guests", Tone::Amber)] {
                if let Some(some) = some.filter(|some| *some > 0) {
                    line.push(span(", ", Tone::Plain));
                    line.push(span(format!("{} of them {what}", count::number(some)), tone));
                }
            }
            line
        }
    }
}

fn changed(change: &Change, sum: &Sum) -> Vec<Span> {
    let stats = sum.stats;
    let bytes = |size: Option<u64>| count::of(size.unwrap_or_default(), "byte");
    let (before, after) =
        (change.before.as_ref().map(|it| it.size()), change.after.as_ref().map(|it| it.size()));
    let text = match (before, after) {
        (None, _) if sum.binary => format!("{}, not text", bytes(after)),
        (None, _) => format!("{}, {}", count::of(stats.added, "line"), bytes(after)),
        (_, None) if sum.binary => format!("all its {} would be gone", bytes(before)),
        (_, None) => format!("all its {} would be gone", count::of(stats.removed, "line")),
        _ if sum.same_bytes => "no byte of its content would change".to_owned(),
        _ if sum.binary => format!("{} in place of {}, not text", bytes(after), bytes(before)),
        _ => format!("{} added, {} removed", count::of(stats.added, "line"), count::number(stats.removed)),
    };
    let mut line = vec![span(text, Tone::Plain)];
    line.extend(mode(change.mode_before, change.mode_after));
    line
}

/// What becomes of the mode, where that is worth a word.
fn mode(before: Option<u32>, after: Option<u32>) -> Vec<Span> {
    let (says, tone) = match (before, after) {
        (Some(was), Some(would)) if was != would => {
            (format!("mode {} to {}", count::mode(was), count::mode(would)), mode_tone(was, would))
        }
        (None, Some(would)) if mode_tone(0o755, would) != Tone::Plain => {
            (format!("mode {}", count::mode(would)), mode_tone(0o755, would))
        }
        _ => return Vec::new(),
    };
    vec![span(", ", Tone::Plain), span(says, tone)]
}

/// Red when it would run with another's rights or when everyone could write it, and that is new.
fn mode_tone(was: u32, would: u32) -> Tone {
    let new = would & !was;
    if new & 0o6002 != 0 {
        Tone::Red
    } else if new & 0o0115 != 0 {
        Tone::Amber
    } else {
        Tone::Plain
    }
}

fn population(access: &Access, sum: &Sum, release: bool) -> Vec<Span> {
    let number = |audience: &Audience| match audience {
        Audience::Unknown => "a number that is not known".to_owned(),
        Audience::Everyone => "anyone".to_owned(),
        Audience::Known { count, .. } => count::people(*count),
    };
    let (before, after) = (&access.population.before, &access.population.after);
    let open = sum.anyone_gains || matches!(after, Audience::Everyone | Audience::Unknown) && before != after;
    let to = if sum.anyone_gains { "anyone".to_owned() } else { number(after) };
    let outside = sum.external_gains > 0;
    let mut line = match (release, sum.anyone_gains) {
        (true, true) => vec![span("anyone would have a right", Tone::Red)],
        (true, false) => vec![span("how many people that reaches is not known", Tone::Red)],
        _ => vec![
            span(format!("from {} to ", number(before)), Tone::Plain),
            span(to, if open { Tone::Red } else { Tone::Plain }),
        ],
    };
    if outside {
        line.push(span(", ", Tone::Plain));
        let rights = count::of(sum.external_gains, if release { "right" } else { "new right" });
        line.push(span(format!("{rights} for outsiders"), Tone::Red));
    }
    line
}

fn several(proposal: &Proposal) -> Vec<Span> {
    let worst = proposal.actions.iter().map(|it| it.reversibility).max_by_key(|it| level(*it));
    let (text, tone) = undo(worst.unwrap_or(Reversibility::Unknown));
    let total = count::of(proposal.actions.len() as u64, "action");
    let which = if matches!(worst, Some(Reversibility::Reversible)) { "each: " } else { "at least one: " };
    vec![span(format!("{total}, in this order; {which}"), Tone::Plain), span(text, tone)]
}

/// 1 to 3; not known counts most.
pub(crate) fn level(reversibility: Reversibility) -> u8 {
    match reversibility {
        Reversibility::Reversible => 1,
        Reversibility::Effort => 2,
        Reversibility::Irreversible | Reversibility::Unknown => 3,
    }
}
