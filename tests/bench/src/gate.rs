//! A gate's signing half: keys, numbers, and proposals of a given size.

use std::path::Path;

use countersign_core::action::{Act, Action, Audience, Change, Format, Post, Reach, Reversibility};
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::key::SecretKey;
use countersign_core::name::{Epoch, GateId, Nonce};
use countersign_core::proposal::{self, Agent, Authenticated, Effect, Proposal, Requirement};
use countersign_core::time::Timestamp;
use countersign_sources::spool::{Kind, Name};

use crate::Failed;

/// What a proposal measured here has: one KiB of payload.
pub(crate) const SIZE: usize = 1024;

/// Signs proposals.
pub(crate) struct Gate {
    pub(crate) id: GateId,
    pub(crate) key: SecretKey,
    pub(crate) epoch: Epoch,
    pub(crate) seq: u64,
    pub(crate) now: Timestamp,
}

/// A proposal as it is sent.
pub(crate) struct Sealed {
    pub(crate) proposal: Proposal,
    pub(crate) digest: Digest,
    pub(crate) envelope: Vec<u8>,
}

/// Words that people use, the first in most proposals and the later the rarer.
const WORDS: &[&str] = &[
    "deploy",
    "review",
    "answer",
    "the",
    "staging",
    "cluster",
    "before",
    "release",
    "notes",
    "customer",
    "ticket",
    "rollback",
    "schema",
    "migration",
    "latency",
    "budget",
    "invoice",
    "onboarding",
    "runbook",
    "incident",
    "certificate",
    "renewal",
    "queue",
    "backfill",
    "throttle",
    "quota",
    "mailing",
    "digest",
    "access",
    "audit",
];

impl Gate {
    /// One that nobody knows yet.
    pub(crate) fn new(now: Timestamp) -> Result<Self, Failed> {
        let (mut seed, mut epoch) = ([0; 32], [0; 16]);
        getrandom::fill(&mut seed)?;
        getrandom::fill(&mut epoch)?;
        let key = SecretKey::from_seed(&seed);
        Ok(Self { id: "home".parse()?, key, epoch: Epoch::from_bytes(epoch), seq: 0, now })
    }

    /// The next proposal: a post of exactly [`SIZE`] bytes of payload, whose text says `words` and
    /// others that depend on its number.
    pub(crate) fn propose(&mut self, words: &str) -> Result<Sealed, Failed> {
        self.seq += 1;
        let mut proposal = self.proposal(&format!("{words} {}", text(self.seq)))?;
        let length = proposal.to_payload()?.len();
        let missing = SIZE.checked_sub(length).ok_or_else(|| format!("{length} bytes are too many"))?;
        let filled = format!("{words} {}{}", text(self.seq), " .".repeat(missing).split_at(missing).0);
        set_body(&mut proposal, &filled);
        // Its size is written in it, with as many digits as it has.
        let over = proposal.to_payload()?.len().saturating_sub(SIZE);
        set_body(&mut proposal, &filled[..filled.len() - over]);
        let payload = proposal.to_payload()?;
        let envelope = Envelope::sign(proposal::TYPE, payload, &self.key);
        Ok(Sealed { proposal, digest: envelope.digest(), envelope: envelope.to_bytes() })
    }

    /// The next one: a change of the file `resource`, whose contents travel beside it.
    pub(crate) fn propose_change(
        &mut self,
        resource: &str,
        before: &[u8],
        after: &[u8],
    ) -> Result<Sealed, Failed> {
        self.seq += 1;
        let mut proposal = self.proposal("")?;
        let side = |bytes| Some(Content::blob("text/plain", bytes));
        for action in proposal.actions.all_mut().into_iter().flatten() {
            action.target = resource.into();
            action.act = Act::Change(Change {
                resource: resource.into(),
                before: side(before),
                after: side(after),
                mode_before: None,
                mode_after: None,
            });
        }
        let envelope = Envelope::sign(proposal::TYPE, proposal.to_payload()?, &self.key);
        Ok(Sealed { proposal, digest: envelope.digest(), envelope: envelope.to_bytes() })
    }

    fn proposal(&self, body: &str) -> Result<Proposal, Failed> {
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&self.seq.to_be_bytes());
        let known = |count| Audience::Known { count, guests: None, external: None, bots: None };
        let post = Post {
            place: "help-forum".parse()?,
            name: None,
            thread: None,
            in_reply_to: None,
            reach: Reach { before: known(0), after: known(40) },
            format: Format::Plain,
            body: Content::inline("text/plain", body.as_bytes().to_vec()),
            attachments: vec![],
        };
        let action = Action {
            target: "help-forum".into(),
            environment: "production".parse()?,
            reversibility: Reversibility::Effort,
            preconditions: vec![],
            act: Act::Post(post),
        };
        let agent = Agent {
            name: format!("agent-{}", self.seq % 7).parse()?,
            calls_itself: None,
            session: "s1".parse()?,
            model: None,
            authenticated: Authenticated::Uid(1000),
        };
        let at = Timestamp::from_seconds(self.now.seconds() - 60);
        Ok(Proposal {
            id: format!("01890a5d-ac96-774b-bcce-{:012x}", self.seq).parse()?,
            gate: self.id.clone(),
            epoch: self.epoch,
            seq: self.seq,
            nonce: Nonce::from_bytes(nonce),
            agent,
            created: at,
            not_before: at,
            expires: at.plus(13 * 24 * 3600 - self.seq % 3600),
            // One would take a fifth of the bytes.
            asked: None,
            rationale: None,
            effect: Effect::Act,
            actions: vec![action].into(),
            supersedes: None,
            requirement: Requirement::built_in(),
            rules: Requirement::built_in_rules(),
            acknowledge: vec![],
        })
    }
}

fn set_body(proposal: &mut Proposal, text: &str) {
    if let Some(Act::Post(post)) =
        proposal.actions.all_mut().and_then(|all| all.first_mut()).map(|action| &mut action.act)
    {
        post.body = Content::inline("text/plain", text.as_bytes().to_vec());
    }
}

/// A sentence of its own for each number; the word of rank r stands in about one of r.
fn text(number: u64) -> String {
    let chosen = WORDS.iter().enumerate().filter(|(rank, _)| number.is_multiple_of(*rank as u64 + 1));
    let words: Vec<&str> = chosen.map(|(_, word)| *word).take(8).collect();
    format!("{} {number}", words.join(" "))
}

/// Puts a proposal into a box without waiting for the disk: what lay there already when the app starts.
pub(crate) fn leave(folder: &Path, sealed: &Sealed) -> Result<(), Failed> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let name = Name { kind: Kind::Proposal, digest: sealed.digest }.to_string();
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.join(name))?;
    Ok(file.write_all(&sealed.envelope)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_proposal_has_exactly_one_kib_and_reads_back() {
        let mut gate = Gate::new(Timestamp::from_seconds(1_800_000_000)).unwrap();
        for seq in [1, 9, 10, 840, 99_999] {
            gate.seq = seq;
            let sealed = gate.propose("").unwrap();
            let envelope = Envelope::parse(&sealed.envelope).unwrap();
            assert_eq!(envelope.payload.len(), SIZE);
            assert_eq!(Proposal::parse(&envelope.payload).unwrap(), sealed.proposal);
        }
    }
}
