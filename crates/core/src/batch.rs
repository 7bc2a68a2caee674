//! What a proposal holds: actions, all of which happen in their order, or a bounded batch.
//!
//! A batch is one tool, one target and a list of arguments. Each entry of the list may happen once, when the agent
//! comes for it; how many of them together is bounded, and so is the time.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::action::{Act, Action, Call, Environment, Executable, Precondition, Reversibility, Run, Script};
use crate::content::Content;
use crate::digest::Digest;
use crate::name::{Label, Nonce};
use crate::ostext::OsText;
use crate::time::Timestamp;

/// The most entries of a batch.
pub const MAX_ENTRIES: usize = 100;

/// The most bytes of arguments that stand in a batch itself.
pub const MAX_ARGUMENTS: usize = 64 * 1024;

/// What would happen: one or the other.
///
/// As a list it is everything that may happen: all actions, or what each entry of a batch would do. Who acts has to
/// tell the two apart; who looks for what is wrong need not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actions {
    /// All of these, in this order.
    #[serde(rename = "actions")]
    All(Vec<Action>),
    /// Entries of a batch, one by one.
    #[serde(rename = "batch")]
    Batch(Box<Batch>),
}

impl Actions {
    /// The batch, when it is one.
    pub fn batch(&self) -> Option<&Batch> {
        match self {
            Self::All(_) => None,
            Self::Batch(batch) => Some(batch),
        }
    }

    /// The actions that all happen, to be changed; `None` for a batch.
    pub fn all_mut(&mut self) -> Option<&mut Vec<Action>> {
        match self {
            Self::All(actions) => Some(actions),
            Self::Batch(_) => None,
        }
    }

    /// Every content that travels with it.
    pub fn contents(&self) -> Vec<&Content> {
        match self {
            Self::All(actions) => actions.iter().flat_map(|action| action.act.contents()).collect(),
            Self::Batch(batch) => batch.contents(),
        }
    }
}

impl Deref for Actions {
    type Target = [Action];

    fn deref(&self) -> &[Action] {
        match self {
            Self::All(actions) => actions,
            Self::Batch(batch) => &batch.entries,
        }
    }
}

impl<'a> IntoIterator for &'a Actions {
    type Item = &'a Action;
    type IntoIter = std::slice::Iter<'a, Action>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Vec<Action>> for Actions {
    fn from(actions: Vec<Action>) -> Self {
        Self::All(actions)
    }
}

impl From<Batch> for Actions {
    fn from(batch: Batch) -> Self {
        Self::Batch(Box::new(batch))
    }
}

/// A list of arguments for one tool, each of which may be used once, and so many of them together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Batch {
    // Within all bounds.
    terms: Terms,
    // What each entry would do; made of the terms, so that they differ in their arguments alone.
    entries: Vec<Action>,
}

/// A batch as it is written: what all entries share once, then their arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What it happens to, for people.
    pub target: OsText,
    /// Where that is.
    pub environment: Label,
    /// Whether one use can be taken back.
    pub reversibility: Reversibility,
    /// What must hold at each use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<Precondition>,
    /// What is used, and with which arguments.
    pub tool: Tool,
    /// How many of the entries may be used.
    pub uses: u64,
    /// Until when, this second not included.
    pub until: Timestamp,
}

/// What a batch uses, and the list of arguments.
#[allow(clippy::large_enum_variant, reason = "a proposal has one, in a box already")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Tool {
    /// A program.
    Run(Program),
    /// A tool of a server.
    Call(Service),
}

/// A program, and the argument lists that it may be given. The fields are those of a [`Run`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// The program.
    pub executable: Executable,
    /// The working directory.
    pub cwd: OsText,
    /// Its environment.
    pub environment: Environment,
    /// What it reads from standard input; absent is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<Content>,
    /// The script, when the program named is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<Script>,
    /// The user it runs as.
    pub user: Label,
    /// The machine it runs on.
    pub host: Label,
    /// Each an `argv`.
    pub arguments: Vec<Vec<OsText>>,
}

