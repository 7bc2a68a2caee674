//! How agents, hooks and the command line talk to a gate.
//!
//! A client holds no key and decides nothing. Each of its calls is one
//! question and its answer; [`Client::wait`] listens until there is nothing
//! more to come, and claims a release when it is given the request for it.
//! A release that was burned is given to one caller, once: whoever gets
//! `released` may go on, nobody else.
//!
//! Dropping the future of a call ends the connection's usefulness; to take a
//! proposal back while another call waits, connect again.

use std::path::Path;

use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::name::Label;
use countersign_core::ostext::OsText;
use countersign_core::receipt::{Outcome, RECEIPT, Receipt};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::statement::Statement;
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::signal::unix::{SignalKind, signal};

use crate::request::{Data, Operation, Request, Uploaded, Uploads, Want};
use crate::wire::{
    Ask, Changed, Hello, Name, Output, Propose, Proposed, Refused, Shown, Status, Tell, Use, VERSION, View,
    Wait, Withdraw,
};
use crate::{Error, frame};

/// Longer bytes of a request travel beside it.
const MAX_INLINE: usize = 4 * 1024;

/// A connection to a gate.
#[derive(Debug)]
pub struct Client {
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
}

/// Something that came while waiting.
#[derive(Debug)]
pub enum Told<'a> {
    /// How the proposal stands now.
    View(&'a View),
    /// Output of its program.
    Output {
        /// Which action.
        action: usize,
        /// Standard error, not standard output.
        error: bool,
        /// Some of it.
        bytes: &'a [u8],
    },
}

impl Client {
    /// Connects to the gate that listens at `socket`.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`], or [`Error::Request`] when the gate does not want to talk to us.
    pub async fn connect(socket: &Path, token: Option<&str>) -> Result<Self, Error> {
        let unreachable = |cause| Error::Unreachable { socket: socket.to_owned(), cause };
        let stream = UnixStream::connect(socket).await.map_err(unreachable)?;
        let (mut from, mut to) = stream.into_split();
        let hello = Hello { version: VERSION, token: token.map(str::to_owned) };
        frame::send(&mut to, &Ask::Hello(hello)).await?;
        match next(&mut from).await? {
            Tell::Welcome(_) => Ok(Self { from, to }),
            other => Err(unexpected(other)),
        }
    }

    /// Proposes `request`. `uploads` are bytes that it, or a content in it, names by digest. With a
    /// `key`, asking again for the same is not asking twice.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] when it cannot be proposed as it is, [`Error::Refused`].
    pub async fn propose(
        &mut self,
        request: &Request,
        mut uploads: Uploads,
        key: Option<Label>,
    ) -> Result<Proposed, Error> {
        let mut request = request.clone();
        separate(&mut request, &mut uploads);
        for bytes in uploads.values() {
            frame::send_bytes(&mut self.to, bytes).await?;
        }
        match self.ask(&Ask::Propose(Box::new(Propose { request, key }))).await? {
            Tell::Proposed(proposed) => Ok(proposed),
            other => Err(unexpected(other)),
        }
    }

