//! Hosts below domains that only a network of one's own resolves.
//!
//! `.internal` is reserved for it by ICANN, `.local` by RFC 6762, `.home.arpa` by RFC 8375; `.corp` and `.private` will
//! not be delegated; `.lan`, `.intra` and `.intranet` are usual (RFC 6762, appendix G).

use std::ops::Range;

use crate::finding::Kind;
use crate::found::Found;
use crate::text::Text;
use crate::{Category, Severity};

const HOST: Kind = Kind {
    id: "internal-host",
    category: Category::Internal,
    why: "Only your own network knows this host, and others learn of it here.",
    fix: Some("Replace it by a host below example.com."),
};

/// The most bytes of a host to each side of its telling label.
const LONGEST: usize = 128;

const LABELS: [&[u8]; 9] =
    [b"internal", b"corp", b"local", b"localdomain", b"lan", b"intra", b"intranet", b"arpa", b"private"];

/// Names that are the same everywhere.
const EVERYWHERE: [&[u8]; 8] = [
    b"metadata.google.internal",
    b"host.docker.internal",
    b"gateway.docker.internal",
    b"kubernetes.docker.internal",
    b"host.containers.internal",
    b"host.lima.internal",
    b"kubernetes.default.svc.cluster.local",
    b"localhost.localdomain",
];

/// Reports the host of which `at` is a part. The end of what was looked at.
pub(super) fn find(text: &Text<'_>, at: &Range<usize>, found: &mut Found) -> usize {
    let range = around(text, at);
    let host = text.part(range.clone()).to_ascii_lowercase();
    if let Some(severity) = judged(text, &range, &host) {
        found.report(&HOST, severity, range.clone(), format_args!("Host of an internal network"));
    }
    range.end.max(at.end)
}

/// The host around `at`: letters, digits, dashes and single dots.
fn around(text: &Text<'_>, at: &Range<usize>) -> Range<usize> {
    let is_host = |it: &&u8| it.is_ascii_alphanumeric() || matches!(**it, b'-' | b'.' | b'_');
    let before = text.before(at.start, LONGEST).iter().rev().take_while(is_host).count();
    let after = text.after(at.end, LONGEST).iter().take_while(is_host).count();
    let mut range = at.start - before..at.end + after;
    while range.end > at.end && matches!(text.bytes[range.end - 1], b'.' | b'-' | b'_') {
        range.end -= 1;
    }
    range
}

fn judged(text: &Text<'_>, range: &Range<usize>, host: &[u8]) -> Option<Severity> {
    let labels: Vec<&[u8]> = host.split(|it| *it == b'.').collect();
    let is_filled = labels
        .iter()
        .all(|it| !it.is_empty() && it.len() <= 63 && !it.starts_with(b"-") && !it.starts_with(b"_"));
    if !is_filled || labels.len() < 2 || EVERYWHERE.contains(&host) {
        return None;
    }
    let place = labels.iter().rposition(|it| LABELS.contains(it))?;
    let below = labels.len() - 1 - place;
    let before = text.before(range.start, 3);
    let after = text.after(range.end, 2);
    let is_address = before.ends_with(b"://") || before.ends_with(b"@");
    let is_port = matches!(after, [b':', next] if next.is_ascii_digit());
    if below > 0 {
        // Packages of programs have such names too, but no public domain at their end.
        let end = host.rsplitn(below + 1, |it| *it == b'.').last().map_or(0, <[u8]>::len);
        let is_domain = below >= 2
            && psl::suffix(&host[end..])
                .is_some_and(|it| it.is_known() && it.as_bytes().len() < host.len() - end - 1);
        let is_label =
            matches!(labels[place], b"intra" | b"intranet" | b"corp" | b"internal" | b"lan" | b"local");
        let is_path = matches!(before, [.., b'/' | b'\\']) && !is_address;
        return (is_domain && is_label && !is_path).then_some(Severity::Warning);
    }
    let next = text.after(range.end, 3).trim_ascii_start().first().copied().unwrap_or(b' ');
    let is_code = b"([={<;".contains(&next) || after == b"::" || host.contains(&b'_');
    let is_part =
        matches!(before, [.., b'/' | b'\\' | b'~' | b'$' | b'-' | b'*' | b'&' | b'#']) && !is_address;
    if is_part || is_code && !is_address {
        return None;
    }
    let is_numbered = labels[..place]
        .iter()
        .any(|it| !is_program(it) && it.iter().any(|it| it.is_ascii_digit() || *it == b'-'));
    let is_deep = place >= 2 && !is_program(labels[0]);
    if is_address || is_port || is_numbered || is_deep {
        return Some(Severity::Warning);
    }
    // Members of values are written so too: only what is not a word of programs says enough by itself.
    let is_quoted =
        matches!(before, [.., b'"' | b'\'' | b'`']) && matches!(after, [b'"' | b'\'' | b'`' | b'\\', ..]);
    let is_telling = !matches!(labels[place], b"internal" | b"local" | b"private");
    let is_telling = is_telling || is_quoted || is_named(text.before(range.start, 16));
    (is_telling && !is_program(labels[0])).then_some(Severity::Note)
}

