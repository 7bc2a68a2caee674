//! What would happen: a closed union of typed actions.
//!
//! The gate resolves a request to these and reads the state before; nothing
//! here is an agent's word except the texts that would be posted, written or
//! sent. Paths are absolute, modes are the permission bits (octal 0 to 7777).

use serde::{Deserialize, Serialize};

use crate::content::{Content, Listing};
use crate::digest::Digest;
use crate::name::Label;
use crate::ostext::OsText;

/// One thing that would happen, where, whether it can be undone, and what must still hold then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What it happens to, for people: a path, a channel, a host.
    pub target: OsText,
    /// Where that is: `this machine`, `production`.
    pub environment: Label,
    /// Whether it can be taken back.
    pub reversibility: Reversibility,
    /// What must hold when it happens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<Precondition>,
    /// The act itself.
    pub act: Act,
}

impl Action {
    /// Whether the gate looked at what this says is there now: a precondition holds all of it. Of a release,
    /// whose actions are its caller's, nothing else is known, and of anything but a file nothing ever is.
    #[must_use]
    pub fn was_looked_at(&self) -> bool {
        let Act::Change(change) = &self.act else { return false };
        let found = |fact: &Fact| match (fact, &change.before) {
            (Fact::Absent { path }, None) => *path == change.resource && change.mode_before.is_none(),
            // Bytes without the mode are half of what is there.
            (Fact::File { path, sha256, mode: Some(mode) }, Some(before)) => {
                *path == change.resource && sha256 == before.sha256() && Some(*mode) == change.mode_before
            }
            _ => false,
        };
        self.preconditions.iter().any(|it| found(&it.fact))
    }
}

/// Whether an action can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reversibility {
    /// By one step that leaves nothing behind.
    Reversible,
    /// With work, or not wholly.
    Effort,
    /// Not at all.
    Irreversible,
    /// Nobody knows; treated as irreversible.
    Unknown,
}

/// Something that must still hold when the gate acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Precondition {
    /// How well it is known to hold.
    pub assurance: Assurance,
    /// What must hold.
    pub fact: Fact,
}

/// How a precondition is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// By an open descriptor, a transaction or `If-Match`: it cannot change in between.
    Held,
    /// Read just before, because nothing better exists.
    Checked,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fact {
    /// Nothing exists at `path`.
    Absent {
        /// An absolute path.
        path: OsText,
    },
    /// A regular file with these bytes is at `path`, which is no symbolic link.
    File {
        /// An absolute path.
        path: OsText,
        /// Digest of its bytes.
        sha256: Digest,
        /// Permission bits, where they matter.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mode: Option<u32>,
    },
    /// What is at `path` has these permission bits.
    Mode {
        /// An absolute path.
        path: OsText,
        /// Permission bits.
        mode: u32,
    },
}

/// The closed union of acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Act {
    /// Publish a text.
    Post(Post),
    /// Create, edit or delete one resource.
    Change(Change),
    /// Remove many things.
    Remove(Remove),
    /// Change who may do what.
    Access(Access),
    /// Run a program.
    Run(Run),
    /// Call a tool of a server.
    Call(Call),
}

/// Publish a text where others read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// The channel, forum or list.
    pub place: Label,
    /// What the post would be called there, when the place names posts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// The thread it joins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Label>,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<Label>,
    /// Who can read it.
    pub reach: Reach,
    /// How the place will read the body.
    pub format: Format,
    /// The text.
    pub body: Content,
    /// What goes with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// How a body is read where it is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Characters as they are.
    Plain,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
}

/// A file that goes with a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Its name there.
    pub name: Label,
    /// Its bytes.
    pub content: Content,
}

/// Who can read a thing, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reach {
    /// Who can read it now.
    pub before: Audience,
    /// Who could read it then.
    pub after: Audience,
}

/// A number of readers. What is unknown counts as everyone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Audience {
    /// Nobody could say.
    Unknown,
    /// Anyone, without signing in.
    Everyone,
    /// So many.
    Known {
        /// All who can read it.
        count: u64,
        /// Those among them who are guests.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        guests: Option<u64>,
        /// Those among them from outside the organisation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external: Option<u64>,
        /// Those among them that are programs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bots: Option<u64>,
    },
}

/// Create (no `before`), edit, or delete (no `after`) one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The resource, for files an absolute path.
    pub resource: OsText,
    /// What is there now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Content>,
    /// What would be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Content>,
    /// Permission bits now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode_before: Option<u32>,
    /// Permission bits then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode_after: Option<u32>,
}

