//! What both buses need: matches, names, and coming back when a bus went away.

use std::time::Duration;

use async_io::Timer;
use futures_lite::StreamExt as _;
use zbus::match_rule::Builder as Rule;
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

/// Signals of an interface, from anyone.
pub(super) fn signal<'r>(interface: &'r str, member: &'r str) -> Rule<'r> {
    MatchRule::builder().msg_type(message::Type::Signal).interface(interface).member(member)
}

/// What happens to the name.
pub(super) fn owner(name: &str) -> Rule<'_> {
    signal(BUS, "NameOwnerChanged").sender(BUS).arg(0, name)
}

/// Everything that the rules let through, in the order in which it was said.
pub(super) async fn listen(bus: &Connection, rules: Vec<Rule<'_>>) -> zbus::Result<MessageStream> {
    let stream = MessageStream::from(bus);
    let proxy = zbus::fdo::DBusProxy::new(bus).await?;
    for rule in rules {
        proxy.add_match_rule(rule.build()?).await?;
    }
    Ok(stream)
}

/// Whether somebody has the name.
pub(super) async fn has_owner(bus: &Connection, name: &str) -> zbus::Result<bool> {
    bus.call_method(Some(BUS), "/org/freedesktop/DBus", Some(BUS), "NameHasOwner", &name)
        .await?
        .body()
        .deserialize()
}

/// What became of a name.
pub(super) struct Owner {
    pub(super) name: String,
    /// Somebody had it before.
    pub(super) was: bool,
    /// Somebody has it now.
    pub(super) is: bool,
}

/// What a `NameOwnerChanged` says.
pub(super) fn new_owner(message: &Message) -> Option<Owner> {
    if member(message) != "NameOwnerChanged" {
        return None;
    }
    let (name, old, new): (String, String, String) = message.body().deserialize().ok()?;
    Some(Owner { name, was: !old.is_empty(), is: !new.is_empty() })
}

/// The next signal; an error when the bus is gone.
pub(super) async fn next(stream: &mut MessageStream) -> zbus::Result<Message> {
    while let Some(message) = stream.next().await {
        let message = message?;
        if message.header().message_type() == message::Type::Signal {
            return Ok(message);
        }
    }
    Err(std::io::Error::from(std::io::ErrorKind::NotConnected).into())
}

/// The member of a signal, to tell them apart.
pub(super) fn member(message: &Message) -> String {
    message.header().member().map(ToString::to_string).unwrap_or_default()
}
