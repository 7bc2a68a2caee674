//! What a person sets, what the desktop offers, and what is learnt or removed.

use super::*;

wire! {
    /// What a person sets. None of it weakens a check.
    struct Preferences {
        pub theme: Theme,
        pub notify: NotifyLevel,
        /// Names the agent and the kind of action; never what it would do.
        pub notify_names: bool,
        pub quiet: Option<Quiet>,
        pub close_to_tray: bool,
        pub autostart: bool,
        /// Starts the gate of this machine with the app.
        pub start_gate: bool,
        /// Off: only keys with Ctrl or Cmd, and those that move, act.
        pub single_keys: bool,
        /// Rows that are wider than the window are scrolled sideways, and not wrapped.
        #[serde(default)]
        pub sideways: bool,
        /// The program by which both sides of a change are compared, by its id; empty: none.
        #[serde(default)]
        pub compare_with: String,
        /// Keys by the name of the command, where they differ from the usual ones. Names are of the page.
        pub keys: std::collections::BTreeMap<String, String>,
    }

    enum NotifyLevel { Everything, Serious, Nothing }

    /// Minutes since midnight by the machine's clock. `from` after `to` goes over midnight.
    struct Quiet { pub from: u16, pub to: u16 }

    /// What the desktop offers, in plain words where it does not.
    struct Desktop {
        /// Why there is no icon in the tray.
        pub no_tray: Option<String>,
        /// Why nothing is said outside of the window.
        pub no_notifications: Option<String>,
        /// Why the key does not lock by itself when the screen locks or the machine sleeps.
        pub no_lock_signals: Option<String>,
        /// Why the app cannot start with the session.
        pub no_autostart: Option<String>,
        /// Programs for comparing two texts that are on this machine.
        pub comparers: Vec<Comparer>,
        /// The folders of this app, for people.
        pub folders: Vec<String>,
    }

    struct Comparer { pub id: String, pub name: String }

    /// What would be removed from this machine, before it is.
    struct Removal { pub items: Vec<RemovalItem>,
        /// What stays, and why.
        pub stays: Vec<String>,
        /// What a person types to say that they know it.
        pub words: String }

    struct RemovalItem { pub what: String, pub place: String, pub size: u64 }

    /// The two proposals by which a newcomer learns: one to refuse, one to sign.
    enum Practice { ToRefuse, ToSign }
}
