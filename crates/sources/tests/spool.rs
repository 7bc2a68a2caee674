//! The spool on a real file system: what arrives, what is refused, what survives.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;

use countersign_core::digest::Digest;
use countersign_sources::Error;
use countersign_sources::spool::{Arrival, BATCH, Kind, MAX_MESSAGE, Name, Reader, Writer, on_arrival};

struct Spool {
    _base: tempfile::TempDir,
    dir: PathBuf,
    reader: Reader,
    writer: Writer,
}

fn spool() -> Spool {
    let base = tempfile::tempdir().unwrap();
    let dir = base.path().join("box");
    let reader = Reader::open(&dir).unwrap();
    let writer = Writer::open(&dir).unwrap();
    Spool { _base: base, dir, reader, writer }
}

impl Spool {
    fn in_new(&self, name: &str) -> PathBuf {
        self.dir.join("new").join(name)
    }

    /// Scans once and expects exactly one refusal, after which the box is empty and the reason lies in `bad`.
    fn refuses(&self, expected: &str) {
        let arrivals = self.reader.scan().unwrap();
        let [Arrival::Refused { why, .. }] = arrivals.as_slice() else { panic!("{arrivals:?}") };
        assert!(why.contains(expected), "{why}");
        assert!(names(&self.dir.join("new")).is_empty());
        let bad = names(&self.dir.join("bad"));
        let reason = bad.iter().find(|name| name.ends_with(".why")).unwrap();
        assert_eq!(bad.len(), 2, "{bad:?}");
        assert!(fs::read_to_string(self.dir.join("bad").join(reason)).unwrap().contains(expected));
    }
}

