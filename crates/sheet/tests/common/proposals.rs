//! Proposals for tests: fixed ids, times and names.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_core::action::{
    Act, Action, Change, Environment, Executable, Grant, Object, Principal, PrincipalKind, Remove,
    Reversibility, Run, Variable,
};
use countersign_core::content::{Content, Listing};
use countersign_core::digest::Digest;
use countersign_core::name::{Epoch, Label, Nonce};
use countersign_core::ostext::OsText;
use countersign_core::proposal::{Agent, Asked, Authenticated, Effect, Origin, Proposal, Requirement};
use countersign_core::time::Timestamp;

pub(crate) fn label(text: &str) -> Label {
    text.parse().unwrap()
}

pub(crate) fn text(text: impl AsRef<[u8]>) -> Content {
    Content::inline("text/plain", text.as_ref().to_vec())
}

pub(crate) fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

pub(crate) fn action(target: &str, reversibility: Reversibility, act: Act) -> Action {
    Action {
        target: target.into(),
        environment: label("this machine"),
        reversibility,
        preconditions: vec![],
        act,
    }
}

pub(crate) fn proposal(actions: Vec<Action>) -> Proposal {
    Proposal {
        id: "01893ee8-5ccd-7b5d-8001-0123456789ab".parse().unwrap(),
        gate: "home".parse().unwrap(),
        epoch: Epoch::from_bytes([1; 16]),
        seq: 1,
        nonce: Nonce::from_bytes([2; 16]),
        agent: Agent {
            name: label("forum-helper"),
            calls_itself: None,
            session: label("s1"),
            model: None,
            authenticated: Authenticated::Token(label("t1")),
        },
        created: Timestamp::from_seconds(1_772_355_600),
        not_before: Timestamp::from_seconds(1_772_355_600),
        expires: Timestamp::from_seconds(1_772_355_600 + 3600),
        asked: None,
        rationale: None,
        effect: Effect::Act,
        actions: actions.into(),
        supersedes: None,
        requirement: Requirement::built_in(),
        rules: Requirement::built_in_rules(),
        acknowledge: vec![],
    }
}

pub(crate) fn asked(words: &str) -> Asked {
    Asked {
        by: Some(label("Mara Lindt")),
        text: text(words),
        at: Some(Timestamp::from_seconds(1_772_355_000)),
        origin: Origin::Caller,
    }
}

pub(crate) fn change(resource: impl Into<OsText>, before: Option<&[u8]>, after: Option<&[u8]>) -> Action {
    let resource = resource.into();
    Action {
        target: resource.clone(),
        environment: label("this machine"),
        reversibility: Reversibility::Reversible,
        preconditions: vec![],
        act: Act::Change(Change {
            resource,
            before: before.map(text),
            after: after.map(text),
            mode_before: before.map(|_| 0o644),
            mode_after: after.map(|_| 0o644),
        }),
    }
}

pub(crate) fn run(argv: Vec<OsText>) -> Action {
    let run = Run {
        argv,
        executable: Executable { path: "/usr/bin/rsync".into(), sha256: digest("rsync") },
        cwd: "/home/mara".into(),
        environment: Environment::Complete(vec![Variable { name: "LANG".into(), value: "C.UTF-8".into() }]),
        stdin: None,
        script: None,
        user: label("mara"),
        host: label("laptop"),
    };
    action("/usr/bin/rsync", Reversibility::Irreversible, Act::Run(run))
}

pub(crate) fn removal(objects: Vec<Object>) -> (Action, Option<Vec<u8>>) {
    let (objects, blob) = Listing::of(objects);
    let remove = Remove { what: label("file"), kept: false, objects };
    (action("/srv/old", Reversibility::Irreversible, Act::Remove(remove)), blob)
}

pub(crate) fn grant(kind: PrincipalKind, name: &str, external: Option<bool>, right: &str) -> Grant {
    Grant { principal: Principal { kind, name: label(name), external }, right: label(right) }
}
