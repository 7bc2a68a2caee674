//! Approvals, each with all that a gate knows when it judges one.

use std::collections::BTreeMap;

use countersign_core::action::{Act, Change};
use countersign_core::amendment::{Amendment, Edit};
use countersign_core::content::Content;
use countersign_core::decision::{self, Decision, Verdict};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::halt;
use countersign_core::json;
use countersign_core::proposal::{Authenticated, MAX_LIFETIME, Need, Proposal};
use countersign_core::statement::Statement;

use super::{Files, add, b64, pinned};
use crate::common::{
    MADE, NOW, decide, decision, epoch, key, label, nonce, proposal, propose, root, root_envelope, trusted,
};
use crate::vectors::spellings;

struct World {
    proposal: Proposal,
    decision: Decision,
    signer: &'static str,
    subject: Option<Digest>,
    fields: BTreeMap<&'static str, String>,
    envelope: Option<Vec<u8>>,
}

impl World {
    fn new() -> Self {
        let proposal = proposal();
        let decision = decision(&proposal, Verdict::Approve);
        let fixed = [
            ("now", NOW.seconds().to_string()),
            ("highest-clock", NOW.seconds().to_string()),
            ("gate", "home".into()),
            ("epoch", epoch(7).to_string()),
            ("standing", "open".into()),
            ("nonce", "open".into()),
            ("ledger", "consistent".into()),
            ("asking", "none".into()),
            ("amendment", "none".into()),
            ("approvers", String::new()),
        ];
        Self { proposal, decision, signer: "mara", subject: None, fields: fixed.into(), envelope: None }
    }

    fn set(mut self, name: &'static str, value: impl ToString) -> Self {
        self.fields.insert(name, value.to_string());
        self
    }

    fn fields(mut self, expect: &str) -> Vec<(&'static str, String)> {
        let proposed = propose(&self.proposal);
        let subject = self.subject.unwrap_or(proposed.digest());
        let envelope =
            self.envelope.unwrap_or_else(|| decide(subject, self.decision, self.signer).to_bytes());
        self.fields.entry("proposal").or_insert_with(|| b64(&proposed.to_bytes()));
        self.fields.entry("recomputed").or_insert_with(|| proposed.digest().to_string());
        self.fields.insert("envelope", b64(&envelope));
        self.fields.extend(pinned(&root_envelope(&root(), "administrator")));
        let mut fields = vec![("check", "approval".to_owned()), ("expect", expect.to_owned())];
        fields.extend(self.fields);
        fields
    }
}

