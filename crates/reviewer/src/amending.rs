//! Edit, then approve: a person's own texts in place of the agent's, and the sheet of what comes of them.
//!
//! An amendment is kept in memory until it is signed, and then with its decision. As long as it stands it is what
//! is shown of the proposal, under a sheet of its own: it has to be on screen, armed and seen like any other, and
//! an approval names it and not the original.

mod field;

use std::collections::HashMap;
use std::sync::Arc;

use countersign_core::amendment::{self, Amendment, Edit};
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::proposal::{self, Effect, Proposal};
use countersign_sheet::{Marking, MaskKey};
use countersign_store::NewAmendment;

use self::field::Field;
use crate::core::Inner;
use crate::deciding::waits;
use crate::sheets::{self, Made};
use crate::{Editable, Error, NewText, NotEditable, TextState, life};

/// The most amendments that are kept in memory.
const MOST: usize = 8;

/// An amendment, and the bytes that travel beside it.
#[derive(Debug, Clone)]
pub(crate) struct Amended {
    pub(crate) digest: Digest,
    pub(crate) payload: Vec<u8>,
    pub(crate) contents: Vec<(Digest, Vec<u8>)>,
}

impl Amended {
    /// As the store keeps it with its decision.
    pub(crate) fn kept(&self) -> NewAmendment<'_> {
        NewAmendment { digest: &self.digest, payload: &self.payload, contents: &self.contents }
    }
}

/// Amendments that nobody signed yet, each under its original. The one made last is last.
#[derive(Debug, Default)]
pub(crate) struct Drafts(Vec<(Digest, Made)>);

impl Drafts {
    pub(crate) fn find(&self, original: &Digest) -> Option<Made> {
        self.0.iter().find(|(of, _)| of == original).map(|(_, made)| made.clone())
    }

    /// Whether there was one.
    pub(crate) fn drop(&mut self, original: &Digest) -> bool {
        let before = self.0.len();
        self.0.retain(|(of, _)| of != original);
        self.0.len() < before
    }

    fn keep(&mut self, original: Digest, made: Made) {
        self.drop(&original);
        self.0.push((original, made));
        if self.0.len() > MOST {
            self.0.remove(0);
        }
    }
}

/// Whether texts of `proposal` can be edited.
pub(crate) fn editable(proposal: &Proposal) -> Editable {
    // A person signs a list as it came, or has it proposed anew.
    if proposal.actions.batch().is_some()
        || proposal.actions.iter().all(|action| amendment::field(&action.act).is_none())
    {
        return Editable::Nothing;
    }
    if proposal.effect == Effect::Release {
        return Editable::Off(NotEditable::Release);
    }
    let people: u32 = proposal.requirement.needs.iter().map(|need| u32::from(need.count)).sum();
    if people > 1 { Editable::Off(NotEditable::Several) } else { Editable::Yes }
}

impl Inner {
    /// The texts that may be edited, with the agent's version of each and the one that is edited now.
    pub(crate) fn texts(&self, digest: &Digest) -> Result<Vec<TextState>, Error> {
        let (original, blobs) = self.original(digest)?;
        let edited = self.core().drafts.find(digest);
        let edited = edited.as_ref().and_then(|made| made.amended.as_deref());
        let edits = edited.map(|it| edits(&it.payload)).unwrap_or_default();
        let mut texts = Vec::new();
        for (action, of) in original.actions.iter().enumerate() {
            let Some((field, content)) = amendment::field(&of.act) else { continue };
            let text = |content: &Content| {
                let beside =
                    |of: &Digest| edited.and_then(|it| it.contents.iter().find(|(has, _)| has == of));
                let bytes = content.bytes(|of| {
                    beside(of).map(|(_, bytes)| bytes.clone()).or_else(|| blobs.get(of).cloned())
                });
                Field::of(&bytes.ok_or(NotEditable::Nothing)?).map(|it| it.text)
            };
            let edit = edits.iter().find(|it| (it.action, it.field.as_str()) == (action, field));
            let agent = match editable(&original) {
                Editable::Off(why) => Err(why),
                Editable::Yes | Editable::Nothing => text(content),
            };
            let edited = edit.and_then(|edit| text(&edit.content).ok());
            texts.push(TextState { action, field, target: of.target.clone(), agent, edited });
        }
        Ok(texts)
    }

    /// Puts the person's texts in place of the agent's. Texts that are as the agent wrote them are not edited; when
    /// all of them are, it is the agent's version again. Whatever comes of it has to be shown anew.
    pub(crate) fn edit(&self, digest: &Digest, texts: &[NewText]) -> Result<(), Error> {
        // What is looked for can change meanwhile; then it is made anew.
        let (made, mut core) = loop {
            let (original, blobs) = self.original(digest)?;
            match editable(&original) {
                Editable::Yes => {}
                Editable::Nothing => return Err(Error::NotEditable(NotEditable::Nothing)),
                Editable::Off(why) => return Err(Error::NotEditable(why)),
            }
            let marking = self.marking();
            let made = self.amended(*digest, &original, blobs, texts, &marking)?;
            let core = self.core();
            if Arc::ptr_eq(&marking, &core.marking) {
                break (made, core);
            }
        };
        let now = self.now();
        let state = life::state(&core.facts(digest)?, now);
        if !waits(&state) {
            return Err(Error::NotOpen(Box::new(state)));
        }
        match made {
            Some(made) => core.drafts.keep(*digest, made),
            None => {
                core.drafts.drop(digest);
            }
        }
        // What was on screen is not what would be signed now.
        if core.screen.current().is_some_and(|(shown, _)| shown == *digest) {
            core.screen.clear();
        }
        Ok(())
    }

