//! Verbs of whoever runs a gate: `gate`, `init`, `key`, `token`.

use countersign_core::digest::Digest;
use countersign_core::key::PublicKey;
use countersign_core::name::GateId;
use countersign_gate::Error;
use countersign_gate::config::{Config, KnownAgent, KnownBy};
use countersign_gate::folder::Folder;
use countersign_gate::start;
use countersign_sources::layout::Layout;
use serde_json::json;

use crate::args::{Gate, Init, Token, TokenVerb};
use crate::exit::Exit;
use crate::{look, out};

/// Which gate, where, and for whom to print.
pub(crate) struct Place {
    pub(crate) layout: Layout,
    pub(crate) gate: GateId,
    pub(crate) json: bool,
}

impl Place {
    fn folder(&self) -> Folder {
        Folder::of(&self.layout, &self.gate)
    }

    pub(crate) fn config(&self) -> Result<Config, Error> {
        Config::read(&self.folder().config())
    }
}

pub(crate) fn gate(place: &Place, gate: &Gate) -> Result<Exit, Error> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("COUNTERSIGN_LOG");
    tracing_subscriber::fmt()
        .with_env_filter(filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info")))
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .init();
    start::serve(&place.layout, &place.gate, gate.reset_clock)?;
    Ok(Exit::DONE)
}

pub(crate) fn init(place: &Place, init: &Init) -> Result<Exit, Error> {
    let gate = init.name.as_ref().unwrap_or(&place.gate);
    if let (Some(file), Some(digest)) = (&init.trust, &init.digest) {
        start::trust(&place.layout, gate, &start::read_root(file)?, digest)?;
        if place.json {
            out::json(&json!({ "gate": gate, "root": digest }));
        } else {
            out::say(&format!("The gate {gate} trusts the root {digest}."));
            out::say("`countersign gate` starts it.");
        }
        return Ok(Exit::DONE);
    }
    let key = start::init(&place.layout, gate)?;
    if place.json {
        out::json(&key_json(gate, &key));
    } else {
        out::say(&format!("The gate {gate} is made. Its public key:"));
        out::say("");
        print_key(&key);
        out::say("");
        out::say("It trusts nobody yet: `countersign init --trust FILE --digest HEX` tells it whom.");
    }
    Ok(Exit::DONE)
}

pub(crate) fn key(place: &Place) -> Result<Exit, Error> {
    let (gate, key) = match place.config() {
        Ok(config) => (config.gate, config.key),
        // The gate of another user: its folder is closed, its socket may not be.
        Err(_) => {
            let status = look::ask_status(place)?;
            (status.gate, status.key)
        }
    };
    if place.json {
        out::json(&key_json(&gate, &key));
    } else {
        print_key(&key);
    }
    Ok(Exit::DONE)
}

fn key_json(gate: &GateId, key: &PublicKey) -> serde_json::Value {
    json!({
        "gate": gate,
        "key": key,
        "keyid": key.id(),
        "fingerprint": key.fingerprint(),
        "pem": key.to_pem(),
    })
}

fn print_key(key: &PublicKey) {
    out::say(key.to_pem().trim_end());
    out::say(&format!("keyid        {}", key.id()));
    out::say(&format!("fingerprint  {}", key.fingerprint()));
}

pub(crate) fn token(place: &Place, token: &Token) -> Result<Exit, Error> {
    let path = place.folder().config();
    let mut config = place.config()?;
    match &token.what {
        TokenVerb::Add { name } => {
            if config.agents.iter().any(|it| it.name == *name) {
                return Err(Error::Request(format!("there is an agent called {name} already")));
            }
            let mut random = [0; 32];
            getrandom::fill(&mut random).map_err(|_| Error::NoRandomness)?;
            let secret = format!("cst_{}", data_encoding::HEXLOWER.encode(&random));
            let by = KnownBy::Token(Digest::of(secret.as_bytes()));
            config.agents.push(KnownAgent { name: name.clone(), by });
            config.write(&path)?;
            if place.json {
                out::json(&json!({ "name": name, "token": secret }));
            } else {
                out::say(&secret);
                out::note(
                    "Give it to the agent as COUNTERSIGN_TOKEN. It is shown this once; the gate keeps its hash.",
                );
            }
        }
        TokenVerb::List => list(place, &config),
        TokenVerb::Revoke { name } => {
            let known = config.agents.len();
            config.agents.retain(|it| it.name != *name || !matches!(it.by, KnownBy::Token(_)));
            if config.agents.len() == known {
                return Err(Error::Request(format!("no agent called {name} has a token")));
            }
            config.write(&path)?;
            out::note(&format!("The token of {} opens nothing more.", out::plain(name.as_str())));
        }
    }
    Ok(Exit::DONE)
}

fn list(place: &Place, config: &Config) {
    if place.json {
        return out::json(&config.agents);
    }
    for agent in &config.agents {
        let by = match &agent.by {
            KnownBy::Uid(uid) => format!("user {uid}"),
            KnownBy::Token(digest) => format!("token {}", digest.short()),
        };
        out::say(&format!("{}  {by}", out::plain(agent.name.as_str())));
    }
}
