//! Seeds wrapped under a passphrase, as one line of text.
//!
//! Argon2id turns passphrase and salt into one key; XChaCha20-Poly1305 wraps
//! each seed under it with a nonce of its own. The associated data names the
//! version, which key it is and its public half, so wrapped seeds cannot
//! change places. The text is base64 of strict JSON, a dot, and a checksum
//! against accidents: it tells a flipped bit from a wrong passphrase, and
//! protects from nobody.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use countersign_core::json;
use countersign_core::key::{PublicKey, SecretKey};
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

use crate::{Error, Passphrase, Which};

/// The longest text that is looked at; ours have about 800 bytes.
pub(crate) const MAX_TEXT: usize = 8 * 1024;

const VERSION: u32 = 1;
const KDF: &str = "argon2id-v19";
const CIPHER: &str = "xchacha20poly1305";

/// What one guess at a passphrase costs: Argon2id parameters within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// 64 MiB, three passes, four lanes: a good part of a second on a laptop of 2020.
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 };
    /// 1 MiB, one pass, one lane. For tests; no protection.
    pub const LEAST: Self = Self { memory_kib: 1024, passes: 1, lanes: 1 };

    /// A cost within bounds: 1 MiB to 1 GiB of memory, 1 to 20 passes, 1 to 16 lanes.
    ///
    /// # Errors
    ///
    /// [`Error::AbsurdCost`].
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, Error> {
        Self { memory_kib, passes, lanes }.bounded()
    }

    fn bounded(self) -> Result<Self, Error> {
        let Self { memory_kib, passes, lanes } = self;
        if !(1024..=1024 * 1024).contains(&memory_kib) {
            return Err(Error::AbsurdCost(format!("{memory_kib} KiB of memory")));
        }
        if !(1..=20).contains(&passes) {
            return Err(Error::AbsurdCost(format!("{passes} passes")));
        }
        if !(1..=16).contains(&lanes) {
            return Err(Error::AbsurdCost(format!("{lanes} lanes")));
        }
        Ok(self)
    }
}

/// The seeds of one person.
pub(crate) struct Seeds {
    pub(crate) reviewer: SecretKey,
    pub(crate) administrator: SecretKey,
}

impl Seeds {
    pub(crate) fn random() -> Result<Self, Error> {
        Ok(Self { reviewer: random_key()?, administrator: random_key()? })
    }
}

pub(crate) fn random_key() -> Result<SecretKey, Error> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *seed).map_err(|_| Error::Exhausted("randomness"))?;
    Ok(SecretKey::from_seed(&seed))
}

/// A ring as it is stored: two wrapped seeds and how to unwrap them.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SealedRing {
    version: u32,
    kdf: String,
    cost: Cost,
    salt: String,
    cipher: String,
    reviewer: SealedSeed,
    administrator: SealedSeed,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedSeed {
    public: PublicKey,
    nonce: String,
    sealed: String,
}

impl SealedRing {
    /// Wraps `seeds` under `passphrase` with a salt and nonces of their own.
    pub(crate) fn seal(seeds: &Seeds, passphrase: &Passphrase, cost: Cost) -> Result<Self, Error> {
        let salt: [u8; 16] = random()?;
        let cipher = cipher(passphrase, &salt, cost)?;
        Ok(Self {
            version: VERSION,
            kdf: KDF.to_owned(),
            cost,
            salt: BASE64.encode(&salt),
            cipher: CIPHER.to_owned(),
            reviewer: SealedSeed::seal(&seeds.reviewer, Which::Reviewer, &cipher)?,
            administrator: SealedSeed::seal(&seeds.administrator, Which::Administrator, &cipher)?,
        })
    }

    /// Unwraps one key; `None` when the passphrase is wrong.
    pub(crate) fn open(&self, which: Which, passphrase: &Passphrase) -> Result<Option<SecretKey>, Error> {
        self.seed(which).open(which, &self.cipher(passphrase)?)
    }

    /// Unwraps both keys with one run of Argon2; `None` when the passphrase is wrong.
    pub(crate) fn open_both(&self, passphrase: &Passphrase) -> Result<Option<Seeds>, Error> {
        let cipher = self.cipher(passphrase)?;
        let Some(reviewer) = self.reviewer.open(Which::Reviewer, &cipher)? else { return Ok(None) };
        let administrator = self.administrator.open(Which::Administrator, &cipher)?;
        // The passphrase is right, for the first one opened.
        let administrator = administrator.ok_or_else(|| damaged("the administrator key does not open"))?;
        Ok(Some(Seeds { reviewer, administrator }))
    }

