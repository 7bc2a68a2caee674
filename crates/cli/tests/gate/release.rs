//! What a hook lets its agent do: once, the same session, the same request, and only while it still holds.

use std::future::Future;
use std::os::unix::fs::PermissionsExt;

use countersign_core::action::{Act, Action, Change, Object, Remove, Reversibility};
use countersign_core::content::{Content, Listing};
use countersign_core::receipt::Outcome;
use countersign_core::refusal::Code;
use countersign_gate::Error;
use countersign_gate::client::Client;
use countersign_gate::request::{Request, Uploads, Want};
use countersign_gate::wire::View;

use crate::amendments::amend;
use crate::bed::{Bed, until};

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A request of `session` to write a file itself.
fn request(bed: &Bed, session: &str, after: &str) -> Request {
    let path = bed.work().join("file");
    let before = std::fs::read(&path).ok().map(|bytes| Content::inline("text/plain", bytes));
    let mode_before = std::fs::metadata(&path).ok().map(|it| it.permissions().mode() & 0o7777);
    let change = Change {
        resource: path.to_str().unwrap().into(),
        before,
        after: Some(Content::inline("text/plain", after.as_bytes().to_vec())),
        mode_before,
        mode_after: None,
    };
    let action = Action {
        target: path.to_str().unwrap().into(),
        environment: "this machine".parse().unwrap(),
        reversibility: Reversibility::Effort,
        preconditions: vec![],
        act: Act::Change(change),
    };
    Request { session: Some(session.parse().unwrap()), ..Request::new(Want::Release(vec![action])) }
}

fn propose(bed: &Bed, request: &Request) -> String {
    let propose = async {
        let mut client = Client::connect(&bed.socket(), None).await?;
        client.propose(request, Uploads::new(), None).await
    };
    block(propose).unwrap().id
}

fn claim(bed: &Bed, id: &str, request: &Request) -> Result<View, Error> {
    block(async {
        let mut client = Client::connect(&bed.socket(), None).await?;
        client.wait(id, Some(request), false, |_| {}).await
    })
}

