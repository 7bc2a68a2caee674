//! What a person has to take note of before they may approve: the gate looks for itself.
//!
//! The sheet finds it, here as in the app, and names it by what it is about. So
//! an app that does not look, or was made not to, approves nothing.

use std::sync::{Mutex, PoisonError};

use countersign_core::amendment::Amendment;
use countersign_core::content::{Content, MAX_TOTAL};
use countersign_core::digest::Digest;
use countersign_core::name::{Epoch, Label, Nonce};
use countersign_core::proposal::{Agent, Authenticated, Proposal, Requirement};
use countersign_core::time::Timestamp;
use countersign_sheet::{Severity, sheet};

use super::{Resolved, TOO_MUCH, refuse};
use crate::Error;
use crate::act::Contents;
use crate::request::Uploads;

/// Held while a sheet of long contents is made: it takes many times their room, and agents send them at the same time.
static ONE: Mutex<()> = Mutex::new(());

/// Bytes of contents of which no sheet takes much.
const SHORT: u64 = 16 * 1024;

/// The findings of `resolved` that block.
///
/// # Errors
///
/// [`Error::Request`] where it cannot be shown to anybody.
pub(super) fn blocking(resolved: &Resolved, uploads: &Uploads) -> Result<Vec<Label>, Error> {
    let draft = draft(resolved).ok_or_else(|| refuse("it cannot be shown"))?;
    // What all entries of a batch share is shown once.
    let size: u64 = draft.actions.contents().into_iter().map(Content::size).sum();
    // One content can be named many times, and be looked at as often.
    if size > MAX_TOTAL {
        return Err(refuse(TOO_MUCH));
    }
    let _one = (size > SHORT).then(|| ONE.lock().unwrap_or_else(PoisonError::into_inner));
    let find = |digest: &Digest| resolved.blobs.get(digest).or_else(|| uploads.get(digest)).cloned();
    let made = sheet(&draft, &find).map_err(|error| refuse(format!("it cannot be shown: {error}")))?;
    let blocks = made.findings.into_iter().filter(|finding| finding.severity == Severity::Blocking);
    Ok(blocks.map(|finding| finding.id).collect())
}

/// The amendment that was looked at last, and what of it blocks. The same one is looked at when it comes, before it
/// acts and as it acts, and where much stands beside it that takes seconds.
static LAST: Mutex<Option<(Digest, Vec<Label>)>> = Mutex::new(None);

/// The findings of `original` as amended that block; `None` where it cannot be shown to anybody. `subject` is the
/// digest of the amendment, which names the original and all that comes into it.
pub(crate) fn blocks(
    original: &Proposal,
    (subject, amendment): (&Digest, &Amendment),
    contents: &Contents,
) -> Option<Vec<Label>> {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, blocks)) = last.as_ref().filter(|(of, _)| of == subject) {
        return Some(blocks.clone());
    }
    let made =
        countersign_sheet::amended(original, amendment, &|digest| contents.get(digest).cloned()).ok()?;
    let blocks = made.findings.into_iter().filter(|finding| finding.severity == Severity::Blocking);
    let blocks: Vec<_> = blocks.map(|finding| finding.id).collect();
    *last = Some((*subject, blocks.clone()));
    Some(blocks)
}

/// A proposal of the same actions; nothing else of it is looked at.
fn draft(resolved: &Resolved) -> Option<Proposal> {
    let name: Label = "draft".parse().ok()?;
    let zero = Timestamp::from_seconds(0);
    Some(Proposal {
        id: "00000000-0000-7000-8000-000000000000".parse().ok()?,
        gate: "draft".parse().ok()?,
        epoch: Epoch::from_bytes([0; 16]),
        seq: 1,
        nonce: Nonce::from_bytes([0; 16]),
        agent: Agent {
            name: name.clone(),
            calls_itself: resolved.request.calls_itself.clone(),
            session: name,
            model: None,
            authenticated: Authenticated::None,
        },
        created: zero,
        not_before: zero,
        expires: zero,
        asked: resolved.asked.clone(),
        rationale: resolved.rationale.clone(),
        effect: resolved.effect,
        actions: resolved.plan.at(zero).ok()?,
        supersedes: None,
        requirement: Requirement::built_in(),
        rules: Requirement::built_in_rules(),
        acknowledge: vec![],
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use countersign_core::action::{Act, Action, Change, Reversibility};
    use countersign_core::proposal::Effect;

    use super::super::Plan;
    use super::*;
    use crate::request::{Request, Want};

    #[test]
    fn one_content_that_is_named_often_counts_each_time() {
        let bytes = vec![b'\n'; 1024 * 1024];
        let content = Content::blob("text/plain", &bytes);
        let action = Action {
            target: "/a".into(),
            environment: "here".parse().unwrap(),
            reversibility: Reversibility::Unknown,
            preconditions: vec![],
            act: Act::Change(Change {
                resource: "/a".into(),
                before: None,
                after: Some(content.clone()),
                mode_before: None,
                mode_after: None,
            }),
        };
        let uploads = Uploads::from([(*content.sha256(), bytes)]);
        let plan = Plan::All(vec![action; 65]);
        let resolved = Resolved {
            request: Request::new(Want::Release(vec![])),
            effect: Effect::Release,
            lifetime: 1,
            plan,
            asked: None,
            rationale: None,
            blobs: Uploads::new(),
            acknowledge: vec![],
        };
        assert!(matches!(blocking(&resolved, &uploads), Err(Error::Request(why)) if why.contains("64 MiB")));
    }
}
