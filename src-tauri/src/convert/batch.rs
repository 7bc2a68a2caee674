//! An entry of a batch, as its receipt names it.

use countersign_core::action::Act;
use countersign_core::proposal::Proposal;
use countersign_sheet::{told_arguments, words};

use crate::wire;

use super::segs;

/// Which entry it is, and its arguments one after the other.
pub(super) fn entry(proposal: &Proposal, at: u64) -> Vec<wire::Segment> {
    let action = usize::try_from(at).ok().and_then(|at| proposal.actions.get(at));
    let mut all = vec![words(format!("Entry {} of {}: ", at + 1, proposal.actions.len()))];
    match action.map(|it| &it.act) {
        Some(Act::Run(run)) => {
            // Each is set apart from the next by our words: spaces could be in them.
            let argv: Vec<_> = run.argv.iter().map(|it| it.as_bytes()).collect();
            for (at, argument) in told_arguments(&argv).into_iter().enumerate() {
                if at > 0 {
                    all.push(words(" \u{b7} "));
                }
                all.extend(argument);
            }
        }
        Some(_) => all.push(words("its arguments stand on the sheet")),
        None => all.push(words("not in the list")),
    }
    segs(&all)
}
