//! The socket: who may connect, and one task for each connection.
//!
//! A client that is slow, hostile or gone costs its own task and a bounded
//! amount of memory; requests are resolved on threads of their own, so a file
//! system that hangs holds up only the one who named it.

use std::collections::BTreeMap;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_core::proposal::{Agent, Authenticated, Effect};
use countersign_core::refusal::{Code, Refusal};
use data_encoding::HEXLOWER;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::config::Config;
use crate::engine::{self, Engine, Handle, Viewer, Wanted};
use crate::folder::Folder;
use crate::request::{Request, Uploads, Want};
use crate::seats::{Seats, Turns};
use crate::tail::Tail;
use crate::wire::{self, Ask, Hello, Propose, Refused, Standing, Tell, View, Wait, Welcome};
use crate::{Error, frame, paths, private, resolve, users};

/// The most connections at once.
const MAX_CONNECTIONS: usize = 400;

/// The most bytes that all clients together have the gate hold for requests.
const MAX_UPLOADS: usize = 256 * 1024 * 1024;

/// The most bytes of a reason: the message that carries it has a limit.
const MAX_REASON: usize = 2000;

/// How long a client may take to send a frame that it began.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a client may take to say hello.
const COURTESY: Duration = Duration::from_secs(5);

/// How often a wait looks again without having been woken.
const LOOK: Duration = Duration::from_secs(1);

/// At least so long between two looks, however much output there is.
const PAUSE: Duration = Duration::from_millis(20);

/// What a connection needs.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) folder: Folder,
    pub(crate) config: Arc<Config>,
    pub(crate) handle: Handle,
}

/// Takes the gate's socket. The gate's lock is held, so whatever socket is there belongs to nobody.
pub(crate) fn bind(folder: &Folder, config: &Config) -> Result<UnixListener, Error> {
    let path = folder.socket();
    let io = |cause| Error::io(path, cause);
    let parent = path.parent().ok_or_else(|| Error::folder(path, "a socket has a folder"))?;
    let shared = !config.uids.is_empty();
    if shared {
        // Others have to reach it; who they are is asked of each connection.
        std::fs::create_dir_all(parent).map_err(io)?;
    } else {
        private::make_dir(parent)?;
    }
    match std::fs::symlink_metadata(path) {
        Ok(meta) if meta.file_type().is_socket() => std::fs::remove_file(path).map_err(io)?,
        Ok(_) => return Err(Error::folder(path, "something that is no socket is in the way")),
        Err(_) => {}
    }
    let listener = UnixListener::bind(path).map_err(io)?;
    let mode = if shared { 0o666 } else { 0o600 };
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).map_err(io)?;
    Ok(listener)
}

/// Serves connections for as long as it lives.
pub(crate) async fn serve(listener: UnixListener, desk: Desk) {
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let uploads = Arc::new(Semaphore::new(MAX_UPLOADS));
    let hall = Hall { uploads, seats: Seats::default(), turns: Turns::default() };
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::error!("a connection could not be taken: {error}");
                tokio::time::sleep(LOOK).await;
                continue;
            }
        };
        // When there are too many, the one that comes is closed, not one that is served.
        let Ok(permit) = Arc::clone(&connections).try_acquire_owned() else { continue };
        let (desk, hall) = (desk.clone(), hall.clone());
        tokio::spawn(async move {
            let _permit = permit;
            let _ = connection(stream, desk, hall).await;
        });
    }
}

/// What all connections share.
#[derive(Clone)]
struct Hall {
    uploads: Arc<Semaphore>,
    seats: Seats,
    turns: Turns,
}

/// One client.
struct Client {
    desk: Desk,
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    uid: u32,
    token: Option<String>,
    name: Label,
    viewer: Viewer,
    // Stands for a session where a request names none.
    session: Label,
    uploads: Uploads,
    room: Arc<Semaphore>,
    // For the uses of batches of this agent.
    turns: Arc<Semaphore>,
    held: Vec<OwnedSemaphorePermit>,
}

