//! When two proposals are alike.

use std::collections::BTreeSet;

use countersign_core::action::{Act, Action};
use countersign_core::name::{GateId, Label};
use countersign_core::proposal::{Agent, Authenticated, Effect, Proposal};

/// Two with the same are alike: the gate, the agent as the gate knows it and as it is shown, whether the gate or the
/// agent acts, the requirement, and of every action the kind, the environment and the place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Likeness {
    gate: GateId,
    name: Label,
    authenticated: Authenticated,
    effect: Effect,
    requirement: Vec<u8>,
    places: BTreeSet<(u8, Label, Vec<Vec<u8>>)>,
}

impl Likeness {
    /// `None` for what is like nothing else: nobody vouches for its sender.
    pub(super) fn of(proposal: &Proposal) -> Option<Self> {
        let Agent { name, authenticated, .. } = &proposal.agent;
        if *authenticated == Authenticated::None {
            return None;
        }
        let place = |action: &Action| {
            let (kind, place) = place(&action.act, action.target.as_bytes());
            (kind, action.environment.clone(), place)
        };
        Some(Self {
            gate: proposal.gate.clone(),
            name: name.clone(),
            authenticated: authenticated.clone(),
            effect: proposal.effect,
            requirement: countersign_core::json::to_bytes(&(&proposal.requirement, &proposal.rules)),
            places: proposal.actions.iter().map(place).collect(),
        })
    }
}

/// The kind of an act, and where it happens: the folder of a file, the channel and thread of a post, the thing whose
/// access changes, the program in its folder, the tool of a server.
fn place(act: &Act, target: &[u8]) -> (u8, Vec<Vec<u8>>) {
    let label = |it: &Label| it.as_str().as_bytes().to_vec();
    match act {
        Act::Post(it) => {
            let thread = it.thread.iter().chain(&it.in_reply_to);
            (0, std::iter::once(&it.place).chain(thread).map(label).collect())
        }
        Act::Change(it) => {
            // To create, to edit and to delete are three things.
            let what = [u8::from(it.before.is_some()), u8::from(it.after.is_some())];
            (1, vec![folder(it.resource.as_bytes()), what.to_vec()])
        }
        Act::Remove(it) => (2, vec![folder(target), label(&it.what), vec![u8::from(it.kept)]]),
        Act::Access(it) => (3, vec![it.resource.as_bytes().to_vec()]),
        Act::Run(it) => {
            let script = it.script.as_ref().map_or_else(Vec::new, |it| it.path.as_bytes().to_vec());
            let program = it.executable.path.as_bytes().to_vec();
            let cwd = it.cwd.as_bytes().to_vec();
            (4, vec![program, script, cwd, label(&it.user), label(&it.host)])
        }
        Act::Call(it) => (5, vec![label(&it.server), label(&it.tool)]),
    }
}

/// All before the last slash.
fn folder(path: &[u8]) -> Vec<u8> {
    let end = path.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
    path[..end].to_vec()
}
