//! Values of the reviewer into wire, and back. No choice is made here.

pub(crate) mod amending;
mod batch;
mod earlier;
pub(crate) mod finding;
pub(crate) mod halts;
pub(crate) mod machine;
pub(crate) mod queue;
pub(crate) mod reading;
pub(crate) mod sheet;

use std::path::PathBuf;

use countersign_core::decision::{Found, Verdict};
use countersign_core::digest::Digest;
use countersign_core::receipt::{Outcome, Receipt};
use countersign_core::refusal::Code;
use countersign_core::time::Timestamp;
use countersign_keys::LossUnderstood;
use countersign_reviewer as reviewer;
use countersign_reviewer::{ApproveState, Cause, ItemState, Lock, Opened, Setup, Signed};
use countersign_sheet::{lines, segments, told, words};
use tauri::{AppHandle, Manager as _, Runtime};

use crate::{error, wire};

use sheet::segs;
pub(crate) use sheet::{lines_of, rows, tall};

/// The most bytes and lines of an output or of evidence that are drawn; the rest is counted.
const DRAWN: (usize, usize) = (64 * 1024, 2000);

/// Where a backup goes: the person's documents, else their home.
pub(crate) fn backup_path<R: Runtime>(app: &AppHandle<R>) -> PathBuf {
    let folder = app.path().document_dir().or_else(|_| app.path().home_dir()).unwrap_or_default();
    let name = |n: u32| if n == 0 { String::new() } else { format!("-{n}") };
    let at = |n| folder.join(format!("countersign-key-backup{}.txt", name(n)));
    // An older backup is never written over.
    (0..1000).map(at).find(|path| !path.exists()).unwrap_or_else(|| at(1000))
}

