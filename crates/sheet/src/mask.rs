//! Hides secrets: a mask stands for each, as wide as it is, and says what it is and how long where that fits.
//!
//! Two masks with the same mark stand for the same secret. The mark is made with a key of the
//! machine, so that nobody who sees a mask, or a picture of one, can try out what is behind it.
//!
//! A sheet is made and hashed with its secrets. Then they are hidden, so that nothing that is drawn, copied, searched
//! or logged has them, until a person asks for one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, Match, MatchKind};

use countersign_core::digest::Digest;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::marks::Place;
use crate::model::{ChipTone, Document, Secret, Segment, SegmentKind, Severity, Sheet};
use crate::segments::{chip, part, value};
use crate::unicode;
use crate::{count, findings, marks};

/// The key of the marks, of one machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MaskKey([u8; 32]);

impl MaskKey {
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    fn tag(&self, of: &[u8]) -> Digest {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length will do");
        mac.update(of);
        Digest::from_bytes(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for MaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MaskKey")
    }
}

impl Secret {
    /// Four hexadecimal digits that tell it from others, here and nowhere else.
    #[must_use]
    pub fn mark(&self, key: &MaskKey) -> String {
        let tag = key.tag(self.sha256.as_bytes());
        tag.as_bytes().iter().take(2).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What stands for it where it goes, in a list of those that are none: nobody without the key can find out of
    /// which text it is made, and the same text has another one at another destination. `None` where nothing says
    /// where a text ends up.
    #[must_use]
    pub fn here(&self, key: &MaskKey) -> Option<Digest> {
        let known_by = self.destination.known_by?;
        Some(key.tag(&[&b"not a secret\0"[..], known_by.as_bytes(), self.sha256.as_bytes()].concat()))
    }

    /// `GitLab token, 26 characters, mark 3f9a`
    #[must_use]
    pub fn says(&self, key: &MaskKey) -> String {
        format!("{}, {}, mark {}", self.what, count::of(self.characters, "character"), self.mark(key))
    }

    /// What stands in its place, `columns` wide: as much of [`Secret::says`] as fits.
    fn stands(&self, key: &MaskKey, columns: usize) -> String {
        let (long, mark) = (count::of(self.characters, "character"), self.mark(key));
        let says = [
            format!(" {}, {long}, {mark} ", self.what),
            format!(" {long}, {mark} "),
            format!(" {}, {mark} ", self.characters),
        ];
        // A dot on each side, at least.
        let says = says.into_iter().find(|it| it.chars().count() + 2 <= columns).unwrap_or_default();
        let left = columns.saturating_sub(says.chars().count());
        format!("{}{says}{}", DOT.repeat(left / 2), DOT.repeat(left - left / 2))
    }
}

const DOT: &str = "\u{2022}";

/// `segments` with a mask in the place of each secret of which `is_shown` does not say that a person asked for it.
#[must_use]
pub fn masked<'s>(
    segments: &'s [Segment],
    key: &MaskKey,
    is_shown: &dyn Fn(&Segment) -> bool,
) -> Cow<'s, [Segment]> {
    let hides = |it: &Segment| it.secret.is_some() && !is_shown(it);
    if !segments.iter().any(hides) {
        return Cow::Borrowed(segments);
    }
    let made = segments.chunk_by(|one, next| hides(one) && hides(next) && one.secret == next.secret);
    let one = |piece: &[Segment]| match piece {
        [first, ..] if hides(first) => vec![mask(piece, first, key)],
        _ => piece.to_vec(),
    };
    Cow::Owned(made.flat_map(one).collect())
}

/// `segments` with a chip that names it in the place of each secret, for where nothing can be revealed.
pub(crate) fn named(segments: Vec<Segment>) -> Vec<Segment> {
    let same = |one: &Segment, next: &Segment| one.secret.is_some() && one.secret == next.secret;
    let one = |piece: &[Segment]| match piece {
        [Segment { secret: Some(secret), source, .. }, ..] => {
            let says = format!("{}, {}", secret.what, count::of(secret.characters, "character"));
            let end = piece.last().map_or(source.end, |it| it.source.end);
            vec![chip(says, ChipTone::Neutral, source.start..end)]
        }
        _ => piece.to_vec(),
    };
    segments.chunk_by(same).flat_map(one).collect()
}

