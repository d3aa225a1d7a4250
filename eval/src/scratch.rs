//! A folder for a while: made in the system's temporary folder, gone when it is let go.
//!
//! Holds nothing that anybody would miss.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A folder of our own that goes with this value, however the work ends.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder; `what` says in its name what it is for.
    pub fn new(what: &str) -> Result<Self> {
        let name = format!("dormouse-{what}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder)
            .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        Ok(Self(folder.canonicalize()?))
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed now, the system's own cleaning of temporary files will.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_in_it_goes_with_it() {
        let scratch = Scratch::new("its-own-test").expect("a folder");
        let folder = scratch.path().to_path_buf();
        std::fs::create_dir(folder.join("below")).expect("a folder below");
        assert!(
            Scratch::new("its-own-test").is_err(),
            "it is nobody else's meanwhile"
        );
        drop(scratch);
        assert!(!folder.exists());
    }
}
