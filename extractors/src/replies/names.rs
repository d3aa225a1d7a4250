//! Names what a reply may hold, however a model spells it.
//!
//! It must not know where a name may stand; that is for those who read.

/// What an element, an attribute or a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Name {
    /// The list of memories.
    Memories,
    /// A memory.
    Memory,
    /// What a known memory gains.
    Supports,
    /// That there is nothing.
    None,
    /// That what was to be saved is not worth it.
    Reject,
    /// How two lessons stand to each other.
    Verdict,
    /// What a model says to itself.
    Think,
    /// See [`domain::Kind`].
    Kind,
    /// The subject area.
    Domain,
    /// How far it reaches.
    Scope,
    /// Whose claim it is.
    AssertedBy,
    /// A known memory.
    Id,
    /// What is so.
    What,
    /// The moment in which it counts.
    When,
    /// What to do.
    Do,
    /// What to beware of.
    Warn,
    /// The slot that is filled.
    Slot,
    /// What a slot is about.
    Subject,
    /// Which side of it.
    Attribute,
    /// What is said of it.
    Value,
    /// A quote with its place.
    Evidence,
    /// The words of a quote.
    Quote,
    /// The turn of a quote.
    Turn,
    /// The member of a cluster whose quote it is.
    Member,
    /// Why something is rejected.
    Reason,
}

use Name::{
    AssertedBy, Attribute, Do, Domain, Evidence, Id, Kind, Member, Memories, Memory, Quote, Reason,
    Reject, Scope, Slot, Subject, Supports, Think, Turn, Value, Verdict, Warn, What, When,
};

// The first spelling of each is the one that we write.
const SPELLINGS: &[(&str, Name)] = &[
    ("memories", Memories),
    ("lessons", Memories),
    ("memory", Memory),
    ("lesson", Memory),
    ("supports", Supports),
    ("support", Supports),
    ("none", Name::None),
    ("reject", Reject),
    ("rejected", Reject),
    ("verdict", Verdict),
    ("think", Think),
    ("thinking", Think),
    ("thought", Think),
    ("thoughts", Think),
    ("reasoning", Think),
    ("reflection", Think),
    ("scratchpad", Think),
    ("analysis", Think),
    ("kind", Kind),
    ("type", Kind),
    ("domain", Domain),
    ("scope", Scope),
    ("assertedby", AssertedBy),
    ("id", Id),
    ("what", What),
    ("when", When),
    ("do", Do),
    ("warn", Warn),
    ("warning", Warn),
    ("warnings", Warn),
    ("slot", Slot),
    ("subject", Subject),
    ("attribute", Attribute),
    ("value", Value),
    ("evidence", Evidence),
    ("evidences", Evidence),
    ("quote", Quote),
    ("quotes", Quote),
    ("turn", Turn),
    ("member", Member),
    ("reason", Reason),
];

// No spelling is longer.
const LONGEST: usize = 12;

impl Name {
    /// Returns what a word names; case, `-` and `_` do not count.
    pub(super) fn of(word: &str) -> Option<Self> {
        let mut letters = [0_u8; LONGEST];
        let mut length = 0;
        for byte in word.bytes().filter(|b| !matches!(b, b'-' | b'_')) {
            *letters.get_mut(length)? = byte.to_ascii_lowercase();
            length += 1;
        }
        let letters = &letters[..length];
        let found = SPELLINGS
            .iter()
            .find(|(known, _)| known.as_bytes() == letters);
        found.map(|(_, name)| *name)
    }

    /// Returns how we write it.
    pub(super) fn as_str(self) -> &'static str {
        let found = SPELLINGS.iter().find(|(_, name)| *name == self);
        found.map_or("none", |(word, _)| word)
    }

    /// Says whether it stands by itself in a reply and holds the rest.
    pub(super) fn is_block(self) -> bool {
        matches!(self, Memory | Supports | Reject | Verdict)
    }

    /// Says whether a block may hold it.
    pub(super) fn is_field(self) -> bool {
        !self.is_block() && !matches!(self, Memories | Think | Name::None)
    }

    /// Says whether it is one word or a few, and so may stand as an attribute.
    pub(super) fn is_short(self) -> bool {
        matches!(
            self,
            Kind | Domain | Scope | AssertedBy | Id | Subject | Attribute | Turn | Member | Reason
        )
    }
}