async fn connection(stream: UnixStream, desk: Desk, hall: Hall) -> Result<(), Error> {
    let uid = stream.peer_cred().map_err(|_| Error::Closed)?.uid();
    let (mut from, mut to) = stream.into_split();
    let said = async {
        let head = frame::head(&mut from).await?.ok_or(Error::Closed)?;
        if !head.json || head.length > 4096 {
            return Err(Error::Protocol("a hello comes first".to_owned()));
        }
        frame::parse::<Ask>(&frame::body(&mut from, head).await?)
    };
    let said = tokio::time::timeout(COURTESY, said).await.map_err(|_| Error::Closed)?;
    let who = said.and_then(|ask| {
        let token = hello(ask)?;
        let (name, authenticated) = recognise(&desk.folder, uid, token.as_deref())?;
        let seat = hall.seats.take(&authenticated)?;
        Ok((name, authenticated, token, seat))
    });
    let (name, authenticated, token, _seat) = match who {
        Ok(who) => who,
        Err(error) => {
            let _ = frame::send(&mut to, &refused(error)).await;
            return Ok(());
        }
    };
    let gate = desk.folder.gate().clone();
    let welcome = Welcome { gate, agent: name.clone(), authenticated: authenticated.clone() };
    frame::send(&mut to, &Tell::Welcome(welcome)).await?;
    let own = uid == rustix::process::geteuid().as_raw() || uid == 0;
    let all = own && matches!(authenticated, Authenticated::Uid(_));
    let session = users::label(&format!("connection {}", HEXLOWER.encode(&private::random::<4>()?)));
    let viewer = Viewer { authenticated, all };
    let (uploads, held) = (Uploads::new(), vec![]);
    let (room, turns) = (hall.uploads, hall.turns.of(&viewer.authenticated));
    Client { desk, from, to, uid, token, name, viewer, session, uploads, room, turns, held }.serve().await
}

fn hello(ask: Ask) -> Result<Option<String>, Error> {
    let Ask::Hello(Hello { version, token }) = ask else {
        return Err(Error::Protocol("a hello comes first".to_owned()));
    };
    if version != wire::VERSION {
        return Err(Error::Protocol(format!("protocol {version}; this gate speaks {}", wire::VERSION)));
    }
    Ok(token)
}

/// Who a peer is, by the configuration of now.
fn recognise(folder: &Folder, uid: u32, token: Option<&str>) -> Result<(Label, Authenticated), Error> {
    Config::read(&folder.config())?.peer(uid, token)
}

