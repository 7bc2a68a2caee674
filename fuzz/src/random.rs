//! Makes inputs of the seeds at random: the same ones each time.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::Target;

/// No input is longer.
const LONGEST: usize = 2000;

/// What is drawn otherwise than it is, or parts what belongs together.
pub const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "  ",
    "a",
    "b b",
    "0",
    "-1.50",
    "\"",
    "'",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    ",",
    "- ",
    "#",
    "=",
    "<<: *a\n",
    "&a ",
    "*a",
    "---\n",
    "=======\n",
    "null",
    "true",
    "\\u0000",
    "\u{0}",
    "\u{1b}[2J",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{301}",
    "\u{323}",
    "e\u{301}",
    "\u{212a}",
    "\u{430}",
    "\u{5d0}",
    "\u{661}",
    "\u{645}",
    "\u{6cc}",
    "\u{915}\u{94d}",
    "\u{1100}\u{1161}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{200f}",
    "\u{2028}",
    "\u{202e}",
    "\u{2066}",
    "\u{2069}",
    "\u{2800}",
    "\u{3164}",
    "\u{4e2d}",
    "\u{e000}",
    "\u{fe0f}",
    "\u{feff}",
    "\u{1f1e9}",
    "\u{1f3f4}",
    "\u{1f3fd}",
    "\u{1f468}\u{200d}\u{1f4bb}",
    "\u{2764}",
    "\u{20e3}",
    "\u{e0067}",
    "\u{e007f}",
    "\u{e0101}",
    "\u{10ffff}",
    "https://",
    ".com",
];

/// The seeds of `target`, by name.
///
/// # Panics
///
/// Where they cannot be read.
#[must_use]
pub fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target.name);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// Runs `target` on its seeds and on `count` inputs, or until `enough`; how many, or the first that fails.
///
/// # Errors
///
/// The input that fails.
pub fn drive(target: &Target, count: u64, enough: impl Fn() -> bool) -> Result<u64, Vec<u8>> {
    let fails = |input: &[u8]| catch_unwind(AssertUnwindSafe(|| (target.run)(input))).is_err();
    let seeds = seeds(target);
    if let Some(seed) = seeds.iter().find(|it| fails(it)) {
        return Err(seed.clone());
    }
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for done in 0..count {
        if enough() {
            return Ok(done);
        }
        let input = random.input(&seeds);
        if fails(&input) {
            return Err(input);
        }
    }
    Ok(count)
}

/// Xorshift: nothing depends on how good it is.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound.max(1)
    }

    /// A seed, some places of which are others.
    fn input(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut input = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(12) {
            let at = self.below(input.len() + 1);
            let end = (at + self.below(9)).min(input.len());
            let with = match self.below(8) {
                0..4 => PIECES[self.below(PIECES.len())].as_bytes().to_vec(),
                4 => PIECES[self.below(PIECES.len())].repeat(1 + self.below(20)).into_bytes(),
                5 => (0..self.below(6)).map(|_| self.below(256) as u8).collect(),
                6 => Vec::new(),
                _ => {
                    let other = &seeds[self.below(seeds.len())];
                    let from = self.below(other.len());
                    other[from..(from + self.below(60)).min(other.len())].to_vec()
                }
            };
            let end = if self.below(2) == 0 { at } else { end };
            input.splice(at..end, with);
        }
        input.truncate(LONGEST);
        input
    }
}
