//! What is signed and is no proposal: withdrawals, decisions, receipts, acknowledgements, halts, lifts.

use countersign_core::ack::{self, Acknowledgement, Receiver};
use countersign_core::decision::{self, Decision, Found, Resolution, Verdict, Withdrawal, Withdrawer};
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::halt::{self, Halt, Lift, Scope};
use countersign_core::json;
use countersign_core::proposal::Authenticated;
use countersign_core::receipt::{self, Outcome, Receipt, Used};
use countersign_core::refusal::Code;
use countersign_core::statement::Statement;

use super::{Files, add_signed, pinned};
use crate::common::{
    NOW, decide, decision, epoch, gate, key, label, nonce, proposal, propose, root, root_envelope,
};
use crate::vectors::spellings;

pub(super) fn all(files: &mut Files) {
    let subject = propose(&proposal()).digest();
    let root = pinned(&root_envelope(&root(), "administrator"));
    let mut case = |check: &str, name: &str, says: &str, expect: &str, envelope: &Envelope| {
        add_signed(files, check, (name, says, expect), &root, &envelope.to_bytes());
    };

    let withdrawal = |by, signer: &str| {
        let predicate = Withdrawal { gate: gate("home"), by, at: NOW, reason: None };
        let statement = Statement { subject, predicate };
        Envelope::sign(IN_TOTO, statement.to_payload(decision::WITHDRAWAL), &key(signer))
    };
    case(
        "withdrawal",
        "by-gate",
        "a gate withdraws its proposal",
        "ok",
        &withdrawal(Withdrawer::Gate, "home"),
    );
    case(
        "withdrawal",
        "by-other-gate",
        "a gate withdraws another's",
        "STATEMENT_INVALID",
        &withdrawal(Withdrawer::Gate, "away"),
    );
    let by_mara = || Withdrawer::Reviewer(label("mara"));
    case(
        "withdrawal",
        "by-reviewer",
        "a reviewer withdraws a decision",
        "ok",
        &withdrawal(by_mara(), "mara"),
    );
    case(
        "withdrawal",
        "by-device",
        "a device withdraws a decision",
        "KEY_PURPOSE",
        &withdrawal(by_mara(), "laptop"),
    );
    case(
        "withdrawal",
        "in-other-name",
        "a reviewer in another's name",
        "STATEMENT_INVALID",
        &withdrawal(by_mara(), "tomas"),
    );

    let resolution = |signer: &str| {
        let predicate = Resolution {
            gate: gate("home"),
            reviewer: label("mara"),
            found: Found::Ran,
            at: NOW,
            comment: None,
        };
        Envelope::sign(
            IN_TOTO,
            Statement { subject, predicate }.to_payload(decision::RESOLUTION),
            &key(signer),
        )
    };
    case("resolution", "good", "a reviewer resolves an outcome", "ok", &resolution("mara"));
    case("resolution", "by-device", "a device resolves an outcome", "KEY_PURPOSE", &resolution("laptop"));

    let written = |signer: &str, change: &dyn Fn(&mut Receipt)| {
        let mut predicate = Receipt {
            gate: gate("home"),
            epoch: epoch(7),
            seq: 2,
            id: proposal().id,
            decisions: vec![],
            amendment: None,
            used: None,
            burned: Some(NOW),
            at: NOW,
            outcomes: vec![
                Outcome::Done { started: NOW, finished: NOW, exit: Some(0), results: vec![] },
                Outcome::Refused { code: Code::Halted, why: "a halt covers it".into() },
                Outcome::NotAttempted {},
            ],
        };
        change(&mut predicate);
        Envelope::sign(IN_TOTO, Statement { subject, predicate }.to_payload(receipt::RECEIPT), &key(signer))
    };
    let receipt = |signer: &str| written(signer, &|_| {});
    let used = |change: &dyn Fn(&mut Receipt)| {
        written("home", &|it| {
            it.used = Some(Used { entry: 2, number: 1 });
            it.outcomes.truncate(1);
            change(it);
        })
    };
    case("receipt", "of-use", "of one use of a batch", "ok", &used(&|_| {}));
    let zeroth = used(&|it| it.used = Some(Used { entry: 2, number: 0 }));
    case("receipt", "of-use-0", "uses are counted from 1", "STATEMENT_INVALID", &zeroth);
    let two = used(&|it| it.outcomes.push(Outcome::NotAttempted {}));
    case("receipt", "of-use-twice", "a use has one outcome", "STATEMENT_INVALID", &two);
    let unburned = used(&|it| it.burned = None);
    case("receipt", "of-use-unburned", "a use that burned nothing", "STATEMENT_INVALID", &unburned);
    let amended = used(&|it| it.amendment = Some(subject));
    case("receipt", "of-use-amended", "a use of another list", "STATEMENT_INVALID", &amended);
    case("receipt", "good", "a gate's receipt", "ok", &receipt("home"));
    case(
        "receipt",
        "of-other-gate",
        "a receipt in another gate's name",
        "STATEMENT_INVALID",
        &receipt("away"),
    );
    case("receipt", "by-reviewer", "a receipt by a reviewer", "KEY_PURPOSE", &receipt("mara"));
    case(
        "receipt",
        "as-decision",
        "a decision where a receipt is expected",
        "PREDICATE_TYPE",
        &decide(subject, decision(&proposal(), Verdict::Approve), "mara"),
    );

    let ack = |by: Receiver, signer: &str| {
        let payload = json::to_bytes(&Acknowledgement { by, epoch: epoch(7), digests: vec![subject] });
        Envelope::sign(ack::TYPE, payload, &key(signer))
    };
    case(
        "acknowledgement",
        "by-gate",
        "a gate acknowledges",
        "ok",
        &ack(Receiver::Gate(gate("home")), "home"),
    );
    case(
        "acknowledgement",
        "by-device",
        "a device acknowledges",
        "ok",
        &ack(Receiver::Device(label("laptop")), "laptop"),
    );
    case(
        "acknowledgement",
        "by-reviewer",
        "a reviewer's key acknowledges",
        "KEY_PURPOSE",
        &ack(Receiver::Device(label("laptop")), "mara"),
    );
    case(
        "acknowledgement",
        "in-other-name",
        "a device in a gate's name",
        "STATEMENT_INVALID",
        &ack(Receiver::Gate(gate("home")), "laptop"),
    );

    let halt = |scope: Scope, signer: &str| {
        Envelope::sign(
            halt::HALT,
            json::to_bytes(&Halt { id: nonce(9), scope, at: NOW, reason: None }),
            &key(signer),
        )
    };
    case("halt", "by-device", "a device halts everything", "ok", &halt(Scope::All, "laptop"));
    case(
        "halt",
        "by-gate-of-itself",
        "a gate halts itself",
        "ok",
        &halt(Scope::Gate { gate: gate("home") }, "home"),
    );
    case("halt", "by-gate-of-all", "a gate halts everything", "STATEMENT_INVALID", &halt(Scope::All, "home"));
    case("halt", "by-reviewer", "a reviewer's key halts", "KEY_PURPOSE", &halt(Scope::All, "mara"));
    let agent = Scope::Agent { gate: gate("home"), authenticated: Authenticated::Uid(1000) };
    case("halt", "of-agent", "a device halts one agent", "ok", &halt(agent, "laptop"));

    let spelled = |payload: &str| Envelope::sign(halt::HALT, payload.as_bytes().to_vec(), &key("laptop"));
    let id = nonce(9);
    let extra = format!(r#"{{"id":"{id}","scope":{{"kind":"all","gate":"home"}},"at":1790000100}}"#);
    case("halt", "of-all-and-a-gate", "a field beside `all`", "STATEMENT_INVALID", &spelled(&extra));
    let list = format!(r#"["{id}",{{"kind":"all"}},1790000100]"#);
    case("halt", "as-list", "a list where an object is expected", "STATEMENT_INVALID", &spelled(&list));
    let scope = format!(r#"{{"id":"{id}","scope":["all"],"at":1790000100}}"#);
    case(
        "halt",
        "scope-as-list",
        "a list where an object is expected",
        "STATEMENT_INVALID",
        &spelled(&scope),
    );

    let whole = |decision: Decision, signer: &str| decide(subject, decision, signer);
    case("decision", "whole", "every field of a decision", "ok", &whole(spellings::whole_decision(), "mara"));
    let deny = decision(&proposal(), Verdict::Deny);
    case("decision", "deny", "a device denies", "ok", &whole(deny, "laptop"));
    let changes = decision(&proposal(), Verdict::RequestChanges);
    case("decision", "request-changes", "a device requests changes", "ok", &whole(changes.clone(), "laptop"));
    case(
        "decision",
        "request-by-reviewer",
        "a reviewer's key requests",
        "KEY_PURPOSE",
        &whole(changes, "mara"),
    );
    let statement = Statement { subject, predicate: spellings::whole_receipt() };
    let every = Envelope::sign(IN_TOTO, statement.to_payload(receipt::RECEIPT), &key("home"));
    case("receipt", "whole", "every outcome of a receipt", "ok", &every);
    let odd = String::from_utf8(every.payload.clone()).unwrap().replace("PRECONDITION", "PRECONDITIONS");
    let odd = Envelope::sign(IN_TOTO, odd.into_bytes(), &key("home"));
    case("receipt", "unknown-code", "a code that there is not", "STATEMENT_INVALID", &odd);
    let named = String::from_utf8(every.payload.clone()).unwrap();
    let named = named.replacen("{\"digest\"", "{\"name\":\"x\",\"digest\"", 1);
    let named = Envelope::sign(IN_TOTO, named.into_bytes(), &key("home"));
    case("receipt", "named-subject", "a name in the subject", "STATEMENT_INVALID", &named);
    let full = |count: usize| {
        let ack = Acknowledgement {
            by: Receiver::Gate(gate("home")),
            epoch: epoch(7),
            digests: vec![subject; count],
        };
        Envelope::sign(ack::TYPE, json::to_bytes(&ack), &key("home"))
    };
    case("acknowledgement", "empty", "an epoch is announced", "ok", &full(0));
    case("acknowledgement", "1000", "as many digests as there may be", "ok", &full(1000));
    case("acknowledgement", "1001", "more than 1000 digests", "STATEMENT_INVALID", &full(1001));

    let lift = |signer: &str| {
        let lift = Lift { halt: subject, reviewer: label("mara"), at: NOW, reason: None };
        Envelope::sign(halt::LIFT, json::to_bytes(&lift), &key(signer))
    };
    case("lift", "good", "a reviewer lifts", "ok", &lift("mara"));
    case("lift", "by-device", "a device lifts", "KEY_PURPOSE", &lift("laptop"));
    case("lift", "in-other-name", "a reviewer lifts in another's name", "STATEMENT_INVALID", &lift("tomas"));
}
