//! Every error is made here, and what a person reads of it is looked at: the
//! same words stand in `ui/dev/errors.json`, where the gallery shows them
//! (`UPDATE_WIRE=1` writes it anew).

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::io::{Error as Io, ErrorKind};
use std::path::{Path, PathBuf};

use countersign_core::refusal::{Code, Refusal};
use countersign_keys::Trouble;
use countersign_reviewer::{ItemState, NotCompared, NotEditable, StoreError};
use countersign_sources::Error as Spool;
use serde_json::json;

use super::*;

fn io(kind: ErrorKind) -> Io {
    Io::from(kind)
}

/// What is said of the errors of one enum, with the file that lists its variants.
struct Source {
    file: &'static str,
    name: &'static str,
    errors: Vec<(String, UserError)>,
}

fn source<T: std::fmt::Debug>(
    file: &'static str,
    name: &'static str,
    all: Vec<T>,
    up: fn(T) -> UserError,
) -> Source {
    let errors = all.into_iter().map(|it| (format!("{it:?}"), up(it))).collect();
    Source { file, name, errors }
}

fn reviewer() -> Vec<Error> {
    let path = || PathBuf::from("/home/robin/.local/share/countersign/app/known.json");
    let refusal = Refusal::new(Code::ALL[0], "the bytes do not have the form that they should");
    vec![
        Error::NotFound("ab".repeat(32).parse().unwrap()),
        Error::NotOpen(Box::new(ItemState::Waiting)),
        Error::OneNotOpen {
            which: countersign_core::digest::Digest::of(b"one"),
            state: Box::new(ItemState::Waiting),
        },
        Error::NotArmed { milliseconds: 640 },
        Error::Changed,
        Error::NotSeen { unseen: 1 },
        Error::NotSeen { unseen: 168 },
        Error::NotAcknowledged { left: 1 },
        Error::NotAcknowledged { left: 3 },
        Error::FindingNotSeen,
        Error::FindingMasked,
        Error::Names("line 3 has fewer than 3 characters and would be found everywhere".to_owned()),
        Error::TeamRules("none of its rules can run: there is none in it".to_owned()),
        Error::TooSoon { milliseconds: 300 },
        Error::CommentTooLong(4210),
        Error::Cursor,
        Error::TooLateToSnooze,
        Error::NotEditable(NotEditable::LineEnds),
        Error::NotEditable(NotEditable::Release),
        Error::NotEditable(NotEditable::Several),
        Error::NotEditable(NotEditable::TooLong { bytes: 9_000_000, most: 524_288 }),
        Error::NotEditable(NotEditable::Control('\0')),
        Error::KeyLocked,
        Error::UnlockAgain,
        Error::DeviceKey,
        Error::CannotHalt { gates: vec![] },
        Error::CannotHalt { gates: vec![("home".parse().unwrap(), Some(4711))] },
        Error::OnlyEverything,
        Error::NotConfirmed,
        Error::Practice("HALTED: a halt stands; nothing was proposed".into()),
        Error::NotSetUp,
        Error::SetUpBefore,
        Error::Root(refusal),
        Error::GateMissing { path: "countersign".into(), cause: io(ErrorKind::NotFound) },
        Error::GateFailed { what: "started", says: "the spool of the gate is used by another one".into() },
        Error::File { path: path(), cause: io(ErrorKind::PermissionDenied) },
        Error::File { path: path(), cause: io(ErrorKind::StorageFull) },
        Error::Damaged { path: path(), why: "line 3 is not what was written".into() },
        Error::Keys(Keys::NoKey),
        Error::Store(StoreError::DiskFull),
        Error::Spool(Spool::NoHome),
    ]
}

