//! Halts: signed by the device's key at once, obeyed by gates for as long as nobody lifts them.
//!
//! A halt is kept together with an outbox entry for each gate and with what
//! it makes void, in one transaction. It takes no passphrase; its lift takes
//! one each time. What is halted is a channel by which a gate tells agents
//! apart, never a name that an agent gives itself.

use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::halt::{HALT, Halt, LIFT, Lift, Scope};
use countersign_core::json;
use countersign_core::name::{GateId, Nonce};
use countersign_core::proposal::Authenticated;
use countersign_core::root::Holder;
use countersign_core::time::Timestamp;
use countersign_keys::Passphrase;
use countersign_store::{HaltRow, Signed as Outgoing, Tx};

use crate::core::{Core, Inner};
use crate::deciding::trimmed;
use crate::{Error, Event, HaltState, NotAlone, Signed, agents};

/// What a person wants to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Everything, at every gate.
    Everything,
    /// What comes from one agent, by its [`crate::agent_id`].
    Agent(Digest),
}

/// A halt that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Halted {
    /// Its identity.
    pub digest: Digest,
    /// It stood before; nothing was signed.
    pub already: bool,
    /// Whether every gate that it is for reads its box now.
    pub gates_alive: bool,
    /// How many proposals it made void.
    pub voided: u64,
}

impl Inner {
    pub(crate) fn halt(&self, stop: Stop, reason: Option<String>) -> Result<Halted, Error> {
        let reason = trimmed(reason)?;
        let now = self.now();
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| Error::File {
            path: "the system's random numbers".into(),
            cause: std::io::Error::other(error),
        })?;
        let mut core = self.core();
        core.root()?;
        let scope = core.scope(stop)?;
        let gates: Vec<GateId> = core.gates().into_iter().filter(|gate| scope.reaches(gate)).collect();
        let scope_text = String::from_utf8(json::to_bytes(&scope)).unwrap_or_default();
        let standing = core.store.read(|tx| tx.halts())?;
        // Who halts while a lift is under way wants it to stand: what is about to end is no answer to that.
        let stays = |it: &&HaltRow| it.own && !it.lifted && !core.lifting.contains(&it.digest);
        let same = standing.iter().filter(stays).find(|it| it.scope == scope_text);
        let (digest, already, voided) = match same {
            Some(standing) => (standing.digest, true, core.store.read(|tx| tx.voided(&standing.digest))?),
            None => {
                let halt = Halt { id: Nonce::from_bytes(id), scope, at: now, reason };
                let Some(key) = &core.device.key else {
                    return Err(Error::CannotHalt { gates: self.pids(&gates) });
                };
                let envelope = key.sign_envelope(HALT, json::to_bytes(&halt));
                core.check_ours::<Halt>(&envelope, now)?;
                let (digest, bytes) = (envelope.digest(), envelope.to_bytes());
                let voided = core.store.write(|tx| {
                    for gate in &gates {
                        let signed = Outgoing { digest: &digest, gate, envelope: &bytes, at: now };
                        tx.add_own_halt(&scope_text, halt.reason.as_deref(), &signed)?;
                    }
                    void(tx, &digest, &halt.scope, now)
                })?;
                (digest, false, voided)
            }
        };
        drop(core);
        // It is signed and kept: that it cannot be sent now must not look as if it were not.
        if let Err(error) = self.deliver() {
            tracing::warn!(%digest, %error, "halted, not sent yet");
        }
        if !already {
            tracing::warn!(halt = %digest, voided, "halted");
            self.tell(Event::Halted { digest, own: true });
        }
        self.tell(Event::QueueChanged);
        self.tell(Event::GatesChanged);
        Ok(Halted { digest, already, gates_alive: self.all_alive(&gates), voided })
    }

    pub(crate) fn lift(&self, halt: &Digest, passphrase: &Passphrase) -> Result<Signed, Error> {
        let now = self.now();
        {
            let mut core = self.core();
            let gates = core.gates();
            core.spread_halts(&gates, now)?;
            if core.standing(halt)?.is_empty() {
                return Err(Error::NotFound(*halt));
            }
            core.lifting.push(*halt);
        }
        // The passphrase each time, also while the key is unlocked: a lift sets free what was stopped.
        let reviewer = self.keys.reviewer();
        let key = reviewer.and_then(|it| it.unlock(&self.keys, passphrase, now.seconds()));
        let mut core = self.core();
        // One of them: the same may be asked for twice at once.
        if let Some(at) = core.lifting.iter().position(|it| it == halt) {
            core.lifting.swap_remove(at);
        }
        let key = key?;
        let gates: Vec<GateId> = core.standing(halt)?.into_iter().map(|it| it.gate).collect();
        let first = gates.first().ok_or(Error::NotFound(*halt))?;
        let envelope = match core.lift_signed(halt, now)? {
            Some(before) => before,
            None => {
                let lift = Lift { halt: *halt, reviewer: core.person()?, at: now, reason: None };
                key.sign_envelope(LIFT, json::to_bytes(&lift))
            }
        };
        core.check_ours::<Lift>(&envelope, now)?;
        core.keep(&envelope, first, now, |tx, signed| tx.add_lift(halt, &gates, signed))?;
        drop(core);
        self.tell(Event::GatesChanged);
        let signed = self.after(envelope.digest(), first)?;
        Ok(Signed { gate_alive: self.all_alive(&gates), ..signed })
    }

    fn all_alive(&self, gates: &[GateId]) -> bool {
        let core = self.core();
        gates.iter().all(|gate| core.is_alive(gate))
    }
}

