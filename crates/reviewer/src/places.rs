//! Where a key could be kept on this machine, found out before one is made.
//!
//! A keyring may be slow to answer, so it is asked in a thread of its own and
//! the last answer is shown. It is asked only whether it is there and open,
//! which prompts for nothing.

use std::sync::Arc;
use std::time::Duration;

use countersign_keys::Trouble;

use crate::Event;
use crate::core::Inner;

/// A keyring is asked again after so long while it takes no key, and a key is to be made.
const ASK_AGAIN: Duration = Duration::from_secs(30);

/// What is known of the keyring.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KeyringState {
    /// It has not answered yet.
    #[default]
    Asking,
    /// It takes a key.
    Ready,
    /// It asks the person to unlock it first.
    Locked,
    /// It takes none, for this reason.
    Unusable(Trouble),
}

#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) keyring: KeyringState,
    asking: bool,
    ask_again: Duration,
}

impl Places {
    /// Somebody may have done something about the keyring.
    pub(crate) fn ask_soon(&mut self) {
        self.ask_again = Duration::ZERO;
    }
}

impl Inner {
    /// Asks the keyring, while there is no key: until it takes one, and when the person comes back to the window.
    pub(crate) fn ask_keyring(self: &Arc<Self>) {
        let now = self.monotonic();
        {
            let mut core = self.core();
            let places = &core.places;
            if core.settings.is_some() || places.asking || now < places.ask_again {
                return;
            }
            core.places.asking = true;
        }
        let inner = Arc::clone(self);
        let ask = move || {
            let keyring = match inner.options.keyring.look() {
                Ok(()) => KeyringState::Ready,
                Err(Trouble::Locked) => KeyringState::Locked,
                // A prompt of an earlier call may be waiting; the next answer says more.
                Err(Trouble::Busy) => KeyringState::Asking,
                Err(trouble) => KeyringState::Unusable(trouble),
            };
            let mut core = inner.core();
            core.places.asking = false;
            core.places.ask_again =
                if keyring == KeyringState::Ready { Duration::MAX } else { inner.monotonic() + ASK_AGAIN };
            let changed = core.places.keyring != keyring;
            core.places.keyring = keyring;
            drop(core);
            if changed {
                inner.tell(Event::KeyChanged);
            }
        };
        if std::thread::Builder::new().name("keyring-look".to_owned()).spawn(ask).is_err() {
            self.core().places.asking = false;
        }
    }
}
