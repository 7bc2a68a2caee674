//! Pairs of texts to compare, always the same.

use std::fmt::Write as _;

/// One side, and what became of it.
pub(crate) type Pair = (Vec<u8>, Vec<u8>);

/// A figure, and how its texts are made.
pub(crate) type Made = (&'static str, fn() -> Pair);

/// Texts that repeat themselves, which makes comparing them hard.
pub(crate) const REPEATS: [Made; 4] = [
    ("diff-four-kinds", four_kinds),
    ("diff-half-unmatched", half_unmatched),
    ("diff-alternating", alternating),
    ("diff-identical", identical),
];

/// 100,000 lines that look like code, one in a hundred edited: three fifths changed in place, a fifth gone,
/// a fifth new.
pub(crate) fn code() -> Pair {
    code_of(1)
}

/// The same of another kind for each `seed`.
pub(crate) fn code_of(seed: u64) -> Pair {
    let mut old = Noise(seed);
    let mut edits = Noise(seed + 1);
    let (mut before, mut after) = (String::new(), String::new());
    for number in 0..100_000 {
        let line = code_line(number, &mut old);
        before.push_str(&line);
        match edits.below(500) {
            0 => {}
            1 => after.push_str(&(code_line(number, &mut edits) + &line)),
            2..5 => after.push_str(&changed(&line)),
            _ => after.push_str(&line),
        }
    }
    (before.into(), after.into())
}

/// As [`code`], with letters beyond ASCII on each line, and on every third one what cannot be drawn.
pub(crate) fn foreign() -> Pair {
    let side = |text: Vec<u8>| {
        let text = String::from_utf8_lossy(&text).into_owned();
        let lines = text.lines().enumerate().map(|(at, line)| match at % 3 {
            0 => format!("{line} // größer\u{200b}\n"),
            1 => format!("{line} // 日本 é\n"),
            _ => format!("{line} // sämtliche Wörter\n"),
        });
        lines.collect::<String>().into_bytes()
    };
    let (before, after) = code();
    (side(before), side(after))
}

/// With one word more, in the middle where there is one.
fn changed(line: &str) -> String {
    let middle = line.rfind(['(', ' ']).unwrap_or(0);
    format!("{} changed {}", &line[..middle], &line[middle..])
}

/// Functions of ten lines: names are their own, while braces, blank lines and `return`s repeat.
fn code_line(number: usize, noise: &mut Noise) -> String {
    const NAMES: [&str; 8] = ["request", "reader", "target", "entry", "offset", "cursor", "message", "state"];
    let mut name = || NAMES[noise.below(NAMES.len())];
    match number % 10 {
        0 => format!(
            "    pub fn {}_{}_{number}(&mut self, {}: usize) -> Option<u64> {{\n",
            name(),
            name(),
            name()
        ),
        1..4 => format!("        let {} = self.{}.get({}, {number})?;\n", name(), name(), name()),
        4 => format!("        if {} > {} {{\n", name(), name()),
        5 => format!("            return Some({}.{}());\n", name(), name()),
        6 => "        }\n".to_owned(),
        7 => format!("        Some({} + {})\n", name(), name()),
        8 => "    }\n".to_owned(),
        _ => "\n".to_owned(),
    }
}

/// 200,000 lines of four kinds, on each side in an order of its own.
fn four_kinds() -> Pair {
    let side = |seed: u64| {
        let mut noise = Noise(seed);
        lines((0..200_000).map(move |_| noise.below(4)))
    };
    (side(3), side(4))
}

/// 100,000 lines, of which every other is on one side only.
fn half_unmatched() -> Pair {
    let side =
        |own: usize| lines((0..100_000).map(move |line| if line % 2 == 0 { line } else { own + line }));
    (side(1_000_000), side(2_000_000))
}

/// 100,000 lines of two kinds: every other one against two and two.
fn alternating() -> Pair {
    (lines((0..100_000).map(|line| line % 2)), lines((0..100_000).map(|line| line / 2 % 2)))
}

/// 200,000 equal lines, among which every two hundredth is new.
fn identical() -> Pair {
    let inserted = (0..200_000).flat_map(|line| {
        let new = (line % 200 == 100).then_some(line);
        new.into_iter().chain([1])
    });
    (lines((0..200_000).map(|_| 1)), lines(inserted))
}

/// One line of 2 MB, with fifty words changed.
pub(crate) fn long_line() -> Pair {
    let mut noise = Noise(5);
    let words: Vec<usize> = (0..250_000).map(|_| 1_000_000 + noise.below(1_000_000)).collect();
    let side = |edited: bool| {
        let mut text = String::new();
        for (at, word) in words.iter().enumerate() {
            let word = if edited && at % 5000 == 2500 { word + 1_000_000 } else { *word };
            let _ = write!(text, "{word}{}", if at % 3 == 0 { ',' } else { ' ' });
        }
        text.push('\n');
        text.into_bytes()
    };
    (side(false), side(true))
}

fn lines(numbers: impl Iterator<Item = usize>) -> Vec<u8> {
    let mut text = String::new();
    for number in numbers {
        let _ = writeln!(text, "line {number}");
    }
    text.into_bytes()
}

/// Numbers that look random and are always the same (SplitMix64).
struct Noise(u64);

impl Noise {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}
