//! What can be found about an entry: its texts, each with its place.
//!
//! The short ones come first, so that a long document cannot crowd them out.

use std::borrow::Cow;
use std::collections::HashMap;

use countersign_core::action::{Act, Action, Environment, Grant, Object};
use countersign_core::content::{Content, Listing};
use countersign_core::digest::Digest;
use countersign_core::ostext::OsText;
use countersign_core::proposal::Proposal;
use countersign_core::receipt::{Outcome, Receipt};
use countersign_sensitivity::Rules;
use countersign_store::{AnswerFact, EvidenceRow, MAX_TEXT, Piece, Tx, Unindexed};

use super::digest_words;
use crate::{Error, FoundIn, deciding, sheets};

/// Bytes by which a content is told from what is no text.
const SNIFFED: usize = 8 * 1024;

/// What the store has about an entry.
pub(super) enum Kept {
    Proposal(Box<About>),
    Evidence(EvidenceRow),
    /// It went in between.
    Gone,
}

pub(super) struct About {
    digest: Digest,
    envelope: Vec<u8>,
    contents: HashMap<Digest, Vec<u8>>,
    answers: Vec<AnswerFact>,
    withdrawn: Option<String>,
    receipts: Vec<(Digest, Vec<u8>)>,
    resolutions: Vec<Vec<u8>>,
    results: HashMap<Digest, Vec<u8>>,
}

/// Texts to be indexed.
pub(super) struct Texts<'r> {
    pub(super) pieces: Vec<Piece>,
    /// Whether that is all.
    pub(super) whole: bool,
    left: usize,
    /// What is a secret.
    rules: &'r Rules,
}

/// Reads what the store has about an entry.
pub(super) fn kept(tx: &Tx<'_>, it: &Unindexed) -> Result<Kept, Error> {
    if let Some(digest) = &it.evidence {
        return Ok(tx.evidence_of(digest)?.map_or(Kept::Gone, Kept::Evidence));
    }
    let Some(digest) = it.proposal else { return Ok(Kept::Gone) };
    let (Some(envelope), Some(facts)) = (tx.proposal(&digest)?, tx.facts(&digest)?) else {
        return Ok(Kept::Gone);
    };
    let receipts = tx.receipts_of(&digest, &facts.gate)?;
    let mut results = HashMap::new();
    for (_, envelope) in &receipts {
        for content in contents_of(envelope) {
            if let Some(bytes) = tx.blob(&content)? {
                results.insert(content, bytes);
            }
        }
    }
    Ok(Kept::Proposal(Box::new(About {
        digest,
        envelope,
        contents: tx.contents(&digest)?.into_iter().collect(),
        answers: tx.answers(&digest)?,
        withdrawn: facts.withdrawn.and_then(|it| it.reason),
        receipts,
        resolutions: tx.resolutions_of(&digest)?,
        results,
    })))
}

impl Kept {
    /// Bytes of contents in it.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Proposal(it) => it.contents.values().chain(it.results.values()).map(Vec::len).sum(),
            Self::Evidence(_) | Self::Gone => 0,
        }
    }
}

fn contents_of(receipt: &[u8]) -> Vec<Digest> {
    let receipt = deciding::receipt(receipt);
    let outcomes = receipt.as_ref().map_or(&[][..], |it| &it.outcomes);
    outcomes.iter().flat_map(results).map(|(_, content)| *content.sha256()).collect()
}

fn results(outcome: &Outcome) -> impl Iterator<Item = (&str, &Content)> {
    let results = match outcome {
        Outcome::Done { results, .. } | Outcome::Failed { results, .. } => results.as_slice(),
        _ => &[],
    };
    results.iter().map(|(name, content)| (name.as_str(), content))
}

/// The texts of what was kept.
pub(super) fn of<'r>(kept: &Kept, rules: &'r Rules) -> Texts<'r> {
    let mut texts = Texts { pieces: vec![], whole: true, left: MAX_TEXT, rules };
    match kept {
        Kept::Gone => {}
        Kept::Evidence(it) => {
            texts.add(FoundIn::File, &it.name);
            texts.add(FoundIn::Cause, &format!("{} {}", it.cause, it.why));
            texts.add(FoundIn::Id, &digest_words(&it.digest));
        }
        Kept::Proposal(about) => match sheets::read(&about.envelope) {
            Ok(proposal) => texts.proposal(&proposal, about),
            // It verified once. Whoever opens it is told.
            Err(_) => texts.add(FoundIn::Id, &digest_words(&about.digest)),
        },
    }
    texts
}

