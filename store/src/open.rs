//! The file before SQLite sees it: whether it is one at all, and who may read it.
//!
//! Never writes into a file that holds anything.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

use domain::StoreError;

/// Makes the folder and the file where they are missing, for their owner alone, and looks at the rest.
pub(crate) fn prepare(path: &Path) -> Result<(), StoreError> {
    if let Some(folder) = path.parent() {
        make_folder(folder).map_err(|error| cannot("make the folder", folder, &error))?;
    }
    match private_file().open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            looks_right(path)?;
            make_private(path).map_err(|error| cannot("protect", path, &error))
        }
        Err(error) => Err(cannot("make", path, &error)),
    }
}

/// Refuses a file that is not there, or that is none.
pub(crate) fn exists(path: &Path) -> Result<(), StoreError> {
    match path.try_exists() {
        Ok(true) => looks_right(path),
        Ok(false) => Err(StoreError::Refused(format!(
            "there is no store at {} yet",
            path.display()
        ))),
        Err(error) => Err(cannot("look for", path, &error)),
    }
}

/// Looks at what stands in the file's place, and not into it: a process that opens and closes a file
/// loses every lock that it holds on it, those of its other connections among them.
fn looks_right(path: &Path) -> Result<(), StoreError> {
    let found = fs::metadata(path).map_err(|error| cannot("look at", path, &error))?;
    match found.is_file() {
        true => Ok(()),
        false => Err(damaged(path, "it is no file")),
    }
}

fn damaged(path: &Path, detail: &str) -> StoreError {
    StoreError::Damaged {
        place: path.display().to_string(),
        detail: detail.to_owned(),
    }
}

fn cannot(verb: &str, path: &Path, error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull => StoreError::Full(Box::new(io::Error::from(error.kind()))),
        _ => StoreError::Refused(format!("cannot {verb} {}: {error}", path.display())),
    }
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    // A folder that is there already is the person's, and stays as they have it.
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(unix)]
fn private_file() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    // SQLite gives its -wal and -shm files the permissions of the file itself.
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options
}

#[cfg(unix)]
fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut permissions = fs::metadata(path)?.permissions();
    if permissions.mode() & 0o077 == 0 {
        return Ok(());
    }
    permissions.set_mode(0o600);
    fs::set_permissions(path, permissions)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

#[cfg(not(unix))]
fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    options
}

#[cfg(not(unix))]
fn make_private(_path: &Path) -> io::Result<()> {
    Ok(())
}
