//! A gate's own folder: where its things are, its key, and the lock that makes it one process.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use countersign_core::key::SecretKey;
use countersign_core::name::GateId;
use countersign_sources::layout::Layout;
use zeroize::Zeroizing;

use crate::{Error, private};

/// How long the lock of a gate that was killed may be held by a program that it was about to run, which has all
/// that the gate had open until it begins.
const LETS_GO_WITHIN: Duration = Duration::from_secs(1);

/// Where the things of one gate are.
#[derive(Debug, Clone)]
pub struct Folder {
    gate: GateId,
    path: PathBuf,
    anchor: PathBuf,
    inbox: PathBuf,
    outbox: PathBuf,
    socket: PathBuf,
}

impl Folder {
    /// The folder of `gate`; nothing is looked at yet.
    pub fn of(layout: &Layout, gate: &GateId) -> Self {
        Self {
            gate: gate.clone(),
            path: layout.gate(gate),
            anchor: layout.anchor(gate),
            inbox: layout.gate_box(gate),
            outbox: layout.reviewer_box(),
            socket: layout.socket(gate),
        }
    }

    /// The gate's name.
    pub fn gate(&self) -> &GateId {
        &self.gate
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its configuration.
    pub fn config(&self) -> PathBuf {
        self.path.join("gate.json")
    }

    /// Its ledger.
    pub fn ledger(&self) -> PathBuf {
        self.path.join("ledger.db")
    }

    /// Its own copy of root version 1.
    pub fn root(&self) -> PathBuf {
        self.path.join("root.json")
    }

    /// Where the output of programs is kept.
    pub fn results(&self) -> PathBuf {
        self.path.join("results")
    }

    /// Where scripts run from.
    pub fn scripts(&self) -> PathBuf {
        self.path.join("scripts")
    }

    /// What it counts outside of its folder.
    pub fn anchor(&self) -> &Path {
        &self.anchor
    }

    /// The box that it reads.
    pub fn inbox(&self) -> &Path {
        &self.inbox
    }

    /// The box that it writes to.
    pub fn outbox(&self) -> &Path {
        &self.outbox
    }

    /// Where it listens.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    fn key_path(&self) -> PathBuf {
        self.path.join("key")
    }

    /// Makes a key. There must be none yet.
    pub(crate) fn make_key(&self) -> Result<SecretKey, Error> {
        let path = self.key_path();
        let seed = Zeroizing::new(private::random::<32>()?);
        let mut options = File::options();
        // Readable by nobody else from its first byte, and never over a key that is there.
        options.write(true).create_new(true).mode(0o600);
        let mut file = options.open(&path).map_err(|cause| Error::io(&path, cause))?;
        let text = Zeroizing::new(data_encoding::HEXLOWER.encode(&*seed));
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(|cause| Error::io(&path, cause))?;
        Ok(SecretKey::from_seed(&seed))
    }

    /// Reads its key.
    pub(crate) fn key(&self) -> Result<SecretKey, Error> {
        let path = self.key_path();
        let bytes =
            private::read(&path, 64)?.ok_or_else(|| Error::folder(&path, "the gate's key is missing"))?;
        let bytes = Zeroizing::new(bytes);
        let damaged = || Error::folder(&path, "it is not a key");
        let seed = Zeroizing::new(data_encoding::HEXLOWER.decode(&bytes).map_err(|_| damaged())?);
        Ok(SecretKey::from_seed(seed.as_slice().try_into().map_err(|_| damaged())?))
    }

    /// Makes this process the gate, until the value is dropped.
    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        let path = self.path.join("lock");
        let io = |cause| Error::io(&path, cause);
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mut file = options.open(&path).map_err(io)?;
        let begun = Instant::now();
        while let Err(refused) = file.try_lock() {
            match refused {
                TryLockError::WouldBlock if begun.elapsed() < LETS_GO_WITHIN => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                TryLockError::WouldBlock => {
                    let mut holder = String::new();
                    let _ = (&mut file).take(20).read_to_string(&mut holder);
                    let known = !holder.is_empty() && holder.bytes().all(|b| b.is_ascii_digit());
                    let by = if known { format!(" as process {holder}") } else { String::new() };
                    return Err(Error::Running { by });
                }
                TryLockError::Error(cause) => return Err(io(cause)),
            }
        }
        // Who holds it is for people only; a full disk must not keep a gate from starting.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| write!(file, "{}", std::process::id()));
        Ok(Lock { _file: file })
    }
}

/// While it lives, no other process is this gate.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}
