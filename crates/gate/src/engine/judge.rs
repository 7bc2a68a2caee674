//! A decision against what the gate knows: the facts for checks 6 to 12, from one state of the ledger.

use std::cell::OnceCell;

use countersign_core::amendment::{self, Amendment};
use countersign_core::decision::{Decision, Verdict};
use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::name::{GateId, Label};
use countersign_core::proposal::{Agent, Proposal, Requirement};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_core::verify::{
    self, Approver, Clock, Facts, Ledger, NonceState, Ruling, Standing, Subject, TrustedRoot, Verified,
    signed,
};
use rusqlite::Connection;

use super::receipts;
use crate::Error;
use crate::act::Contents;
use crate::anchor::Mark;
use crate::config::Config;
use crate::ledger::{Decided, Entry, Meta, State, Use, halts, proposals};
use crate::request::Request;
use crate::resolve;

/// What is known beside the ledger.
pub(super) struct Bench<'a> {
    pub(super) gate: &'a GateId,
    pub(super) root: &'a TrustedRoot,
    pub(super) config: &'a Config,
    /// What the anchor says.
    pub(super) mark: Option<Mark>,
    /// Bytes that came with a decision.
    pub(super) came: &'a dyn Fn(&Digest) -> Option<Vec<u8>>,
    /// Who asks now to be released, and for what.
    pub(super) asking: Option<(&'a Agent, &'a Request)>,
    /// Which entry of a batch is to be used now.
    pub(super) using: Option<usize>,
    pub(super) now: Timestamp,
}

/// A proposal, the amendment of it that was approved, and the bytes of both.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) entry: Entry,
    /// As the gate signed it.
    pub(crate) proposal: Proposal,
    /// As it is to be acted on.
    pub(crate) acted: Proposal,
    pub(crate) amendment: Option<Digest>,
    pub(crate) contents: Contents,
}

/// What the facts are made of.
struct Found {
    case: Option<Case>,
    amended: Option<Result<(), amendment::Error>>,
    recomputed: Digest,
    standing: Standing,
    nonce: NonceState,
    meta: Meta,
    ledger: Ledger,
    approvers: Vec<Approver>,
    /// Findings that block in the proposal as amended.
    blocking: Vec<Label>,
}

