//! What holds of the one thread, whatever comes at whatever moment.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use countersign_core::decision::{DECISION, Decision, Sheet, Verdict, WITHDRAWAL, Withdrawal, Withdrawer};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::halt::{self, Halt, Scope};
use countersign_core::json;
use countersign_core::key::SecretKey;
use countersign_core::name::{GateId, Label, Nonce};
use countersign_core::ostext::OsText;
use countersign_core::proposal::{Agent, Authenticated, Proposal};
use countersign_core::receipt::{Outcome, RECEIPT, Receipt};
use countersign_core::refusal::Code;
use countersign_core::root::{self, Holder, Root};
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_sources::layout::Layout;
use countersign_sources::spool::{Kind, Writer};
use rusqlite::params;

use super::burn::Order;
use super::{Engine, Job, Parts, Viewer, Wanted, receipts, use_one};
use crate::config::Config;
use crate::folder::Folder;
use crate::ledger::{Entry, Letter, State};
use crate::request::{Batch, Request, Run, Uploads, Want};
use crate::{resolve, start};

/// Where a gate is, and the keys of those whom it trusts.
pub(super) struct Place {
    _base: tempfile::TempDir,
    layout: Layout,
    gate: GateId,
    person: SecretKey,
    device: SecretKey,
}

/// Something that was proposed.
pub(super) struct Asked {
    digest: Digest,
    proposal: Proposal,
}

fn ada() -> Label {
    "ada".parse().unwrap()
}

fn argv(argument: &str) -> Vec<OsText> {
    vec!["/bin/true".into(), argument.into()]
}

impl Place {
    pub(super) fn new() -> Self {
        let base = tempfile::tempdir().unwrap();
        let layout = Layout::at(&base.path().canonicalize().unwrap());
        let gate: GateId = "home".parse().unwrap();
        let [person, device, administrator] = [1, 2, 3].map(|seed| SecretKey::from_seed(&[seed; 32]));
        let own = start::init(&layout, &gate).unwrap();
        let from = Timestamp::from_seconds(0);
        let laptop = Holder::Device { name: "laptop".parse().unwrap(), person: ada() };
        let entries = vec![
            root::Entry::new(administrator.public(), Holder::Administrator { name: ada() }, from),
            root::Entry::new(person.public(), Holder::Person { name: ada() }, from),
            root::Entry::new(device.public(), laptop, from),
            root::Entry::new(own, Holder::Gate { gate: gate.clone() }, from),
        ];
        let root = Root { version: 1, created: from, threshold: 1, entries };
        let root = Envelope::sign(root::TYPE, root.to_payload().unwrap(), &administrator);
        start::trust(&layout, &gate, &root.to_bytes(), &root.digest()).unwrap();
        Self { _base: base, layout, gate, person, device }
    }

    /// Its jobs are never done, unless somebody runs it: nothing happens but what is called.
    pub(super) fn start(&self) -> (Engine, Receiver<Job>) {
        let folder = Folder::of(&self.layout, &self.gate);
        let config = Config::read(&folder.config()).unwrap();
        Engine::start(Parts { folder, config, reset_clock: false }).unwrap()
    }

    fn sends(&self, kind: Kind, envelope: &Envelope) -> Digest {
        let writer = Writer::open(&self.layout.gate_box(&self.gate)).unwrap();
        writer.send(kind, &envelope.digest(), &envelope.to_bytes()).unwrap();
        envelope.digest()
    }

    fn say(&self, asked: &Asked, verdict: Verdict) -> Digest {
        let Asked { digest, proposal } = asked;
        let predicate = Decision {
            verdict,
            comment: None,
            reviewer: ada(),
            gate: proposal.gate.clone(),
            epoch: proposal.epoch,
            nonce: proposal.nonce,
            not_before: proposal.not_before,
            expires: proposal.expires,
            signed_at: proposal.created,
            root_version: 1,
            rules: proposal.rules,
            sheet: Sheet { sha256: *digest, version: 1 },
            acknowledged: vec![],
            not_shown: None,
            sequence: 1,
            together: vec![],
        };
        let key = if verdict == Verdict::Approve { &self.person } else { &self.device };
        let payload = Statement { subject: *digest, predicate }.to_payload(DECISION);
        self.sends(Kind::Decision, &Envelope::sign(IN_TOTO, payload, key))
    }