/// `segments` that stand in a list, in which no secret is told: a chip names each.
#[must_use]
pub fn told(segments: Vec<Segment>) -> Vec<Segment> {
    let one = |it: Segment| {
        if !matches!(it.kind, SegmentKind::Text | SegmentKind::Changed) {
            return vec![it];
        }
        let mut secrets = findings::secrets(it.display.as_bytes());
        if secrets.is_empty() {
            return vec![it];
        }
        for place in &mut secrets {
            place.range = it.source.start + place.range.start..it.source.start + place.range.end;
        }
        named(marks::mark(vec![it], &secrets))
    };
    segments.into_iter().flat_map(one).collect()
}

/// As [`told`], for arguments of one program: what one of them is, another can say.
#[must_use]
pub fn told_arguments(argv: &[&[u8]]) -> Vec<Vec<Segment>> {
    let secrets = findings::secrets(&argv.join(&b' '));
    let mut from = 0;
    let one = |argument: &&[u8]| {
        let range = from..from + argument.len();
        from = range.end + 1;
        let within = |it: &Place| {
            it.range.start.max(range.start) - range.start..it.range.end.min(range.end) - range.start
        };
        let touching = secrets.iter().filter(|it| it.overlaps(&range));
        let marks = touching.map(|it| Place { range: within(it), ..it.clone() }).collect();
        told(named(marks::mark(value(argument), &marks)))
    };
    argv.iter().map(one).collect()
}

fn mask(piece: &[Segment], first: &Segment, key: &MaskKey) -> Segment {
    let columns = piece.iter().flat_map(|it| it.display.chars()).map(unicode::width).sum::<usize>();
    let mut findings: Vec<u32> = piece.iter().flat_map(|it| it.findings.iter().copied()).collect();
    findings.sort_unstable();
    findings.dedup();
    Segment {
        source: first.source.start..piece.last().map_or(first.source.end, |it| it.source.end),
        display: first.secret.as_ref().map(|it| it.stands(key, columns.max(1))).unwrap_or_default(),
        kind: SegmentKind::Mask,
        rtl: false,
        findings,
        secret: first.secret.clone(),
    }
}

/// What was hidden on a sheet.
#[derive(Clone)]
pub struct Hidden {
    key: MaskKey,
    /// The texts that have secrets, by their number among all texts of the sheet.
    texts: BTreeMap<usize, Vec<Segment>>,
    known: Known,
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hidden({} texts)", self.texts.len())
    }
}

/// Puts masks in the place of all secrets of `sheet`, whose [`Sheet::digest`] is another from then on.
///
/// What is hidden where nothing but the same text elsewhere says that it is a secret blocks from then on.
pub fn hide(sheet: &mut Sheet, key: &MaskKey) -> Hidden {
    let mut known = Known::default();
    stretches(sheet, &mut |is_said, stretch| {
        // Nothing of what is only said happens: it must not be a way to hide what does.
        if !is_said {
            known.learn(stretch);
        }
    });
    let finder = known.finder();
    let mut elsewhere = BTreeSet::new();
    stretches(sheet, &mut |_, stretch| {
        if let Some(finder) = &finder {
            finder.name_in(stretch, &mut elsewhere);
        }
    });
    drop(finder);
    let mut hidden = Hidden { key: *key, texts: BTreeMap::new(), known };
    let mut says = BTreeMap::<u32, String>::new();
    texts(sheet, &mut |at, text| {
        if let Cow::Owned(made) = masked(text, key, &|_| false) {
            for segment in made.iter().filter(|it| it.kind == SegmentKind::Mask) {
                let secret =
                    segment.secret.iter().flat_map(|it| segment.findings.iter().map(move |of| (*of, it)));
                for (finding, secret) in secret {
                    says.entry(finding).or_insert_with(|| secret.says(key));
                }
            }
            hidden.texts.insert(at, std::mem::replace(text, made));
        }
    });
    for (finding, says) in says {
        if let Some(it) = sheet.findings.get_mut(finding as usize) {
            it.masked = Some(says);
            it.hides_elsewhere = elsewhere.contains(&finding);
            if it.hides_elsewhere {
                it.severity = Severity::Blocking;
                it.why.push_str(ELSEWHERE);
            }
        }
    }
    hidden
}

