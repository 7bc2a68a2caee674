//! What a hook lets its agent do: actions that the caller typed, and the gate looks at.
//!
//! The gate does not act, so nothing is held; that files are as the actions
//! say is checked now, and again when they are released. How well they can be
//! taken back is the gate's to say: a caller may only say worse.

use countersign_core::action::{Act, Action, Assurance, Fact, Precondition, Reversibility};
use countersign_core::content::{Content, Listing, MAX_INLINE};

use super::refuse;
use crate::Error;
use crate::request::{MAX_OPERATIONS, Uploads};

/// The actions with what must hold for them, and the bytes that travel beside the payload.
pub(super) fn resolve(
    actions: &[Action],
    uploads: &Uploads,
    blobs: &mut Uploads,
) -> Result<Vec<Action>, Error> {
    if actions.is_empty() || actions.len() > MAX_OPERATIONS {
        return Err(refuse(format!("a request has 1 to {MAX_OPERATIONS} actions")));
    }
    let mut all = Vec::new();
    for action in actions {
        if !action.preconditions.is_empty() {
            return Err(refuse("the preconditions of a release are the gate's to add"));
        }
        for content in action.act.contents() {
            keep(content, uploads, blobs)?;
        }
        if matches!(&action.act, Act::Remove(it) if matches!(it.objects, Listing::Blob { .. }) && it.objects.items(|d| uploads.get(d).cloned()).is_none())
        {
            return Err(refuse("the list of what would be removed is not a list of objects"));
        }
        let preconditions = facts(&action.act);
        let checked = |fact| Precondition { assurance: Assurance::Checked, fact };
        let preconditions = preconditions.into_iter().map(checked).collect();
        let mut action = Action { preconditions, ..action.clone() };
        action.reversibility = worse(action.reversibility, at_best(&action));
        all.push(action);
    }
    Ok(all)
}

/// How well an action can be taken back, as far as the gate knows that of what it does not do itself.
fn at_best(action: &Action) -> Reversibility {
    match &action.act {
        Act::Post(_) => Reversibility::Irreversible,
        // What was there is what the proposal has, so it can be put back.
        Act::Change(_) if action.was_looked_at() => Reversibility::Effort,
        // Not for its word: who would act itself also says how little that matters.
        Act::Change(_) | Act::Remove(_) | Act::Access(_) | Act::Run(_) | Act::Call(_) => {
            Reversibility::Unknown
        }
    }
}

fn worse(said: Reversibility, known: Reversibility) -> Reversibility {
    use Reversibility::{Effort, Irreversible, Reversible, Unknown};
    match (said, known) {
        (Irreversible, _) | (_, Irreversible) => Irreversible,
        (Unknown, _) | (_, Unknown) => Unknown,
        (Effort, _) | (_, Effort) => Effort,
        (Reversible, Reversible) => Reversible,
    }
}

/// What a change says of the file before it, as far as it names one by an absolute path.
fn facts(act: &Act) -> Option<Fact> {
    let Act::Change(change) = act else { return None };
    if !change.resource.as_bytes().starts_with(b"/") {
        return None;
    }
    let path = change.resource.clone();
    Some(match &change.before {
        Some(before) => Fact::File { path, sha256: *before.sha256(), mode: change.mode_before },
        None => Fact::Absent { path },
    })
}