fn keys() -> Vec<Keys> {
    let path = || PathBuf::from("/home/robin/.local/share/countersign/app/keys/ring");
    vec![
        Keys::PassphraseRule("has fewer than 12 characters"),
        Keys::WrongPassphrase { wait: 0 },
        Keys::WrongPassphrase { wait: 8 },
        Keys::TooSoon { wait: 5 },
        Keys::LossNotConfirmed,
        Keys::NoKey,
        Keys::KeyExists,
        Keys::Unclaimed("keyring"),
        Keys::Missing("keyring"),
        Keys::AnotherKey("keyring"),
        Keys::Damaged("the checksum at its end does not fit".into()),
        Keys::AbsurdCost("4096 GiB".into()),
        Keys::Keyring(Trouble::Absent("no bus".into())),
        Keys::Exposed {
            path: path(),
            problem: "its mode is 0644; make it 0600 with chmod, and make a new key if others could read it"
                .into(),
        },
        Keys::File { path: path(), cause: io(ErrorKind::PermissionDenied) },
        Keys::File { path: path(), cause: io(ErrorKind::StorageFull) },
        Keys::ReadBack("keyring"),
        Keys::Exhausted("memory"),
        Keys::Harden(io(ErrorKind::PermissionDenied)),
    ]
}

fn troubles() -> Vec<Trouble> {
    vec![
        Trouble::Absent("org.freedesktop.secrets was not provided by any .service files".into()),
        Trouble::NoCollection,
        Trouble::Locked,
        Trouble::NoAnswer(30),
        Trouble::Unsure,
        Trouble::Busy,
        Trouble::Failed("the session was closed".into()),
    ]
}

fn database() -> StoreError {
    const LOCKED: std::ffi::c_int = 6;
    let said = rusqlite::ffi::Error::new(LOCKED);
    StoreError::from(rusqlite::Error::SqliteFailure(said, Some("database table is locked".into())))
}

fn stores() -> Vec<StoreError> {
    vec![
        StoreError::Newer { found: 9, known: 2 },
        StoreError::DiskFull,
        StoreError::Damaged("database disk image is malformed".into()),
        StoreError::File(io(ErrorKind::PermissionDenied)),
        StoreError::File(io(ErrorKind::StorageFull)),
        database(),
    ]
}

fn spools() -> Vec<Spool> {
    let path = || PathBuf::from("/home/robin/.local/share/countersign/gates/home/box");
    vec![
        Spool::NoHome,
        Spool::Folder { path: path(), why: "others can write to it" },
        Spool::Busy { path: path() },
        Spool::DiskFull { path: path() },
        Spool::TooLarge { size: 9_000_000, most: 8_388_608 },
        Spool::BlobDigest,
        Spool::Name("../x".into()),
        Spool::Io { path: path(), cause: io(ErrorKind::PermissionDenied) },
        Spool::Io { path: path(), cause: io(ErrorKind::StorageFull) },
    ]
}

fn comparisons() -> Vec<NotCompared> {
    vec![
        NotCompared::Missing("Meld"),
        NotCompared::Failed("Meld", io(ErrorKind::PermissionDenied)),
        NotCompared::NotWritten(io(ErrorKind::StorageFull)),
    ]
}

fn all() -> Vec<Source> {
    vec![
        source("crates/reviewer/src/lib.rs", "Error", reviewer(), UserError::from),
        source("crates/keys/src/lib.rs", "Error", keys(), |it| Error::Keys(it).into()),
        source("crates/keys/src/place.rs", "Trouble", troubles(), |it| Error::Keys(Keys::Keyring(it)).into()),
        source("crates/store/src/lib.rs", "Error", stores(), |it| Error::Store(it).into()),
        source("crates/sources/src/lib.rs", "Error", spools(), |it| Error::Spool(it).into()),
        source("crates/reviewer/src/comparing.rs", "NotCompared", comparisons(), |it| not_compared(&it)),
    ]
}

/// Everything that is said without an error of the reviewer below it.
fn own() -> Vec<(&'static str, UserError)> {
    vec![
        ("digest", input("That is not the digest of an item.")),
        ("label", input("A name is 1 to 200 bytes long.")),
        ("sheet_gone", sheet_gone()),
        ("not_copied", not_copied()),
        ("no_view", no_view()),
        ("no_comparer", no_comparer()),
        ("no_sides", no_sides()),
        ("settings", settings(&io(ErrorKind::PermissionDenied))),
        (
            "not_offered",
            not_offered("This desktop shows no notifications.", "no daemon answers on the session bus"),
        ),
        (
            "left_over",
            left_over(&Error::File {
                path: "/home/robin/.cache/app".into(),
                cause: io(ErrorKind::PermissionDenied),
            }),
        ),
        ("settings, disk full", settings(&io(ErrorKind::StorageFull))),
        ("held up by a disk", keeps(Obstacle::DiskFull, "the disk is full; nothing was written")),
        ("held up by records", keeps(Obstacle::Records, "the database is damaged: malformed page")),
        ("held up by folders", keeps(Obstacle::Folders, "/home/robin/box cannot be read: permission denied")),
        ("held up", keeps(Obstacle::Other, "a file that was written cannot be read")),
    ]
}

