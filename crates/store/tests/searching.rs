//! Searching on a real disk: what is typed is text, whatever it looks like, and finds what it is part of.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{at, digest, epoch, gate};
use countersign_store::{
    Error, Hits, MAX_EVIDENCE, MAX_QUERY, MAX_TEXT, NewEvidence, NewProposal, NewWithdrawal, Piece, Query,
    Seen, Signed, Store,
};
use proptest::prelude::*;

struct It {
    store: Store,
    _folder: tempfile::TempDir,
}

fn it() -> It {
    let folder = tempfile::tempdir().unwrap();
    It { store: Store::open(&folder.path().join("store")).unwrap(), _folder: folder }
}

impl It {
    fn propose(&mut self, name: &str) {
        let new = NewProposal {
            uses: None,
            digest: &digest(name),
            gate: &gate(),
            epoch: &epoch(1),
            agent: "\"none\"",
            created: at(1),
            expires: at(9),
            supersedes: None,
            people: 1,
            contents: &[],
            envelope: name.as_bytes(),
        };
        self.store.write(|tx| tx.add_proposal(&new, at(2))).unwrap();
    }

    /// Indexes whatever is not indexed as `texts`, the first of them for the oldest.
    fn index(&mut self, texts: &[&[&str]]) {
        let write = self.store.write(|tx| {
            let todo = tx.to_index(usize::MAX >> 2)?;
            assert_eq!(todo.len(), texts.len());
            for (entry, texts) in todo.iter().rev().zip(texts) {
                let piece = |(place, text): (usize, &&str)| Piece {
                    place: u8::try_from(place).unwrap(),
                    text: (*text).to_owned(),
                };
                let pieces: Vec<Piece> = texts.iter().enumerate().map(piece).collect();
                tx.index(entry, &pieces, true)?;
            }
            Ok::<_, Error>(())
        });
        write.unwrap();
    }

    fn with(texts: &[&[&str]]) -> Self {
        let mut it = it();
        (0..texts.len()).for_each(|at| it.propose(&at.to_string()));
        it.index(texts);
        it
    }

    fn hits(&mut self, text: &str) -> Hits {
        self.store.read(|tx| tx.search(&Query::new(text), None, 50)).unwrap()
    }

    /// The texts that were found, by their numbers, the newest first.
    fn found(&mut self, text: &str) -> Vec<i64> {
        self.hits(text).hits.iter().map(|hit| hit.entry - 1).collect()
    }
}

#[test]
fn any_part_of_a_word_is_found_in_code_and_in_every_language() {
    let mut it = It::with(&[
        &["fn load_config(path: &Path) -> Result<Config>"],
        &["Straße nach Köln, GROSSE Eile"],
        &["部署到生产环境之前需要会议确认"],
        &["يُرجى مراجعة الطلب"],
        &["a 👩‍🚀 flies to the moon 🚀🚀🚀"],
        &["/srv/forum/answers/1182.md"],
    ]);
    for (text, found) in [
        ("config", 0),
        ("AD_CONF", 0),
        ("&Path)", 0),
        ("-> Result<", 0),
        ("straße", 1),
        ("KÖLN", 1),
        ("große", -1),
        ("生产环境", 2),
        ("会议", 2),
        ("产", 2),
        ("مراجعة", 3),
        ("🚀🚀🚀", 4),
        ("👩‍🚀", 4),
        ("🚀", 4),
        ("answers/1182", 5),
        ("moon flies", 4),
        ("moon config", -1),
    ] {
        let expected: Vec<i64> = if found < 0 { vec![] } else { vec![found] };
        assert_eq!(it.found(text), expected, "{text}");
    }
}

#[test]
fn what_is_typed_is_never_syntax() {
    let mut it = It::with(&[
        &["say \"yes\" or NOT"],
        &["NEAR(a b, 3) AND col:x"],
        &["100% sure_thing * ^start"],
        &["-- '; DROP TABLE entry;"],
        &["zero\0byte and more"],
    ]);
    for (text, found) in [
        ("\"yes\"", vec![0]),
        ("\"\"\"", vec![]),
        ("\"", vec![0]),
        ("NEAR(a", vec![1]),
        ("NEAR(yes)", vec![]),
        ("col:x", vec![1]),
        ("text:yes", vec![]),
        ("yes OR near", vec![]),
        ("near AND col", vec![1]),
        ("NOT", vec![0]),
        ("yes*", vec![]),
        ("*", vec![2]),
        ("^start", vec![2]),
        ("100%", vec![2]),
        ("1%0", vec![]),
        ("sure_", vec![2]),
        ("sure?", vec![]),
        ("'; DROP", vec![3]),
        ("DROP TABLE entry;--", vec![]),
        ("zero\0byte", vec![4]),
        ("byte and more", vec![4]),
        ("\0\0\0", vec![]),
        ("{text} : yes", vec![]),
        ("(", vec![1]),
        (")))", vec![]),
        ("\u{202e}", vec![]),
        ("", vec![]),
        (" \t\n", vec![]),
    ] {
        assert_eq!(it.found(text), found, "{text:?}");
    }
    assert_eq!(it.store.read(|tx| tx.index_gaps()).unwrap(), (0, 0));
}

