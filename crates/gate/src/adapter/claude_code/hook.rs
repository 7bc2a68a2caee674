//! One call of a tool, from standard input to the answer.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_core::refusal::Code;
use rustix::event::{PollFd, PollFlags};

use super::{Answer, Asking, Event, Plan, plan};
use crate::client::{self, Client};
use crate::wire::{Standing, View};
use crate::{Error, users};

/// What makes Claude Code block the call and read the reason from standard error.
const BLOCK: u8 = 2;

/// So often is it looked whether the agent still listens, and a gate that went away tried again.
const LOOK: Duration = Duration::from_secs(1);

/// Answers the call on standard input, and ends with the status for it.
///
/// Whatever goes wrong here, a panic too, blocks the call.
pub fn run(socket: &Path, token: Option<&str>) -> ExitCode {
    let answered = catch_unwind(AssertUnwindSafe(|| {
        let event = Event::read(std::io::stdin().lock())?;
        answer(&event, socket, token)
    }));
    let why = match answered {
        Ok(Ok(answer)) => match writeln!(std::io::stdout(), "{}", answer.to_json()) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => format!("the answer could not be written: {error}"),
        },
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the hook failed in a way that it did not expect".to_owned(),
    };
    let _ = writeln!(std::io::stderr(), "countersign: {why}. The call was blocked; nothing was done.");
    ExitCode::from(BLOCK)
}

fn answer(event: &Event, socket: &Path, token: Option<&str>) -> Result<Answer, Error> {
    let asking = match plan(event) {
        Plan::Pass => return Ok(Answer::Pass),
        Plan::Deny(why) => {
            let reason =
                format!("Countersign cannot show a person what this call would do: {why}. Nothing was done.");
            return Ok(Answer::Deny { reason });
        }
        Plan::Ask(asking) => *asking,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|cause| Error::Io { what: "starting the hook".to_owned(), cause })?;
    let view = runtime.block_on(decided(event, &asking, socket, token))?;
    Ok(match says(&view) {
        Ok(reason) => match still(event, &asking) {
            Ok(()) => Answer::Allow { reason },
            Err(reason) => Answer::Deny { reason },
        },
        Err(reason) => Answer::Deny { reason },
    })
}

/// Proposes, and waits for what comes of it. When this program or the agent ends first, the proposal
/// is taken back.
async fn decided(event: &Event, asking: &Asking, socket: &Path, token: Option<&str>) -> Result<View, Error> {
    // Listens from now on, not only once there is something to take back.
    let told_to_end = tokio::spawn(client::interrupted());
    let mut client = Client::connect(socket, token).await?;
    let proposed = client.propose(&asking.request, asking.uploads.clone(), Some(key(event))).await?;
    let ended = tokio::select! {
        ended = ended(client, &proposed.id, asking, socket, token) => ended,
        _ = told_to_end => Err(Error::Request("the hook was told to end before a person had decided".to_owned())),
        () = nobody_listens() => Err(Error::Request("the agent went away before a person had decided".to_owned())),
    };
    if ended.is_err() {
        let reason = Some("the agent no longer waits for it".to_owned());
        if let Ok(mut client) = Client::connect(socket, token).await {
            let _ = client.withdraw(&proposed.id, reason).await;
        }
    }
    ended
}

/// Waits to the end, also while the gate is away for a time: what was proposed stays proposed.
async fn ended(
    mut client: Client,
    id: &str,
    asking: &Asking,
    socket: &Path,
    token: Option<&str>,
) -> Result<View, Error> {
    loop {
        match client.wait(id, Some(&asking.request), false, |_| {}).await {
            Err(Error::Closed | Error::Io { .. }) => {}
            other => return other,
        }
        client = loop {
            tokio::time::sleep(LOOK).await;
            match Client::connect(socket, token).await {
                Err(Error::Unreachable { .. } | Error::Closed) => {}
                other => break other?,
            }
        };
    }
}

/// The same call is proposed once, however often the hook runs for it.
fn key(event: &Event) -> Label {
    let name = format!("claude-code\n{}\n{}", event.session, event.call);
    users::label(&Digest::of(name.as_bytes()).to_string())
}

/// Returns when nobody reads standard output any more.
async fn nobody_listens() {
    let stdout = std::io::stdout();
    loop {
        tokio::time::sleep(LOOK).await;
        let mut ends = [PollFd::new(&stdout, PollFlags::empty())];
        let now = rustix::event::Timespec::default();
        if rustix::event::poll(&mut ends, Some(&now)).is_ok_and(|found| found > 0) {
            return;
        }
    }
}

/// Why it may be done, or why not.
fn says(view: &View) -> Result<String, String> {
    let id = &view.id;
    if view.standing == Standing::Ended && view.ending.as_deref() == Some("released") {
        return Ok(format!("Approved by a person with Countersign, for this one call (proposal {id})."));
    }
    let said = view.said.as_ref().map(|said| match &said.comment {
        Some(comment) => format!(" {} wrote: {comment}", said.by),
        None => format!(" {} left no comment.", said.by),
    });
    let said = said.unwrap_or_default();
    if view.standing == Standing::ChangesRequested {
        return Err(format!(
            "A person wants this changed before it may happen (proposal {id}). It was not done.{said} Change it as \
             they ask, then make the call again."
        ));
    }
    Err(match client::refusal(view) {
        Some(refusal) if refusal.code == Code::Denied => format!(
            "A person denied this call (proposal {id}). It was not done.{said} Do not try to reach the same by \
             another way; ask what is wanted instead."
        ),
        Some(refusal) => format!("Not allowed, and not done (proposal {id}): {refusal}"),
        None => format!("Not allowed, and not done (proposal {id})."),
    })
}

/// What was approved is still what would happen: the files are as they were shown.
fn still(event: &Event, asking: &Asking) -> Result<(), String> {
    match plan(event) {
        Plan::Ask(now) if now.request.want == asking.request.want => Ok(()),
        _ => Err("Approved, but what the call would change is no longer as the person saw it. It was not done; look \
                  at the file again and make the call anew."
            .to_owned()),
    }
}
