//! Finds the place in a file that a cursor names, and names the place where reading stopped.
//!
//! Decides only whether it is still the same file; what stands in it is the format's matter.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};

use domain::Cursor;

// A transcript's first line names its session, so its beginning tells two of them apart.
const HEAD_BYTES: u64 = 1024;
// The bytes just before the cursor tell a file that was rewritten from one that grew.
const SEAM_BYTES: u64 = 256;

/// Where reading begins.
#[derive(Debug)]
pub(crate) struct Start {
    /// The first byte to read.
    pub(crate) offset: u64,
    /// The file's length when it was opened; what is appended later is read later.
    pub(crate) len: u64,
    /// Whether the cursor was of another file, so that everything is read again.
    pub(crate) anew: bool,
}

impl Start {
    /// Goes to the place that the cursor names, or to the start when the file is not the same.
    pub(crate) fn seek(file: &mut File, cursor: &Cursor) -> io::Result<Self> {
        let len = file.metadata()?.len();
        let same = cursor.offset == 0 || is_same(file, cursor, len)?;
        let offset = if same { cursor.offset } else { 0 };
        file.seek(SeekFrom::Start(offset))?;
        Ok(Self {
            offset,
            len,
            anew: !same,
        })
    }
}

fn is_same(file: &mut File, cursor: &Cursor, len: u64) -> io::Result<bool> {
    if cursor.offset > len {
        return Ok(false);
    }
    let Some(head) = &cursor.head else {
        return Ok(true);
    };
    Ok(*head == marks(file, cursor.offset)?)
}

/// Returns digests of the file's first bytes and of those before `offset`.
pub(crate) fn marks(file: &mut File, offset: u64) -> io::Result<String> {
    let head = digest(file, 0, offset.min(HEAD_BYTES))?;
    let seam = digest(
        file,
        offset.saturating_sub(SEAM_BYTES),
        offset.min(SEAM_BYTES),
    )?;
    Ok(format!("{head}{seam}"))
}

fn digest(file: &mut File, from: u64, bytes: u64) -> io::Result<String> {
    file.seek(SeekFrom::Start(from))?;
    let mut buffer = Vec::new();
    Read::by_ref(file).take(bytes).read_to_end(&mut buffer)?;
    Ok(blake3::hash(&buffer).to_hex()[..16].to_owned())
}

/// Returns what stands at a path where no file stands.
pub(crate) fn what(meta: &Metadata) -> &'static str {
    if meta.is_dir() {
        return "a folder";
    }
    special(meta)
}

#[cfg(unix)]
fn special(meta: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    let kind = meta.file_type();
    match () {
        () if kind.is_fifo() => "a FIFO",
        () if kind.is_socket() => "a socket",
        () if kind.is_char_device() || kind.is_block_device() => "a device",
        () => "something else",
    }
}

#[cfg(not(unix))]
fn special(_meta: &Metadata) -> &'static str {
    "something else"
}
