//! Collects what was found in the texts of a sheet.
//!
//! A finding is known by its rule, the digest of its text and its range there, so the same text in
//! two places has it once. Segments name findings by their numbers; those are given at last, the worst first.

mod settle;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_sensitivity::{self as sensitivity, Category, Reach, Rules};

use crate::marking::{Destination, Marking};
use crate::marks::{Marks, Place, mark};
use crate::model::{Finding, Headline, SPOTS, Secret, Segment, Severity, Spot};
use crate::segments::value;

/// Findings that are listed by themselves, the most severe; one more counts the rest.
const MOST: usize = 200;

/// The rule of secrets that go.
pub(crate) const REMOVED: &str = "secret-removed";

/// Why a secret that goes is a note.
const GOES: &str =
    "It goes from here. It stays in earlier versions and wherever it was copied, until it is replaced there.";

/// Why one that goes blocks.
const GOES_WITH_MORE: &str = "It goes from here, and what is hidden with it could be a line that does something, so it has to be looked at.";

/// Why something is a note that somebody said is no secret.
const SETTLED: &str =
    "You said so about exactly this, at this destination. The settings list it, and take it back.";

/// The number of one that is only counted.
const COUNTED: u32 = u32::MAX;

/// What a text is, which says what matters in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextKind {
    /// What others can read then, or what is done.
    Content,
    /// What something is called here: a path, a person, a thing that goes. It is not told to anybody by this.
    Name,
    /// What somebody says about it. Nothing of that happens.
    Said,
}

impl TextKind {
    fn minds(self, category: Category) -> bool {
        match self {
            Self::Content => true,
            Self::Name => matches!(category, Category::Secret | Category::Unicode | Category::Terminal),
            Self::Said => matches!(
                category,
                Category::Secret | Category::Unicode | Category::Terminal | Category::Injection
            ),
        }
    }
}

/// The findings of a sheet in the making, in the order in which they were met: [`MOST`] of each severity, so that
/// many that hardly matter leave no room for none that does.
#[derive(Debug)]
pub(crate) struct Findings {
    all: Vec<Finding>,
    /// Of each what it weighs before anybody said anything: by that the same ones are listed as at the gate.
    ranks: Vec<Severity>,
    known: HashMap<String, u32>,
    /// Of each severity, how many are kept and how many more there were.
    counts: BTreeMap<Severity, (usize, u64)>,
    marking: Marking,
    /// Who can read the contents that come now.
    reach: Reach,
    /// Where they go.
    destination: Destination,
    /// The file that they are the content of: some rules of a team are for some.
    path: Option<String>,
    /// The last long text, and what was found in it: a table is about the text that stands beside it.
    last: Option<(Vec<u8>, Option<Vec<u8>>, Marks)>,
}

impl Findings {
    pub(crate) fn new(marking: Marking) -> Self {
        Self {
            all: Vec::new(),
            ranks: Vec::new(),
            known: HashMap::new(),
            counts: BTreeMap::new(),
            marking,
            reach: Reach::Public,
            destination: Destination::default(),
            path: None,
            last: None,
        }
    }

    /// The texts that come now go there.
    /// `path` is that of a file of which they are the content.
    pub(crate) fn go_to(&mut self, destination: Destination, reach: Reach, path: Option<String>) {
        if self.destination != destination || self.reach != reach || self.path != path {
            (self.destination, self.reach, self.path, self.last) = (destination, reach, path, None);
        }
    }

    /// What has to be known of `text`.
    pub(crate) fn scan(&mut self, text: &[u8], kind: TextKind) -> Marks {
        let reach = if kind == TextKind::Content { self.reach } else { Reach::Private };
        let mut found = self.marking.rules().scan(text, reach);
        found.retain(|it| kind.minds(it.category));
        if kind == TextKind::Said {
            // Nothing of that happens, so nothing that happens hides in it.
            let secrets = found.iter_mut().filter(|it| it.category == Category::Secret);
            secrets.for_each(|it| it.severity = it.severity.min(sensitivity::Severity::Warning));
        }
        self.take(text, found)
    }

