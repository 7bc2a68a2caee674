//! Turns a request into typed actions, reading for itself how things are.
//!
//! What comes out is what a person is shown, and signs. [`rebuild`] makes the
//! proposal anew from the request and the configuration of now, so that a
//! request, a configuration or a ledger that changed after signing is noticed
//! (check 8); what was read from the disk is then taken from the proposal, and
//! looked at again as preconditions (check 13).

pub(crate) mod batch;
mod files;
mod findings;
mod post;
mod program;
mod release;
mod script;

use std::path::Path;

use countersign_core::action::{Act, Action};
use countersign_core::batch::{Actions, Batch, Terms, Tool};
use countersign_core::content::{Content, MAX_TOTAL};
use countersign_core::name::Label;
use countersign_core::proposal::{self, DEFAULT_LIFETIME, Effect, MAX_LIFETIME, Origin, Proposal};
use countersign_core::time::Timestamp;

use crate::config::Config;
use crate::request::{Asked, Data, MAX_WORDS, Request, Uploads, Want};
use crate::{Error, paths};

pub(crate) use files::{grants, mode_of};
pub(crate) use findings::blocks;

/// Where everything that this gate does happens.
const HERE: &str = "this machine";

/// Up to so many bytes of contents together stand in the payload; beyond it, all travel beside it.
/// Escaped for JSON they are at most six times as many, which still fits.
const MAX_INLINE: u64 = 12 * 1024;

const TOO_MUCH: &str = "the contents are more than 64 MiB together";

/// A request, settled, and what it comes to.
#[derive(Debug)]
pub(crate) struct Resolved {
    /// The request with the real paths in it.
    pub(crate) request: Request,
    pub(crate) effect: Effect,
    pub(crate) lifetime: u64,
    pub(crate) plan: Plan,
    pub(crate) asked: Option<proposal::Asked>,
    pub(crate) rationale: Option<Content>,
    /// Bytes that do not stand in the payload.
    pub(crate) blobs: Uploads,
    /// What was found in it that nobody may approve without taking note of it.
    pub(crate) acknowledge: Vec<Label>,
}

/// What would happen, whenever it is proposed.
#[derive(Debug)]
pub(crate) enum Plan {
    All(Vec<Action>),
    /// It ends so long after time 0.
    Batch(Box<Terms>),
}

impl Plan {
    /// What a proposal that is made at `created` says.
    pub(crate) fn at(&self, created: Timestamp) -> Result<Actions, Error> {
        match self {
            Self::All(actions) => Ok(actions.clone().into()),
            Self::Batch(terms) => batch::made_at(terms, created).map(Actions::from),
        }
    }

    /// Contents that stand in the payload or travel beside it, whichever is better.
    fn contents_mut(&mut self) -> Vec<&mut Content> {
        match self {
            Self::All(actions) => {
                actions.iter_mut().flat_map(|action| contents_mut(&mut action.act)).collect()
            }
            Self::Batch(terms) => match &mut terms.tool {
                Tool::Run(it) => {
                    it.stdin.iter_mut().chain(it.script.as_mut().map(|it| &mut it.content)).collect()
                }
                Tool::Call(it) => it.arguments.iter_mut().collect(),
            },
        }
    }
}

/// Resolves `request`.
///
/// # Errors
///
/// [`Error::Request`], in words for the one who asks.
pub(crate) fn resolve(mut request: Request, uploads: &Uploads, config: &Config) -> Result<Resolved, Error> {
    let lifetime = request.lifetime.unwrap_or(DEFAULT_LIFETIME);
    if lifetime == 0 || lifetime > MAX_LIFETIME {
        return Err(refuse("a proposal stands for 1 second to 14 days"));
    }
    let mut blobs = Uploads::new();
    let (asked, rationale) = words(&request, uploads)?;
    let (effect, mut plan) = match &mut request.want {
        Want::Run(run) => (Effect::Act, Plan::All(vec![program::resolve(run, uploads, config)?])),
        Want::Apply(operations) => (Effect::Act, Plan::All(files::resolve(operations, uploads, &mut blobs)?)),
        Want::Post(post) => (Effect::Act, Plan::All(vec![post::resolve(post, uploads, config)?])),
        Want::Batch(batch) => {
            let terms = batch::resolve(batch, lifetime, uploads, config)?;
            (Effect::Act, Plan::Batch(Box::new(terms)))
        }
        Want::Release(actions) => {
            let actions = release::resolve(actions, uploads, &mut blobs)?;
            // What is shown as "before" is what the gate itself found there.
            actions.iter().try_for_each(crate::act::check)?;
            (Effect::Release, Plan::All(actions))
        }
    };
    let mut asked = asked;
    let mut rationale = rationale;
    place_contents(effect, &mut plan, &mut asked, &mut rationale, &mut blobs)?;
    // Whatever it is that cannot be proposed is said before anybody is asked.
    plan.at(Timestamp::from_seconds(0))?;
    let acknowledge = Vec::new();
    let mut resolved = Resolved { request, effect, lifetime, plan, asked, rationale, blobs, acknowledge };
    resolved.acknowledge = findings::blocking(&resolved, uploads)?;
    Ok(resolved)
}

