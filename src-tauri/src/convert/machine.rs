//! This machine, in words: where a key can be kept, what one practises with, what would be removed.

use countersign_keys::Trouble;
use countersign_reviewer::{KeyringState, Practice, REMOVAL_WORDS, Removable, RemovalItem};

use crate::wire;

pub(super) fn places(keyring: &KeyringState) -> Vec<wire::KeyPlaceShown> {
    let (available, says) = match keyring {
        KeyringState::Asking => (true, "It has not answered yet. It may ask you for its password."),
        KeyringState::Ready => (
            true,
            "It opens when you log in. Programs of yours can copy the key from it, and would have to guess your \
             passphrase.",
        ),
        KeyringState::Locked => (
            true,
            "It is locked now and will ask you for its password; if you do not give it, the key goes into a file.",
        ),
        KeyringState::Unusable(trouble) => (false, unusable(trouble)),
    };
    let file = "Only your user can read it. Whoever copies it would have to guess your passphrase.";
    vec![
        wire::KeyPlaceShown { place: wire::KeyPlace::Keyring, available, says: says.to_owned() },
        wire::KeyPlaceShown { place: wire::KeyPlace::File, available: true, says: file.to_owned() },
    ]
}

fn unusable(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Absent(_) => "No keyring runs in this session, so the key would go into a file.",
        Trouble::NoCollection => {
            "The keyring program has no keyring to put it in, so the key would go into a file."
        }
        Trouble::NoAnswer(_) | Trouble::Busy => {
            "The keyring does not answer; a prompt of it may be waiting. Until it does, the key would go into a file."
        }
        Trouble::Locked | Trouble::Unsure | Trouble::Failed(_) => {
            "The keyring cannot be used now, so the key would go into a file."
        }
    }
}

pub(crate) fn practice(what: &wire::Practice) -> Practice {
    match what {
        wire::Practice::ToRefuse => Practice::ToRefuse,
        wire::Practice::ToSign => Practice::ToSign,
    }
}

pub(crate) fn removal(items: Vec<RemovalItem>) -> wire::Removal {
    let stays = [
        "Backups of your key, where you saved them.",
        "The programs themselves: remove them as you installed them.",
        "Gates of other users, and what they keep.",
        "Hooks that you gave to agents. Without a gate they refuse everything until you take them out.",
        "What was done by what you signed.",
    ];
    wire::Removal {
        items: items.into_iter().map(item).collect(),
        stays: stays.map(str::to_owned).into(),
        words: REMOVAL_WORDS.to_owned(),
    }
}

fn item(item: RemovalItem) -> wire::RemovalItem {
    let what = match &item.what {
        Removable::ReviewerKeys => "Your signing key and your administrator key".to_owned(),
        Removable::DeviceKey => "The key of this installation".to_owned(),
        Removable::Records => "Proposals, decisions, receipts and settings".to_owned(),
        Removable::Spool => "Messages between app and gates".to_owned(),
        Removable::Gate(gate) => format!("The gate {gate}: its key, its ledger, its log"),
        Removable::Anchor(gate) => format!("What the gate {gate} counts outside of its folder"),
        Removable::Root => "The list of whom to trust".to_owned(),
        Removable::Practice => "What practising left".to_owned(),
        Removable::Desktop => "What the desktop keeps for this app".to_owned(),
    };
    let place = item.place.map_or_else(|| "the keyring".to_owned(), |path| path.display().to_string());
    wire::RemovalItem { what, place, size: item.size }
}