    /// What has to be known of a content that comes in the place of `before`. What it does already is not done by this
    /// change; what it tells it goes on to tell.
    pub(crate) fn scan_change(&mut self, before: Option<&[u8]>, after: &[u8]) -> Marks {
        let known = self.last.as_ref().filter(|(text, was, _)| text == after && was.as_deref() == before);
        if let Some((_, _, marks)) = known {
            return marks.clone();
        }
        let mut found = self.marking.rules().scan_file(after, self.path.as_deref(), self.reach);
        if let Some(before) = before {
            keep_new(before, after, &mut found);
        }
        let marks = self.take(after, found);
        self.last = Some((after.to_vec(), before.map(<[u8]>::to_vec), marks.clone()));
        marks
    }

    /// Secrets in the parts of `before` that go, which follow one another. They tell nobody anything new, and are hidden
    /// all the same. What stays says what a part of it that goes is, so all of it is looked at.
    pub(crate) fn scan_removed(&mut self, before: &[u8], gone: impl Iterator<Item = Range<usize>>) -> Marks {
        let gone: Vec<_> = gone.filter(|it| !it.is_empty()).collect();
        if gone.is_empty() {
            return Vec::new();
        }
        let rules = self.marking.rules();
        let mut found = match &self.path {
            Some(path) => rules.scan_file(before, Some(path), Reach::Public),
            None => rules.scan_anywhere(before, Reach::Public),
        };
        found.retain(|it| it.category == Category::Secret);
        let goes = |range: &Range<usize>| {
            let at = gone.partition_point(|it| it.end <= range.start);
            gone.get(at).is_some_and(|it| it.start < range.end)
        };
        let removed = found.into_iter().filter_map(|it| {
            let mut places = [it.range].into_iter().chain(it.also).filter(goes);
            let range = places.next()?;
            let also: Vec<_> = places.collect();
            let hides_more =
                std::iter::once(&range).chain(&also).any(|it| sensitivity::hides_more(&before[it.clone()]));
            let (severity, why) = match hides_more {
                true => (sensitivity::Severity::Blocking, GOES_WITH_MORE),
                false => (sensitivity::Severity::Note, GOES),
            };
            Some(sensitivity::Finding {
                rule: REMOVED.into(),
                severity,
                range,
                others: also.len() as u64,
                also,
                why: why.into(),
                fix: None,
                ..it
            })
        });
        let removed = removed.collect();
        self.take(before, removed)
    }

    /// What has to be known of a command line, of which what it tells is told to this machine.
    pub(crate) fn scan_command(&mut self, line: &[u8]) -> Marks {
        let mut found = self.marking.rules().scan(line, self.reach);
        // Characters are looked at where each argument stands exactly. What is done is no advice to do it.
        found.retain(|it| !matches!(it.category, Category::Unicode | Category::Terminal | Category::Advice));
        for it in &mut found {
            if matches!(it.category, Category::Personal | Category::Internal) {
                it.severity = sensitivity::Severity::Note;
            }
        }
        self.take(line, found)
    }

