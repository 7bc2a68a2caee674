//! Home folders, which name who works there, and shares of file servers.

use std::ops::Range;

use crate::finding::Kind;
use crate::found::Found;
use crate::text::Text;
use crate::{Category, Severity};

const HOME: Kind = Kind {
    id: "home-folder",
    category: Category::Internal,
    why: "The path names the account of whoever works on that machine.",
    fix: Some("Write the path from the folder of the project, or with $HOME."),
};
const SHARE: Kind = Kind {
    id: "network-share",
    category: Category::Internal,
    why: "It names a file server of your own network and what it holds.",
    fix: Some("Replace it by a placeholder."),
};

/// The longest name of an account, a host or a share.
const LONGEST: usize = 64;

/// Accounts that are on many machines, and what stands for an account.
const NOBODYS: &[&str] = &[
    "user",
    "username",
    "user_name",
    "user-name",
    "user1",
    "youruser",
    "your-user",
    "yourname",
    "your-name",
    "your_name",
    "yourusername",
    "your-username",
    "your_username",
    "you",
    "me",
    "name",
    "someone",
    "somebody",
    "example",
    "example-user",
    "exampleuser",
    "foo",
    "bar",
    "baz",
    "xxx",
    "xyz",
    "test",
    "testuser",
    "demo",
    "placeholder",
    "runner",
    "runneradmin",
    "ubuntu",
    "ec2-user",
    "debian",
    "centos",
    "fedora",
    "admin",
    "administrator",
    "root",
    "vagrant",
    "circleci",
    "travis",
    "jenkins",
    "vscode",
    "codespace",
    "coder",
    "gitpod",
    "node",
    "app",
    "appuser",
    "docker",
    "linuxbrew",
    "homebrew",
    "git",
    "www-data",
    "www",
    "nonroot",
    "build",
    "builder",
    "buildbot",
    "public",
    "default",
    "shared",
    "guest",
    // Of `All Users` the first word is read.
    "all",
    "allusers",
    "defaultuser0",
    "containeradministrator",
    "vsts",
    "azureuser",
    "opc",
    "pi",
    "steam",
    "deck",
    "kali",
    "jovyan",
    "postgres",
    "nobody",
    "dev",
    "developer",
    "login",
    "register",
    "index",
    "page",
    "api",
    "home",
    "assets",
    "static",
    "search",
];

/// Reports the home folder whose beginning stands at `at`.
pub(super) fn home(text: &Text<'_>, at: &Range<usize>, found: &mut Found) {
    let is_windows = text.bytes[at.start] == b'\\';
    let mut start = at.end;
    // In strings of programs a backslash is written twice.
    while is_windows && text.bytes.get(start) == Some(&b'\\') {
        start += 1;
    }
    let name = text.after(start, LONGEST);
    let length = name
        .iter()
        .take_while(|it| it.is_ascii_alphanumeric() || matches!(**it, b'.' | b'-' | b'_') || **it >= 0x80)
        .count();
    let mut name = &name[..length];
    while let [rest @ .., b'.'] = name {
        name = rest;
    }
    let begins = folder_start(text, at, is_windows);
    let Some(begins) = begins.filter(|_| is_somebody(name)) else { return };
    // What ends there as `/home/page.html` does is a file.
    let is_file = name.contains(&b'.')
        && text.bytes.get(start + name.len()).is_none_or(|it| !matches!(it, b'/' | b'\\'));
    if !is_file || is_windows {
        found.report(
            &HOME,
            Severity::Warning,
            begins..start + name.len(),
            format_args!("Home folder of an account"),
        );
    }
}

/// Where the path begins, if it begins as those of systems do and not in the middle of another.
fn folder_start(text: &Text<'_>, at: &Range<usize>, is_windows: bool) -> Option<usize> {
    let before = text.before(at.start, 12);
    if is_windows {
        let slashes = before.iter().rev().take_while(|it| **it == b'\\').count();
        let rest = &before[..before.len() - slashes];
        let is_drive = matches!(rest, [.., drive, b':'] if drive.is_ascii_alphabetic());
        return is_drive.then(|| at.start - slashes - 2);
    }
    let word = text.part(at.clone());
    // The folder of macOS has a capital letter; that of addresses of the web has none.
    if word == b"/users/" || word != b"/home/" && word != b"/Users/" {
        return None;
    }
    match before {
        [.., drive, b':']
            if drive.is_ascii_alphabetic()
                && !before[..before.len() - 2].last().is_some_and(u8::is_ascii_alphanumeric) =>
        {
            Some(at.start - 2)
        }
        _ if before.ends_with(b"/mnt/c")
            || before.ends_with(b"file://")
            || before.ends_with(b"/export")
            || before.ends_with(b"/System/Volumes/Data") =>
        {
            Some(at.start)
        }
        [.., last] if last.is_ascii_alphanumeric() || b"._-/~})>]%$*".contains(last) || *last >= 0x80 => None,
        _ => Some(at.start),
    }
}

