//! Puts files aside that lie in the spool and are no notices, so that each is reported once.
//!
//! It must not grow without bound: beyond the bounds the oldest go, and only they.

use std::fs::{self, DirBuilder, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The folder's name in the spool.
pub const ODD: &str = "odd";

/// So many files are kept for a person to look at, and so many bytes in all.
const MOST_FILES: usize = 64;
const MOST_BYTES: u64 = 16 << 20;

/// Moves a file out of the way, overwriting none, and keeps the folder within its bounds.
pub(super) fn put_aside(spool: &Path, file: &Path) -> io::Result<()> {
    let odd = spool.join(ODD);
    make_private(&odd)?;
    fs::rename(file, free_name(&odd, file))?;
    for path in beyond(kept(&odd)?, MOST_FILES, MOST_BYTES) {
        fs::remove_file(path)?;
    }
    Ok(())
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Returns a path of that name which nothing has; the numbers run out long after the bounds do.
fn free_name(odd: &Path, file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default();
    let mut path = odd.join(name);
    let mut number = 1;
    while path.symlink_metadata().is_ok() {
        let mut numbered = name.to_owned();
        numbered.push(format!(".{number}"));
        path = odd.join(numbered);
        number += 1;
    }
    path
}

/// What is kept, with its size, the newest first.
fn kept(odd: &Path) -> io::Result<Vec<(PathBuf, u64)>> {
    let mut files: Vec<(SystemTime, PathBuf, u64)> = Vec::new();
    for entry in fs::read_dir(odd)? {
        let path = entry?.path();
        let metadata = fs::symlink_metadata(&path)?;
        // A folder that somebody put here is theirs: it is neither counted nor removed.
        if !metadata.is_dir() {
            files.push((age(&metadata), path, metadata.len()));
        }
    }
    files.sort_by(|a, b| b.cmp(a));
    let files = files.into_iter().map(|(_, path, bytes)| (path, bytes));
    Ok(files.collect())
}

fn age(metadata: &Metadata) -> SystemTime {
    metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Returns which of these files, the newest first, lie beyond the bounds. The newest always stays.
fn beyond(files: Vec<(PathBuf, u64)>, most_files: usize, most_bytes: u64) -> Vec<PathBuf> {
    let mut bytes: u64 = 0;
    let goes = |(number, (path, size)): (usize, (PathBuf, u64))| {
        bytes = bytes.saturating_add(size);
        let too_many = number >= most_files || bytes > most_bytes;
        (too_many && number > 0).then_some(path)
    };
    files.into_iter().enumerate().filter_map(goes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sizes: &[u64], expect: &[usize]) {
        let name = |number: usize| PathBuf::from(number.to_string());
        let files = sizes.iter().enumerate();
        let files = files.map(|(number, size)| (name(number), *size)).collect();
        let gone: Vec<PathBuf> = expect.iter().map(|number| name(*number)).collect();
        assert_eq!(beyond(files, 3, 100), gone, "{sizes:?}");
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many_or_too_large_and_the_newest_stays() {
        check(&[], &[]);
        check(&[10, 10, 10], &[]);
        check(&[10, 10, 10, 10, 10], &[3, 4]);
        check(&[50, 50, 1], &[2]);
        check(&[900, 1], &[1]);
    }
}
