//! Proposals: what an agent asked for, resolved, dated and signed by a gate.

use serde::{Deserialize, Serialize};

use crate::action::{Act, Action, Assurance, Environment};
use crate::batch::Actions;
use crate::content::{Content, MAX_TOTAL};
use crate::digest::Digest;
use crate::envelope::MAX_PAYLOAD;
use crate::json;
use crate::name::{Epoch, GateId, Label, Nonce, ProposalId};
use crate::ostext::OsText;
use crate::time::Timestamp;

/// The payload type.
pub const TYPE: &str = "application/vnd.countersign.proposal.v1+json";

/// How long a proposal stands when nothing else was said: 24 hours, in seconds.
pub const DEFAULT_LIFETIME: u64 = 24 * 3600;

/// The longest that a proposal may stand: 14 days, in seconds.
pub const MAX_LIFETIME: u64 = 14 * 24 * 3600;

/// What a gate asks a person to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// For people. The identity is the digest of the payload.
    pub id: ProposalId,
    /// The gate that would act.
    pub gate: GateId,
    /// The life of that gate's ledger.
    pub epoch: Epoch,
    /// Counts what the gate sent in this epoch, from 1.
    pub seq: u64,
    /// What an approval burns.
    pub nonce: Nonce,
    /// Who wants it.
    pub agent: Agent,
    /// When the gate wrote it.
    pub created: Timestamp,
    /// From when it may act.
    pub not_before: Timestamp,
    /// Until when it may act, this second not included.
    pub expires: Timestamp,
    /// What a person is said to have asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// Why the agent says that it wants this. A claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rationale: Option<Content>,
    /// Who would do it.
    pub effect: Effect,
    /// What would happen: `actions`, or a `batch` in their place.
    #[serde(flatten)]
    pub actions: Actions,
    /// The digest of the proposal that this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Digest>,
    /// Which signatures it needs.
    pub requirement: Requirement,
    /// Digest of the rules by which the requirement was found.
    pub rules: Digest,
    /// Findings without whose acknowledgement it cannot be approved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledge: Vec<Label>,
}

/// An agent as the gate knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// The name that belongs to its token or uid in the gate's configuration.
    pub name: Label,
    /// What the program called itself. A claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls_itself: Option<Label>,
    /// Which of its sessions. A claim, unless the gate made it.
    pub session: Label,
    /// The model that it says it runs on. A claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Label>,
    /// How the gate knows it.
    pub authenticated: Authenticated,
}

/// How a gate knows an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authenticated {
    /// Not at all.
    None,
    /// By the user id of its process, which every program of that user shares.
    Uid(u32),
    /// By a token, named here by its id.
    Token(Label),
}

/// What a person asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Label>,
    /// Word for word.
    pub text: Content,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Where that comes from.
    pub origin: Origin,
}

/// Where the words of [`Asked`] come from. All but a mandate are unverified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A signed mandate, named by its digest.
    Mandate(Digest),
    /// The agent's own record of the conversation, at this path.
    Transcript(OsText),
    /// Whoever made the request.
    Caller,
}

/// Who would do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The gate.
    Act,
    /// The agent, which the gate's hook then lets go on. The gate does not see what comes of it.
    Release,
}

/// Which signatures a proposal needs: all of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Each names how many distinct people of which role.
    pub needs: Vec<Need>,
}

/// So many distinct people of one role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The role; absent is any reviewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Label>,
    /// How many people.
    pub count: u8,
}

impl Requirement {
    /// The built-in rule: one signature by any reviewer.
    pub fn built_in() -> Self {
        Self { needs: vec![Need { role: None, count: 1 }] }
    }

    /// The digest that stands for the built-in rule in proposals and decisions.
    pub fn built_in_rules() -> Digest {
        Digest::of(b"countersign rules v1: one approval by any reviewer\n")
    }
}