    fn take_back(&self, decision: &Digest) {
        let by = Withdrawer::Reviewer(ada());
        let at = Timestamp::from_seconds(1);
        let predicate = Withdrawal { gate: self.gate.clone(), by, at, reason: None };
        let payload = Statement { subject: *decision, predicate }.to_payload(WITHDRAWAL);
        self.sends(Kind::Withdrawal, &Envelope::sign(IN_TOTO, payload, &self.person));
    }

    fn halt(&self) {
        let at = Timestamp::from_seconds(1);
        let halt = Halt { id: Nonce::from_bytes([7; 16]), scope: Scope::All, at, reason: None };
        self.sends(Kind::Halt, &Envelope::sign(halt::HALT, json::to_bytes(&halt), &self.device));
    }
}

impl Engine {
    fn proposed(&mut self, want: Want) -> Asked {
        let resolved = resolve::resolve(Request::new(want), &Uploads::new(), &self.config).unwrap();
        let agent = Agent {
            name: ada(),
            calls_itself: None,
            session: ada(),
            model: None,
            authenticated: Authenticated::None,
        };
        let digest = self.propose(resolved, &Uploads::new(), agent, None).unwrap().digest;
        let proposal = receipts::parse(&self.entry(&digest)).unwrap();
        Asked { digest, proposal }
    }

    fn proposed_run(&mut self) -> Asked {
        let run = Run { argv: argv("a"), cwd: "/".into(), environment: vec![], stdin: None };
        self.proposed(Want::Run(run))
    }

    fn proposed_batch(&mut self, arguments: &[&str], uses: u64) -> Asked {
        self.proposed(Want::Batch(Batch {
            arguments: arguments.iter().map(|it| argv(it)).collect(),
            cwd: "/".into(),
            environment: vec![],
            stdin: None,
            uses: Some(uses),
            lasts: None,
        }))
    }

    fn entry(&mut self, digest: &Digest) -> Entry {
        Entry::by_digest(&self.ledger.read().unwrap(), digest).unwrap().unwrap()
    }

    fn ordered(&mut self, asked: &Asked, argument: &str) -> Result<Order, Code> {
        let ordered = match asked.proposal.actions.batch() {
            Some(_) => self.use_order(&wanted(asked, argument)).unwrap(),
            None => {
                self.ingest().unwrap();
                self.order(&asked.digest, None, None).unwrap()
            }
        };
        ordered.map_err(|refusal| refusal.code)
    }

    /// The receipts about a proposal, in their order.
    fn receipts(&mut self, asked: &Asked) -> Vec<Receipt> {
        let read = self.ledger.read().unwrap();
        let waiting = Letter::waiting(&read).unwrap();
        let letters = waiting.iter().map(|it| Letter::by_digest(&read, it).unwrap().unwrap());
        let receipts = letters.filter(|it| it.kind == Kind::Receipt).map(|it| {
            let payload = Envelope::parse(&it.envelope).unwrap().payload;
            Statement::<Receipt>::parse(&payload, RECEIPT).unwrap()
        });
        receipts.filter(|it| it.subject == asked.digest).map(|it| it.predicate).collect()
    }
}

fn wanted(asked: &Asked, argument: &str) -> Wanted {
    let by = Viewer { authenticated: Authenticated::None, all: true };
    Wanted { proposal: asked.digest.to_string(), arguments: argv(argument), by }
}

fn refused(receipt: &Receipt) -> Option<Code> {
    match receipt.outcomes.as_slice() {
        [Outcome::Refused { code, .. }] => Some(*code),
        _ => None,
    }
}

#[test]
fn a_flood_in_the_box_is_one_look_and_another_once_that_has_begun() {
    let place = Place::new();
    let (mut engine, jobs) = place.start();
    let _watched = engine.watch().unwrap();
    let flood = || {
        for at in 0..300 {
            std::fs::write(place.layout.gate_box(&place.gate).join("new").join(format!("rubbish-{at}")), "")
                .unwrap();
        }
    };
    let next = || jobs.recv_timeout(Duration::from_secs(20)).unwrap();
    flood();
    let look = next();
    // Time for the operating system to say all of it.
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(jobs.try_iter().count(), 0);
    look(&mut engine);
    flood();
    drop(next());
}

