//! What both buses need: matches, names, and coming back when a bus went away.

use std::collections::HashMap;
use std::time::Duration;

use async_io::Timer;
use futures_lite::{StreamExt as _, future};
use zbus::fdo::{self, DBusProxy};
use zbus::match_rule::Builder as Rule;
use zbus::names::BusName;
use zbus::{Connection, MatchRule, Message, MessageStream, message};

/// How long to wait before a bus is looked for again.
const SOON: Duration = Duration::from_secs(1);
const LATE: Duration = Duration::from_secs(60);

const BUS: &str = "org.freedesktop.DBus";

/// Does `work` over and over, as a bus may go away and come back.
pub(super) async fn again_and_again<F: Future<Output = zbus::Result<()>>>(work: impl Fn() -> F) {
    let mut wait = SOON;
    loop {
        let begun = std::time::Instant::now();
        if let Err(error) = work().await {
            tracing::debug!(%error, "a bus is not there");
        }
        wait = if begun.elapsed() > LATE { SOON } else { (wait * 2).min(LATE) };
        Timer::after(wait).await;
    }
}

/// Longer than any bus takes to answer; then it is as good as gone.
const ANSWER: Duration = Duration::from_secs(5);

/// The session's bus.
pub(super) async fn session() -> zbus::Result<Connection> {
    zbus::connection::Builder::session().method_timeout(ANSWER).build().await
}

/// The system's bus.
pub(super) async fn system() -> zbus::Result<Connection> {
    zbus::connection::Builder::system().method_timeout(ANSWER).build().await
}

/// What `work` comes to, unless that takes longer than a bus does.
pub(super) async fn soon<T>(work: impl Future<Output = zbus::Result<T>>) -> zbus::Result<T> {
    future::or(work, async {
        Timer::after(ANSWER).await;
        Err(gone())
    })
    .await
}

fn gone() -> zbus::Error {
    std::io::Error::from(std::io::ErrorKind::NotConnected).into()
}

/// Signals of an interface, from anyone unless a sender is said.
pub(super) fn signal<'r>(interface: &'r str, member: &'r str) -> Rule<'r> {
    MatchRule::builder().msg_type(message::Type::Signal).interface(interface).member(member)
}

/// What happens to the name.
fn owner(name: &str) -> Rule<'_> {
    signal(BUS, "NameOwnerChanged").sender(BUS).arg(0, name)
}

/// What is said on a bus, in the order in which it was said: what fits a rule, and by whom the rule says.
///
/// The bus holds only what goes to everybody against the rules. What anyone sends to this program alone,
/// it delivers; so the rules are kept to here as well.
pub(super) struct Signals {
    stream: MessageStream,
    rules: Vec<MatchRule<'static>>,
    // Who has the names that are listened for, up to the last signal.
    owners: HashMap<String, String>,
}

/// Listens to what fits one of `rules`, and to who has `names`. A name that is the sender of a rule is one of them.
///
/// `asks` is another connection to the same bus: an answer over the one that listens waits behind
/// whatever was sent there, and anyone can send a lot.
pub(super) async fn listen(
    bus: &Connection,
    asks: &Connection,
    names: &[&'static str],
    rules: Vec<Rule<'static>>,
) -> zbus::Result<Signals> {
    let rules = names.iter().copied().map(owner).chain(rules);
    let rules = rules.map(Rule::build).collect::<zbus::Result<Vec<_>>>()?;
    let proxy = DBusProxy::new(bus).await?;
    for rule in &rules {
        proxy.add_match_rule(rule.clone()).await?;
    }
    let stream = MessageStream::from(bus);
    let proxy = DBusProxy::new(asks).await?;
    let mut owners = HashMap::from([(BUS.to_owned(), BUS.to_owned())]);
    for name in names {
        match proxy.get_name_owner(BusName::try_from(*name)?).await {
            Ok(owner) => drop(owners.insert((*name).to_owned(), owner.to_string())),
            Err(fdo::Error::NameHasNoOwner(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Signals { stream, rules, owners })
}

impl Signals {
    /// The next signal; an error when the bus is gone.
    pub(super) async fn next(&mut self) -> zbus::Result<Message> {
        while let Some(message) = self.stream.next().await {
            let message = message?;
            if !self.rules.iter().any(|rule| self.keeps_to(&message, rule)) {
                continue;
            }
            if let Some(Owner { name, is, .. }) = new_owner(&message) {
                match is {
                    Some(is) => self.owners.insert(name, is),
                    None => self.owners.remove(&name),
                };
            }
            return Ok(message);
        }
        Err(gone())
    }

    /// Whether somebody has the name, which is one of those that are listened for.
    pub(super) fn has_owner(&self, name: &str) -> bool {
        self.owners.contains_key(name)
    }

    fn keeps_to(&self, message: &Message, rule: &MatchRule<'_>) -> bool {
        let header = message.header();
        // To zbus a rule lets everybody speak for a name.
        let by_whom = rule.sender().is_none_or(|name| {
            let owner = self.owners.get(name.as_str());
            owner.is_some_and(|owner| header.sender().is_some_and(|by| by.as_str() == owner))
        });
        by_whom && rule.matches(message).unwrap_or(false)
    }
}

/// Whether the bus starts somebody with the name when one is asked for.
pub(super) async fn can_be_started(bus: &Connection, name: &str) -> zbus::Result<bool> {
    let names = DBusProxy::new(bus).await?.list_activatable_names().await?;
    Ok(names.iter().any(|it| it.as_str() == name))
}

/// What became of a name.
pub(super) struct Owner {
    pub(super) name: String,
    /// Somebody had it before.
    pub(super) was: bool,
    /// Who has it now.
    pub(super) is: Option<String>,
}

/// What a `NameOwnerChanged` says.
pub(super) fn new_owner(message: &Message) -> Option<Owner> {
    if member(message) != "NameOwnerChanged" {
        return None;
    }
    let (name, old, new): (String, String, String) = message.body().deserialize().ok()?;
    Some(Owner { name, was: !old.is_empty(), is: Some(new).filter(|it| !it.is_empty()) })
}

/// The member of a signal, to tell them apart.
pub(super) fn member(message: &Message) -> String {
    message.header().member().map(ToString::to_string).unwrap_or_default()
}
