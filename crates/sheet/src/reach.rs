//! Who can read what an action publishes or stores: what is told to more people weighs more.
//!
//! What is not known is everyone. So is what only the agent says that would act itself.

use countersign_core::action::{self, Act, Action, Audience, Change};
use countersign_core::proposal::Effect;
use countersign_sensitivity::Reach;

use crate::is_claimed;

pub(crate) fn of(effect: Effect, action: &Action) -> Reach {
    match &action.act {
        Act::Post(_) | Act::Access(_) if effect == Effect::Release => Reach::Public,
        Act::Post(post) => readers(&post.reach),
        Act::Access(access) => readers(&access.population),
        _ if is_claimed(effect, action) => Reach::Public,
        Act::Change(change) => of_file(change),
        // Nothing says where a program or a call sends its arguments.
        Act::Remove(_) | Act::Run(_) | Act::Call(_) => Reach::Public,
    }
}

fn readers(reach: &action::Reach) -> Reach {
    match &reach.after {
        Audience::Known { guests, external, .. } if guests.or(Some(0)) == Some(0) && *external == Some(0) => {
            Reach::Team
        }
        _ => Reach::Public,
    }
}

/// By its mode. The folders above it may say no, which is not known here.
fn of_file(change: &Change) -> Reach {
    match change.mode_after.or(change.mode_before) {
        None => Reach::Public,
        Some(mode) if mode & 0o044 != 0 => Reach::Team,
        Some(_) => Reach::Private,
    }
}
