//! Checks 1 and 3 to 5: form, signature, key, statement, purpose.

use crate::ack::{self, Acknowledgement, Receiver};
use crate::decision::{self, Decision, Resolution, Verdict, Withdrawal, Withdrawer};
use crate::digest::Digest;
use crate::envelope::{Envelope, IN_TOTO};
use crate::halt::{self, Halt, Lift, Scope};
use crate::json;
use crate::key::PublicKey;
use crate::proposal::{self, Proposal};
use crate::receipt::{self, Receipt};
use crate::refusal::{Code, Refusal};
use crate::root::{Entry, Holder, Purpose};
use crate::statement::{self, Statement};
use crate::time::Timestamp;

use super::TrustedRoot;

/// A payload that is signed by one key for one purpose.
pub trait Signed: Sized {
    /// The payload type that its envelope must have.
    const PAYLOAD_TYPE: &'static str;

    /// Reads the payload.
    ///
    /// # Errors
    ///
    /// `STATEMENT_INVALID` or `PREDICATE_TYPE`.
    fn read(payload: &[u8]) -> Result<Self, Refusal>;

    /// What its key must be trusted for.
    fn purpose(&self) -> Purpose;

    /// Whether what it says of its signer fits the holder of the key.
    fn is_by(&self, holder: &Holder) -> bool;
}

/// A value whose signature, signer and purpose were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T> {
    value: T,
    digest: Digest,
    holder: Holder,
    key: PublicKey,
    uid: Option<u32>,
    roles: Vec<crate::name::Label>,
}

impl<T> Verified<T> {
    /// What was signed.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// What was signed, no longer wrapped.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The digest of the payload bytes.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Whose key signed it.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// The key that signed it.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The user id that the root pins for the signer.
    pub fn uid(&self) -> Option<u32> {
        self.uid
    }

    /// The roles that the root gives to the signer.
    pub fn roles(&self) -> &[crate::name::Label] {
        &self.roles
    }
}

/// Checks that `bytes` are an envelope holding a `T`, signed by a key that `root` trusts for it at `now`.
///
/// # Errors
///
/// The first [`Refusal`] of checks 1 and 3 to 5.
pub fn signed<T: Signed>(bytes: &[u8], root: &TrustedRoot, now: Timestamp) -> Result<Verified<T>, Refusal> {
    let envelope =
        Envelope::parse(bytes).map_err(|error| Refusal::new(Code::EnvelopeMalformed, error.to_string()))?;
    let [signature] = envelope.signatures.as_slice() else {
        let why = format!("{} signatures where exactly one is expected", envelope.signatures.len());
        return Err(Refusal::new(Code::EnvelopeMalformed, why));
    };

    // Signature before everything else: no parser sees a payload that nobody signed.
    let (named, signer) = root.signer(&signature.keyid, &envelope.signed_bytes(), &signature.bytes);
    let Some(entry) = signer else {
        return Err(if named {
            Refusal::new(Code::SignatureInvalid, "the signature does not fit these bytes")
        } else {
            Refusal::new(Code::KeyUnknown, "no key of the root made this signature")
        });
    };

    if envelope.payload_type != T::PAYLOAD_TYPE {
        let why = format!("{:?} where {:?} is expected", envelope.payload_type, T::PAYLOAD_TYPE);
        return Err(Refusal::new(Code::PayloadType, why));
    }
    valid(entry, now)?;

    let value = T::read(&envelope.payload)?;
    let purpose = value.purpose();
    if !entry.purposes.contains(&purpose) {
        return Err(Refusal::new(Code::KeyPurpose, format!("the key is not for {}", word(purpose))));
    }
    if !value.is_by(&entry.holder) {
        return Err(Refusal::new(
            Code::StatementInvalid,
            "it names another signer than the one whose key signed it",
        ));
    }
    Ok(Verified {
        value,
        digest: envelope.digest(),
        holder: entry.holder.clone(),
        key: entry.key,
        uid: entry.uid,
        roles: entry.roles.clone(),
    })
}

fn valid(entry: &Entry, now: Timestamp) -> Result<(), Refusal> {
    if entry.revoked_at.is_some_and(|at| at <= now) {
        return Err(Refusal::new(Code::KeyRevoked, "the key was revoked"));
    }
    if now < entry.valid_from || entry.valid_to.is_some_and(|to| to <= now) {
        return Err(Refusal::new(Code::KeyExpired, "the key is not valid at this time"));
    }
    Ok(())
}

fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Approve => "approving",
        Purpose::Lift => "lifting a halt",
        Purpose::Resolve => "resolving an outcome",
        Purpose::Undo => "asking for an undo",
        Purpose::WithdrawDecision => "withdrawing a decision",
        Purpose::Acknowledge => "acknowledging",
        Purpose::Deny => "denying",
        Purpose::RequestChanges => "requesting changes",
        Purpose::Halt => "halting",
        Purpose::Checkpoint => "signing a log's head",
        Purpose::Propose => "proposing",
        Purpose::Receipt => "writing receipts",
        Purpose::WithdrawProposal => "withdrawing a proposal",
        Purpose::Administer => "signing a root",
    }
}

fn invalid(error: impl ToString) -> Refusal {
    Refusal::new(Code::StatementInvalid, error.to_string())
}