/// As [`hide`], of documents that are beside a sheet. Nothing of it can be shown again.
/// What is a secret on that sheet is one here too.
pub fn hide_in(documents: &mut [Document], key: &MaskKey, beside: Option<&Hidden>) {
    let mut known = beside.map(|it| it.known.clone()).unwrap_or_default();
    documents.iter_mut().for_each(|it| stretches_of(it, &mut |stretch| known.learn(stretch)));
    let finder = known.finder();
    for document in documents {
        if let Some(finder) = &finder {
            stretches_of(document, &mut |stretch| finder.name_in(stretch, &mut BTreeSet::new()));
        }
        texts_of(document, &mut |text| {
            if let Cow::Owned(made) = masked(text, key, &|_| false) {
                *text = made;
            }
        });
    }
}

/// Said of a secret that is hidden in other places too, where nothing says that it is one. Whoever planted it could hide
/// by it what matters there.
const ELSEWHERE: &str =
    " The same text is hidden in other places of this sheet too, so it has to be looked at.";

/// Shorter ones are parts of ordinary words too.
const LEAST: usize = 6;

/// Secrets as they are drawn, each with the findings that it belongs to. By them one is hidden wherever it is drawn, if
/// it was found in one place only: beside its other side, in a part of a command, in a heading.
#[derive(Clone, Default)]
struct Known(BTreeMap<String, (Arc<Secret>, Vec<u32>)>);

/// Texts that are one: rows of a column each of which carries on the one above it.
type Stretch<'s, 't> = &'s mut [&'t mut Vec<Segment>];

/// What of others is drawn as it is: our words are not theirs, and a chip says what is there.
fn is_theirs(it: &Segment) -> bool {
    matches!(it.kind, SegmentKind::Text | SegmentKind::Changed)
}

impl Known {
    fn learn(&mut self, stretch: Stretch<'_, '_>) {
        if stretch.iter().all(|text| text.iter().all(|it| it.secret.is_none())) {
            return;
        }
        let all: Vec<&Segment> = stretch.iter().flat_map(|text| text.iter()).collect();
        for pieces in all.chunk_by(|one, next| one.secret.is_some() && one.secret == next.secret) {
            let Some(secret) = pieces.first().and_then(|it| it.secret.as_ref()) else { continue };
            // One with a chip in it is not drawn as it is.
            if !pieces.iter().all(|it| is_theirs(it)) {
                continue;
            }
            let drawn: String = pieces.iter().map(|it| it.display.as_str()).collect();
            // A line of a longer one, or what is left of it at an end, is no secret by itself.
            let is_whole = drawn.chars().count() as u64 * 4 >= secret.characters * 3;
            if drawn.len() >= LEAST && is_whole {
                let findings = pieces.iter().flat_map(|it| it.findings.iter().copied()).collect();
                self.0.entry(drawn).or_insert_with(|| (Arc::clone(secret), findings));
            }
        }
    }

    fn finder(&self) -> Option<Finder<'_>> {
        if self.0.is_empty() {
            return None;
        }
        // So many that none can be made of them: gigabytes, which no sheet has.
        let words =
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(self.0.keys()).ok()?;
        Some(Finder { words, known: self.0.values().collect() })
    }
}

/// Finds known secrets in what is drawn.
struct Finder<'k> {
    words: AhoCorasick,
    known: Vec<&'k (Arc<Secret>, Vec<u32>)>,
}

impl Finder<'_> {
    /// Names what is drawn of them in `stretch`; `found` takes the findings of those that no segment there named yet.
    fn name_in(&self, stretch: Stretch<'_, '_>, found: &mut BTreeSet<u32>) {
        let drawn: String = stretch
            .iter()
            .flat_map(|text| text.iter())
            .filter(|it| is_theirs(it))
            .map(|it| it.display.as_str())
            .collect();
        let hits: Vec<_> = self.words.find_iter(&drawn).collect();
        if hits.is_empty() {
            return;
        }
        let mut at = 0;
        for text in stretch {
            let mut made = Vec::with_capacity(text.len());
            for segment in text.drain(..) {
                if !is_theirs(&segment) {
                    made.push(segment);
                    continue;
                }
                let range = at..at + segment.display.len();
                at = range.end;
                name_in(segment, &range, &hits, &self.known, (&mut made, found));
            }
            **text = made;
        }
    }
}

