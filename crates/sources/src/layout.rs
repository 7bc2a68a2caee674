//! Which folder is whose on one machine (XDG Base Directory Specification 0.8).
//!
//! Only paths; nothing is made or looked at here.

use std::env;
use std::path::{Path, PathBuf};

use countersign_core::digest::Digest;
use countersign_core::name::GateId;

use crate::Error;

/// The folders of one user on one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    data: PathBuf,
    state: PathBuf,
    // Absent where the session has none: sockets are then in the gate's folder.
    runtime: Option<PathBuf>,
    // What `COUNTERSIGN_SOCKET` says.
    socket: Option<PathBuf>,
}

impl Layout {
    /// The folders that the environment names.
    ///
    /// # Errors
    ///
    /// [`Error::NoHome`].
    pub fn from_env() -> Result<Self, Error> {
        // The specification: a path that is not absolute is to be ignored.
        let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("HOME");
        let folder = |name: &str, under: &str| {
            let base = absolute(name).or_else(|| Some(home.as_ref()?.join(under)));
            base.map(|base| base.join("countersign")).ok_or(Error::NoHome)
        };
        Ok(Self {
            data: folder("XDG_DATA_HOME", ".local/share")?,
            state: folder("XDG_STATE_HOME", ".local/state")?,
            runtime: absolute("XDG_RUNTIME_DIR").map(|base| base.join("countersign")),
            socket: absolute("COUNTERSIGN_SOCKET"),
        })
    }

    /// All folders under `base`.
    pub fn at(base: &Path) -> Self {
        let folder = |name: &str| base.join(name).join("countersign");
        Self { data: folder("data"), state: folder("state"), runtime: Some(folder("run")), socket: None }
    }

    /// The variables by which another program finds the same folders.
    pub fn env(&self) -> Vec<(&'static str, PathBuf)> {
        let named = [
            ("XDG_DATA_HOME", Some(&self.data)),
            ("XDG_STATE_HOME", Some(&self.state)),
            ("XDG_RUNTIME_DIR", self.runtime.as_ref()),
        ];
        let above = |(name, path): (_, Option<&PathBuf>)| Some((name, path?.parent()?.to_owned()));
        named.into_iter().filter_map(above).collect()
    }

    /// What sets these folders apart where all folders of one user meet, as in a keyring: `default` for
    /// the usual ones.
    pub fn profile(&self) -> String {
        let usual = env::var_os("HOME").map(|home| Path::new(&home).join(".local/share/countersign"));
        if usual.as_deref() == Some(self.data.as_path()) {
            return "default".to_owned();
        }
        let digest = Digest::of(self.data.as_os_str().as_encoded_bytes()).to_string();
        format!("folder-{}", &digest[..16])
    }

    /// Everything that is kept.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The boxes.
    pub fn spool(&self) -> PathBuf {
        self.data.join("spool")
    }

    /// The box that the app reads and gates write to.
    pub fn reviewer_box(&self) -> PathBuf {
        self.spool().join("reviewer")
    }

    /// The box that `gate` reads and the app writes to.
    pub fn gate_box(&self, gate: &GateId) -> PathBuf {
        self.spool().join("gates").join(gate.as_str())
    }

    /// What the app keeps.
    pub fn app(&self) -> PathBuf {
        self.data.join("app")
    }

    /// The app's database.
    pub fn store(&self) -> PathBuf {
        self.app().join("store.db")
    }

    /// The app's keys.
    pub fn keys(&self) -> PathBuf {
        self.app().join("keys")
    }

    /// What a person set.
    pub fn settings(&self) -> PathBuf {
        self.app().join("settings.json")
    }

    /// Where gates keep what they have, each in a folder of its own.
    pub fn gates(&self) -> PathBuf {
        self.data.join("gates")
    }

    /// What `gate` keeps.
    pub fn gate(&self, gate: &GateId) -> PathBuf {
        self.gates().join(gate.as_str())
    }

    /// Where gates count what they burned, outside their own folders.
    pub fn anchors(&self) -> PathBuf {
        self.state.join("anchors")
    }

    /// Where `gate` counts what it burned.
    pub fn anchor(&self, gate: &GateId) -> PathBuf {
        self.anchors().join(gate.as_str())
    }

    /// Where `gate` listens.
    pub fn socket(&self, gate: &GateId) -> PathBuf {
        match &self.runtime {
            Some(runtime) => runtime.join(format!("{gate}.sock")),
            None => self.gate(gate).join("gate.sock"),
        }
    }

    /// Where a client finds `gate`: what `COUNTERSIGN_SOCKET` says, else [`Layout::socket`].
    pub fn client_socket(&self, gate: &GateId) -> PathBuf {
        self.socket.clone().unwrap_or_else(|| self.socket(gate))
    }

    /// Where gates listen, unless that is in their own folders.
    pub fn sockets(&self) -> PathBuf {
        self.runtime.clone().unwrap_or_else(|| self.gates())
    }

    /// Where copies are that a person looks at with another program.
    pub fn copies(&self) -> PathBuf {
        self.runtime.clone().unwrap_or_else(|| self.app()).join("copies")
    }

    /// What is kept outside of [`Layout::data`].
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Where people practise.
    pub fn practice(&self) -> PathBuf {
        self.data.join("practice")
    }

    /// The root that the app made, an envelope.
    pub fn root(&self) -> PathBuf {
        self.data.join("root.json")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_gate_never_keeps_its_anchor_in_its_own_folder() {
        let layout = Layout::at(Path::new("/base"));
        let gate: GateId = "home".parse().unwrap();
        assert!(!layout.anchor(&gate).starts_with(layout.data()));
        assert_eq!(layout.gate_box(&gate), Path::new("/base/data/countersign/spool/gates/home"));
        let data = layout.env().into_iter().find(|(name, _)| *name == "XDG_DATA_HOME").unwrap().1;
        assert_eq!(data.join("countersign"), layout.data());
        assert_eq!(layout.socket(&gate), Path::new("/base/run/countersign/home.sock"));
    }

    #[test]
    fn two_sets_of_folders_have_two_profiles() {
        let [one, other] = ["/one", "/other"].map(|base| Layout::at(Path::new(base)).profile());
        assert!(one != other && one != "default" && one.len() == "folder-".len() + 16, "{one} {other}");
        assert_eq!(one, Layout::at(Path::new("/one")).profile());
    }
}
