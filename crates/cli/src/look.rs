//! Verbs that only look: `status`, `show`.

use std::time::Duration;

use countersign_core::envelope::Envelope;
use countersign_core::proposal::Proposal;
use countersign_gate::Error;
use countersign_gate::client::Client;
use countersign_gate::wire::{Standing, Status, View};

use crate::args::Show;
use crate::ask::{runtime, token};
use crate::exit::Exit;
use crate::out;
use crate::setup::Place;

/// How long a gate has to answer who only looks. It may be reading a large file for somebody else.
const WITHIN: Duration = Duration::from_secs(20);

/// Asks the gate how it stands.
pub(crate) fn ask_status(place: &Place) -> Result<Status, Error> {
    answered(place, async |client| client.status().await)
}

/// What a gate answers, unless it says nothing: one that was stopped must not stop who asks.
fn answered<T>(place: &Place, ask: impl AsyncFnOnce(&mut Client) -> Result<T, Error>) -> Result<T, Error> {
    let socket = place.layout.client_socket(&place.gate);
    runtime()?.block_on(async {
        let asking = async { ask(&mut Client::connect(&socket, token().as_deref()).await?).await };
        tokio::time::timeout(WITHIN, asking).await.unwrap_or_else(|_| {
            let cause = std::io::Error::other("it is there and says nothing");
            Err(Error::Unreachable { socket: socket.clone(), cause })
        })
    })
}

pub(crate) fn status(place: &Place) -> Result<Exit, Error> {
    let status = ask_status(place)?;
    if place.json {
        out::json(&status);
        return Ok(Exit::DONE);
    }
    out::say(&format!("gate         {}", status.gate));
    out::say(&format!("keyid        {}", status.keyid));
    out::say(&format!("epoch        {}", status.epoch));
    out::say(&format!("root         version {}, {}", status.root_version, status.root));
    let reviewer = if status.reviewer_listens { "listens" } else { "is closed; what is sent waits for it" };
    out::say(&format!("reviewer     {reviewer}"));
    out::say(&format!("outbox       {} not yet acknowledged", status.outbox));
    if !status.consistent {
        out::say(
            "ledger       DOES NOT MATCH ITS ANCHOR: the next approval begins a new epoch and halts the gate",
        );
    }
    for halt in &status.halts {
        let reason = halt.reason.as_deref().map(out::plain).unwrap_or_default();
        out::say(&format!("HALTED       by {}: {reason}", halt.digest));
        out::say("             Nothing in its scope happens until a reviewer lifts it.");
    }
    if let Some(trouble) = &status.trouble {
        out::say(&format!("TROUBLE      {}", out::plain(trouble)));
    }
    if let Some(offset) = status.clock_offset {
        out::say(&format!("CLOCK        moved by {offset} s (only for tests)"));
    }
    for view in &status.proposals {
        out::say(&format!("{}  {}  {}", view.id, out::plain(view.agent.as_str()), words(view)));
    }
    for attempt in &status.attempts {
        let why = out::plain(&attempt.why);
        out::say(&format!(
            "refused      {} {} {}: {why}",
            attempt.kind,
            attempt.digest.short(),
            attempt.code
        ));
    }
    Ok(Exit::DONE)
}

fn words(view: &View) -> String {
    match view.standing {
        Standing::Waiting => "waits for a reviewer".to_owned(),
        Standing::ChangesRequested => "changes requested".to_owned(),
        Standing::Approved => match &view.uses {
            Some(uses) => format!("approved, used {} of {} times", uses.used.len(), uses.most),
            None => "approved, not acted on yet".to_owned(),
        },
        Standing::Acting => "is being done".to_owned(),
        Standing::Ended => {
            let ending = view.ending.as_deref().unwrap_or("ended").to_owned();
            match &view.resolved {
                Some(found) => format!("{ending}, found out: {found}"),
                None => ending,
            }
        }
    }
}

pub(crate) fn show(place: &Place, show: &Show) -> Result<Exit, Error> {
    let (shown, blobs) = answered(place, async |client| client.show(&show.id).await)?;
    if show.envelope {
        out::say(&shown.envelope);
        return Ok(Exit::DONE);
    }
    let damaged = |why: String| Error::Protocol(why);
    let envelope = Envelope::parse(shown.envelope.as_bytes()).map_err(|error| damaged(error.to_string()))?;
    let proposal = Proposal::parse(&envelope.payload).map_err(|error| damaged(error.to_string()))?;
    if place.json {
        let view = out::view_json(&shown.view, Exit::of_view(&shown.view), None);
        out::json(&serde_json::json!({ "view": view, "proposal": proposal }));
        return Ok(Exit::DONE);
    }
    let sheet = countersign_sheet::sheet(&proposal, &|digest| blobs.get(digest).cloned());
    let mut sheet =
        sheet.map_err(|error| Error::Request(format!("its contents were dropped by now: {error}")))?;
    // A terminal is read by others too, and kept. Marks of this key tell secrets of one sheet apart, and no more.
    let mut key = [0; 32];
    let random = getrandom::fill(&mut key);
    random.map_err(|error| Error::Request(format!("no randomness: {error}")))?;
    countersign_sheet::hide(&mut sheet, &countersign_sheet::MaskKey::new(key));
    out::say(&sheet.to_text());
    out::say(&format!("{}: {}", shown.view.id, words(&shown.view)));
    if let Some(others) = shown.view.together {
        let others = if others == 1 { "another".to_owned() } else { format!("{others} others") };
        out::say(&format!("answered together with {others}, by one gesture; each by an answer of its own"));
    }
    for used in shown.view.uses.iter().flat_map(|it| &it.used) {
        let ending = used.ending.as_deref().unwrap_or("is being done");
        out::say(&format!("use {}: entry {}: {ending}", used.number, used.entry + 1));
    }
    for attempt in &shown.view.attempts {
        out::say(&format!("refused: {} {}: {}", attempt.kind, attempt.code, out::plain(&attempt.why)));
    }
    Ok(Exit::DONE)
}
