//! Setting a gate up, and being it.

use std::path::Path;
use std::time::Duration;

use countersign_core::action::Variable;
use countersign_core::digest::Digest;
use countersign_core::envelope::MAX_ENVELOPE;
use countersign_core::key::PublicKey;
use countersign_core::name::{Epoch, GateId};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::verify::TrustedRoot;
use countersign_sources::layout::Layout;
use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};

use crate::anchor::{Anchor, Mark};
use crate::config::Config;
use crate::engine::{self, Engine, Parts};
use crate::folder::Folder;
use crate::ledger::{Ledger, Meta};
use crate::server::{self, Desk};
use crate::{Error, private, users};

/// How long programs have to end when the gate was asked to, before they are killed.
const GRACE: Duration = Duration::from_secs(5);

/// Makes a gate: folder, key, configuration, ledger and anchor. It trusts nobody yet.
///
/// # Errors
///
/// [`Error::Folder`] when there is one already, [`Error::Io`].
pub fn init(layout: &Layout, gate: &GateId) -> Result<PublicKey, Error> {
    let folder = Folder::of(layout, gate);
    private::make_dir(folder.path())?;
    let _lock = folder.lock()?;
    if folder.config().exists() {
        return Err(Error::folder(folder.path(), "there is a gate here already; nothing was changed"));
    }
    let key = folder.make_key()?.public();
    let config = Config {
        gate: gate.clone(),
        key,
        root: None,
        environment: first_environment(),
        places: vec![],
        agents: vec![],
        uids: vec![],
        clock_offset: None,
    };
    let epoch = Epoch::from_bytes(private::random()?);
    let mut ledger = Ledger::open(&folder.ledger())?;
    let change = ledger.write()?;
    let now = engine::now(&config);
    Meta { epoch, count: 0, seq: 0, highest: now, intent: None }.write(&change)?;
    change.commit()?;
    Anchor::at(folder.anchor()).write(Mark { epoch, count: 0, last: None })?;
    // Last, because it is what makes the folder a gate.
    config.write(&folder.config())?;
    Ok(key)
}

/// Pins root version 1, in `envelope`, whose payload has the digest `pin`.
///
/// # Errors
///
/// `ROOT_INVALID` and `ROOT_THRESHOLD`; [`Error::Folder`] when another root is pinned.
pub fn trust(layout: &Layout, gate: &GateId, envelope: &[u8], pin: &Digest) -> Result<(), Error> {
    let folder = Folder::of(layout, gate);
    let config = Config::read(&folder.config())?;
    let _lock = folder.lock()?;
    if config.root.as_ref().is_some_and(|pinned| pinned != pin) {
        return Err(Error::folder(&folder.config(), "another root is pinned already; nothing was changed"));
    }
    let root = TrustedRoot::pinned(envelope, pin)?;
    let named = root.root().gate(gate).is_some_and(|entry| entry.key == config.key);
    if root.root().version != 1 || !named {
        let why = "it is not version 1 of a root that names this gate with its key";
        return Err(Refusal::new(Code::RootInvalid, why).into());
    }
    private::write(&folder.root(), envelope, 0o600)?;
    Config { root: Some(*pin), ..config }.write(&folder.config())
}

/// Reads the root at `path`, for [`trust`].
///
/// # Errors
///
/// [`Error::Io`], or `ROOT_INVALID` when it is larger than any root.
pub fn read_root(path: &Path) -> Result<Vec<u8>, Error> {
    use std::io::Read as _;
    let io = |cause| Error::io(path, cause);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(io)?;
    file.take(MAX_ENVELOPE as u64 + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() > MAX_ENVELOPE {
        return Err(Refusal::new(Code::RootInvalid, "it is larger than any root").into());
    }
    Ok(bytes)
}

/// Is the gate, until it is asked to end (SIGTERM, SIGINT).
///
/// # Errors
///
/// [`Error::Running`] when another process is; whatever keeps it from starting.
pub fn serve(layout: &Layout, gate: &GateId, reset_clock: bool) -> Result<(), Error> {
    let folder = Folder::of(layout, gate);
    let config = Config::read(&folder.config())?;
    if config.gate != *gate {
        return Err(Error::folder(&folder.config(), "it is the configuration of another gate"));
    }
    if let Some(offset) = config.clock_offset {
        tracing::warn!(offset, "the configuration moves the clock of this gate: only for tests");
    }
    let _lock = folder.lock()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|cause| Error::Io { what: "starting".to_owned(), cause })?;
    // Before the box is read: whoever sees that it is takes the gate for one that can be asked. Those who
    // ask earlier wait.
    let listener = {
        let _inside = runtime.enter();
        server::bind(&folder, &config)?
    };
    let started = Engine::start(Parts { folder: folder.clone(), config: config.clone(), reset_clock });
    let (engine, jobs) = started.inspect_err(|_| {
        let _ = std::fs::remove_file(folder.socket());
    })?;
    let (handle, children) = (engine.handle(), engine.children());
    let engine = std::thread::Builder::new().name("ledger".to_owned()).spawn(move || {
        let _ends = Ends;
        engine.run(&jobs);
    });
    let engine = engine.map_err(|cause| Error::Io { what: "starting".to_owned(), cause })?;
    tracing::info!(gate = %gate, pid = std::process::id(), "ready");

    let desk = Desk { folder: folder.clone(), config: std::sync::Arc::new(config), handle: handle.clone() };
    runtime.block_on(async {
        let serving = tokio::spawn(server::serve(listener, desk));
        asked_to_end().await;
        tracing::info!("asked to end");
        serving.abort();
        wind_down(&handle, &children).await;
    });
    let _ = std::fs::remove_file(folder.socket());
    // What still waits for a program must not hold us up; its outcome is then unknown at the next start.
    runtime.shutdown_timeout(Duration::from_millis(200));
    let _ = handle.hand(Engine::stop);
    let _ = engine.join();
    Ok(())
}

/// A gate whose memory ended by a mistake of ours must not look as if it were there.
struct Ends;

impl Drop for Ends {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!("the thread of the ledger ended unexpectedly; so does the gate");
            std::process::exit(99);
        }
    }
}

/// Ends the programs that run, and lets what came of them be written down.
async fn wind_down(handle: &engine::Handle, children: &crate::act::Children) {
    let mut signalled = Signal::TERM;
    let mut left = GRACE;
    loop {
        let Ok(busy) = handle.ask(Engine::end).await else { return };
        if busy == 0 {
            return;
        }
        if left == GRACE || left.is_zero() {
            children.signal(signalled);
        }
        if left.is_zero() {
            if signalled == Signal::KILL {
                return;
            }
            (signalled, left) = (Signal::KILL, GRACE);
            continue;
        }
        let step = Duration::from_millis(50);
        tokio::time::sleep(step).await;
        left = left.saturating_sub(step);
    }
}

async fn asked_to_end() {
    let (term, int) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    let (Ok(mut term), Ok(mut int)) = (term, int) else { return std::future::pending().await };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}

/// What programs are given unless somebody says otherwise: where programs are, and whose home this is.
fn first_environment() -> Vec<Variable> {
    let me = users::user(rustix::process::geteuid().as_raw());
    let home = std::env::var("HOME").unwrap_or_else(|_| "/".to_owned());
    [
        ("HOME", home.as_str()),
        ("LANG", "C.UTF-8"),
        ("LOGNAME", me.as_str()),
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("USER", me.as_str()),
    ]
    .map(|(name, value)| Variable { name: name.into(), value: value.into() })
    .to_vec()
}
