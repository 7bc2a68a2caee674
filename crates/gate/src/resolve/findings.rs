//! What a person has to take note of before they may approve: the gate looks for itself.
//!
//! The sheet finds it, here as in the app, and names it by what it is about. So
//! an app that does not look, or was made not to, approves nothing.

use countersign_core::amendment::Amendment;
use countersign_core::digest::Digest;
use countersign_core::name::{Epoch, Label, Nonce};
use countersign_core::proposal::{Agent, Authenticated, Proposal, Requirement};
use countersign_core::time::Timestamp;
use countersign_sheet::{Severity, sheet};

use super::{Resolved, refuse};
use crate::Error;
use crate::act::Contents;
use crate::request::Uploads;

/// The findings of `resolved` that block.
///
/// # Errors
///
/// [`Error::Request`] where it cannot be shown to anybody.
pub(super) fn blocking(resolved: &Resolved, uploads: &Uploads) -> Result<Vec<Label>, Error> {
    let find = |digest: &Digest| resolved.blobs.get(digest).or_else(|| uploads.get(digest)).cloned();
    let draft = draft(resolved).ok_or_else(|| refuse("it cannot be shown"))?;
    let made = sheet(&draft, &find).map_err(|error| refuse(format!("it cannot be shown: {error}")))?;
    let blocks = made.findings.into_iter().filter(|finding| finding.severity == Severity::Blocking);
    Ok(blocks.map(|finding| finding.id).collect())
}

/// The findings of `original` as amended that block; `None` where it cannot be shown to anybody.
pub(crate) fn blocks(original: &Proposal, amendment: &Amendment, contents: &Contents) -> Option<Vec<Label>> {
    let made =
        countersign_sheet::amended(original, amendment, &|digest| contents.get(digest).cloned()).ok()?;
    let blocks = made.findings.into_iter().filter(|finding| finding.severity == Severity::Blocking);
    Some(blocks.map(|finding| finding.id).collect())
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
        actions: resolved.actions.clone(),
        supersedes: None,
        requirement: Requirement::built_in(),
        rules: Requirement::built_in_rules(),
        acknowledge: vec![],
    })
}
