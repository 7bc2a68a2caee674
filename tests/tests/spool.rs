//! What lies in the boxes of a running app and a running gate and is no message, or is more than one would
//! expect: never followed, never waited for, never in the way of what is. The table is in
//! `docs/hostile-spool.md`; what one reader does with each by itself is tested in `crates/sources`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::print_stdout, reason = "how long it took is worth reading, and nothing depends on it")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{chown, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::key::SecretKey;
use countersign_core::name::Nonce;
use countersign_core::proposal::{self, Proposal};
use countersign_tests::rig::{Proposed, Rig};
use countersign_tests::sealed;
use countersign_tests::table::Table;
use countersign_tests::until::until_so;
use data_encoding::HEXLOWER;

/// A user whom no root names.
const STRANGER: u32 = 65_533;

/// How many come at once.
const MANY: u32 = if cfg!(feature = "all") { 20_000 } else { 2_000 };

/// Something that is put into a box, and what is said of it afterwards.
struct Entry {
    called: &'static str,
    name: Vec<u8>,
    put: Box<dyn Fn(&Path)>,
}

fn entry(called: &'static str, put: impl Fn(&Path) + 'static) -> Entry {
    let name = format!("receipt.{}.json", Digest::of(called.as_bytes()));
    Entry { called, name: name.into_bytes(), put: Box::new(put) }
}

fn named(called: &'static str, name: &[u8]) -> Entry {
    Entry { called, name: name.to_vec(), put: Box::new(|path| fs::write(path, b"{}").unwrap()) }
}

