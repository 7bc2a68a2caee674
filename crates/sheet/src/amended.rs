//! What a reviewer changed in a proposal: the agent's text beside theirs, before everything else.

use countersign_core::action::{Act, Change};
use countersign_core::amendment::{Amendment, Error as Wrong, text};
use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::name::Label;
use countersign_core::proposal::Proposal;

use crate::Error;
use crate::documents::{Blobs, bytes_of};
use crate::mask::told;
use crate::model::{Document, View};
use crate::page::{Page, Room};
use crate::segments::{value, words};

/// What the gate wants acknowledged, without what was found in texts that are replaced: it is gone with them,
/// or is found anew.
pub(crate) fn still_required(original: &Proposal, amendment: &Amendment) -> Vec<Label> {
    let mut gone = Vec::new();
    for edit in &amendment.edits {
        let Some(act) = original.actions.get(edit.action).map(|action| &action.act) else { continue };
        let Some(replaced) = text(act, &edit.field) else { continue };
        gone.push(replaced.sha256().to_string());
        if let Act::Change(Change { before, .. }) = act {
            let before = before.as_ref().map_or(Digest::of(b""), |before| *before.sha256());
            let both = [&before, replaced.sha256()].map(|it| *it.as_bytes()).concat();
            gone.push(Digest::of(&both).to_string());
        }
    }
    let stays = |id: &&Label| id.as_str().split(':').nth(1).is_none_or(|of| !gone.iter().any(|it| it == of));
    original.acknowledge.iter().filter(stays).cloned().collect()
}

/// A document for each text that `amendment` replaces.
pub(crate) fn changed(
    original: &Proposal,
    amendment: &Amendment,
    blobs: Blobs<'_>,
    room: &mut Room,
) -> Result<Vec<Document>, Error> {
    // Whatever is cut below, the sheet is that of this amendment and of no other.
    let digest = Digest::of(&json::to_bytes(amendment));
    let mut all = Vec::new();
    for edit in &amendment.edits {
        let wrong = || Wrong::Field { action: edit.action, field: edit.field.clone() };
        let action = original.actions.get(edit.action).ok_or(Wrong::NoAction(edit.action))?;
        let before = bytes_of(text(&action.act, &edit.field).ok_or_else(wrong)?, blobs)?;
        let after = bytes_of(&edit.content, blobs)?;
        let mut title = vec![words("What you changed")];
        if original.actions.len() > 1 {
            title = vec![words("What you changed in ")];
            title.extend(told(value(action.target.as_bytes())));
        }
        room.begin(action);
        let mut page = Page::new(edit.action, View::Diff, title, room);
        page.fact("the agent's version and yours");
        crate::text::fill(&mut page, Some(&before), Some(&after));
        page.fact(format!("amendment {digest}"));
        all.push(page.done());
    }
    Ok(all)
}
