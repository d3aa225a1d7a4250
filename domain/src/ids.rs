//! Names of things: one type an id, and the digest that makes ids from content.
//!
//! An id never comes from chance, so a rerun over the same words names everything the same.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes a name as it stands.
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into())
            }

            /// Returns the name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

macro_rules! number_ids {
    ($($(#[$doc:meta])* $name:ident, $letter:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($letter, "{}"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.strip_prefix($letter).unwrap_or(text).parse().map(Self)
            }
        }
    )+};
}

text_ids! {
    /// Names a tenant: the first part of every key.
    TenantId;
    /// Names a person whose sessions and memories these are.
    OwnerId;
    /// Names a project by a surrogate that outlives its paths and remotes.
    ProjectId;
    /// Names a file or export that we read.
    SourceId;
    /// Names one run of an agent, in the agent's own words.
    SessionId;
    /// Names a turn: its uuid, or a digest where the format has none.
    TurnId;
    /// Names an episode by its session and first turn.
    EpisodeId;
    /// Names a memory by its owner, project, first evidence and its XML at birth.
    MemoryId;
    /// Names one quote of one turn for one memory.
    EvidenceId;
    /// Names one dated event for or against a memory.
    BeliefId;
    /// Names one dated link.
    LinkId;
    /// Names a request to a model by a digest of what is asked.
    AskId;
}

number_ids! {
    /// Numbers a job within its tenant.
    JobId, "j";
    /// Numbers a run within its tenant, short enough to type after `undo`.
    RunId, "r";
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
// 12 letters are 60 bits: among a million names a collision has odds of 1 in 2 million.
const LETTERS: usize = 12;

/// Returns a short name for these parts: a letter for what it names, then 60 bits of their digest.
///
/// Each part is hashed with its length, so that moving a boundary changes the name.
pub fn digest(letter: char, parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let bytes = hasher.finalize();
    let mut head = [0_u8; 8];
    head.copy_from_slice(&bytes.as_bytes()[..8]);
    let mut bits = u64::from_be_bytes(head);
    let mut name = String::with_capacity(LETTERS + 1);
    name.push(letter);
    for _ in 0..LETTERS {
        name.push(char::from(ALPHABET[(bits >> 59) as usize]));
        bits <<= 5;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_depends_on_where_its_parts_end() {
        assert_ne!(digest('m', &["ab", "c"]), digest('m', &["a", "bc"]));
        assert_eq!(digest('m', &["ab", "c"]), digest('m', &["ab", "c"]));
        assert_eq!(digest('m', &[]).len(), 13);
    }

    #[test]
    fn a_run_is_read_back_with_and_without_its_letter() {
        assert_eq!("r12".parse(), Ok(RunId(12)));
        assert_eq!("12".parse(), Ok(RunId(12)));
        assert_eq!(RunId(12).to_string(), "r12");
        assert!("m12".parse::<RunId>().is_err());
    }
}
