//! Mail addresses of people.
//!
//! Not those of machines and roles, of domains that are kept for documentation (RFC 2606), nor what only looks like
//! one: a user on a host, a credential in an address of the web, a package and its version.

use std::ops::Range;

use crate::text::Text;

/// What an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Person,
    /// Several people read it, and it is meant to be known.
    Desk,
}

const LOCAL: usize = 64;
const DOMAIN: usize = 253;

/// The mail address around the `@` at `at`.
pub(super) fn around(text: &Text<'_>, at: usize) -> Option<(Range<usize>, Who)> {
    let local = text.before(at, LOCAL + 1);
    let length = local.iter().rev().take_while(|it| is_local(**it)).count();
    let local = local[local.len() - length..].trim_ascii_start();
    let skipped = local.iter().take_while(|it| matches!(it, b'.' | b'\'' | b'-' | b'+' | b'%')).count();
    let local = &local[skipped..];
    let domain = domain(text.after(at + 1, DOMAIN + 1));
    if local.is_empty() || local.len() > LOCAL || local.ends_with(b".") || !is_public(domain) {
        return None;
    }
    let range = at - local.len()..at + 1 + domain.len();
    if is_elsewhere(text, &range) || is_message_id(local) {
        return None;
    }
    who(local, domain).map(|who| (range, who))
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._%+-'".contains(&byte) || byte >= 0x80
}

/// What of `text` can be a domain.
fn domain(text: &[u8]) -> &[u8] {
    let length = text
        .iter()
        .take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-') || **it >= 0x80)
        .count();
    let mut domain = &text[..length];
    while let [rest @ .., b'.' | b'-'] = domain {
        domain = rest;
    }
    domain
}

/// Whether `domain` is one that somebody can register, and not one for examples.
fn is_public(domain: &[u8]) -> bool {
    let lower = domain.to_ascii_lowercase();
    let labels_are_filled =
        lower.split(|it| *it == b'.').all(|it| !it.is_empty() && it.len() <= 63 && !it.starts_with(b"-"));
    let known = || psl::suffix(&lower).is_some_and(|it| it.is_known() && it.as_bytes().len() < lower.len());
    labels_are_filled && lower.len() <= DOMAIN && lower.contains(&b'.') && !is_reserved(&lower) && known()
}

/// Domains for documentation, and those that everyone takes for it.
fn is_reserved(domain: &[u8]) -> bool {
    const NAMES: [&[u8]; 26] = [
        b"example.com",
        b"example.org",
        b"example.net",
        b"example.edu",
        b"domain.com",
        b"yourdomain.com",
        b"mydomain.com",
        b"company.com",
        b"yourcompany.com",
        b"mycompany.com",
        b"email.com",
        b"test.com",
        b"foo.com",
        b"bar.com",
        b"foo.bar",
        b"acme.com",
        b"host.com",
        b"server.com",
        b"site.com",
        b"website.com",
        b"your-domain.com",
        b"users.noreply.github.com",
        b"users.noreply.gitlab.com",
        b"noreply.github.com",
        b"contoso.com",
        b"placeholder.com",
    ];
    NAMES
        .iter()
        .any(|it| domain.strip_suffix(*it).is_some_and(|before| before.is_empty() || before.ends_with(b".")))
}

/// Whether the address is part of something else: of a web address with a user in it, a path, a handle, a remote.
fn is_elsewhere(text: &Text<'_>, range: &Range<usize>) -> bool {
    let before = text.before(range.start, 80);
    let word = before.iter().rev().take_while(|it| !it.is_ascii_whitespace()).count();
    let word = &before[before.len() - word..];
    let behind_scheme = word.windows(3).rposition(|it| it == b"://").map(|at| &word[at + 3..]);
    let after = text.after(range.end, 2);
    let is_host = match after {
        [b':', next] => !next.is_ascii_whitespace() && !matches!(next, b'*' | b')' | b'"' | b'\''),
        [b'/', next] => next.is_ascii_alphanumeric(),
        _ => false,
    };
    behind_scheme.is_some_and(|it| !it.contains(&b'/'))
        || word.ends_with(b"/")
        || word.ends_with(b"@")
        || word.ends_with(b"\\")
        || after.first().is_some_and(|it| matches!(it, b'@' | b'_'))
        || is_host
        || is_invitation(text, word, range)
}

/// A link that opens a letter with its subject filled in is made for everyone to write to.
fn is_invitation(text: &Text<'_>, before: &[u8], range: &Range<usize>) -> bool {
    before.ends_with(b"mailto:") && text.after(range.end, 9).eq_ignore_ascii_case(b"?subject=")
}

/// Names that programs make for messages are long and mostly digits.
fn is_message_id(local: &[u8]) -> bool {
    let digits = local.iter().filter(|it| it.is_ascii_digit()).count();
    (local.len() >= 20 && digits * 3 >= local.len()) || local.len() >= 40
}

/// Whose it is, by its name; nobody's if it is a machine's.
fn who(local: &[u8], domain: &[u8]) -> Option<Who> {
    const MACHINES: [&str; 30] = [
        "noreply",
        "no-reply",
        "no.reply",
        "no_reply",
        "donotreply",
        "do-not-reply",
        "do_not_reply",
        "git",
        "svn",
        "hg",
        "bot",
        "mailer-daemon",
        "postmaster",
        "hostmaster",
        "webmaster",
        "abuse",
        "bounce",
        "bounces",
        "notifications",
        "notification",
        "notify",
        "root",
        "daemon",
        "nobody",
        "www-data",
        "security",
        "dependabot",
        "github-actions",
        "support",
        "admin",
    ];
    const DESKS: [&str; 18] = [
        "info",
        "contact",
        "hello",
        "help",
        "sales",
        "office",
        "team",
        "press",
        "jobs",
        "careers",
        "service",
        "kontakt",
        "feedback",
        "billing",
        "legal",
        "privacy",
        "marketing",
        "hr",
    ];
    let name = local.to_ascii_lowercase();
    let is = |of: &[&str]| of.iter().any(|it| it.as_bytes() == name);
    let is_bot = name.windows(5).any(|it| it == b"[bot]")
        || name.ends_with(b"-bot")
        || name.windows(7).any(|it| it == b"noreply")
        || name.windows(8).any(|it| it == b"no-reply")
        || domain.ends_with(b".gserviceaccount.com");
    if is(&MACHINES) || is_bot {
        return None;
    }
    Some(if is(&DESKS) { Who::Desk } else { Who::Person })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        let at = text.find('@')?;
        around(&Text { bytes: text.as_bytes() }, at).map(|(range, _)| &text[range])
    }

    #[test]
    fn addresses_of_people_are_found() {
        assert_eq!(found("mail ana.silva@sapo.pt."), Some("ana.silva@sapo.pt"));
        assert_eq!(found("<o'neill+x@mail.co.uk>"), Some("o'neill+x@mail.co.uk"));
        assert_eq!(found("mailto:kim@nate.kr)"), Some("kim@nate.kr"));
        assert_eq!(found("https://a.org/?to=kim@nate.kr&x"), Some("kim@nate.kr"));
    }

    #[test]
    fn what_only_looks_like_one_is_not() {
        for text in [
            "git@github.com:a/b.git",
            "noreply@sapo.pt",
            "ana@example.org",
            "postgres://ana:pw@db.sapo.pt:5432/x",
            "ana@host",
            "left-pad@1.3.0",
            "icon@2x.png",
            "@scope/name",
            "https://ana@sapo.pt/",
            "ana@sapo.pt:/srv/x",
            "@",
            "a@.pt",
            "a@-",
            "12+bot@users.noreply.github.com",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
