//! Removing everything, killed with SIGKILL at each of its steps and in the middle of one: the next
//! start goes on with it, and touches nothing that is not ours.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};

use countersign_tests::rig::Rig;
use countersign_tests::until::until_so;

/// What is somebody else's, some of it where a link of ours leads.
fn beside(rig: &Rig) -> Vec<PathBuf> {
    let outside = rig.path("outside");
    fs::create_dir_all(outside.join("deep")).unwrap();
    let data = rig.data();
    let files = [outside.join("precious"), outside.join("deep/er"), data.join("of-somebody-else")];
    for path in &files {
        fs::write(path, "x").unwrap();
    }
    symlink(&outside, data.join("gates/linked")).unwrap();
    symlink(&outside, data.join("spool/reviewer/new/link")).unwrap();
    symlink(outside.join("precious"), data.join("gates/home/link")).unwrap();
    files.into()
}

fn kept(files: &[PathBuf]) {
    for path in files {
        assert_eq!(fs::read_to_string(path).unwrap(), "x", "{path:?}");
    }
}

/// All that lies in a folder, in it and below; no link is followed.
fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let deep = entries.flat_map(|entry| {
        let below = if entry.file_type().unwrap().is_dir() { listed(&entry.path()) } else { vec![] };
        [vec![entry.path()], below].concat()
    });
    deep.collect()
}

fn killed(rig: &mut Rig) {
    until_so("the app dies", || rig.app_died().is_some());
    assert_eq!(rig.app_died().unwrap().signal(), Some(9));
}

/// Starts the app again: nothing of before is there, and it is one that was never used.
fn goes_on(rig: &mut Rig, files: &[PathBuf]) {
    let data = rig.data();
    rig.start_app(None);
    assert_eq!(rig.say("count").as_deref(), Some("0"));
    rig.stop_app();
    kept(files);
    for gone in ["removing", "gates/home", "spool/gates", "root.json", "practice"] {
        assert!(!data.join(gone).exists(), "{gone}");
    }
    assert!(!rig.path("state/countersign/anchors").exists());
    assert!(!data.join("app/reviewer.json").exists());
    rig.start_app(None);
    assert_eq!(rig.say("set-up Robin").as_deref(), Some("ok"));
    rig.end_gate_of_app();
    rig.stop_app();
    kept(files);
}

#[test]
fn a_kill_at_each_step_of_a_removal_leaves_the_rest_to_the_next_start() {
    let mut steps = 0;
    for point in (1..).map(|nth| format!("kill:removed:{nth}")) {
        let mut rig = Rig::new();
        rig.propose("one");
        rig.first_waiting();
        rig.stop_app();
        let files = beside(&rig);
        rig.start_app(Some(&point));
        let said = rig.say("remove-all");
        if said.as_deref() == Some("ok") {
            // There was no such step any more: this one is whole.
            rig.stop_app();
            kept(&files);
            let data = rig.data();
            assert_eq!(listed(&data), [data.join("of-somebody-else")]);
            break;
        }
        assert_eq!(said, None, "{point}");
        killed(&mut rig);
        kept(&files);
        goes_on(&mut rig, &files);
        steps += 1;
    }
    assert!(steps > 5, "{steps}");
}

#[test]
fn a_kill_before_anything_went_but_the_keys_leaves_all_else_for_another_try() {
    let mut rig = Rig::new();
    rig.propose("one");
    rig.first_waiting();
    rig.stop_app();
    let files = beside(&rig);
    rig.start_app(Some("kill:keys removed"));
    assert_eq!(rig.say("remove-all"), None);
    killed(&mut rig);
    rig.start_app(None);
    assert_eq!(rig.say("count").as_deref(), Some("1"));
    assert_eq!(rig.say("remove-all").as_deref(), Some("ok"));
    rig.stop_app();
    kept(&files);
    let data = rig.data();
    assert_eq!(listed(&data), [data.join("of-somebody-else")]);
}

#[test]
fn a_kill_as_soon_as_it_is_marked_leaves_all_of_it_to_the_next_start() {
    let mut rig = Rig::new();
    rig.propose("one");
    rig.first_waiting();
    rig.stop_app();
    let files = beside(&rig);
    rig.start_app(Some("kill:removal marked"));
    assert_eq!(rig.say("remove-all"), None);
    killed(&mut rig);
    assert!(rig.data().join("removing").exists() && rig.data().join("gates/home").exists());
    goes_on(&mut rig, &files);
}

#[test]
fn a_kill_in_the_middle_of_a_folder_leaves_its_rest_to_the_next_start() {
    let mut rig = Rig::new();
    rig.stop_app();
    let files = beside(&rig);
    let many = rig.app_box().join("cur");
    for n in 0..20_000 {
        fs::write(many.join(format!("proposal.{n:064x}.json")), "").unwrap();
    }
    rig.start_app(None);
    rig.tell("remove-all");
    let left = || fs::read_dir(&many).map_or(0, Iterator::count);
    until_so("some of them are gone", || left() < 20_000);
    rig.kill_app();
    assert!(rig.data().join("removing").exists(), "it was over before the kill");
    assert!(left() > 0, "all of the folder was gone before the kill");
    goes_on(&mut rig, &files);
}
