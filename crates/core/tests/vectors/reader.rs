//! Reads one file and does what it says, knowing nothing of how it was made.

use std::collections::BTreeMap;

use countersign_core::ack::Acknowledgement;
use countersign_core::amendment::{self, Amendment};
use countersign_core::decision::{Decision, Resolution, Withdrawal};
use countersign_core::digest::Digest;
use countersign_core::envelope::pre_authentication_encoding;
use countersign_core::halt::{Halt, Lift};
use countersign_core::json;
use countersign_core::key::PublicKey;
use countersign_core::name::{Epoch, GateId};
use countersign_core::proposal::{Agent, Proposal, Requirement};
use countersign_core::receipt::Receipt;
use countersign_core::refusal::Refusal;
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_core::verify::{
    Approver, Clock, Facts, Ledger, NonceState, Ruling, Signed, Standing, Subject, TrustedRoot, signed,
    verify,
};
use data_encoding::{BASE64, HEXLOWER};

pub(crate) struct Case(BTreeMap<String, String>);

impl Case {
    pub(crate) fn read(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let fields = lines.map(|line| line.split_once(": ").unwrap_or((line.trim_end_matches(':'), "")));
        Self(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    pub(crate) fn field(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("no field {name}"))
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        BASE64.decode(self.field(name).as_bytes()).unwrap()
    }

    fn time(&self, name: &str) -> Timestamp {
        Timestamp::from_seconds(self.field(name).parse().unwrap())
    }

    fn root(&self) -> Result<TrustedRoot, Refusal> {
        TrustedRoot::pinned(&self.bytes("root"), &self.field("root-pin").parse().unwrap())
    }

    pub(crate) fn run(&self) -> String {
        match self.field("check") {
            "json" => word(json::parse(&self.bytes("input"))),
            "public-key" => word(PublicKey::parse_hex(self.field("input"))),
            "key-id" => PublicKey::parse_hex(self.field("input")).unwrap().id(),
            "dsse" => HEXLOWER.encode(&pre_authentication_encoding(self.field("type"), &self.bytes("input"))),
            "signature" => {
                let key = PublicKey::parse_hex(self.field("key")).unwrap();
                let holds = key.holds(&self.bytes("message"), &self.bytes("signature").try_into().unwrap());
                if holds { "ok".into() } else { "refused".into() }
            }
            "root" => code(self.root().and_then(|root| match self.0.get("next") {
                Some(_) => root.advance(&self.bytes("next")).map(|_| ()),
                None => Ok(()),
            })),
            "proposal" => self.signed::<Proposal>(),
            "decision" => self.signed::<Statement<Decision>>(),
            "withdrawal" => self.signed::<Statement<Withdrawal>>(),
            "resolution" => self.signed::<Statement<Resolution>>(),
            "receipt" => self.signed::<Statement<Receipt>>(),
            "acknowledgement" => self.signed::<Acknowledgement>(),
            "halt" => self.signed::<Halt>(),
            "lift" => self.signed::<Lift>(),
            "approval" => self.approval(),
            other => panic!("unknown check {other}"),
        }
    }

    fn signed<T: Signed>(&self) -> String {
        code(self.root().and_then(|root| signed::<T>(&self.bytes("envelope"), &root, self.time("now"))))
    }

    fn approval(&self) -> String {
        let root = self.root().unwrap();
        let (now, highest) = (self.time("now"), self.time("highest-clock"));
        let gate: GateId = self.field("gate").parse().unwrap();
        let epoch: Epoch = self.field("epoch").parse().unwrap();
        let known = self.field("proposal") != "none";
        let held = known.then(|| signed::<Proposal>(&self.bytes("proposal"), &root, now).unwrap());
        let asking = (self.field("asking") != "none")
            .then(|| json::from_bytes::<Agent>(self.field("asking").as_bytes()).unwrap());
        let approvers: Vec<Approver> = self.field("approvers").split_whitespace().map(approver).collect();
        let rules = (Requirement::built_in(), Requirement::built_in_rules());
        let amendment = (self.field("amendment") != "none").then(|| {
            let amendment: Amendment = Amendment::parse(&self.bytes("amendment")).unwrap();
            amendment.apply(held.as_ref().unwrap().value()).map(|_| ())
        });
        let ruling = verify(&self.bytes("envelope"), &root, now, |_| Facts {
            gate: &gate,
            epoch: &epoch,
            standing: self.standing(),
            subject: held.as_ref().map(|held| subject(held, amendment.clone(), self, asking.as_ref())),
            clock: Clock { now, highest },
            nonce: match self.field("nonce") {
                "unknown" => NonceState::Unknown,
                "open" => NonceState::Open,
                "burned" => NonceState::Burned,
                other => panic!("nonce {other}"),
            },
            ledger: match self.field("ledger") {
                "consistent" => Ledger::Consistent,
                "inconsistent" => Ledger::Inconsistent,
                other => panic!("ledger {other}"),
            },
            approvers: &approvers,
            rules: (&rules.0, &rules.1),
        });
        match ruling {
            Ok(Ruling::Enough(_)) => "ok".into(),
            Ok(Ruling::Waiting { .. }) => "waiting".into(),
            Err(refusal) => refusal.code.to_string(),
        }
    }

    fn standing(&self) -> Standing {
        match self.field("standing") {
            "open" => Standing::Open,
            "denied" => Standing::Denied,
            "changes-requested" => Standing::ChangesRequested,
            "withdrawn" => Standing::Withdrawn,
            "superseded" => Standing::Superseded,
            "halted" => Standing::Halted,
            other => panic!("standing {other}"),
        }
    }
}

fn subject<'a>(
    held: &'a countersign_core::verify::Verified<Proposal>,
    amendment: Option<Result<(), amendment::Error>>,
    case: &Case,
    asking: Option<&'a Agent>,
) -> Subject<'a> {
    let recomputed: Digest = case.field("recomputed").parse().unwrap();
    Subject { proposal: held.value(), amendment, recomputed, signed: *held.digest(), asking }
}

fn approver(text: &str) -> Approver {
    let (person, roles) = text.split_once('=').unwrap_or((text, ""));
    let roles = roles.split(',').filter(|it| !it.is_empty()).map(|it| it.parse().unwrap()).collect();
    Approver { person: person.parse().unwrap(), roles }
}

fn word<T, E>(result: Result<T, E>) -> String {
    if result.is_ok() { "ok".into() } else { "refused".into() }
}

fn code<T>(result: Result<T, Refusal>) -> String {
    result.map_or_else(|refusal| refusal.code.to_string(), |_| "ok".into())
}
