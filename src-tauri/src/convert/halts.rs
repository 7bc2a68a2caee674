//! Halts and agents, in words.

use countersign_core::halt::Scope;
use countersign_core::name::Label;
use countersign_core::proposal::Authenticated;
use countersign_reviewer::{AgentState, HaltState, Halted, NotAlone, Signed, Stop};
use countersign_sheet::{segments, words};

use super::sheet::{self, segs};
use super::{count, said};
use crate::wire;

pub(super) fn halt(halt: &HaltState) -> wire::Halt {
    let (what, scope) = match &halt.scope {
        Scope::All => (segs(&[words("everything")]), wire::HaltScope::Everything),
        Scope::Gate { gate } => (
            segs(&[words("the gate "), words(gate.to_string())]),
            wire::HaltScope::Gate { gate: gate.to_string() },
        ),
        Scope::Agent { gate, authenticated } => {
            let agent = countersign_reviewer::agent_id(gate, authenticated).to_string();
            (segs(&halt.agent), wire::HaltScope::Agent { agent })
        }
    };
    wire::Halt {
        digest: halt.digest.to_string(),
        at: halt.at.seconds(),
        what,
        scope,
        own: halt.own,
        by: halt.by.as_ref().map(by).unwrap_or_default(),
        obeyed: halt.obeyed,
        why: halt.reason.as_ref().map(|why| segs(&segments(why.as_bytes()))).unwrap_or_default(),
        lifting: halt.lifting,
        voided: count(halt.voided),
    }
}

fn by((person, device): &(Label, Label)) -> Vec<wire::Segment> {
    let mut all = segments(person.as_str().as_bytes());
    all.push(words(" on "));
    all.extend(segments(device.as_str().as_bytes()));
    segs(&all)
}

pub(crate) fn agents(agents: &[AgentState]) -> wire::Agents {
    let alone = agents.iter().any(|it| it.not_alone.is_none());
    let note = (!alone && !agents.is_empty()).then(|| {
        "Nothing tells agents apart here, so only everything can be halted. `countersign token add NAME` makes a token \
         by which the gate knows an agent from then on."
            .to_owned()
    });
    wire::Agents { agents: agents.iter().map(agent).collect(), note }
}

fn agent(agent: &AgentState) -> wire::AgentShown {
    let (seal, known_by) = match &agent.authenticated {
        Authenticated::None => (wire::Seal::None, "The gate does not know it.".to_owned()),
        Authenticated::Uid(uid) => (
            wire::Seal::Uid,
            format!(
                "By the user that its programs run as (number {uid}), which all programs of that user share."
            ),
        ),
        Authenticated::Token(_) => (
            wire::Seal::Token,
            "By a token that was made for it. Whoever has the token passes for it.".to_owned(),
        ),
    };
    wire::AgentShown {
        id: agent.id.to_string(),
        gate: agent.gate.to_string(),
        name: segs(&agent.name),
        seal,
        known_by,
        only_everything: agent.not_alone.map(|why| not_alone(why).to_owned()),
        halt: agent.halt.map(|it| it.to_string()),
        first: agent.first.seconds(),
        last: agent.last.seconds(),
        proposed: count(agent.proposed),
        waiting: count(agent.waiting),
        approved: count(agent.approved),
        denied: count(agent.denied),
        days: agent.days.iter().map(|it| count(*it)).collect(),
        kinds: agent
            .kinds
            .iter()
            .map(|(kind, items)| wire::KindCount { kind: sheet::kind(*kind), count: count(*items) })
            .collect(),
    }
}

fn not_alone(why: NotAlone) -> &'static str {
    match why {
        NotAlone::Unknown => {
            "The gate knows nothing by which to tell it from others, so only everything can be halted."
        }
        NotAlone::SharedUser => {
            "The gate knows it only as the user that app or gate run as, as it knows every program of that user. So \
             only everything can be halted."
        }
        NotAlone::NoGate => "Its gate is trusted no more: nothing comes from there.",
    }
}

/// What a person wants to stop; `digest` reads the id of an agent.
pub(crate) fn stop<E>(
    stop: &wire::Stop,
    digest: impl Fn(&str) -> Result<countersign_core::digest::Digest, E>,
) -> Result<Stop, E> {
    Ok(match stop {
        wire::Stop::Everything => Stop::Everything,
        wire::Stop::Agent { agent } => Stop::Agent(digest(agent)?),
    })
}

pub(crate) fn halted(halted: Halted) -> wire::Decided {
    let title = if halted.already { "It is halted already." } else { "Halted." };
    let hint = match (halted.gates_alive, halted.voided) {
        (false, _) => {
            "Nothing was lost: a gate that is not running does nothing, and obeys this before anything else when it \
             starts."
                .to_owned()
        }
        // Whether it was obeyed is known when the gate says so.
        (true, voided) => format!(
            "A gate that runs reads this before anything else, and begins nothing more that it names. {}A program that \
             runs already goes on to its end.",
            match voided {
                0 => String::new(),
                1 => "1 proposal is void. ".to_owned(),
                voided => format!("{voided} proposals are void. "),
            }
        ),
    };
    wire::Decided { digest: halted.digest.to_string(), title: title.to_owned(), hint }
}

pub(crate) fn lifted(signed: Signed) -> wire::Decided {
    said(
        signed,
        "Lifted.",
        "New proposals can act again. What was approved before stays void.",
        "Not yet delivered: a gate is not running. It stays halted until it starts and reads this.",
    )
}