/// A tool of a server, and the arguments that it may be given. The fields are those of a [`Call`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Who answers.
    pub server: Label,
    /// The tool's name.
    pub tool: Label,
    /// Digest of the tool's definition, where the server gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<Digest>,
    /// Each the exact text of the arguments.
    pub arguments: Vec<Content>,
}

/// Why there is no such batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// None, or too many.
    #[error("a batch has 1 to {MAX_ENTRIES} entries")]
    Entries,
    /// More than there is room for.
    #[error("the arguments of a batch have at most 64 KiB together")]
    TooLong,
    /// None, or more than could be.
    #[error("a batch is used at least once, and at most as often as it has entries")]
    Uses,
    /// A program without a name.
    #[error("`argv` is empty")]
    NoArgv,
}

impl Batch {
    /// The batch of these terms.
    ///
    /// # Errors
    ///
    /// Every [`Error`].
    pub fn new(terms: Terms) -> Result<Self, Error> {
        // Before anything is copied as often as there are entries.
        let (count, bytes) = match &terms.tool {
            Tool::Run(it) => {
                let bytes = it.arguments.iter().flatten().map(|it| it.as_bytes().len()).sum::<usize>();
                (it.arguments.len(), bytes)
            }
            Tool::Call(it) => {
                let here = it.arguments.iter().filter_map(Content::inline_bytes);
                (it.arguments.len(), here.map(<[u8]>::len).sum())
            }
        };
        if count == 0 || count > MAX_ENTRIES {
            return Err(Error::Entries);
        }
        if bytes > MAX_ARGUMENTS {
            return Err(Error::TooLong);
        }
        if terms.uses == 0 || terms.uses > count as u64 {
            return Err(Error::Uses);
        }
        let acts = acts(&terms.tool)?;
        let entries = acts.into_iter().map(|act| Action {
            target: terms.target.clone(),
            environment: terms.environment.clone(),
            reversibility: terms.reversibility,
            preconditions: terms.preconditions.clone(),
            act,
        });
        Ok(Self { entries: entries.collect(), terms })
    }

    /// What was agreed.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// What each entry would do, in the order of the list. There is at least one.
    pub fn entries(&self) -> &[Action] {
        &self.entries
    }

    fn contents(&self) -> Vec<&Content> {
        match &self.terms.tool {
            Tool::Run(it) => it.stdin.iter().chain(it.script.as_ref().map(|it| &it.content)).collect(),
            Tool::Call(it) => it.arguments.iter().collect(),
        }
    }
}

/// What a use of a batch burns: of its nonce and the number of the entry, counted from 0.
pub fn burns(nonce: &Nonce, entry: usize) -> Nonce {
    let text = [b"countersign use v1\n".as_slice(), nonce.as_bytes(), &(entry as u64).to_be_bytes()].concat();
    let mut first = [0; 16];
    first.copy_from_slice(&Digest::of(&text).as_bytes()[..16]);
    Nonce::from_bytes(first)
}

fn acts(tool: &Tool) -> Result<Vec<Act>, Error> {
    match tool {
        Tool::Run(it) if it.arguments.iter().any(Vec::is_empty) => Err(Error::NoArgv),
        Tool::Run(it) => {
            let run = |argv: &Vec<OsText>| {
                Act::Run(Run {
                    argv: argv.clone(),
                    executable: it.executable.clone(),
                    cwd: it.cwd.clone(),
                    environment: it.environment.clone(),
                    stdin: it.stdin.clone(),
                    script: it.script.clone(),
                    user: it.user.clone(),
                    host: it.host.clone(),
                })
            };
            Ok(it.arguments.iter().map(run).collect())
        }
        Tool::Call(it) => {
            let call = |arguments: &Content| {
                Act::Call(Call {
                    server: it.server.clone(),
                    tool: it.tool.clone(),
                    definition: it.definition,
                    arguments: arguments.clone(),
                })
            };
            Ok(it.arguments.iter().map(call).collect())
        }
    }
}

impl TryFrom<Terms> for Batch {
    type Error = Error;

    fn try_from(terms: Terms) -> Result<Self, Error> {
        Self::new(terms)
    }
}

impl From<Batch> for Terms {
    fn from(batch: Batch) -> Self {
        batch.terms
    }
}
