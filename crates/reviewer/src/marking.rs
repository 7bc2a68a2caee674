//! What is looked for on sheets besides what is built in, and what a person said of what was found.
//!
//! The names and the rules of a team are files beside the app's other ones, which their owner may as well write with
//! an editor: they are read at the start. What a person says of findings is in the store.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, MutexGuard, PoisonError};

use countersign_core::decision::Acknowledged;
use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_core::time::Timestamp;
use countersign_sensitivity::{LeftOut, Rules, TeamRules, own_names};
use countersign_sheet::{Finding, Marking, MaskKey};
use countersign_sources::layout::Layout;
use countersign_store::{NoSecret, Tx};

use crate::core::{Core, Inner};
use crate::earlier::Differences;
use crate::sheets::Made;
use crate::together::Groups;
use crate::{Error, Event, files};

/// Judgements after which a rule can be proposed to weigh less.
pub const JUDGEMENTS: u64 = 50;

/// Of how many of them, in a hundred, more than that were of no use.
pub const NO_USE: u64 = 10;

/// What is looked for besides what is built in, what was said, and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingSettings {
    /// The names that are not to be known outside, as they were written: one on a line.
    pub names: String,
    /// The rules of the team, when there are some.
    pub team: Option<Team>,
    /// Why one of the two is not looked for, in words of ours.
    pub trouble: Option<String>,
    /// What is no secret, where it goes.
    pub no_secrets: Vec<NoSecret>,
    /// Rules of which something was said, by their names.
    pub rules: Vec<RuleState>,
}

/// The rules of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Where they are.
    pub path: PathBuf,
    /// How many run.
    pub rules: usize,
    /// What of the file does not.
    pub left_out: Vec<LeftOut>,
}

/// What was said of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleState {
    /// Its name.
    pub rule: String,
    /// How many of its findings were of use.
    pub useful: u64,
    /// How many were not.
    pub not_useful: u64,
    /// Since when it weighs one step less.
    pub demoted: Option<Timestamp>,
    /// Whether so many were of no use that it should.
    pub is_proposed: bool,
}

/// What the files say.
pub(crate) struct Own {
    names: String,
    team: Option<Team>,
    trouble: Option<String>,
    rules: Option<Arc<Rules>>,
    /// Of what says what a secret is: the version of the app, and the rules of the team.
    digest: Digest,
}

impl Default for Own {
    fn default() -> Self {
        let digest = Digest::of(env!("CARGO_PKG_VERSION").as_bytes());
        Self { names: String::new(), team: None, trouble: None, rules: None, digest }
    }
}

impl Own {
    /// What cannot be read is not looked for, and is said: it keeps nobody from refusing what waits.
    pub(crate) fn read(layout: &Layout) -> Self {
        let mut own = Self::default();
        let mut trouble = Vec::new();
        match read_text(names_path(layout)) {
            Ok(text) => own.names = text.unwrap_or_default(),
            Err(why) => {
                trouble.push(format!("The list of names cannot be read: {why}. None of them is looked for."))
            }
        }
        let names = own_names(&own.names).unwrap_or_else(|why| {
            trouble.push(format!("The list of names cannot be used: {why}. None of them is looked for."));
            Vec::new()
        });
        let team = read_text(rules_path(layout)).and_then(|text| {
            if let Some(text) = &text {
                own.digest = Digest::of(format!("{}\n{text}", env!("CARGO_PKG_VERSION")).as_bytes());
            }
            let team = text.map(|text| TeamRules::parse(&text)).transpose();
            team.map_err(|error| error.to_string())
        });
        let team = team.unwrap_or_else(|why| {
            trouble.push(format!("The rules of the team cannot be read: {why}. None of them is looked for."));
            None
        });
        own.team = team.as_ref().map(|it| Team {
            path: rules_path(layout),
            rules: it.len(),
            left_out: it.left_out().to_vec(),
        });
        own.trouble = (!trouble.is_empty()).then(|| trouble.join(" "));
        if team.is_some() || !names.is_empty() {
            own.rules = Some(Arc::new(Rules::with(team.unwrap_or_default(), &names)));
        }
        own
    }

    /// With what else has to be known.
    pub(crate) fn with_trouble(mut self, more: Option<String>) -> Self {
        let both: Vec<_> = self.trouble.take().into_iter().chain(more).collect();
        self.trouble = (!both.is_empty()).then(|| both.join(" "));
        self
    }

    /// Whether the index was made with other rules.
    pub(crate) fn rules_changed(&self, layout: &Layout) -> bool {
        let known = files::read(&indexed_path(layout)).ok().flatten();
        known.is_none_or(|it| it != self.digest.to_string().as_bytes())
    }