    fn amended(
        &self,
        digest: Digest,
        original: &Proposal,
        mut blobs: HashMap<Digest, Vec<u8>>,
        texts: &[NewText],
        marking: &Marking,
    ) -> Result<Option<Made>, Error> {
        let nothing = || Error::NotEditable(NotEditable::Nothing);
        let mut changed = Vec::new();
        for NewText { action, field, text } in texts {
            let act = &original.actions.get(*action).ok_or_else(nothing)?.act;
            let (named, content) = amendment::field(act).filter(|(it, _)| it == field).ok_or_else(nothing)?;
            let before = content.bytes(|of| blobs.get(of).cloned()).ok_or_else(nothing)?;
            let after = Field::of(&before).and_then(|it| it.back(text)).map_err(Error::NotEditable)?;
            if after != before {
                changed.push((*action, named, content.media_type(), after));
            }
        }
        if changed.is_empty() {
            return Ok(None);
        }
        // Beside the payload where it would not fit into it.
        let make = |content: fn(&str, &[u8]) -> Content| {
            let edit = |(action, field, media_type, bytes): &(usize, &str, &str, Vec<u8>)| Edit {
                action: *action,
                field: (*field).to_owned(),
                content: content(media_type, bytes),
            };
            Amendment { original: digest, edits: changed.iter().map(edit).collect() }
        };
        let fits = |amendment: &Amendment| match amendment.apply(original).map(|it| it.to_payload()) {
            Ok(Ok(_)) => Ok(true),
            Ok(Err(proposal::Error::TooLarge(_))) => Ok(false),
            Ok(Err(_)) => Err(Error::NotEditable(NotEditable::TooLarge)),
            Err(_) => Err(nothing()),
        };
        let mut amendment = make(Content::of);
        if !fits(&amendment)? {
            amendment = make(Content::blob);
            if !fits(&amendment)? {
                return Err(Error::NotEditable(NotEditable::TooLarge));
            }
        }
        let beside =
            amendment.edits.iter().zip(changed).filter(|(edit, _)| edit.content.inline_bytes().is_none());
        let contents: Vec<_> = beside.map(|(edit, it)| (*edit.content.sha256(), it.3)).collect();
        blobs.extend(contents.iter().cloned());
        let payload = json::to_bytes(&amendment);
        let amended = Amended { digest: Digest::of(&payload), payload, contents };
        made(original, &amendment, amended, &blobs, (&self.mask, marking)).map(Some).map_err(|_| nothing())
    }

    /// Makes the sheets anew of what is edited.
    pub(crate) fn edited_anew(&self) {
        let marking = self.marking();
        let edited: Vec<_> = self.core().drafts.0.clone();
        for (digest, made) in edited {
            let Some(amended) = made.amended.as_deref() else { continue };
            // One whose proposal is gone keeps nobody from changing what is looked for.
            let Ok((original, mut blobs)) = self.original(&digest) else { continue };
            blobs.extend(amended.contents.iter().cloned());
            let again = Amendment::parse(&amended.payload).ok().and_then(|it| {
                self::made(&original, &it, amended.clone(), &blobs, (&self.mask, &marking)).ok()
            });
            let mut core = self.core();
            // What is looked for changed again, and whoever changed it makes them anew.
            if !Arc::ptr_eq(&marking, &core.marking) {
                return;
            }
            let kept = core.drafts.0.iter_mut().find(|(of, it)| {
                *of == digest && it.amended.as_ref().is_some_and(|it| it.digest == amended.digest)
            });
            if let (Some((_, kept)), Some(again)) = (kept, again) {
                *kept = again;
            }
        }
    }

    /// The proposal as its gate signed it, and its contents.
    fn original(&self, digest: &Digest) -> Result<(Proposal, HashMap<Digest, Vec<u8>>), Error> {
        let (envelope, contents) = self.core().store.read(|tx| {
            let envelope = tx.proposal(digest)?.ok_or(Error::NotFound(*digest))?;
            Ok::<_, Error>((envelope, tx.contents(digest)?))
        })?;
        Ok((sheets::read(&envelope)?, contents.into_iter().collect()))
    }
}

/// The amended proposal and its sheet.
pub(crate) fn made(
    original: &Proposal,
    amendment: &Amendment,
    amended: Amended,
    blobs: &HashMap<Digest, Vec<u8>>,
    (mask, marking): (&MaskKey, &Marking),
) -> Result<Made, amendment::Error> {
    let proposal = amendment.apply(original)?;
    let sheet = countersign_sheet::amended_with(original, amendment, &|of| blobs.get(of).cloned(), marking);
    Ok(Made::new(Arc::new(proposal), sheet.ok(), Some(Arc::new(amended)), mask))
}

/// What an amendment that was made here replaces.
pub(crate) fn edits(payload: &[u8]) -> Vec<Edit> {
    Amendment::parse(payload).map(|it| it.edits).unwrap_or_default()
}
