//! Targets: functions that take any bytes, and panic where a promise does not hold.
//!
//! Two drivers call them. libFuzzer, led by coverage, for a minute each in
//! `cargo xtask test --all`; and [`random`], which needs nothing but the
//! house, for a moment each in the ordinary tests, and for the minute where
//! libFuzzer cannot be compiled.

#![allow(clippy::unwrap_used, reason = "a target fails by panicking")]

mod diff;
mod escape;
mod findings;
mod images;
mod parse;
mod patch;
pub mod random;
mod sheet;
mod structure;

mod proposal;
#[path = "../../crates/sheet/tests/common/proposals.rs"]
mod proposals;
#[allow(dead_code, reason = "the sheet's own tests use all of it")]
#[path = "../../crates/sheet/tests/common/read.rs"]
mod read;
#[path = "../../crates/structure/tests/common/sound.rs"]
mod sound;
#[path = "../../crates/sheet/tests/common/stands.rs"]
mod stands;

pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
}

/// Names are also those of the folders of seeds.
pub const TARGETS: [Target; 7] = [
    Target { name: "diff", run: diff::run },
    Target { name: "escape", run: escape::run },
    Target { name: "sheet", run: sheet::run },
    Target { name: "findings", run: findings::run },
    Target { name: "images", run: images::run },
    Target { name: "structure", run: structure::run },
    Target { name: "parse", run: parse::run },
];

#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|it| it.name == name)
}

/// What stands between two sides in an input that has two.
const BETWEEN: &[u8] = b"=======\n";

/// Two sides from one input: around the line that parts them, else two halves.
fn sides(input: &[u8]) -> (&[u8], &[u8]) {
    match input.windows(BETWEEN.len()).position(|it| it == BETWEEN) {
        Some(at) => (&input[..at], &input[at + BETWEEN.len()..]),
        None => input.split_at(input.len() / 2),
    }
}