pub(super) fn all(files: &mut Files) {
    let mut case = |name: &str, says: &str, expect: &str, world: World| {
        add(files, &format!("approval-{name}"), says, &world.fields(expect));
    };
    let with = |change: &dyn Fn(&mut World)| {
        let mut world = World::new();
        change(&mut world);
        world
    };
    assert_eq!(trusted().root().version, 1);

    case("good", "everything in order", "ok", World::new());
    case("malformed", "no envelope", "ENVELOPE_MALFORMED", with(&|it| it.envelope = Some(b"{}".to_vec())));
    case(
        "too-large",
        "more than 256 KiB",
        "ENVELOPE_MALFORMED",
        with(&|it| it.envelope = Some(vec![b' '; 256 * 1024 + 1])),
    );
    let flipped = |it: &mut World| {
        let mut envelope = decide(propose(&it.proposal).digest(), it.decision.clone(), "mara");
        envelope.payload[40] ^= 1;
        it.envelope = Some(envelope.to_bytes());
    };
    case("byte-changed", "a byte changed after signing", "SIGNATURE_INVALID", with(&flipped));
    case("stranger", "signed by a key outside the root", "KEY_UNKNOWN", with(&|it| it.signer = "stranger"));
    case("by-device", "a device's key approves", "KEY_PURPOSE", with(&|it| it.signer = "laptop"));
    case("by-gate", "a gate's key approves", "KEY_PURPOSE", with(&|it| it.signer = "home"));
    case(
        "by-administrator",
        "an administrator's key approves",
        "KEY_PURPOSE",
        with(&|it| it.signer = "administrator"),
    );
    case("in-other-name", "signed in another's name", "STATEMENT_INVALID", with(&|it| it.signer = "tomas"));
    case(
        "revoked-key",
        "a revoked key",
        "KEY_REVOKED",
        with(&|it| (it.signer, it.decision.reviewer) = ("revoked", label("revoked"))),
    );
    case(
        "expired-key",
        "a key after its time",
        "KEY_EXPIRED",
        with(&|it| (it.signer, it.decision.reviewer) = ("expired", label("expired"))),
    );
    let other_type = |it: &mut World| {
        let good = decide(propose(&it.proposal).digest(), it.decision.clone(), "mara");
        it.envelope = Some(Envelope::sign(halt::LIFT, good.payload, &key("mara")).to_bytes());
    };
    case("payload-type", "another payload type", "PAYLOAD_TYPE", with(&other_type));
    let other_predicate = |it: &mut World| {
        let statement = Statement { subject: propose(&it.proposal).digest(), predicate: it.decision.clone() };
        it.envelope = Some(
            Envelope::sign(IN_TOTO, statement.to_payload(decision::RESOLUTION), &key("mara")).to_bytes(),
        );
    };
    case("predicate-type", "another predicate", "PREDICATE_TYPE", with(&other_predicate));
    let two_subjects = |it: &mut World| {
        let statement = Statement { subject: propose(&it.proposal).digest(), predicate: it.decision.clone() };
        let text = String::from_utf8(statement.to_payload(decision::DECISION)).unwrap();
        let subject = format!("{{\"digest\":{{\"sha256\":\"{}\"}}}}", statement.subject);
        let text = text.replacen(&subject, &format!("{subject},{subject}"), 1);
        it.envelope = Some(Envelope::sign(IN_TOTO, text.into_bytes(), &key("mara")).to_bytes());
    };
    case("two-subjects", "one signature over two subjects", "STATEMENT_INVALID", with(&two_subjects));
    case(
        "newer-root",
        "made under a root that the gate does not have",
        "ROOT_STALE",
        with(&|it| it.decision.root_version = 2),
    );
    case(
        "deny",
        "a deny by the device approves nothing",
        "DENIED",
        with(&|it| (it.decision.verdict, it.signer) = (Verdict::Deny, "laptop")),
    );
    case(
        "deny-by-reviewer-key",
        "a reviewer's key is not for denying",
        "KEY_PURPOSE",
        with(&|it| it.decision.verdict = Verdict::Deny),
    );

    for (standing, expect) in [
        ("denied", "DENIED"),
        ("changes-requested", "DENIED"),
        ("withdrawn", "WITHDRAWN"),
        ("superseded", "SUPERSEDED"),
        ("halted", "HALTED"),
    ] {
        case(
            &format!("after-{standing}"),
            "something stands against it",
            expect,
            World::new().set("standing", standing),
        );
    }
    case(
        "wrong-gate",
        "the approval of another gate's proposal",
        "WRONG_GATE",
        World::new().set("gate", "away").set("proposal", "none"),
    );
    case(
        "denied-at-wrong-gate",
        "what stands against it comes before whose it is",
        "DENIED",
        World::new().set("standing", "denied").set("gate", "away").set("proposal", "none"),
    );

    case(
        "other-request",
        "the request at hand makes another proposal",
        "ACTION_MISMATCH",
        World::new().set("recomputed", Digest::of(b"another")),
    );
    case(
        "other-expiry",
        "the decision says a later expiry than the proposal",
        "ACTION_MISMATCH",
        with(&|it| it.decision.expires = it.proposal.expires.plus(1)),
    );
    case(
        "other-rules",
        "the decision names other rules",
        "ACTION_MISMATCH",
        with(&|it| it.decision.rules = Digest::of(b"lax")),
    );
    let agent = |change: &dyn Fn(&mut countersign_core::proposal::Agent)| {
        let mut agent = proposal().agent;
        change(&mut agent);
        String::from_utf8(json::to_bytes(&agent)).unwrap()
    };
    case("same-agent", "the same agent and session asks", "ok", World::new().set("asking", agent(&|_| ())));
    case(
        "other-session",
        "another session asks",
        "AGENT_MISMATCH",
        World::new().set("asking", agent(&|it| it.session = label("s-2"))),
    );
    case(
        "other-agent",
        "another agent asks",
        "AGENT_MISMATCH",
        World::new().set("asking", agent(&|it| it.authenticated = Authenticated::Uid(0))),
    );

    let amended = |field: &str, action: usize| {
        let original = propose(&proposal()).digest();
        let content = Content::inline("text/markdown", b"Ask the data owner.\n".to_vec());
        let payload = json::to_bytes(&Amendment {
            original,
            edits: vec![Edit { action, field: field.into(), content }],
        });
        let subject = Digest::of(&payload);
        let mut world = World::new().set("amendment", b64(&payload));
        world.subject = Some(subject);
        world
    };
    case("amended-body", "a body may be amended", "ok", amended("body", 1));
    case("amended-reach", "who can read it may not be amended", "AMENDMENT_INVALID", amended("reach", 1));
    case("amended-argv", "what runs may not be amended", "AMENDMENT_INVALID", amended("argv", 0));
    case("amended-body-of-run", "a program has no body", "AMENDMENT_INVALID", amended("body", 0));
    case("amended-nothing-there", "there is no such action", "AMENDMENT_INVALID", amended("body", 2));

    let at = |seconds: u64| MADE.seconds() + seconds;
    let early = |it: &mut World| {
        it.proposal.not_before = NOW.plus(10);
        it.decision.not_before = NOW.plus(10);
    };
    case("too-early", "before its time", "NOT_YET_VALID", with(&early));
    case(
        "last-second",
        "the last second in which it counts",
        "ok",
        World::new().set("now", at(3599)).set("highest-clock", at(3599)),
    );
    case(
        "expired",
        "the second of its expiry does not count",
        "DECISION_EXPIRED",
        World::new().set("now", at(3600)).set("highest-clock", at(3600)),
    );
    let long = |it: &mut World| {
        it.proposal.expires = MADE.plus(MAX_LIFETIME + 1);
        it.decision.expires = it.proposal.expires;
    };
    case("too-long", "it would stand for more than 14 days", "LIFETIME_TOO_LONG", with(&long));
    case(
        "clock-5-back",
        "a clock 5 seconds back is borne",
        "ok",
        World::new().set("highest-clock", NOW.seconds() + 5),
    );
    case(
        "clock-6-back",
        "a clock 6 seconds back is not",
        "CLOCK_ROLLBACK",
        World::new().set("highest-clock", NOW.seconds() + 6),
    );

    case(
        "unknown-proposal",
        "the gate knows no such proposal",
        "NONCE_UNKNOWN",
        World::new().set("proposal", "none"),
    );
    case(
        "unknown-nonce",
        "the gate never issued the nonce",
        "NONCE_UNKNOWN",
        World::new().set("nonce", "unknown"),
    );
    case("other-epoch", "the ledger began a new life", "NONCE_UNKNOWN", World::new().set("epoch", epoch(8)));
    case("replay", "the nonce was used", "REPLAY", World::new().set("nonce", "burned"));
    case(
        "inconsistent",
        "the ledger contradicts itself",
        "LEDGER_INCONSISTENT",
        World::new().set("ledger", "inconsistent"),
    );

    let acknowledge = |it: &mut World| it.proposal.acknowledge = vec![label("token:1")];
    case("not-acknowledged", "a required acknowledgement is missing", "REQUIREMENT", with(&acknowledge));
    let acknowledged = |it: &mut World| {
        acknowledge(it);
        it.decision.acknowledged = vec![decision::Acknowledged { id: label("token:1"), reason: None }];
    };
    case("acknowledged", "the required acknowledgement is there", "ok", with(&acknowledged));
    let two = |it: &mut World| it.proposal.requirement.needs = vec![Need { role: None, count: 2 }];
    case("one-of-two", "the first of two signatures", "waiting", with(&two));
    case("two-of-two", "the second of two signatures", "ok", with(&two).set("approvers", "tomas"));
    case(
        "same-person-twice",
        "one person does not count twice",
        "waiting",
        with(&two).set("approvers", "mara=security"),
    );
    let two_roles = |it: &mut World| {
        it.proposal.requirement.needs =
            vec![Need { role: None, count: 2 }, Need { role: Some(label("legal")), count: 1 }];
    };
    let legal = World::new().set("approvers", "tomas=legal,press");
    case(
        "role-of-an-earlier",
        "an earlier signer has the role",
        "ok",
        World { proposal: with(&two_roles).proposal, ..legal },
    );
    let released = |session: &str| {
        let mut world = World::new();
        world.proposal = spellings::released();
        let mut agent = world.proposal.agent.clone();
        agent.session = label(session);
        agent.calls_itself = Some(label("renamed"));
        world.set("asking", String::from_utf8(json::to_bytes(&agent)).unwrap())
    };
    case("released", "a release to the session that asked, whatever it calls itself", "ok", released("s-1"));
    case("released-to-another", "a release to another session", "AGENT_MISMATCH", released("s-9"));
    case("released-amended", "what an agent does itself may not be amended", "AMENDMENT_INVALID", {
        let mut world = released("s-1");
        let actions = world.proposal.actions.all_mut().unwrap();
        let [.., last] = actions.as_mut_slice() else { panic!("a release has actions") };
        last.act = Act::Change(Change {
            resource: "/srv/a".into(),
            before: None,
            after: Some(Content::inline("text/plain", b"a".to_vec())),
            mode_before: None,
            mode_after: None,
        });
        let edit = Edit {
            action: world.proposal.actions.len() - 1,
            field: "after".into(),
            content: Content::inline("text/plain", b"b".to_vec()),
        };
        let original = propose(&world.proposal).digest();
        let payload = json::to_bytes(&Amendment { original, edits: vec![edit] });
        world.subject = Some(Digest::of(&payload));
        world.set("amendment", b64(&payload))
    });
    let batch = || {
        let mut world = World::new();
        world.proposal = spellings::batch();
        world
    };
    case("use", "a use of a batch", "ok", batch());
    case("use-again", "an entry of a batch that was used", "REPLAY", batch().set("nonce", "burned"));
    let at = |seconds: u64| batch().set("now", MADE.seconds() + seconds);
    case("use-last-second", "a use in the last second of a batch", "ok", at(599));
    case("use-too-late", "a batch ended before its proposal", "DECISION_EXPIRED", at(600));
    case("use-amended", "a batch may not be amended", "AMENDMENT_INVALID", {
        let mut world = batch();
        let content = Content::inline("application/json", b"{}".to_vec());
        let edit = Edit { action: 0, field: "arguments".into(), content };
        let payload =
            json::to_bytes(&Amendment { original: propose(&world.proposal).digest(), edits: vec![edit] });
        world.subject = Some(Digest::of(&payload));
        world.set("amendment", b64(&payload))
    });
    let mismatched = |it: &mut World| {
        it.decision.nonce = nonce(2);
        it.proposal.expires = MADE.plus(10);
        it.decision.expires = MADE.plus(10);
    };
    case(
        "other-nonce",
        "another nonce, and expired: what is signed comes before time",
        "ACTION_MISMATCH",
        with(&mismatched),
    );
    case(
        "clock-before-expiry",
        "a clock that went back says nothing about expiry",
        "CLOCK_ROLLBACK",
        World::new().set("now", MADE.seconds() + 3600).set("highest-clock", MADE.seconds() + 9999),
    );
    case("two-edits-of-one", "one text amended twice", "AMENDMENT_INVALID", {
        let content = Content::inline("text/markdown", b"x".to_vec());
        let edit = Edit { action: 1, field: "body".into(), content };
        let original = propose(&proposal()).digest();
        let payload = json::to_bytes(&Amendment { original, edits: vec![edit.clone(), edit] });
        let mut world = World::new().set("amendment", b64(&payload));
        world.subject = Some(Digest::of(&payload));
        world
    });
    let role = |role: &'static str| {
        move |it: &mut World| it.proposal.requirement.needs = vec![Need { role: Some(label(role)), count: 1 }]
    };
    case("role", "a role that the signer has", "ok", with(&role("security")));
    case("other-role", "a role that the signer does not have", "waiting", with(&role("legal")));
}
