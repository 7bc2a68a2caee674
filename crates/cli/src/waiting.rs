//! Waiting for the end of a proposal, through restarts of the gate, until the person at the keyboard has had enough.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use countersign_core::name::Label;
use countersign_core::ostext::OsText;
use countersign_gate::Error;
use countersign_gate::client::{Client, Told, interrupted};
use countersign_gate::request::{Request, Uploads};
use countersign_gate::wire::{Proposed, Standing, View};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::changes::{self, Change};
use crate::exit::Exit;
use crate::out;

/// How long to wait before the gate is looked for again.
const AGAIN: Duration = Duration::from_millis(300);

/// How to reach the gate, and how long to wait for it.
pub(crate) struct Waiting {
    pub(crate) socket: PathBuf,
    pub(crate) token: Option<String>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) json: bool,
    /// Whether Ctrl-C takes the proposal back, or only ends the waiting.
    pub(crate) withdraws: bool,
    /// Told of SIGINT, SIGTERM and SIGHUP, from before the proposal was made.
    pub(crate) interrupt: JoinHandle<i32>,
}

/// The end of what is waited for.
#[derive(Clone, Copy)]
enum For<'a> {
    /// Of a proposal, with the request for its release when it is one.
    Proposal { release: Option<&'a Request> },
    /// Of the use of an entry of a batch, counted from 0.
    Use(u64),
}

/// How long a gate has to answer somebody who wants to leave.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was shown so far, so that nothing is shown twice after a reconnection.
#[derive(Default)]
struct Shown {
    output: BTreeMap<(usize, bool), u64>,
    // Bytes of this connection.
    passed: BTreeMap<(usize, bool), u64>,
    attempts: i64,
    trouble: Option<String>,
    acting: bool,
}

impl Waiting {
    pub(crate) async fn connect(&self) -> Result<Client, Error> {
        Client::connect(&self.socket, self.token.as_deref()).await
    }

    /// Waits for the end of `proposal`, and prints it.
    pub(crate) async fn until_ended(
        self,
        client: Option<Client>,
        proposal: &str,
        release: Option<&Request>,
    ) -> Result<Exit, Error> {
        self.until_over(client, proposal, For::Proposal { release }).await
    }

    /// Uses an entry of the batch `proposal`, waits for its end, and prints it.
    pub(crate) async fn use_one(mut self, proposal: &str, arguments: &[OsText]) -> Result<Exit, Error> {
        let mut client = patiently(self.connect()).await?;
        let in_line = Cell::new(false);
        let waits = || {
            in_line.set(true);
            out::note("other uses have to end first; nothing of this one is used yet. Ctrl-C gives it up.");
        };
        let using = client.use_one(proposal, arguments, waits);
        let used = tokio::select! {
            used = patiently_unless(using, || in_line.get()) => used,
            _ = &mut self.interrupt => Err(Error::Closed),
        };
        if let Err(Error::Closed) = used {
            let how = match in_line.get() {
                true => "it was left while it waited for its turn. Whether it was used after all",
                false => "the gate did not answer. Whether it is used",
            };
            out::note(&format!("{how}, `countersign show {proposal}` tells"));
        }
        self.until_over(Some(client), proposal, For::Use(used?)).await
    }

    async fn until_over(
        mut self,
        client: Option<Client>,
        proposal: &str,
        what: For<'_>,
    ) -> Result<Exit, Error> {
        // Longer than a clock can count is for ever.
        let deadline = self.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut shown = Shown::default();
        let interrupt = std::mem::replace(&mut self.interrupt, tokio::spawn(std::future::pending()));
        let view = tokio::select! {
            view = self.listen(client, proposal, what, &mut shown) => view?,
            _ = interrupt => return self.interrupted(proposal).await,
            () = until(deadline) => {
                out::note(&format!("still waiting; `countersign wait {proposal}` goes on"));
                return Ok(Exit::WAITING);
            }
        };
        let exit = Exit::of_view(&view);
        let changes = self.changes(&view).await;
        if self.json {
            let changes = changes.ok().flatten();
            out::json(&out::view_json(&view, exit, changes.as_deref().map(changes::to_json)));
        } else {
            match changes {
                Ok(changes) => changes.iter().for_each(|it| changes::tell(it)),
                Err(error) => {
                    let why = out::plain(&error.to_string());
                    out::note(&format!(
                        "A person changed this before they approved it; how is not known: {why}"
                    ));
                }
            }
            out::ended(&view);
        }
        Ok(exit)
    }

    /// What a person changed in it, when it was acted on like that.
    async fn changes(&self, view: &View) -> Result<Option<Vec<Change>>, Error> {
        if view.amended.is_none() {
            return Ok(None);
        }
        let ask = async { changes::of(&mut self.connect().await?, &view.id).await };
        // It has ended: whoever asked is not kept by a gate that says nothing.
        Ok(Some(tokio::time::timeout(PATIENCE, ask).await.unwrap_or(Err(Error::Closed))?))
    }

    async fn listen(
        &self,
        mut client: Option<Client>,
        proposal: &str,
        what: For<'_>,
        shown: &mut Shown,
    ) -> Result<View, Error> {
        let mut lost = false;
        loop {
            let connected = match client.take() {
                Some(client) => Ok(client),
                None => patiently(self.connect()).await,
            };
            let result = match connected {
                Ok(mut client) => {
                    shown.passed.clear();
                    if std::mem::take(&mut lost) {
                        out::note("the gate is back");
                    }
                    let told = |told: Told<'_>| shown.tell(&told);
                    match what {
                        For::Proposal { release } => client.wait(proposal, release, !self.json, told).await,
                        For::Use(entry) => client.wait_for_use(proposal, entry, !self.json, told).await,
                    }
                }
                Err(error) => Err(error),
            };
            match result {
                Err(Error::Closed | Error::Unreachable { .. }) => {
                    if !std::mem::replace(&mut lost, true) {
                        out::note(
                            "the gate is away; the proposal stands, and this waits for it to come back",
                        );
                    }
                    tokio::time::sleep(AGAIN).await;
                }
                other => return other,
            }
        }
    }