fn names(dir: &Path) -> Vec<String> {
    fs::read_dir(dir).unwrap().map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn good_name() -> String {
    format!("proposal.{}.json", Digest::of(b"payload"))
}

#[test]
fn what_is_sent_arrives_byte_for_byte_and_stays_until_it_is_answered() {
    let spool = spool();
    let digest = Digest::of(b"payload");
    spool.writer.send(Kind::Proposal, &digest, b"\x00an envelope\xff").unwrap();
    for _ in 0..2 {
        let arrivals = spool.reader.scan().unwrap();
        let [Arrival::Message { name, kind: Kind::Proposal, digest_in_name, bytes, .. }] =
            arrivals.as_slice()
        else {
            panic!("{arrivals:?}")
        };
        assert_eq!(
            (name.digest, *digest_in_name, bytes.as_slice()),
            (digest, digest, &b"\x00an envelope\xff"[..])
        );
    }
    spool.reader.done(&Name { kind: Kind::Proposal, digest }).unwrap();
    assert!(spool.reader.scan().unwrap().is_empty());
    assert_eq!(names(&spool.dir.join("cur")), [good_name()]);
    assert!(names(&spool.dir.join("tmp")).is_empty());
}

#[test]
fn what_the_caller_refuses_lies_in_bad_with_the_reason() {
    let spool = spool();
    let digest = Digest::of(b"payload");
    spool.writer.send(Kind::Receipt, &digest, b"x").unwrap();
    let name = Name { kind: Kind::Receipt, digest };
    assert_eq!(spool.reader.scan().unwrap().len(), 1);
    spool.reader.refuse(&name, "KEY_UNKNOWN").unwrap();
    assert!(spool.reader.scan().unwrap().is_empty());
    let reason = spool.dir.join("bad").join(format!("{name}.why"));
    assert_eq!(fs::read_to_string(reason).unwrap(), "KEY_UNKNOWN\n");
}

#[test]
fn a_message_sent_twice_is_one_message() {
    let spool = spool();
    let digest = Digest::of(b"payload");
    for _ in 0..3 {
        spool.writer.send(Kind::Decision, &digest, b"x").unwrap();
    }
    assert_eq!(spool.reader.scan().unwrap().len(), 1);
}

#[test]
fn acknowledgements_do_not_pile_up() {
    let spool = spool();
    let digest = Digest::of(b"payload");
    spool.writer.send(Kind::Ack, &digest, b"x").unwrap();
    assert_eq!(spool.reader.scan().unwrap().len(), 1);
    spool.reader.done(&Name { kind: Kind::Ack, digest }).unwrap();
    assert!(names(&spool.dir.join("cur")).is_empty() && names(&spool.dir.join("new")).is_empty());
}

#[test]
fn a_symbolic_link_is_refused() {
    let spool = spool();
    fs::write(spool.dir.join("elsewhere"), b"x").unwrap();
    symlink(spool.dir.join("elsewhere"), spool.in_new(&good_name())).unwrap();
    spool.refuses("symbolic link");
    assert_eq!(fs::read(spool.dir.join("elsewhere")).unwrap(), b"x");
}

#[test]
fn a_fifo_is_refused_without_waiting_for_its_other_end() {
    let spool = spool();
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mkfifoat(rustix::fs::CWD, spool.in_new(&good_name()), mode).unwrap();
    spool.refuses("not a regular file");
}

#[test]
fn a_socket_is_refused() {
    let spool = spool();
    let _listener = std::os::unix::net::UnixListener::bind(spool.in_new("s")).unwrap();
    fs::rename(spool.in_new("s"), spool.in_new(&good_name())).unwrap();
    spool.refuses("not a regular file");
}

#[test]
fn a_folder_is_refused_as_often_as_it_comes() {
    let spool = spool();
    for _ in 0..2 {
        fs::create_dir(spool.in_new(&good_name())).unwrap();
        fs::write(spool.in_new(&good_name()).join("inside"), b"x").unwrap();
        let arrivals = spool.reader.scan().unwrap();
        let [Arrival::Refused { why, .. }] = arrivals.as_slice() else { panic!("{arrivals:?}") };
        assert!(why.contains("not a regular file"), "{why}");
        assert!(names(&spool.dir.join("new")).is_empty());
    }
}

#[test]
fn a_hard_link_is_refused() {
    let spool = spool();
    fs::write(spool.dir.join("elsewhere"), b"x").unwrap();
    fs::hard_link(spool.dir.join("elsewhere"), spool.in_new(&good_name())).unwrap();
    spool.refuses("hard link");
}

#[test]
fn a_file_that_is_too_large_is_refused_at_the_first_byte_over() {
    let spool = spool();
    let most = usize::try_from(MAX_MESSAGE).unwrap();
    fs::write(spool.in_new(&good_name()), vec![b' '; most]).unwrap();
    let arrivals = spool.reader.scan().unwrap();
    assert!(matches!(arrivals.as_slice(), [Arrival::Message { .. }]), "{:?}", arrivals.len());
    fs::write(spool.in_new(&good_name()), vec![b' '; most + 1]).unwrap();
    spool.refuses("larger");
    let sent = spool.writer.send(Kind::Proposal, &Digest::of(b""), &vec![0; most + 1]);
    assert!(matches!(sent, Err(Error::TooLarge { .. })));
}

#[test]
fn a_name_that_is_none_of_ours_is_refused() {
    for name in ["proposal", "x y.json", ".hidden", "umlaut-\u{e4}", &"a".repeat(200), "proposal.00.json"] {
        let spool = spool();
        fs::write(spool.in_new(name), b"x").unwrap();
        spool.refuses("its name");
    }
}

#[test]
fn a_heap_of_rubbish_does_not_keep_a_halt_waiting() {
    let spool = spool();
    for n in 0..BATCH + 50 {
        fs::write(spool.in_new(&format!("0{n}")), b"x").unwrap();
        spool.writer.send(Kind::Proposal, &Digest::of(&n.to_be_bytes()), b"x").unwrap();
    }
    spool.writer.send(Kind::Halt, &Digest::of(b"halt"), b"x").unwrap();
    let arrivals = spool.reader.scan().unwrap();
    assert_eq!(arrivals.len(), BATCH);
    assert!(matches!(arrivals[0], Arrival::Message { kind: Kind::Halt, .. }), "{:?}", arrivals[0]);
}

#[test]
fn a_blob_is_found_only_while_it_is_what_its_name_says() {
    let spool = spool();
    let digest = Digest::of(b"blob");
    assert!(spool.reader.blob(&digest).is_none());
    assert!(matches!(spool.writer.put_blob(&digest, b"other"), Err(Error::BlobDigest)));
    spool.writer.put_blob(&digest, b"blob").unwrap();
    spool.writer.put_blob(&digest, b"blob").unwrap();
    assert_eq!(spool.reader.blob(&digest).unwrap(), b"blob");

    let path = spool.dir.join("blobs").join(digest.to_string());
    fs::write(&path, b"blub").unwrap();
    assert!(spool.reader.blob(&digest).is_none());
    spool.writer.put_blob(&digest, b"blob").unwrap();
    assert_eq!(spool.reader.blob(&digest).unwrap(), b"blob");

    fs::remove_file(&path).unwrap();
    fs::write(spool.dir.join("elsewhere"), b"blob").unwrap();
    symlink(spool.dir.join("elsewhere"), &path).unwrap();
    assert!(spool.reader.blob(&digest).is_none());
    spool.reader.drop_blob(&digest);
    assert!(names(&spool.dir.join("blobs")).is_empty());
}

#[test]
fn a_box_has_one_reader_and_writers_know_of_it() {
    let spool = spool();
    assert!(spool.writer.reader_alive());
    assert!(matches!(Reader::open(&spool.dir), Err(Error::Busy { .. })));
    let Spool { _base, dir, reader, writer } = spool;
    drop(reader);
    assert!(!writer.reader_alive());
    let again = Reader::open(&dir).unwrap();
    assert!(writer.reader_alive());
    drop(again);
}

#[test]
fn a_box_that_others_can_write_to_is_refused() {
    let base = tempfile::tempdir().unwrap();
    let dir = base.path().join("box");
    drop(Reader::open(&dir).unwrap());
    let set = |mode| fs::set_permissions(dir.join("new"), fs::Permissions::from_mode(mode)).unwrap();
    for (mode, allowed) in [(0o777, false), (0o770, false), (0o3770, true), (0o700, true)] {
        set(mode);
        assert_eq!(Reader::open(&dir).is_ok(), allowed, "{mode:o}");
    }
    fs::rename(dir.join("new"), dir.join("moved")).unwrap();
    symlink(dir.join("moved"), dir.join("new")).unwrap();
    assert!(Reader::open(&dir).is_err());
}

#[test]
fn boxes_are_made_for_their_owner_alone() {
    let spool = spool();
    spool.writer.send(Kind::Halt, &Digest::of(b""), b"x").unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    for folder in ["", "tmp", "new", "cur", "bad", "blobs"] {
        assert_eq!(mode(spool.dir.join(folder)), 0o700, "{folder}");
    }
    let sent = names(&spool.dir.join("new")).remove(0);
    assert_eq!(mode(spool.in_new(&sent)), 0o600);
}

#[test]
fn a_message_sent_before_anyone_reads_is_there_when_somebody_does() {
    let base = tempfile::tempdir().unwrap();
    let dir = base.path().join("deep").join("box");
    Writer::open(&dir).unwrap().send(Kind::Proposal, &Digest::of(b"p"), b"x").unwrap();
    assert_eq!(Reader::open(&dir).unwrap().scan().unwrap().len(), 1);
}

#[test]
fn a_send_that_died_half_way_is_not_a_message() {
    let spool = spool();
    fs::write(spool.dir.join("tmp").join("1.0.0"), b"half an enve").unwrap();
    assert!(spool.reader.scan().unwrap().is_empty());
}

#[test]
fn what_arrives_wakes_the_watcher() {
    let spool = spool();
    let (wake, woken) = channel();
    let dirs = [spool.reader.new_folder(), spool.reader.blob_folder()];
    let watched = on_arrival(&dirs, move || {
        let _ = wake.send(());
    });
    assert!(watched.is_some());
    // Looking wakes nobody, or whoever looks when woken would never end.
    assert!(spool.reader.scan().unwrap().is_empty() && spool.reader.blobs().unwrap().is_empty());
    spool.writer.send(Kind::Proposal, &Digest::of(b"p"), b"x").unwrap();
    woken.recv().unwrap();
    assert_eq!(spool.reader.scan().unwrap().len(), 1);
    drop(watched);
    assert_eq!(woken.iter().count(), 0, "one arrival, one wake-up");
}

#[test]
fn what_is_sent_again_while_it_is_read_is_read() {
    let spool = spool();
    let name = Name { kind: Kind::Decision, digest: Digest::of(b"d") }.to_string();
    let (temporary, place) = (spool.dir.join("tmp/again"), spool.in_new(&name));
    std::thread::scope(|scope| {
        let sender = scope.spawn(|| {
            for _ in 0..10_000 {
                fs::write(&temporary, "x").unwrap();
                fs::rename(&temporary, &place).unwrap();
            }
        });
        let mut read = 0;
        while !sender.is_finished() {
            // It may be replaced at every try: then it is said that it could not be read yet.
            let Ok(arrivals) = spool.reader.scan() else { continue };
            for arrival in arrivals {
                assert!(matches!(&arrival, Arrival::Message { bytes, .. } if bytes == b"x"), "{arrival:?}");
                read += 1;
            }
        }
        assert!(read > 0);
    });
    assert!(matches!(spool.reader.scan().unwrap().as_slice(), [Arrival::Message { .. }]));
    assert!(names(&spool.dir.join("bad")).is_empty());
}
