//! A proposal as named values and texts, to compare them one by one.

use countersign_core::action::{
    Access, Act, Action, Assurance, Audience, Environment, Fact, Grant, Object, Post, PrincipalKind, Remove,
    Reversibility, Run,
};
use countersign_core::content::{Content, Listing};
use countersign_core::proposal::{Effect, Origin, Proposal};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::count;
use crate::documents::removal::copy;
use crate::documents::{Blobs, items_of};

/// Things of a list that are compared one by one. A longer list is compared as a whole: each of its things takes
/// many times the room that it has in the list.
const MOST: u64 = 100_000;

/// What a value is called, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Piece {
    Ours(String),
    Theirs(Vec<u8>),
}

#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Value {
    /// What it is one of, in our words.
    pub(super) group: &'static str,
    pub(super) name: Vec<Piece>,
    pub(super) says: Vec<Piece>,
}

pub(super) struct Text<'p> {
    pub(super) group: &'static str,
    pub(super) name: Vec<Piece>,
    pub(super) content: &'p Content,
}

/// One action, or what is said of all of them.
#[derive(Default)]
pub(super) struct Part<'p> {
    pub(super) values: Vec<Value>,
    pub(super) texts: Vec<Text<'p>>,
}

fn ours(text: impl Into<String>) -> Vec<Piece> {
    vec![Piece::Ours(text.into())]
}

fn theirs(text: impl AsRef<[u8]>) -> Vec<Piece> {
    vec![Piece::Theirs(text.as_ref().to_vec())]
}

fn both(before: &str, text: impl AsRef<[u8]>, after: &str) -> Vec<Piece> {
    let mut all = theirs(text);
    if !before.is_empty() {
        all.insert(0, Piece::Ours(before.to_owned()));
    }
    if !after.is_empty() {
        all.push(Piece::Ours(after.to_owned()));
    }
    all
}

impl<'p> Part<'p> {
    fn value(&mut self, group: &'static str, says: Vec<Piece>) {
        self.named(group, ours(group), says);
    }

    fn named(&mut self, group: &'static str, name: Vec<Piece>, says: Vec<Piece>) {
        self.values.push(Value { group, name, says });
    }

    fn text(&mut self, group: &'static str, content: &'p Content) {
        self.texts.push(Text { group, name: ours(group), content });
    }
}

/// First what is said of the whole, then each action. What every proposal has for itself, such as its number and its
/// time, is not in it.
pub(super) fn parts<'p>(of: &'p Proposal, blobs: Blobs<'_>) -> Result<Vec<Part<'p>>, Error> {
    let mut all = vec![whole(of)];
    for action in of.actions.iter() {
        all.push(one(action, of.effect, blobs)?);
    }
    Ok(all)
}

fn whole(of: &Proposal) -> Part<'_> {
    let mut part = Part::default();
    if let Some(asked) = &of.asked {
        part.text("what was asked", &asked.text);
        part.value("who asked", asked.by.as_ref().map_or_else(|| ours("not said"), |by| theirs(by.as_str())));
        part.value(
            "where the request is from",
            match &asked.origin {
                Origin::Mandate(digest) => ours(format!("the mandate {digest}")),
                Origin::Transcript(path) => both("the agent's own record ", path.as_bytes(), ""),
                Origin::Caller => ours("whoever made the request"),
            },
        );
    }
    if let Some(claim) = &of.rationale {
        part.text("the agent's claim", claim);
    }
    part.value(
        "who would do it",
        ours(match of.effect {
            Effect::Act => "the gate",
            Effect::Release => "the agent",
        }),
    );
    for (group, text) in [("what the agent calls itself", &of.agent.calls_itself), ("model", &of.agent.model)]
    {
        if let Some(text) = text {
            part.value(group, theirs(text.as_str()));
        }
    }
    for need in &of.requirement.needs {
        let mut says = ours(count::people(need.count.into()));
        if let Some(role) = &need.role {
            says.extend(both(" of the role ", role.as_str(), ""));
        }
        part.value("signatures", says);
    }
    part.value("rules", ours(of.rules.to_string()));
    if of.not_before > of.created {
        part.value("not before", ours(format!("{} UTC seconds", of.not_before.seconds())));
    }
    if let Some(batch) = of.actions.batch() {
        let (uses, until) = (batch.terms().uses, batch.terms().until);
        part.value("how often it may be used", ours(count::of(uses, "time")));
        part.value("for how long it may be used", ours(count::of(until.since(of.created), "second")));
    }
    for finding in &of.acknowledge {
        part.value("findings that the gate wants acknowledged", theirs(finding.as_str()));
    }
    part
}