/// Whether `before` says that a host follows.
fn is_named(before: &[u8]) -> bool {
    let before = before.to_ascii_lowercase();
    let names = [&b"host"[..], b"server", b"ssh ", b"ping ", b"dns", b"domain", b"endpoint", b"url"];
    names.iter().any(|name| before.windows(name.len()).any(|it| it == *name))
}

/// Names that programs give to values and files: `self.local` is no host.
const PROGRAMS: [&[u8]; 40] = [
    b"self",
    b"this",
    b"thread",
    b"env",
    b"app",
    b"res",
    b"req",
    b"config",
    b"settings",
    b"ctx",
    b"context",
    b"state",
    b"threading",
    b"git",
    b"options",
    b"opts",
    b"args",
    b"params",
    b"data",
    b"storage",
    b"window",
    b"module",
    b"exports",
    b"std",
    b"super",
    b"crate",
    b"com",
    b"org",
    b"io",
    b"net",
    b"java",
    b"sun",
    b"node",
    b"values",
    b"var",
    b"scope",
    b"props",
    b"docker-compose",
    b"type",
    b"python",
];

fn is_program(label: &[u8]) -> bool {
    PROGRAMS.contains(&label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reach, Rules};

    fn found(text: &str) -> Vec<Severity> {
        let all = Rules::built_in().scan(text.as_bytes(), Reach::Public);
        all.into_iter().filter(|it| it.rule == HOST.id).map(|it| it.severity).collect()
    }

    #[test]
    fn each_label_of_an_own_network_makes_a_host_of_it() {
        for label in LABELS {
            let label = String::from_utf8_lossy(label);
            let end = if label == "arpa" { "home.arpa".to_owned() } else { label.into_owned() };
            for text in [
                format!("https://kiwi.{end}/x"),
                format!("ssh ana@kiwi.{end}"),
                format!("kiwi.{end}:8080"),
                format!("the box kiwi-2.{end} is old"),
                format!("the box pear.kiwi.{end} is old"),
            ] {
                assert_eq!(found(&text), [Severity::Warning], "{text}");
            }
            for text in [
                format!("the box kiwi.{end}q is old"),
                format!("in .{end} and {end}"),
                format!("/kiwi.{end}"),
            ] {
                assert_eq!(found(&text), [], "{text}");
            }
        }
    }

    #[test]
    fn each_word_that_is_met_leads_to_a_host() {
        let words = super::super::WORDS.iter().filter(|it| matches!(it.1, super::super::About::Host));
        for (word, _) in words {
            let text = match word.strip_suffix('.') {
                Some(label) => format!("https://kiwi.{label}.example.com/x"),
                None => format!("https://kiwi{word}/x"),
            };
            assert_eq!(found(&text), [Severity::Warning], "{text}");
        }
    }

    #[test]
    fn names_that_are_the_same_everywhere_are_none() {
        for host in EVERYWHERE {
            let host = String::from_utf8_lossy(host);
            assert_eq!(found(&format!("https://{host}/x")), [], "{host}");
            assert_eq!(found(&format!("https://kiwi.{host}/x")), [Severity::Warning], "{host}");
        }
    }

    #[test]
    fn a_value_of_a_program_is_no_host() {
        assert_eq!(found("host \"kiwi.local\""), [Severity::Note]);
        for name in PROGRAMS {
            let name = String::from_utf8_lossy(name);
            for text in [format!("host \"{name}.local\""), format!("host {name}.kiwi.internal")] {
                assert_eq!(found(&text), [], "{text}");
            }
        }
    }
}