fn is_somebody(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    name.len() >= 2
        && name.iter().any(u8::is_ascii_alphabetic)
        && !NOBODYS.iter().any(|it| it.as_bytes() == name)
        && !name.starts_with(b"your")
        && !name.starts_with(b"-")
}

/// Reports the share whose backslashes begin at `at`. The end of what was looked at.
pub(super) fn share(text: &Text<'_>, at: &Range<usize>, found: &mut Found) -> usize {
    let slashes = |at: usize| text.after(at, 5).iter().take_while(|it| **it == b'\\').count();
    let name = |at: usize| {
        text.after(at, LONGEST)
            .iter()
            .take_while(|it| it.is_ascii_alphanumeric() || matches!(**it, b'-' | b'.' | b'_' | b'$'))
            .count()
    };
    let lead = slashes(at.start);
    let host = at.start + lead..at.start + lead + name(at.start + lead);
    let between = slashes(host.end);
    let share = host.end + between..host.end + between + name(host.end + between);
    let before = text.before(at.start, 1).first().copied().unwrap_or(b' ');
    let begins = !before.is_ascii_alphanumeric() && !b"\\:/)]}%".contains(&before);
    // `\\host\share`, or the same in a string of a program.
    let is_share = matches!((lead, between), (2, 1) | (4, 2)) && share.len() >= 2;
    if begins && is_share && is_server(text.part(host.clone())) {
        found.report(&SHARE, Severity::Warning, at.start..share.end, format_args!("Share of a file server"));
        return share.end;
    }
    host.start.max(at.end)
}

/// Whether `name` is that of a machine. Expressions and typesetting have backslashes too, but no such words after them.
fn is_server(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_placeholder = [&b"server"[..], b"host", b"hostname", b"servername", b"computername", b"machine"]
        .contains(&&lower[..]);
    let has = |of: &[u8]| lower.windows(of.len()).any(|it| it == of);
    let is_numbered = name.iter().any(u8::is_ascii_digit) || name.contains(&b'-');
    let is_named = [&b"server"[..], b"srv", b"file", b"share", b"nas", b"storage", b"backup", b"data"]
        .iter()
        .any(|it| has(it));
    let is_upper = name.len() >= 4
        && name.iter().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || *it == b'-');
    name.len() >= 3
        && name[0].is_ascii_alphabetic()
        && !is_placeholder
        && (is_numbered || is_named || is_upper || name.contains(&b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reach, Rules};

    fn found(text: &str) -> Vec<String> {
        let all = Rules::built_in().scan(text.as_bytes(), Reach::Public);
        let mine = all.into_iter().filter(|it| it.rule == HOME.id || it.rule == SHARE.id);
        mine.map(|it| text[it.range].to_owned()).collect()
    }

    #[test]
    fn accounts_that_nobody_has_for_themselves_name_nobody() {
        for name in NOBODYS {
            for folder in [format!("/home/{name}"), format!("/Users/{name}"), format!("C:\\Users\\{name}")] {
                assert_eq!(found(&format!("in {folder}/x")), [""; 0], "{folder}");
            }
            // A blank ends a name: what stands before it is another one.
            if !name.contains(' ') {
                let folder = format!("/home/q{name}kw");
                assert_eq!(found(&format!("in {folder}/x")), [folder.as_str()]);
            }
        }
    }

    #[test]
    fn a_share_is_on_a_machine() {
        for host in ["nas-02", "FILESRV", "myserver", "backup", "hr.example.com", "box7", "thedata"] {
            let share = format!("\\\\{host}\\plans");
            assert_eq!(found(&format!("see {share} for it")), [share.as_str()]);
            let share = format!("\\\\\\\\{host}\\\\plans");
            assert_eq!(found(&format!("\"{share}\"")), [share.as_str()]);
        }
        for host in ["server", "host", "hostname", "machine", "alpha", "d", "7up", "ab"] {
            let text = format!("see \\\\{host}\\plans for it");
            assert_eq!(found(&text), [""; 0], "{text}");
        }
    }
}
