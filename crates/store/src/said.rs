//! What a person said of findings: what is no secret where it goes, what was of use, and which rules weigh less.

use countersign_core::digest::Digest;
use countersign_core::time::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use crate::rows::{Sql, value};
use crate::{Error, Tx};

/// Something that was taken for a secret and is none at one destination. The text itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSecret {
    /// Made of the text, the destination and a key that is not in the store.
    pub here: Digest,
    /// The gate.
    pub gate: String,
    /// What it goes to, as that gate names it.
    pub target: Vec<u8>,
    /// What it was taken for.
    pub what: String,
    /// How long it is.
    pub characters: u64,
    /// When it was said.
    pub at: Timestamp,
}

/// What was said of the findings of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usefulness {
    /// The rule.
    pub rule: String,
    /// How many findings were of use.
    pub useful: u64,
    /// How many were not.
    pub not_useful: u64,
}

impl Tx<'_> {
    /// Everything that was said to be no secret somewhere, the latest first.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn no_secrets(&self) -> Result<Vec<NoSecret>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT here, gate, target, what, characters, at FROM no_secret ORDER BY at DESC, id DESC",
        )?;
        let rows = found.query_map([], |row| {
            Ok(NoSecret {
                here: value(row, 0)?,
                gate: row.get(1)?,
                target: row.get(2)?,
                what: row.get(3)?,
                characters: value(row, 4)?,
                at: value(row, 5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Remembers it. What was said before stays as it was.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_no_secret(&self, it: &NoSecret) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO no_secret (here, gate, target, what, characters, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
            params![Sql(&it.here), it.gate, it.target, it.what, Sql(it.characters), Sql(it.at)],
        )?;
        Ok(())
    }

    /// Forgets it. Whether it was there.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn remove_no_secret(&self, here: &Digest) -> Result<bool, Error> {
        Ok(self.0.execute("DELETE FROM no_secret WHERE here = ?1", [Sql(here)])? > 0)
    }

    /// Whether a finding was said to be of use. `finding` is the digest of its identity.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn usefulness_of(&self, finding: &Digest) -> Result<Option<bool>, Error> {
        let sql = "SELECT useful FROM usefulness WHERE finding = ?1";
        Ok(self.0.query_row(sql, [Sql(finding)], |row| row.get(0)).optional()?)
    }

    /// Remembers whether a finding of `rule` was of use. What is said last counts; `by_the_way` only where nothing
    /// was said.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn set_usefulness(
        &self,
        rule: &str,
        finding: &Digest,
        useful: bool,
        by_the_way: bool,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO usefulness (finding, rule, useful, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET useful = excluded.useful, at = excluded.at WHERE NOT ?5",
            params![Sql(finding), rule, useful, Sql(at), by_the_way],
        )?;
        Ok(())
    }

    /// What was said of the findings of each rule, by its name.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn usefulness(&self) -> Result<Vec<Usefulness>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT rule, sum(useful), sum(NOT useful) FROM usefulness GROUP BY rule ORDER BY rule",
        )?;
        let rows = found.query_map([], |row| {
            Ok(Usefulness { rule: row.get(0)?, useful: value(row, 1)?, not_useful: value(row, 2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The rules that weigh less, by their names, and since when.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn demoted(&self) -> Result<Vec<(String, Timestamp)>, Error> {
        let mut found = self.0.prepare_cached("SELECT rule, at FROM demoted ORDER BY rule")?;
        let rows = found.query_map([], |row| Ok((row.get(0)?, value(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// From now on `rule` weighs less, or again what it weighs.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn set_demoted(&self, rule: &str, demoted: bool, at: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO demoted (rule, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        match demoted {
            true => self.0.execute(sql, params![rule, Sql(at)])?,
            false => self.0.execute("DELETE FROM demoted WHERE rule = ?1", [rule])?,
        };
        Ok(())
    }

    /// Has everything that is searched indexed anew.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn index_anew(&self) -> Result<(), Error> {
        Ok(self.0.execute_batch(
            "INSERT INTO words (words) VALUES ('delete-all');
             DELETE FROM texts;
             UPDATE entry SET indexed = 0, changes = changes + 1;",
        )?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::Store;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store")).unwrap();
        (folder, store)
    }

    #[test]
    fn what_is_no_secret_is_kept_once_listed_and_taken_back() {
        let (_folder, mut store) = store();
        let one = NoSecret {
            here: Digest::of(b"one"),
            gate: "here".to_owned(),
            target: b"/srv/\xff".to_vec(),
            what: "GitLab token".to_owned(),
            characters: 26,
            at: at(5),
        };
        let two = NoSecret { here: Digest::of(b"two"), at: at(6), ..one.clone() };
        let again = NoSecret { at: at(9), ..one.clone() };
        let all = store
            .write(|tx| {
                tx.add_no_secret(&one)?;
                tx.add_no_secret(&two)?;
                tx.add_no_secret(&again)?;
                tx.no_secrets()
            })
            .unwrap();
        assert_eq!(all, [two.clone(), one.clone()]);
        let left = store.write(|tx| {
            assert!(tx.remove_no_secret(&one.here)? && !tx.remove_no_secret(&one.here)?);
            tx.no_secrets()
        });
        assert_eq!(left.unwrap(), [two]);
    }

    #[test]
    fn a_finding_is_judged_once_and_what_was_said_last_counts() {
        let (_folder, mut store) = store();
        let [one, two] = [b"one", b"two"].map(|it| Digest::of(it));
        let said = store.write(|tx| {
            tx.set_usefulness("a", &one, true, true, at(1))?;
            assert_eq!(tx.usefulness_of(&one)?, Some(true));
            tx.set_usefulness("a", &one, false, false, at(2))?;
            tx.set_usefulness("a", &one, true, true, at(3))?;
            tx.set_usefulness("a", &two, true, false, at(4))?;
            assert_eq!((tx.usefulness_of(&one)?, tx.usefulness_of(&two)?), (Some(false), Some(true)));
            tx.usefulness()
        });
        assert_eq!(said.unwrap(), [Usefulness { rule: "a".to_owned(), useful: 1, not_useful: 1 }]);
    }

    #[test]
    fn a_rule_is_demoted_until_it_is_not() {
        let (_folder, mut store) = store();
        let demoted = store.write(|tx| {
            tx.set_demoted("a", true, at(1))?;
            tx.set_demoted("a", true, at(2))?;
            tx.set_demoted("b", true, at(3))?;
            tx.set_demoted("b", false, at(4))?;
            tx.demoted()
        });
        assert_eq!(demoted.unwrap(), [("a".to_owned(), at(1))]);
    }
}