fn keep(content: &Content, uploads: &Uploads, blobs: &mut Uploads) -> Result<(), Error> {
    if let Some(bytes) = content.inline_bytes() {
        if bytes.len() > MAX_INLINE {
            return Err(refuse("a content of more than 16 KiB is sent beside the request"));
        }
        return Ok(());
    }
    let bytes = content.bytes(|digest| uploads.get(digest).cloned());
    let bytes = bytes.ok_or_else(|| {
        refuse(format!("the content {} was not sent along as it is described", content.sha256().short()))
    })?;
    blobs.insert(*content.sha256(), bytes);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use countersign_core::action::{
        Access, Audience, Call, Change, Environment, Executable, Format, Object, Post, Reach, Remove, Run,
    };
    use countersign_core::digest::Digest;

    use super::*;

    const SAID: [Reversibility; 4] = [
        Reversibility::Reversible,
        Reversibility::Effort,
        Reversibility::Irreversible,
        Reversibility::Unknown,
    ];

    fn text(text: &str) -> Content {
        Content::inline("text/plain", text.as_bytes().to_vec())
    }

    fn change(resource: &str, before: Option<&str>) -> Act {
        let (before, after) = (before.map(text), Some(text("after")));
        let mode_before = before.is_some().then_some(0o644);
        Act::Change(Change { resource: resource.into(), before, after, mode_before, mode_after: None })
    }

    /// What the signed proposal says, for each thing that a caller may say.
    #[track_caller]
    fn signed(act: &Act) -> [Reversibility; 4] {
        SAID.map(|reversibility| {
            let action = Action {
                target: "it".into(),
                environment: "here".parse().unwrap(),
                reversibility,
                preconditions: vec![],
                act: act.clone(),
            };
            let made = resolve(&[action], &Uploads::new(), &mut Uploads::new()).unwrap();
            let again = Action { preconditions: vec![], ..made[0].clone() };
            let again = resolve(&[again], &Uploads::new(), &mut Uploads::new()).unwrap();
            assert_eq!(made, again);
            made[0].reversibility
        })
    }

    fn known() -> Reach {
        let one = Audience::Known { count: 1, guests: None, external: None, bots: None };
        Reach { before: one.clone(), after: one }
    }

    #[test]
    fn a_caller_does_not_talk_down_what_it_would_do_itself() {
        use Reversibility::{Irreversible, Unknown};
        let object =
            |n: u32| Object { id: n.to_string().as_str().into(), known_by: vec![], sha256: None, size: None };
        let remove = Remove {
            what: "mail".parse().unwrap(),
            kept: true,
            objects: Listing::Inline((0..1000).map(object).collect()),
        };
        let access = Access {
            resource: "Payroll".into(),
            before: Listing::Inline(vec![]),
            after: Listing::Inline(vec![]),
            population: known(),
        };
        let run = Run {
            argv: vec!["rm".into()],
            executable: Executable { path: "/bin/rm".into(), sha256: Digest::of(b"rm") },
            cwd: "/".into(),
            environment: Environment::Unbound,
            stdin: None,
            script: None,
            user: "mara".parse().unwrap(),
            host: "desk".parse().unwrap(),
        };
        let call = Call {
            server: "mail".parse().unwrap(),
            tool: "empty".parse().unwrap(),
            definition: None,
            arguments: text("{}"),
        };
        let acts = [
            Act::Remove(remove),
            Act::Access(access),
            Act::Run(run),
            Act::Call(call),
            // Nobody looks at what is there.
            change("notes", Some("before")),
            change("notes", None),
        ];
        for act in acts {
            assert_eq!(signed(&act), [Unknown, Unknown, Irreversible, Unknown], "{act:?}");
        }
        let post = Post {
            place: "forum".parse().unwrap(),
            name: None,
            thread: None,
            in_reply_to: None,
            body: text("hello"),
            format: Format::Plain,
            attachments: vec![],
            reach: known(),
        };
        assert_eq!(signed(&Act::Post(post)), [Irreversible; 4]);
    }

    #[test]
    fn a_change_of_a_file_that_is_looked_at_takes_work_at_best() {
        use Reversibility::{Effort, Irreversible, Unknown};
        for before in [Some("before"), None] {
            assert_eq!(signed(&change("/srv/notes", before)), [Effort, Effort, Irreversible, Unknown]);
        }
        let mut half = change("/srv/notes", Some("before"));
        let Act::Change(it) = &mut half else { panic!() };
        it.mode_before = None;
        assert_eq!(signed(&half), [Unknown, Unknown, Irreversible, Unknown], "nobody looked at its mode");
    }
}
