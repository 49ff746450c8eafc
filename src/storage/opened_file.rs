//! The file of a SQLite database as it was opened. A file that is deleted or replaced lives on for who has it open: what is written
//! into it is acknowledged and lost. So whoever is about to use it looks whether it is still there. Knows no database.

use std::{
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::settings::StoreError;

/// The file, and which one it was.
#[derive(Clone, Debug)]
pub(super) struct OpenedFile {
    path: PathBuf,
    identity: (u64, u64),
    /// Whether the log says that it is gone; it says so once.
    is_missed: Arc<AtomicBool>,
}

impl OpenedFile {
    /// The file at the path as it is now.
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), identity: identity(path)?, is_missed: Arc::default() })
    }

    /// Whether it is still the one at its path; costs a system call.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], until it is back in its place.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let found = identity(&self.path);
        if found.as_ref().is_ok_and(|found| *found == self.identity) {
            self.is_missed.store(false, Ordering::Relaxed);
            return Ok(());
        }
        if !self.is_missed.swap(true, Ordering::Relaxed) {
            self.report(found);
        }
        Err(StoreError::Unavailable)
    }

    fn report(&self, found: io::Result<(u64, u64)>) {
        let problem = found.map_or_else(|error| error.to_string(), |_| "another file is in its place".to_owned());
        let hint =
            "nothing is read or written until it is put back; a restart opens what is there, or makes an empty one";
        tracing::error!(path = %self.path.display(), problem, hint, "the file of the settings store is gone");
    }
}

/// Device and inode.
fn identity(path: &Path) -> io::Result<(u64, u64)> {
    let metadata = std::fs::metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}
