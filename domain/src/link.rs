//! Links: dated words about how memories stand to one another, and the standing that follows.
//!
//! Standing is derived from the links that hold; ending a link brings the earlier standing back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{LinkId, MemoryId, UnknownWord, digest};

/// What a link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// A person hid it for good.
    Forgotten,
    /// It could not be grounded.
    Quarantined,
    /// Another took its place.
    SupersededBy,
    /// Another speaks for it.
    ArchivedBehind,
    /// Another says the opposite, and nobody knows which holds.
    DisputedWith,
    /// It waits for a person's yes.
    Proposed,
    /// Another says nearly the same; both stand.
    Near,
}

impl LinkKind {
    /// Every kind; of those that change a standing, the weightiest first.
    const ALL: [Self; 7] = [
        Self::Forgotten,
        Self::Quarantined,
        Self::SupersededBy,
        Self::ArchivedBehind,
        Self::DisputedWith,
        Self::Proposed,
        Self::Near,
    ];

    /// Returns the word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forgotten => "forgotten",
            Self::Quarantined => "quarantined",
            Self::SupersededBy => "superseded-by",
            Self::ArchivedBehind => "archived-behind",
            Self::DisputedWith => "disputed-with",
            Self::Proposed => "proposed",
            Self::Near => "near",
        }
    }

    /// Returns the kind that a stored word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    fn standing(self) -> Standing {
        match self {
            Self::Forgotten => Standing::Forgotten,
            Self::Quarantined => Standing::Quarantined,
            Self::SupersededBy => Standing::Superseded,
            Self::ArchivedBehind => Standing::Archived,
            Self::DisputedWith => Standing::Disputed,
            Self::Proposed => Standing::Proposed,
            Self::Near => Standing::Active,
        }
    }
}

/// One dated link of a memory, to another or to none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The memory whose standing it changes.
    pub from: MemoryId,
    /// The other memory, where there is one.
    pub to: Option<MemoryId>,
    /// What it says.
    pub kind: LinkKind,
    /// Since when.
    pub at: Timestamp,
    /// Until when; `None` holds still.
    pub ended_at: Option<Timestamp>,
    /// Why, for a person to read.
    pub why: String,
}

impl Link {
    /// Names the link: the same thing said again at the same instant is one.
    pub fn id(&self) -> LinkId {
        let at = self.at.as_millisecond().to_string();
        let to = self.to.as_ref().map_or("", MemoryId::as_str);
        LinkId::new(digest(
            'l',
            &[self.from.as_str(), to, self.kind.as_str(), &at],
        ))
    }

    /// Returns the same link, ended.
    pub fn ended(&self, at: Timestamp) -> Self {
        Self {
            ended_at: Some(at),
            ..self.clone()
        }
    }
}

/// How a memory stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is held.
    Active,
    /// It waits for a person's yes.
    Proposed,
    /// It is held, and so is its opposite.
    Disputed,
    /// Another speaks for it.
    Archived,
    /// Another took its place.
    Superseded,
    /// It could not be grounded.
    Quarantined,
    /// A person hid it for good.
    Forgotten,
}

impl Standing {
    /// Every standing, in the order in which lists show them.
    pub const ALL: [Self; 7] = [
        Self::Active,
        Self::Proposed,
        Self::Disputed,
        Self::Archived,
        Self::Superseded,
        Self::Quarantined,
        Self::Forgotten,
    ];

    /// Returns the word that is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Proposed => "proposed",
            Self::Disputed => "disputed",
            Self::Archived => "archived",
            Self::Superseded => "superseded",
            Self::Quarantined => "quarantined",
            Self::Forgotten => "forgotten",
        }
    }

    /// Returns whether an agent may be told of it: it is held, if with a warning.
    pub fn is_held(self) -> bool {
        matches!(self, Self::Active | Self::Disputed)
    }

    /// Derives the standing from the kinds of the links that hold.
    pub fn from_links(holding: impl IntoIterator<Item = LinkKind>) -> Self {
        // The order of the kinds is their weight, so the least is the weightiest.
        holding
            .into_iter()
            .min()
            .map_or(Self::Active, LinkKind::standing)
    }
}

impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Standing {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|standing| standing.as_str() == word)
            .ok_or_else(|| UnknownWord {
                word: word.to_owned(),
                of: "standing",
                known: "active, proposed, disputed, archived, superseded, quarantined, forgotten",
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weightiest_link_decides_the_standing() {
        use LinkKind::*;
        assert_eq!(Standing::from_links([]), Standing::Active);
        assert_eq!(Standing::from_links([Near]), Standing::Active);
        assert_eq!(Standing::from_links([Near, Proposed]), Standing::Proposed);
        assert_eq!(
            Standing::from_links([SupersededBy, Forgotten, Near]),
            Standing::Forgotten
        );
    }
}
