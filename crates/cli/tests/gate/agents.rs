//! Several clients, of several agents, some of them hostile.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;

use countersign_core::halt::Scope;
use countersign_core::proposal::Authenticated;

use crate::bed::{Agent, Bed, run, until};

#[test]
fn two_clients_wait_at_once_and_each_gets_its_own_answer() {
    let mut bed = Bed::new();
    let agents: Vec<_> = (0..2)
        .map(|at| {
            let agent = bed.spawn(&["run", "--", "/bin/sh", "-c", &format!("echo {at}; exit {at}")]);
            (agent, bed.proposal())
        })
        .collect();
    for (_, proposed) in agents.iter().rev() {
        bed.approve(proposed);
    }
    for (at, (agent, _)) in agents.into_iter().enumerate() {
        let (status, out, err) = agent.end();
        assert_eq!((status, out), (i32::try_from(at).unwrap(), format!("{at}\n")), "{err}");
    }
}

#[test]
fn a_token_says_who_an_agent_is_until_it_is_revoked() {
    let mut bed = Bed::new();
    let made = bed.cli(&["token", "add", "claude"]);
    let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    let config = std::fs::read_to_string(bed.home().join("gate.json")).unwrap();
    assert!(!config.contains(&token));
    let with_token = |arguments: &[&str]| run(bed.command().env("COUNTERSIGN_TOKEN", &token).args(arguments));
    let output = with_token(&["run", "--no-wait", "--calls-itself", "root", "--", "true"]);
    let id = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    // Another agent's proposal is as if it did not exist; the gate's own user sees all.
    let mine = bed.propose_mark(&[]);
    assert_eq!(with_token(&["wait", &mine]).status.code(), Some(99));
    assert_eq!(with_token(&["show", &mine]).status.code(), Some(99));
    assert!(with_token(&["show", &id]).status.success());
    assert!(bed.cli(&["show", &id]).status.success());
    let listed = String::from_utf8(with_token(&["status"]).stdout).unwrap();
    assert!(listed.contains(&id) && !listed.contains(&mine));

    let bad = run(bed.command().env("COUNTERSIGN_TOKEN", "cst_0").arg("status"));
    assert_eq!(bad.status.code(), Some(99));
    let listed = String::from_utf8(bed.cli(&["token", "list"]).stdout).unwrap();
    assert!(listed.starts_with("claude  token "), "{listed}");
    assert!(bed.cli(&["token", "revoke", "claude"]).status.success());
    assert_eq!(with_token(&["status"]).status.code(), Some(99));

    let both = [bed.proposal().proposal, bed.proposal().proposal];
    let proposed = both.into_iter().find(|it| it.id.as_str() == id).unwrap();
    assert_eq!(proposed.agent.name.as_str(), "claude");
    assert_eq!(proposed.agent.authenticated, Authenticated::Token("claude".parse().unwrap()));
    assert_eq!(proposed.agent.calls_itself.unwrap().as_str(), "root");
}

#[test]
fn a_halt_of_one_agent_stops_that_one_only() {
    let mut bed = Bed::new();
    let made = bed.cli(&["token", "add", "claude"]);
    let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    let with_token = |bed: &Bed| {
        let mut command = bed.command();
        command.env("COUNTERSIGN_TOKEN", &token).args(["run", "--no-wait", "--", "true"]);
        run(&mut command)
    };
    assert_eq!(with_token(&bed).status.code(), Some(98));
    let theirs = bed.proposal();
    let id = bed.propose_mark(&[]);
    let ours = bed.proposal();
    let authenticated = theirs.proposal.agent.authenticated.clone();
    bed.halt(Scope::Agent { gate: "home".parse().unwrap(), authenticated }, 1);
    assert_eq!(bed.refused(&theirs.digest), "HALTED");
    assert_eq!(with_token(&bed).status.code(), Some(87));
    bed.approve(&ours);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    assert_eq!(bed.marks(), 1);
}

#[test]
fn another_user_is_kept_out_unless_the_configuration_names_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let mut bed = Bed::in_folder(folder.path());
    bed.configure(|config| config["uids"] = serde_json::json!([65533]));
    bed.start();
    // Only root can be somebody else.
    assert!(rustix::process::geteuid().is_root(), "this test needs to be run as root");
    let program = bed.base.join("countersign");
    std::fs::copy(env!("CARGO_BIN_EXE_countersign"), &program).unwrap();
    let status = |uid: u32| {
        let mut command = std::process::Command::new(&program);
        command.env_clear().env("HOME", "/nonexistent").env("COUNTERSIGN_SOCKET", bed.socket());
        run(command.uid(uid).arg("status").current_dir("/"))
    };
    assert!(status(65533).status.success(), "{:?}", status(65533));
    let refused = status(65532);
    assert_eq!(refused.status.code(), Some(99));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("user 65532 may not talk to this gate"), "{said}");
}

#[test]
fn asking_twice_with_the_same_key_is_asking_once() {
    let bed = Bed::new();
    let first = bed.propose_mark(&["--key", "call-1"]);
    assert_eq!(bed.propose_mark(&["--key", "call-1"]), first);
    assert_ne!(bed.propose_mark(&["--key", "call-2"]), first);
    let other = bed.cli(&["run", "--no-wait", "--key", "call-1", "--", "true"]);
    assert_eq!(other.status.code(), Some(99));
}

