//! The DSSE v1 envelope: exact payload bytes, their type, and who signed them.
//!
//! Signatures are over the pre-authentication encoding of type and payload
//! (DSSE protocol, "Signature Definition"); nothing is ever signed or hashed
//! as envelope JSON, which has many spellings. Standard and URL-safe base64
//! are read, padded; standard is written.

use data_encoding::{BASE64, BASE64URL};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::json;
use crate::key::{SIGNATURE_LENGTH, SecretKey};

/// The largest envelope that is read: a payload of 128 KiB in base64 and room for the rest.
pub const MAX_ENVELOPE: usize = 256 * 1024;

/// The largest payload: 128 KiB.
pub const MAX_PAYLOAD: usize = 128 * 1024;

/// The payload type of an in-toto statement.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// Why bytes are not an envelope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Larger than [`MAX_ENVELOPE`], or its payload than [`MAX_PAYLOAD`].
    #[error("the envelope has {0} bytes, more than are read")]
    TooLarge(usize),
    /// Not the JSON of an envelope.
    #[error("{0}")]
    Json(#[from] json::Error),
    /// A payload or signature that is not base64.
    #[error("`{0}` is not padded base64, standard or URL-safe")]
    Base64(&'static str),
    /// A signature that is not 64 bytes.
    #[error("a signature has {0} bytes, not 64")]
    SignatureLength(usize),
    /// None, or more signatures than a root may have.
    #[error("the envelope carries {0} signatures")]
    SignatureCount(usize),
}

/// One signature and the name of the key that is said to have made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// A hint. Nothing is decided by it.
    pub keyid: String,
    /// The Ed25519 signature.
    pub bytes: [u8; SIGNATURE_LENGTH],
}

/// Payload bytes with their type and signatures; nothing about it is checked but its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The media type of the payload.
    pub payload_type: String,
    /// Exactly what was signed.
    pub payload: Vec<u8>,
    /// At least one; exactly one except for a root.
    pub signatures: Vec<Signature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelling {
    #[serde(rename = "payloadType")]
    payload_type: String,
    payload: String,
    signatures: Vec<SignatureSpelling>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureSpelling {
    // DSSE lets a signer leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keyid: Option<String>,
    sig: String,
}

/// The bytes that are signed: `DSSEv1 SP len SP type SP len SP payload`.
pub fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

impl Envelope {
    /// Signs `payload` as `payload_type`.
    pub fn sign(payload_type: &str, payload: Vec<u8>, key: &SecretKey) -> Self {
        let bytes = key.sign(&pre_authentication_encoding(payload_type, &payload));
        let signatures = vec![Signature { keyid: key.public().id(), bytes }];
        Self { payload_type: payload_type.to_owned(), payload, signatures }
    }

    /// Reads an envelope.
    ///
    /// # Errors
    ///
    /// Every [`Error`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_ENVELOPE {
            return Err(Error::TooLarge(bytes.len()));
        }
        let spelling: Spelling = json::exactly(bytes)?;
        if spelling.signatures.is_empty() || spelling.signatures.len() > 16 {
            return Err(Error::SignatureCount(spelling.signatures.len()));
        }
        let payload = base64(&spelling.payload).ok_or(Error::Base64("payload"))?;
        if payload.len() > MAX_PAYLOAD {
            return Err(Error::TooLarge(payload.len()));
        }
        let signatures = spelling.signatures.into_iter().map(signature).collect::<Result<_, _>>()?;
        Ok(Self { payload_type: spelling.payload_type, payload, signatures })
    }

    /// The envelope as JSON.
    pub fn to_bytes(&self) -> Vec<u8> {
        json::to_bytes(&Spelling {
            payload_type: self.payload_type.clone(),
            payload: BASE64.encode(&self.payload),
            signatures: self
                .signatures
                .iter()
                .map(|it| SignatureSpelling { keyid: Some(it.keyid.clone()), sig: BASE64.encode(&it.bytes) })
                .collect(),
        })
    }

    /// The digest of the payload bytes, which is the identity of what was signed.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.payload)
    }

    /// The bytes that its signatures are over.
    pub fn signed_bytes(&self) -> Vec<u8> {
        pre_authentication_encoding(&self.payload_type, &self.payload)
    }
}

fn signature(it: SignatureSpelling) -> Result<Signature, Error> {
    let bytes = base64(&it.sig).ok_or(Error::Base64("sig"))?;
    let length = bytes.len();
    let bytes = bytes.try_into().map_err(|_| Error::SignatureLength(length))?;
    Ok(Signature { keyid: it.keyid.unwrap_or_default(), bytes })
}

fn base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).or_else(|_| BASE64URL.decode(text.as_bytes())).ok()
}
