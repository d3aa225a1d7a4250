//! Looks words up by what they do to a clause: negate, order, condition, or tell nothing.
//!
//! It must not judge a clause: that takes more than one word.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::tables;

/// Says whether a word alone may turn a sentence around.
pub(super) fn negates(key: &str) -> bool {
    is_hard(key) || is_lexical(key) || is_without(key)
}

macro_rules! looks_up {
    ($($(#[$doc:meta])* $name:ident in $($table:ident)|+;)+) => {$(
        $(#[$doc])*
        pub(super) fn $name(key: &str) -> bool {
            static WORDS: LazyLock<HashSet<&str>> =
                LazyLock::new(|| [$(tables::$table),+].into_iter().flat_map(str::split_whitespace).collect());
            WORDS.contains(key)
        }
    )+};
}

looks_up! {
    /// Says whether a word negates its clause.
    is_hard in HARD | FOREIGN;
    /// Says whether a word negates what it governs.
    is_lexical in LEXICAL | FOREIGN_LEXICAL;
    /// Says whether a negation is in another language than English.
    is_foreign in FOREIGN | FOREIGN_LEXICAL;
    /// Says whether a word leaves open what is meant.
    is_soft in SOFT;
    /// Says whether a word holds something back: a rebuke, a limit, a choice.
    is_reserve in RESERVES | BEFORE | TURNS;
    /// Says whether a small word is of another language than English.
    is_of_another_tongue in OTHER_TONGUES;
    /// Says whether a word tells of harm.
    is_harm in HARMS | SOFT;
    /// Says whether a word regrets what was left undone.
    is_regret in FORGETS;
    /// Says whether a word tells that a harm has ended.
    is_healing in HEALS;
    /// Says whether a word limits and does not object.
    is_limit in LIMITS;
    /// Says whether a word negates a verb.
    is_verbal in VERBAL;
    /// Says whether a verb takes care of what it names.
    is_care in CARES;
    /// Says whether a word may turn a proposal down.
    is_turning_down in TURNS_DOWN;
    /// Says whether a word points at what was just spoken of.
    is_pointing in POINTS;
    /// Says whether a word opens a clause that asserts nothing.
    opens_condition in CONDITIONS;
    /// Says whether a word means *before*.
    is_before in BEFORE;
    /// Says whether a word means *without*.
    is_without in WITHOUT;
    /// Says whether the matter turns with a word.
    is_turn in TURNS;
    /// Says whether a word means *and*.
    is_and in AND;
    /// Says whether a word gives its clause the force of an order.
    is_order in ORDERS;
    /// Says whether an order may begin with a word.
    is_imperative in IMPERATIVES;
    /// Says whether a word may stand before an order.
    is_filler in FILLERS;
    /// Says whether a word marks Portuguese.
    is_portuguese in PORTUGUESE;
    /// Says whether a word states instead of ordering.
    is_copula in COPULAS;
    /// Says whether a word makes a statement of a short sentence.
    is_copula_like in VERBS_OF_BEING;
    /// Says whether a `not` behind this word negates the verb.
    is_auxiliary in AUXILIARIES;
    /// Says whether a word begins a clause of its own.
    is_subject in SUBJECTS;
    /// Says whether a word forbids what the clause is about.
    is_forbidding in FORBIDDEN;
    /// Says whether a negation is an order by itself.
    is_never in NEVER;
    /// Says whether sharing this word tells nothing.
    is_empty in STOPS | FILLERS | GENERAL | ORDERS | HARD | FOREIGN | LEXICAL | FOREIGN_LEXICAL | CONDITIONS | BEFORE | WITHOUT | TURNS | AND;
    /// Says whether a sentence means the same with and without this word.
    is_dressing in FILLERS | ORDERS | AUXILIARIES | HARD | FOREIGN | LEXICAL | FOREIGN_LEXICAL | WITHOUT;
}
