//! A small world with fixed keys, clocks and ids: one person, their device, an
//! administrator, the gates `home` and `away`, and one proposal.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "shared by several test files; a test may panic"
)]

use countersign_core::action::{
    Act, Action, Assurance, Audience, Environment, Executable, Fact, Format, Post, Precondition, Reach,
    Reversibility, Run, Variable,
};
use countersign_core::content::Content;
use countersign_core::decision::{Decision, Sheet, Verdict};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::key::SecretKey;
use countersign_core::name::{Epoch, GateId, Label, Nonce};
use countersign_core::proposal::{self, Agent, Authenticated, Effect, Proposal, Requirement};
use countersign_core::root::{self, Entry, Holder, Root};
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_core::verify::TrustedRoot;

/// The time at which everything was made.
pub const MADE: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// A moment later, when it is checked.
pub const NOW: Timestamp = Timestamp::from_seconds(1_790_000_100);

pub fn key(name: &str) -> SecretKey {
    SecretKey::from_seed(Digest::of(format!("countersign test key {name}").as_bytes()).as_bytes())
}

pub fn label(text: &str) -> Label {
    text.parse().unwrap()
}

pub fn gate(name: &str) -> GateId {
    name.parse().unwrap()
}

pub fn nonce(fill: u8) -> Nonce {
    Nonce::from_bytes([fill; 16])
}

pub fn epoch(fill: u8) -> Epoch {
    Epoch::from_bytes([fill; 16])
}

pub fn root() -> Root {
    let person = |name: &str| Entry::new(key(name).public(), Holder::Person { name: label(name) }, MADE);
    let mut mara = person("mara");
    mara.roles = vec![label("security")];
    let mut revoked = person("revoked");
    revoked.revoked_at = Some(MADE.plus(10));
    let mut expired = person("expired");
    expired.valid_to = Some(MADE.plus(10));
    let device = Holder::Device { name: label("laptop"), person: label("mara") };
    Root {
        version: 1,
        created: MADE,
        threshold: 1,
        entries: vec![
            mara,
            person("tomas"),
            revoked,
            expired,
            Entry::new(key("laptop").public(), device, MADE),
            Entry::new(key("administrator").public(), Holder::Administrator { name: label("mara") }, MADE),
            Entry::new(key("home").public(), Holder::Gate { gate: gate("home") }, MADE),
            Entry::new(key("away").public(), Holder::Gate { gate: gate("away") }, MADE),
        ],
    }
}

pub fn root_envelope(root: &Root, signer: &str) -> Envelope {
    Envelope::sign(root::TYPE, root.to_payload().unwrap(), &key(signer))
}

pub fn trusted() -> TrustedRoot {
    let envelope = root_envelope(&root(), "administrator");
    TrustedRoot::pinned(&envelope.to_bytes(), &envelope.digest()).unwrap()
}

pub fn run_action() -> Action {
    let executable = Executable { path: "/usr/bin/rsync".into(), sha256: Digest::of(b"rsync") };
    Action {
        target: "web-02".into(),
        environment: label("this machine"),
        reversibility: Reversibility::Unknown,
        preconditions: vec![Precondition {
            assurance: Assurance::Held,
            fact: Fact::File { path: executable.path.clone(), sha256: executable.sha256, mode: None },
        }],
        act: Act::Run(Run {
            argv: vec!["rsync".into(), "-a".into(), "--delete".into(), vec![0xff, b'x'].into()],
            executable,
            cwd: "/home/mara/site".into(),
            environment: Environment::Complete(vec![Variable {
                name: "LANG".into(),
                value: "C.UTF-8".into(),
            }]),
            stdin: None,
            script: None,
            user: label("mara"),
            host: label("desk"),
        }),
    }
}

pub fn post_action() -> Action {
    let known = |count| Audience::Known { count, guests: None, external: Some(31), bots: None };
    Action {
        target: "#infra-help".into(),
        environment: label("company forum"),
        reversibility: Reversibility::Effort,
        preconditions: vec![],
        act: Act::Post(Post {
            place: label("#infra-help"),
            name: None,
            thread: None,
            in_reply_to: None,
            reach: Reach { before: known(1), after: known(4312) },
            format: Format::Markdown,
            body: Content::inline("text/markdown", b"Give everyone access.\n".to_vec()),
            attachments: vec![],
        }),
    }
}

pub fn proposal() -> Proposal {
    Proposal {
        id: "0199f7c0-9a00-7000-8000-000000000001".parse().unwrap(),
        gate: gate("home"),
        epoch: epoch(7),
        seq: 1,
        nonce: nonce(1),
        agent: Agent {
            name: label("forum-helper"),
            calls_itself: None,
            session: label("s-1"),
            model: None,
            authenticated: Authenticated::Token(label("t1")),
        },
        created: MADE,
        not_before: MADE,
        expires: MADE.plus(3600),
        asked: None,
        rationale: None,
        effect: Effect::Act,
        actions: vec![run_action(), post_action()].into(),
        supersedes: None,
        requirement: Requirement::built_in(),
        rules: Requirement::built_in_rules(),
        acknowledge: vec![],
    }
}

pub fn propose(proposal: &Proposal) -> Envelope {
    Envelope::sign(proposal::TYPE, proposal.to_payload().unwrap(), &key(proposal.gate.as_str()))
}

pub fn decision(proposal: &Proposal, verdict: Verdict) -> Decision {
    Decision {
        verdict,
        comment: None,
        reviewer: label("mara"),
        gate: proposal.gate.clone(),
        epoch: proposal.epoch,
        nonce: proposal.nonce,
        not_before: proposal.not_before,
        expires: proposal.expires,
        signed_at: MADE.plus(60),
        root_version: 1,
        rules: proposal.rules,
        sheet: Sheet { sha256: Digest::of(b"sheet"), version: 1 },
        acknowledged: vec![],
        not_shown: None,
        sequence: 1,
        together: vec![],
    }
}

pub fn decide(subject: Digest, decision: Decision, signer: &str) -> Envelope {
    let statement = Statement { subject, predicate: decision };
    Envelope::sign(IN_TOTO, statement.to_payload(countersign_core::decision::DECISION), &key(signer))
}
