//! Two users of one machine, and two sets of folders of one user: neither sees, reads, writes or blocks what is the other's.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use countersign_tests::rig::{Proposed, Rig};
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, gate, programs, sealed};

/// Two that need not be in any list of users.
const USERS: [u32; 2] = [65_531, 65_532];

fn assert_root() {
    assert!(rustix::process::geteuid().is_root(), "this test is two other users: run it as root");
}

/// Two installations under one folder, of those users or of whoever runs the test.
fn two(base: &Path, users: [Option<u32>; 2]) -> [Rig; 2] {
    fs::set_permissions(base, fs::Permissions::from_mode(0o755)).unwrap();
    let [one, other] = users;
    [Rig::at(&base.join("one"), one), Rig::at(&base.join("other"), other)]
}

fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("cs").tempdir_in("/tmp").unwrap()
}

/// Both go through all of it at the same time, under the same names; what each proposed.
fn both_go_on(rigs: &mut [Rig; 2]) -> [Proposed; 2] {
    let proposed = rigs.each_ref().map(|rig| rig.propose("same"));
    for (rig, proposed) in rigs.iter_mut().zip(&proposed) {
        rig.approve(&proposed.digest);
    }
    for (rig, proposed) in rigs.iter_mut().zip(&proposed) {
        rig.until_state(&proposed.digest, &["executed"]);
        rig.settle();
        assert_eq!(rig.ran("same"), 1);
    }
    proposed
}

fn neither_knows_of_the_other(rigs: &mut [Rig; 2], proposed: &[Proposed; 2]) {
    assert_eq!(rigs[0].state(&proposed[1].digest), None);
    assert_eq!(rigs[1].state(&proposed[0].digest), None);
    for rig in rigs {
        assert_eq!(rig.say("evidence").as_deref(), Some("0"));
        assert_eq!(rig.status().unwrap()["proposals"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn two_users_of_one_machine_neither_see_nor_block_each_other() {
    assert_root();
    sealed(|| {
        let folder = folder();
        let mut rigs = two(folder.path(), USERS.map(Some));
        let proposed = both_go_on(&mut rigs);
        neither_knows_of_the_other(&mut rigs, &proposed);

        for [me, other] in [[0, 1], [1, 0]] {
            let (me, other) = (&rigs[me], &rigs[other]);
            let their = |name: &str| other.path(name).to_string_lossy().into_owned();
            let as_me = |words: &[&str]| me.command(words[0]).args(&words[1..]).output().unwrap();
            // Nothing below their folder has even a name for me.
            let seen = as_me(&["find", &their("")]);
            assert_eq!(String::from_utf8_lossy(&seen.stdout).lines().count(), 1, "{seen:?}");
            for file in [
                "data/countersign/app/store.db",
                "data/countersign/gates/home/key",
                "data/countersign/gates/home/ledger.db",
                "state/countersign/anchors/home",
                "work/ran-same",
            ] {
                assert!(other.path(file).exists(), "{file}");
                assert!(!as_me(&["cat", &their(file)]).status.success(), "{file} was read");
                assert!(!as_me(&["touch", &their(file)]).status.success(), "{file} was written");
            }
            for new in ["reviewer/new/x", "gates/home/new/x", "reviewer/tmp/x", "gates/home/blobs/x"] {
                let new = their(&format!("data/countersign/spool/{new}"));
                assert!(!as_me(&["touch", &new]).status.success(), "{new} was made");
            }
            for lock in ["spool/reviewer/lock", "gates/home/lock"] {
                let lock = their(&format!("data/countersign/{lock}"));
                assert!(!as_me(&["flock", "-n", &lock, "true"]).status.success(), "{lock} was taken");
            }
            let mut asks = me.command(programs::countersign());
            let asked = asks.env("COUNTERSIGN_SOCKET", their("run/countersign/home.sock")).arg("status");
            assert_eq!(asked.output().unwrap().status.code(), Some(96), "a stranger reached the gate");
        }

        // What one user's files look like in the other's boxes: given away, they are refused.
        let given = rigs[0].gate_box().join("tmp/given");
        fs::write(&given, "{}").unwrap();
        std::os::unix::fs::chown(&given, Some(USERS[1]), None).unwrap();
        let name = format!("withdrawal.{}.json", proposed[1].digest);
        fs::rename(given, rigs[0].gate_box().join("new").join(&name)).unwrap();
        let why = rigs[0].gate_box().join("bad").join(format!("{name}.why"));
        until_so("it is put away", || gate::text(&why).contains("a user who may not send here"));
        for rig in &mut rigs {
            rig.stop_gate();
            rig.stop_app();
            rig.start_gate(None);
            rig.start_app(None);
        }
        for (rig, proposed) in rigs.iter_mut().zip(&proposed) {
            rig.until_state(&proposed.digest, &["executed"]);
        }
    });
}

#[test]
fn two_sets_of_folders_of_one_user_do_not_know_of_each_other() {
    sealed(|| {
        let folder = folder();
        let mut rigs = two(folder.path(), [None, None]);
        let proposed = both_go_on(&mut rigs);
        neither_knows_of_the_other(&mut rigs, &proposed);
        // On one set of folders there is one app and one gate, and the second says so.
        let rig = &mut rigs[0];
        let second = rig.command(programs::windowless()).output().unwrap();
        let said = String::from_utf8_lossy(&second.stdout).into_owned();
        assert!(!second.status.success() && said.contains("another program already reads"), "{second:?}");
        assert_eq!(rig.agent(&["gate"]).status.code(), Some(99));
        assert_eq!(rig.state(&proposed[0].digest).as_deref(), Some("executed"));
    });
}

#[test]
fn two_windows_on_two_sets_of_folders_are_both_open_with_keys_of_their_own() {
    sealed(|| {
        // One session: one bus, one keyring, two sets of folders.
        let mut desktop = Desktop::start();
        let first = Person::begin(&desktop);
        for (name, folder) in
            [("XDG_DATA_HOME", "data2"), ("XDG_STATE_HOME", "state2"), ("XDG_RUNTIME_DIR", "run2")]
        {
            let made = desktop.folder(folder);
            fs::set_permissions(&made, fs::Permissions::from_mode(0o700)).unwrap();
            desktop.set(name, made);
        }
        let second = Person::begin(&desktop);
        gate::output(&desktop, &["run", "--no-wait", "--", "echo", "for the second"]);
        second.open_proposal("echo");
        second.unlock();
        second.approve();
        assert_eq!(second.receipt(), ["done"]);
        assert!(!first.window.text().contains("for the second"));

        // The key of the first is still what it was. Its window is brought to the front by starting it again.
        for name in ["XDG_DATA_HOME", "XDG_STATE_HOME"] {
            desktop.unset(name);
        }
        desktop.set("XDG_RUNTIME_DIR", desktop.path("run"));
        let mut again = desktop.start_command("again", &mut desktop.command(programs::app()));
        assert_eq!(again.wait().code(), Some(0), "{}", again.log());
        gate::output(&desktop, &["run", "--no-wait", "--", "printf", "for the first"]);
        first.open_proposal("printf");
        first.unlock();
        first.approve();
        assert_eq!(first.receipt(), ["done"]);
        assert!(!second.window.text().contains("for the first"));
        first.window.close();
        second.window.close();
    });
}
