//! How fast what is sensitive is found, next to the words of the same rules looked for alone; and, where the
//! labelled texts are there, how much of it.

use std::hint::black_box;
use std::path::Path;

use countersign_core::digest::Digest;
use countersign_sensitivity::{Reach, Rules, Severity, TeamRules};

use crate::Failed;
use crate::corpus;
use crate::figure::{Figure, Target};
use crate::sample::side_by_side;
use crate::say;

/// Turns of each figure.
const TURNS: usize = 15;

/// Bytes of the texts that are measured per byte.
const LONG: usize = 2 << 20;

/// Bytes of the texts of which the whole time counts.
const SHORT: usize = 64 << 10;

pub(crate) fn measure(_: &Path) -> Result<Vec<Figure>, Failed> {
    let rules = Rules::built_in();
    let (prose, code) = (repeated(&texts("md")?), repeated(&texts("rs")?));
    let mut figures = vec![compiled()];
    // Six tenths of the speed are ten sixths of the time.
    figures.push(beside_words("findings-prose", rules, &prose, 1.0 / 0.6));
    figures.push(beside_words("findings-code", rules, &code, 1.0 / 0.45));
    let typical = milliseconds(rules, &prose[..SHORT]);
    figures.push(Figure::new("findings-64k", typical, "ms", Target::AtMost(1.0), TURNS));
    figures.push(linear("findings-linear", rules, &prose));
    let all = worst_texts().into_iter().map(|(name, text)| (milliseconds(rules, &text), name));
    let (worst, name) = all.max_by(|one, other| one.0.total_cmp(&other.0)).ok_or("there is no worst text")?;
    figures.push(
        Figure::new("findings-worst", worst, "ms", Target::RatioAtMost(8.0), TURNS)
            .peer("prose of that length", typical)
            .beside("text", name),
    );
    figures.push(
        Figure::new("findings-64k-worst", worst, "ms", Target::AtMost(5.0), TURNS).beside("text", name),
    );
    figures.extend(quiet(rules)?);
    match corpus::measure()? {
        Some(found) => figures.extend(found),
        None => say("COUNTERSIGN_CORPUS names no labelled texts: what is found of them was NOT measured"),
    }
    Ok(figures)
}

fn compiled() -> Figure {
    let [time] = side_by_side(TURNS, [&|| drop(black_box(Rules::with(TeamRules::default(), &[])))]);
    Figure::new("findings-compiled", time / 1e3, "ms", Target::AtMost(100.0), TURNS)
}

fn beside_words(name: &'static str, rules: &Rules, text: &[u8], most: f64) -> Figure {
    let all = || drop(black_box(rules.scan(text, Reach::Public)));
    let words = || {
        black_box(rules.words_met(text));
    };
    let [all, words] = side_by_side(TURNS, [&all, &words]).map(|it| it * 1e3 / text.len() as f64);
    Figure::new(name, all, "ns/byte", Target::RatioAtMost(most), TURNS)
        .peer("its words alone", words)
        .beside("found", rules.scan(text, Reach::Public).len())
}

/// Ten times the bytes, and how many times the time they take.
fn linear(name: &'static str, rules: &Rules, text: &[u8]) -> Figure {
    let long = || drop(black_box(rules.scan(text, Reach::Public)));
    let short = || drop(black_box(rules.scan(&text[..text.len() / 10], Reach::Public)));
    let [long, short] = side_by_side(TURNS, [&long, &short]).map(|it| it / 1e3);
    Figure::new(name, long, "ms", Target::RatioAtMost(11.0), TURNS).peer("a tenth of it", short)
}

fn milliseconds(rules: &Rules, text: &[u8]) -> f64 {
    let [time] = side_by_side(TURNS, [&|| drop(black_box(rules.scan(text, Reach::Public)))]);
    time / 1e3
}