/// The proposal as the request and the configuration of now make it, with what was read from the
/// disk taken from `signed`; `None` when they cannot make anything like it.
pub(crate) fn rebuild(
    request: &Request,
    uploads: &Uploads,
    config: &Config,
    signed: &Proposal,
) -> Option<Proposal> {
    let mut again = signed.clone();
    let (mut asked, mut rationale) = words(request, uploads).ok()?;
    let mut blobs = Uploads::new();
    let lifetime = request.lifetime.unwrap_or(DEFAULT_LIFETIME);
    let mut actions = signed.actions.to_vec();
    let (effect, mut plan) = match &request.want {
        Want::Batch(batch) => {
            let terms = batch::rebuild(batch, lifetime, uploads, config, signed)?;
            (Effect::Act, Plan::Batch(Box::new(terms)))
        }
        // A batch is made of a request for one, and of no other.
        _ if signed.actions.batch().is_some() => return None,
        Want::Run(run) => {
            let [action] = actions.as_mut_slice() else { return None };
            program::rebuild(run, uploads, config, action)?;
            (Effect::Act, Plan::All(actions))
        }
        Want::Apply(operations) => {
            files::rebuild(operations, uploads, &mut actions)?;
            (Effect::Act, Plan::All(actions))
        }
        Want::Post(post) => {
            let [_] = actions.as_slice() else { return None };
            (Effect::Act, Plan::All(vec![post::describe(post, uploads, config).ok()?]))
        }
        Want::Release(actions) => {
            (Effect::Release, Plan::All(release::resolve(actions, uploads, &mut blobs).ok()?))
        }
    };
    place_contents(effect, &mut plan, &mut asked, &mut rationale, &mut blobs).ok()?;
    again.effect = effect;
    again.actions = match plan {
        Plan::All(actions) => actions.into(),
        Plan::Batch(terms) => Batch::new(*terms).ok()?.into(),
    };
    (again.asked, again.rationale) = (asked, rationale);
    again.agent.calls_itself.clone_from(&request.calls_itself);
    again.agent.model.clone_from(&request.model);
    if let Some(session) = &request.session {
        again.agent.session = session.clone();
    }
    (signed.expires == signed.created.plus(lifetime)).then_some(again)
}

/// What was asked and why, as contents.
fn words(request: &Request, uploads: &Uploads) -> Result<(Option<proposal::Asked>, Option<Content>), Error> {
    let text = |data: &Data| {
        let bytes = data.bytes(uploads)?;
        if bytes.len() > MAX_WORDS {
            return Err(refuse("what was asked, and why it is wanted, have at most 64 KiB each"));
        }
        Ok(Content::inline("text/plain", bytes))
    };
    let asked = |asked: &Asked| {
        if matches!(asked.origin, Origin::Mandate(_)) {
            return Err(refuse("a mandate is not taken from a request"));
        }
        Ok(proposal::Asked {
            by: asked.by.clone(),
            text: text(&asked.text)?,
            at: asked.at,
            origin: asked.origin.clone(),
        })
    };
    Ok((request.asked.as_ref().map(asked).transpose()?, request.rationale.as_ref().map(text).transpose()?))
}

/// Leaves contents in the payload when they are few bytes together, else moves all of them beside it.
///
/// A release keeps what its actions say: they are the caller's, word for word.
fn place_contents(
    effect: Effect,
    plan: &mut Plan,
    asked: &mut Option<proposal::Asked>,
    rationale: &mut Option<Content>,
    blobs: &mut Uploads,
) -> Result<(), Error> {
    let mut all: Vec<&mut Content> = asked.iter_mut().map(|it| &mut it.text).chain(rationale).collect();
    if effect == Effect::Act {
        all.extend(plan.contents_mut());
    }
    let total: u64 = all.iter().map(|it| it.size()).sum();
    if total > MAX_TOTAL {
        return Err(refuse(TOO_MUCH));
    }
    if total <= MAX_INLINE {
        return Ok(());
    }
    for content in all {
        if let Some(bytes) = content.inline_bytes() {
            let bytes = bytes.to_vec();
            *content = Content::blob(content.media_type(), &bytes);
            blobs.insert(*content.sha256(), bytes);
        }
    }
    Ok(())
}

fn contents_mut(act: &mut Act) -> Vec<&mut Content> {
    match act {
        Act::Post(it) => {
            std::iter::once(&mut it.body).chain(it.attachments.iter_mut().map(|a| &mut a.content)).collect()
        }
        Act::Change(it) => it.before.iter_mut().chain(&mut it.after).collect(),
        // Their lists decide for themselves whether they travel beside the payload.
        Act::Remove(_) | Act::Access(_) => vec![],
        Act::Run(it) => it.stdin.iter_mut().chain(it.script.as_mut().map(|s| &mut s.content)).collect(),
        Act::Call(it) => vec![&mut it.arguments],
    }
}

fn refuse(why: impl Into<String>) -> Error {
    Error::Request(why.into())
}

/// Says of a path what the operating system says of it.
fn about(path: &Path, error: &std::io::Error) -> Error {
    Error::Request(format!("{}: {error}", paths::text(path).as_bytes().escape_ascii()))
}