/// Remove many things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remove {
    /// What kind of things: `file`, `mail`.
    pub what: Label,
    /// Whether a copy is kept somewhere, such as a bin.
    pub kept: bool,
    /// Every one of them.
    pub objects: Listing<Object>,
}

/// One thing that would be removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// What the gate knows it by, for files an absolute path.
    pub id: OsText,
    /// What a person recognises it by, such as sender and subject: pairs of name and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known_by: Vec<(Label, OsText)>,
    /// Its bytes, where it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// How many bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

/// Change who may do what with a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// The resource.
    pub resource: OsText,
    /// Who may do what now.
    pub before: Listing<Grant>,
    /// Who could do what then.
    pub after: Listing<Grant>,
    /// How many people that is, where known.
    pub population: Reach,
}

/// One right of one principal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Who.
    pub principal: Principal,
    /// What they may do, in the words of the resource.
    pub right: Label,
}

/// Someone or something that can hold a right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Principal {
    /// What it is.
    pub kind: PrincipalKind,
    /// Its name.
    pub name: Label,
    /// Whether it is outside the organisation, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<bool>,
}

/// Kinds of principals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// One person.
    Person,
    /// A group of people.
    Group,
    /// A program.
    Service,
    /// Whoever has the link, or comes by.
    Anyone,
}

/// Run a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The arguments, the first of which the program sees as its own name.
    pub argv: Vec<OsText>,
    /// The program.
    pub executable: Executable,
    /// The working directory.
    pub cwd: OsText,
    /// Its environment.
    pub environment: Environment,
    /// What it reads from standard input; absent is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<Content>,
    /// The script, when the program named is one: `executable` is then its interpreter, and this is what it interprets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<Script>,
    /// The user it runs as.
    pub user: Label,
    /// The machine it runs on.
    pub host: Label,
}

/// A program file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Executable {
    /// An absolute path.
    pub path: OsText,
    /// Digest of its bytes.
    pub sha256: Digest,
}

/// A file that begins with `#!`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Where it was read. It runs from a private copy.
    pub path: OsText,
    /// The one argument that its first line gives to the interpreter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpreter_argument: Option<OsText>,
    /// Its text.
    pub content: Content,
}

/// The variables that a program is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// These and no others.
    Complete(Vec<Variable>),
    /// The agent's own, which the gate does not know. Only where the agent runs it.
    Unbound,
}

/// One variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name.
    pub name: OsText,
    /// Its value.
    pub value: OsText,
}

/// Call a tool of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Who answers.
    pub server: Label,
    /// The tool's name.
    pub tool: Label,
    /// Digest of the tool's definition, where the server gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<Digest>,
    /// The exact text of the arguments.
    pub arguments: Content,
}

impl Act {
    /// Every content that travels with it, in the order of its fields.
    pub fn contents(&self) -> Vec<&Content> {
        match self {
            Self::Post(it) => {
                std::iter::once(&it.body).chain(it.attachments.iter().map(|a| &a.content)).collect()
            }
            Self::Change(it) => it.before.iter().chain(&it.after).collect(),
            Self::Remove(it) => it.objects.content().into_iter().collect(),
            Self::Access(it) => it.before.content().into_iter().chain(it.after.content()).collect(),
            Self::Run(it) => it.stdin.iter().chain(it.script.as_ref().map(|s| &s.content)).collect(),
            Self::Call(it) => vec![&it.arguments],
        }
    }

    /// Takes out each content and list that is too long to stand inside, and gives its bytes, which then
    /// have to be sent beside.
    pub fn separate(&mut self) -> Vec<(Digest, Vec<u8>)> {
        let contents = |all: Vec<&mut Content>| all.into_iter().filter_map(Content::separate).collect();
        match self {
            Self::Post(it) => {
                let attached = it.attachments.iter_mut().map(|a| &mut a.content);
                contents(std::iter::once(&mut it.body).chain(attached).collect())
            }
            Self::Change(it) => contents(it.before.iter_mut().chain(&mut it.after).collect()),
            Self::Remove(it) => it.objects.separate().into_iter().collect(),
            Self::Access(it) => [it.before.separate(), it.after.separate()].into_iter().flatten().collect(),
            Self::Run(it) => {
                contents(it.stdin.iter_mut().chain(it.script.as_mut().map(|s| &mut s.content)).collect())
            }
            Self::Call(it) => contents(vec![&mut it.arguments]),
        }
    }
}