/// What is kept to be searched tells nobody a secret.
fn without_secrets<'t>(text: &'t str, rules: &Rules) -> Cow<'t, str> {
    match rules.without_secrets(text.as_bytes()) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(made) => Cow::Owned(String::from_utf8_lossy(&made).into_owned()),
    }
}

impl Texts<'_> {
    /// Bytes of text in it.
    pub(super) fn size(&self) -> usize {
        self.pieces.iter().map(|it| it.text.len()).sum()
    }

    fn add(&mut self, place: FoundIn, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let text = &*without_secrets(text, self.rules);
        let end = (0..=text.len().min(self.left)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        self.whole &= end == text.len();
        self.left -= end;
        if end > 0 {
            self.pieces.push(Piece { place: place.byte(), text: text[..end].to_owned() });
        }
    }

    fn bytes(&mut self, place: FoundIn, bytes: &[u8]) {
        // What is no text is not searched; its names and digests are.
        if bytes[..bytes.len().min(SNIFFED)].contains(&0) {
            return;
        }
        // A secret that goes on over the end is one all the same.
        let end = bytes.len().min(self.left + 4096);
        self.whole &= end == bytes.len();
        self.add(place, &String::from_utf8_lossy(&bytes[..end]));
    }

    fn content(&mut self, place: FoundIn, content: &Content, blobs: &HashMap<Digest, Vec<u8>>) {
        match content.inline_bytes().or_else(|| blobs.get(content.sha256()).map(Vec::as_slice)) {
            Some(bytes) => self.bytes(place, bytes),
            // It has not come; when it does, this is done again.
            None => self.whole = false,
        }
    }

    fn proposal(&mut self, it: &Proposal, about: &About) {
        let blobs = &about.contents;
        let agent = &it.agent;
        let names =
            [Some(&agent.name), agent.calls_itself.as_ref(), Some(&agent.session), agent.model.as_ref()];
        let names: Vec<&str> = names.into_iter().flatten().map(|it| it.as_str()).collect();
        self.add(FoundIn::Agent, &names.join("\n"));
        let would: String = countersign_sheet::would(it).iter().map(|part| part.display.as_str()).collect();
        let targets: Vec<String> = it.actions.iter().map(|action| lossy(&action.target)).collect();
        self.add(FoundIn::Action, &format!("{would}\n{}", targets.join("\n")));
        let mut ids = vec![digest_words(&about.digest), it.id.to_string(), it.gate.to_string()];
        ids.extend(about.answers.iter().map(|it| digest_words(&it.digest)));
        ids.extend(about.receipts.iter().map(|(digest, _)| digest_words(digest)));
        ids.extend(it.contents().iter().take(64).map(|it| it.sha256().to_string()));
        self.add(FoundIn::Id, &ids.join("\n"));
        if let Some(asked) = &it.asked {
            self.content(FoundIn::Asked, &asked.text, blobs);
            self.add(FoundIn::Asked, asked.by.as_ref().map_or("", |it| it.as_str()));
        }
        if let Some(claim) = &it.rationale {
            self.content(FoundIn::Claim, claim, blobs);
        }
        for comment in about.answers.iter().filter_map(|it| it.comment.as_deref()) {
            self.add(FoundIn::Comment, comment);
        }
        self.add(FoundIn::Withdrawal, about.withdrawn.as_deref().unwrap_or_default());
        for envelope in &about.resolutions {
            let comment = deciding::resolution(envelope).and_then(|it| it.predicate.comment);
            self.add(FoundIn::Finding, &comment.unwrap_or_default());
        }
        for action in &it.actions {
            self.action(action, blobs);
        }
        for receipt in about.receipts.iter().filter_map(|(_, envelope)| deciding::receipt(envelope).ok()) {
            self.receipt(&receipt, &about.results);
        }
        for action in &it.actions {
            self.documents(action, blobs);
        }
    }

    /// What is short about an action.
    fn action(&mut self, action: &Action, blobs: &HashMap<Digest, Vec<u8>>) {
        match &action.act {
            Act::Post(post) => {
                let labels =
                    [Some(&post.place), post.name.as_ref(), post.thread.as_ref(), post.in_reply_to.as_ref()];
                let labels: Vec<&str> = labels.into_iter().flatten().map(|it| it.as_str()).collect();
                self.add(FoundIn::Action, &labels.join("\n"));
            }
            Act::Run(run) => {
                let argv: Vec<String> = run.argv.iter().map(lossy).collect();
                // As one types them: a name says what the value after it is.
                self.add(FoundIn::Content, &argv.join(" "));
                let program = [lossy(&run.executable.path), lossy(&run.cwd)];
                self.add(FoundIn::Content, &program.join("\n"));
            }
            Act::Access(access) => {
                for grants in [&access.before, &access.after] {
                    self.listing(grants, blobs, |it: &Grant| format!("{} {}", it.principal.name, it.right));
                }
            }
            Act::Remove(remove) => {
                self.listing(&remove.objects, blobs, |it: &Object| {
                    let known: Vec<String> =
                        it.known_by.iter().map(|(_, text)| lossy(text)).chain([lossy(&it.id)]).collect();
                    known.join(" ")
                });
            }
            Act::Call(call) => self.add(FoundIn::Action, &format!("{}\n{}", call.server, call.tool)),
            Act::Change(_) => {}
        }
    }

    fn listing<T>(
        &mut self,
        listing: &Listing<T>,
        blobs: &HashMap<Digest, Vec<u8>>,
        text: impl Fn(&T) -> String,
    ) where
        T: serde::de::DeserializeOwned + serde::Serialize + Clone,
    {
        match listing.items(|digest| blobs.get(digest).cloned()) {
            Some(items) => {
                let lines: Vec<String> = items.iter().map(text).collect();
                self.add(FoundIn::Content, &lines.join("\n"));
            }
            None => self.whole = false,
        }
    }

    /// What can be long about an action; what would be comes before what is.
    fn documents(&mut self, action: &Action, blobs: &HashMap<Digest, Vec<u8>>) {
        match &action.act {
            Act::Post(post) => {
                self.content(FoundIn::Content, &post.body, blobs);
                for attachment in &post.attachments {
                    self.add(FoundIn::Content, attachment.name.as_str());
                    self.content(FoundIn::Content, &attachment.content, blobs);
                }
            }
            Act::Change(change) => {
                for (place, content) in [(FoundIn::Content, &change.after), (FoundIn::Before, &change.before)]
                {
                    if let Some(content) = content {
                        self.content(place, content, blobs);
                    }
                }
            }
            Act::Run(run) => {
                for content in run.script.iter().map(|it| &it.content).chain(&run.stdin) {
                    self.content(FoundIn::Content, content, blobs);
                }
                if let Environment::Complete(variables) = &run.environment {
                    let lines =
                        variables.iter().map(|it| format!("{}={}", lossy(&it.name), lossy(&it.value)));
                    self.add(FoundIn::Content, &lines.collect::<Vec<_>>().join("\n"));
                }
            }
            Act::Call(call) => self.content(FoundIn::Content, &call.arguments, blobs),
            Act::Remove(_) | Act::Access(_) => {}
        }
    }

    fn receipt(&mut self, it: &Receipt, blobs: &HashMap<Digest, Vec<u8>>) {
        for outcome in &it.outcomes {
            match outcome {
                Outcome::Failed { why, .. } => self.add(FoundIn::Result, why),
                Outcome::Refused { code, why } => self.add(FoundIn::Result, &format!("{code} {why}")),
                _ => {}
            }
            for (name, content) in results(outcome) {
                self.add(FoundIn::Result, name);
                self.content(FoundIn::Result, content, blobs);
            }
        }
    }
}

/// Bytes of the operating system that are no text are searched as far as they are.
fn lossy(text: &OsText) -> String {
    String::from_utf8_lossy(text.as_bytes()).into_owned()
}
