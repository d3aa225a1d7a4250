//! The file before SQLite sees it: who may read it, and whether it is ours at all.
//!
//! Never writes into a file that holds anything.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use domain::StoreError;

/// How every SQLite file begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

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

/// Refuses a file that is not there, or that is no database.
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

/// An empty file is a store that has not begun; anything else must begin as SQLite's files do.
fn looks_right(path: &Path) -> Result<(), StoreError> {
    let found = fs::metadata(path).map_err(|error| cannot("look at", path, &error))?;
    if !found.is_file() {
        return Err(damaged(path, "it is no file"));
    }
    if found.len() == 0 {
        return Ok(());
    }
    let mut head = Vec::with_capacity(MAGIC.len());
    File::open(path)
        .and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut head))
        .map_err(|error| cannot("read", path, &error))?;
    match head == MAGIC {
        true => Ok(()),
        false => Err(damaged(path, "it does not begin as a SQLite file does")),
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