    /// Waits until there is nothing more to come, or changes are requested. With `release` (the
    /// request as it was proposed) it is claimed once it is approved.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the gate goes away: connect and wait again. [`Error::Refused`] when the
    /// claim is for another request or session than the one that was approved.
    pub async fn wait(
        &mut self,
        proposal: &str,
        release: Option<&Request>,
        output: bool,
        told: impl FnMut(Told<'_>),
    ) -> Result<View, Error> {
        let release = release.map(|request| {
            let mut request = request.clone();
            // As it was sent, because that is what was recorded.
            separate(&mut request, &mut Uploads::new());
            Box::new(request)
        });
        self.until_over(Wait { proposal: proposal.to_owned(), release, entry: None, output }, told).await
    }

    /// Uses the entry of a batch that has exactly these arguments; which one it is, counted from 0. It is burned then.
    /// `waits` is called when others of the same agent have to end first.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`]: nothing was done. [`Error::Closed`] when the gate goes away before it says so:
    /// [`View::uses`] tells then.
    pub async fn use_one(
        &mut self,
        proposal: &str,
        arguments: &[OsText],
        waits: impl FnOnce(),
    ) -> Result<u64, Error> {
        let it = Use { proposal: proposal.to_owned(), arguments: arguments.to_vec() };
        let mut told = self.ask(&Ask::Use(it)).await?;
        if matches!(told, Tell::InLine {}) {
            waits();
            told = next(&mut self.from).await?;
        }
        match told {
            Tell::Using { entry } => Ok(entry),
            other => Err(unexpected(other)),
        }
    }

    /// Waits for the end of the use of an entry.
    ///
    /// # Errors
    ///
    /// As [`Client::wait`].
    pub async fn wait_for_use(
        &mut self,
        proposal: &str,
        entry: u64,
        output: bool,
        told: impl FnMut(Told<'_>),
    ) -> Result<View, Error> {
        let wait = Wait { proposal: proposal.to_owned(), release: None, entry: Some(entry), output };
        self.until_over(wait, told).await
    }

    async fn until_over(&mut self, wait: Wait, mut told: impl FnMut(Told<'_>)) -> Result<View, Error> {
        frame::send(&mut self.to, &Ask::Wait(wait)).await?;
        loop {
            match next(&mut self.from).await? {
                Tell::View(view) => {
                    told(Told::View(&view));
                    if view.is_over() {
                        return Ok(*view);
                    }
                }
                Tell::Output(Output { action, error }) => {
                    let bytes = next_bytes(&mut self.from).await?;
                    told(Told::Output { action, error, bytes: &bytes });
                }
                other => return Err(unexpected(other)),
            }
        }
    }

    /// Takes a proposal back. `false`: it was too late.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] when there is no such proposal of ours.
    pub async fn withdraw(&mut self, proposal: &str, reason: Option<String>) -> Result<bool, Error> {
        match self.ask(&Ask::Withdraw(Withdraw { proposal: proposal.to_owned(), reason })).await? {
            Tell::Withdrawn { now } => Ok(now),
            other => Err(unexpected(other)),
        }
    }

    /// A proposal and the bytes that travel beside it.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] when there is no such proposal of ours.
    pub async fn show(&mut self, proposal: &str) -> Result<(Shown, Uploads), Error> {
        let shown = match self.ask(&Ask::Show(Name { proposal: proposal.to_owned() })).await? {
            Tell::Shown(shown) => shown,
            other => return Err(unexpected(other)),
        };
        let mut blobs = Uploads::new();
        for _ in &shown.blobs {
            let bytes = next_bytes(&mut self.from).await?;
            blobs.insert(Digest::of(&bytes), bytes);
        }
        Ok((*shown, blobs))
    }

    /// What a person changed in a proposal before they approved it, with the agent's text and theirs.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] when there is no such proposal of ours, or nobody changed it.
    pub async fn changes(&mut self, proposal: &str) -> Result<Vec<(Changed, [Vec<u8>; 2])>, Error> {
        let changed = match self.ask(&Ask::Changes(Name { proposal: proposal.to_owned() })).await? {
            Tell::Changes(changed) => changed,
            other => return Err(unexpected(other)),
        };
        let mut all = Vec::new();
        for it in changed {
            all.push((it, [next_bytes(&mut self.from).await?, next_bytes(&mut self.from).await?]));
        }
        Ok(all)
    }

    /// How the gate stands.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`], [`Error::Protocol`].
    pub async fn status(&mut self) -> Result<Status, Error> {
        match self.ask(&Ask::Status {}).await? {
            Tell::Status(status) => Ok(*status),
            other => Err(unexpected(other)),
        }
    }

    async fn ask(&mut self, ask: &Ask) -> Result<Tell, Error> {
        frame::send(&mut self.to, ask).await?;
        next(&mut self.from).await
    }
}

/// The receipt in a view, as the gate sent it over its socket; its signature is not looked at.
pub fn receipt(view: &View) -> Option<Receipt> {
    let envelope = Envelope::parse(view.receipt.as_ref()?.as_bytes()).ok()?;
    Some(Statement::<Receipt>::parse(&envelope.payload, RECEIPT).ok()?.predicate)
}

/// The check that ended a proposal, in the words of its receipt.
pub fn refusal(view: &View) -> Option<Refusal> {
    let ending = view.ending.as_deref()?;
    let code = Code::ALL.iter().copied().find(|code| code.as_str() == ending)?;
    let outcomes = receipt(view).map(|it| it.outcomes).unwrap_or_default();
    let why = outcomes.into_iter().find_map(|outcome| match outcome {
        Outcome::Refused { why, .. } => Some(why),
        _ => None,
    });
    Some(Refusal::new(code, why.unwrap_or_else(|| code.says().to_owned())))
}

/// Waits for SIGINT, SIGTERM or SIGHUP; which one it was.
pub async fn interrupted() -> i32 {
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let [Ok(mut int), Ok(mut term), Ok(mut hup)] = kinds.map(signal) else {
        return std::future::pending().await;
    };
    let which = tokio::select! {
        _ = int.recv() => kinds[0],
        _ = term.recv() => kinds[1],
        _ = hup.recv() => kinds[2],
    };
    which.as_raw_value()
}

/// Moves longer bytes of a request beside it.
fn separate(request: &mut Request, uploads: &mut Uploads) {
    let mut all: Vec<&mut Data> = request.rationale.iter_mut().collect();
    all.extend(request.asked.as_mut().map(|it| &mut it.text));
    match &mut request.want {
        Want::Run(run) => all.extend(&mut run.stdin),
        Want::Apply(operations) => all.extend(operations.iter_mut().filter_map(|it| match it {
            Operation::Write(write) => Some(&mut write.content),
            Operation::Delete(_) | Operation::Chmod(_) => None,
        })),
        Want::Post(post) => all.push(&mut post.body),
        Want::Release(actions) => {
            uploads.extend(actions.iter_mut().flat_map(|action| action.act.separate()));
        }
        Want::Batch(batch) => all.extend(&mut batch.stdin),
    }
    for data in all {
        let Data::Inline(text) = data else { continue };
        if text.as_bytes().len() > MAX_INLINE {
            let bytes = std::mem::replace(text, OsText::from("")).into_bytes();
            let sha256 = Digest::of(&bytes);
            uploads.insert(sha256, bytes);
            *data = Data::Uploaded(Uploaded { sha256 });
        }
    }
}

async fn next(from: &mut OwnedReadHalf) -> Result<Tell, Error> {
    let head = frame::head(from).await?.ok_or(Error::Closed)?;
    if !head.json {
        return Err(Error::Protocol("bytes where an answer was expected".to_owned()));
    }
    frame::parse(&frame::body(from, head).await?)
}

async fn next_bytes(from: &mut OwnedReadHalf) -> Result<Vec<u8>, Error> {
    let head = frame::head(from).await?.ok_or(Error::Closed)?;
    if head.json {
        return Err(Error::Protocol("an answer where bytes were expected".to_owned()));
    }
    frame::body(from, head).await
}

fn unexpected(tell: Tell) -> Error {
    match tell {
        Tell::Refused(Refused { code: Some(code), why }) => Error::Refused(Refusal::new(code, why)),
        Tell::Refused(Refused { code: None, why }) => Error::Request(why),
        _ => Error::Protocol("another answer than was asked for".to_owned()),
    }
}
