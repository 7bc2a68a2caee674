//! Files: created, edited, deleted, given other permission bits. Or not touched.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt};
use std::path::Path;

use countersign_core::action::Act;
use countersign_core::receipt::Outcome;
use serde_json::json;

use crate::bed::{Agent, Bed};

/// Writes `operations` to a file and applies them in the background.
fn apply(bed: &Bed, operations: &serde_json::Value) -> Agent {
    let file = bed.base.join("operations.json");
    std::fs::write(&file, operations.to_string()).unwrap();
    bed.spawn(&["apply", file.to_str().unwrap()])
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().mode() & 0o7777
}

/// Nothing of ours is left lying about.
fn no_leavings(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(!name.to_str().unwrap().starts_with(".countersign-"), "{name:?}");
    }
}

#[test]
fn files_are_created_edited_deleted_and_keep_their_mode() {
    let mut bed = Bed::new();
    let (old, gone, new) = (bed.work().join("old"), bed.work().join("gone"), bed.work().join("new"));
    std::fs::write(&old, "before\n").unwrap();
    std::fs::set_permissions(&old, PermissionsExt::from_mode(0o751)).unwrap();
    std::fs::write(&gone, "to go\n").unwrap();
    // Paths in a file of operations may be relative.
    let agent = apply(
        &bed,
        &json!([
            { "write": { "path": "old", "content": "after\n" } },
            { "delete": { "path": "gone" } },
            { "write": { "path": new.to_str().unwrap(), "content": { "b64": "AP8=" }, "mode": 0o600 } },
            { "chmod": { "path": "../work/sub", "mode": 0o700 } },
        ]),
    );
    // The folder named last is missing: nothing is proposed.
    let (status, _, err) = agent.end();
    assert_eq!(status, 99, "{err}");
    std::fs::create_dir(bed.work().join("sub")).unwrap();
    std::fs::set_permissions(bed.work().join("sub"), PermissionsExt::from_mode(0o755)).unwrap();
    let agent = bed.spawn(&["apply", bed.base.join("operations.json").to_str().unwrap()]);
    let proposed = bed.proposal();
    assert_eq!(proposed.proposal.actions.len(), 4);
    bed.approve(&proposed);
    let (status, _, err) = agent.end();
    assert_eq!(status, 0, "{err}");
    assert_eq!((std::fs::read(&old).unwrap(), mode(&old)), (b"after\n".to_vec(), 0o751));
    assert_eq!((std::fs::read(&new).unwrap(), mode(&new)), (vec![0, 255], 0o600));
    assert!(!gone.exists());
    assert_eq!(mode(&bed.work().join("sub")), 0o700);
    no_leavings(&bed.work());
    assert!(matches!(bed.receipt(&proposed.digest).outcomes.as_slice(), [Outcome::Done { .. }, ..]));
}

#[test]
fn all_preconditions_are_looked_at_before_anything_is_done() {
    let mut bed = Bed::new();
    let (first, second) = (bed.work().join("first"), bed.work().join("second"));
    for change in ["content", "mode", "gone", "appeared", "link", "second name"] {
        std::fs::write(&first, "1\n").unwrap();
        let _ = std::fs::remove_file(&second);
        if change != "appeared" {
            std::fs::write(&second, "2\n").unwrap();
            std::fs::set_permissions(&second, PermissionsExt::from_mode(0o644)).unwrap();
        }
        let agent = apply(
            &bed,
            &json!([
                { "write": { "path": "first", "content": "one\n" } },
                { "write": { "path": "second", "content": "two\n" } },
            ]),
        );
        let proposed = bed.proposal();
        match change {
            "content" | "appeared" => std::fs::write(&second, "changed\n").unwrap(),
            "mode" => std::fs::set_permissions(&second, PermissionsExt::from_mode(0o600)).unwrap(),
            "gone" => std::fs::remove_file(&second).unwrap(),
            "link" => {
                let aside = bed.work().join("aside");
                std::fs::rename(&second, &aside).unwrap();
                std::os::unix::fs::symlink(aside, &second).unwrap();
            }
            _ => std::fs::hard_link(&second, bed.work().join("name")).unwrap(),
        }
        bed.approve(&proposed);
        let (status, _, err) = agent.end();
        assert_eq!(status, 94, "{change}: {err}");
        assert_eq!(bed.refused(&proposed.digest), "PRECONDITION");
        assert_eq!(std::fs::read_to_string(&first).unwrap(), "1\n", "{change}");
        for name in ["aside", "name"] {
            let _ = std::fs::remove_file(bed.work().join(name));
        }
        no_leavings(&bed.work());
    }
}

