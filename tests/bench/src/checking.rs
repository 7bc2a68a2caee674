//! What it costs a gate to check a decision, beside the bare signature and hash that it cannot do without.

use std::process::Command;

use countersign_core::content::Content;
use countersign_core::decision::{DECISION, Decision, Sheet, Verdict};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::key::{PublicKey, SecretKey};
use countersign_core::proposal::{Proposal, Requirement};
use countersign_core::root::{Entry, Holder, Root, TYPE};
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_core::verify::{
    Clock, Facts, Ledger, NonceState, Ruling, Standing, Subject, TrustedRoot, signed, verify,
};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::Failed;
use crate::figure::{Figure, Target};
use crate::gate::{Gate, SIZE, Sealed};
use crate::sample::side_by_side;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// Turns of each.
const ROUNDS: usize = 2001;

/// Bytes of the large content.
const LARGE: usize = 256 * 1024;

/// Everything that a gate has at hand when a decision comes: the root is read, the proposal is known.
struct Case {
    root: TrustedRoot,
    gate: Gate,
    sealed: Sealed,
    decision: Vec<u8>,
    content: Content,
    bytes: Vec<u8>,
    rules: (Requirement, Digest),
}

/// A signature without anything around it.
struct Bare {
    key: VerifyingKey,
    message: Vec<u8>,
    signature: Signature,
}

impl Bare {
    fn new(envelope: &[u8], key: &PublicKey) -> Result<Self, Failed> {
        let envelope = Envelope::parse(envelope)?;
        let signature = envelope.signatures.first().ok_or("it is not signed")?;
        Ok(Self {
            key: VerifyingKey::from_bytes(key.as_bytes())?,
            message: envelope.signed_bytes(),
            signature: Signature::from_bytes(&signature.bytes),
        })
    }

    fn verify(&self) {
        assert!(self.key.verify_strict(&self.message, &self.signature).is_ok());
    }
}

impl Case {
    fn new() -> Result<(Self, Bare, Bare), Failed> {
        let mut gate = Gate::new(NOW)?;
        let [reviewer, administrator, device] = [1_u8, 2, 3].map(|seed| SecretKey::from_seed(&[seed; 32]));
        let sealed = gate.propose("decide this")?;
        // As the app makes it for one machine, in this order.
        let name: countersign_core::name::Label = "Robin Example".parse()?;
        let entries = vec![
            Entry::new(reviewer.public(), Holder::Person { name: name.clone() }, NOW),
            Entry::new(administrator.public(), Holder::Administrator { name: name.clone() }, NOW),
            Entry::new(device.public(), Holder::Device { name: "desk".parse()?, person: name.clone() }, NOW),
            Entry::new(gate.key.public(), Holder::Gate { gate: gate.id.clone() }, NOW),
        ];
        let root = Root { version: 1, created: NOW, threshold: 1, entries };
        let root = Envelope::sign(TYPE, root.to_payload()?, &administrator);
        let root = TrustedRoot::pinned(&root.to_bytes(), &root.digest())?;

        let proposal = &sealed.proposal;
        let mut predicate = Decision {
            verdict: Verdict::Approve,
            comment: Some(String::new()),
            reviewer: name,
            gate: gate.id.clone(),
            epoch: gate.epoch,
            nonce: proposal.nonce,
            not_before: proposal.not_before,
            expires: proposal.expires,
            signed_at: NOW,
            root_version: 1,
            rules: proposal.rules,
            sheet: Sheet { sha256: Digest::of(b"sheet"), version: 1 },
            acknowledged: vec![],
            not_shown: None,
            sequence: 1,
            together: vec![],
        };
        let payload = |predicate: &Decision| {
            Statement { subject: sealed.digest, predicate: predicate.clone() }.to_payload(DECISION)
        };
        let missing = SIZE.checked_sub(payload(&predicate).len()).ok_or("a decision is larger than 1 KiB")?;
        predicate.comment = Some("a".repeat(missing));
        let decision = Envelope::sign(IN_TOTO, payload(&predicate), &reviewer).to_bytes();

        let bytes = "0123456789abcde\n".repeat(LARGE / 16).into_bytes();
        let bare = Bare::new(&decision, &reviewer.public())?;
        let bare_proposal = Bare::new(&sealed.envelope, &gate.key.public())?;
        let rules = (Requirement::built_in(), Requirement::built_in_rules());
        let content = Content::blob("text/plain", &bytes);
        Ok((Self { root, gate, sealed, decision, content, bytes, rules }, bare, bare_proposal))
    }

    /// Checks 1 to 12, as a gate does them.
    fn check_decision(&self) {
        let ruling = verify(&self.decision, &self.root, NOW, |_| Facts {
            gate: &self.gate.id,
            epoch: &self.gate.epoch,
            standing: Standing::Open,
            subject: Some(Subject {
                proposal: &self.sealed.proposal,
                amendment: None,
                recomputed: self.sealed.digest,
                signed: self.sealed.digest,
                asking: None,
            }),
            clock: Clock { now: NOW, highest: NOW },
            nonce: NonceState::Open,
            ledger: Ledger::Consistent,
            approvers: &[],
            rules: (&self.rules.0, &self.rules.1),
        });
        assert!(matches!(ruling, Ok(Ruling::Enough(_))), "{ruling:?}");
    }

