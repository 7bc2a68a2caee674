//! What tells a sentence from a command.

/// Words that sentences are made of and commands are not.
const FUNCTION_WORDS: &[&str] = &[
    "the", "is", "are", "was", "were", "will", "would", "should", "you", "your", "we", "our", "they", "their", "this",
    "that", "these", "those", "it", "its", "because", "which", "what", "and", "or", "but", "not",
    "has", "have", "had", "can", "could", "may", "might", "must", "an", "of", "so", "than", "then", "there",
    "support", "statement", "statements", "command", "commands",
];

/// Programs whose names are words of English.
const ENGLISH: &[&str] = &[
    "make", "box", "fly", "find", "kill", "halt", "shutdown", "format", "dump", "restore", "mount", "service", "init",
    "net", "at", "script", "history", "route", "screen", "settings", "defaults", "pass", "repo", "vault", "consul",
    "velero", "op", "helm", "splunk", "flux", "cap", "unlink", "wipe", "scrub", "shred", "erase", "del", "truncate",
    "reboot", "install", "tee", "migrate", "flask", "goose", "alembic", "rails", "rake", "migrate", "unison", "snap",
    "stow", "jest", "up", "reset", "split", "nuke", "nomad", "teleport", "snow", "harbor", "salt", "chef", "puppet",
    "curator", "heat", "swift", "nova", "glance", "curl", "http", "https", "hey", "fossil", "swag", "node", "python",
    "architect", "garden", "octavia", "wish", "watch", "time", "command", "batch", "umount", "java", "runner", "trap",
    "exec", "eval", "if", "then", "else", "do", "while", "until", "elif", "env", "parallel", "flock", "realm", "step",
    "lego", "security", "monit", "forever", "celery", "bull", "rabbit", "confluent", "oracle", "presto", "hive",
    "migration", "tilt", "minikube", "lens", "gear", "expo", "now", "sync", "update", "delete", "concourse", "act",
];

pub(super) fn is_function_word(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.', ';', ':', '!', '?']);
    word.len() <= 12 && FUNCTION_WORDS.iter().any(|it| it.eq_ignore_ascii_case(word))
}

pub(super) fn is_english(program: &str) -> bool {
    ENGLISH.contains(&program)
}
