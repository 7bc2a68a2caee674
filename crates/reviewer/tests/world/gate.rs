//! A gate made of nothing but keys and a spool.

use std::path::Path;

use countersign_core::ack::{self, Acknowledgement, Receiver};
use countersign_core::action::{Act, Action, Change, Environment, Executable, Reversibility};
use countersign_core::batch::{Batch, Program, Terms, Tool};
use countersign_core::content::Content;
use countersign_core::decision::{WITHDRAWAL, Withdrawal, Withdrawer};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::halt::{HALT, Halt, Scope};
use countersign_core::json;
use countersign_core::key::SecretKey;
use countersign_core::name::{Epoch, GateId, Nonce};
use countersign_core::proposal::{self, Agent, Authenticated, Effect, Proposal, Requirement};
use countersign_core::receipt::{Outcome, RECEIPT, Receipt, Used};
use countersign_core::statement::Statement;
use countersign_sources::layout::Layout;
use countersign_sources::spool::{Arrival, Kind, Reader, Writer};

use super::at;

/// What lay in the gate's box.
pub(crate) struct Sent {
    pub(crate) kind: Kind,
    pub(crate) digest: Digest,
    pub(crate) bytes: Vec<u8>,
}

/// A gate that signs what a test wants, true or not.
pub(crate) struct FakeGate {
    pub(crate) id: GateId,
    pub(crate) key: SecretKey,
    pub(crate) epoch: Epoch,
    pub(crate) seq: u64,
    pub(crate) writer: Writer,
    pub(crate) reader: Option<Reader>,
    base: std::path::PathBuf,
    nonces: u8,
    /// The decisions that its receipts name.
    pub(crate) rests_on: Vec<Digest>,
}

impl FakeGate {
    pub(crate) fn new(base: &Path, seed: u8) -> Self {
        let layout = Layout::at(base);
        let id: GateId = "home".parse().unwrap();
        Self {
            reader: Some(Reader::open(&layout.gate_box(&id)).unwrap()),
            writer: Writer::open(&layout.reviewer_box()).unwrap(),
            id,
            key: SecretKey::from_seed(&[seed; 32]),
            epoch: Epoch::from_bytes([1; 16]),
            seq: 0,
            base: base.to_owned(),
            nonces: 0,
            rests_on: vec![],
        }
    }

    pub(crate) fn stop(&mut self) {
        self.reader = None;
    }

    pub(crate) fn start(&mut self) {
        self.reader = Some(Reader::open(&Layout::at(&self.base).gate_box(&self.id)).unwrap());
    }

    /// Takes all that lies in its box.
    pub(crate) fn take(&self) -> Vec<Sent> {
        let reader = self.reader.as_ref().unwrap();
        let mut sent = Vec::new();
        for arrival in reader.scan().unwrap() {
            let Arrival::Message { name, kind, digest_in_name, bytes, .. } = arrival else {
                panic!("{arrival:?}")
            };
            reader.done(&name).unwrap();
            sent.push(Sent { kind, digest: digest_in_name, bytes });
        }
        sent
    }

    pub(crate) fn proposal(&mut self) -> Proposal {
        self.seq += 1;
        self.nonces += 1;
        let change = Change {
            resource: "/srv/notes.txt".into(),
            before: Some(Content::inline("text/plain", b"one\ntwo\n".to_vec())),
            after: Some(Content::inline("text/plain", b"one\nthree\n".to_vec())),
            mode_before: None,
            mode_after: None,
        };
        Proposal {
            id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            gate: self.id.clone(),
            epoch: self.epoch,
            seq: self.seq,
            nonce: Nonce::from_bytes([self.nonces; 16]),
            agent: Agent {
                name: "forum-helper".parse().unwrap(),
                calls_itself: None,
                session: "s1".parse().unwrap(),
                model: None,
                authenticated: Authenticated::Uid(1000),
            },
            created: at(0),
            not_before: at(0),
            expires: at(3600),
            asked: None,
            rationale: None,
            effect: Effect::Act,
            actions: vec![Action {
                target: "/srv/notes.txt".into(),
                environment: "this machine".parse().unwrap(),
                reversibility: Reversibility::Reversible,
                preconditions: vec![],
                act: Act::Change(change),
            }]
            .into(),
            supersedes: None,
            requirement: Requirement::built_in(),
            rules: Requirement::built_in_rules(),
            acknowledge: vec![],
        }
    }

