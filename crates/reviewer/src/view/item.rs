//! Where an item is in its life.

use countersign_core::decision::Found;
use countersign_core::digest::Digest;
use countersign_core::refusal::Code;
use countersign_core::time::Timestamp;

/// Where an item is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemState {
    /// For a person to decide.
    Waiting,
    /// Contents are missing; it cannot be decided but for a denial.
    Incomplete {
        /// How many.
        missing: usize,
    },
    /// Approved here; the gate has not acknowledged it.
    Signed {
        /// When.
        at: Timestamp,
    },
    /// The gate has the approval and has not acted.
    Delivered {
        /// When it was signed.
        at: Timestamp,
    },
    /// Denied here.
    Denied {
        /// When.
        at: Timestamp,
    },
    /// Changes were requested here.
    ChangesRequested {
        /// When.
        at: Timestamp,
    },
    /// Another proposal took its place.
    Superseded {
        /// Which one, where it is known.
        by: Option<Digest>,
    },
    /// Its time ran out before it was acted on.
    Expired {
        /// When.
        at: Timestamp,
    },
    /// Its gate took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
        /// Why.
        reason: Option<String>,
    },
    /// A halt made it void.
    Halted {
        /// When.
        at: Timestamp,
        /// Which one, where it is known.
        halt: Option<Digest>,
    },
    /// All of it was done.
    Executed {
        /// When.
        at: Timestamp,
        /// The first status other than 0 with which a program of it ended.
        exit: Option<i32>,
    },
    /// A batch of which some was used.
    Used {
        /// When the last of it was.
        at: Timestamp,
        /// How many of its uses.
        used: u64,
        /// How many there may be.
        most: u64,
        /// Whether there will be no more.
        over: bool,
        /// How many of them went wrong, ended with another status than 0, or nobody saw their end.
        wrong: u64,
        /// How many rest on approvals none of which was given here.
        elsewhere: u64,
    },
    /// It was begun and went wrong.
    Failed {
        /// When.
        at: Timestamp,
    },
    /// A hook let the agent do it. What came of it is not known.
    Released {
        /// When.
        at: Timestamp,
    },
    /// The gate refused it.
    Refused {
        /// Why.
        code: Code,
    },
    /// Begun, and its end was not seen.
    Unknown {
        /// When the receipt was written.
        at: Timestamp,
        /// What a resolution is about.
        receipt: Digest,
    },
    /// A person found out what became of it.
    Resolved {
        /// What.
        found: Found,
        /// When.
        at: Timestamp,
    },
    /// No proposal.
    Evidence {
        /// Why not.
        cause: Cause,
    },
}

/// Why something that arrived is evidence and not what it says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A check of `verify` failed.
    Refused(Code),
    /// The gate signed two things with one number. One of them should not be.
    SeqAgain,
    /// The file is named by another digest than its payload has.
    WrongName,
    /// Nothing that is sent to a reviewer.
    Unexpected,
    /// It comes from another user than the root names for the signer.
    WrongUser,
    /// What lay in the box is no message at all.
    NoMessage,
}

impl Cause {
    /// As it is written everywhere.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused(code) => code.as_str(),
            Self::SeqAgain => "SEQ_AGAIN",
            Self::WrongName => "WRONG_NAME",
            Self::Unexpected => "UNEXPECTED",
            Self::WrongUser => "WRONG_USER",
            Self::NoMessage => "NO_MESSAGE",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        let own = [Self::SeqAgain, Self::WrongName, Self::Unexpected, Self::WrongUser, Self::NoMessage];
        let refused = Code::ALL.iter().map(|code| Self::Refused(*code));
        own.into_iter().chain(refused).find(|it| it.as_str() == text).unwrap_or(Self::NoMessage)
    }
}
