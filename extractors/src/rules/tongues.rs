//! A small table of cues in other languages than English.
//!
//! Only phrases that hardly ever mean anything else; a language gets rows, never a parser.

use std::sync::LazyLock;

use domain::Kind;
use regex::{Regex, RegexSet};

use super::cues::{Force, Rule};
use super::plain::Plain;

/// A language: what lays down a rule in it, what forbids, and what binds to the moment.
struct Tongue {
    cue: &'static str,
    rules: &'static [&'static str],
    moment: &'static str,
    forbids: &'static str,
}

const TONGUES: &[Tongue] = &[
    Tongue {
        cue: "german",
        rules: &[
            r"^(?:verwende|benutze?|nutze?|nimm|schreibe?|committe|formatiere|antworte|halte|führe|teste)\b.* immer\b",
            r"^(?:immer|niemals|nie) .+\b(?:verwenden|benutzen|nutzen|pushen|committen|mergen|schreiben|löschen|anfassen|ausführen|testen|fragen|antworten|sprechen|formatieren|verwenden)\W*$",
            r"^(?:ab jetzt|ab sofort|von jetzt an|von nun an|künftig|in zukunft),? \w+ \w+",
            r"^wir (?:verwenden|benutzen|nutzen) .+\b(?:nicht|statt|kein|keine|keinen|immer|nur|ausschließlich)\b",
        ],
        moment: r"\b(?:noch|erstmal|vorerst|diesmal|hier|heute|gerade|bis|zuerst|dies\w*|jetzt (?:mal|noch|nicht))\b",
        forbids: r"\b(?:nie|niemals|nicht|kein\w*)\b",
    },
    Tongue {
        cue: "french",
        rules: &[
            r"^(?:utilise[rz]?|écri(?:s|vez)|lance[rz]?|fais|faites|mets|mettez|réponds|répondez|garde[rz]?)\b.* toujours\b",
            r"^(?:toujours|jamais) (?:utiliser|écrire|lancer|faire|mettre|répondre|committer|pousser|modifier) \w+",
            r"^n(?:e |')(?:utilise|fais|faites|mets|mettez|commite|pousse|modifie|écri|touche)\w* .*jamais\b",
            r"^(?:désormais|dorénavant|à partir de maintenant),? \w+ \w+",
            r"^(?:on|nous) (?:utilise|utilisons) .+\b(?:pas|jamais|toujours|plutôt que|au lieu)\b",
        ],
        moment: r"\b(?:pour l'instant|encore|cette fois|ici|d'abord|aujourd'hui|jusqu\w*|ce(?:tte|t|s)?)\b",
        forbids: r"\b(?:jamais|pas)\b",
    },
    Tongue {
        cue: "spanish",
        rules: &[
            r"^(?:siempre|nunca|jamás) (?:usa|uses|usar|utiliza|utilices|escribe|escribas|ejecuta|haz|hagas|hacer|pon|pongas|responde|modifiques|toques|borres|subas)\b \w+",
            r"^(?:usa|utiliza|escribe|ejecuta|haz|pon|responde)\b.* siempre\b",
            r"^(?:de ahora en adelante|a partir de ahora|de aquí en adelante),? \w+ \w+",
            r"^(?:usamos|utilizamos) .+\b(?:no|nunca|siempre|en vez de|en lugar de)\b",
        ],
        moment: r"\b(?:todavía|aún|por ahora|esta vez|aquí (?:no|mismo)|primero|hoy|hasta|est[eao]s?)\b",
        forbids: r"\b(?:nunca|jamás|no)\b",
    },
    Tongue {
        cue: "portuguese",
        rules: &[
            r"^(?:sempre|nunca|jamais) (?:use|usa|usar|utilize|faça|fazer|commite|escreva|escrever|execute|rode|responda|coloque|adicione|modifique|altere|apague|suba)\b \w+",
            r"^(?:use|usa|utilize|escreva|execute|rode|faça|responda)\b.* sempre\b",
            r"^(?:a partir de agora|de agora em diante|daqui em diante|daqui (?:pra|para a) frente),? \w+ \w+",
            r"^(?:usamos|utilizamos|a gente usa) .+(?:\bnão\b|\bnunca\b|\bsempre\b|em vez de|ao invés)",
        ],
        moment: r"\b(?:ainda|por enquanto|desta vez|dessa vez|aqui|primeiro|hoje|até|est[ea]s?|iss?to|isso)\b",
        forbids: r"\b(?:nunca|jamais|não)\b",
    },
    Tongue {
        cue: "chinese",
        rules: &[
            r"^请?(?:总是|始终)(?:使用|用|运行|写|回答|遵循|检查|确保|添加|保持|先).{2,}",
            r"^请?(?:务必|永远不要|千万不要|绝不要|绝对不要|从现在开始|从今以后|今后)\S*.{2,}",
            r"^请?以后(?:都|请|不要|别|一律).{2,}",
            r"^我们(?:都|一直|统一|只)?(?:使用|用).+(?:不用|而不是|不要用|不使用)",
        ],
        moment: r"暂时|这次|目前|吗|呢|先(?:不|别)",
        forbids: r"不要|别|不用|不使用",
    },
    Tongue {
        cue: "japanese",
        rules: &[
            r"^(?:いつも|常に|必ず|絶対に|決して|今後は?、?|これからは、?).+(?:ください|下さい|こと|ないで|しないこと|しろ|禁止)[。.!！]*$",
        ],
        moment: r"今回|とりあえず|今は|まだ|まず|か[。？?]*$",
        forbids: r"ない|禁止",
    },
    Tongue {
        cue: "korean",
        rules: &[r"^(?:항상|절대로?|앞으로는?|반드시) .+(?:세요|하라|해줘|마라|말 것|할 것)[.!]*$"],
        moment: r"지금|이번|아직|일단",
        forbids: r"절대|마세요|마라|말 것",
    },
];

struct Spoken {
    rules: RegexSet,
    moment: Regex,
    forbids: Regex,
}

static SPOKEN: LazyLock<Vec<Spoken>> = LazyLock::new(|| {
    let spoken = TONGUES.iter().map(|tongue| Spoken {
        rules: RegexSet::new(tongue.rules).expect("a pattern in the source"),
        moment: Regex::new(tongue.moment).expect("a pattern in the source"),
        forbids: Regex::new(tongue.forbids).expect("a pattern in the source"),
    });
    spoken.collect()
});

static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:bitte|nein|ja|s'il te plaît|s'il vous plaît|non|oui|por favor|no|sí|não|sim)[,:]? )+")
        .expect("a pattern in the source")
});

/// Returns the rule that a sentence lays down in one of the languages known here.
pub(super) fn read(plain: &Plain) -> Option<Rule> {
    if plain.whole.contains(['?', '？']) {
        return None;
    }
    let body = OPENING.replace(&plain.body, "");
    let mut known = TONGUES.iter().zip(SPOKEN.iter());
    let (tongue, spoken) = known.find(|(_, spoken)| spoken.rules.is_match(&body))?;
    if spoken.moment.is_match(&body) {
        return None;
    }
    let force = if spoken.forbids.is_match(&body) {
        Force::Warn
    } else {
        Force::Do
    };
    Some(Rule {
        cue: tongue.cue,
        kind: Kind::Preference,
        force,
    })
}