/// `segment`, which stands at `range` of what is drawn, cut where a hit begins or ends in it.
fn name_in(
    segment: Segment,
    range: &Range<usize>,
    hits: &[Match],
    known: &[&(Arc<Secret>, Vec<u32>)],
    (made, found): (&mut Vec<Segment>, &mut BTreeSet<u32>),
) {
    let from = hits.partition_point(|it| it.end() <= range.start);
    let hits: Vec<_> = hits[from..].iter().take_while(|it| it.start() < range.end).collect();
    if segment.secret.is_some() || hits.is_empty() || segment.display.is_empty() {
        made.push(segment);
        return;
    }
    let edges = hits.iter().flat_map(|it| [it.start().max(range.start), it.end().min(range.end)]);
    let mut edges: Vec<_> = edges.map(|it| it - range.start).chain([0, segment.display.len()]).collect();
    edges.sort_unstable();
    edges.dedup();
    for pair in edges.windows(2) {
        let mut piece = part(&segment, pair[0]..pair[1]);
        let within = |it: &&&Match| it.start() <= range.start + pair[0] && range.start + pair[1] <= it.end();
        if let Some((secret, findings)) =
            hits.iter().find(within).and_then(|it| known.get(it.pattern().as_usize()))
        {
            piece.secret = Some(Arc::clone(secret));
            piece.findings.extend(findings.iter().filter(|it| !segment.findings.contains(it)));
            piece.findings.sort_unstable();
            found.extend(findings);
        }
        made.push(piece);
    }
}

impl Hidden {
    /// Shows in `sheet`, of which all was hidden, what belongs to the findings of these numbers.
    pub fn show(&self, sheet: &mut Sheet, findings: &[u32]) {
        let asked = |it: &Segment| it.findings.iter().any(|of| findings.contains(of));
        texts(sheet, &mut |at, text| {
            if let Some(hidden) = self.texts.get(&at) {
                *text = masked(hidden, &self.key, &asked).into_owned();
            }
        });
    }

    /// Whether anything is hidden for this finding.
    #[must_use]
    pub fn hides(&self, finding: u32) -> bool {
        self.texts.values().flatten().any(|it| it.secret.is_some() && it.findings.contains(&finding))
    }
}

/// Calls `each` with every text of `sheet` that can have foreign letters, numbered in a fixed order.
fn texts(sheet: &mut Sheet, each: &mut dyn FnMut(usize, &mut Vec<Segment>)) {
    let mut at = 0;
    let mut next = |text: &mut Vec<Segment>| {
        each(at, text);
        at += 1;
    };
    above(sheet, &mut |_, text| next(text));
    sheet.documents.iter_mut().for_each(|document| texts_of(document, &mut next));
}

/// The texts above the documents, and whether each is only said by somebody.
fn above(sheet: &mut Sheet, each: &mut dyn FnMut(bool, &mut Vec<Segment>)) {
    let headline = &mut sheet.headline;
    each(false, &mut headline.who);
    headline.calls_itself.iter_mut().for_each(|it| each(true, it));
    headline.note.iter_mut().for_each(|it| each(false, it));
    headline.lines.iter_mut().flatten().for_each(|span| each(false, &mut span.segments));
    each(false, &mut sheet.would);
    if let Some(asked) = &mut sheet.asked {
        let said = asked.by.iter_mut().chain([&mut asked.origin]).chain(&mut asked.text);
        said.for_each(|it| each(true, it));
    }
    sheet.claim.iter_mut().for_each(|it| each(true, it));
    sheet.facts.iter_mut().flat_map(|it| [&mut it.value, &mut it.detail]).for_each(|it| each(false, it));
}

fn texts_of(document: &mut Document, each: &mut dyn FnMut(&mut Vec<Segment>)) {
    each(&mut document.title);
    document.subtitle.iter_mut().chain(&mut document.columns).for_each(&mut *each);
    document.rows.iter_mut().for_each(|row| row.texts_mut().into_iter().for_each(&mut *each));
}

/// As [`texts`], with what carries on a text together with it.
fn stretches(sheet: &mut Sheet, each: &mut dyn FnMut(bool, Stretch<'_, '_>)) {
    above(sheet, &mut |is_said, text| each(is_said, &mut [text]));
    sheet.documents.iter_mut().for_each(|it| stretches_of(it, &mut |stretch| each(false, stretch)));
}