    fn check_proposal(&self) {
        assert!(signed::<Proposal>(&self.sealed.envelope, &self.root, NOW).is_ok());
    }

    fn check_content(&self) {
        assert!(self.content.is(&self.bytes));
    }

    fn hash(&self) {
        assert_eq!(<[u8; 32]>::from(Sha256::digest(&self.bytes)), *self.content.sha256().as_bytes());
    }
}

/// Both limits, and the proposals that the app checks by the same code.
pub(crate) fn measure() -> Result<Vec<Figure>, Failed> {
    let (case, bare, bare_proposal) = Case::new()?;
    let with_content = || {
        case.check_decision();
        case.check_content();
    };
    let bare_with_hash = || {
        bare.verify();
        case.hash();
    };
    let times = side_by_side(
        ROUNDS,
        [
            &|| case.check_decision(),
            &|| bare.verify(),
            &|| case.check_proposal(),
            &|| bare_proposal.verify(),
            &with_content,
            &bare_with_hash,
        ],
    );
    let [decision, bare_decision, proposal, bare_proposal, large, bare_large] = times;
    let counts = Counts::take();
    Ok(vec![
        counts.beside(
            Figure::new("gate-1k-decision", decision, "us", Target::RatioAtMost(2.0), ROUNDS)
                .peer("verify_strict", bare_decision),
            ["decision", "bare-decision"],
        ),
        counts.beside(
            Figure::new("gate-1k-proposal", proposal, "us", Target::RatioAtMost(2.0), ROUNDS)
                .peer("verify_strict", bare_proposal),
            ["proposal", "bare-proposal"],
        ),
        counts.beside(
            Figure::new("gate-256k-content", large, "us", Target::RatioAtMost(1.5), ROUNDS)
                .peer("verify_strict + SHA-256", bare_large),
            ["content", "bare-content"],
        ),
    ])
}

/// Does `work` so many times and nothing else, for [`Counts`] and for profilers.
pub(crate) fn repeat(work: &str, times: usize) -> Result<(), Failed> {
    let (case, bare, bare_proposal) = Case::new()?;
    for _ in 0..times {
        match work {
            "decision" => case.check_decision(),
            "bare-decision" => bare.verify(),
            "proposal" => case.check_proposal(),
            "bare-proposal" => bare_proposal.verify(),
            "content" => {
                case.check_decision();
                case.check_content();
            }
            "bare-content" => {
                bare.verify();
                case.hash();
            }
            other => return Err(format!("there is no work {other:?} to repeat").into()),
        }
    }
    Ok(())
}

/// Instructions, which no other program can add to. Only where there is Valgrind. It shows a program
/// no instructions for SHA, so that hashing counts as it is done without them.
struct Counts {
    available: bool,
}

impl Counts {
    fn take() -> Self {
        let found = Command::new("valgrind").arg("--version").output();
        Self { available: found.is_ok_and(|output| output.status.success()) }
    }

    fn beside(&self, figure: Figure, [ours, peer]: [&str; 2]) -> Figure {
        let (Some(ours), Some(peer)) = (self.of(ours), self.of(peer)) else { return figure };
        figure
            .beside("instructions", ours)
            .beside("peer_instructions", peer)
            .beside("instruction_ratio", (ours as f64 / peer as f64 * 1000.0).round() / 1000.0)
    }

    /// Instructions of one turn of `work`.
    fn of(&self, work: &str) -> Option<u64> {
        const TURNS: u64 = 100;
        if !self.available {
            return None;
        }
        let run = |turns: u64| {
            let mut command = Command::new("valgrind");
            command.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
            command.arg(std::env::current_exe().ok()?).args(["repeat", work, &turns.to_string()]);
            let output = command.output().ok()?;
            instructions(&String::from_utf8_lossy(&output.stderr))
        };
        Some(run(TURNS)?.checked_sub(run(0)?)? / TURNS)
    }
}

/// The number after `I   refs:`.
fn instructions(said: &str) -> Option<u64> {
    let number =
        said.lines().find_map(|line| line.split_once(" I ")?.1.trim_start().strip_prefix("refs:"))?;
    number.trim().replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn everything_that_is_measured_holds() {
        for work in ["decision", "bare-decision", "proposal", "bare-proposal", "content", "bare-content"] {
            repeat(work, 1).unwrap();
        }
        assert!(repeat("nothing", 1).is_err());
    }

    #[test]
    fn what_valgrind_says_is_read() {
        assert_eq!(instructions("==7== warning\n==7== I   refs:      1,234,567\n"), Some(1_234_567));
        assert_eq!(instructions("no"), None);
    }
}