    pub(crate) fn public(&self, which: Which) -> PublicKey {
        self.seed(which).public
    }

    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        let body = BASE64.encode(&json::to_bytes(self));
        let sum = checksum(&body);
        Zeroizing::new(format!("{body}.{sum}"))
    }

    /// Reads a text, without running Argon2 and without believing any number in it.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_TEXT {
            return Err(damaged("too long for a key ring"));
        }
        let (body, sum) = text.split_once('.').ok_or_else(|| damaged("no checksum"))?;
        if checksum(body) != sum {
            return Err(damaged("the checksum does not fit"));
        }
        let bytes = BASE64.decode(body.as_bytes()).map_err(|_| damaged("not base64"))?;
        let ring: Self = json::from_bytes(&bytes).map_err(|error| damaged(&error.to_string()))?;
        if ring.version != VERSION {
            return Err(damaged("a version of key ring that this program does not know"));
        }
        if ring.kdf != KDF || ring.cipher != CIPHER {
            return Err(damaged("an algorithm that this program does not know"));
        }
        ring.cost.bounded()?;
        Ok(ring)
    }

    fn seed(&self, which: Which) -> &SealedSeed {
        match which {
            Which::Reviewer => &self.reviewer,
            Which::Administrator => &self.administrator,
        }
    }

    fn cipher(&self, passphrase: &Passphrase) -> Result<XChaCha20Poly1305, Error> {
        cipher(passphrase, &decode::<16>(&self.salt)?, self.cost.bounded()?)
    }
}

impl SealedSeed {
    fn seal(key: &SecretKey, which: Which, cipher: &XChaCha20Poly1305) -> Result<Self, Error> {
        let (public, nonce) = (key.public(), random::<24>()?);
        let aad = associated_data(which, &public);
        let payload = Payload { msg: &*key.seed(), aad: &aad };
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| Error::Exhausted("memory"))?;
        Ok(Self { public, nonce: BASE64.encode(&nonce), sealed: BASE64.encode(&sealed) })
    }

    fn open(&self, which: Which, cipher: &XChaCha20Poly1305) -> Result<Option<SecretKey>, Error> {
        let (nonce, sealed) = (decode::<24>(&self.nonce)?, decode::<48>(&self.sealed)?);
        let aad = associated_data(which, &self.public);
        let Ok(seed) = cipher.decrypt(&XNonce::from(nonce), Payload { msg: &sealed, aad: &aad }) else {
            return Ok(None);
        };
        let seed = Zeroizing::new(seed);
        let seed: &[u8; 32] = seed.as_slice().try_into().map_err(|_| damaged("a seed of another length"))?;
        let key = SecretKey::from_seed(seed);
        if key.public() != self.public {
            return Err(damaged("the seed is not the one of the public key beside it"));
        }
        Ok(Some(key))
    }
}

fn associated_data(which: Which, public: &PublicKey) -> Vec<u8> {
    format!("countersign key ring v{VERSION} {which} {}", public.to_hex()).into_bytes()
}

fn cipher(passphrase: &Passphrase, salt: &[u8; 16], cost: Cost) -> Result<XChaCha20Poly1305, Error> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32))
        .map_err(|error| Error::AbsurdCost(error.to_string()))?;
    // Our own blocks: asked for politely, and wiped, neither of which the crate does by itself.
    let count = params.block_count();
    let mut blocks = Vec::new();
    blocks.try_reserve_exact(count).map_err(|_| Error::Exhausted("memory"))?;
    blocks.resize(count, Block::default());
    let mut key = Zeroizing::new([0; 32]);
    let done = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
        passphrase.bytes(),
        salt,
        &mut *key,
        &mut blocks[..],
    );
    blocks.iter_mut().for_each(|it| it.zeroize());
    done.map_err(|error| damaged(&error.to_string()))?;
    Ok(XChaCha20Poly1305::new((&*key).into()))
}

fn checksum(body: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(body)[..8])
}

fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::Exhausted("randomness"))?;
    Ok(bytes)
}

fn decode<const N: usize>(text: &str) -> Result<[u8; N], Error> {
    let bytes = BASE64.decode(text.as_bytes()).map_err(|_| damaged("not base64"))?;
    bytes.try_into().map_err(|_| damaged("a value of another length"))
}

fn damaged(how: &str) -> Error {
    Error::Damaged(how.to_owned())
}

#[cfg(test)]
mod tests;
