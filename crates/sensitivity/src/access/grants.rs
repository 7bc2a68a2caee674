//! Statements of SQL that give rights: [`look`].

use std::ops::Range;

use super::{ANYONE, RIGHTS};
use crate::Severity;
use crate::found::Found;
use crate::text::Text;

/// Bytes of a statement that are read.
const LONGEST: usize = 400;

/// Reads the statement in which a word of one stands at `at`. Where it ends.
pub(super) fn look(text: &Text<'_>, at: &Range<usize>, found: &mut Found) -> usize {
    let before = text.before(at.start, 120);
    let start = before.iter().rposition(|it| matches!(it, b';' | b'\n' | b'"' | b'`')).map_or(0, |it| it + 1);
    let after = text.after(at.start, LONGEST);
    let end = after.iter().position(|it| matches!(it, b';')).unwrap_or(after.len());
    let range = at.start - (before.len() - start)..at.start + end;
    let statement = String::from_utf8_lossy(text.part(range.clone())).to_ascii_lowercase();
    let words: Vec<&str> = statement.split_whitespace().take(60).collect();
    let report = |found: &mut Found, anyone: bool| {
        let range = at.start..at.start + text.part(at.start..range.end).trim_ascii_end().len().max(1);
        match anyone {
            true => {
                found.report(&ANYONE, Severity::Blocking, range, format_args!("Gives rights to everyone"))
            }
            false => found.report(&RIGHTS, Severity::Blocking, range, format_args!("Gives all rights")),
        }
    };
    if let Some(anyone) = judged(&words) {
        report(found, anyone);
    }
    range.end
}

/// Whether everyone is given rights (`true`), or somebody all of them.
fn judged(words: &[&str]) -> Option<bool> {
    let has =
        |wanted: &str| words.iter().any(|it| it.trim_matches([',', '(', ')', '\'', '"', '`']) == wanted);
    let first = *words.first()?;
    if first == "revoke" {
        return None;
    }
    let text = words.join(" ");
    if let Some(at) = words.iter().position(|it| *it == "grant") {
        let grant = &words[at..];
        let to = grant.iter().position(|it| *it == "to")?;
        let whom = grant.get(to + 1..)?.join(" ");
        let anyone = ["public", "'%'", "@%", "everyone", "anonymous", "guest", "\"public\"", "@'%'", "anon"]
            .iter()
            .any(|it| whom.starts_with(it) || it.contains('%') && whom.contains(it));
        let all = grant.get(1).is_some_and(|it| {
            matches!(
                *it,
                "all"
                    | "superuser"
                    | "dba"
                    | "sysadmin"
                    | "accountadmin"
                    | "super"
                    | "db_owner"
                    | "ownership"
                    | "securityadmin"
                    | "rds_superuser"
                    | "sysdba"
            )
        }) || whom.contains("with grant option")
            || whom.contains("with admin option")
            || text.contains(" on *.* ");
        return if anyone { Some(true) } else { all.then_some(false) };
    }
    let of_role = matches!(first, "alter" | "create")
        && words.get(1).is_some_and(|it| matches!(*it, "user" | "role" | "server" | "login"));
    let more = ["superuser", "createrole", "bypassrls", "sysadmin", "replication", "securityadmin"]
        .iter()
        .any(|it| has(it));
    if of_role && more {
        return Some(false);
    }
    if text.contains("disable row level security")
        || text.contains("no force row level security")
        || text.contains("sp_addsrvrolemember")
    {
        return Some(true);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::judged;

    fn check(statement: &str, wanted: Option<bool>) {
        let words: Vec<_> = statement.split_whitespace().collect();
        assert_eq!(judged(&words), wanted, "{statement}");
    }

    #[test]
    fn rights_of_everyone_and_all_rights_are_found() {
        check("grant select on t to public", Some(true));
        check("grant all privileges on *.* to 'app'@'%'", Some(true));
        check("grant all on database shop to app", Some(false));
        check("alter user app with superuser", Some(false));
        check("alter table t disable row level security", Some(true));
    }

    #[test]
    fn single_rights_are_not() {
        check("grant select on reports to analyst", None);
        check("revoke all on payroll from public", None);
        check("we grant access to the building", None);
    }
}
