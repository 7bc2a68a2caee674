//! What an agent may ask for, before the gate resolves it to typed actions.
//!
//! Strict JSON; docs/formats/request.md describes it for others. Longer
//! bytes come over the socket beside the request and stand in it by digest.
//! Nothing in a request is believed: it names what is wanted, and the gate
//! reads for itself how things are.

use std::collections::BTreeMap;

use countersign_core::action::{Action, Variable};
use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::name::Label;
use countersign_core::ostext::OsText;
use countersign_core::proposal::Origin;
use countersign_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The most operations of one `apply`, and actions of one `release`.
pub const MAX_OPERATIONS: usize = 100;

/// The most bytes of a rationale, and of what was asked.
pub const MAX_WORDS: usize = 64 * 1024;

/// Bytes that came beside a request, by digest.
pub type Uploads = BTreeMap<Digest, Vec<u8>>;

/// What an agent asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// What is wanted.
    pub want: Want,
    /// What the agent calls itself. A claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls_itself: Option<Label>,
    /// Which of its sessions asks. A claim; the gate makes one up for each connection that names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Label>,
    /// The model that it says it runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Label>,
    /// What a person is said to have asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// Why the agent wants it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rationale: Option<Data>,
    /// For how many seconds it stands; 24 hours when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<u64>,
    /// The id or digest of the agent's own proposal that this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<String>,
}

impl Request {
    /// A request that says nothing but what is wanted.
    pub fn new(want: Want) -> Self {
        Self {
            want,
            calls_itself: None,
            session: None,
            model: None,
            asked: None,
            rationale: None,
            lifetime: None,
            supersedes: None,
        }
    }

    /// Reads a request.
    ///
    /// # Errors
    ///
    /// [`Error::Request`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        json::from_bytes(bytes).map_err(|error| Error::Request(format!("the request: {error}")))
    }
}

/// What a person is said to have asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Label>,
    /// Word for word.
    pub text: Data,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Where that comes from: a transcript, or the caller. A mandate is not taken from a request.
    pub origin: Origin,
}

/// Bytes in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Data {
    /// Here.
    Inline(OsText),
    /// Sent beside the request.
    Uploaded(Uploaded),
}

/// Bytes sent beside a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uploaded {
    /// Their digest.
    pub sha256: Digest,
}

impl Data {
    /// The bytes, here or among `uploads`.
    pub(crate) fn bytes(&self, uploads: &Uploads) -> Result<Vec<u8>, Error> {
        match self {
            Self::Inline(text) => Ok(text.as_bytes().to_vec()),
            Self::Uploaded(Uploaded { sha256 }) => uploads.get(sha256).cloned().ok_or_else(|| {
                Error::Request(format!("the bytes with the digest {} were not sent along", sha256.short()))
            }),
        }
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Inline(text.into())
    }
}

impl From<Vec<u8>> for Data {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Inline(bytes.into())
    }
}

/// The kinds of requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// Run a program.
    Run(Run),
    /// Create, edit or delete files, or change their permission bits.
    Apply(Vec<Operation>),
    /// Post a text to a place of the gate's configuration.
    Post(Post),
    /// Run a program some times, each with one of these lists of arguments.
    Batch(Batch),
    /// Let the agent itself do these, once.
    Release(Vec<Action>),
}

/// A program to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The program and its arguments. The program is looked up in the gate's own `PATH`, or is a path.
    pub argv: Vec<OsText>,
    /// An absolute path.
    pub cwd: OsText,
    /// Variables added to the gate's own, or put in place of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<Variable>,
    /// What it reads from standard input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<Data>,
}

/// A program to run with one list of arguments after the other, when the agent comes for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Each the program and its arguments, as of [`Run`]. All name the same program.
    pub arguments: Vec<Vec<OsText>>,
    /// An absolute path.
    pub cwd: OsText,
    /// Variables added to the gate's own, or put in place of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<Variable>,
    /// What it reads from standard input, each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<Data>,
    /// How many of the lists may be used; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<u64>,
    /// For how many seconds they may be used; as long as the proposal stands when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts: Option<u64>,
}

impl Batch {
    /// One of them alone.
    pub(crate) fn run(&self, argv: Vec<OsText>) -> Run {
        let (cwd, environment) = (self.cwd.clone(), self.environment.clone());
        Run { argv, cwd, environment, stdin: self.stdin.clone() }
    }
}

/// One operation on one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Create the file or replace what is in it.
    Write(Write),
    /// Delete the file.
    Delete(Delete),
    /// Change its permission bits.
    Chmod(Chmod),
}

impl Operation {
    /// The file.
    pub fn path(&self) -> &OsText {
        match self {
            Self::Write(it) => &it.path,
            Self::Delete(it) => &it.path,
            Self::Chmod(it) => &it.path,
        }
    }
}

/// A file to create or edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Write {
    /// An absolute path.
    pub path: OsText,
    /// What would be in it.
    pub content: Data,
    /// Permission bits; absent keeps those that it has, 644 for a new file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<u32>,
    /// What kind of text it is, such as `text/x-rust`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
}

/// A file to delete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delete {
    /// An absolute path.
    pub path: OsText,
}

/// A file whose permission bits to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chmod {
    /// An absolute path.
    pub path: OsText,
    /// Permission bits.
    pub mode: u32,
}

/// A text to post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// A place of the gate's configuration.
    pub place: Label,
    /// What the file would be called there.
    pub name: Label,
    /// The thread it joins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Label>,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<Label>,
    /// The text.
    pub body: Data,
}