fn entries() -> Vec<Entry> {
    let write = |bytes: &'static [u8]| move |path: &Path| fs::write(path, bytes).unwrap();
    vec![
        entry("a symbolic link to a file", |path| symlink("/etc/passwd", path).unwrap()),
        entry("a symbolic link to nothing", |path| symlink("/nowhere", path).unwrap()),
        entry("a symbolic link to itself", |path| symlink(path.file_name().unwrap(), path).unwrap()),
        entry("a FIFO", |path| {
            let mode = rustix::fs::Mode::from_raw_mode(0o600);
            rustix::fs::mkfifoat(rustix::fs::CWD, path, mode).unwrap();
        }),
        entry("a device", |path| {
            let made = Command::new("mknod").arg(path).args(["c", "1", "5"]).status().unwrap();
            assert!(made.success(), "only root can make a device: run this test as root");
        }),
        entry("a socket", |path| {
            // The path of a socket has at most 108 bytes.
            let short = path.with_file_name("s");
            drop(UnixListener::bind(&short).unwrap());
            fs::rename(short, path).unwrap();
        }),
        entry("a folder with something in it", |path| fs::create_dir_all(path.join("inside")).unwrap()),
        entry("a sparse file of a tebibyte", |path| File::create(path).unwrap().set_len(1 << 40).unwrap()),
        entry("a second name of another file", |path| {
            let other = path.with_file_name("other");
            fs::write(&other, b"{}").unwrap();
            fs::hard_link(other, path).unwrap();
        }),
        entry("a file of a user who may not send", |path| {
            fs::write(path, b"{}").unwrap();
            chown(path, Some(STRANGER), None).expect("only root can give a file away: run this test as root");
        }),
        entry("an empty file", write(b"")),
        entry("half a message", write(br#"{"payload":"eyJ"#)),
        entry("bytes that are no text", write(b"\xff\x00\xfe")),
        named("a name with a line break", b"receipt.\nx"),
        named("a name with a control sequence", b"\x1b[2J"),
        named("a name with letters beyond ASCII", "receipt.\u{202e}nosj".as_bytes()),
        named("a name that is no text", b"\xff\xfe"),
        named("a name of 255 bytes", &[b'a'; 255]),
    ]
}

fn assert_root() {
    assert!(rustix::process::geteuid().is_root(), "this test makes files of others: run it as root");
}

/// The reason beside what was refused.
fn reason(bad: &Path, name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name).into_owned();
    let kept = match text.ends_with(".json") {
        true => text,
        false => format!("unnamed.{}", Digest::of(name)),
    };
    let why = bad.join(format!("{kept}.why"));
    assert!(fs::symlink_metadata(bad.join(&kept)).is_ok(), "{kept} was not kept");
    fs::read_to_string(&why).unwrap_or_else(|_| panic!("{} is missing", why.display())).trim().to_owned()
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

/// A whole round: proposed, shown, approved, done, once.
#[track_caller]
fn round(rig: &mut Rig, name: &str) -> Proposed {
    let proposed = rig.propose(name);
    rig.approve(&proposed.digest);
    rig.until_state(&proposed.digest, &["executed"]);
    rig.settle();
    assert_eq!(rig.ran(name), 1);
    proposed
}

#[test]
fn what_is_no_message_is_put_away_with_a_reason_and_stops_nothing() {
    assert_root();
    sealed(|| {
        let mut rig = Rig::new();
        let mut table = Table::new(
            "hostile-spool.md",
            "entries",
            &["in the box", "what the app says", "what the gate says"],
        );
        let boxes = [rig.app_box(), rig.gate_box()];
        // Made elsewhere: what lies in a box half made is taken for what it is just then.
        let made = rig.path("made");
        fs::create_dir(&made).unwrap();
        for side in &boxes {
            for entry in entries() {
                let name = OsStr::from_bytes(&entry.name);
                (entry.put)(&made.join(name));
                fs::rename(made.join(name), side.join("new").join(name)).unwrap();
            }
        }
        round(&mut rig, "among");
        until_so("both boxes are empty", || boxes.iter().all(|side| is_empty(&side.join("new"))));
        for entry in entries() {
            let [app, gate] = [0, 1].map(|at| reason(&boxes[at].join("bad"), &entry.name));
            table.add(&[entry.called, &app, &gate]);
        }
        // What the app could not read is shown to the person as what it is.
        let shown: usize = rig.say("evidence").unwrap().parse().unwrap();
        assert_eq!(shown, entries().len());
        assert_eq!(rig.say("trouble").as_deref(), Some("none"));
        assert_eq!(rig.status().unwrap()["trouble"], serde_json::Value::Null);
        assert!(fs::read_to_string("/etc/passwd").unwrap().contains("root"));
        table.check();
    });
}

#[test]
fn a_folder_in_the_place_of_what_was_read_stops_neither_side() {
    sealed(|| {
        let mut rig = Rig::new();
        round(&mut rig, "first");
        for side in [rig.app_box(), rig.gate_box()] {
            // Everything that was read comes again, and where it was kept there are folders.
            for kept in files(&side.join("cur")) {
                let name = kept.file_name().unwrap().to_owned();
                let bytes = fs::read(&kept).unwrap();
                fs::remove_file(&kept).unwrap();
                for taken in [kept.clone(), side.join("bad").join(&name)] {
                    fs::create_dir_all(taken.join("inside")).unwrap();
                }
                let why = format!("{}.why", name.to_string_lossy());
                fs::create_dir_all(side.join("bad").join(why).join("inside")).unwrap();
                fs::write(side.join("new").join(name), bytes).unwrap();
            }
        }
        round(&mut rig, "second");
        until_so("both boxes are empty", || {
            [rig.app_box(), rig.gate_box()].iter().all(|side| is_empty(&side.join("new")))
        });
        assert_eq!(rig.ran("first"), 1);
    });
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).filter(|path| path.is_file()).collect()
}

#[test]
fn a_flood_of_rubbish_keeps_neither_side_from_what_is_real() {
    sealed(|| {
        let mut rig = Rig::new();
        for side in [rig.app_box(), rig.gate_box()] {
            for at in 0..MANY {
                // Half of it looks like what comes first.
                let kind = if at % 2 == 0 { "halt" } else { "receipt" };
                let name = format!("{kind}.{}.json", Digest::of(&at.to_be_bytes()));
                fs::write(side.join("new").join(name), at.to_string()).unwrap();
            }
        }
        let proposed = rig.propose("among");
        let waited = std::time::Instant::now();
        until_so("it is shown", || {
            // Longer than anything else, and bounded by the number of tests that may run so long.
            rig.state(&proposed.digest).is_some()
        });
        println!("one proposal among {MANY}: shown after {:?}", waited.elapsed());
        rig.approve(&proposed.digest);
        rig.until_state(&proposed.digest, &["executed"]);
        assert_eq!(rig.ran("among"), 1);
        until_so("both boxes are empty", || {
            [rig.app_box(), rig.gate_box()].iter().all(|side| is_empty(&side.join("new")))
        });
        println!("{} pieces of rubbish put away after {:?}", 2 * MANY, waited.elapsed());
        let shown: usize = rig.say("evidence").unwrap().parse().unwrap();
        assert!(shown > 0);
    });
}

#[test]
fn thousands_at_once_while_the_app_was_closed_are_all_there_when_it_opens() {
    sealed(|| {
        let mut rig = Rig::new();
        let real = rig.propose("real");
        rig.until_state(&real.digest, &["waiting"]);
        rig.settle();
        rig.stop_app();
        let kept = rig.app_box().join("cur").join(format!("proposal.{}.json", real.digest));
        let envelope = Envelope::parse(&fs::read(kept).unwrap()).unwrap();
        let pattern = Proposal::parse(&envelope.payload).unwrap();
        let seed = HEXLOWER.decode(&fs::read(rig.data().join("gates/home/key")).unwrap()).unwrap();
        let key = SecretKey::from_seed(seed.as_slice().try_into().unwrap());
        for at in 0..MANY {
            let mut nonce = [0; 16];
            nonce[..4].copy_from_slice(&at.to_be_bytes());
            let seq = 1_000_000 + u64::from(at);
            let proposal = Proposal { seq, nonce: Nonce::from_bytes(nonce), ..pattern.clone() };
            let envelope = Envelope::sign(proposal::TYPE, proposal.to_payload().unwrap(), &key);
            let name = format!("proposal.{}.json", envelope.digest());
            fs::write(rig.app_box().join("new").join(name), envelope.to_bytes()).unwrap();
        }
        rig.start_app(None);
        let waited = std::time::Instant::now();
        let all = (MANY + 1).to_string();
        let mut looks = 0;
        while rig.say("count").as_deref() != Some(all.as_str()) {
            looks += 1;
            assert!(looks < 20_000, "not all of them are there: {:?}", rig.say("count"));
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        println!("{all} are there after {:?}", waited.elapsed());
        assert_eq!(rig.say("evidence").as_deref(), Some("0"));
        until_so("the box is empty", || is_empty(&rig.app_box().join("new")));
        rig.approve(&real.digest);
        rig.until_state(&real.digest, &["executed"]);
        assert_eq!(rig.ran("real"), 1);
    });
}