    /// What the characters of `text` hide or pretend.
    pub(crate) fn scan_characters(&mut self, text: &[u8]) -> Marks {
        // Most texts are of this kind, and a list can have many thousands.
        if text.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n')) {
            return Vec::new();
        }
        self.take(text, sensitivity::characters(text))
    }

    fn take(&mut self, text: &[u8], found: Vec<sensitivity::Finding>) -> Marks {
        if found.is_empty() {
            return Vec::new();
        }
        let digest = Digest::of(text);
        let mut marks = Vec::with_capacity(found.len());
        for mut it in asked_once(found) {
            let places = [vec![it.range.clone()], std::mem::take(&mut it.also)].concat();
            let what = (it.category == Category::Secret).then(|| it.title.clone());
            let secrets = places.iter().map(|range| {
                let what = what.as_ref()?;
                Some(Arc::new(secret(what, &text[range.clone()], &self.destination)))
            });
            let secrets: Vec<_> = secrets.collect();
            let number = self.add_with(it, &digest, secrets.iter().flatten());
            marks.extend(places.into_iter().zip(secrets).map(|(range, secret)| {
                let secret = secret.filter(|it| !self.marking.is_no_secret(it));
                Place { range, finding: number, secret }
            }));
        }
        marks
    }

    /// Takes a finding of the text with this digest. Its number, for now.
    pub(crate) fn add(&mut self, found: sensitivity::Finding, text: &Digest) -> u32 {
        self.add_with(found, text, [].into_iter())
    }

    /// As [`Findings::add`], of one that is about `secrets`.
    fn add_with<'s>(
        &mut self,
        mut found: sensitivity::Finding,
        text: &Digest,
        secrets: impl Iterator<Item = &'s Arc<Secret>> + Clone,
    ) -> u32 {
        let id = sensitivity::id(&found.rule, text, &found.range);
        let rank = severity(found.severity);
        found.title = found.says().into_owned();
        found.severity = self.marking.weighed(&found.rule, found.category, found.severity);
        let mut all = secrets.clone().peekable();
        let is_known = all.peek().is_some() && all.all(|it| self.marking.is_no_secret(it));
        // What goes is not told to that place.
        let settled = is_known && found.rule != REMOVED;
        if settled {
            let title = format!("{}, you said: not a secret here", found.title);
            let (severity, why) = (sensitivity::Severity::Note, SETTLED.into());
            found = sensitivity::Finding { severity, title, why, fix: None, ..found };
        }
        let severity = severity(found.severity);
        if let Some(known) = self.known.get(&id) {
            if let Some(it) = self.ranks.get_mut(*known as usize) {
                *it = rank.max(*it);
            }
            if let Some(it) = self.all.get_mut(*known as usize) {
                it.stands_again(&found, severity, settled, secrets);
            }
            return *known;
        }
        let (kept, more) = self.counts.entry(rank).or_default();
        if *kept == MOST {
            *more += 1;
            return COUNTED;
        }
        *kept += 1;
        let number = self.all.len() as u32;
        // No rule has a name that is too long for one; a finding is never without.
        let name = label(&id).unwrap_or_else(|| short(&id, text, &found.range));
        self.known.insert(id, number);
        let id = name;
        self.ranks.push(rank);
        self.all.push(Finding {
            id,
            rule: found.rule.into_owned(),
            severity,
            title: found.title,
            why: found.why.into_owned(),
            fix: found.fix,
            masked: None,
            hides_elsewhere: false,
            is_settled: settled,
            secrets: secrets.cloned().collect(),
            place: Vec::new(),
            spots: Vec::new(),
        });
        number
    }

    /// A [`value`] with its findings marked.
    pub(crate) fn value(&mut self, text: &[u8], kind: TextKind) -> Vec<Segment> {
        let marks = self.scan(text, kind);
        mark(value(text), &marks)
    }

    /// A name and its value, which says more after its name than by itself.
    pub(crate) fn named(&mut self, name: &[u8], text: &[u8]) -> [Vec<Segment>; 2] {
        let whole = [name, b"=", text].concat();
        let marks = self.scan(&whole, TextKind::Content);
        let from = name.len() + 1;
        let within = |from: usize, to: usize| -> Marks {
            let touching = marks.iter().filter(|it| it.overlaps(&(from..to)));
            let moved = |range: &Range<usize>| range.start.max(from) - from..range.end.min(to) - from;
            touching.map(|it| Place { range: moved(&it.range), ..it.clone() }).collect()
        };
        [mark(value(name), &within(0, name.len())), mark(value(text), &within(from, whole.len()))]
    }

    /// Marks `text` wherever the headline and the clause name it.
    pub(crate) fn mark_named(&mut self, text: &[u8], headline: &mut Headline, would: &mut Vec<Segment>) {
        let marks = self.scan(text, TextKind::Name);
        if marks.is_empty() {
            return;
        }
        let plain = value(text);
        let marked = mark(plain.clone(), &marks);
        let spans = headline.lines.iter_mut().flatten().map(|span| &mut span.segments);
        let said = headline.calls_itself.iter_mut().chain([&mut headline.who, would]).chain(spans);
        for segments in said {
            let found = segments.windows(plain.len()).position(|window| window == plain);
            if let Some(at) = found {
                segments.splice(at..at + plain.len(), marked.iter().cloned());
            }
        }
    }

    /// Whether the finding of this number is one of `rule`.
    pub(crate) fn is(&self, number: u32, rule: &str) -> bool {
        self.all.get(number as usize).is_some_and(|it| it.rule == rule)
    }

    /// Their identities, by their numbers for now.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &Label> {
        self.all.iter().map(|it| &it.id)
    }
}

/// Of findings that say of one place that access is widened there, or that it is advised, only the one that has the
/// place of the others in its own blocks: nobody learns more from saying yes three times. The others warn. What is
/// destroyed is never one of them, nor what stands for others that it counts.
fn asked_once(mut found: Vec<sensitivity::Finding>) -> Vec<sensitivity::Finding> {
    let mut asked: Vec<Range<usize>> = Vec::new();
    for it in &mut found {
        let about = matches!(it.category, Category::Access | Category::Advice);
        if !about || it.severity != sensitivity::Severity::Blocking || it.others > 0 {
            continue;
        }
        let within = |of: &Range<usize>| of.start <= it.range.start && it.range.end <= of.end;
        // They come by their place: what could have this one within it is among the last.
        if asked.iter().rev().take(MOST).any(within) {
            it.severity = sensitivity::Severity::Warning;
        } else {
            asked.push(it.range.clone());
        }
    }
    found
}

