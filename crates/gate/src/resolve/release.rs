//! What a hook lets its agent do: actions that the caller typed, and the gate looks at.
//!
//! The gate does not act, so nothing is held; that files are as the actions
//! say is checked now, and again when they are released.

use countersign_core::action::{Act, Action, Assurance, Fact, Precondition};
use countersign_core::content::{Content, Listing, MAX_INLINE};

use super::refuse;
use crate::Error;
use crate::request::{MAX_OPERATIONS, Uploads};

/// The actions with what must hold for them, and the bytes that travel beside the payload.
pub(super) fn resolve(
    actions: &[Action],
    uploads: &Uploads,
    blobs: &mut Uploads,
) -> Result<Vec<Action>, Error> {
    if actions.is_empty() || actions.len() > MAX_OPERATIONS {
        return Err(refuse(format!("a request has 1 to {MAX_OPERATIONS} actions")));
    }
    let mut all = Vec::new();
    for action in actions {
        if !action.preconditions.is_empty() {
            return Err(refuse("the preconditions of a release are the gate's to add"));
        }
        for content in action.act.contents() {
            keep(content, uploads, blobs)?;
        }
        if matches!(&action.act, Act::Remove(it) if matches!(it.objects, Listing::Blob { .. }) && it.objects.items(|d| uploads.get(d).cloned()).is_none())
        {
            return Err(refuse("the list of what would be removed is not a list of objects"));
        }
        let preconditions = facts(&action.act);
        let checked = |fact| Precondition { assurance: Assurance::Checked, fact };
        let preconditions = preconditions.into_iter().map(checked).collect();
        all.push(Action { preconditions, ..action.clone() });
    }
    Ok(all)
}

/// What a change says of the file before it, as far as it names one by an absolute path.
fn facts(act: &Act) -> Option<Fact> {
    let Act::Change(change) = act else { return None };
    if !change.resource.as_bytes().starts_with(b"/") {
        return None;
    }
    let path = change.resource.clone();
    Some(match &change.before {
        Some(before) => Fact::File { path, sha256: *before.sha256(), mode: change.mode_before },
        None => Fact::Absent { path },
    })
}

fn keep(content: &Content, uploads: &Uploads, blobs: &mut Uploads) -> Result<(), Error> {
    if let Some(bytes) = content.inline_bytes() {
        if bytes.len() > MAX_INLINE {
            return Err(refuse("a content of more than 16 KiB is sent beside the request"));
        }
        return Ok(());
    }
    let bytes = content.bytes(|digest| uploads.get(digest).cloned());
    let bytes = bytes.ok_or_else(|| {
        refuse(format!("the content {} was not sent along as it is described", content.sha256().short()))
    })?;
    blobs.insert(*content.sha256(), bytes);
    Ok(())
}
