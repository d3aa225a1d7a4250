//! Tells what a model means that answers in plain words: nothing, or no.
//!
//! It must not guess: what is neither is prose that nobody can read as memories.

/// What plain words mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// There is nothing to keep.
    Nothing,
    /// The model will not answer.
    Refusal,
    /// Something else.
    Talk,
}

// Whoever refuses, or has nothing, says so at the beginning.
const BEGINNING_CHARS: usize = 400;

// A reply that is only this word, with or without a reason behind it, says that there is nothing.
const NOTHING: &[&str] = &[
    "none",
    "reject",
    "rejected",
    "nothing",
    "n/a",
    "null",
    "empty",
    "no lessons",
    "no memories",
    "keine",
    "nichts",
    "ninguno",
    "ninguna",
    "nada",
    "aucun",
    "aucune",
    "rien",
    "nenhum",
    "nenhuma",
    "nessuno",
    "nessuna",
    "niente",
    "geen",
    "niets",
    "нет",
    "ничего",
    "brak",
    "nic",
    "yok",
    "無",
    "无",
    "没有",
    "沒有",
    "なし",
    "ありません",
    "없음",
    "없습니다",
];

const NOTHING_SAID: &[&str] = &[
    "no lessons",
    "no memories",
    "no new lessons",
    "no new memories",
    "no reusable",
    "no durable",
    "no lasting",
    "no lesson",
    "no memory worth",
    "nothing worth",
    "nothing to remember",
    "nothing to keep",
    "nothing to extract",
    "nothing here is worth",
    "not contain any lessons",
    "not contain any memories",
    "not contain any reusable",
    "keine lektionen",
    "keine erinnerungen",
    "nichts merkenswertes",
    "nichts, was",
    "keine lehren",
    "aucune leçon",
    "aucun souvenir",
    "rien à retenir",
    "ninguna lección",
    "nada que recordar",
    "no hay lecciones",
    "nenhuma lição",
    "nada a reter",
    "nessuna lezione",
    "niente da ricordare",
    "geen lessen",
    "没有值得",
    "沒有值得",
    "没有可",
    "無可",
    "教訓はありません",
    "記憶すべき",
    "교훈이 없",
    "нет уроков",
    "нечего запоминать",
];

const REFUSALS: &[&str] = &[
    "i can't",
    "i can’t",
    "i cannot",
    "i can not",
    "i won't",
    "i won’t",
    "i will not",
    "i'm sorry",
    "i’m sorry",
    "i am sorry",
    "i'm unable",
    "i’m unable",
    "i am unable",
    "i'm not able",
    "i’m not able",
    "i am not able",
    "i must decline",
    "i have to decline",
    "as an ai",
    "not comfortable",
    "against my",
    "can't assist",
    "cannot assist",
    "can't help with",
    "es tut mir leid",
    "tut mir leid",
    "ich kann nicht",
    "ich kann das nicht",
    "ich kann dir",
    "ich kann ihnen",
    "ich kann diese",
    "leider kann ich",
    "je ne peux pas",
    "je suis désolé",
    "désolé",
    "lo siento",
    "no puedo",
    "não posso",
    "desculpe",
    "sinto muito",
    "mi dispiace",
    "non posso",
    "het spijt me",
    "ik kan niet",
    "ik kan geen",
    "ik kan hier",
    "не могу",
    "извините",
    "к сожалению",
    "przykro mi",
    "nie mogę",
    "przepraszam",
    "üzgünüm",
    "yapamam",
    "jag kan inte",
    "申し訳",
    "できません",
    "お手伝いできない",
    "抱歉",
    "对不起",
    "對不起",
    "我不能",
    "我无法",
    "我無法",
    "죄송",
    "할 수 없습니다",
    "لا أستطيع",
    "آسف",
    "मैं नहीं",
    "क्षमा करें",
];