impl Bench<'_> {
    /// Checks the decision in `envelope`: what it amounts to, and what it is about.
    pub(super) fn judge(
        &self,
        ledger: &Connection,
        envelope: &[u8],
    ) -> Result<Result<(Ruling, Case), Refusal>, Error> {
        let found: OnceCell<Found> = OnceCell::new();
        let failed: OnceCell<Error> = OnceCell::new();
        let rules = (Requirement::built_in(), Requirement::built_in_rules());
        let ruling = verify::verify(envelope, self.root, self.now, |decision| {
            let found = found.get_or_init(|| {
                self.find(ledger, decision).unwrap_or_else(|error| {
                    let _ = failed.set(error);
                    Found::nothing()
                })
            });
            Facts {
                gate: self.gate,
                epoch: &found.meta.epoch,
                standing: found.standing,
                subject: found.case.as_ref().map(|case| Subject {
                    proposal: &case.proposal,
                    amendment: found.amended.clone(),
                    recomputed: found.recomputed,
                    signed: case.entry.digest,
                    asking: self.asking.map(|(agent, _)| agent),
                }),
                clock: Clock { now: self.now, highest: found.meta.highest },
                nonce: found.nonce,
                ledger: found.ledger,
                approvers: &found.approvers,
                rules: (&rules.0, &rules.1),
            }
        });
        if let Some(error) = failed.into_inner() {
            return Err(error);
        }
        let (case, blocking) =
            found.into_inner().map_or((None, vec![]), |found| (found.case, found.blocking));
        Ok(ruling.and_then(|ruling| {
            let missing = || Refusal::new(Code::NonceUnknown, "the gate knows no such proposal");
            let case = case.ok_or_else(missing)?;
            // What the person wrote is looked at like what an agent writes.
            if let Ruling::Enough(approval) = &ruling {
                let noted = &approval.decision().acknowledged;
                if !blocking.iter().all(|id| noted.iter().any(|it| it.id == *id)) {
                    let why = "a finding in what was amended had to be acknowledged and was not";
                    return Err(Refusal::new(Code::Requirement, why));
                }
            }
            Ok((ruling, case))
        }))
    }

    fn find(&self, ledger: &Connection, decision: &Verified<Statement<Decision>>) -> Result<Found, Error> {
        let meta = Meta::of(ledger)?;
        let said = &decision.value().predicate;
        let subject = decision.value().subject;
        let (entry, amendment) = self.entry(ledger, &subject, said)?;
        let mut found = Found {
            ledger: match self.mark {
                Some(mark) if (mark.epoch, mark.count) == (meta.epoch, meta.count) => Ledger::Consistent,
                _ => Ledger::Inconsistent,
            },
            meta,
            standing: match halts::withdrawn(ledger, decision.digest(), &said.reviewer)? {
                true => Standing::Withdrawn,
                false => Standing::Open,
            },
            ..Found::nothing()
        };
        let Some(entry) = entry else { return Ok(found) };
        found.nonce = match entry.state {
            State::Open if self.is_used(ledger, &entry)? => NonceState::Burned,
            State::Open => NonceState::Open,
            State::Acting | State::Ended => NonceState::Burned,
        };
        let proposal = receipts::parse(&entry)?;
        found.standing = self.standing(ledger, &entry, &proposal, found.standing)?;
        found.approvers = self.approvers(ledger, &entry, &subject)?;
        if Digest::of(&entry.payload) != entry.digest {
            found.ledger = Ledger::Inconsistent;
        }
        let mut contents = proposals::contents(ledger, entry.number)?;
        found.recomputed = self.recompute(&entry, &proposal, &contents)?;
        let mut acted = proposal.clone();
        let amended = amendment.as_ref().map(|amendment| {
            let amendment = amendment.as_ref().map_err(|_| amendment::Error::Edits)?;
            acted = self.amend(amendment, &proposal, &mut contents)?;
            found.blocking = resolve::blocks(&proposal, (&subject, amendment), &contents)
                .ok_or(amendment::Error::Edits)?;
            Ok(())
        });
        let amendment = amended.is_some().then_some(subject);
        found.amended = amended;
        found.case = Some(Case { entry, proposal, acted, amendment, contents });
        Ok(found)
    }

    /// Whether the entry of a batch that is asked about was used.
    fn is_used(&self, ledger: &Connection, entry: &Entry) -> Result<bool, Error> {
        let used = self.using.map(|at| Use::of(ledger, entry.number, at)).transpose()?;
        Ok(used.flatten().is_some())
    }

    /// The proposal that `subject` is, or that it amends.
    #[allow(clippy::type_complexity, reason = "what was found, and whether it can be read")]
    fn entry(
        &self,
        ledger: &Connection,
        subject: &Digest,
        decision: &Decision,
    ) -> Result<(Option<Entry>, Option<Result<Amendment, json::Error>>), Error> {
        if let Some(entry) = Entry::by_digest(ledger, subject)? {
            return Ok((Some(entry), None));
        }
        let named = Entry::by_nonce(ledger, &decision.nonce)?;
        let kept = match &named {
            Some(entry) => proposals::contents(ledger, entry.number)?.remove(subject),
            None => None,
        };
        let Some(bytes) = kept.or_else(|| (self.came)(subject)).filter(|it| Digest::of(it) == *subject)
        else {
            return Ok((None, None));
        };
        let amendment: Result<Amendment, json::Error> = Amendment::parse(&bytes);
        let entry = match &amendment {
            Ok(amendment) => Entry::by_digest(ledger, &amendment.original)?,
            Err(_) => named,
        };
        Ok((entry, Some(amendment)))
    }

    fn amend(
        &self,
        amendment: &Amendment,
        original: &Proposal,
        contents: &mut Contents,
    ) -> Result<Proposal, amendment::Error> {
        let amended = amendment.apply(original)?;
        for edit in &amendment.edits {
            let no = || amendment::Error::Field { action: edit.action, field: edit.field.clone() };
            if edit.content.inline_bytes().is_none() {
                let digest = edit.content.sha256();
                let bytes = contents.get(digest).cloned().or_else(|| (self.came)(digest));
                let bytes = bytes.filter(|bytes| edit.content.is(bytes)).ok_or_else(no)?;
                contents.insert(*digest, bytes);
            }
            // What is too large, or contradicts itself, is no proposal.
            amended.to_payload().map_err(|_| no())?;
        }
        Ok(amended)
    }

    /// The digest of the proposal that the request at hand makes now.
    fn recompute(&self, entry: &Entry, proposal: &Proposal, contents: &Contents) -> Result<Digest, Error> {
        let different = Digest::of(b"");
        let kept;
        let request = match self.asking {
            Some((_, request)) => request,
            None => match Request::parse(&entry.request) {
                Ok(request) => {
                    kept = request;
                    &kept
                }
                Err(_) => return Ok(different),
            },
        };
        let Some(mut again) = resolve::rebuild(request, contents, self.config, proposal) else {
            return Ok(different);
        };
        // A difference in who asks has its own code.
        again.agent.session.clone_from(&proposal.agent.session);
        let complete = again
            .blobs()
            .iter()
            .all(|content| contents.get(content.sha256()).is_some_and(|bytes| content.is(bytes)));
        let payload = again.to_payload().ok().filter(|_| complete);
        Ok(payload.map_or(different, |payload| Digest::of(&payload)))
    }

    fn standing(
        &self,
        ledger: &Connection,
        entry: &Entry,
        proposal: &Proposal,
        own: Standing,
    ) -> Result<Standing, Error> {
        let decided = Decided::standing(ledger, entry.number)?;
        let ended_by = |code: Code| entry.ending.as_deref() == Some(code.as_str());
        let halted = halts::covering(ledger, self.gate, &proposal.agent.authenticated)?.is_some();
        Ok(if ended_by(Code::Denied) || decided.iter().any(|it| it.verdict == Verdict::Deny && !it.late) {
            Standing::Denied
        } else if own == Standing::Withdrawn || ended_by(Code::Withdrawn) {
            Standing::Withdrawn
        } else if ended_by(Code::Superseded) {
            Standing::Superseded
        } else if halted || ended_by(Code::Halted) {
            Standing::Halted
        } else if decided.iter().any(|it| it.verdict == Verdict::RequestChanges && !it.late) {
            Standing::ChangesRequested
        } else {
            Standing::Open
        })
    }

    /// Those whose approvals of the same subject stand, and still hold under the root of now.
    fn approvers(
        &self,
        ledger: &Connection,
        entry: &Entry,
        subject: &Digest,
    ) -> Result<Vec<Approver>, Error> {
        let mut all = Vec::new();
        for decided in Decided::standing(ledger, entry.number)? {
            if decided.verdict != Verdict::Approve || decided.late {
                continue;
            }
            let Ok(verified) = signed::<Statement<Decision>>(&decided.envelope, self.root, self.now) else {
                continue;
            };
            if verified.value().subject == *subject {
                let person: Label = verified.value().predicate.reviewer.clone();
                all.push(Approver { person, roles: verified.roles().to_vec() });
            }
        }
        Ok(all)
    }
}

impl Found {
    /// What is known of a subject that is not known.
    fn nothing() -> Self {
        Self {
            case: None,
            amended: None,
            recomputed: Digest::of(b""),
            standing: Standing::Open,
            nonce: NonceState::Unknown,
            meta: Meta {
                epoch: countersign_core::name::Epoch::from_bytes([0; 16]),
                count: 0,
                seq: 0,
                highest: Timestamp::from_seconds(0),
                intent: None,
            },
            ledger: Ledger::Inconsistent,
            approvers: vec![],
            blocking: vec![],
        }
    }
}
