//! Links that lead elsewhere than they say, and addresses that are made to be misread.
//!
//! Promises: of a link whose text names a host, the target is compared with it; relative
//! targets, other subdomains of the same registrable domain (public suffix list) and names of
//! files are nothing. An address alone is judged by what hides in it: a name before `@`, a
//! host inside another one, letters that look like others, a number instead of a name.
//!
//! Markdown is read in paragraphs of a bounded length, HTML anchor by anchor, and only where a
//! sign of a link stands. Definitions of references are kept until their uses are met, and the
//! other way round.

mod claim;
mod html;
mod known;
mod markdown;
mod target;

use std::collections::HashMap;
use std::ops::Range;

use crate::found::Found;
use crate::text::Text;
use crate::{Category, Severity, finding::Kind};

use claim::Claim;
use target::Target;

/// The words at which this detector looks. A hit names one by its place in the list.
pub(crate) fn words() -> Vec<&'static str> {
    ["](", "][", "]:", "<a", "://"].into_iter().chain(AUTOLINKS.iter().copied()).collect()
}

/// Addresses that are links by themselves, and may run something. `<jar:` is not one: elements of XML begin so.
const AUTOLINKS: &[&str] = &[
    "<javascript:",
    "<vbscript:",
    "<livescript:",
    "<data:",
    "<search-ms:",
    "<ms-msdt:",
    "<ms-officecmd:",
    "<ms-appinstaller:",
];

const DIFFERS: Kind = Kind {
    id: "link-leads-elsewhere",
    category: Category::Link,
    why: "People read one address and open another.",
    fix: Some("Name the host that the link leads to."),
};

const DEFINITION: Kind = Kind {
    id: "link-definition-elsewhere",
    category: Category::Link,
    why: "A link with another address as its text leads here.",
    fix: Some("Name the host that the link leads to."),
};

const RUNS: Kind = Kind {
    id: "link-runs-code",
    category: Category::Link,
    why: "To open this link is to run what is in it.",
    fix: Some("Remove the link."),
};

const USER: Kind = Kind {
    id: "link-host-as-user",
    category: Category::Link,
    why: "What stands before the @ looks like the host, but the link leads to what stands behind it.",
    fix: Some("Write the host that is meant, and no user."),
};

const INSIDE: Kind = Kind {
    id: "link-host-in-host",
    category: Category::Link,
    why: "The name that begins this host belongs to somebody else: who owns it is said at its end.",
    fix: Some("Check who owns the host."),
};

const LOOKS: Kind = Kind {
    id: "link-lookalike-host",
    category: Category::Link,
    why: "The host is spelled with characters that look like those of another one.",
    fix: Some("Check the host letter by letter."),
};

const NUMBER: Kind = Kind {
    id: "link-number-host",
    category: Category::Link,
    why: "The host is a number in a spelling that hides which address it is.",
    fix: Some("Write the address in its usual form."),
};

const ODD: Kind = Kind {
    id: "link-odd-address",
    category: Category::Link,
    why: "Programs disagree on which host an address like this names.",
    fix: Some("Write the address without backslashes and control characters."),
};

/// What was looked at so far in one text.
#[derive(Default)]
pub(crate) struct Look {
    /// Where the Markdown ends that was read.
    markdown: usize,
    /// Where the anchor ends that was read last.
    anchor: usize,
    /// Of each label of a reference, where its target stands.
    definitions: HashMap<String, Range<usize>>,
    /// Links that name a host, and whose reference was not met yet.
    waiting: HashMap<String, Vec<(Range<usize>, Claim)>>,
}

impl Look {
    /// Looks where a word stands. Called in the order of the ends of the words.
    pub(crate) fn hit(&mut self, text: &Text<'_>, at: &Range<usize>, word: u16, found: &mut Found) {
        match word {
            0 if at.start >= self.markdown && markdown::is_plain(text, at) => {}
            1 if at.start >= self.markdown && markdown::is_plain_text(text, at.start) => {}
            0 | 1 if at.start >= self.markdown => self.read(text, at.start, found),
            2 => self.define(text, at.start, found),
            3 if at.start >= self.anchor => self.anchor(text, at.start, found),
            4 => address(text, at, found),
            5.. if at.start >= self.markdown => self.read(text, at.start, found),
            _ => {}
        }
    }

