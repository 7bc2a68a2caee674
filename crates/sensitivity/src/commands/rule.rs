//! What a rule on command lines is, and whether a command is what it is about.

use super::lines::Word;
use crate::finding::Kind;
use crate::{Category, Severity};

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Files,
    Disk,
    History,
    Data,
    Resource,
    Package,
    Account,
    Stops,
    Network,
    Overwrites,
    Runs,
    /// Lets anyone in.
    Opens,
    /// Lets more in, or gives more rights.
    Widens,
}

impl Act {
    /// Whether it is about who is let in.
    pub(super) fn is_access(self) -> bool {
        matches!(self, Self::Opens | Self::Widens)
    }

    /// What is reported, how much it matters, and its title.
    pub(super) fn kind(self) -> (&'static Kind, Severity, &'static str) {
        use Severity::{Blocking, Warning};
        match self {
            Self::Files => (&FILES, Blocking, "Deletes files"),
            Self::Disk => (&DISK, Blocking, "Writes over a disk or file system"),
            Self::History => (&HISTORY, Blocking, "Throws away work or history"),
            Self::Data => (&DATA, Blocking, "Deletes data"),
            Self::Resource => (&RESOURCE, Blocking, "Deletes what a service holds"),
            Self::Package => (&PACKAGE, Warning, "Removes packages"),
            Self::Account => (&ACCOUNT, Blocking, "Removes an account or key"),
            Self::Stops => (&STOPS, Warning, "Stops or changes what runs"),
            Self::Network => (&NETWORK, Warning, "Takes down a firewall or network"),
            Self::Overwrites => (&OVERWRITES, Warning, "Writes over what was there"),
            Self::Runs => (&RUNS, Blocking, "Runs what it is sent"),
            Self::Opens => (&OPENS, Blocking, "Opens what was closed"),
            Self::Widens => (&WIDENS, Warning, "Lets in more than before"),
        }
    }
}

const fn kind(id: &'static str, why: &'static str, fix: &'static str) -> Kind {
    Kind { id, category: Category::Destructive, why, fix: Some(fix) }
}

const FILES: Kind = kind(
    "deletes-files",
    "Files that are deleted this way are in no bin, and come back from a backup only.",
    "Make sure that the paths are the right ones, and that there is a copy.",
);
const DISK: Kind = kind(
    "destroys-disk",
    "What is on the disk or file system cannot be read any more.",
    "Make sure that the device is the right one, and that nothing on it is needed.",
);
const HISTORY: Kind = kind(
    "destroys-history",
    "Work that nobody else has is lost, and others who have the old history collide with the new one.",
    "Keep a branch or a stash of what is thrown away.",
);
const DATA: Kind = kind(
    "deletes-data",
    "Data that is deleted this way comes back from a backup only.",
    "Make sure that the data is backed up, and that the right database is meant.",
);
const RESOURCE: Kind = kind(
    "deletes-resource",
    "What is deleted at a service is gone with what is in it, for everyone who uses it.",
    "Make sure that it is the right one, and that nothing depends on it.",
);
const PACKAGE: Kind = kind(
    "removes-packages",
    "What depends on the packages stops working.",
    "Look at the list of what goes with them first.",
);
const ACCOUNT: Kind = kind(
    "removes-account",
    "Whoever or whatever uses the account or key is locked out, and what belongs to it may go with it.",
    "Make sure that nobody uses it any more.",
);
const STOPS: Kind = kind(
    "disrupts-service",
    "What runs stops or changes for everyone who uses it.",
    "Make sure that it may stop now.",
);
const NETWORK: Kind = kind(
    "disrupts-network",
    "Machines lose their protection or cannot be reached any more, this one perhaps included.",
    "Make sure that there is another way to reach the machine.",
);
const OVERWRITES: Kind =
    kind("overwrites", "What was there before is gone.", "Keep a copy of what is written over.");
const RUNS: Kind = kind(
    "runs-unseen",
    "What runs is not in the text: nobody who reads the text knows what it does.",
    "Download it first, read it, and run the copy.",
);

const OPENS: Kind = Kind {
    id: "command-opens",
    category: Category::Access,
    why: "Whoever can reach it can use it, or a check that kept others out is gone.",
    fix: Some("Name those who need it, and leave everything else closed."),
};
const WIDENS: Kind = Kind {
    id: "command-widens",
    category: Category::Access,
    why: "More people, programs or addresses can reach it, or can do more than before.",
    fix: Some("Give what the task needs, to those who need it."),
};

