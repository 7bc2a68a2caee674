//! Frames on the socket: length, kind, that many bytes. Nothing is allocated before the length is known to be allowed.

use countersign_core::json;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::Error;
use crate::wire::{MAX_BYTES, MAX_JSON};

/// The head of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) json: bool,
    pub(crate) length: usize,
}

/// Reads the head of the next frame; `None` at a clean end.
pub(crate) async fn head(from: &mut (impl AsyncRead + Unpin)) -> Result<Option<Head>, Error> {
    let mut bytes = [0; 5];
    if from.read(&mut bytes[..1]).await.map_err(closed)? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut bytes[1..]).await.map_err(closed)?;
    let length = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
    let (json, most) = match bytes[4] {
        0 => (true, MAX_JSON),
        1 => (false, MAX_BYTES),
        other => return Err(Error::Protocol(format!("a frame of kind {other}"))),
    };
    if length > most {
        return Err(Error::Protocol(format!("a frame of {length} bytes, more than {most}")));
    }
    Ok(Some(Head { json, length }))
}

/// Reads what a head promised.
pub(crate) async fn body(from: &mut (impl AsyncRead + Unpin), head: Head) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    // Grows as bytes come, so that a promise alone costs nothing.
    let read = from.take(head.length as u64).read_to_end(&mut bytes).await.map_err(closed)?;
    if read == head.length { Ok(bytes) } else { Err(Error::Closed) }
}

/// Reads what a frame of JSON holds.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    json::from_bytes(bytes).map_err(|error| Error::Protocol(error.to_string()))
}

/// Writes a frame of JSON.
pub(crate) async fn send(to: &mut (impl AsyncWrite + Unpin), value: &impl Serialize) -> Result<(), Error> {
    let bytes = json::to_bytes(value);
    if bytes.len() > MAX_JSON {
        return Err(Error::Request("it is too large to be sent in one piece".to_owned()));
    }
    write(to, 0, &bytes).await
}

/// Writes a frame of bytes.
pub(crate) async fn send_bytes(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> Result<(), Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::Request("more than 64 MiB".to_owned()));
    }
    write(to, 1, bytes).await
}

async fn write(to: &mut (impl AsyncWrite + Unpin), kind: u8, bytes: &[u8]) -> Result<(), Error> {
    let length = u32::try_from(bytes.len()).map_err(|_| Error::Request("it is too large".to_owned()))?;
    to.write_all(&length.to_be_bytes()).await.map_err(closed)?;
    to.write_all(&[kind]).await.map_err(closed)?;
    to.write_all(bytes).await.map_err(closed)?;
    to.flush().await.map_err(closed)
}

fn closed(_: std::io::Error) -> Error {
    Error::Closed
}
