//! Knows what looks like a token and is prose: brands, abbreviations, strokes between words.
//!
//! Tables and look-ups alone. A word is listed here because people write it without having read it.

/// Names with a hump that anybody writes, whatever the turn called the thing.
const BRANDS: &str = "\
    github gitlab typescript javascript postgresql mysql mongodb graphql websocket websockets \
    macos ios ipados youtube linkedin devops oauth openai chatgpt eslint powershell wordpress \
    stackoverflow jetbrains intellij vscode openapi opentelemetry circleci dockerhub bitbucket \
    nodejs nextjs webassembly sqlite latex dynamodb cloudflare clickhouse redis hashicorp \
    digitalocean bigquery pytorch tensorflow jsdoc tsdoc phpunit junit readme changelog \
    monorepo iterm homebrew deepseek langchain";

/// Dotted words that are no name in code.
const DOTTED: &str = "\
    e.g i.e a.m p.m u.s vs etc node.js next.js vue.js nuxt.js express.js three.js d3.js \
    react.js nest.js ph.d asp.net z.b p.ex d.h p.ej u.a";

/// Words that stand beside a stroke for want of a better one.
const STROKED: &str = "\
    and or ci cd i o read write client server yes no on off input output he she his her true \
    false start stop before after dev prod front back frontend backend up down pull push \
    import export add remove create update delete enable disable tests test build lint n a key \
    value get set open close request response ui ux save load encode decode added removed \
    changed debug info warn warning error pass fail success failure workers";

/// Words before a stroke that make a path of it.
const FOLDERS: &str = "\
    src lib libs test tests spec docs doc packages apps app bin scripts config configs utils \
    components pages api internal pkg cmd crates services modules public assets dist build \
    target hooks migrations models routes views controllers origin feature fix release";

/// The words for one to twelve.
const COUNTS: [&str; 12] = [
    "one once single first ein eine einen un une uno una um uma 一 один",
    "two twice both second zwei deux dos dois duas 二 两 два",
    "three third drei trois tres três 三 три",
    "four fourth vier quatre cuatro quatro 四 четыре",
    "five fifth fünf cinq cinco 五 пять",
    "six sixth sechs seis 六 шесть",
    "seven seventh sieben sept siete sete 七 семь",
    "eight eighth acht huit ocho oito 八 восемь",
    "nine ninth neun neuf nueve nove 九 девять",
    "ten tenth zehn dix diez dez 十 десять",
    "eleven elf onze once одиннадцать",
    "twelve dozen zwölf douze doce doze двенадцать",
];

/// Says whether a humped name is a brand.
pub(super) fn is_brand(key: &str) -> bool {
    BRANDS.split_whitespace().any(|word| word == key)
}

/// Says whether a dotted word is an abbreviation or a brand.
pub(super) fn is_dotted_prose(key: &str) -> bool {
    DOTTED.split_whitespace().any(|word| word == key)
}

/// Says whether a word beside a stroke is prose.
pub(super) fn is_stroke_prose(key: &str) -> bool {
    STROKED.split_whitespace().any(|word| word == key)
}

/// Says whether a word before a stroke makes a path of it.
pub(super) fn is_folder(key: &str) -> bool {
    FOLDERS.split_whitespace().any(|word| word == key)
}

/// Returns the words for a small number.
pub(super) fn number_words(number: &str) -> impl Iterator<Item = &'static str> {
    let small = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
    let words = small.and_then(|n| COUNTS.get(n)).copied();
    words.unwrap_or_default().split_whitespace()
}
