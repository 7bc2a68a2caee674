//! `verify`: what an envelope is, and whether it holds under the pinned root.

use std::time::{SystemTime, UNIX_EPOCH};

use countersign_core::ack::Acknowledgement;
use countersign_core::decision::{Decision, Resolution, Withdrawal};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO, MAX_ENVELOPE};
use countersign_core::halt::{Halt, Lift};
use countersign_core::proposal::Proposal;
use countersign_core::receipt::Receipt;
use countersign_core::refusal::{Code, Refusal};
use countersign_core::root::Holder;
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_core::verify::{TrustedRoot, signed};
use countersign_core::{ack, decision, halt, json, proposal, receipt, root};
use countersign_gate::Error;
use countersign_gate::folder::Folder;
use countersign_gate::start::read_root;
use serde_json::json;

use crate::args::Verify;
use crate::exit::Exit;
use crate::setup::Place;
use crate::{ask, out};

pub(crate) fn verify(place: &Place, verify: &Verify) -> Result<Exit, Error> {
    let bytes = ask::read(&verify.file)?;
    let malformed = |why: String| Refusal::new(Code::EnvelopeMalformed, why);
    if bytes.len() > MAX_ENVELOPE {
        return Err(malformed("it is larger than any envelope".to_owned()).into());
    }
    let envelope = Envelope::parse(&bytes).map_err(|error| malformed(error.to_string()))?;
    let trusted = trusted(place, verify)?;
    let (what, holder) = judge(&envelope, &bytes, &trusted);
    report(place, what, &envelope.digest(), &holder);
    match holder {
        Ok(_) => Ok(Exit::DONE),
        Err(refusal) => Ok(Exit::of(&refusal.into())),
    }
}

/// The root to verify against: the one named, else the gate's pinned one and a newer one of the app.
fn trusted(place: &Place, verify: &Verify) -> Result<TrustedRoot, Error> {
    if let (Some(file), Some(pin)) = (&verify.root, &verify.digest) {
        return Ok(TrustedRoot::pinned(&read_root(file)?, pin)?);
    }
    let config = place.config()?;
    let Some(pin) = &config.root else {
        return Err(Refusal::new(Code::RootInvalid, "this gate trusts nobody yet").into());
    };
    let folder = Folder::of(&place.layout, &place.gate);
    let root = TrustedRoot::pinned(&read_root(&folder.root())?, pin)?;
    let newer = read_root(&place.layout.root()).ok().and_then(|bytes| root.advance(&bytes).ok());
    Ok(newer.unwrap_or(root))
}

/// What it says that it is, and who signed it as that, or why it does not hold.
fn judge(envelope: &Envelope, bytes: &[u8], root: &TrustedRoot) -> (&'static str, Result<Holder, Refusal>) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let now = Timestamp::from_seconds(now);
    macro_rules! as_a {
        ($what:literal, $type:ty) => {
            ($what, signed::<$type>(bytes, root, now).map(|it| it.holder().clone()))
        };
    }
    match envelope.payload_type.as_str() {
        proposal::TYPE => as_a!("proposal", Proposal),
        ack::TYPE => as_a!("acknowledgement", Acknowledgement),
        halt::HALT => as_a!("halt", Halt),
        halt::LIFT => as_a!("lift", Lift),
        root::TYPE => ("root", a_root(bytes, root)),
        IN_TOTO => match predicate(&envelope.payload).as_deref() {
            Some(decision::WITHDRAWAL) => as_a!("withdrawal", Statement<Withdrawal>),
            Some(decision::RESOLUTION) => as_a!("resolution", Statement<Resolution>),
            Some(receipt::RECEIPT) => as_a!("receipt", Statement<Receipt>),
            // Whatever it is, it is refused as the kind that matters most.
            _ => as_a!("decision", Statement<Decision>),
        },
        _ => as_a!("envelope of a foreign kind", Proposal),
    }
}

fn a_root(bytes: &[u8], root: &TrustedRoot) -> Result<Holder, Refusal> {
    let root = TrustedRoot::pinned(bytes, root.digest()).or_else(|_| root.advance(bytes))?;
    let administrator = root.root().entries.iter().find_map(|entry| match &entry.holder {
        Holder::Administrator { .. } => Some(entry.holder.clone()),
        _ => None,
    });
    administrator.ok_or_else(|| Refusal::new(Code::RootThreshold, "it has no administrator"))
}

/// The predicate that a payload names. Only which check to make is decided by it.
fn predicate(payload: &[u8]) -> Option<String> {
    let value = json::parse(payload).ok()?;
    Some(value.get("predicateType")?.as_str()?.to_owned())
}

fn report(place: &Place, what: &str, digest: &Digest, holder: &Result<Holder, Refusal>) {
    if place.json {
        let (code, why) = match holder {
            Ok(_) => (None, None),
            Err(refusal) => (Some(refusal.code.as_str()), Some(&refusal.why)),
        };
        let by = holder.as_ref().ok();
        return out::json(
            &json!({ "kind": what, "digest": digest, "holds": holder.is_ok(), "by": by, "code": code, "why": why }),
        );
    }
    match holder {
        Ok(holder) => {
            out::say(&format!("{what} {digest}"));
            out::say(&format!("holds: signed by {}", signer(holder)));
        }
        Err(refusal) => {
            out::say(&format!("{what} {digest}"));
            out::say(&format!("does not hold ({}): {}", refusal.code, out::plain(&refusal.why)));
            out::say(refusal.code.says());
        }
    }
}

fn signer(holder: &Holder) -> String {
    let (what, name) = match holder {
        Holder::Person { name } => ("the reviewer", name.as_str()),
        Holder::Device { name, .. } => ("the device", name.as_str()),
        Holder::Gate { gate } => ("the gate", gate.as_str()),
        Holder::Administrator { name } => ("the administrator", name.as_str()),
    };
    format!("{what} {}", out::plain(name))
}