fn one<'p>(action: &'p Action, effect: Effect, blobs: Blobs<'_>) -> Result<Part<'p>, Error> {
    let mut part = Part::default();
    part.value("kind of action", ours(kind(&action.act)));
    part.value("target", theirs(action.target.as_bytes()));
    part.value("environment", theirs(action.environment.as_str()));
    part.value(
        "reversibility",
        ours(match action.reversibility {
            Reversibility::Reversible => "reversible",
            Reversibility::Effort => "with effort",
            Reversibility::Irreversible => "irreversible",
            Reversibility::Unknown => "not known",
        }),
    );
    match &action.act {
        Act::Post(it) => post(it, &mut part),
        Act::Change(it) => {
            part.value("resource", theirs(it.resource.as_bytes()));
            for (group, content) in [("what is there now", &it.before), ("what would be there", &it.after)] {
                if let Some(content) = content {
                    part.text(group, content);
                }
            }
            for (group, mode) in [("mode now", it.mode_before), ("mode then", it.mode_after)] {
                if let Some(mode) = mode {
                    part.value(group, ours(count::mode(mode)));
                }
            }
        }
        Act::Remove(it) => remove(it, effect, blobs, &mut part)?,
        Act::Access(it) => access(it, blobs, &mut part)?,
        Act::Run(it) => run(it, &mut part),
        Act::Call(it) => {
            part.value("server", theirs(it.server.as_str()));
            part.value("tool", theirs(it.tool.as_str()));
            let definition = it.definition.map_or_else(|| "none".to_owned(), |it| it.to_string());
            part.value("tool definition", ours(definition));
            part.text("the arguments", &it.arguments);
        }
    }
    for condition in &action.preconditions {
        let kept = match condition.assurance {
            Assurance::Held => "held until then: ",
            Assurance::Checked => "read just before: ",
        };
        let says = match &condition.fact {
            Fact::Absent { path } => both(&format!("{kept}nothing at "), path.as_bytes(), ""),
            Fact::File { path, sha256, mode } => {
                let mode = mode.map(|bits| format!(", mode {}", count::mode(bits))).unwrap_or_default();
                both(&format!("{kept}a file at "), path.as_bytes(), &format!(", SHA-256 {sha256}{mode}"))
            }
            Fact::Mode { path, mode } => {
                both(&format!("{kept}the mode of "), path.as_bytes(), &format!(", {}", count::mode(*mode)))
            }
        };
        part.value("what must still hold", says);
    }
    Ok(part)
}

fn kind(act: &Act) -> &'static str {
    match act {
        Act::Post(_) => "post",
        Act::Change(_) => "change",
        Act::Remove(_) => "remove",
        Act::Access(_) => "change access",
        Act::Run(_) => "run a program",
        Act::Call(_) => "call a tool",
    }
}

fn post<'p>(it: &'p Post, part: &mut Part<'p>) {
    part.value("place", theirs(it.place.as_str()));
    for (group, text) in [("name", &it.name), ("thread", &it.thread), ("in reply to", &it.in_reply_to)] {
        if let Some(text) = text {
            part.value(group, theirs(text.as_str()));
        }
    }
    part.value("readers now", ours(audience(&it.reach.before)));
    part.value("readers then", ours(audience(&it.reach.after)));
    part.value("format", ours(format!("{:?}", it.format).to_lowercase()));
    part.text("the text", &it.body);
    for attachment in &it.attachments {
        let name = both("attachment ", attachment.name.as_str(), "");
        let content = &attachment.content;
        part.named("attachments", name.clone(), both("sent as ", content.media_type(), ""));
        part.texts.push(Text { group: "attachments", name, content });
    }
}

fn audience(it: &Audience) -> String {
    match it {
        Audience::Unknown => "not known: treated as everyone".to_owned(),
        Audience::Everyone => "anyone".to_owned(),
        Audience::Known { count, guests, external, bots } => {
            let kinds = [(guests, "guests"), (external, "external"), (bots, "bots")];
            let kinds = kinds.iter().filter_map(|(some, name)| some.map(|it| format!(", {it} {name}")));
            kinds.fold(count::people(*count), |all, kind| all + &kind)
        }
    }
}

