//! Refusals: each check of a gate has its own code, its own words, and an exit status for its family.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why something was refused: a code for programs and the particulars for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {why}")]
pub struct Refusal {
    /// Which check.
    pub code: Code,
    /// What was wrong, in words. It never holds a secret or the text under review.
    pub why: String,
}

impl Refusal {
    /// A refusal by `code`, with its particulars.
    pub fn new(code: Code, why: impl Into<String>) -> Self {
        Self { code, why: why.into() }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $text:literal $exit:literal $says:literal;)*) => {
        /// The checks, in the order in which they are made.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Code {
            /// Every code, in the order of the checks.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code as it is written everywhere.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The exit status of its family, 80 to 95.
            pub fn exit_status(self) -> u8 {
                match self { $(Self::$name => $exit,)* }
            }

            /// What it means for people: what was wrong and what to do next.
            pub fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)* }
            }
        }
    };
}

codes! {
    /// 1: too large, or not an envelope.
    EnvelopeMalformed "ENVELOPE_MALFORMED" 80 "What arrived is not a well-formed envelope. Send it again from where it was made.";
    /// 2: the gate's own root cannot be read or is not the pinned one.
    RootInvalid "ROOT_INVALID" 81 "The gate does not have a root that it trusts. Set it up again with `countersign init`.";
    /// 2: a root older than one that was seen.
    RootRollback "ROOT_ROLLBACK" 81 "The root is older than one already seen. Bring the newest root to this gate.";
    /// 2: too few administrators signed the root.
    RootThreshold "ROOT_THRESHOLD" 81 "Too few administrators signed the root. Have the others sign it too.";
    /// 3: no key of the root made this signature over these bytes.
    SignatureInvalid "SIGNATURE_INVALID" 82 "The signature does not fit the bytes: something was changed after it was signed.";
    /// 3: the key is not in the root.
    KeyUnknown "KEY_UNKNOWN" 82 "The signer is not in the root. It is looked at again when a newer root arrives.";
    /// 4: another payload type than expected.
    PayloadType "PAYLOAD_TYPE" 82 "The signature is good, but over another kind of thing than was expected here.";
    /// 4: the key was revoked.
    KeyRevoked "KEY_REVOKED" 82 "The signer's key was revoked. Sign with a key that is still valid.";
    /// 4: the key is not valid at this time.
    KeyExpired "KEY_EXPIRED" 82 "The signer's key is not valid now. Sign with a key that is.";
    /// 5: not the statement that was expected.
    StatementInvalid "STATEMENT_INVALID" 82 "What was signed cannot be read by the rules of its format.";
    /// 5: another predicate than expected.
    PredicateType "PREDICATE_TYPE" 82 "The signature is good, but it states something else than was expected here.";
    /// 5: the key may not do this.
    KeyPurpose "KEY_PURPOSE" 82 "The signer's key is not meant for this. Approving takes a reviewer's key.";
    /// 5: made under a newer root than the gate has.
    RootStale "ROOT_STALE" 82 "The decision was made under a newer root than the gate has. Bring the newest root to the gate.";
    /// 6: someone denied it.
    Denied "DENIED" 84 "A reviewer denied this. It will not happen; propose something else.";
    /// 6: it was withdrawn.
    Withdrawn "WITHDRAWN" 85 "The proposal was withdrawn. Propose it again if it is still wanted.";
    /// 6: another proposal replaced it.
    Superseded "SUPERSEDED" 86 "A newer proposal replaced this one. Decide on the newer one.";
    /// 6: a halt stands.
    Halted "HALTED" 87 "A halt stands. Nothing in its scope happens until a reviewer lifts it.";
    /// 6: reserved for gates that hear halts from a feed.
    HaltStateStale "HALT_STATE_STALE" 87 "The gate does not know whether a halt stands. It acts again when its feed answers.";
    /// 7: meant for another gate.
    WrongGate "WRONG_GATE" 88 "The decision is for another gate. Sign the proposal of this gate.";
    /// 8: what is about to happen is not what was signed.
    ActionMismatch "ACTION_MISMATCH" 89 "What is about to happen is not what was signed. Propose it again.";
    /// 8: another agent or session asks.
    AgentMismatch "AGENT_MISMATCH" 89 "Another agent or session asks for it than the one it was approved for. Propose it from this one.";
    /// 8: reserved for tools whose definitions are pinned.
    ToolChanged "TOOL_CHANGED" 89 "The tool's definition changed since it was approved. Look at it again.";
    /// 8: the amendment touches what it may not.
    AmendmentInvalid "AMENDMENT_INVALID" 89 "The amendment changes something that an amendment may not. Deny it, or ask for changes.";
    /// 9: too early.
    NotYetValid "NOT_YET_VALID" 90 "It is too early for this approval. It can act later.";
    /// 9: too late.
    DecisionExpired "DECISION_EXPIRED" 90 "The time for this ran out. Propose it again if it is still wanted.";
    /// 9: meant to stand longer than 14 days.
    LifetimeTooLong "LIFETIME_TOO_LONG" 90 "It would stand for more than 14 days. Propose it with a shorter time.";
    /// 9: the clock went backwards.
    ClockRollback "CLOCK_ROLLBACK" 90 "The gate's clock went backwards. Set the clock right; then an administrator resets the gate's time.";
    /// 10: the gate never issued this nonce, or no longer knows it.
    NonceUnknown "NONCE_UNKNOWN" 91 "The gate does not know this approval's nonce: its memory was restored or replaced. Propose it again.";
    /// 10: already used.
    Replay "REPLAY" 91 "This approval was used before. Each works once; propose it again if it is wanted again.";
    /// 11: the ledger contradicts itself or its anchor.
    LedgerInconsistent "LEDGER_INCONSISTENT" 92 "The gate's ledger contradicts itself. Look at `countersign status` before anything else.";
    /// 12: signatures or acknowledgements are missing.
    Requirement "REQUIREMENT" 93 "The approval lacks something that this proposal requires. Have a reviewer look at it again.";
    /// 12: reserved for budgets.
    Budget "BUDGET" 93 "It would exceed what the rules allow in this time.";
    /// 13: what must hold does not.
    Precondition "PRECONDITION" 94 "Something changed since the proposal was made. Propose it again as things are now.";
    /// 14: the gate could not record what it was about to do.
    StateUnavailable "STATE_UNAVAILABLE" 95 "The gate could not write down what it was about to do, so it did not do it. Make room on its disk, or see why it cannot write.";
}

impl Code {
    /// Codes that nothing can yet produce: their part is not built.
    pub const RESERVED: &[Self] = &[Self::HaltStateStale, Self::ToolChanged, Self::Budget];
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
