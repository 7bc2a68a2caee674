//! What an agent, or somebody who can write into the gate's box, tries beyond asking nicely.

use std::future::Future;
use std::process::Output;

use countersign_core::digest::Digest;
use countersign_gate::Error;
use countersign_gate::client::Client;
use countersign_sources::spool::Kind;

use crate::bed::{Bed, until};

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn token(bed: &Bed) -> String {
    let made = bed.cli(&["token", "add", "claude"]);
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

fn with_token(bed: &Bed, token: &str, arguments: &[&str]) -> Output {
    bed.command().env("COUNTERSIGN_TOKEN", token).args(arguments).output().unwrap()
}

#[test]
fn naming_a_file_does_not_tell_an_agent_what_is_in_it() {
    let mut bed = Bed::new();
    let token = token(&bed);
    std::fs::write(bed.work().join("secret"), "the gate may read this\n").unwrap();
    std::fs::write(bed.work().join("new"), "mine\n").unwrap();
    for arguments in [
        ["apply", "--no-wait", "--write", "secret=new"].as_slice(),
        ["apply", "--no-wait", "--delete", "secret"].as_slice(),
    ] {
        let id = with_token(&bed, &token, arguments);
        let id = String::from_utf8(id.stdout).unwrap().trim().to_owned();
        for show in [["show", &id].as_slice(), &["show", "--envelope", &id], &["--json", "show", &id]] {
            let shown = with_token(&bed, &token, show);
            assert_eq!(shown.status.code(), Some(99), "{shown:?}");
            assert!(!format!("{shown:?}").contains("the gate may read"), "{shown:?}");
        }
        // Whoever decides sees it, and so does the gate's own user.
        let own = String::from_utf8(bed.cli(&["show", &id]).stdout).unwrap();
        assert!(own.contains("the gate may read this"), "{own}");
        let before = bed.proposal().proposal.contents()[0].inline_bytes().unwrap().to_vec();
        assert_eq!(before, b"the gate may read this\n");
    }
    // The digest of a file that an interpreter would read is no less.
    let id = with_token(&bed, &token, &["run", "--no-wait", "--", "/bin/sh", "secret"]);
    let id = String::from_utf8(id.stdout).unwrap().trim().to_owned();
    assert_eq!(with_token(&bed, &token, &["show", "--envelope", &id]).status.code(), Some(99));
    // What the agent itself brought, it is shown.
    let id = with_token(&bed, &token, &["apply", "--no-wait", "--write", "other=new"]);
    let id = String::from_utf8(id.stdout).unwrap().trim().to_owned();
    assert!(with_token(&bed, &token, &["show", &id]).status.success());
}

#[test]
fn the_gates_own_files_are_nothing_to_propose_about() {
    let mut bed = Bed::new();
    std::fs::write(bed.work().join("new"), "{}").unwrap();
    for file in [bed.home().join("key"), bed.home().join("gate.json"), bed.anchor()] {
        let output = bed.cli(&["apply", "--no-wait", "--write", &format!("{}=new", file.display())]);
        assert_eq!(output.status.code(), Some(99), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("the gate's own files"), "{output:?}");
        let output = bed.cli(&["apply", "--no-wait", "--delete", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(99), "{output:?}");
    }
    assert!(bed.messages(Kind::Proposal).is_empty());
}

#[test]
fn a_revoked_token_opens_nothing_more_also_on_an_open_connection() {
    let bed = Bed::new();
    let token = token(&bed);
    block(async {
        let mut client = Client::connect(&bed.socket(), Some(&token)).await.unwrap();
        client.status().await.unwrap();
        assert!(bed.cli(&["token", "revoke", "claude"]).status.success());
        let refused = client.status().await.unwrap_err();
        assert!(matches!(&refused, Error::Request(why) if why.contains("token")), "{refused:?}");
        assert!(client.status().await.is_err());
    });
}

#[test]
fn a_reason_that_fits_into_no_message_holds_up_nobody() {
    let mut bed = Bed::new();
    let id = bed.propose_mark(&[]);
    bed.proposal();
    block(async {
        let mut client = Client::connect(&bed.socket(), None).await.unwrap();
        let refused = client.withdraw(&id, Some("x".repeat(300_000))).await.unwrap_err();
        assert!(matches!(&refused, Error::Request(why) if why.contains("at most")), "{refused:?}");
    });
    // It still stands, and what comes after it still arrives.
    bed.propose_mark(&[]);
    bed.proposal();
    assert!(bed.messages(Kind::Withdrawal).is_empty());
    assert_eq!(bed.json(&["status"])["trouble"], serde_json::Value::Null);
    block(async {
        let mut client = Client::connect(&bed.socket(), None).await.unwrap();
        assert!(client.withdraw(&id, Some("no longer".to_owned())).await.unwrap());
    });
    until("the withdrawal", || (!bed.messages(Kind::Withdrawal).is_empty()).then_some(()));
}

#[test]
fn a_heap_of_long_rubbish_in_the_box_does_not_silence_the_status() {
    let bed = Bed::new();
    let long = "\u{9b}31m".repeat(20_000);
    for number in 0..60_u32 {
        let rubbish = format!("{{\"{long}{number}\":1}}");
        bed.send_bytes(Kind::Decision, &Digest::of(rubbish.as_bytes()), rubbish.as_bytes());
    }
    until("all of it to be refused", || (bed.bad().len() == 60).then_some(()));
    let status = bed.json(&["status"]);
    assert_eq!(status["attempts"].as_array().unwrap().len(), 50);
    assert_eq!(status["attempts"][0]["code"], "ENVELOPE_MALFORMED");
    for output in [bed.cli(&["status"]), bed.cli(&["--json", "status"])] {
        assert!(output.stdout.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n')), "{output:?}");
    }
}

#[test]
fn ctrl_c_leaves_also_when_the_gate_says_nothing() {
    use rustix::process::Signal;
    let mut bed = Bed::new();
    let waits = bed.spawn(&["run", "--", "true"]);
    bed.proposal();
    bed.signal_only(Signal::STOP);
    let asks = bed.spawn(&["run", "--", "true"]);
    // Until it listens for signals it would end as any program does.
    until("a signal to be listened for", || asks.listens_for(Signal::INT).then_some(()));
    for agent in [&waits, &asks] {
        agent.signal(Signal::INT);
    }
    for (agent, expected) in [(waits, (96, "not known")), (asks, (85, "nothing was proposed"))] {
        let (status, _, err) = agent.end();
        assert_eq!(status, expected.0, "{err}");
        assert!(err.contains(expected.1), "{err}");
    }
    bed.signal_only(Signal::CONT);
    assert_eq!(bed.cli(&["wait", "x", "--timeout", "200000000000000d"]).status.code(), Some(99));
    let id = bed.propose_mark(&[]);
    let patient = bed.spawn(&["wait", &id, "--timeout", "200000000000000d"]);
    let proposed = until("the proposal", || Some(bed.proposal()).filter(|it| it.proposal.id.as_str() == id));
    bed.approve(&proposed);
    let (status, _, err) = patient.end();
    assert_eq!(status, 0, "{err}");
}

#[test]
fn rights_are_changed_on_the_file_that_was_shown_and_no_other() {
    use std::os::unix::fs::{PermissionsExt, chown};
    let mut bed = Bed::new();
    assert!(rustix::process::geteuid().is_root(), "this test needs to be run as root");
    let [shown, secret] = ["shown", "secret"].map(|name| bed.work().join(name));
    for swap in ["another owner", "another name"] {
        for file in [&shown, &secret] {
            let _ = std::fs::remove_file(file);
            std::fs::write(file, "s").unwrap();
            std::fs::set_permissions(file, PermissionsExt::from_mode(0o600)).unwrap();
        }
        let agent = bed.spawn(&["apply", "--chmod", "shown=644"]);
        let proposed = bed.proposal();
        match swap {
            "another owner" => {
                chown(&secret, Some(65533), None).unwrap();
                std::fs::rename(&secret, &shown).unwrap();
            }
            _ => {
                std::fs::remove_file(&shown).unwrap();
                std::fs::hard_link(&secret, &shown).unwrap();
            }
        }
        bed.approve(&proposed);
        let (status, _, err) = agent.end();
        assert_eq!(status, 94, "{swap}: {err}");
        assert_eq!(std::fs::metadata(&shown).unwrap().permissions().mode() & 0o777, 0o600, "{swap}");
    }
    let linked = bed.cli(&["apply", "--no-wait", "--chmod", "shown=644"]);
    assert_eq!(linked.status.code(), Some(99), "{linked:?}");
}

#[test]
fn a_gate_that_says_nothing_is_not_waited_for_in_silence() {
    use rustix::process::Signal;
    let mut bed = Bed::new();
    let id = bed.propose_mark(&[]);
    bed.proposal();
    bed.signal_only(Signal::STOP);
    let waits = [bed.spawn(&["wait", &id]), bed.spawn(&["run", "--", "true"])];
    let looks = [bed.spawn(&["status"]), bed.spawn(&["show", &id])];
    for look in looks {
        let (status, out, err) = look.end();
        assert_eq!((status, out.as_str()), (96, ""), "{err}");
        assert!(err.contains("says nothing") && err.contains("Nothing was proposed or done"), "{err}");
    }
    for waits in &waits {
        waits.says("says nothing yet; this waits for it");
    }
    bed.signal_only(Signal::CONT);
    let proposed = bed.proposal();
    bed.deny(&proposed, "no");
    for (waits, expected) in waits.into_iter().zip([98, 84]) {
        if expected == 98 {
            waits.signal(Signal::INT);
        }
        let (status, _, err) = waits.end();
        assert_eq!(status, expected, "{err}");
    }
}