/// How many of 100 lines warn or block of texts in which nothing is sensitive.
fn quiet(rules: &Rules) -> Result<Vec<Figure>, Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |paths: &[&str]| -> Result<Vec<String>, Failed> {
        let mut lines = Vec::new();
        for path in paths {
            let text = std::fs::read_to_string(root.join(path))?;
            lines.extend(text.lines().filter(|it| !it.trim().is_empty()).map(str::to_owned));
        }
        Ok(lines)
    };
    let digest = |number: u32| Digest::of(&number.to_le_bytes()).to_string();
    let hash = |number: u32| match number % 3 {
        0 => format!("{}  release-{number}.tar.gz", digest(number)),
        1 => format!("{} Mend the {number}th test of the parser", &digest(number)[..40]),
        _ => digest(number)[..32].to_owned(),
    };
    let uuid = |number: u32| {
        let of = digest(number);
        let uuid = [&of[..8], &of[8..12], &of[12..16], &of[16..20], &of[20..32]].join("-");
        if number.is_multiple_of(2) { uuid } else { format!("  \"id\": \"{uuid}\",") }
    };
    let texts =
        ["east-asian-and-emoji", "right-to-left", "south-asian"].map(|it| format!("ui/dev/texts/{it}.txt"));
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let sets = [
        (
            "quiet-prose",
            read(&["README.md", "CHANGELOG.md", "docs/architecture.md", "docs/dependencies.md"])?,
            1.0,
        ),
        ("quiet-hashes", (0..5000).map(hash).collect(), 0.5),
        ("quiet-uuids", (0..5000).map(uuid).collect(), 0.5),
        ("quiet-locks", read(&["Cargo.lock", "ui/package-lock.json"])?, 0.5),
        ("quiet-i18n", read(&texts)?, 0.5),
    ];
    let figure = |(name, lines, most): (&'static str, Vec<String>, f64)| {
        let alarming = |line: &&String| {
            rules.scan(line.as_bytes(), Reach::Public).iter().any(|it| it.severity > Severity::Note)
        };
        let share = 100.0 * lines.iter().filter(alarming).count() as f64 / lines.len() as f64;
        Figure::new(name, share, "% of lines", Target::AtMost(most), 1).beside("lines", lines.len())
    };
    Ok(sets.into_iter().map(figure).collect())
}

/// All files of this repository that end like this, one after the other.
fn texts(ending: &str) -> Result<Vec<u8>, Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut folders, mut all) =
        (vec![root.join("docs"), root.join("crates"), root.join("src-tauri/src")], Vec::new());
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                files.push(path);
            }
        }
    }
    files.sort();
    for file in files {
        all.extend(std::fs::read(file)?);
    }
    Ok(all)
}

fn repeated(text: &[u8]) -> Vec<u8> {
    text.iter().copied().cycle().take(LONG).collect()
}

/// Texts that are as slow as we know how to make them.
fn worst_texts() -> Vec<(&'static str, Vec<u8>)> {
    let pieces = [
        ("names of secrets", "password=token=secret=apikey="),
        ("beginnings of secrets", "ghp_ sk-ant- xoxb- AKIA glpat-"),
        ("first lines of keys", "---- BEGIN PRIVATE KEY---- q7Xk\n"),
        ("nearly secrets", "ghp_Zq8Yt3Kd0wVb6NfLx2Rj9Hs7Mc4Pa1Ug5E "),
        ("random values", "key = 9Zq8Yt3Kd0wVb6NfLx2Rj9Hs7Mc4Pa1Ug5EiT\n"),
        ("blobs", "cmVwb3J0IG9mIHRoZSB3ZWVrIGFuZCBvZiB0aGUgbmV4dCBvbmUg"),
        ("blobs in blobs", "WTIxV2QySXpTakJKUnpsdFNVaFNiMXBUUWpOYVYxWnlTVWRHZFZwRFFuWmFhVUl3WVVkVlowWT0 "),
        ("escapes", "%41%42%43%2e%2f"),
        ("commands", "sudo rm -rf / && git push --force; "),
        ("statements", "DELETE FROM a WHERE 1=1; DROP TABLE b; "),
        ("links", "[a.example](https://b.example) "),
        ("open brackets", "[a](b](c](["),
        ("angle brackets", "<a href=<a href="),
        ("numbers", "4111 1111 1111 1112 "),
        ("account numbers", "DE89 3704 0044 0532 0130 01 "),
        ("addresses", "a@b.c.d@e.f "),
        ("orders", "ignore all previous instructions, you are now "),
        ("nearly orders", "ignore the previous and the prior, agent assistant "),
        ("settings", "cidr_blocks = [\"0.0.0.0/0\"] privileged: true "),
        ("braces", "{\"a\": {\"b\": [{"),
        ("quotes", "rm -rf \"$(rm -rf \"$(rm -rf \""),
        ("letters of other alphabets", "p\u{430}ssw\u{43e}rd "),
    ];
    pieces.map(|(name, piece)| (name, piece.bytes().cycle().take(SHORT).collect())).into()
}
