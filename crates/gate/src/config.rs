//! `gate.json`: what a gate is told by whoever set it up.
//!
//! Strict JSON in a 0600 file of the gate's folder. It is read at each start;
//! who may ask is read again for each question, so that a revoked token
//! ends at once. docs/formats/gate-config.md describes it.

use std::path::{Path, PathBuf};

use countersign_core::action::{Audience, Format, Variable};
use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::key::PublicKey;
use countersign_core::name::{GateId, Label};
use countersign_core::proposal::Authenticated;
use serde::{Deserialize, Serialize};

use crate::{Error, private, users};

const LIMIT: u64 = 1024 * 1024;

/// What a gate is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Its name.
    pub gate: GateId,
    /// The public half of its key.
    pub key: PublicKey,
    /// Digest of the payload of root version 1; absent until somebody was trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<Digest>,
    /// The complete environment of the programs that it runs, before a request adds to it.
    pub environment: Vec<Variable>,
    /// Where it can post.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    /// The agents that it knows by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<KnownAgent>,
    /// Users other than its own who may connect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uids: Vec<u32>,
    /// Seconds to add to the clock of the machine. For tests; a gate that has it says so at each start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_offset: Option<i64>,
}

/// A folder in which others read what is put there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// What people call it.
    pub name: Label,
    /// An absolute path.
    pub folder: PathBuf,
    /// Who can read what is in it.
    pub readers: Audience,
    /// How they read it.
    pub format: Format,
    /// Where that is: `this machine`, `production`.
    pub environment: Label,
}

/// An agent and how it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownAgent {
    /// What it is called on the sheet.
    pub name: Label,
    /// How it is known.
    pub by: KnownBy,
}

/// How an agent is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownBy {
    /// By its user.
    Uid(u32),
    /// By a token, of which only the SHA-256 is kept.
    Token(Digest),
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// [`Error::Folder`] when it is missing, others can use it, or it is not what it should be.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let Some(bytes) = private::read(path, LIMIT)? else {
            return Err(Error::folder(path, "there is no such gate here; `countersign init` makes one"));
        };
        let config: Self =
            json::from_bytes(&bytes).map_err(|error| Error::folder(path, error.to_string()))?;
        config.check().map_err(|why| Error::folder(path, why))?;
        Ok(config)
    }

    /// Writes the file, readable for people.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; the file is then as it was.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let text =
            serde_json::to_string_pretty(self).map_err(|error| Error::folder(path, error.to_string()))?;
        private::write(path, format!("{text}\n").as_bytes(), 0o600)
    }

    /// The agent that a peer is, or why it may not connect.
    ///
    /// # Errors
    ///
    /// [`Error::Request`], in words for the peer.
    pub fn peer(&self, uid: u32, token: Option<&str>) -> Result<(Label, Authenticated), Error> {
        let me = rustix::process::geteuid().as_raw();
        if uid != me && uid != 0 && !self.uids.contains(&uid) {
            return Err(Error::Request(format!("user {uid} may not talk to this gate")));
        }
        if let Some(token) = token {
            let by = KnownBy::Token(Digest::of(token.as_bytes()));
            let known = self.agents.iter().find(|it| it.by == by);
            let known =
                known.ok_or_else(|| Error::Request("the gate does not know this token".to_owned()))?;
            return Ok((known.name.clone(), Authenticated::Token(known.name.clone())));
        }
        let known = self.agents.iter().find(|it| it.by == KnownBy::Uid(uid));
        let name = known.map_or_else(|| users::user(uid), |it| it.name.clone());
        Ok((name, Authenticated::Uid(uid)))
    }

    /// The place called `name`.
    pub fn place(&self, name: &Label) -> Option<&Place> {
        self.places.iter().find(|it| it.name == *name)
    }

    fn check(&self) -> Result<(), &'static str> {
        let twice = |at: usize, agent: &KnownAgent| {
            self.agents[..at].iter().any(|it| it.name == agent.name || it.by == agent.by)
        };
        if self.agents.iter().enumerate().any(|(at, agent)| twice(at, agent)) {
            return Err("two agents have one name, token or user");
        }
        if self.places.iter().any(|it| !it.folder.is_absolute()) {
            return Err("the folder of a place is an absolute path");
        }
        let named = |at: usize, name: &Label| self.places[..at].iter().any(|it| it.name == *name);
        if self.places.iter().enumerate().any(|(at, it)| named(at, &it.name)) {
            return Err("two places have one name");
        }
        let bad = |bytes: &[u8]| bytes.is_empty() || bytes.contains(&b'=') || bytes.contains(&0);
        for (at, variable) in self.environment.iter().enumerate() {
            if bad(variable.name.as_bytes()) || variable.value.as_bytes().contains(&0) {
                return Err(
                    "a variable's name is not empty and has no `=`; neither it nor its value has a NUL",
                );
            }
            if self.environment[..at].iter().any(|it| it.name == variable.name) {
                return Err("a variable stands twice in the environment");
            }
        }
        Ok(())
    }
}