fn stretches_of(document: &mut Document, each: &mut dyn FnMut(Stretch<'_, '_>)) {
    let head = document.subtitle.iter_mut().chain(&mut document.columns);
    [&mut document.title].into_iter().chain(head).for_each(|text| each(&mut [text]));
    for rows in document.rows.chunk_by_mut(|_, next| next.continues()) {
        if let [row] = rows {
            row.texts_mut().into_iter().for_each(|text| each(&mut [text]));
            continue;
        }
        let mut columns: Vec<Vec<&mut Vec<Segment>>> = Vec::new();
        for row in rows {
            for (at, text) in row.texts_mut().into_iter().enumerate() {
                if columns.len() == at {
                    columns.push(Vec::new());
                }
                columns[at].push(text);
            }
        }
        columns.iter_mut().for_each(|stretch| each(stretch));
    }
}

#[cfg(test)]
mod tests {
    use countersign_core::digest::Digest;

    use super::*;
    use crate::segments::words;

    fn secret(text: &str) -> Segment {
        let secret = Secret {
            what: "GitLab token".to_owned(),
            characters: text.chars().count() as u64,
            sha256: Digest::of(text.as_bytes()),
            destination: crate::marking::Destination::default(),
        };
        Segment {
            source: 0..text.len(),
            kind: SegmentKind::Text,
            findings: vec![1],
            secret: Some(Arc::new(secret)),
            ..words(text)
        }
    }

    fn drawn(segments: &[Segment]) -> String {
        masked(segments, &MaskKey::new([7; 32]), &|_| false).iter().map(|it| it.display.as_str()).collect()
    }

    #[test]
    fn a_mask_is_as_wide_as_the_secret_and_has_nothing_of_it() {
        for length in 1..80 {
            let text = "Zq9".repeat(30)[..length].to_owned();
            let made = drawn(&[words("a "), secret(&text), words(" b")]);
            assert_eq!(made.chars().count(), length + 4, "{made}");
            assert!(
                !made.contains("Zq9")
                    && !made.contains('Z')
                    && made.starts_with("a ")
                    && made.ends_with(" b")
            );
        }
    }

    #[test]
    fn it_says_what_fits() {
        let says = |length: usize| drawn(&[secret(&"x".repeat(length))]);
        let mark =
            secret(&"x".repeat(50)).secret.map(|it| it.mark(&MaskKey::new([7; 32]))).unwrap_or_default();
        assert!(says(50).contains(&format!(" GitLab token, 50 characters, {mark} ")), "{}", says(50));
        assert!(says(26).contains(" 26 characters, "), "{}", says(26));
        assert!(says(12).contains(" 12, "), "{}", says(12));
        assert_eq!(says(4), DOT.repeat(4));
    }

    #[test]
    fn a_mark_depends_on_the_key_and_on_the_secret() {
        let of = |text: &str, key: u8| secret(text).secret.map(|it| it.mark(&MaskKey::new([key; 32])));
        assert_eq!(of("one", 1), of("one", 1));
        assert_ne!(of("one", 1), of("one", 2));
        assert_ne!(of("one", 1), of("two", 1));
        assert!(!format!("{:?}", MaskKey::new([201; 32])).contains("201"));
    }

    #[test]
    fn of_arguments_one_says_what_another_is() {
        let secret = "hQ7mK2vTq8xWb4";
        let told = |argv: &[&str]| {
            let argv: Vec<_> = argv.iter().map(|it| it.as_bytes()).collect();
            let all = told_arguments(&argv);
            all.iter().map(|it| it.iter().map(|it| &*it.display).collect()).collect::<Vec<String>>()
        };
        let made = told(&["deploy", "--password", secret, "--verbose"]);
        assert!(!made.concat().contains(secret), "{made:?}");
        assert_eq!((&*made[0], &*made[1], &*made[3]), ("deploy", "--password", "--verbose"));
        assert!(!told(&["deploy", &format!("--password={secret}")]).concat().contains(secret));
        assert_eq!(told(&["ls", "-l", "/srv"]), ["ls", "-l", "/srv"]);
    }

    #[test]
    fn what_a_person_asked_for_is_shown_and_its_neighbour_is_not() {
        let (shown, hidden) = (secret("first secret"), secret("other secret"));
        let hidden = Segment { findings: vec![2], ..hidden };
        let all = [shown, hidden];
        let made = masked(&all, &MaskKey::new([7; 32]), &|it| it.findings == [1]);
        assert_eq!(made[0].display, "first secret");
        assert_eq!(made[1].kind, SegmentKind::Mask);
    }
}