    /// Reads the Markdown around `at`.
    fn read(&mut self, text: &Text<'_>, at: usize, found: &mut Found) {
        let block = markdown::block(text, at, self.markdown);
        self.markdown = block.end;
        for link in markdown::links(text.part(block.clone())) {
            let range = block.start + link.range.start..block.start + link.range.end;
            match link.to {
                markdown::To::Address(address) => judge(link.claim.as_ref(), &address, range, found),
                markdown::To::Label(label) => self.refer(text, label, link.claim, range, found),
            }
        }
    }

    /// A link with a reference: to be compared as soon as its definition is there.
    fn refer(
        &mut self,
        text: &Text<'_>,
        label: String,
        claim: Option<Claim>,
        range: Range<usize>,
        found: &mut Found,
    ) {
        let Some(claim) = claim else { return };
        match self.definitions.get(&label) {
            Some(target) => define(text, &claim, range, target, found),
            None => self.waiting.entry(label).or_default().push((range, claim)),
        }
    }

    /// The definition of a reference, if `at` ends its label.
    fn define(&mut self, text: &Text<'_>, at: usize, found: &mut Found) {
        let Some((label, target)) = markdown::definition(text, at) else { return };
        let address = markdown::unescaped(text.part(target.clone()));
        judge(claim::of(&label, form(&label)).as_ref(), &address, target.clone(), found);
        for (range, claim) in self.waiting.remove(&label).unwrap_or_default() {
            define(text, &claim, range, &target, found);
        }
        self.definitions.entry(label).or_insert(target);
    }

    /// The anchor of HTML that begins at `at`.
    fn anchor(&mut self, text: &Text<'_>, at: usize, found: &mut Found) {
        let Some(anchor) = html::anchor(text, at) else { return };
        self.anchor = anchor.range.end;
        judge(claim::of(&anchor.text, anchor.form).as_ref(), &anchor.address, anchor.range, found);
    }
}

/// Judges the link at `range`, and the definition of its target.
fn define(text: &Text<'_>, claim: &Claim, range: Range<usize>, target: &Range<usize>, found: &mut Found) {
    let address = markdown::unescaped(text.part(target.clone()));
    let Some(leads) = Target::of(&address) else { return };
    if let Some((severity, title)) = differs(claim, leads, &address) {
        found.report(&DIFFERS, severity, range, format_args!("{title}"));
        found.report(&DEFINITION, Severity::Note, target.clone(), format_args!("{title}"));
    }
}

/// Judges a link to `address` whose text makes `claim`.
fn judge(claim: Option<&Claim>, address: &str, range: Range<usize>, found: &mut Found) {
    // What claims nothing is not compared, so that its target need not be taken apart.
    if target::runs_code(address) {
        found.report(&RUNS, Severity::Blocking, range, format_args!("Link that runs code"));
    } else if let Some(claim) = claim
        && let Some(leads) = Target::of(address)
        && let Some((severity, title)) = differs(claim, leads, address)
    {
        found.report(&DIFFERS, severity, range, format_args!("{title}"));
    }
}

/// How much it matters that a text makes `claim` and leads to `address`; `None` where it says the truth.
fn differs(claim: &Claim, leads: Target, address: &str) -> Option<(Severity, &'static str)> {
    match leads {
        Target::Host(host) if claim.allows(&host, address) => None,
        Target::Host(host) if known::redirects(&host) => {
            Some((Severity::Note, "Link through a service that redirects"))
        }
        Target::Host(host) if target::is_number(&host) => {
            Some((Severity::Blocking, "Link that names a host and leads to a number"))
        }
        Target::Host(_) => Some((Severity::Blocking, "Link that names one host and leads to another")),
        Target::Runs => None,
        _ if !claim.is_address() => None,
        Target::Mail(_) => Some((Severity::Warning, "Link that names a host and writes a mail")),
        Target::Other => Some((Severity::Warning, "Link that names a host and opens something else")),
    }
}

/// How the text of a label is written.
fn form(label: &str) -> claim::Form {
    if label.starts_with('`') { claim::Form::Code } else { claim::Form::Plain }
}

/// Judges an address by itself, around its `://`.
fn address(text: &Text<'_>, at: &Range<usize>, found: &mut Found) {
    let Some(address) = target::Address::around(text, at) else { return };
    for (kind, severity, title) in address.judge() {
        found.report(kind, severity, address.range.clone(), format_args!("{title}"));
    }
}
