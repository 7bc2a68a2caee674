//! What the app keeps.

/// Why something could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database was made by a newer version of the app. It was not touched.
    #[error("the store has schema {found}, newer than {known}, which this version reads")]
    Newer {
        /// What it has.
        found: i64,
        /// What is known.
        known: i64,
    },
    /// Nothing more fits on the disk. Nothing was changed.
    #[error("the disk is full; nothing was kept")]
    DiskFull,
    /// What is stored is not what was written.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// Anything else that the database says. Nothing was changed.
    #[error("the store: {0}")]
    Database(rusqlite::Error),
}