/// The gate changes nothing of its own for an agent; it would also read it for the proposal.
fn not_our_own(folder: &Folder, request: &Request) -> Result<(), Error> {
    let Want::Apply(operations) = &request.want else { return Ok(()) };
    let own = [folder.path(), folder.anchor()].map(|path| std::fs::canonicalize(path).ok());
    for operation in operations {
        let path = paths::path(operation.path());
        if own.iter().flatten().any(|own| path.starts_with(own)) {
            return Err(Error::Request(
                "it would change the gate's own files, which no agent proposes; nothing was proposed"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}

impl Client {
    async fn serve(mut self) -> Result<(), Error> {
        while let Some(head) = frame::head(&mut self.from).await? {
            if !head.json {
                self.take_upload(head.length)?;
            }
            let body = tokio::time::timeout(PATIENCE, frame::body(&mut self.from, head));
            let bytes = body.await.map_err(|_| Error::Closed)??;
            if !head.json {
                self.uploads.insert(Digest::of(&bytes), bytes);
                continue;
            }
            // Asked again each time: a token that was revoked opens nothing more, also where a
            // connection was kept open.
            let ask = frame::parse::<Ask>(&bytes).and_then(|ask| self.still_known().map(|()| ask));
            let answer = match ask {
                Ok(ask) => self.answer(ask).await,
                // Whoever does not speak the protocol, or is not known any more, is told once.
                Err(error) => {
                    frame::send(&mut self.to, &refused(error)).await?;
                    return Ok(());
                }
            };
            if let Err(error) = answer {
                if matches!(error, Error::Closed) {
                    return Ok(());
                }
                frame::send(&mut self.to, &refused(error)).await?;
            }
        }
        Ok(())
    }

    fn still_known(&self) -> Result<(), Error> {
        let (_, authenticated) = recognise(&self.desk.folder, self.uid, self.token.as_deref())?;
        if authenticated == self.viewer.authenticated {
            return Ok(());
        }
        Err(Error::Request("the gate knows this agent by another name now; connect again".to_owned()))
    }

    /// Counts bytes against what a client, and all together, may have the gate hold.
    fn take_upload(&mut self, length: usize) -> Result<(), Error> {
        let held: usize = self.held.iter().map(OwnedSemaphorePermit::num_permits).sum();
        if held + length > wire::MAX_BYTES + 1024 * 1024 {
            return Err(Error::Closed);
        }
        let count = u32::try_from(length).map_err(|_| Error::Closed)?;
        let permit = Arc::clone(&self.room).try_acquire_many_owned(count).map_err(|_| Error::Closed)?;
        self.held.push(permit);
        Ok(())
    }

    async fn answer(&mut self, ask: Ask) -> Result<(), Error> {
        let viewer = self.viewer.clone();
        match ask {
            Ask::Hello(_) => Err(Error::Protocol("hello was said before".to_owned())),
            Ask::Propose(propose) => self.propose(*propose).await,
            Ask::Wait(wait) => self.wait(wait).await,
            Ask::Use(it) => self.use_one(it).await,
            Ask::Withdraw(it) => {
                if it.reason.as_ref().is_some_and(|reason| reason.len() > MAX_REASON) {
                    return Err(Error::Request(format!(
                        "a reason has at most {MAX_REASON} bytes; nothing was withdrawn"
                    )));
                }
                let withdraw = move |engine: &mut Engine| engine.withdraw(&it.proposal, &viewer, it.reason);
                let now = self.desk.handle.ask(withdraw).await??;
                frame::send(&mut self.to, &Tell::Withdrawn { now }).await
            }
            Ask::Show(it) => {
                let show = move |engine: &mut Engine| engine.show(&it.proposal, &viewer);
                let (shown, blobs) = self.desk.handle.ask(show).await??;
                self.send_with(&Tell::Shown(Box::new(shown)), blobs).await
            }
            Ask::Changes(it) => {
                let changes = move |engine: &mut Engine| engine.changes(&it.proposal, &viewer);
                let (changed, sides) = self.desk.handle.ask(changes).await??;
                self.send_with(&Tell::Changes(changed), sides).await
            }
            Ask::Status {} => {
                let status = self.desk.handle.ask(move |engine| engine.status(&viewer)).await??;
                frame::send(&mut self.to, &Tell::Status(Box::new(status))).await
            }
        }
    }

    /// An answer and the bytes that follow it.
    async fn send_with(&mut self, tell: &Tell, blobs: Vec<Vec<u8>>) -> Result<(), Error> {
        // They are held for as long as the client takes to read them.
        let held = u32::try_from(blobs.iter().map(Vec::len).sum::<usize>()).unwrap_or(u32::MAX);
        let _held = Arc::clone(&self.room).try_acquire_many_owned(held).map_err(|_| {
            Error::Request("the gate is sending as much as it can to others; ask again later".to_owned())
        })?;
        frame::send(&mut self.to, tell).await?;
        for blob in blobs {
            frame::send_bytes(&mut self.to, &blob).await?;
        }
        Ok(())
    }

    async fn propose(&mut self, propose: Propose) -> Result<(), Error> {
        let agent = self.agent(&propose.request);
        let uploads = Arc::new(std::mem::take(&mut self.uploads));
        // Given back at the end of this, however it ends.
        let _held = std::mem::take(&mut self.held);
        let config = Arc::clone(&self.desk.config);
        let given = Arc::clone(&uploads);
        let resolve = move || resolve::resolve(propose.request, &given, &config);
        let resolved = tokio::task::spawn_blocking(resolve).await.map_err(|_| Error::Closed)??;
        not_our_own(&self.desk.folder, &resolved.request)?;
        let key = propose.key;
        let add = move |engine: &mut Engine| {
            engine.propose(resolved, &uploads, agent, key.as_ref().map(Label::as_str))
        };
        let proposed = self.desk.handle.ask(add).await?;
        frame::send(&mut self.to, &Tell::Proposed(proposed?)).await
    }

    fn agent(&self, request: &Request) -> Agent {
        Agent {
            name: self.name.clone(),
            calls_itself: request.calls_itself.clone(),
            session: request.session.clone().unwrap_or_else(|| self.session.clone()),
            model: request.model.clone(),
            authenticated: self.viewer.authenticated.clone(),
        }
    }

    async fn use_one(&mut self, it: wire::Use) -> Result<(), Error> {
        let wanted = Wanted { proposal: it.proposal, arguments: it.arguments, by: self.viewer.clone() };
        let turn = self.turn(&wanted).await?;
        let (send, receive) = oneshot::channel();
        let Desk { folder, handle, .. } = self.desk.clone();
        let children = handle.ask(|engine| engine.children()).await?;
        engine::use_one(handle, folder, children, wanted, turn, |it| drop(send.send(it)))?;
        let entry = receive.await.map_err(|_| Error::Closed)??;
        frame::send(&mut self.to, &Tell::Using { entry: entry as u64 }).await
    }

    /// Waits until there is room for one more use. Nothing of it is looked at, held or burned before.
    async fn turn(&mut self, wanted: &Wanted) -> Result<OwnedSemaphorePermit, Error> {
        if let Ok(turn) = Arc::clone(&self.turns).try_acquire_owned() {
            return Ok(turn);
        }
        // What is wrong with it is said at once.
        let looked = wanted.clone();
        self.desk.handle.ask(move |engine| engine.use_entry(&looked)).await???;
        frame::send(&mut self.to, &Tell::InLine {}).await?;
        let turn = tokio::select! {
            turn = Arc::clone(&self.turns).acquire_owned() => turn.map_err(|_| Error::Closed)?,
            () = self.gone() => return Err(Error::Closed),
        };
        self.still_known()?;
        Ok(turn)
    }

    async fn wait(&mut self, wait: Wait) -> Result<(), Error> {
        let Wait { proposal, release, entry, output } = wait;
        let mut changes = self.desk.handle.changes();
        let mut last: Option<View> = None;
        let mut tails: BTreeMap<(usize, bool), Tail> = BTreeMap::new();
        let mut released_to_us = false;
        loop {
            changes.mark_unchanged();
            let mut view = self.look(&proposal, entry).await?;
            let claimed = view.standing == Standing::Approved && view.effect == Effect::Release;
            if let Some(request) = release.as_deref().filter(|_| claimed) {
                self.still_known()?;
                released_to_us |= self.release(&view, request).await?;
                view = self.look(&proposal, entry).await?;
            }
            if release.is_some() && view.ending.as_deref() == Some("released") && !released_to_us {
                let why = "it was released before, to whoever waited for it then";
                return Err(Refusal::new(Code::Replay, why).into());
            }
            if output {
                self.send_output(&view, &mut tails).await?;
            }
            if last.as_ref() != Some(&view) {
                frame::send(&mut self.to, &Tell::View(Box::new(view.clone()))).await?;
            }
            if view.is_over() {
                return Ok(());
            }
            last = Some(view);
            tokio::select! {
                changed = changes.changed() => changed.map_err(|_| Error::Closed)?,
                () = tokio::time::sleep(LOOK) => {}
                () = self.gone() => return Err(Error::Closed),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Until a client that waits ends: nothing else may come of it.
    async fn gone(&self) {
        while self.from.readable().await.is_ok() {
            match self.from.try_read(&mut [0]) {
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                _ => return,
            }
        }
    }

    async fn look(&self, proposal: &str, entry: Option<u64>) -> Result<View, Error> {
        let (proposal, viewer) = (proposal.to_owned(), self.viewer.clone());
        let look = move |engine: &mut Engine| match entry {
            Some(entry) => engine.view_use(&proposal, entry, &viewer),
            None => engine.view(&proposal, &viewer),
        };
        self.desk.handle.ask(look).await?
    }

    /// Claims a release; whether it is now ours. That it is not to be had yet is no error; what else is
    /// wrong is told.
    async fn release(&self, view: &View, request: &Request) -> Result<bool, Error> {
        let handle = &self.desk.handle;
        let (digest, agent, request) = (view.digest, self.agent(request), request.clone());
        let (claiming, claimed) = (agent.clone(), request.clone());
        let claim = move |engine: &mut Engine| engine.claim(&digest, &claiming, &claimed);
        let refusal = match handle.ask(claim).await?? {
            Err(refusal) => refusal,
            Ok(order) => {
                let check = move || {
                    let checked = order.case.acted.actions.iter().try_for_each(crate::act::check);
                    (order, checked)
                };
                let (order, checked) = tokio::task::spawn_blocking(check).await.map_err(|_| Error::Closed)?;
                let release = move |engine: &mut Engine| match checked {
                    Ok(()) => engine.release(&order, &agent, &request),
                    Err(refusal) => Ok(Err(engine.not_released(&digest, refusal)?)),
                };
                match handle.ask(release).await?? {
                    Ok(()) => return Ok(true),
                    Err(refusal) => refusal,
                }
            }
        };
        match refusal.code {
            Code::AgentMismatch | Code::ActionMismatch => Err(refusal.into()),
            // The next look says so, or it is tried again.
            _ => Ok(false),
        }
    }

    async fn send_output(
        &mut self,
        view: &View,
        tails: &mut BTreeMap<(usize, bool), Tail>,
    ) -> Result<(), Error> {
        if matches!(view.standing, Standing::Waiting | Standing::ChangesRequested) {
            return Ok(());
        }
        let actions = match (&view.used, &view.uses) {
            (Some(used), _) => used.entry as usize..used.entry as usize + 1,
            // Each use is waited for by itself.
            (None, Some(_)) => return Ok(()),
            (None, None) => 0..view.actions,
        };
        for action in actions {
            for error in [false, true] {
                let path = || -> PathBuf {
                    let stream = if error { "stderr" } else { "stdout" };
                    crate::act::output(&self.desk.folder, &view.digest, action, stream)
                };
                let tail = tails.entry((action, error)).or_insert_with(|| Tail::of(path()));
                while let Some(bytes) = tail.next() {
                    frame::send(&mut self.to, &Tell::Output(wire::Output { action, error })).await?;
                    frame::send_bytes(&mut self.to, &bytes).await?;
                }
            }
        }
        Ok(())
    }
}

fn refused(error: Error) -> Tell {
    let (code, why) = match error {
        Error::Refused(refusal) => (Some(refusal.code), refusal.why),
        Error::Request(why) => (None, why),
        Error::Protocol(why) => (None, why),
        Error::Folder { .. } => (None, "the gate's configuration cannot be read; see its log".to_owned()),
        other => {
            let refusal = other.into_refusal();
            (Some(refusal.code), refusal.why)
        }
    };
    Tell::Refused(Refused { code, why })
}