#[test]
fn ten_kilobytes_are_a_search_like_any_other() {
    let long = "lorem ipsum dolor ".repeat(600);
    let mut it = It::with(&[&[&long], &["lorem"]]);
    assert_eq!(it.found(&long), [0]);
    assert_eq!(it.found(&"\"".repeat(10_000)), [0_i64; 0]);
    assert_eq!(it.found(&"🚀".repeat(3_000)), [0_i64; 0]);
    assert_eq!(it.found(&"a b c d e ".repeat(1_000)), [0_i64; 0]);
    // Beyond its bound it is cut, between characters.
    let cut = "é".repeat(MAX_QUERY);
    assert!(!Query::new(&cut).is_empty());
}

#[test]
fn an_excerpt_shows_the_matches_and_the_line_they_are_in() {
    let mut it = It::with(&[
        &["agent forum-helper", "first line\nthe ÄPFEL were äpfel, İstanbul knows\nlast"],
        &[&"x".repeat(5000), &format!("{} needle {}", "a".repeat(500), "b".repeat(500))],
    ]);
    let hits = it.hits("äpfel the");
    let [hit] = hits.hits.as_slice() else { panic!("{hits:?}") };
    assert_eq!(
        (hit.place, hit.excerpt.as_str(), hit.cut),
        (1, "the ÄPFEL were äpfel, İstanbul knows", (false, false))
    );
    let matched = |hit: &countersign_store::Hit| -> Vec<String> {
        hit.matches.iter().map(|range| hit.excerpt[range.clone()].to_owned()).collect()
    };
    assert_eq!(matched(hit), ["the", "ÄPFEL", "äpfel"]);
    let hits = it.hits("stanb");
    assert_eq!(matched(&hits.hits[0]), ["stanb"]);
    let hits = it.hits("needle");
    let hit = &hits.hits[0];
    assert_eq!((hit.place, hit.cut, matched(hit)), (1, (true, true), vec!["needle".to_owned()]));
    assert!(hit.excerpt.len() < 200);
    // A word in one text and a word in another of the same entry.
    assert_eq!(it.found("helper last"), [0]);
}

#[test]
fn pages_neither_repeat_nor_skip_what_is_found() {
    let texts: Vec<String> =
        (0..120).map(|n| format!("number {n} {}", if n % 2 == 0 { "even" } else { "odd" })).collect();
    let texts: Vec<Vec<&str>> = texts.iter().map(|text| vec![text.as_str()]).collect();
    let texts: Vec<&[&str]> = texts.iter().map(Vec::as_slice).collect();
    let mut it = It::with(&texts);
    for word in ["even", "ev", "number"] {
        let (mut all, mut before) = (vec![], None);
        loop {
            let hits = it.store.read(|tx| tx.search(&Query::new(word), before, 7)).unwrap();
            all.extend(hits.hits.iter().map(|hit| hit.entry - 1));
            before = hits.next;
            if before.is_none() {
                break;
            }
        }
        let step = if word == "number" { 1 } else { 2 };
        let expected: Vec<i64> = (0_i32..120).step_by(step).rev().map(i64::from).collect();
        assert_eq!(all, expected, "{word}");
    }
}

#[test]
fn a_search_is_bounded_and_goes_on_where_it_stopped() {
    // Every one of these has the triples of the word, and none has the word.
    let text = format!("aba bab {}", "padding ".repeat(8000));
    let texts: Vec<Vec<&str>> = (0..500).map(|_| vec![text.as_str()]).collect();
    let texts: Vec<&[&str]> = texts.iter().map(Vec::as_slice).collect();
    let mut it = It::with(&texts);
    let (mut before, mut turns) = (None, 0);
    loop {
        let hits = it.store.read(|tx| tx.search(&Query::new("abab"), before, 50)).unwrap();
        assert!(hits.hits.is_empty());
        turns += 1;
        before = hits.next;
        if before.is_none() {
            break;
        }
    }
    assert!((2..50).contains(&turns), "{turns}");
}

