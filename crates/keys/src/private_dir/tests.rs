#![allow(clippy::unwrap_used, reason = "a test may panic")]
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use super::*;

fn dir() -> (tempfile::TempDir, PrivateDir) {
    let outer = tempfile::tempdir().unwrap();
    let dir = PrivateDir::open(&outer.path().join("a/b")).unwrap();
    (outer, dir)
}

fn refused<T>(done: Result<T, Error>, words: &str) {
    match done {
        Err(Error::Exposed { problem, .. }) => assert!(problem.contains(words), "{problem}"),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was used"),
    }
}

#[test]
fn folder_and_file_are_private_from_the_start_and_nothing_is_left_over() {
    let (outer, dir) = dir();
    for text in ["one", "another"] {
        dir.write("secret", text).unwrap();
        assert_eq!(*dir.read("secret", 100).unwrap().unwrap(), text);
    }
    assert_eq!(fs::metadata(dir.path_of("secret")).unwrap().mode() & 0o7777, 0o600);
    for made in ["a", "a/b"] {
        assert_eq!(fs::metadata(outer.path().join(made)).unwrap().mode() & 0o7777, 0o700);
    }
    assert_eq!(fs::read_dir(outer.path().join("a/b")).unwrap().count(), 1);
    dir.delete("secret").unwrap();
    dir.delete("secret").unwrap();
    assert!(dir.read("secret", 100).unwrap().is_none());
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let (_outer, dir) = dir();
    dir.write("secret", "text").unwrap();
    for mode in [0o640, 0o604, 0o660, 0o610] {
        fs::set_permissions(dir.path_of("secret"), Permissions::from_mode(mode)).unwrap();
        refused(dir.read("secret", 100), "chmod 600");
    }
}

#[test]
fn a_folder_that_others_can_enter_is_refused() {
    let (outer, _dir) = dir();
    let path = outer.path().join("a/b");
    fs::set_permissions(&path, Permissions::from_mode(0o750)).unwrap();
    refused(PrivateDir::open(&path), "chmod 700");
}

#[test]
fn symlinks_are_refused_and_never_written_through() {
    let (outer, dir) = dir();
    let target = outer.path().join("target");
    fs::write(&target, "theirs").unwrap();
    fs::set_permissions(&target, Permissions::from_mode(0o600)).unwrap();
    symlink(&target, dir.path_of("secret")).unwrap();
    refused(dir.read("secret", 100), "symbolic link");
    dir.write("secret", "ours").unwrap();
    assert_eq!(fs::read_to_string(&target).unwrap(), "theirs");
    assert_eq!(*dir.read("secret", 100).unwrap().unwrap(), "ours");

    symlink(outer.path().join("a/b"), outer.path().join("link")).unwrap();
    refused(PrivateDir::open(&outer.path().join("link")), "symbolic link");
}

#[test]
fn a_second_name_a_folder_or_a_pipe_in_its_place_is_refused() {
    let (outer, dir) = dir();
    dir.write("secret", "text").unwrap();
    fs::hard_link(dir.path_of("secret"), outer.path().join("second")).unwrap();
    refused(dir.read("secret", 100), "one name");

    fs::create_dir(dir.path_of("folder")).unwrap();
    refused(dir.read("folder", 100), "plain file");

    let pipe = dir.path_of("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    refused(dir.read("pipe", 100), "plain file");
}

#[test]
fn another_owner_is_refused() {
    // Only root can give a file away; for anybody else, root's own file will do.
    let (_outer, dir) = dir();
    dir.write("secret", "text").unwrap();
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(dir.path_of("secret"), Some(12345), None).unwrap();
        refused(dir.read("secret", 100), "belongs to user 12345");
    } else {
        refused(PrivateDir::open(Path::new("/")), "belongs to user 0");
    }
}

#[test]
fn a_file_beyond_the_limit_or_not_text_is_not_read() {
    let (_outer, dir) = dir();
    dir.write("secret", "123456").unwrap();
    assert!(dir.read("secret", 6).unwrap().is_some());
    assert!(matches!(dir.read("secret", 5), Err(Error::Damaged(_))));
    fs::write(dir.path_of("secret"), [0xff, 0xfe]).unwrap();
    assert!(matches!(dir.read("secret", 5), Err(Error::Damaged(_))));
}

#[test]
fn the_lock_keeps_a_second_opener_out() {
    let (outer, dir) = dir();
    let held = dir.lock().unwrap();
    let again = File::open(outer.path().join("a/b/keys.lock")).unwrap();
    assert!(again.try_lock().is_err());
    drop(held);
    assert!(again.try_lock().is_ok());
}