/// What is said of a list that is too long to be compared one by one.
fn as_a_whole<T: Serialize + DeserializeOwned + Clone>(list: &Listing<T>) -> Option<Vec<Piece>> {
    let content = list.content().filter(|_| list.count() > MOST)?;
    Some(ours(format!("{}; SHA-256 of the list {}", count::number(list.count()), content.sha256())))
}

/// The things of a list that is not.
fn one_by_one<T: Serialize + DeserializeOwned + Clone>(
    list: &Listing<T>,
    blobs: Blobs<'_>,
) -> Result<Vec<T>, Error> {
    if as_a_whole(list).is_some() { Ok(Vec::new()) } else { items_of(list, blobs) }
}

fn remove<'p>(it: &'p Remove, effect: Effect, blobs: Blobs<'_>, part: &mut Part<'p>) -> Result<(), Error> {
    part.value("what is removed", theirs(it.what.as_str()));
    if let Some(says) = as_a_whole(&it.objects) {
        part.value("things to remove", says);
    }
    part.value("whether a copy is kept", ours(copy(it, effect)));
    for Object { id, known_by, sha256, size } in one_by_one(&it.objects, blobs)? {
        let mut says = ours("to be removed");
        for (name, value) in &known_by {
            says.extend(both("; ", name.as_str(), " "));
            says.extend(theirs(value.as_bytes()));
        }
        if let Some(size) = size {
            says.extend(ours(format!("; {}", count::of(size, "byte"))));
        }
        if let Some(sha256) = sha256 {
            says.extend(ours(format!("; SHA-256 {sha256}")));
        }
        part.named("things to remove", both("removes ", id.as_bytes(), ""), says);
    }
    Ok(())
}

fn access<'p>(it: &'p Access, blobs: Blobs<'_>, part: &mut Part<'p>) -> Result<(), Error> {
    part.value("resource", theirs(it.resource.as_bytes()));
    let lists = [("rights now", "has now: ", &it.before), ("rights then", "would have: ", &it.after)];
    for (group, says, list) in lists {
        if let Some(says) = as_a_whole(list) {
            part.value(group, says);
        }
        for Grant { principal, right } in one_by_one(list, blobs)? {
            let kind = match principal.kind {
                PrincipalKind::Person => "person ",
                PrincipalKind::Group => "group ",
                PrincipalKind::Service => "service ",
                PrincipalKind::Anyone => "anyone: ",
            };
            let outside = match principal.external {
                Some(true) => ", external",
                Some(false) => ", internal",
                None => "",
            };
            let name = both(kind, principal.name.as_str(), outside);
            part.named(group, name, both(says, right.as_str(), ""));
        }
    }
    part.value("people with access now", ours(audience(&it.population.before)));
    part.value("people with access then", ours(audience(&it.population.after)));
    Ok(())
}

fn run<'p>(it: &'p Run, part: &mut Part<'p>) {
    let program = format!(", SHA-256 {}", it.executable.sha256);
    part.value("program", both("", it.executable.path.as_bytes(), &program));
    for (at, argument) in it.argv.iter().enumerate() {
        part.named("arguments", ours(format!("argument {at}")), theirs(argument.as_bytes()));
    }
    part.value("working directory", theirs(it.cwd.as_bytes()));
    match &it.environment {
        Environment::Complete(variables) => {
            for variable in variables {
                let name = both("variable ", variable.name.as_bytes(), "");
                part.named("variables", name, theirs(variable.value.as_bytes()));
            }
        }
        Environment::Unbound => part.value("variables", ours("the agent's own, not known")),
    }
    part.value("user", theirs(it.user.as_str()));
    part.value("host", theirs(it.host.as_str()));
    if let Some(script) = &it.script {
        part.value("path of the script", theirs(script.path.as_bytes()));
        if let Some(argument) = &script.interpreter_argument {
            part.value("argument of the interpreter", theirs(argument.as_bytes()));
        }
        part.text("the script", &script.content);
    }
    if let Some(stdin) = &it.stdin {
        part.text("standard input", stdin);
    }
}