impl Core {
    /// The lift of `halt` that was signed before, if gates still take it: one that is asked for again goes again.
    fn lift_signed(&mut self, halt: &Digest, now: Timestamp) -> Result<Option<Envelope>, Error> {
        let kept = self.store.read(|tx| tx.lift_of(halt))?;
        let kept = kept.and_then(|bytes| Envelope::parse(&bytes).ok());
        Ok(kept.filter(|envelope| self.check_ours::<Lift>(envelope, now).is_ok()))
    }

    /// The halt's rows at the gates of the root that have not acknowledged a lift.
    fn standing(&mut self, halt: &Digest) -> Result<Vec<HaltRow>, Error> {
        let gates = self.gates();
        let rows = self.store.read(|tx| tx.halts())?;
        Ok(rows.into_iter().filter(|it| it.digest == *halt && gates.contains(&it.gate)).collect())
    }

    fn scope(&mut self, stop: Stop) -> Result<Scope, Error> {
        let Stop::Agent(id) = stop else { return Ok(Scope::All) };
        let rows = self.store.read(|tx| tx.agents())?;
        let row = rows.into_iter().find(|row| agents::row_id(row) == id).ok_or(Error::NotFound(id))?;
        let authenticated = agents::authenticated(&row)?;
        match self.not_alone(&row.gate, &authenticated) {
            None => Ok(Scope::Agent { gate: row.gate, authenticated }),
            Some(NotAlone::NoGate) => Err(Error::NotFound(id)),
            Some(NotAlone::Unknown | NotAlone::SharedUser) => Err(Error::OnlyEverything),
        }
    }

    /// Why an agent cannot be halted without everything else, if so.
    pub(crate) fn not_alone(&self, gate: &GateId, authenticated: &Authenticated) -> Option<NotAlone> {
        let entries = self.root.iter().flat_map(|root| &root.root().entries);
        let mut gates = entries.filter(|it| it.revoked_at.is_none());
        let entry = gates.find(|it| matches!(&it.holder, Holder::Gate { gate: named } if named == gate));
        let Some(entry) = entry else { return Some(NotAlone::NoGate) };
        match authenticated {
            Authenticated::None => Some(NotAlone::Unknown),
            // Every program of that user comes to the gate as this one, the person's own terminal as well.
            Authenticated::Uid(uid) => {
                let shared = *uid == rustix::process::geteuid().as_raw() || entry.uid == Some(*uid);
                shared.then_some(NotAlone::SharedUser)
            }
            Authenticated::Token(_) => None,
        }
    }

