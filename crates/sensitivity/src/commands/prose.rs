//! What tells a sentence from a command.

/// Programs whose names are words of English.
const ENGLISH: &[&str] = &[
    "make",
    "box",
    "fly",
    "find",
    "kill",
    "halt",
    "shutdown",
    "format",
    "dump",
    "restore",
    "mount",
    "service",
    "init",
    "net",
    "at",
    "script",
    "history",
    "route",
    "screen",
    "settings",
    "defaults",
    "pass",
    "repo",
    "vault",
    "consul",
    "velero",
    "op",
    "helm",
    "splunk",
    "flux",
    "cap",
    "unlink",
    "wipe",
    "scrub",
    "shred",
    "erase",
    "del",
    "truncate",
    "reboot",
    "install",
    "tee",
    "migrate",
    "flask",
    "goose",
    "alembic",
    "rails",
    "rake",
    "migrate",
    "unison",
    "snap",
    "stow",
    "jest",
    "up",
    "reset",
    "split",
    "nuke",
    "nomad",
    "teleport",
    "snow",
    "harbor",
    "salt",
    "chef",
    "puppet",
    "curator",
    "heat",
    "swift",
    "nova",
    "glance",
    "curl",
    "http",
    "https",
    "hey",
    "fossil",
    "swag",
    "node",
    "python",
    "architect",
    "garden",
    "octavia",
    "wish",
    "watch",
    "time",
    "command",
    "batch",
    "umount",
    "java",
    "runner",
    "trap",
    "exec",
    "eval",
    "if",
    "then",
    "else",
    "do",
    "while",
    "until",
    "elif",
    "env",
    "parallel",
    "flock",
    "realm",
    "step",
    "lego",
    "security",
    "monit",
    "forever",
    "celery",
    "bull",
    "rabbit",
    "confluent",
    "oracle",
    "presto",
    "hive",
    "migration",
    "tilt",
    "minikube",
    "lens",
    "gear",
    "expo",
    "now",
    "sync",
    "update",
    "delete",
    "concourse",
    "act",
];

/// Whether sentences are made of `word` and commands are not.
pub(super) fn is_function_word(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.', ';', ':', '!', '?']).as_bytes();
    let mut lower = [0; 12];
    let Some(lower) = lower.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    matches!(
        &*lower,
        b"the"
            | b"is"
            | b"are"
            | b"was"
            | b"were"
            | b"will"
            | b"would"
            | b"should"
            | b"you"
            | b"your"
            | b"we"
            | b"our"
            | b"they"
            | b"their"
            | b"this"
            | b"that"
            | b"these"
            | b"those"
            | b"it"
            | b"its"
            | b"because"
            | b"which"
            | b"what"
            | b"and"
            | b"or"
            | b"but"
            | b"not"
            | b"has"
            | b"have"
            | b"had"
            | b"can"
            | b"could"
            | b"may"
            | b"might"
            | b"must"
            | b"an"
            | b"of"
            | b"so"
            | b"than"
            | b"then"
            | b"there"
            | b"support"
            | b"statement"
            | b"statements"
            | b"command"
            | b"commands"
    )
}

pub(super) fn is_english(program: &str) -> bool {
    // The first letter tells nearly all of them apart.
    let first = program.as_bytes().first();
    ENGLISH.iter().any(|it| it.as_bytes().first() == first && *it == program)
}