/// Why bytes are not a proposal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Larger than 128 KiB.
    #[error("the payload has {0} bytes, more than 128 KiB")]
    TooLarge(usize),
    /// Not its JSON.
    #[error("{0}")]
    Json(#[from] json::Error),
    /// Fields that contradict each other; says which.
    #[error("{0}")]
    Contradiction(&'static str),
}

impl Proposal {
    /// Reads the payload of a proposal.
    ///
    /// # Errors
    ///
    /// Every [`Error`].
    pub fn parse(payload: &[u8]) -> Result<Self, Error> {
        if payload.len() > MAX_PAYLOAD {
            return Err(Error::TooLarge(payload.len()));
        }
        let proposal: Self = json::exactly(payload)?;
        proposal.check()?;
        Ok(proposal)
    }

    /// The bytes to sign.
    ///
    /// # Errors
    ///
    /// When they would be refused by [`Proposal::parse`].
    pub fn to_payload(&self) -> Result<Vec<u8>, Error> {
        self.check()?;
        let payload = json::to_bytes(self);
        if payload.len() > MAX_PAYLOAD {
            return Err(Error::TooLarge(payload.len()));
        }
        Ok(payload)
    }

    /// Every content that travels with it.
    pub fn contents(&self) -> Vec<&Content> {
        let said = self.asked.iter().map(|asked| &asked.text).chain(&self.rationale);
        said.chain(self.actions.contents()).collect()
    }

    /// Contents whose bytes travel beside the payload.
    pub fn blobs(&self) -> Vec<&Content> {
        self.contents().into_iter().filter(|content| content.inline_bytes().is_none()).collect()
    }

    /// Until when it may act, this second not included: a batch may end before its proposal does.
    pub fn until(&self) -> Timestamp {
        self.actions.batch().map_or(self.expires, |batch| batch.terms().until.min(self.expires))
    }

    fn check(&self) -> Result<(), Error> {
        let no = |what| Err(Error::Contradiction(what));
        if self.not_before < self.created || self.expires <= self.not_before {
            return no("`created`, `not_before` and `expires` do not follow each other");
        }
        if self.actions.is_empty() || self.actions.len() > 1000 {
            return no("a proposal has 1 to 1000 actions");
        }
        if self.seq == 0 {
            return no("`seq` counts from 1");
        }
        if self.requirement.needs.is_empty() || self.requirement.needs.iter().any(|need| need.count == 0) {
            return no("a requirement names at least one person");
        }
        let mut total = 0u64;
        for content in self.contents() {
            total = total.saturating_add(content.size());
        }
        if total > MAX_TOTAL {
            return no("the contents are more than 64 MiB together");
        }
        if let Some(batch) = self.actions.batch() {
            if self.effect == Effect::Release {
                return no("a batch is acted on by the gate");
            }
            if batch.terms().until <= self.not_before || batch.terms().until > self.expires {
                return no("a batch ends after `not_before`, and not after `expires`");
            }
        }
        for action in self.actions.iter() {
            self.check_action(action)?;
        }
        Ok(())
    }

    fn check_action(&self, action: &Action) -> Result<(), Error> {
        let no = |what| Err(Error::Contradiction(what));
        let held = action.preconditions.iter().any(|it| it.assurance == Assurance::Held);
        if self.effect == Effect::Release && held {
            return no("what is released cannot have a held precondition: the gate does not act");
        }
        match &action.act {
            Act::Run(run) if run.argv.is_empty() => no("`argv` is empty"),
            Act::Run(run) if self.effect == Effect::Act && run.environment == Environment::Unbound => {
                no("only what is released may have an unbound environment")
            }
            Act::Change(change) if change.before.is_none() && change.after.is_none() => {
                no("a change has a `before` or an `after`")
            }
            Act::Change(change) if change.before.is_none() && change.mode_before.is_some() => {
                no("what is not there before has no `mode_before`")
            }
            Act::Change(change)
                if [change.mode_before, change.mode_after].iter().flatten().any(|m| *m > 0o7777) =>
            {
                no("a mode is at most 7777")
            }
            _ => Ok(()),
        }
    }
}