#[test]
fn what_cannot_be_resolved_is_not_proposed() {
    let mut bed = Bed::new();
    for (arguments, says) in [
        (vec!["run", "--", "no-such-program"], "no such program in the PATH of the gate"),
        (vec!["run", "--", "./nothing"], "No such file"),
        (vec!["run", "--", "/"], "does not end in a file"),
        (vec!["run", "--cwd", "/nowhere", "--", "true"], "/nowhere"),
        (vec!["run", "--env", "A", "--", "true"], "NAME=VALUE"),
        (vec!["run", "--env", "A=1", "--env", "A=2", "--", "true"], "twice"),
        (vec!["run", "--expires", "15d", "--", "true"], "14 days"),
        (vec!["run", "--supersedes", "nothing", "--", "true"], "supersede"),
        (vec!["apply", "--delete", "missing"], "no such file"),
        (vec!["apply", "--delete", "a", "--delete", "./a"], "twice"),
        (vec!["wait", "01a1fbf6-8b4d-70c9-9130-cfa85d6042b2"], "no such proposal"),
    ] {
        let output = bed.cli(&arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(99), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    assert!(bed.messages(countersign_sources::spool::Kind::Proposal).is_empty());
}

#[test]
fn without_a_gate_nothing_is_proposed_and_that_is_said() {
    let mut bed = Bed::new();
    bed.stop();
    let output = bed.cli(&["run", "--", "true"]);
    assert_eq!(output.status.code(), Some(96));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("Nothing was proposed") && said.contains("countersign gate"), "{said}");
    let usage = bed.cli(&["no-such-verb"]);
    assert_eq!(usage.status.code(), Some(99));
}

/// A frame of the protocol.
fn frame(kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
    frame.push(kind);
    frame.extend(bytes);
    frame
}

#[test]
fn hostile_clients_are_cut_off_and_hold_nobody_up() {
    let bed = Bed::new();
    let hello = frame(0, br#"{"hello":{"version":1}}"#);
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let mut open = Vec::new();
    for bytes in [
        vec![],
        vec![0xff; 5],
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        frame(7, b"{}"),
        frame(0, b"{}"),
        frame(0, br#"{"status":{}}"#),
        frame(0, br#"{"hello":{"version":2}}"#),
        frame(0, br#"{"hello":{"version":1,"version":1}}"#),
        [hello.clone(), vec![0xff, 0xff, 0xff, 0xff, 0]].concat(),
        [hello.clone(), vec![0xff, 0xff, 0xff, 0xff, 1]].concat(),
        // A promise of 60 MiB that is never kept.
        [hello.clone(), vec![3, 0xc0, 0, 0, 1]].concat(),
        [hello.clone(), frame(0, b"\xff\xfe")].concat(),
        [hello.clone(), frame(0, deep.as_bytes())].concat(),
        [hello.clone(), frame(0, br#"{"wait":{"proposal":"x","output":true,"more":1}}"#)].concat(),
        [hello.clone(), frame(0, br#"{"status":{}}"#)[..9].to_vec()].concat(),
        [hello.clone(), frame(1, &[0; 1 << 20]).repeat(3)].concat(),
    ] {
        let mut stream = UnixStream::connect(bed.socket()).unwrap();
        // The gate may have hung up before all is written.
        let _ = stream.write_all(&bytes);
        open.push(stream);
    }
    // Many that say nothing, and many of one agent that say hello and nothing more.
    let token = String::from_utf8(bed.cli(&["token", "add", "greedy"]).stdout).unwrap();
    let greedy = format!(r#"{{"hello":{{"version":1,"token":"{}"}}}}"#, token.trim());
    for _ in 0..100 {
        open.push(UnixStream::connect(bed.socket()).unwrap());
        let mut stream = UnixStream::connect(bed.socket()).unwrap();
        stream.write_all(&frame(0, greedy.as_bytes())).unwrap();
        open.push(stream);
    }
    // The gate still answers others, with all of these open, and that one no more.
    assert!(bed.cli(&["status"]).status.success());
    until("the greedy one to be refused", || {
        let output = run(bed.command().env("COUNTERSIGN_TOKEN", token.trim()).arg("status"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        said.contains("64 connections").then_some(())
    });
    let id = bed.propose_mark(&[]);
    assert!(bed.cli(&["show", &id]).status.success());

    // Whoever does not speak the protocol is told, and let go.
    let mut stream = UnixStream::connect(bed.socket()).unwrap();
    stream.write_all(&[hello, frame(0, b"nonsense")].concat()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(String::from_utf8_lossy(&answer).contains("refused"));
}

#[test]
fn a_client_that_reads_nothing_holds_up_neither_the_program_nor_others() {
    let mut bed = Bed::new();
    let mark = bed.work().join("ran");
    let script = format!("head -c 8000000 /dev/zero; echo ran >> {}", mark.display());
    let output = bed.cli(&["run", "--no-wait", "--", "/bin/sh", "-c", &script]);
    let id = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let proposed = bed.proposal();
    let mut deaf = UnixStream::connect(bed.socket()).unwrap();
    let wait = format!(r#"{{"wait":{{"proposal":"{id}","output":true}}}}"#);
    let hello = frame(0, br#"{"hello":{"version":1}}"#);
    deaf.write_all(&[hello, frame(0, wait.as_bytes())].concat()).unwrap();
    bed.approve(&proposed);
    bed.receipt(&proposed.digest);
    assert_eq!(bed.marks(), 1);
    let listening: Agent = bed.spawn(&["wait", &id]);
    let (status, out, _) = listening.end();
    assert_eq!((status, out.len()), (0, 8_000_000));
}
