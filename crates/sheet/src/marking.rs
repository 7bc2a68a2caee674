//! What is looked for on a sheet, and what a person said before of what was found.
//!
//! Nothing that was said takes a finding away. What was said to be no secret at one destination is a note there, and
//! weighs in full everywhere else; a rule that was demoted weighs one step less.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;

use countersign_core::action::{Act, Action};
use countersign_core::digest::Digest;
use countersign_core::proposal::Effect;
use countersign_sensitivity::{Category, Reach, Rules, Severity};

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
            && self
                .key
                .as_ref()
                .and_then(|key| secret.here(key))
                .is_some_and(|it| self.no_secrets.contains(&it))
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

/// Where a text goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Destination {
    /// The gate.
    pub gate: Arc<str>,
    /// What it goes to, for people.
    pub target: Arc<[u8]>,
    /// What it is known by: the gate, the kind of act, what the act itself names, and who can read it there. `None`
    /// where nothing that is known says where a text ends up, so that nothing can be remembered of it: what a program
    /// or a call does with it, what an agent would do itself and only says, what goes, what is only said.
    pub known_by: Option<Digest>,
}

impl Destination {
    /// Where the texts of `action` go.
    pub(crate) fn of(gate: &Arc<str>, effect: Effect, action: &Action, reach: Reach) -> Self {
        let (kind, name) = match &action.act {
            Act::Post(post) => ("post", post.place.as_str().as_bytes()),
            Act::Change(change) => ("change", change.resource.as_bytes()),
            Act::Access(_) | Act::Remove(_) | Act::Run(_) | Act::Call(_) => ("", &b""[..]),
        };
        let reach = match reach {
            Reach::Private => "private",
            Reach::Team => "team",
            Reach::Public => "public",
        };
        let environment = action.environment.as_str();
        let name_of = Digest::of(name);
        let parts =
            ["destination", gate.as_ref(), kind, reach, environment].map(|it| Digest::of(it.as_bytes()));
        let all: Vec<u8> = parts.iter().chain([&name_of]).flat_map(|it| *it.as_bytes()).collect();
        let is_known = effect == Effect::Act && !kind.is_empty();
        Self { gate: Arc::clone(gate), target: Arc::from(name), known_by: is_known.then(|| Digest::of(&all)) }
    }
}

impl Default for Destination {
    fn default() -> Self {
        Self { gate: Arc::from(""), target: Arc::from(&b""[..]), known_by: None }
    }
}