/// One rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// Program and words that follow it in this order, options aside: `docker volume rm|prune`.
    /// `|` stands between alternatives, and `*` at an end or both for anything.
    pub(super) call: &'static str,
    /// One of these has to be there: options and words. Several such groups are divided by ` & `.
    pub(super) with: &'static str,
    /// With one of these it does nothing.
    pub(super) but: &'static str,
    pub(super) act: Act,
    /// It can be taken back, or is lost on purpose as a rule.
    pub(super) mild: bool,
}

/// The rule that `call` does `act`.
pub(super) const fn on(call: &'static str, act: Act) -> Rule {
    Rule { call, with: "", but: "", act, mild: false }
}

impl Rule {
    pub(super) const fn with(self, with: &'static str) -> Self {
        Self { with, ..self }
    }

    pub(super) const fn but(self, but: &'static str) -> Self {
        Self { but, ..self }
    }

    pub(super) const fn mild(self) -> Self {
        Self { mild: true, ..self }
    }

    /// Whether `args`, which follow the program, make the command what the rule is about.
    pub(super) fn is_about(&self, args: &[Word]) -> bool {
        follows(self.call, args)
            && (self.with.is_empty() || self.with.split(" & ").all(|group| any_of(group, args)))
            && !self.but.split_ascii_whitespace().any(|it| args.iter().any(|arg| is_option(&arg.text, it)))
    }
}

const NAMES_FOLLOW: &[&str] = &[
    "install", "list", "ls", "info", "show", "search", "describe", "test", "help", "status", "explain",
    "view",
];

/// Whether one of the options and words of `group` is in `args`.
pub(super) fn any_of(group: &str, args: &[Word]) -> bool {
    // After `install` and the like, words are names.
    let names = args.iter().position(|it| NAMES_FOLLOW.contains(&it.text.as_str())).unwrap_or(args.len());
    group.split_ascii_whitespace().any(|wanted| {
        let verb = wanted.bytes().all(|it| it.is_ascii_lowercase() || b"-_:".contains(&it))
            && !wanted.starts_with('-');
        let args = if verb { &args[..names] } else { args };
        args.iter().any(|it| is_option(&it.text, wanted))
    })
}

/// Whether `arg` is `wanted`: `-f` stands in `-rf` too, and `--force` in `--force=true`.
fn is_option(arg: &str, wanted: &str) -> bool {
    let short = wanted.strip_prefix('-').filter(|it| it.len() == 1);
    match short {
        Some(letter) => {
            let cluster = arg.strip_prefix('-').unwrap_or("");
            let run = cluster.bytes().take_while(u8::is_ascii_alphabetic).count();
            cluster.len() <= 6 && run == cluster.len() && cluster.contains(letter)
                || cluster.starts_with(letter)
        }
        None if wanted.starts_with('-') && wanted.ends_with('*') => glob(wanted, arg),
        None if wanted.starts_with('-') => {
            let rest = arg.get(..wanted.len()).filter(|it| it.eq_ignore_ascii_case(wanted));
            rest.is_some()
                && matches!(arg.as_bytes().get(wanted.len()), None | Some(b'=' | b':'))
                && !arg.ends_with("=false")
        }
        None => glob(wanted, arg),
    }
}

/// Whether `text` is `pattern`, in which `*` at an end stands for anything.
fn glob(pattern: &str, text: &str) -> bool {
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) if pattern.len() > 2 => {
            text.to_ascii_lowercase().contains(&pattern[1..pattern.len() - 1].to_ascii_lowercase())
        }
        (_, Some(start)) => text.get(..start.len()).is_some_and(|it| same(it, start)),
        (Some(end), _) => {
            text.len().checked_sub(end.len()).and_then(|at| text.get(at..)).is_some_and(|it| same(it, end))
        }
        _ => same(pattern, text),
    }
}

/// Whether the words of `call` after the program follow one another in `args`.
///
/// A word that does not fit may be the value of an option before it.
fn follows(call: &str, args: &[Word]) -> bool {
    let mut wanted = call.split(' ').skip(1).peekable();
    let mut value = false;
    for arg in args {
        let Some(next) = wanted.peek() else { return true };
        let text = arg.text.as_str();
        if next.split('|').any(|it| glob(it, text)) {
            wanted.next();
            value = false;
        } else if text.starts_with('-') && text.len() > 1 || text.starts_with('+') {
            value = !text.contains('=');
        } else if value {
            value = false;
        } else {
            return false;
        }
    }
    wanted.peek().is_none()
}

/// The words of `args` that are neither options nor, as far as one can tell, their values.
///
/// The first of two ways to read `--profile prod s3 rm` is right as often as the other: both words are given.
pub(super) fn plain(args: &[Word]) -> impl Iterator<Item = &str> {
    args.iter().map(|it| it.text.as_str()).filter(|it| !it.starts_with('-'))
}