fn statement(error: statement::Error) -> Refusal {
    match error {
        statement::Error::Predicate(_) => Refusal::new(Code::PredicateType, error.to_string()),
        other => invalid(other),
    }
}

impl Signed for Proposal {
    const PAYLOAD_TYPE: &'static str = proposal::TYPE;
    fn read(payload: &[u8]) -> Result<Self, Refusal> {
        Self::parse(payload).map_err(invalid)
    }
    fn purpose(&self) -> Purpose {
        Purpose::Propose
    }
    fn is_by(&self, holder: &Holder) -> bool {
        matches!(holder, Holder::Gate { gate } if *gate == self.gate)
    }
}

impl Signed for Statement<Decision> {
    const PAYLOAD_TYPE: &'static str = IN_TOTO;
    fn read(payload: &[u8]) -> Result<Self, Refusal> {
        Self::parse(payload, decision::DECISION).map_err(statement)
    }
    fn purpose(&self) -> Purpose {
        match self.predicate.verdict {
            Verdict::Approve => Purpose::Approve,
            Verdict::Deny => Purpose::Deny,
            Verdict::RequestChanges => Purpose::RequestChanges,
        }
    }
    fn is_by(&self, holder: &Holder) -> bool {
        holder.person() == Some(&self.predicate.reviewer)
    }
}

impl Signed for Statement<Withdrawal> {
    const PAYLOAD_TYPE: &'static str = IN_TOTO;
    fn read(payload: &[u8]) -> Result<Self, Refusal> {
        Self::parse(payload, decision::WITHDRAWAL).map_err(statement)
    }
    fn purpose(&self) -> Purpose {
        match self.predicate.by {
            Withdrawer::Gate => Purpose::WithdrawProposal,
            Withdrawer::Reviewer(_) => Purpose::WithdrawDecision,
        }
    }
    fn is_by(&self, holder: &Holder) -> bool {
        match (&self.predicate.by, holder) {
            (Withdrawer::Gate, Holder::Gate { gate }) => *gate == self.predicate.gate,
            (Withdrawer::Reviewer(named), Holder::Person { name }) => named == name,
            _ => false,
        }
    }
}

impl Signed for Statement<Resolution> {
    const PAYLOAD_TYPE: &'static str = IN_TOTO;
    fn read(payload: &[u8]) -> Result<Self, Refusal> {
        Self::parse(payload, decision::RESOLUTION).map_err(statement)
    }
    fn purpose(&self) -> Purpose {
        Purpose::Resolve
    }
    fn is_by(&self, holder: &Holder) -> bool {
        holder.person() == Some(&self.predicate.reviewer)
    }
}

impl Signed for Statement<Receipt> {
    const PAYLOAD_TYPE: &'static str = IN_TOTO;
    fn read(payload: &[u8]) -> Result<Self, Refusal> {
        let read = Self::parse(payload, receipt::RECEIPT).map_err(statement)?;
        let receipt = &read.predicate;
        if receipt.used.is_some_and(|it| it.number == 0)
            || receipt.used.is_some()
                && (receipt.outcomes.len() != 1 || receipt.burned.is_none() || receipt.amendment.is_some())
        {
            return Err(invalid(
                "a use has a number from 1, was burned as it was signed, and has one outcome",
            ));
        }
        Ok(read)
    }
    fn purpose(&self) -> Purpose {
        Purpose::Receipt
    }
    fn is_by(&self, holder: &Holder) -> bool {
        matches!(holder, Holder::Gate { gate } if *gate == self.predicate.gate)
    }
}

impl Signed for Acknowledgement {
    const PAYLOAD_TYPE: &'static str = ack::TYPE;
    fn read(payload: &[u8]) -> Result<Self, Refusal> {
        let ack: Self = json::exactly(payload).map_err(invalid)?;
        if ack.digests.len() > ack::MAX_DIGESTS {
            return Err(invalid("an acknowledgement carries at most 1000 digests"));
        }
        Ok(ack)
    }
    fn purpose(&self) -> Purpose {
        Purpose::Acknowledge
    }
    fn is_by(&self, holder: &Holder) -> bool {
        match (&self.by, holder) {
            (Receiver::Gate(named), Holder::Gate { gate }) => named == gate,
            (Receiver::Device(named), Holder::Device { name, .. }) => named == name,
            _ => false,
        }
    }
}

impl Signed for Halt {
    const PAYLOAD_TYPE: &'static str = halt::HALT;
    fn read(payload: &[u8]) -> Result<Self, Refusal> {
        json::exactly(payload).map_err(invalid)
    }
    fn purpose(&self) -> Purpose {
        Purpose::Halt
    }
    fn is_by(&self, holder: &Holder) -> bool {
        match holder {
            Holder::Device { .. } => true,
            // A gate that lost its memory stops itself, and nothing else.
            Holder::Gate { gate } => matches!(&self.scope, Scope::Gate { gate: halted } if halted == gate),
            _ => false,
        }
    }
}

impl Signed for Lift {
    const PAYLOAD_TYPE: &'static str = halt::LIFT;
    fn read(payload: &[u8]) -> Result<Self, Refusal> {
        json::exactly(payload).map_err(invalid)
    }
    fn purpose(&self) -> Purpose {
        Purpose::Lift
    }
    fn is_by(&self, holder: &Holder) -> bool {
        matches!(holder, Holder::Person { name } if *name == self.reviewer)
    }
}
