//! From the store to the gates: what was signed here, and acknowledgements of what came.
//!
//! An outbox entry is written to its gate's box at once, at each start of this
//! and of the gate, and every minute while the gate is there and has not
//! acknowledged it. The same file each time: a gate counts it once. Halts go first.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use countersign_core::ack::{self, Acknowledgement, MAX_DIGESTS, Receiver};
use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::name::GateId;
use countersign_sources::spool::{Kind, Writer};
use countersign_store::{Entry, Tx};

use crate::core::{Core, Inner};
use crate::{Error, Event};

/// How long a gate that is there has to acknowledge before it is told again.
const RESEND: Duration = Duration::from_secs(60);

/// How often all that is open is looked at, and not only what is new.
const LOOK_AT_ALL: Duration = Duration::from_secs(15);

/// What of the outbox was looked at.
#[derive(Debug, Default)]
pub(crate) struct Posted {
    // What was written to a gate's box in this run, and when.
    sent: HashMap<(GateId, Digest), Duration>,
    // The last entry that was looked at: what is signed later comes after it.
    last: i64,
    // When all of it is looked at again.
    next: Duration,
}

/// What a decision is about, where that is not the proposal: the amendment, and first what that refers to.
fn beside(tx: &Tx<'_>, decision: &Digest) -> Result<Vec<(Digest, Vec<u8>)>, countersign_store::Error> {
    let Some((digest, payload)) = tx.amendment_of(decision)? else { return Ok(Vec::new()) };
    let mut all = crate::sheets::beside(tx, &payload)?;
    all.push((digest, payload));
    Ok(all)
}

impl Inner {
    /// Sends all that is due. What cannot be sent now stays due.
    pub(crate) fn deliver(&self) -> Result<(), Error> {
        let now = self.monotonic();
        let mut core = self.core();
        if core.gone {
            return Ok(());
        }
        let alive_before = core.alive.clone();
        let gates = core.gates();
        let mut failed = core.spread_halts(&gates, self.now());
        let all = now >= core.posted.next;
        let after = if all { 0 } else { core.posted.last };
        let due = core.store.read(|tx| tx.outbox_after(after))?;
        core.posted.last = due.iter().map(|it| it.id).fold(after, i64::max);
        if all {
            core.posted.next = now + LOOK_AT_ALL;
            let open: HashSet<(&GateId, &Digest)> = due.iter().map(|it| (&it.gate, &it.digest)).collect();
            core.posted.sent.retain(|(gate, digest), _| open.contains(&(gate, digest)));
        }
        // A halt waits for nothing, not even for what has to be acknowledged.
        let (halts, rest): (Vec<Entry>, Vec<Entry>) = due.into_iter().partition(|it| it.kind == "halt");
        // One gate whose box cannot be written to must not keep the others waiting.
        for entry in &halts {
            failed = failed.and(core.send_when_due(self, entry, now));
        }
        for gate in &gates {
            failed = failed.and(core.acknowledge(self, gate));
        }
        for entry in &rest {
            failed = failed.and(core.send_when_due(self, entry, now));
        }
        let changed = core.alive != alive_before;
        if failed.is_err() {
            core.posted.next = now;
        }
        drop(core);
        if changed {
            self.tell(Event::GatesChanged);
        }
        failed
    }
}

impl Core {
    pub(crate) fn writer(&mut self, inner: &Inner, gate: &GateId) -> Result<&Writer, Error> {
        use std::collections::hash_map::Entry::{Occupied, Vacant};
        match self.writers.entry(gate.clone()) {
            Occupied(open) => Ok(open.into_mut()),
            Vacant(none) => Ok(none.insert(Writer::open(&inner.layout.gate_box(gate))?)),
        }
    }

    /// Forgets what was sent to `gate` in this run: all that is open goes to it again.
    pub(crate) fn send_again(&mut self, gate: &GateId) {
        self.posted.sent.retain(|(of, _), _| of != gate);
        self.posted.next = Duration::ZERO;
    }

    fn send_when_due(&mut self, inner: &Inner, entry: &Entry, now: Duration) -> Result<(), Error> {
        let alive = self.is_alive(&entry.gate);
        let sent = self.posted.sent.get(&(entry.gate.clone(), entry.digest));
        if sent.is_some_and(|at| !alive || now.saturating_sub(*at) < RESEND) {
            return Ok(());
        }
        self.send(inner, entry, now)
    }

    fn send(&mut self, inner: &Inner, entry: &Entry, now: Duration) -> Result<(), Error> {
        let kind: Kind = entry.kind.parse()?;
        let beside = self.store.read(|tx| beside(tx, &entry.digest))?;
        let writer = self.writer(inner, &entry.gate)?;
        let put = beside.iter().try_for_each(|(digest, bytes)| writer.put_blob(digest, bytes));
        let sent = put.and_then(|()| writer.send(kind, &entry.digest, &entry.envelope));
        self.written(&entry.gate, sent)?;
        self.posted.sent.insert((entry.gate.clone(), entry.digest), now);
        Ok(())
    }

    /// Sees whether `gate` is there, and acknowledges to it what came from it and, once in each run,
    /// the epoch of the store.
    fn acknowledge(&mut self, inner: &Inner, gate: &GateId) -> Result<(), Error> {
        let alive = self.writer(inner, gate).map(|it| it.reader_alive());
        // Nobody reads a box that cannot be opened.
        self.alive.insert(gate.clone(), matches!(alive, Ok(true)));
        let alive = alive?;
        if alive && *gate == inner.options.gate {
            self.not_started = None;
        }
        if self.device.key.is_none() {
            return Ok(());
        }
        if !self.announced.contains(gate) {
            self.send_ack(inner, gate, vec![])?;
            self.announced.insert(gate.clone());
        }
        loop {
            let due = self.store.read(|tx| tx.acks_due(gate, MAX_DIGESTS))?;
            if due.is_empty() {
                return Ok(());
            }
            self.send_ack(inner, gate, due.clone())?;
            self.store.write(|tx| tx.acks_sent(gate, &due))?;
        }
    }

    fn send_ack(&mut self, inner: &Inner, gate: &GateId, digests: Vec<Digest>) -> Result<(), Error> {
        let (Some(settings), Some(key)) = (&self.settings, &self.device.key) else { return Ok(()) };
        let by = Receiver::Device(settings.device.clone());
        let acknowledgement = Acknowledgement { by, epoch: *self.store.epoch(), digests };
        let envelope = key.sign_envelope(ack::TYPE, json::to_bytes(&acknowledgement));
        let (digest, bytes) = (envelope.digest(), envelope.to_bytes());
        let sent = self.writer(inner, gate)?.send(Kind::Ack, &digest, &bytes);
        self.written(gate, sent)
    }

    /// After a failure the box is opened anew: somebody may have removed and made its folders again.
    fn written(&mut self, gate: &GateId, sent: Result<(), countersign_sources::Error>) -> Result<(), Error> {
        if sent.is_err() {
            self.writers.remove(gate);
        }
        Ok(sent?)
    }
}