fn code(result: Result<View, Error>) -> Code {
    match result {
        Err(Error::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

/// Waits until the gate has the approval.
fn until_approved(bed: &Bed, id: &str) {
    until("the approval", || (bed.json(&["show", id])["view"]["standing"] == "approved").then_some(()));
}

#[test]
fn it_is_released_once_to_the_session_and_request_it_was_approved_for() {
    let mut bed = Bed::new();
    std::fs::write(bed.work().join("file"), "before\n").unwrap();
    let request_of = request(&bed, "one", "after\n");
    let id = propose(&bed, &request_of);
    let proposed = bed.proposal();
    bed.approve(&proposed);
    until_approved(&bed, &id);
    // Nobody came for it yet, so nothing was burned; also not after a restart.
    bed.kill();
    bed.start();

    assert_eq!(code(claim(&bed, &id, &request(&bed, "two", "after\n"))), Code::AgentMismatch);
    assert_eq!(code(claim(&bed, &id, &request(&bed, "one", "something else\n"))), Code::ActionMismatch);
    let mut other = request_of.clone();
    let Want::Release(actions) = &mut other.want else { panic!() };
    actions[0].target = "/etc/passwd".into();
    assert_eq!(code(claim(&bed, &id, &other)), Code::ActionMismatch);

    let view = claim(&bed, &id, &request_of).unwrap();
    assert_eq!(view.ending.as_deref(), Some("released"));
    let receipt = bed.receipt(&proposed.digest);
    assert!(matches!(receipt.outcomes.as_slice(), [Outcome::Released { .. }]));
    assert!(receipt.burned.is_some());
    assert_eq!(code(claim(&bed, &id, &request_of)), Code::Replay);
    // The gate did not do it itself.
    assert_eq!(std::fs::read_to_string(bed.work().join("file")).unwrap(), "before\n");
}

/// The agent has its own text in its hands: a person's would be on the receipt, and not in the file.
#[test]
fn a_release_cannot_be_amended() {
    let mut bed = Bed::new();
    std::fs::write(bed.work().join("file"), "before\n").unwrap();
    let request = request(&bed, "one", "after\n");
    let id = propose(&bed, &request);
    let proposed = bed.proposal();
    amend(&bed, &proposed, "after", b"as amended\n");
    bed.until_refused(&id, "AMENDMENT_INVALID");
    assert_eq!(bed.json(&["show", &id])["view"]["standing"], "waiting");
}

#[test]
fn one_of_many_who_claim_at_once_gets_it() {
    let mut bed = Bed::new();
    let request = request(&bed, "one", "after\n");
    let id = propose(&bed, &request);
    let proposed = bed.proposal();
    let got = std::thread::scope(|scope| {
        let claims: Vec<_> = (0..8).map(|_| scope.spawn(|| claim(&bed, &id, &request).is_ok())).collect();
        bed.approve(&proposed);
        claims.into_iter().map(|it| it.join().unwrap()).filter(|got| *got).count()
    });
    assert_eq!(got, 1);
}

#[test]
fn a_file_that_changed_since_is_not_released() {
    let mut bed = Bed::new();
    std::fs::write(bed.work().join("file"), "before\n").unwrap();
    let request = request(&bed, "one", "after\n");
    let id = propose(&bed, &request);
    let proposed = bed.proposal();
    bed.approve(&proposed);
    until_approved(&bed, &id);
    std::fs::write(bed.work().join("file"), "changed\n").unwrap();
    let view = claim(&bed, &id, &request).unwrap();
    assert_eq!(view.ending.as_deref(), Some("PRECONDITION"));
    assert_eq!(bed.refused(&proposed.digest), "PRECONDITION");
}

#[test]
fn what_a_request_says_of_a_file_has_to_be_so() {
    let bed = Bed::new();
    std::fs::write(bed.work().join("file"), "before\n").unwrap();
    let request = request(&bed, "one", "after\n");
    std::fs::write(bed.work().join("file"), "something else\n").unwrap();
    let refused = block(async {
        let mut client = Client::connect(&bed.socket(), None).await?;
        client.propose(&request, Uploads::new(), None).await
    });
    let Err(Error::Refused(refusal)) = refused else { panic!("{refused:?}") };
    assert_eq!(refusal.code, Code::Precondition);
}

#[test]
fn a_denied_one_is_not_released_and_the_agent_is_told_why() {
    let mut bed = Bed::new();
    let request = request(&bed, "one", "after\n");
    let file = bed.base.join("request.json");
    std::fs::write(&file, serde_json::to_vec(&request).unwrap()).unwrap();
    let agent = bed.spawn(&["propose", file.to_str().unwrap()]);
    let proposed = bed.proposal();
    bed.deny(&proposed, "ask first");
    let (status, _, err) = agent.end();
    assert_eq!(status, 84, "{err}");
    assert!(err.contains("ask first"), "{err}");

    let agent = bed.spawn(&["propose", file.to_str().unwrap()]);
    let proposed = bed.proposal();
    bed.approve(&proposed);
    let (status, _, err) = agent.end();
    assert_eq!(status, 0, "{err}");
}

#[test]
fn what_is_too_long_for_a_request_is_sent_beside_it() {
    let mut bed = Bed::new();
    let mail = |n: u64| Object {
        id: format!("inbox/{n}").as_str().into(),
        known_by: vec![("subject".parse().unwrap(), format!("Number {n}").as_str().into())],
        sha256: None,
        size: Some(n),
    };
    let objects: Vec<_> = (0..3000).map(mail).collect();
    let remove =
        Remove { what: "mail".parse().unwrap(), kept: true, objects: Listing::Inline(objects.clone()) };
    let long = "a line\n".repeat(5000);
    let mut request = request(&bed, "one", &long);
    let Want::Release(actions) = &mut request.want else { unreachable!() };
    actions.push(Action { act: Act::Remove(remove), target: "inbox".into(), ..actions[0].clone() });
    let file = bed.base.join("request.json");
    std::fs::write(&file, serde_json::to_vec(&request).unwrap()).unwrap();
    let agent = bed.spawn(&["propose", file.to_str().unwrap()]);
    let proposed = bed.proposal();
    let blob = |digest: &_| bed.blob(digest);
    let [changed, removed] = &proposed.proposal.actions[..] else { panic!("two actions") };
    let (Act::Change(changed), Act::Remove(removed)) = (&changed.act, &removed.act) else { panic!() };
    let after = changed.after.as_ref().unwrap();
    assert_eq!((after.inline_bytes(), after.bytes(blob)), (None, Some(long.into_bytes())));
    assert_eq!((removed.objects.count(), removed.objects.items(blob)), (3000, Some(objects)));
    // The request says that undoing it takes some work: what of it the gate looked at, it takes for that.
    let said = [0, 1].map(|at| proposed.proposal.actions[at].reversibility);
    assert_eq!(said, [Reversibility::Effort, Reversibility::Unknown]);
    bed.approve(&proposed);
    let (status, _, err) = agent.end();
    assert_eq!(status, 0, "the claim is for the same request: {err}");
}
