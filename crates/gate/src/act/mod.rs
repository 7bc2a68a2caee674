//! Doing it: what must hold is checked and held for all actions first, then each is done, once.
//!
//! [`prepare`] is check 13. It opens what an action needs and keeps it open,
//! so that what was checked is what is used; nothing is changed by it. Only
//! bytes that were verified in memory are written, posted or run.

mod files;
mod program;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use countersign_core::action::{Act, Action, Assurance, Fact};
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_core::receipt::Outcome;
use countersign_core::refusal::{Code, Refusal};
use countersign_core::time::Timestamp;

use crate::folder::Folder;
use crate::paths::{self, Spot};
use crate::{Error, private, users};

pub(crate) use program::Children;

/// Up to so many bytes of a result stand in the receipt itself.
const MAX_INLINE: usize = 4 * 1024;

/// The bytes of contents, by digest.
pub(crate) type Contents = BTreeMap<Digest, Vec<u8>>;

/// An action whose preconditions hold, with what it needs open.
#[derive(Debug)]
pub(crate) enum Ready {
    Run(program::Ready),
    Create(files::Create),
    Edit(files::Edit),
    Delete(files::Taken),
    Remove(Vec<files::Taken>),
    Access(files::Access),
}

/// Where actions leave what comes of them.
pub(crate) struct Workshop<'a> {
    pub(crate) folder: &'a Folder,
    pub(crate) proposal: Digest,
    pub(crate) children: &'a Children,
    /// Tells those who wait that there is more output.
    pub(crate) progress: Arc<dyn Fn() + Send + Sync>,
}

impl Workshop<'_> {
    /// Where the output of an action goes.
    pub(crate) fn output(&self, action: usize, stream: &str) -> PathBuf {
        output(self.folder, &self.proposal, action, stream)
    }
}

/// Where the output of an action of a proposal is.
pub(crate) fn output(folder: &Folder, proposal: &Digest, action: usize, stream: &str) -> PathBuf {
    folder.results().join(proposal.to_string()).join(format!("{action}.{stream}"))
}

/// What came of an action.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// What went wrong, if anything.
    pub(crate) wrong: Option<String>,
    pub(crate) exit: Option<i32>,
    pub(crate) results: Vec<(Label, Content)>,
    /// Results whose bytes are in a file.
    pub(crate) files: Vec<(Digest, PathBuf)>,
}

impl Done {
    /// Adds a result; a long one is kept in a file and travels beside the receipt.
    fn add(&mut self, name: &str, media_type: &str, bytes: Vec<u8>, path: PathBuf) -> Result<(), Error> {
        let content = if bytes.len() <= MAX_INLINE {
            Content::inline(media_type, bytes)
        } else {
            private::write(&path, &bytes, 0o600)?;
            let content = Content::blob(media_type, &bytes);
            self.files.push((*content.sha256(), path));
            content
        };
        self.results.push((users::label(name), content));
        Ok(())
    }

    fn failed(why: impl Into<String>) -> Self {
        Self { wrong: Some(why.into()), ..Self::default() }
    }

    /// As a receipt says it.
    pub(crate) fn outcome(self, started: Timestamp, finished: Timestamp) -> Outcome {
        let Self { wrong, exit, results, .. } = self;
        match wrong {
            None => Outcome::Done { started, finished, exit, results },
            Some(why) => {
                // A receipt has room for a hundred of these.
                let why = users::label(&why).as_str().to_owned();
                Outcome::Failed { started, finished, why, exit, results }
            }
        }
    }
}

/// Checks what must hold for `action`, and opens what it needs.
///
/// # Errors
///
/// `PRECONDITION`, in words; nothing was changed. `STATE_UNAVAILABLE` when the gate's own disk refuses.
pub(crate) fn prepare(action: &Action, contents: &Contents, shop: &Workshop<'_>) -> Result<Ready, Refusal> {
    check(action)?;
    let bytes = |content: &Content| {
        let bytes = content.bytes(|digest| contents.get(digest).cloned());
        bytes.ok_or_else(|| Refusal::new(Code::ActionMismatch, "bytes that were signed are not at hand"))
    };
    match &action.act {
        Act::Run(run) => Ok(Ready::Run(program::prepare(run, &bytes, shop)?)),
        Act::Change(change) => files::prepare_change(change, &bytes),
        Act::Post(post) => {
            let path = paths::path(&action.target);
            Ok(Ready::Create(files::Create::at(&path, bytes(&post.body)?, POST_MODE)?))
        }
        Act::Remove(remove) => {
            let listed = remove.objects.items(|digest| contents.get(digest).cloned());
            let listed =
                listed.ok_or_else(|| Refusal::new(Code::ActionMismatch, "the list is not at hand"))?;
            Ok(Ready::Remove(listed.iter().map(files::Taken::object).collect::<Result<_, _>>()?))
        }
        Act::Access(access) => files::Access::prepare(access, contents).map(Ready::Access),
        Act::Call(_) => {
            Err(Refusal::new(Code::ActionMismatch, "this gate calls no tools; it can only release a call"))
        }
    }
}

/// The permission bits of a post: others read it.
const POST_MODE: u32 = 0o644;

/// Checks the preconditions of `action` that are only checked. Those that are held are looked at
/// where they are opened.
///
/// # Errors
///
/// `PRECONDITION`.
pub(crate) fn check(action: &Action) -> Result<(), Refusal> {
    for it in action.preconditions.iter().filter(|it| it.assurance == Assurance::Checked) {
        holds(&it.fact)?;
    }
    Ok(())
}

fn holds(fact: &Fact) -> Result<(), Refusal> {
    let (path, sha256, mode) = match fact {
        Fact::Absent { path } => {
            let path = paths::path(path);
            let spot = Spot::of(&path).map_err(|error| changed(&path, error))?;
            return match spot.stat().map_err(|error| changed(&path, error))? {
                None => Ok(()),
                Some(_) => Err(changed(&path, "something is there now")),
            };
        }
        Fact::File { path, sha256, mode } => (path, Some(sha256), *mode),
        Fact::Mode { path, mode } => (path, None, Some(*mode)),
    };
    let path = paths::path(path);
    let spot = Spot::of(&path).map_err(|error| changed(&path, error))?;
    let stat = spot.stat().map_err(|error| changed(&path, error))?;
    let stat = stat.ok_or_else(|| changed(&path, "it is gone"))?;
    if mode.is_some_and(|mode| stat.st_mode & 0o7777 != mode) {
        return Err(changed(&path, "its permission bits are others now"));
    }
    if let Some(sha256) = sha256 {
        let held = spot.hold().map_err(|error| changed(&path, error))?;
        if held.sha256 != *sha256 {
            return Err(changed(&path, "there is something else in it now"));
        }
    }
    Ok(())
}

fn changed(path: &std::path::Path, why: impl std::fmt::Display) -> Refusal {
    Refusal::new(Code::Precondition, format!("{}: {why}", paths::text(path).as_bytes().escape_ascii()))
}

impl Ready {
    /// Does it.
    pub(crate) fn act(self, action: usize, shop: &Workshop<'_>) -> Done {
        match self {
            Self::Run(ready) => ready.run(action, shop),
            Self::Create(create) => done(create.act()),
            Self::Edit(edit) => done(edit.act()),
            Self::Delete(taken) => done(taken.act()),
            Self::Remove(all) => files::remove(all, action, shop),
            Self::Access(access) => done(access.act()),
        }
    }
}

fn done(result: Result<(), String>) -> Done {
    Done { wrong: result.err(), ..Done::default() }
}
