//! How much is at stake: whether a signature takes an unlocking of its own.

use countersign_core::action::{Act, Action, Audience, PrincipalKind, Reversibility};
use countersign_core::proposal::{Effect, Proposal};

/// Whether it cannot be taken back, nobody knows whether it can, or anyone might be reached by it.
pub(crate) fn is_high(proposal: &Proposal) -> bool {
    proposal.actions.iter().any(|action| action_is_high(action, proposal.effect))
}

fn action_is_high(action: &Action, effect: Effect) -> bool {
    let lasting = matches!(action.reversibility, Reversibility::Irreversible | Reversibility::Unknown);
    lasting
        || match &action.act {
            // Of what an agent does itself, only what the gate looked at is known.
            _ if effect == Effect::Release => !action.was_looked_at(),
            Act::Post(post) => open(&post.reach.after),
            Act::Access(access) => {
                let anyone = access.after.items(|_| None).is_none_or(|grants| {
                    grants.iter().any(|grant| grant.principal.kind == PrincipalKind::Anyone)
                });
                anyone || open(&access.population.after)
            }
            // Nothing here understands what a tool does.
            Act::Call(_) => true,
            Act::Change(_) | Act::Remove(_) | Act::Run(_) => false,
        }
}

/// What is not known counts as everyone.
fn open(audience: &Audience) -> bool {
    !matches!(audience, Audience::Known { .. })
}