    /// Any two of runs of one program, each with one of these.
    pub(crate) fn batch(&mut self, arguments: &[&str]) -> Proposal {
        let program = Program {
            executable: Executable { path: "/usr/bin/deploy".into(), sha256: Digest::of(b"deploy") },
            cwd: "/srv".into(),
            environment: Environment::Complete(vec![]),
            stdin: None,
            script: None,
            user: "mara".parse().unwrap(),
            host: "desk".parse().unwrap(),
            arguments: arguments.iter().map(|it| vec!["deploy".into(), (*it).into()]).collect(),
        };
        let terms = Terms {
            target: "/usr/bin/deploy".into(),
            environment: "this machine".parse().unwrap(),
            reversibility: Reversibility::Effort,
            preconditions: vec![],
            tool: Tool::Run(program),
            uses: 2,
            until: at(600),
        };
        Proposal { actions: Batch::new(terms).unwrap().into(), ..self.proposal() }
    }

    pub(crate) fn sign(&self, proposal: &Proposal) -> Envelope {
        Envelope::sign(proposal::TYPE, proposal.to_payload().unwrap(), &self.key)
    }

    pub(crate) fn send(&self, kind: Kind, envelope: &Envelope) -> Digest {
        self.writer.send(kind, &envelope.digest(), &envelope.to_bytes()).unwrap();
        envelope.digest()
    }

    pub(crate) fn send_proposal(&self, proposal: &Proposal) -> Digest {
        self.send(Kind::Proposal, &self.sign(proposal))
    }

    pub(crate) fn propose(&mut self) -> Digest {
        let proposal = self.proposal();
        self.send_proposal(&proposal)
    }

    pub(crate) fn acknowledge(&self, digests: &[Digest]) {
        let it = Acknowledgement {
            by: Receiver::Gate(self.id.clone()),
            epoch: self.epoch,
            digests: digests.to_vec(),
        };
        self.send(Kind::Ack, &Envelope::sign(ack::TYPE, json::to_bytes(&it), &self.key));
    }

    pub(crate) fn say_epoch(&self) {
        self.acknowledge(&[]);
    }

    pub(crate) fn receipt(&mut self, subject: &Digest, burned: bool, outcome: Outcome) -> Digest {
        self.receipt_of(subject, None, burned, outcome)
    }

    /// Of a use of a batch, or of what remained of it.
    pub(crate) fn receipt_of(
        &mut self,
        subject: &Digest,
        used: Option<Used>,
        burned: bool,
        outcome: Outcome,
    ) -> Digest {
        self.seq += 1;
        let receipt = Receipt {
            gate: self.id.clone(),
            epoch: self.epoch,
            seq: self.seq,
            id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            decisions: self.rests_on.clone(),
            amendment: None,
            used,
            burned: burned.then_some(at(10)),
            at: at(11),
            outcomes: vec![outcome],
        };
        let payload = Statement { subject: *subject, predicate: receipt }.to_payload(RECEIPT);
        self.send(Kind::Receipt, &Envelope::sign(IN_TOTO, payload, &self.key))
    }

    pub(crate) fn withdraw(&self, subject: &Digest) -> Digest {
        let by = Withdrawer::Gate;
        let reason = Some("the agent gave up".to_owned());
        let withdrawal = Withdrawal { gate: self.id.clone(), by, at: at(9), reason };
        let payload = Statement { subject: *subject, predicate: withdrawal }.to_payload(WITHDRAWAL);
        self.send(Kind::Withdrawal, &Envelope::sign(IN_TOTO, payload, &self.key))
    }

    pub(crate) fn halt_itself(&self, number: u8) -> Digest {
        let scope = Scope::Gate { gate: self.id.clone() };
        let reason = Some("the ledger is behind its anchor".to_owned());
        let halt = Halt { id: Nonce::from_bytes([number; 16]), scope, at: at(1), reason };
        self.send(Kind::Halt, &Envelope::sign(HALT, json::to_bytes(&halt), &self.key))
    }
}