    /// Connects and proposes, unless that is interrupted; then what was proposed is withdrawn.
    pub(crate) async fn propose(
        &mut self,
        request: &Request,
        key: Option<Label>,
    ) -> Result<Result<(Client, Proposed), Exit>, Error> {
        let mut client = tokio::select! {
            client = patiently(Client::connect(&self.socket, self.token.as_deref())) => client?,
            _ = &mut self.interrupt => {
                out::note("interrupted; nothing was proposed");
                return Ok(Err(Exit::WITHDRAWN));
            }
        };
        let proposed = {
            let mut proposing = pin!(patiently(client.propose(request, Uploads::new(), key)));
            tokio::select! {
                proposed = &mut proposing => Ok(proposed?),
                // It may be proposed by now; who is told its id can withdraw it.
                _ = &mut self.interrupt => Err(tokio::time::timeout(PATIENCE, proposing).await),
            }
        };
        match proposed {
            Ok(proposed) => Ok(Ok((client, proposed))),
            Err(Ok(proposed)) => Ok(Err(self.interrupted(&proposed?.id).await?)),
            Err(Err(_)) => {
                out::note(
                    "whether it was proposed is not known: the gate does not answer. \
                     `countersign status` tells once it does",
                );
                Err(Error::Closed)
            }
        }
    }

    async fn interrupted(&self, proposal: &str) -> Result<Exit, Error> {
        if !self.withdraws {
            out::note(&format!("the proposal stands; `countersign wait {proposal}` waits for it again"));
            return Ok(Exit::WAITING);
        }
        let reason = Some("the agent was interrupted".to_owned());
        let withdraw = async { self.connect().await?.withdraw(proposal, reason).await };
        // Whoever pressed Ctrl-C is not kept by a gate that says nothing.
        let withdrawn = tokio::time::timeout(PATIENCE, withdraw).await.unwrap_or(Err(Error::Closed));
        if let Err(Error::Unreachable { .. } | Error::Closed) = withdrawn {
            out::note(&format!(
                "whether {proposal} is withdrawn is not known: the gate does not answer. \
                 `countersign status` tells once it does"
            ));
        }
        if withdrawn? {
            out::note("withdrawn; nothing was done");
            return Ok(Exit::WITHDRAWN);
        }
        out::note(&format!("too late to withdraw; `countersign wait {proposal}` tells how it ends"));
        Ok(Exit::WAITING)
    }
}

impl Shown {
    fn tell(&mut self, told: &Told<'_>) {
        match told {
            Told::Output { action, error, bytes } => self.output((*action, *error), bytes),
            Told::View(view) => self.view(view),
        }
    }

    fn output(&mut self, stream: (usize, bool), bytes: &[u8]) {
        let passed = self.passed.entry(stream).or_default();
        let shown = self.output.entry(stream).or_default();
        let start = usize::try_from(shown.saturating_sub(*passed)).unwrap_or(usize::MAX);
        *passed += bytes.len() as u64;
        *shown = (*shown).max(*passed);
        // What a program says goes to whoever ran it, as it is.
        if let Some(new) = bytes.get(start..) {
            let _ = match stream.1 {
                false => std::io::stdout().write_all(new).and_then(|()| std::io::stdout().flush()),
                true => std::io::stderr().write_all(new),
            };
        }
    }

    fn view(&mut self, view: &View) {
        for attempt in &view.attempts {
            if attempt.number > self.attempts {
                self.attempts = attempt.number;
                // What ended it is said at the end.
                if view.ending.as_ref() != Some(&attempt.code) {
                    let why = out::plain(&attempt.why);
                    out::note(&format!("a {} was refused ({}): {why}", attempt.kind, attempt.code));
                }
            }
        }
        if view.trouble != self.trouble {
            if let Some(trouble) = &view.trouble {
                out::note(&format!("STATE_UNAVAILABLE: the gate cannot go on: {}", out::plain(trouble)));
                out::note("nothing was done and nothing is lost; it goes on when this is righted");
            }
            self.trouble.clone_from(&view.trouble);
        }
        if view.standing == Standing::Acting && !std::mem::replace(&mut self.acting, true) {
            out::note(if view.amended.is_some() { "approved, with changes" } else { "approved" });
        }
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// Starts to listen for signals.
pub(crate) fn listen_for_signals() -> JoinHandle<i32> {
    tokio::spawn(interrupted())
}

/// Waits for a gate, and says so when it says nothing for long.
async fn patiently<T>(answer: impl Future<Output = T>) -> T {
    patiently_unless(answer, || false).await
}

/// The same, silently when it is known why nothing is said.
async fn patiently_unless<T>(answer: impl Future<Output = T>, known: impl Fn() -> bool) -> T {
    let mut answer = pin!(answer);
    match tokio::time::timeout(PATIENCE, &mut answer).await {
        Ok(answered) => answered,
        Err(_) if known() => answer.await,
        Err(_) => {
            out::note("the gate is there and says nothing yet; this waits for it. Ctrl-C leaves.");
            answer.await
        }
    }
}
