//! in-toto Statement v1 (in-toto attestation framework, "Statement"): what is
//! said about one subject, named by its SHA-256.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::json;

const STATEMENT: &str = "https://in-toto.io/Statement/v1";

/// A predicate about one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<P> {
    /// What it is about.
    pub subject: Digest,
    /// What is said.
    pub predicate: P,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelling<P> {
    #[serde(rename = "_type")]
    statement_type: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: P,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    digest: Sha256,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sha256 {
    sha256: Digest,
}

/// Why a payload is not the statement that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not its JSON, or not of this predicate's form.
    #[error("{0}")]
    Json(#[from] json::Error),
    /// Not in-toto Statement v1.
    #[error("`_type` is not in-toto Statement v1")]
    Type,
    /// Not exactly one subject.
    #[error("a statement is about exactly one subject, this one about {0}")]
    Subjects(usize),
    /// Another predicate.
    #[error("the predicate type is {0:?}")]
    Predicate(String),
}

impl<P: Serialize + DeserializeOwned + Clone> Statement<P> {
    /// The bytes to sign.
    pub fn to_payload(&self, predicate_type: &str) -> Vec<u8> {
        json::to_bytes(&Spelling {
            statement_type: STATEMENT.to_owned(),
            subject: vec![Subject { digest: Sha256 { sha256: self.subject } }],
            predicate_type: predicate_type.to_owned(),
            predicate: self.predicate.clone(),
        })
    }

    /// Reads a statement whose predicate is of `predicate_type`.
    ///
    /// # Errors
    ///
    /// Every [`Error`]. The predicate's type is looked at before its form.
    pub fn parse(payload: &[u8], predicate_type: &str) -> Result<Self, Error> {
        let spelling: Spelling<serde_json::Value> = json::exactly(payload)?;
        if spelling.statement_type != STATEMENT {
            return Err(Error::Type);
        }
        let [subject] = spelling.subject.as_slice() else {
            return Err(Error::Subjects(spelling.subject.len()));
        };
        if spelling.predicate_type != predicate_type {
            return Err(Error::Predicate(spelling.predicate_type));
        }
        Ok(Self { subject: subject.digest.sha256, predicate: json::exactly_value(&spelling.predicate)? })
    }
}
