//! What messages are called: `<kind>.<payload digest>.json`.

use std::fmt;
use std::str::FromStr;

use countersign_core::digest::Digest;

use crate::Error;

/// What a message says that it is. The reader verifies it as this and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    // In the order in which a scan hands them out: what stops acts comes first.
    /// Who is trusted.
    Root,
    /// Stop.
    Halt,
    /// Something is taken back.
    Withdrawal,
    /// A person's answer.
    Decision,
    /// A halt ends.
    Lift,
    /// What was committed.
    Ack,
    /// What an agent asks for.
    Proposal,
    /// What a gate did.
    Receipt,
    /// What became of an unknown outcome.
    Resolution,
}

impl Kind {
    /// Every kind, in the order in which they are handed out.
    pub const ALL: [Self; 9] = [
        Self::Root,
        Self::Halt,
        Self::Withdrawal,
        Self::Decision,
        Self::Lift,
        Self::Ack,
        Self::Proposal,
        Self::Receipt,
        Self::Resolution,
    ];

    /// The word in the name of a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Halt => "halt",
            Self::Withdrawal => "withdrawal",
            Self::Decision => "decision",
            Self::Lift => "lift",
            Self::Ack => "ack",
            Self::Proposal => "proposal",
            Self::Receipt => "receipt",
            Self::Resolution => "resolution",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        known.ok_or_else(|| Error::Name(text.chars().take(40).collect()))
    }
}

/// The name of a message in its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// What it is said to be.
    pub kind: Kind,
    /// What its payload is said to hash to.
    pub digest: Digest,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.json", self.kind, self.digest)
    }
}

impl FromStr for Name {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = || Error::Name(text.chars().take(40).collect());
        let (kind, rest) = text.split_once('.').ok_or_else(bad)?;
        let digest = rest.strip_suffix(".json").ok_or_else(bad)?;
        Ok(Self { kind: kind.parse()?, digest: digest.parse().map_err(|_| bad())? })
    }
}

/// Whether `name` may stand in a box at all: `[A-Za-z0-9._-]{1,128}`, not hidden.
pub(super) fn fits(name: &[u8]) -> bool {
    matches!(name.len(), 1..=128)
        && name[0] != b'.'
        && name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_name_has_one_spelling() {
        let name = Name { kind: Kind::Proposal, digest: Digest::of(b"a") };
        assert_eq!(name.to_string().parse::<Name>().unwrap(), name);
        let hex = name.digest.to_string();
        for text in [
            format!("proposal.{hex}"),
            format!("proposal.{}.json", hex.to_uppercase()),
            format!("Proposal.{hex}.json"),
            format!("proposal.{hex}.json.json"),
            format!("../proposal.{hex}.json"),
            format!("proposal.{}.json", &hex[1..]),
            String::new(),
        ] {
            assert!(text.parse::<Name>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_stops_acts_is_handed_out_first() {
        let mut kinds = Kind::ALL;
        kinds.sort();
        assert_eq!(kinds[..4], [Kind::Root, Kind::Halt, Kind::Withdrawal, Kind::Decision]);
    }
}