/// Leaves of what is done the part that no line of `before` does already.
fn keep_new(before: &[u8], after: &[u8], found: &mut Vec<sensitivity::Finding>) {
    let done = |it: &sensitivity::Finding| matches!(it.category, Category::Access | Category::Destructive);
    if !found.iter().any(done) {
        return;
    }
    let known: HashSet<&[u8]> = before.split(|byte| *byte == b'\n').collect();
    // They come by their place, so that a line of many is looked for once.
    let mut lines = after.split_inclusive(|byte| *byte == b'\n').scan(0, |at, line| {
        *at += line.len();
        Some((*at - line.len()..*at, known.contains(line.strip_suffix(b"\n").unwrap_or(line))))
    });
    let mut line = lines.next();
    found.retain(|it| {
        while line.as_ref().is_some_and(|(range, _)| range.end <= it.range.start) {
            line = lines.next();
        }
        let begins_known = line.as_ref().is_some_and(|(range, known)| *known && it.range.end <= range.end);
        // One that stands for others says of none of them that it was there.
        !(done(it) && begins_known) || it.others > 0
    });
}

/// The secrets in `text`, as no finding of any sheet.
pub(crate) fn secrets(text: &[u8]) -> Marks {
    let found = Rules::built_in().scan(text, Reach::Public);
    let secrets = found.into_iter().filter(|it| it.category == Category::Secret);
    let places = |it: sensitivity::Finding| {
        let what = it.title.clone();
        let all: Vec<_> = [it.range].into_iter().chain(it.also).collect();
        all.into_iter().map(move |range| {
            let secret = Some(Arc::new(secret(&what, &text[range.clone()], &Destination::default())));
            Place { range, finding: 0, secret }
        })
    };
    secrets.flat_map(places).collect()
}

fn secret(what: &str, text: &[u8], destination: &Destination) -> Secret {
    let characters = text.utf8_chunks().map(|it| it.valid().chars().count() + it.invalid().len());
    Secret {
        what: what.to_owned(),
        characters: characters.sum::<usize>() as u64,
        sha256: Digest::of(text),
        destination: destination.clone(),
    }
}

/// The identity of a finding whose rule has a name that does not fit into one.
fn short(id: &str, text: &Digest, range: &Range<usize>) -> Label {
    let rule = format!("rule-{}", Digest::of(id.as_bytes()));
    let id = sensitivity::id(&rule[..24], text, range);
    label(&id).expect("it is short and plain")
}

fn label(text: &str) -> Option<Label> {
    text.parse().ok()
}

fn severity(of: sensitivity::Severity) -> Severity {
    match of {
        sensitivity::Severity::Note => Severity::Note,
        sensitivity::Severity::Warning => Severity::Warning,
        sensitivity::Severity::Blocking => Severity::Blocking,
    }
}

impl Finding {
    /// The same text stands here too, where it may go to others: what weighs more counts.
    fn stands_again<'s>(
        &mut self,
        found: &sensitivity::Finding,
        severity: Severity,
        settled: bool,
        secrets: impl Iterator<Item = &'s Arc<Secret>>,
    ) {
        if self.is_settled && !settled {
            self.is_settled = false;
            self.title.clone_from(&found.title);
            self.why = found.why.clone().into_owned();
            self.fix = found.fix;
        }
        self.severity = self.severity.max(severity);
        let known: HashSet<&Secret> = self.secrets.iter().map(|it| &**it).collect();
        let new: Vec<_> = secrets.filter(|it| !known.contains(&***it)).cloned().collect();
        self.secrets.extend(new);
    }

    pub(crate) fn stands(&mut self, spot: &Spot) {
        if let (Some(Spot::Rows { document, rows }), Spot::Rows { document: of, rows: more }) =
            (self.spots.last_mut(), spot)
            && document == of
            && rows.end >= more.start
        {
            rows.end = rows.end.max(more.end);
        } else if !self.spots.contains(spot) && self.spots.len() < SPOTS {
            self.spots.push(spot.clone());
        }
    }
}