#[test]
fn no_link_is_followed_whoever_put_it_there() {
    let mut bed = Bed::new();
    let (folder, target) = (bed.work().join("folder"), bed.work().join("target"));
    std::fs::create_dir(&folder).unwrap();
    std::fs::create_dir(&target).unwrap();
    std::fs::write(target.join("file"), "untouched\n").unwrap();
    std::fs::write(folder.join("file"), "untouched\n").unwrap();
    // A link at the end of a path is not proposed at all.
    std::os::unix::fs::symlink(target.join("file"), bed.work().join("link")).unwrap();
    let (status, _, err) = apply(&bed, &json!([{ "write": { "path": "link", "content": "evil\n" } }])).end();
    assert_eq!(status, 99);
    assert!(err.contains("symbolic link"), "{err}");
    // A folder on the way that becomes a link after signing is not gone through.
    let agent = apply(&bed, &json!([{ "write": { "path": "folder/file", "content": "evil\n" } }]));
    let proposed = bed.proposal();
    std::fs::rename(&folder, bed.work().join("aside")).unwrap();
    std::os::unix::fs::symlink(&target, &folder).unwrap();
    bed.approve(&proposed);
    assert_eq!(agent.end().0, 94);
    assert_eq!(std::fs::read_to_string(target.join("file")).unwrap(), "untouched\n");
    assert_eq!(std::fs::read_to_string(bed.work().join("aside/file")).unwrap(), "untouched\n");
}

#[test]
fn a_partial_result_is_listed() {
    let mut bed = Bed::new();
    // The second cannot be done although all preconditions hold: its folder does not let new files in.
    let full = crate::memory::Small::new();
    let base = full.0.path().canonicalize().unwrap();
    let (first, second) = (bed.work().join("first"), base.join("second"));
    std::fs::write(&second, "2\n").unwrap();
    let agent = apply(
        &bed,
        &json!([
            { "write": { "path": "first", "content": "one\n" } },
            { "write": { "path": second.to_str().unwrap(), "content": "2".repeat(100_000) } },
            { "write": { "path": "third", "content": "three\n" } },
        ]),
    );
    let proposed = bed.proposal();
    crate::memory::fill(&base.join("filler"));
    bed.approve(&proposed);
    let (status, _, err) = agent.end();
    assert_eq!(status, 1, "{err}");
    for line in ["action 1: done", "action 2: went wrong", "action 3: not attempted"] {
        assert!(err.contains(line), "{err}");
    }
    assert_eq!(std::fs::read_to_string(&first).unwrap(), "one\n");
    assert_eq!(std::fs::read_to_string(&second).unwrap(), "2\n");
    assert!(!bed.work().join("third").exists());
    no_leavings(&base);
    let outcomes = bed.receipt(&proposed.digest).outcomes;
    assert!(matches!(
        outcomes.as_slice(),
        [Outcome::Done { .. }, Outcome::Failed { .. }, Outcome::NotAttempted {}]
    ));
}