    /// Gives gates that came later every standing halt of everything.
    pub(crate) fn spread_halts(&mut self, gates: &[GateId], now: Timestamp) -> Result<(), Error> {
        let rows = self.store.read(|tx| tx.halts())?;
        for row in
            rows.iter().filter(|it| it.own && !it.lifted && parsed(it).is_ok_and(|of| of == Scope::All))
        {
            let has = |gate: &&GateId| rows.iter().any(|it| it.digest == row.digest && it.gate == **gate);
            let missing: Vec<&GateId> = gates.iter().filter(|gate| !has(gate)).collect();
            if missing.is_empty() {
                continue;
            }
            self.store.write(|tx| {
                for gate in missing {
                    let signed = Outgoing { digest: &row.digest, gate, envelope: &row.envelope, at: row.at };
                    tx.add_own_halt(&row.scope, row.reason.as_deref(), &signed)?;
                }
                void(tx, &row.digest, &Scope::All, now)
            })?;
        }
        Ok(())
    }

    /// Every halt that stands, once, the newest first.
    pub(crate) fn halt_states(&mut self) -> Result<Vec<HaltState>, Error> {
        let gates = self.gates();
        let rows = self.store.read(|tx| tx.halts())?;
        let mut states: Vec<HaltState> = Vec::new();
        // What is for a gate that is trusted no more can be neither obeyed nor lifted.
        for row in rows.iter().filter(|it| gates.contains(&it.gate)) {
            if let Some(known) = states.iter_mut().find(|it| it.digest == row.digest) {
                known.obeyed &= row.acknowledged;
                continue;
            }
            let scope = parsed(row)?;
            let agent = match &scope {
                Scope::Agent { gate, authenticated } => self.agent_name(gate, authenticated)?,
                Scope::All | Scope::Gate { .. } => vec![],
            };
            states.push(HaltState {
                digest: row.digest,
                at: row.at,
                scope,
                agent,
                own: row.own,
                by: row.by.clone(),
                obeyed: row.acknowledged,
                reason: row.reason.clone(),
                lifting: row.lifted,
                voided: self.store.read(|tx| tx.voided(&row.digest))?,
            });
        }
        Ok(states)
    }
}

/// The halt signed here, and not lifted, that covers what `authenticated` wants through `gate`. Whatever arrives
/// under it was made before its gate heard of the halt, or by a gate that does not obey.
pub(crate) fn covering(halts: &[HaltRow], gate: &GateId, authenticated: &Authenticated) -> Option<Digest> {
    let here = halts.iter().filter(|it| it.own && it.gate == *gate && !it.lifted);
    let mut covers = here.filter(|it| parsed(it).is_ok_and(|scope| scope.covers(gate, authenticated)));
    covers.next().map(|it| it.digest)
}

/// The standing halt of this agent and nothing else.
pub(crate) fn of_agent_alone(
    halts: &[HaltRow],
    gate: &GateId,
    authenticated: &Authenticated,
) -> Option<Digest> {
    let alone = Scope::Agent { gate: gate.clone(), authenticated: authenticated.clone() };
    halts.iter().find(|it| it.own && parsed(it).is_ok_and(|scope| scope == alone)).map(|it| it.digest)
}

fn parsed(row: &HaltRow) -> Result<Scope, Error> {
    let damaged = |error: json::Error| countersign_store::Error::Damaged(error.to_string());
    Ok(json::from_bytes(row.scope.as_bytes()).map_err(damaged)?)
}

pub(crate) fn void(tx: &Tx<'_>, halt: &Digest, scope: &Scope, now: Timestamp) -> Result<u64, Error> {
    Ok(match scope {
        Scope::All => tx.void(halt, None, None, now)?,
        Scope::Gate { gate } => tx.void(halt, Some(gate), None, now)?,
        Scope::Agent { gate, authenticated } => {
            tx.void(halt, Some(gate), Some(&agents::text(authenticated)), now)?
        }
    })
}