    /// What is indexed from now on is indexed with these.
    pub(crate) fn rules_indexed(&self, layout: &Layout) {
        if let Err(error) = files::write(&indexed_path(layout), self.digest.to_string().as_bytes()) {
            tracing::debug!(%error, "everything is indexed anew at the next start too");
        }
    }

    pub(crate) fn marking(&self, tx: &Tx<'_>, key: MaskKey) -> Result<Marking, Error> {
        let marking = self.rules.as_ref().map_or_else(Marking::default, |it| Marking::new(Arc::clone(it)));
        let no_secrets = tx.no_secrets()?.into_iter().map(|it| it.here).collect();
        let demoted: BTreeSet<String> = tx.demoted()?.into_iter().map(|(rule, _)| rule).collect();
        Ok(marking.with_no_secrets(key, no_secrets).with_demoted(demoted))
    }
}

fn names_path(layout: &Layout) -> PathBuf {
    layout.app().join("names.txt")
}

fn indexed_path(layout: &Layout) -> PathBuf {
    layout.app().join("indexed-rules")
}

fn rules_path(layout: &Layout) -> PathBuf {
    layout.app().join("rules.toml")
}

fn read_text(path: PathBuf) -> Result<Option<String>, String> {
    let Some(bytes) = files::read(&path).map_err(|error| error.to_string())? else { return Ok(None) };
    String::from_utf8(bytes).map(Some).map_err(|_| "it is not UTF-8".to_owned())
}

impl Inner {
    pub(crate) fn marking(&self) -> Arc<Marking> {
        Arc::clone(&self.core().marking)
    }

    pub(crate) fn finding_settings(&self) -> Result<FindingSettings, Error> {
        let mut core = self.core();
        let (no_secrets, said, demoted) =
            core.store.read(|tx| Ok::<_, Error>((tx.no_secrets()?, tx.usefulness()?, tx.demoted()?)))?;
        let mut rules: BTreeMap<String, RuleState> = BTreeMap::new();
        for it in said {
            rules.insert(it.rule.clone(), state(it.rule, it.useful, it.not_useful));
        }
        for (rule, at) in demoted {
            let known = rules.entry(rule.clone()).or_insert_with(|| state(rule, 0, 0));
            (known.demoted, known.is_proposed) = (Some(at), false);
        }
        let own = &core.own;
        Ok(FindingSettings {
            names: own.names.clone(),
            team: own.team.clone(),
            trouble: own.trouble.clone(),
            no_secrets,
            rules: rules.into_values().collect(),
        })
    }

    /// Takes another list of names.
    pub(crate) fn set_names(&self, text: &str) -> Result<(), Error> {
        if text.len() > files::MOST {
            return Err(Error::Names("it is longer than 1 MiB".to_owned()));
        }
        own_names(text).map_err(Error::Names)?;
        let _one = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        files::write(&names_path(&self.layout), text.as_bytes())?;
        self.read_own()
    }

