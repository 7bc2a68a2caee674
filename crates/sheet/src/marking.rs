//! What is looked for on a sheet, and what a person said before of what was found.
//!
//! Nothing that was said takes a finding away. What was said to be no secret at one destination is a note there, and
//! weighs in full everywhere else; a rule that was demoted weighs one step less.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;

use countersign_core::digest::Digest;
use countersign_sensitivity::{Category, Rules, Severity};

use crate::mask::MaskKey;
use crate::model::Secret;

/// The rules of those who review, and what they said before.
#[derive(Clone, Default)]
pub struct Marking {
    /// `None`: those that are built in.
    rules: Option<Arc<Rules>>,
    /// As [`Secret::here`].
    no_secrets: HashSet<Digest>,
    key: Option<MaskKey>,
    demoted: BTreeSet<String>,
}

impl Marking {
    /// Looks for what `rules` say.
    #[must_use]
    pub fn new(rules: Arc<Rules>) -> Self {
        Self { rules: Some(rules), ..Self::default() }
    }

    /// With what was said to be no secret where it stands, as [`Secret::here`] names it with this key.
    #[must_use]
    pub fn with_no_secrets(self, key: MaskKey, no_secrets: HashSet<Digest>) -> Self {
        Self { no_secrets, key: Some(key), ..self }
    }

    /// With rules that weigh one step less.
    #[must_use]
    pub fn with_demoted(self, demoted: BTreeSet<String>) -> Self {
        Self { demoted, ..self }
    }

    /// What is looked for.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        self.rules.as_deref().unwrap_or_else(|| Rules::built_in())
    }

    pub(crate) fn is_no_secret(&self, secret: &Secret) -> bool {
        !self.no_secrets.is_empty()
            && self.key.as_ref().is_some_and(|key| self.no_secrets.contains(&secret.here(key)))
    }

    /// What a finding of `rule` weighs.
    pub(crate) fn weighed(&self, rule: &str, category: Category, severity: Severity) -> Severity {
        if !self.demoted.contains(rule) {
            return severity;
        }
        match (severity, category) {
            (Severity::Blocking, _) => Severity::Warning,
            (Severity::Warning, Category::Secret) => Severity::Warning,
            (Severity::Warning | Severity::Note, _) => Severity::Note,
        }
    }
}

impl fmt::Debug for Marking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (said, demoted) = (self.no_secrets.len(), self.demoted.len());
        write!(f, "Marking({said} no secrets, {demoted} rules demoted)")
    }
}

/// Where a text goes: a target, as the gate names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Destination {
    /// The gate.
    pub gate: Arc<str>,
    /// What it happens to: the target of an action. Empty for what is told to nobody but the person who reviews.
    pub target: Arc<[u8]>,
}

impl Default for Destination {
    fn default() -> Self {
        Self { gate: Arc::from(""), target: Arc::from(&b""[..]) }
    }
}
