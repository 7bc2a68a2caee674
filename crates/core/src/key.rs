//! Ed25519 keys as the formats know them: public keys, their names, and
//! secrets that can sign.
//!
//! A [`PublicKey`] is a canonical point of full order; one of the eight small
//! ones, with which a signature can hold for many messages, cannot be built.
//! Where secrets come from and where they are kept is not known here: a seed
//! enters as 32 random bytes.

use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Bytes of a detached Ed25519 signature.
pub const SIGNATURE_LENGTH: usize = 64;

/// The start of every Ed25519 `SubjectPublicKeyInfo` (RFC 8410, section 4): the 32 bytes of the key follow.
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Why bytes are not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not 64 lower-case hexadecimal digits.
    #[error("a public key is 64 lower-case hexadecimal digits")]
    Spelling,
    /// Not a point of the curve, or not its canonical encoding.
    #[error("these 32 bytes are not a point of the curve")]
    NotAPoint,
    /// A point of small order: signatures by it prove nothing.
    #[error("this key is of small order, so its signatures prove nothing")]
    SmallOrder,
}

/// An Ed25519 public key: canonical and of full order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Takes the 32 bytes of RFC 8032.
    ///
    /// # Errors
    ///
    /// [`Error::NotAPoint`] and [`Error::SmallOrder`].
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, Error> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| Error::NotAPoint)?;
        // A second encoding of the same point would be a second name for the same key.
        if key.to_edwards().compress().to_bytes() != *bytes {
            return Err(Error::NotAPoint);
        }
        if key.is_weak() {
            return Err(Error::SmallOrder);
        }
        Ok(Self(key))
    }

    /// Takes 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    ///
    /// Every [`Error`].
    pub fn parse_hex(text: &str) -> Result<Self, Error> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| Error::Spelling)?;
        Self::from_bytes(&bytes.try_into().map_err(|_| Error::Spelling)?)
    }

    /// The 32 bytes of RFC 8032.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// 64 lower-case hexadecimal digits.
    pub fn to_hex(&self) -> String {
        HEXLOWER.encode(self.as_bytes())
    }

    /// The name that securesystemslib computes for this key, in hexadecimal.
    ///
    /// A name is a hint for people and for look-up; nothing is decided by it.
    pub fn id(&self) -> String {
        let described = format!(
            r#"{{"keytype":"ed25519","keyval":{{"public":"{}"}},"scheme":"ed25519"}}"#,
            self.to_hex()
        );
        HEXLOWER.encode(&Sha256::digest(described))
    }

    /// What two people read to each other: the key's name in groups of four.
    pub fn fingerprint(&self) -> String {
        let id = self.id();
        id.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    /// `SubjectPublicKeyInfo` in PEM, as `openssl pkeyutl -pubin` reads it.
    pub fn to_pem(&self) -> String {
        let mut der = SPKI_PREFIX.to_vec();
        der.extend_from_slice(self.as_bytes());
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64.encode(&der))
    }

    /// Whether `signature` is this key's over exactly `message`.
    pub fn holds(&self, message: &[u8], signature: &[u8; SIGNATURE_LENGTH]) -> bool {
        self.0.verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.to_hex())
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse_hex(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// A secret that can sign. It is wiped when dropped and never printed.
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// The key of a 32-byte seed (RFC 8032, section 5.1.5).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The seed, for the one who stores it.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs exactly `message`.
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LENGTH] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {})", self.public().to_hex())
    }
}