    /// Takes a copy of the rules of a team; without any, there are none from then on.
    pub(crate) fn set_team_rules(&self, text: Option<&str>) -> Result<(), Error> {
        let path = rules_path(&self.layout);
        let _one = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        match text {
            Some(text) if text.len() > files::MOST => {
                return Err(Error::TeamRules("the file is larger than 1 MiB".to_owned()));
            }
            Some(text) => {
                let read = TeamRules::parse(text).map_err(|error| Error::TeamRules(error.reason))?;
                if read.is_empty() {
                    let why = read.left_out().first().map_or("there is none in it", |it| it.reason.as_str());
                    return Err(Error::TeamRules(format!("none of its rules can run: {why}")));
                }
                files::write(&path, text.as_bytes())?;
            }
            None => match std::fs::remove_file(&path) {
                Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::File { path, cause });
                }
                _ => {}
            },
        }
        self.read_own()
    }

    fn read_own(&self) -> Result<(), Error> {
        // Making an automaton of them takes a while: not under the lock.
        let own = Own::read(&self.layout);
        let mut core = self.core();
        if core.own.digest != own.digest {
            // What is a secret by the new rules is not to be searched for.
            core.store.write(|tx| tx.index_anew())?;
            own.rules_indexed(&self.layout);
        }
        core.own = own;
        self.mark_anew(core)
    }

    /// Remembers that none of what this finding found is a secret where it goes.
    pub(crate) fn no_secret(&self, digest: &Digest, sheet: &Digest, finding: &Label) -> Result<(), Error> {
        let made = self.made(digest)?;
        let found = found(made.whole(sheet)?.findings.as_slice(), finding)?;
        let now = self.now();
        let mut core = self.core();
        let which = (*digest, *sheet);
        let here: Vec<_> = found.secrets.iter().filter_map(|it| Some((it, it.here(&self.mask)?))).collect();
        if !core.screen.shows(which) || !found.can_be_settled() || here.len() != found.secrets.len() {
            return Err(Error::Changed);
        }
        // Who did not look at it cannot know.
        let monotonic = self.monotonic();
        let tally = core.screen.tally_mut(which).ok_or(Error::Changed)?;
        tally.noted.answers(finding, monotonic)?;
        core.store.write(|tx| {
            for (secret, here) in here {
                tx.add_no_secret(&NoSecret {
                    here,
                    gate: secret.destination.gate.to_string(),
                    target: secret.destination.target.to_vec(),
                    what: secret.what.clone(),
                    characters: secret.characters,
                    at: now,
                })?;
            }
            tx.set_usefulness(&found.rule, &identity(&found.id), false, false, now)
        })?;
        self.mark_anew(core)
    }

    /// Takes that back.
    pub(crate) fn secret_again(&self, here: &Digest) -> Result<(), Error> {
        let mut core = self.core();
        if core.store.write(|tx| tx.remove_no_secret(here))? {
            return self.mark_anew(core);
        }
        Ok(())
    }

    /// Counts whether a finding was of use.
    pub(crate) fn judge(
        &self,
        digest: &Digest,
        sheet: &Digest,
        finding: &Label,
        useful: bool,
    ) -> Result<(), Error> {
        let made = self.made(digest)?;
        let found = found(made.whole(sheet)?.findings.as_slice(), finding)?;
        let (now, id) = (self.now(), identity(&found.id));
        Ok(self.core().store.write(|tx| tx.set_usefulness(&found.rule, &id, useful, false, now))?)
    }

    /// Has a rule weigh one step less, or again what it weighs.
    pub(crate) fn demote(&self, rule: &str, demoted: bool) -> Result<(), Error> {
        let now = self.now();
        let mut core = self.core();
        core.store.write(|tx| tx.set_demoted(rule, demoted, now))?;
        self.mark_anew(core)
    }

    /// Sheets are made anew from here on. What was seen of the one on screen stays seen where it is the same.
    fn mark_anew(&self, mut core: MutexGuard<'_, Core>) -> Result<(), Error> {
        let own = std::mem::take(&mut core.own);
        let marking = core.store.read(|tx| own.marking(tx, self.mask));
        core.own = own;
        core.marking = Arc::new(marking?);
        core.remarked = core.screen.current().and_then(|(digest, sheet)| {
            let made = core.sheets.find(&digest).or_else(|| core.drafts.find(&digest))?;
            Some((digest, Arc::clone(made.whole(&sheet).ok()?), sheet))
        });
        core.sheets.clear();
        core.differences = Differences::default();
        core.groups = Groups::default();
        drop(core);
        self.edited_anew();
        self.tell(Event::QueueChanged);
        Ok(())
    }
}

/// What a person said before of exactly this is said with it, whether the gate asks or not.
pub(crate) fn settled(made: &Made) -> Vec<Acknowledged> {
    let findings = made.sheet.as_ref().map_or(&[][..], |(sheet, _)| &sheet.findings);
    let settled = findings.iter().filter(|it| it.is_settled);
    settled.map(|it| Acknowledged { id: it.id.clone(), reason: Some("not_secret".to_owned()) }).collect()
}

/// Who took note of a finding for a reason had a use for it, where nothing else was said of it.
pub(crate) fn were_useful(
    tx: &Tx<'_>,
    findings: &[Finding],
    acknowledged: &[Acknowledged],
    now: Timestamp,
) -> Result<(), countersign_store::Error> {
    let noted = |it: &&Finding| !it.is_settled && acknowledged.iter().any(|has| has.id == it.id);
    for it in findings.iter().filter(noted) {
        tx.set_usefulness(&it.rule, &identity(&it.id), true, true, now)?;
    }
    Ok(())
}

fn found<'f>(findings: &'f [Finding], id: &Label) -> Result<&'f Finding, Error> {
    findings.iter().find(|it| it.id == *id).ok_or(Error::Changed)
}

/// What is kept of the identity of a finding: it names the digest of a text, which can be short.
fn identity(id: &Label) -> Digest {
    Digest::of(id.as_str().as_bytes())
}

fn state(rule: String, useful: u64, not_useful: u64) -> RuleState {
    let all = useful + not_useful;
    let is_proposed = all >= JUDGEMENTS && not_useful * 100 > all * NO_USE;
    RuleState { rule, useful, not_useful, demoted: None, is_proposed }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_rule_is_proposed_to_weigh_less_beyond_one_in_ten_of_fifty() {
        let proposed = |useful, not_useful| state(String::new(), useful, not_useful).is_proposed;
        assert!(proposed(44, 6) && proposed(0, 50) && proposed(899, 101));
        assert!(!proposed(45, 5), "one in ten is not beyond it");
        assert!(!proposed(0, 49) && !proposed(43, 6), "too few to know");
    }
}
