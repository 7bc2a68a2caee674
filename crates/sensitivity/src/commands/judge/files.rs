//! What a command does to files, by the paths that it names.

use crate::commands::lines::{Simple, Word};
use crate::commands::rule::{Act, any_of};

/// What `rm` does with `args`.
pub(super) fn removed(args: &[Word], fed: bool, mention: bool) -> Option<Act> {
    if fed {
        return Some(Act::Files);
    }
    let targets: Vec<_> = args.iter().map(|it| it.text.as_str()).filter(|it| !it.starts_with('-')).collect();
    if any_of("-r -R --recursive", args) {
        let scratch = !targets.is_empty() && targets.iter().all(|it| is_scratch(it));
        return (!scratch && (!mention || !targets.is_empty())).then_some(Act::Files);
    }
    let much = |it: &&str| {
        it.contains(['*', '?'])
            || matches!(*it, "." | ".." | "/" | "~")
            || it.starts_with('~')
            || it.starts_with('/') && !is_scratch(it)
    };
    targets.iter().any(much).then_some(Act::Files)
}

/// Whether what stands before `>` writes nothing, so that the file is empty afterwards.
pub(super) fn is_nothing_written(one: &Simple) -> bool {
    match one.words.as_slice() {
        [] => one.inside.is_empty(),
        [only] => matches!(only.text.as_str(), ":" | "true"),
        [cat, of] => cat.text == "cat" && of.text == "/dev/null" || cat.text == "echo" && of.text.is_empty(),
        [echo, n, of] => echo.text == "echo" && n.text == "-n" && of.text.is_empty(),
        _ => false,
    }
}

/// Whether `path` is in a folder that is emptied anyway.
fn is_scratch(path: &str) -> bool {
    const SCRATCH: [&str; 6] =
        ["/tmp/", "/var/tmp/", "$TMPDIR/", "${TMPDIR}/", "${TMPDIR:-/tmp}/", "/private/tmp/"];
    SCRATCH.iter().any(|it| path.starts_with(it)) && !path.contains("..")
}

/// Whether `path` is a disk, or a part of one.
pub(super) fn is_disk(path: &str) -> bool {
    let name = path.strip_prefix("/dev/").unwrap_or("");
    ["sd", "hd", "vd", "xvd", "nvme", "mmcblk", "disk", "loop", "md", "mapper/", "rdisk", "dm-"]
        .iter()
        .any(|it| name.starts_with(it))
}

/// Whether `path` is a file that the system or its users are known by.
pub(super) fn is_of_system(path: &str) -> bool {
    const SYSTEM: [&str; 13] = [
        "/etc/",
        "/boot/",
        "/bin/",
        "/sbin/",
        "/usr/",
        "/lib/",
        "/lib64/",
        "/proc/sys",
        "/sys/",
        "/root/.ssh",
        "/var/lib/",
        "/var/log/",
        "/var/spool/cron",
    ];
    SYSTEM.iter().any(|it| path.starts_with(it)) && !path.ends_with('/') || path.ends_with("authorized_keys")
}

/// Whether `path` is that of a file, and not of a device or a number.
pub(super) fn is_file(path: &str) -> bool {
    !path.starts_with("/dev/")
        && !path.starts_with('&')
        && !path.is_empty()
        && (path.contains(['/', '.', '_', '$']) || path.len() > 2)
}
