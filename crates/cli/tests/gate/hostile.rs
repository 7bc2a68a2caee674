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
