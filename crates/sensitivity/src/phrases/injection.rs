//! Orders to an agent that reads the text: to drop its own, to play another, to keep silent, to send.
//!
//! The kinds of attack follow public taxonomies: PurpleLlama CyberSecEval, garak, BIPIA, PINT.

mod leaks;
mod orders;
mod parts;
mod readers;
mod turns;

use super::Rule;
pub(super) use orders::OVERRIDE;

/// The rules, those of one kind of attack after those of another.
pub(super) fn rules() -> impl Iterator<Item = &'static Rule> {
    [orders::RULES, turns::RULES, parts::RULES, readers::RULES, leaks::RULES].into_iter().flatten()
}
