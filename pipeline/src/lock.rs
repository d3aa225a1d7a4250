//! The one lock that makes the worker alone: an operating system lock on a file in the home.
//!
//! The lock dies with its process. The number written beside it is information for people only.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

/// Why the lock could not be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another worker holds it.
    #[error("another worker is at work (process {0})")]
    Held(String),
    /// The file could not be used.
    #[error("the lock file {path} cannot be used")]
    File {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// The worker's lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, or says who holds it. Never waits.
    pub fn take(path: &Path) -> Result<Self, LockError> {
        let failed = |source| LockError::File {
            path: path.display().to_string(),
            source,
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held(holder(&mut file))),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        // A full disk must not keep the worker from working: the number is only for people.
        let _ = file.set_len(0).and_then(|()| file.rewind());
        let _ = write!(file, "{}", std::process::id());
        Ok(Self { _file: file })
    }
}

fn holder(file: &mut File) -> String {
    let mut number = String::new();
    match file.take(20).read_to_string(&mut number) {
        Ok(1..) => number,
        _ => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_worker_is_turned_away_until_the_first_has_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("worker.lock");
        let first = Lock::take(&path).expect("free");
        let me = std::process::id().to_string();
        assert!(matches!(Lock::take(&path), Err(LockError::Held(pid)) if pid == me));
        drop(first);
        Lock::take(&path).expect("free again");
    }
}