/// What is in the box when the nonce is about to be burned wins, also when nobody has read it yet.
#[test]
fn a_denial_that_lies_unread_in_the_box_wins_over_a_burn() {
    let place = Place::new();
    let (mut engine, _jobs) = place.start();
    let asked = engine.proposed_run();
    place.say(&asked, Verdict::Approve);
    let order = engine.ordered(&asked, "a").unwrap();

    // Behind more rubbish than one scan reads, all of which looks as if it came first.
    for at in 0..12_u8 {
        let name = format!("root.{}.json", Digest::of(&[at]));
        let bytes = vec![b' '; usize::try_from(countersign_sources::spool::MAX_MESSAGE).unwrap()];
        std::fs::write(place.layout.gate_box(&place.gate).join("new").join(name), bytes).unwrap();
    }
    place.say(&asked, Verdict::Deny);
    assert_eq!(engine.burn(&order, None).unwrap_err().code, Code::Denied);
    let entry = engine.entry(&asked.digest);
    assert_eq!((entry.state, entry.burned), (State::Ended, None));
}

#[test]
fn what_is_said_after_the_burn_and_before_it_begins_stops_it_all_the_same() {
    for said in ["deny", "request changes", "withdraw", "expire", "halt"] {
        // What is no batch, the last use there is, and one after which there are more.
        for uses in [0, 1, 2] {
            let place = Place::new();
            let (mut engine, _jobs) = place.start();
            let asked = match uses {
                0 => engine.proposed_run(),
                _ => engine.proposed_batch(&["a", "b"], uses),
            };
            let approval = place.say(&asked, Verdict::Approve);
            let order = engine.ordered(&asked, "a").unwrap();
            engine.burn(&order, None).unwrap();
            let mut objection = None;
            let expected = match said {
                "deny" => {
                    objection = Some(place.say(&asked, Verdict::Deny));
                    Code::Denied
                }
                "request changes" => {
                    objection = Some(place.say(&asked, Verdict::RequestChanges));
                    Code::Denied
                }
                "withdraw" => {
                    place.take_back(&approval);
                    Code::Withdrawn
                }
                "halt" => {
                    place.halt();
                    Code::Halted
                }
                _ => {
                    Arc::make_mut(&mut engine.config).clock_offset = Some(15 * 24 * 3600);
                    Code::DecisionExpired
                }
            };
            let refusal = engine.start_step(&order, 0).unwrap_err();
            assert_eq!(refusal.code, expected, "{said}, {uses}");
            engine.conclude(&order, Some(&refusal)).unwrap();
            let receipts = engine.receipts(&asked);
            let receipt = receipts.iter().find(|it| it.burned.is_some()).unwrap();
            assert_eq!(refused(receipt), Some(expected), "{said}, {uses}: nothing was done");
            assert!(receipt.decisions.contains(&approval), "{said}, {uses}");
            assert!(objection.is_none_or(|it| receipt.decisions.contains(&it)), "{said}, {uses}");
            // It was in time, so nobody is told that it was late.
            let viewer = wanted(&asked, "a").by;
            let view = engine.view(&asked.digest.to_string(), &viewer).unwrap();
            assert!(view.late.is_empty());
            let answers = expected == Code::Denied && uses == 0;
            assert!(
                view.said.is_some() || !answers,
                "{said}, {uses}: the agent is told who, and what was said"
            );
            assert!(engine.ordered(&asked, "b").is_err() || uses == 0, "{said}, {uses}: nor what remains");
        }
    }
}

