//! Follows a file that grows: what a program wrote so far, in pieces, from the beginning.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

const PIECE: usize = 64 * 1024;

/// A place in a file that may not exist yet.
#[derive(Debug)]
pub(crate) struct Tail {
    path: PathBuf,
    file: Option<File>,
    at: u64,
}

impl Tail {
    pub(crate) fn of(path: PathBuf) -> Self {
        Self { path, file: None, at: 0 }
    }

    /// The next piece; `None` when there is nothing more now.
    pub(crate) fn next(&mut self) -> Option<Vec<u8>> {
        if self.file.is_none() {
            self.file = File::open(&self.path).ok();
        }
        let mut piece = vec![0; PIECE];
        let read = self.file.as_ref()?.read_at(&mut piece, self.at).ok()?;
        self.at += read as u64;
        piece.truncate(read);
        (read > 0).then_some(piece)
    }
}