fn keeps(by: Obstacle, says: &str) -> UserError {
    held(&Held { by, says: says.to_owned() })
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

/// The beginning of a debug text, which is the variant's name.
fn variant(debug: &str) -> String {
    debug.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// The variants of `pub enum name` as its source lists them.
fn variants(file: &str, name: &str) -> BTreeSet<String> {
    let text = read(file);
    let body = text.split_once(&format!("pub enum {name} {{")).unwrap().1;
    let body = body.split_once("\n}").unwrap().0;
    body.lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(variant)
        .collect()
}

#[test]
fn every_variant_has_an_example() {
    for Source { file, name, errors } in all() {
        let made: BTreeSet<_> = errors.iter().map(|(debug, _)| variant(debug)).collect();
        assert_eq!(made, variants(file, name), "{file}, {name}");
        assert!(made.len() > 2, "{file}, {name}: the variants were not found");
    }
}

fn said() -> Vec<(String, UserError)> {
    let below = all().into_iter().flat_map(|Source { name, errors, .. }| {
        // Those that are nobody's own `Error` are named with their enum.
        let of = if name == "Error" { String::new() } else { format!("{name}::") };
        errors.into_iter().map(move |(debug, said)| (format!("{of}{}", variant(&debug)), said))
    });
    below.chain(own().into_iter().map(|(name, it)| (name.to_owned(), it))).collect()
}

#[test]
fn every_code_is_reached() {
    let codes: BTreeSet<String> = said()
        .iter()
        .map(|(_, it)| serde_json::to_value(&it.code).unwrap().as_str().unwrap().to_owned())
        .collect();
    let listed = read("ui/src/lib/wire/ErrorCode.ts");
    let listed: BTreeSet<String> = listed.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert_eq!(codes, listed);
}

#[test]
fn each_says_what_was_wrong_what_did_not_happen_and_no_more() {
    let not = ["Nothing", "nothing", "not ", "No "];
    let never =
        ["Oops", "successfully", "please", "Please", "Are you sure", "Invalid", "error", "{", "unwrap"];
    for (name, UserError { title, hint, .. }) in said() {
        assert!(title.ends_with('.') && hint.ends_with('.'), "{name}: {title} / {hint}");
        assert!(
            not.iter().any(|word| hint.contains(word)),
            "{name} does not say what did not happen: {hint}"
        );
        assert!(title.len() <= 100 && hint.len() <= 220, "{name} is longer than people read");
        for word in never {
            assert!(!title.contains(word) && !hint.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn what_says_that_more_is_below_has_it_below() {
    for (name, said) in said() {
        let below = said.detail.is_some_and(|detail| !detail.is_empty());
        assert!(below || !said.hint.contains("below"), "{name}");
    }
}

#[test]
fn no_window_says_why_in_the_same_words() {
    let said = at_start(&Error::Spool(Spool::Busy { path: "/run/box".into() }));
    assert!(
        said.starts_with("Countersign did not start. Another Countersign of yours is running."),
        "{said}"
    );
    assert!(said.contains("/run/box"), "{said}");
}

#[test]
fn the_gallery_shows_these_words() {
    let listed: Vec<_> = said()
        .iter()
        .map(|(name, it)| json!({ "from": name, "error": serde_json::to_value(it).unwrap() }))
        .collect();
    let text = format!("{}\n", serde_json::to_string_pretty(&listed).unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dev/errors.json");
    if std::env::var_os("UPDATE_WIRE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(
        read("ui/dev/errors.json") == text,
        "errors.json is not what Rust says; UPDATE_WIRE=1 writes it anew"
    );
}
