//! The mailbox's folder: where its files are, and how they are written so that a crash halves none.
//!
//! Knows nothing of what stands in the files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A folder with requests and replies.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

/// The right to write in the folder; others wait until it is dropped.
pub(crate) struct Locked {
    _file: File,
}

/// What tells whether a file is still the one that was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Print {
    pub(crate) len: u64,
    inode: u64,
    changed: Option<std::time::SystemTime>,
}

impl Print {
    /// Returns whether it is the same file on the disk, whatever stands in it by now.
    pub(crate) fn is_the_file_of(&self, earlier: &Self) -> bool {
        self.inode == earlier.inode
    }
}

impl Folder {
    /// Opens the folder, making it where it is missing, for this person's eyes only.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let folder = Self(path.to_owned());
        for part in [path.to_owned(), folder.pages(), folder.written()] {
            make(&part)?;
        }
        Ok(folder)
    }

    /// Names a folder that may not be there.
    pub(crate) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The requests that wait, one a line.
    pub(crate) fn requests(&self) -> PathBuf {
        self.0.join("requests.jsonl")
    }

    /// The replies, one a line.
    pub(crate) fn replies(&self) -> PathBuf {
        self.0.join("replies.jsonl")
    }

    /// Every request that was ever asked, without its words.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.0.join("ledger.jsonl")
    }

    /// The requests that wait, each as a page for people.
    pub(crate) fn pages(&self) -> PathBuf {
        self.0.join("requests")
    }

    pub(crate) fn page(&self, name: &str) -> PathBuf {
        self.pages().join(format!("{name}.md"))
    }

    /// Replies that people wrote, one a file.
    pub(crate) fn written(&self) -> PathBuf {
        self.0.join("replies")
    }

    pub(crate) fn written_reply(&self, name: &str) -> PathBuf {
        self.written().join(format!("{name}.md"))
    }

    /// Replies to requests that were withdrawn, laid out as they lay here.
    pub(crate) fn withdrawn(&self) -> Self {
        Self(self.0.join("withdrawn"))
    }

    /// Waits for the right to write here.
    pub(crate) fn lock(&self) -> io::Result<Locked> {
        let file = private(OpenOptions::new().create(true).truncate(false).write(true))
            .open(self.0.join(".lock"))?;
        file.lock()?;
        Ok(Locked { _file: file })
    }

    /// Takes the right to drive batches here, if nobody has it.
    pub(crate) fn lock_batches(&self) -> io::Result<Option<Locked>> {
        let file = private(OpenOptions::new().create(true).truncate(false).write(true))
            .open(self.0.join(".batches.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Locked { _file: file })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }
}

/// Returns a file's print, or the print of nothing where there is none.
pub(crate) fn print(path: &Path) -> io::Result<Print> {
    // Looked at before it is opened: a pipe would hold us until somebody writes, and a link could lead
    // to any file of this person's.
    match fs::symlink_metadata(path) {
        Ok(data) if !data.is_file() => Err(odd(path)),
        Ok(data) => Ok(Print {
            len: data.len(),
            inode: inode(&data),
            changed: data.modified().ok(),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Print::default()),
        Err(error) => Err(error),
    }
}

fn odd(path: &Path) -> io::Error {
    let name = path.file_name().unwrap_or_default().display();
    io::Error::new(
        io::ErrorKind::InvalidInput,
        format!(
            "{name} is a link, a pipe or a folder, and only a plain file is read: put one in its place"
        ),
    )
}

/// Says whether this is why something was not read.
pub(crate) fn is_odd(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidInput
}

/// Opens a file for reading, if it is there.
pub(crate) fn open(path: &Path) -> io::Result<Option<File>> {
    print(path)?;
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads a file, if it is a plain one.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    print(path)?;
    fs::read(path)
}

/// Adds whole lines to our own file and has them on the disk. A line that a crash tore is cut off
/// before: nobody was told that it was written. One that lacks only its end, as editors leave it,
/// is ended.
pub(crate) fn append_ours(_locked: &Locked, path: &Path, lines: &[u8]) -> io::Result<()> {
    print(path)?;
    let mut file = private(
        OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true),
    )
    .open(path)?;
    let whole = whole_lines(&mut file)?;
    let mut open = Vec::new();
    file.seek(SeekFrom::Start(whole))?;
    file.read_to_end(&mut open)?;
    match serde_json::from_slice::<serde::de::IgnoredAny>(&open) {
        Ok(_) => file.write_all(b"\n")?,
        Err(_) => file.set_len(whole)?,
    }
    file.seek(SeekFrom::End(0))?;
    file.write_all(lines)?;
    file.sync_data()
}

/// Adds whole lines to a file in which others write too. A line without its end is ended, never cut.
pub(crate) fn append_theirs(_locked: &Locked, path: &Path, lines: &[u8]) -> io::Result<()> {
    print(path)?;
    let mut file = private(OpenOptions::new().create(true).read(true).append(true)).open(path)?;
    let len = file.seek(SeekFrom::End(0))?;
    if len != whole_lines(&mut file)? {
        file.write_all(b"\n")?;
    }
    file.write_all(lines)?;
    file.sync_data()
}

/// Replaces a file by what is written, at once or not at all.
pub(crate) fn replace(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    let beside = path.with_extension("new");
    let file = private(OpenOptions::new().create(true).truncate(true).write(true)).open(&beside)?;
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()?;
    fs::rename(&beside, path)?;
    sync_folder(path)
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Returns where the last whole line ends, looking backwards.
fn whole_lines(file: &mut File) -> io::Result<u64> {
    let mut end = file.seek(SeekFrom::End(0))?;
    let mut piece = [0_u8; 4096];
    while end > 0 {
        let from = end.saturating_sub(piece.len() as u64);
        let part = &mut piece[..usize::try_from(end - from).expect("a piece is small")];
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(part)?;
        if let Some(at) = part.iter().rposition(|byte| *byte == b'\n') {
            return Ok(from + at as u64 + 1);
        }
        end = from;
    }
    Ok(0)
}

/// Makes a folder where it is missing, for this person's eyes only.
pub(crate) fn make(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The words of sessions are nobody else's to read.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

#[cfg(unix)]
fn inode(data: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(data)
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent()
        .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
