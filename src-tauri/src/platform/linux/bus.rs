//! What both buses need: matches, names, and coming back when a bus went away.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use async_io::Timer;
use futures_lite::Stream;
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

/// Signals of an interface, from anyone.
pub(super) fn signal<'r>(interface: &'r str, member: &'r str) -> Rule<'r> {
    MatchRule::builder().msg_type(message::Type::Signal).interface(interface).member(member)
}

/// What happens to the name.
pub(super) fn owner(name: &str) -> Rule<'_> {
    signal(BUS, "NameOwnerChanged").sender(BUS).arg(0, name)
}

pub(super) async fn stream(bus: &Connection, rule: Rule<'_>) -> zbus::Result<MessageStream> {
    MessageStream::for_match_rule(rule.build()?, bus, None).await
}

/// Whether somebody has the name.
pub(super) async fn has_owner(bus: &Connection, name: &str) -> zbus::Result<bool> {
    bus.call_method(Some(BUS), "/org/freedesktop/DBus", Some(BUS), "NameHasOwner", &name)
        .await?
        .body()
        .deserialize()
}

/// Whether a `NameOwnerChanged` says that somebody has the name now.
pub(super) fn new_owner(message: &Message) -> Option<(String, bool)> {
    let (name, _, new): (String, String, String) = message.body().deserialize().ok()?;
    Some((name, !new.is_empty()))
}

/// The next message of any of them, in the order of the streams; an error when the bus is gone.
pub(super) async fn next(streams: &mut [MessageStream]) -> zbus::Result<Message> {
    poll_fn(|context| {
        for stream in streams.iter_mut() {
            match Pin::new(stream).poll_next(context) {
                Poll::Ready(Some(message)) => return Poll::Ready(message),
                Poll::Ready(None) => {
                    let gone = std::io::Error::from(std::io::ErrorKind::NotConnected);
                    return Poll::Ready(Err(gone.into()));
                }
                Poll::Pending => {}
            }
        }
        Poll::Pending
    })
    .await
}

/// The member of a signal, to tell them apart.
pub(super) fn member(message: &Message) -> String {
    message.header().member().map(ToString::to_string).unwrap_or_default()
}