pub(crate) fn app_state(state: reviewer::State, theme: wire::Theme) -> wire::AppState {
    let same_user = state.gates.iter().all(|gate| gate.same_user);
    wire::AppState {
        stage: match state.setup {
            Setup::New => wire::Stage::NoKey,
            Setup::NoGate => wire::Stage::NoGate,
            Setup::Ready => wire::Stage::Ready,
        },
        person: state.person.map(|it| it.to_string()),
        device: state.device.map(|it| it.to_string()),
        suggested: crate::suggested::names(),
        key: wire::Key {
            state: match state.key.lock {
                Lock::None => wire::KeyState::None,
                Lock::Locked => wire::KeyState::Locked,
                Lock::Unlocked => wire::KeyState::Unlocked,
                Lock::Unreachable => wire::KeyState::Unreachable,
            },
            fingerprint: state.key.fingerprint,
            kept: state.key.kept.map(|it| it.to_string()),
            locks_in: state.key.locks_in,
            wait: Some(state.key.wait).filter(|it| *it > 0),
            backed_up: state.key.backed_up.map(Timestamp::seconds),
            backup: state.key.backup.map(|path| path.display().to_string()),
        },
        halts: state.halts.iter().map(halts::halt).collect(),
        gates: state.gates.into_iter().map(gate).collect(),
        outbox: count(state.outbox),
        waiting: count(state.waiting),
        clock_jump: state.clock_jump.map(|it| wire::ClockJump { seconds: it.seconds, at: it.at.seconds() }),
        trouble: state.trouble.as_ref().map(error::held),
        places: machine::places(&state.keyring),
        separation: separation(same_user).to_owned(),
        loss: LossUnderstood::EXPLANATION.to_owned(),
        loss_words: LossUnderstood::WORDS.to_owned(),
        theme,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn separation(same_user: bool) -> &'static str {
    if same_user {
        "App and gate run as the same user. A hostile program of this user could reach what either of them can."
    } else {
        "The gate runs as another user. What it holds is out of reach for programs of this one."
    }
}

fn gate(gate: reviewer::GateState) -> wire::Gate {
    wire::Gate {
        id: gate.id.to_string(),
        alive: gate.alive,
        fingerprint: gate.fingerprint,
        own: gate.same_user,
        not_started: gate.not_started.as_deref().map(not_started),
    }
}

/// What would end a line or turn one around.
fn unsuited(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What was tried, what it means, what to do. `why` ends with what the gate itself printed.
fn not_started(why: &str) -> String {
    let why: String = why.chars().map(|it| if unsuited(it) { ' ' } else { it }).collect();
    format!(
        "It was to be started, and did not come up: {}. Nothing runs until it does. Put that right, then start it again.",
        why.trim().trim_end_matches('.')
    )
}

pub(crate) fn queue_row(row: reviewer::Row) -> wire::QueueRow {
    let evidence = matches!(row.state, ItemState::Evidence { .. });
    wire::QueueRow {
        digest: row.digest.to_string(),
        kind: row.kind.map_or(if evidence { wire::Kind::Evidence } else { wire::Kind::Several }, sheet::kind),
        agent: segs(&row.agent),
        action: segs(&row.action),
        expires: row.expires.map(Timestamp::seconds),
        at: row.at.seconds(),
        state: item_state(&row.state),
        marks: row.marks.into_iter().map(mark).collect(),
        snoozed: row.snoozed.map(Timestamp::seconds),
    }
}

fn mark(mark: reviewer::Mark) -> wire::Mark {
    let (text, tone) = match mark {
        reviewer::Mark::Blocking(findings) => {
            let word = if findings == 1 { "finding" } else { "findings" };
            return wire::Mark { text: format!("{findings} blocking {word}"), tone: wire::Tone::Red };
        }
        reviewer::Mark::UnknownSender => ("unknown sender", wire::Tone::Red),
        reviewer::Mark::Irreversible => ("may not be undone", wire::Tone::Red),
        reviewer::Mark::Further => ("goes further than asked", wire::Tone::Amber),
        reviewer::Mark::Release => ("the agent does it", wire::Tone::Plain),
        reviewer::Mark::Amended => ("approved with your changes", wire::Tone::Plain),
    };
    wire::Mark { text: text.to_owned(), tone }
}

fn item_state(state: &ItemState) -> wire::ItemState {
    match state {
        ItemState::Waiting => wire::ItemState::Waiting,
        ItemState::Incomplete { missing } => wire::ItemState::Incomplete { missing: count(*missing) },
        ItemState::Signed { at } => wire::ItemState::Signed { at: at.seconds() },
        ItemState::Delivered { at } => wire::ItemState::Delivered { at: at.seconds() },
        ItemState::Denied { at } => wire::ItemState::Denied { at: at.seconds() },
        ItemState::ChangesRequested { at } => wire::ItemState::ChangesRequested { at: at.seconds() },
        ItemState::Superseded { by } => wire::ItemState::Superseded { by: by.map(|it| it.to_string()) },
        ItemState::Expired { at } => wire::ItemState::Expired { at: at.seconds() },
        ItemState::Withdrawn { at, reason } => {
            let why = reason.as_deref().map(|why| segs(&told(segments(why.as_bytes()))));
            wire::ItemState::Withdrawn { at: at.seconds(), why }
        }
        ItemState::Halted { at, halt } => {
            wire::ItemState::Halted { at: at.seconds(), halt: halt.map(|it| it.to_string()) }
        }
        ItemState::Executed { at, exit } => wire::ItemState::Executed { at: at.seconds(), exit: *exit },
        ItemState::Used { at, used, most, over, wrong, elsewhere } => wire::ItemState::Used {
            at: at.seconds(),
            used: *used,
            most: *most,
            over: *over,
            wrong: *wrong,
            elsewhere: *elsewhere,
        },
        ItemState::Failed { at } => wire::ItemState::Failed { at: at.seconds() },
        ItemState::Released { at } => wire::ItemState::Released { at: at.seconds() },
        ItemState::Refused { code } => {
            wire::ItemState::Refused { code: code.to_string(), says: code.says().to_owned() }
        }
        ItemState::Unknown { at, receipt } => {
            wire::ItemState::Unknown { at: at.seconds(), receipt: receipt.to_string() }
        }
        ItemState::Resolved { found, at } => {
            wire::ItemState::Resolved { ran: *found == Found::Ran, at: at.seconds() }
        }
        ItemState::Evidence { cause } => {
            wire::ItemState::Evidence { code: cause.as_str().to_owned(), says: cause_says(*cause).to_owned() }
        }
    }
}

fn cause_says(cause: Cause) -> &'static str {
    match cause {
        Cause::Refused(Code::KeyUnknown) => {
            "Nobody whom you trust signed this. It cannot be approved. If a gate of yours should have, enrol it first."
        }
        Cause::Refused(code) => code.says(),
        Cause::SeqAgain => {
            "The gate signed two different things with one number. Its memory may have been restored, or its key stolen."
        }
        Cause::WrongName => {
            "The file is named by another digest than what is in it has. Something between gate and app changed it."
        }
        Cause::Unexpected => "This is nothing that is sent to a reviewer.",
        Cause::WrongUser => "It comes from another user of this machine than the one whose gate signed it.",
        Cause::NoMessage => "What lay in the box is no message.",
    }
}

pub(crate) fn opened(opened: &Opened, blob: impl Fn(&Digest) -> Option<Vec<u8>>) -> wire::Opened {
    let proposal = opened.proposal.as_deref();
    let kind = match (&opened.sheet, &opened.evidence) {
        (_, Some(_)) => wire::Kind::Evidence,
        (Some(sheet), None) => sheet::kind(sheet.kind),
        (None, None) => wire::Kind::Several,
    };
    let head = opened.sheet.as_deref().zip(opened.sheet_digest);
    wire::Opened {
        digest: opened.digest.to_string(),
        short: opened.digest.short(),
        gate: proposal.map(|it| it.gate.to_string()).unwrap_or_default(),
        kind,
        created: proposal.map_or(opened.received, |it| it.created).seconds(),
        // Of several what ends first.
        expires: opened
            .together
            .iter()
            .flat_map(|it| &it.members)
            .map(|it| it.expires)
            .chain(proposal.map(|it| it.until()))
            .min()
            .map(Timestamp::seconds),
        state: item_state(&opened.state),
        sheet: head.map(|(sheet, digest)| {
            let mut head = sheet::head(sheet, &digest, proposal);
            head.facts.push(sheet::novelty(opened.alike));
            head
        }),
        decision: opened.decision.as_ref().map(decision),
        receipt: opened.receipt.as_ref().map(|it| receipt(it, opened, &blob)),
        uses: opened.uses.iter().map(|it| receipt(it, opened, &blob)).collect(),
        evidence: opened.evidence.as_ref().map(evidence),
        supersedes: proposal.and_then(|it| it.supersedes).map(|it| it.to_string()),
        agent: proposal.map(|it| reviewer::agent_id(&it.gate, &it.agent.authenticated).to_string()),
        snoozed: opened.snoozed.map(Timestamp::seconds),
        editable: amending::editable(opened.editable),
        amended: opened.amended.map(|it| it.to_string()),
        answers: opened.answers.iter().map(queue::answer).collect(),
        earlier: opened.earlier.as_ref().map(earlier::earlier),
        denied: opened.denied.as_ref().map(earlier::denied),
        like: count(opened.like),
        together: opened.together.as_ref().map(|it| wire::Together {
            members: it.members.iter().map(member).collect(),
            left_out: it.left_out.iter().map(member).collect(),
            apart: count(it.apart),
        }),
    }
}

fn member(member: &reviewer::Member) -> wire::Member {
    wire::Member {
        digest: member.digest.to_string(),
        short: member.digest.short(),
        would: segs(&member.would),
        expires: member.expires.seconds(),
        document: count(member.documents.start),
    }
}

fn decision(decision: &reviewer::DecisionState) -> wire::DecisionShown {
    wire::DecisionShown {
        verdict: verdict(decision.verdict),
        by: decision.by.to_string(),
        at: decision.at.seconds(),
        comment: decision.comment.as_ref().map(|text| comment(text.as_bytes())),
        digest: decision.digest.to_string(),
        amended: decision.amended,
    }
}

fn verdict(verdict: Verdict) -> wire::Verdict {
    match verdict {
        Verdict::Approve => wire::Verdict::Approve,
        Verdict::Deny => wire::Verdict::Deny,
        Verdict::RequestChanges => wire::Verdict::RequestChanges,
    }
}

fn receipt(
    shown: &reviewer::ReceiptState,
    opened: &Opened,
    blob: &impl Fn(&Digest) -> Option<Vec<u8>>,
) -> wire::ReceiptShown {
    let Receipt { gate, at, outcomes, amendment, .. } = &shown.receipt;
    let proposal = opened.proposal.as_deref();
    let target = |index: usize| match (shown.receipt.used, proposal) {
        (Some(used), Some(proposal)) => batch::entry(proposal, used.entry),
        _ => {
            let action = proposal.and_then(|it| it.actions.get(index));
            action.map(|it| segs(&told(segments(it.target.as_bytes())))).unwrap_or_default()
        }
    };
    wire::ReceiptShown {
        digest: shown.digest.to_string(),
        gate: gate.to_string(),
        at: at.seconds(),
        amendment: amendment.map(|it| it.to_string()),
        outcomes: outcomes.iter().enumerate().map(|(index, it)| outcome(target(index), it, blob)).collect(),
        resolution: shown.resolution.as_ref().map(|it| wire::ResolutionShown {
            ran: it.found == Found::Ran,
            by: it.by.to_string(),
            at: it.at.seconds(),
            comment: it.comment.as_ref().map(|text| comment(text.as_bytes())),
        }),
    }
}

fn outcome(
    action: Vec<wire::Segment>,
    outcome: &Outcome,
    blob: &impl Fn(&Digest) -> Option<Vec<u8>>,
) -> wire::Outcome {
    let exit_says = |exit: &Option<i32>| exit.map_or_else(String::new, |it| format!("Exit status {it}."));
    let own = |text: String| segs(&[words(text)]);
    let (result, says, started, finished, results) = match outcome {
        Outcome::Done { started, finished, exit, results } => {
            (wire::OutcomeKind::Done, own(exit_says(exit)), Some(started), Some(finished), results.as_slice())
        }
        Outcome::Failed { started, finished, why, exit, results } => {
            let mut says = own(exit_says(exit));
            says.extend(segs(&told(segments(why.as_bytes()))));
            (wire::OutcomeKind::Failed, says, Some(started), Some(finished), results.as_slice())
        }
        Outcome::Refused { code, why } => {
            let mut says = own(format!("{code}. {} ", code.says()));
            says.extend(segs(&told(segments(why.as_bytes()))));
            (wire::OutcomeKind::Refused, says, None, None, &[][..])
        }
        Outcome::Released { at } => {
            let says = "Released to the agent. Whether it ran is not known to the gate.";
            (wire::OutcomeKind::Released, own(says.to_owned()), Some(at), None, &[][..])
        }
        Outcome::Unknown { started } => {
            let says = "Begun; its end was not seen. It may have run. It will not be tried again by itself.";
            (wire::OutcomeKind::Unknown, own(says.to_owned()), Some(started), None, &[][..])
        }
        Outcome::NotAttempted {} => {
            (wire::OutcomeKind::NotAttempted, own("Never begun.".to_owned()), None, None, &[][..])
        }
    };
    let results = results.iter().map(|(name, content)| {
        let bytes = content.bytes(|digest| blob(digest));
        let (lines, more) = drawn(bytes.as_deref().unwrap_or_default());
        let missing = if bytes.is_some() { more } else { content.size() };
        wire::ResultShown {
            name: name.to_string(),
            size: content.size(),
            sha256: content.sha256().to_string(),
            lines,
            more: missing,
        }
    });
    let exit = match outcome {
        Outcome::Done { exit, .. } | Outcome::Failed { exit, .. } => *exit,
        _ => None,
    };
    wire::Outcome {
        action,
        result,
        says,
        exit,
        started: started.map(|it| it.seconds()),
        finished: finished.map(|it| it.seconds()),
        results: results.collect(),
    }
}

fn evidence(evidence: &reviewer::Evidence) -> wire::EvidenceShown {
    let (raw, more) = drawn(&evidence.raw);
    wire::EvidenceShown {
        code: evidence.cause.as_str().to_owned(),
        says: cause_says(evidence.cause).to_owned(),
        name: segs(&segments(evidence.name.as_bytes())),
        why: segs(&told(segments(evidence.why.as_bytes()))),
        at: evidence.at.seconds(),
        raw,
        more: more + evidence.size.saturating_sub(evidence.raw.len() as u64),
    }
}

/// The first lines, and how many bytes are not in them.
fn drawn(bytes: &[u8]) -> (Vec<Vec<wire::Segment>>, u64) {
    let first = &bytes[..bytes.len().min(DRAWN.0)];
    let (made, more) = in_lines(first, DRAWN.1);
    (made, more + (bytes.len() - first.len()) as u64)
}

/// A person's comment, all of it: it is short.
fn comment(bytes: &[u8]) -> Vec<Vec<wire::Segment>> {
    in_lines(bytes, usize::MAX).0
}

fn in_lines(bytes: &[u8], count: usize) -> (Vec<Vec<wire::Segment>>, u64) {
    // A line feed at the end ends the last line; it begins no other.
    let (made, more) = lines(bytes.strip_suffix(b"\n").unwrap_or(bytes), count);
    (made.iter().filter(|_| !bytes.is_empty()).map(|line| segs(line)).collect(), more)
}

pub(crate) fn bar(bar: reviewer::Bar) -> wire::Bar {
    wire::Bar {
        approve: match bar.approve {
            ApproveState::Ready => wire::ApproveState::Ready,
            ApproveState::Arming { milliseconds } => wire::ApproveState::Arming { milliseconds },
            ApproveState::NotShown => wire::ApproveState::NotShown,
            ApproveState::NotAcknowledged => wire::ApproveState::NotAcknowledged,
            ApproveState::Unseen => wire::ApproveState::Unseen,
            ApproveState::KeyLocked => wire::ApproveState::KeyLocked,
            ApproveState::UnlockAgain => wire::ApproveState::UnlockAgain,
            ApproveState::NoKey => wire::ApproveState::NoKey,
            ApproveState::Closed => wire::ApproveState::Closed,
        },
        deny: bar.deny,
        request_changes: bar.request_changes,
        withdraw: bar.withdraw,
        blocking: bar.blocking.into_iter().map(count).collect(),
        not_displayed: bar.not_displayed.into_iter().map(count).collect(),
        masked: bar.masked.into_iter().map(count).collect(),
        acknowledged: bar
            .acknowledged
            .into_iter()
            .map(|(finding, why)| wire::Acknowledged { finding: count(finding), reason: reason(why) })
            .collect(),
        unseen: count(bar.unseen),
        kept: count(bar.kept),
        next_unseen: bar
            .next_unseen
            .map(|(document, row)| wire::Place { document: count(document), row: count(row) }),
    }
}

fn reason(reason: reviewer::Reason) -> wire::Reason {
    match reason {
        reviewer::Reason::Intended => wire::Reason::Intended,
        reviewer::Reason::Harmless => wire::Reason::Harmless,
        reviewer::Reason::Checked => wire::Reason::Checked,
        reviewer::Reason::Accepted => wire::Reason::Accepted,
    }
}

pub(crate) fn reason_given(reason: wire::Reason) -> reviewer::Reason {
    match reason {
        wire::Reason::Intended => reviewer::Reason::Intended,
        wire::Reason::Harmless => reviewer::Reason::Harmless,
        wire::Reason::Checked => reviewer::Reason::Checked,
        wire::Reason::Accepted => reviewer::Reason::Accepted,
    }
}

pub(crate) fn decide<E>(
    request: wire::Decide,
    digest: impl Fn(&str) -> Result<Digest, E>,
) -> Result<reviewer::Decide, E> {
    Ok(reviewer::Decide {
        proposal: digest(&request.proposal)?,
        sheet: request.sheet.as_deref().map(digest).transpose()?,
        answer: match request.answer {
            wire::Answer::Approve { not_shown } => {
                reviewer::Answer::Approve { not_shown: not_shown.map(u64::from) }
            }
            wire::Answer::Deny => reviewer::Answer::Deny,
            wire::Answer::RequestChanges => reviewer::Answer::RequestChanges,
        },
        comment: request.comment.filter(|text| !text.trim().is_empty()),
    })
}

fn said(signed: Signed, title: &str, alive: &str, asleep: &str) -> wire::Decided {
    let hint = if signed.gate_alive { alive } else { asleep };
    wire::Decided { digest: signed.digest.to_string(), title: title.to_owned(), hint: hint.to_owned() }
}

pub(crate) fn decided(signed: Signed, answer: &wire::Answer) -> wire::Decided {
    let many = signed.decisions;
    match answer {
        wire::Answer::Approve { .. } if many > 1 => said(
            signed,
            &format!("{many} decisions signed."),
            "The gate checks each once more, then acts, one after the other. Each has a receipt of its own.",
            "Not yet delivered: the gate is not running. It has not acted; it gets these when it starts.",
        ),
        wire::Answer::Deny if many > 1 => said(
            signed,
            &format!("{many} denied. Nothing of them will happen."),
            "The agent is told.",
            "The agent is told when the gate starts. Nothing happens until then either.",
        ),
        wire::Answer::Approve { .. } => said(
            signed,
            "Signed.",
            "The gate checks it once more, then acts. The receipt appears here.",
            "Not yet delivered: the gate is not running. It has not acted; it gets this when it starts.",
        ),
        wire::Answer::Deny => said(
            signed,
            "Denied. Nothing will happen.",
            "The agent is told.",
            "The agent is told when the gate starts. Nothing happens until then either.",
        ),
        wire::Answer::RequestChanges => said(
            signed,
            "Changes requested. Nothing happens as it is.",
            "The agent is told, and may propose it again.",
            "The agent is told when the gate starts.",
        ),
    }
}

pub(crate) fn withdrawn(signed: Signed) -> wire::Decided {
    said(
        signed,
        "Your answer is taken back.",
        "If the gate has not acted yet, it will not.",
        "The gate gets this when it starts, before the answer it takes back.",
    )
}

pub(crate) fn resolved(signed: Signed) -> wire::Decided {
    said(
        signed,
        "Recorded.",
        "What you found stands beside the receipt. Nothing runs again.",
        "It is sent when the gate starts.",
    )
}

pub(crate) fn count(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}