#[test]
fn what_is_too_long_is_in_the_index_with_its_beginning_and_counted() {
    let long = format!("{} end", "word ".repeat(MAX_TEXT / 5));
    let mut it = It::with(&[&["short", &long], &["short"]]);
    assert_eq!(it.found("short"), [1, 0]);
    assert_eq!(it.found("end"), [0_i64; 0]);
    assert_eq!(it.store.read(|tx| tx.index_gaps()).unwrap(), (0, 1));
}

#[test]
fn what_changed_is_indexed_again_also_when_it_changed_meanwhile() {
    let mut it = It::with(&[&["before"]]);
    let gate = gate();
    let withdraw = |store: &mut Store, name: &str| {
        let new = NewWithdrawal { subject: &digest("0"), reason: Some("later") };
        let of = digest(name);
        let signed = Signed { digest: &of, gate: &gate, envelope: b"", at: at(3) };
        store.write(|tx| tx.add_gate_withdrawal(&new, &signed)).unwrap();
    };
    withdraw(&mut it.store, "one");
    assert_eq!(it.store.read(|tx| tx.index_gaps()).unwrap(), (1, 0));
    // The old words are found until then.
    assert_eq!(it.found("before"), [0]);
    let todo = it.store.read(|tx| tx.to_index(9)).unwrap();
    withdraw(&mut it.store, "two");
    let piece = |text: &str| vec![Piece { place: 0, text: text.to_owned() }];
    it.store.write(|tx| tx.index(&todo[0], &piece("half"), true)).unwrap();
    assert_eq!(it.store.read(|tx| tx.index_gaps()).unwrap(), (1, 0), "what came meanwhile is not lost");
    it.index(&[&["after"]]);
    assert_eq!((it.found("before"), it.found("after")), (vec![], vec![0]));
}

#[test]
fn evidence_that_is_dropped_is_found_no_more() {
    let mut it = it();
    let add = |it: &mut It, n: u64| {
        let name = format!("strange-{n}");
        let new = NewEvidence { name: &name, cause: "NO_MESSAGE", why: "torn", uid: None, bytes: &[] };
        it.store.write(|tx| tx.add_evidence(&new, at(n))).unwrap();
    };
    add(&mut it, 0);
    it.index(&[&["unmistakable"]]);
    assert!(matches!(it.hits("unmistakable").hits[0].seen, Seen::Evidence(_)));
    (1..=MAX_EVIDENCE).for_each(|n| add(&mut it, n));
    assert_eq!(it.found("unmistakable"), [0_i64; 0]);
    assert_eq!(it.store.read(|tx| tx.seen(None, 2000)).unwrap().len() as u64, MAX_EVIDENCE);
    assert_eq!(it.store.read(|tx| tx.index_gaps()).unwrap(), (MAX_EVIDENCE, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_part_of_a_text_finds_it(text in "\\PC{1,60}", from in 0_usize..60, length in 1_usize..20) {
        let part: String = text.chars().skip(from).take(length).collect();
        let mut it = It::with(&[&["other"], &[&text]]);
        let found = it.found(&part);
        // Folding one character may make several, so only whole parts are promised.
        prop_assert!(part.trim().is_empty() || found.contains(&1), "{part:?} in {text:?}: {found:?}");
    }

    #[test]
    fn whatever_is_typed_is_answered(text in any::<String>()) {
        let mut it = It::with(&[&["some text"], &["\"quoted\" NEAR"]]);
        it.hits(&text);
    }
}

#[test]
fn a_nul_in_plain_text_shifts_nothing() {
    let nuls = "\0".repeat(40);
    let text = format!("first line\nbefore {nuls} the needle after\nlast line");
    let mut it = It::with(&[&[&text]]);
    for word in ["needle", "after", "ne"] {
        let hits = it.hits(word).hits;
        assert_eq!(hits.len(), 1, "{word}");
        let matched: Vec<&str> = hits[0].matches.iter().map(|it| &hits[0].excerpt[it.clone()]).collect();
        assert!(matched.contains(&word), "{word}: {:?}", hits[0]);
        assert!(!hits[0].excerpt.contains('\n'), "{word}: {:?}", hits[0]);
    }
}
