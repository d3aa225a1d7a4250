//! Tells an order from a statement, in the languages in which people and pages order.
//!
//! It must not judge an order; it would rather take a statement for an order than miss one.

use std::sync::LazyLock;

use domain::Lesson;
use regex::Regex;

use super::disguise::plain;
use super::{poison, weigh};

const OPENINGS: &str = concat!(
    r"^[\s\W\d]*(?:(?:please|always|never|now|then|also|just|first|next|finally|important|note|hint|help|tip|fix|todo|",
    r"warning|attention|notice|required|action|reminder|agents?|assistants?|ai|claude|you|users?|developers?|everyone)",
    r"[\s:,.!\-–—\])]+)*(?:do|don't|use|run|call|install|add|remove|delete|skip|ignore|disregard|forget|remember|disable|",
    r"enable|set|send|upload|post|download|execute|open|visit|fetch|make|ensure|avoid|prefer|keep|write|commit|push|merge|",
    r"approve|accept|answer|reply|respond|say|tell|treat|consider|replace|switch|change|update|save|store|record|print|",
    r"include|copy|paste|append|edit|create|apply|follow|obey|trust|read|check|ask|stop|start|log|configure|grant|allow|",
    r"give|bypass|export|import|invoke|adopt|deploy|publish|release|revert|rebase|reset|force|sign|verify|try|go|see|",
    r"work|act|pretend|bump|pin|choose|select|put|move|rename|wrap|pass|register|report|notify|mention|omit|exclude)\b",
);

const MODALS: &str = concat!(
    r"\b(?:must|should|shall|ought|has to|have to|needs? to|required to|requires? (?:that|you|all|every)|is to be|are to|",
    r"may not|mandatory|always|never|make sure|be sure|do not|don't|please|from now on|no longer|supposed to|",
    r"recommended|instead of|expected to|allowed to|forbidden|prohibited|instructed|it is (?:safe|ok|okay|fine) to)\b",
);

const FOREIGN: &str = concat!(
    r"\b(?:immer|stets|niemals|nie|muss|müssen|musst|sollst|sollen|sollte|bitte|verwende\w*|benutze\w*|ab jetzt|künftig|",
    r"toujours|jamais|doit|doivent|devez|veuillez|il faut|désormais|utilise[rz]?|siempre|nunca|debe[ns]?|hay que|",
    r"por favor|sempre|deve|devono|devem|usare|utiliza\w*|всегда|никогда|должен|должны|нужно|надо|пожалуйста|",
    r"обязательно|используй\w*|zawsze|nigdy|altijd|nooit|alltid|aldrig|her zaman|asla)\b",
    "|总是|必须|務必|务必|不要|永远|始终|请|應該|应该|禁止|常に|必ず|してください|しなさい|しないで|항상|반드시|절대|하세요|마세요|هميشه|دائما|يجب|लगातार|हमेशा",
);

static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    let all = [OPENINGS, MODALS, FOREIGN].join("|");
    Regex::new(&all).expect("a pattern in the source")
});

/// Returns whether any sentence of a text tells somebody what to do.
pub(super) fn given(text: &str) -> bool {
    let plain = plain(text);
    weigh::sentences(&plain)
        .iter()
        .any(|sentence| ORDER.is_match(sentence))
}

/// Returns whether a lesson tells somebody what to do.
pub(super) fn in_lesson(lesson: &Lesson) -> bool {
    lesson.do_.is_some() || lesson.warn.is_some() || given(&lesson.what)
}

/// Returns whether a sentence that data says could become an instruction.
pub(super) fn could_steer(sentence: &str) -> bool {
    given(sentence) || poison::in_any_way(sentence)
}