#[test]
fn many_deletions_are_one_removal_with_the_complete_list() {
    let mut bed = Bed::new();
    let mut arguments = vec!["apply".to_owned()];
    for at in 0..60 {
        std::fs::write(bed.work().join(format!("mail-{at}")), format!("{at}")).unwrap();
        arguments.extend(["--delete".to_owned(), format!("mail-{at}")]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let agent = bed.spawn(&arguments);
    let proposed = bed.proposal();
    let [action] = &*proposed.proposal.actions else { panic!() };
    let Act::Remove(remove) = &action.act else { panic!() };
    assert_eq!(remove.objects.count(), 60);
    let objects = remove.objects.items(|digest| bed.blob(digest)).unwrap();
    assert!(objects.iter().all(|it| it.sha256.is_some() && it.size.is_some() && it.known_by.len() == 1));
    bed.approve(&proposed);
    let (status, _, err) = agent.end();
    assert_eq!(status, 0, "{err}");
    assert_eq!(std::fs::read_dir(bed.work()).unwrap().count(), 0);
}

#[test]
fn other_permission_bits_are_shown_as_who_gains_what() {
    let mut bed = Bed::new();
    let file = bed.work().join("secret");
    std::fs::write(&file, "s").unwrap();
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
    let agent = bed.spawn(&["apply", "--chmod", "secret=644"]);
    let proposed = bed.proposal();
    let Act::Access(access) = &proposed.proposal.actions[0].act else { panic!() };
    assert_eq!((access.before.count(), access.after.count()), (2, 4));
    bed.approve(&proposed);
    assert_eq!(agent.end().0, 0);
    assert_eq!(mode(&file), 0o644);
}

#[test]
fn a_post_makes_one_new_file_where_the_configuration_says_and_replaces_none() {
    let mut bed = Bed::new();
    let forum = bed.work().join("forum");
    std::fs::create_dir(&forum).unwrap();
    bed.stop();
    bed.configure(|config| {
        config["places"] = json!([{
            "name": "forum", "folder": forum, "readers": { "kind": "everyone" },
            "format": "markdown", "environment": "production",
        }]);
    });
    bed.start();
    let request = |name: &str, place: &str| json!({ "want": { "post": { "place": place, "name": name, "body": "An answer.\n" } } });
    let file = bed.base.join("request.json");
    for (bad, says) in [
        (request("a.md", "elsewhere"), "no place called"),
        (request("../a.md", "forum"), "plain file name"),
        (request(".hidden", "forum"), "plain file name"),
    ] {
        std::fs::write(&file, bad.to_string()).unwrap();
        let output = bed.cli(&["propose", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(99));
        assert!(String::from_utf8_lossy(&output.stderr).contains(says), "{output:?}");
    }
    std::fs::write(&file, request("a.md", "forum").to_string()).unwrap();
    let agent = bed.spawn(&["propose", file.to_str().unwrap()]);
    let proposed = bed.proposal();
    assert!(matches!(&proposed.proposal.actions[0].act, Act::Post(post) if post.place.as_str() == "forum"));
    bed.approve(&proposed);
    assert_eq!(agent.end().0, 0);
    assert_eq!(std::fs::read_to_string(forum.join("a.md")).unwrap(), "An answer.\n");
    // The same again is not proposed; one that appears in between is not replaced.
    assert_eq!(bed.cli(&["propose", file.to_str().unwrap()]).status.code(), Some(99));
    std::fs::write(&file, request("b.md", "forum").to_string()).unwrap();
    let agent = bed.spawn(&["propose", file.to_str().unwrap()]);
    let proposed = bed.proposal();
    std::fs::write(forum.join("b.md"), "somebody else's\n").unwrap();
    bed.approve(&proposed);
    assert_eq!(agent.end().0, 94);
    assert_eq!(std::fs::read_to_string(forum.join("b.md")).unwrap(), "somebody else's\n");
}

#[test]
fn large_contents_travel_beside_the_proposal() {
    let mut bed = Bed::new();
    let (old, new) = (vec![b'a'; 3 << 20], vec![b'b'; 3 << 20]);
    std::fs::write(bed.work().join("big"), &old).unwrap();
    let from = bed.base.join("from");
    std::fs::write(&from, &new).unwrap();
    let agent = bed.spawn(&["apply", "--write", &format!("big={}", from.display())]);
    let proposed = bed.proposal();
    let Act::Change(change) = &proposed.proposal.actions[0].act else { panic!() };
    for (content, bytes) in [(&change.before, &old), (&change.after, &new)] {
        let content = content.as_ref().unwrap();
        assert_eq!(bed.blob(content.sha256()).as_ref(), Some(bytes));
    }
    bed.approve(&proposed);
    assert_eq!(agent.end().0, 0);
    assert_eq!(std::fs::read(bed.work().join("big")).unwrap(), new);
}

#[test]
fn a_removal_that_stops_half_way_lists_what_is_gone_and_what_is_left() {
    let mut bed = Bed::new();
    let small = crate::memory::Small::new();
    let base = small.0.path().canonicalize().unwrap();
    // Long names, so that the lists are too long to stand in the receipt.
    let name = |at: usize| format!("{at:03}{}", "n".repeat(200));
    let mut arguments = vec!["apply".to_owned()];
    for at in 0..40 {
        let folder = if at < 20 { bed.work() } else { base.clone() };
        std::fs::write(folder.join(name(at)), "x").unwrap();
        arguments.extend(["--delete".to_owned(), folder.join(name(at)).to_str().unwrap().to_owned()]);
    }
    let agent = bed.spawn(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let proposed = bed.proposal();
    let remount = std::process::Command::new("mount").args(["-o", "remount,ro"]).arg(&base).status();
    assert!(remount.unwrap().success());
    bed.approve(&proposed);
    let (status, _, err) = agent.end();
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("20 of 40 were removed"), "{err}");
    let receipt = bed.receipt(&proposed.digest);
    let [Outcome::Failed { results, .. }] = receipt.outcomes.as_slice() else { panic!("{receipt:?}") };
    for (label, range) in [("removed", 0..20), ("left", 20..40)] {
        let (_, content) = results.iter().find(|(name, _)| name.as_str() == label).unwrap();
        let list = content.bytes(|digest| bed.blob(digest)).unwrap();
        let list: Vec<String> = serde_json::from_slice(&list).unwrap();
        assert!(list.len() == 20 && list.iter().zip(range).all(|(path, at)| path.ends_with(&name(at))));
    }
    assert_eq!(std::fs::read_dir(bed.work()).unwrap().count(), 0);
    assert_eq!(std::fs::read_dir(&base).unwrap().count(), 20);
}

#[test]
fn a_halt_that_comes_between_two_actions_stops_the_second() {
    let mut bed = Bed::new();
    let from = bed.base.join("from");
    std::fs::write(&from, vec![b'x'; 40 << 20]).unwrap();
    // The first takes a moment. Should it be over before the halt arrives, the next try may see it.
    for at in 0..50 {
        let (big, after) = (format!("big-{at}={}", from.display()), format!("after-{at}=/dev/null"));
        let agent = bed.spawn(&["apply", "--write", &big, "--write", &after]);
        let proposed = bed.proposal();
        bed.approve(&proposed);
        crate::bed::until("it to begin", || {
            let names = std::fs::read_dir(bed.work()).unwrap().map(|it| it.unwrap().file_name());
            let mine = format!("big-{at}");
            let mut names = names.map(|it| it.into_string().unwrap());
            names.any(|it| it.starts_with(".countersign-") || it == mine).then_some(())
        });
        let halt = bed.halt(countersign_core::halt::Scope::All, at);
        let (status, _, err) = agent.end();
        let receipt = bed.receipt(&proposed.digest);
        crate::bed::until("the halt", || {
            (bed.json(&["status"])["halts"].as_array().unwrap().len() == 1).then_some(())
        });
        bed.lift(&halt);
        crate::bed::until("the lift", || {
            bed.json(&["status"])["halts"].as_array().unwrap().is_empty().then_some(())
        });
        if status == 0 {
            continue;
        }
        let [Outcome::Done { .. }, Outcome::Refused { code, .. }] = receipt.outcomes.as_slice() else {
            panic!("{receipt:?}")
        };
        assert_eq!((status, code.as_str()), (1, "HALTED"), "{err}");
        assert!(bed.work().join(format!("big-{at}")).exists());
        assert!(!bed.work().join(format!("after-{at}")).exists());
        return;
    }
    panic!("in fifty tries no halt came between the two");
}
