//! The key of this installation: acknowledges, denies, halts.
//!
//! Not wrapped, so that a halt never waits for a passphrase; whoever reads
//! the place where it is kept has it.

use countersign_core::envelope::Envelope;
use countersign_core::key::{PublicKey, SIGNATURE_LENGTH, SecretKey};
use data_encoding::BASE64;
use zeroize::Zeroizing;

use crate::Error;

/// Not JSON: the shared parser would leave copies of the seed behind.
const PREFIX: &str = "countersign-device-key-v1.";

/// A key that signs for this installation.
#[derive(Debug)]
pub struct DeviceKey(pub(crate) SecretKey);

impl DeviceKey {
    /// Signs exactly `message`.
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LENGTH] {
        self.0.sign(message)
    }

    /// Signs `payload` as `payload_type`, in an envelope.
    pub fn sign_envelope(&self, payload_type: &str, payload: Vec<u8>) -> Envelope {
        Envelope::sign(payload_type, payload, &self.0)
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        self.0.public()
    }

    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        let seed = Zeroizing::new(BASE64.encode(&*self.0.seed()));
        Zeroizing::new([PREFIX, &seed].concat())
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        // What went wrong is not quoted: the text is a secret.
        let damaged = || Error::Damaged("the device key cannot be read".to_owned());
        let seed = text.strip_prefix(PREFIX).ok_or_else(damaged)?;
        let seed = Zeroizing::new(BASE64.decode(seed.as_bytes()).map_err(|_| damaged())?);
        let seed: &[u8; 32] = seed.as_slice().try_into().map_err(|_| damaged())?;
        Ok(Self(SecretKey::from_seed(seed)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_device_key_reads_back_and_shows_no_seed() {
        let key = DeviceKey(SecretKey::from_seed(&[7; 32]));
        let text = key.to_text();
        assert_eq!(DeviceKey::parse(&text).unwrap().public(), key.public());
        for printed in [format!("{key:?}"), DeviceKey::parse(&text[4..]).unwrap_err().to_string()] {
            assert!(!printed.contains(&BASE64.encode(&[7; 32])) && !printed.contains("0707"), "{printed}");
        }
    }
}
