//! What lay in the box, as far as it can be known without the store.

use countersign_core::ack::Acknowledgement;
use countersign_core::decision::Withdrawal;
use countersign_core::envelope::Envelope;
use countersign_core::halt::Halt;
use countersign_core::json;
use countersign_core::proposal::Proposal;
use countersign_core::receipt::Receipt;
use countersign_core::refusal::{Code, Refusal};
use countersign_core::root::Holder;
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_core::verify::{self, Signed, TrustedRoot, Verified};
use countersign_sources::spool::{Arrival, Kind, Name};

use crate::Cause;
use crate::sheets::{self, Summary};

/// Why a message is evidence.
pub(super) struct Wrong {
    pub(super) cause: Cause,
    pub(super) why: String,
}

impl From<Refusal> for Wrong {
    fn from(it: Refusal) -> Self {
        Self { cause: Cause::Refused(it.code), why: it.why }
    }
}

impl Wrong {
    pub(super) fn new(cause: Cause, why: &str) -> Self {
        Self { cause, why: why.to_owned() }
    }
}

/// A message that verified.
pub(super) enum Message {
    // With what a list shows of it, where that needs nothing that travels beside it.
    Proposal(Box<Verified<Proposal>>, Option<Box<Summary>>),
    Receipt(Box<Verified<Statement<Receipt>>>),
    Withdrawal(Box<Verified<Statement<Withdrawal>>>),
    Acknowledgement(Box<Verified<Acknowledgement>>),
    // And whether its key is trusted still.
    Halt(Box<Verified<Halt>>, bool),
}

/// An arrival, as far as it can be known without the store.
pub(super) enum Read<'a> {
    Message { name: Name, bytes: &'a [u8], uid: u32, is: Result<Message, Wrong> },
    Refused { name: &'a str, why: &'a str },
}

/// Reads and verifies what lay in the box.
pub(super) fn read<'a>(arrival: &'a Arrival, root: &TrustedRoot, now: Timestamp) -> Read<'a> {
    match arrival {
        Arrival::Message { name, bytes, uid, .. } => {
            Read::Message { name: *name, bytes, uid: *uid, is: message(name, bytes, *uid, root, now) }
        }
        Arrival::Refused { name, why } => Read::Refused { name, why },
    }
}

/// Proposals in the order in which they were made: their names, by which they were found, have none. All else
/// stays where it is.
pub(super) fn in_order(read: &mut [Read<'_>]) {
    let made = |it: &Read<'_>| match it {
        Read::Message { is: Ok(Message::Proposal(it, _)), .. } => Some((it.value().created, it.value().seq)),
        _ => None,
    };
    for run in read.chunk_by_mut(|a, b| made(a).is_some() == made(b).is_some()) {
        run.sort_by_key(made);
    }
}

fn message(
    name: &Name,
    bytes: &[u8],
    uid: u32,
    root: &TrustedRoot,
    now: Timestamp,
) -> Result<Message, Wrong> {
    let from = Sent { name, bytes, uid, root, now };
    match name.kind {
        Kind::Proposal => {
            let it = from.verified::<Proposal>()?;
            let alone = it.value().asked.as_ref().is_none_or(|asked| asked.text.inline_bytes().is_some());
            let summary = alone.then(|| Box::new(sheets::summary(it.value(), &|_| None)));
            Ok(Message::Proposal(Box::new(it), summary))
        }
        Kind::Receipt => from.verified().map(|it| Message::Receipt(Box::new(it))),
        Kind::Withdrawal => from.verified().map(|it| Message::Withdrawal(Box::new(it))),
        Kind::Ack => from.verified().map(|it| Message::Acknowledgement(Box::new(it))),
        Kind::Halt => from.halt().map(|(it, trusted)| Message::Halt(Box::new(it), trusted)),
        Kind::Decision | Kind::Resolution | Kind::Lift | Kind::Root => {
            Err(Wrong::new(Cause::Unexpected, "nobody sends this to a reviewer"))
        }
    }
}

/// A message as it lay in the box.
struct Sent<'a> {
    name: &'a Name,
    bytes: &'a [u8],
    uid: u32,
    root: &'a TrustedRoot,
    now: Timestamp,
}

impl Sent<'_> {
    /// A halt that a gate took stands also when the key that signed it ended later: it is checked by its own time then.
    fn halt(&self) -> Result<(Verified<Halt>, bool), Wrong> {
        let ended = match self.verified::<Halt>() {
            Err(it) if matches!(it.cause, Cause::Refused(Code::KeyRevoked | Code::KeyExpired)) => it,
            other => return other.map(|it| (it, true)),
        };
        let payload = Envelope::parse(self.bytes).ok().map(|it| it.payload);
        let halt = payload.and_then(|it| json::exactly::<Halt>(&it).ok());
        let at = halt.map(|it| it.at).filter(|at| *at < self.now).ok_or(ended)?;
        let then = Sent { now: at, ..*self };
        then.verified().map(|it| (it, false))
    }

    fn verified<T: Signed>(&self) -> Result<Verified<T>, Wrong> {
        let it = verify::signed::<T>(self.bytes, self.root, self.now)?;
        if *it.digest() != self.name.digest {
            return Err(Wrong::new(
                Cause::WrongName,
                "the file is named by another digest than its payload has",
            ));
        }
        // What a device signed comes back from a gate.
        let by_device = matches!(it.holder(), Holder::Device { .. });
        if !by_device && it.uid().is_some_and(|pinned| pinned != self.uid) {
            let why =
                format!("the file is from user {}, not the one that the root names for its signer", self.uid);
            return Err(Wrong { cause: Cause::WrongUser, why });
        }
        Ok(it)
    }
}