/// Returns what a reply without memories means.
pub(super) fn meaning(prose: &str) -> Meaning {
    let begin: String = prose.chars().take(BEGINNING_CHARS).collect();
    let begin = begin.to_lowercase();
    let plain = begin.trim_matches(|c: char| !c.is_alphanumeric()).trim();
    if says_nothing(first_line(plain)) {
        return Meaning::Nothing;
    }
    // Both may occur: "I'm sorry, there are no lessons". What comes first is what is meant, and
    // of the two a refusal is the one that a person gets to see.
    match (first(&begin, NOTHING_SAID), first(&begin, REFUSALS)) {
        (Some(nothing), Some(refusal)) if nothing < refusal => Meaning::Nothing,
        (_, Some(_)) => Meaning::Refusal,
        (Some(_), None) => Meaning::Nothing,
        (None, None) => Meaning::Talk,
    }
}

/// Returns what a refusal of something to be saved gives as its reason.
pub(super) fn reason(prose: &str) -> Option<&str> {
    let plain = prose.trim_matches(|c: char| c.is_whitespace() || matches!(c, '`' | '*' | '"'));
    let rest = ["rejected", "reject"].iter().find_map(|word| {
        let begin = plain.get(..word.len())?;
        begin
            .eq_ignore_ascii_case(word)
            .then(|| &plain[word.len()..])
    })?;
    let ends_there = !rest.starts_with(char::is_alphanumeric);
    ends_there.then(|| {
        rest.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '*' | '(' | ')')
        })
    })
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Says whether a line is a word for nothing, alone or with its reason behind a sign.
fn says_nothing(line: &str) -> bool {
    let end = line.find([':', '.', ',', ';', '(', '–', '—', '!', '。', '、', '，']);
    let dash = line.find(" - ");
    let head = &line[..end.into_iter().chain(dash).min().unwrap_or(line.len())];
    NOTHING.contains(&head.trim_matches(|c: char| !c.is_alphanumeric()))
}

fn first(text: &str, phrases: &[&str]) -> Option<usize> {
    phrases.iter().filter_map(|phrase| text.find(phrase)).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_no_are_told_apart_in_several_languages() {
        for nothing in [
            "NONE",
            "none.",
            "**None**",
            "`NONE`",
            "N/A",
            "REJECT",
            "REJECT: one-off",
            "None - only a status",
            "Keine.",
            "なし",
            "没有。",
            "없음",
            "нет",
            "There are no lessons worth keeping in this episode.",
            "This episode does not contain any reusable lessons.",
            "Nothing worth remembering here.",
        ] {
            assert_eq!(meaning(nothing), Meaning::Nothing, "{nothing}");
        }
        for refusal in [
            "I'm sorry, but I can't help with that.",
            "I cannot process this transcript.",
            "As an AI language model, I do not keep memories.",
            "Es tut mir leid, das kann ich nicht.",
            "Je ne peux pas vous aider.",
            "Lo siento, no puedo ayudar con eso.",
            "申し訳ありませんが、できません。",
            "抱歉，我无法处理。",
            "죄송합니다.",
            "Извините, не могу.",
            "I'm sorry, there are no lessons I may share.",
        ] {
            assert_eq!(meaning(refusal), Meaning::Refusal, "{refusal}");
        }
        for talk in [
            "None of the tests ran.",
            "The user wants pnpm.",
            "Sure! Here you go:",
            "Nothingness",
            "ok",
            "Rejecting pull requests is done by hand",
        ] {
            assert_eq!(meaning(talk), Meaning::Talk, "{talk}");
        }
    }

    #[test]
    fn a_reason_stands_behind_the_word() {
        assert_eq!(reason("REJECT: only a status"), Some("only a status"));
        assert_eq!(reason("**Rejected** — one-off"), Some("one-off"));
        assert_eq!(reason("reject"), Some(""));
        assert_eq!(reason("Rejecting is bad"), None);
    }
}