#[test]
fn what_is_said_once_it_has_begun_is_late() {
    for uses in [0, 1] {
        let place = Place::new();
        let (mut engine, _jobs) = place.start();
        let asked = if uses == 0 { engine.proposed_run() } else { engine.proposed_batch(&["a"], 1) };
        place.say(&asked, Verdict::Approve);
        let order = engine.ordered(&asked, "a").unwrap();
        engine.burn(&order, None).unwrap();
        let at = engine.start_step(&order, 0).unwrap();
        let late = place.say(&asked, Verdict::Deny);
        engine.ingest().unwrap();
        let done = Outcome::Done { started: at, finished: at, exit: Some(0), results: vec![] };
        engine.finish_step(&order, 0, &done, &[]).unwrap();
        engine.conclude(&order, None).unwrap();
        assert_eq!(engine.receipts(&asked)[0].outcomes, [done]);
        let viewer = wanted(&asked, "a").by;
        assert_eq!(engine.view(&asked.digest.to_string(), &viewer).unwrap().late, [late]);
    }
}

#[test]
fn a_use_that_is_wrong_is_refused_before_any_content_is_looked_at() {
    let place = Place::new();
    let (mut engine, _jobs) = place.start();
    let asked = engine.proposed(Want::Batch(Batch {
        arguments: ["a", "b"].iter().map(|it| argv(it)).collect(),
        cwd: "/".into(),
        environment: vec![],
        // More than the payload carries.
        stdin: Some(vec![b'x'; 100_000].into()),
        uses: None,
        lasts: None,
    }));
    place.say(&asked, Verdict::Approve);
    let order = engine.ordered(&asked, "a").unwrap();
    engine.burn(&order, None).unwrap();
    let number = engine.entry(&asked.digest).number;
    // Whoever looks at them finds that they are gone.
    let change = engine.ledger.write().unwrap();
    assert!(change.execute("DELETE FROM content WHERE owner = ?1", params![number]).unwrap() > 0);
    change.commit().unwrap();
    let why = |engine: &mut Engine, argument| engine.use_order(&wanted(&asked, argument)).unwrap().err();
    let said = |engine: &mut Engine, argument| why(engine, argument).map(|it| (it.code, it.why));
    let not_listed = "these arguments are not in the list that was approved".to_owned();
    assert_eq!(said(&mut engine, "c"), Some((Code::ActionMismatch, not_listed)));
    assert_eq!(said(&mut engine, "a").map(|it| it.0), Some(Code::Replay));
    assert_eq!(said(&mut engine, "b").map(|it| it.0), Some(Code::ActionMismatch), "that one is looked at");
}

/// Whoever does what was burned may fail in any way: it ends like after a crash, and not at the next start.
#[test]
fn a_worker_that_panics_after_the_burn_leaves_a_receipt() {
    let place = Place::new();
    let (mut engine, jobs) = place.start();
    let asked = engine.proposed_batch(&["a", "b"], 2);
    place.say(&asked, Verdict::Approve);
    engine.ingest().unwrap();
    let (handle, children, folder) = (engine.handle(), engine.children(), engine.folder.clone());
    let running = std::thread::spawn(move || engine.run(&jobs));
    let (held, turn) = std::sync::mpsc::channel::<()>();
    use_one(handle.clone(), folder, children, wanted(&asked, "a"), held, |_| panic!("as if we had a defect"))
        .unwrap();
    // Its turn is given back when it is over.
    assert!(turn.recv_timeout(Duration::from_secs(20)).is_err());
    let end = Instant::now() + Duration::from_secs(20);
    let (name, viewer) = (asked.digest.to_string(), wanted(&asked, "a").by);
    let view = loop {
        let (name, viewer) = (name.clone(), viewer.clone());
        let view = handle.call(move |engine| engine.view_use(&name, 0, &viewer)).unwrap().unwrap();
        if view.is_over() {
            break view;
        }
        assert!(Instant::now() < end, "it is still acting");
        std::thread::sleep(Duration::from_millis(10));
    };
    assert_eq!(view.ending.as_deref(), Some("STATE_UNAVAILABLE"));
    // Nothing is at work any more, and the rest can be used.
    assert_eq!(handle.call(|engine| engine.end()).unwrap(), 0);
    let receipts = handle.call(move |engine| engine.receipts(&asked)).unwrap();
    assert_eq!(receipts.iter().map(refused).collect::<Vec<_>>(), [Some(Code::StateUnavailable)]);
    handle.call(Engine::stop).unwrap();
    running.join().unwrap();
}
