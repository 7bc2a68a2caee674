//! The app as a whole: its stage, key, gates and halts, and what happens to it.

use super::*;

wire! {
    /// What the whole app is in.
    struct AppState {
        pub stage: Stage,
        pub person: Option<String>,
        pub device: Option<String>,
        /// What the system knows of the two, to begin with.
        pub suggested: Suggested,
        pub key: Key,
        pub gates: Vec<Gate>,
        /// Halts that stand, the newest first.
        pub halts: Vec<Halt>,
        /// Decisions and halts that no gate has acknowledged yet.
        pub outbox: u32,
        /// Proposals that wait for a decision, whatever part of the queue is on screen.
        pub waiting: u32,
        /// The last time that the machine's clock was set while the app ran, until it is dismissed.
        pub clock_jump: Option<ClockJump>,
        /// What keeps the app from taking what arrives, or from sending what was signed. It is tried again until it
        /// goes.
        pub trouble: Option<UserError>,
        /// Where a key can be kept on this machine. Asked when one is made.
        pub places: Vec<KeyPlaceShown>,
        /// In plain words, whether gate and app are the same user.
        pub separation: String,
        /// In plain words, what losing the key means. Shown before one is made.
        pub loss: String,
        /// What a person types to say that they know it.
        pub loss_words: String,
        pub theme: Theme,
        pub version: String,
    }

    /// Empty where the system does not say.
    struct Suggested { pub person: String, pub device: String }

    /// How far the first start has come.
    enum Stage { NoKey, NoGate, Ready }

    enum Theme { System, Light, Dark }

    struct Key {
        pub state: KeyState,
        /// Groups of four digits.
        pub fingerprint: Option<String>,
        /// In plain words, where it is kept and why there.
        pub kept: Option<String>,
        /// Seconds until it locks by itself.
        pub locks_in: Option<u64>,
        /// Seconds that must pass before the next try, after wrong passphrases.
        pub wait: Option<u64>,
        /// When a backup was last saved.
        pub backed_up: Option<u64>,
        /// Where it was put, if that was since the app began.
        pub backup: Option<String>,
    }

    enum KeyState { None, Locked, Unlocked, Unreachable }

    struct Gate {
        pub id: String,
        pub alive: bool,
        pub fingerprint: String,
        /// Made by this app on this machine, which can start it.
        pub own: bool,
        /// The app tried to start it, and it did not come up: why, and what to do, in words.
        pub not_started: Option<String>,
    }

    struct Halt {
        pub digest: String,
        pub at: u64,
        /// What is stopped: `everything`, `the gate home`, an agent's name set apart.
        pub what: Vec<Segment>,
        pub scope: HaltScope,
        /// Signed here; else another device signed it, or a gate halted itself.
        pub own: bool,
        /// The other device that signed it, `Ines on laptop`; nothing when none did.
        pub by: Vec<Segment>,
        /// Every gate that it is for has acknowledged it. Until then it may not be obeyed yet.
        pub obeyed: bool,
        /// Why, in its signer's words.
        pub why: Vec<Segment>,
        /// A lift was signed here that not every gate has acknowledged.
        pub lifting: bool,
        /// Proposals that it made void, as far as is known here.
        pub voided: u32,
    }

    #[serde(tag = "kind")]
    enum HaltScope { Everything, Gate { gate: String }, Agent { agent: String } }

    /// What a person wants to stop. `agent` is the `id` of an [`AgentShown`].
    #[serde(tag = "kind")]
    enum Stop { Everything, Agent { agent: String } }

    /// `seconds` is how far it went ahead (or, negative, back).
    struct ClockJump { pub seconds: i64, pub at: u64 }

    struct KeyPlaceShown { pub place: KeyPlace, pub available: bool,
        /// What it means to keep it there, or why it is not to be had.
        pub says: String }

    enum KeyPlace { Keyring, File }

    struct SetUp { pub person: String, pub device: String, pub passphrase: String, pub understood: String, pub place: KeyPlace }

    /// "Look again", never "here is the truth": a missed one costs a refresh.
    #[serde(tag = "kind")]
    enum AppEvent { Queue, State, Item { digest: String }, Arming, OpenItem { digest: String }, ShowQueue, Preferences, Removed }

    /// Where a backup was put.
    struct BackupSaved { pub path: String }
}
