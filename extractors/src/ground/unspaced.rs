//! Recognises negation in Chinese, Japanese and Korean, where it is no word between spaces.
//!
//! It must not take a compound for a negation: 不错 praises, なければならない demands.

use super::fold::{is_hangul, is_unspaced};

/// Longest first, so that a compound is not read as its parts; `|` stands between them.
const CUES: &str = "\
    ないで|ません|ない|ずに|禁止|严禁|嚴禁|不要|不能|不可|不准|不许|不得|不应|\
    不该|没有|沒有|无需|避免|别|別|勿|不|没|지 마|지마|지 말|지말|말고|\
    마세요|말 것|않|금지|안 돼|안돼";

/// Words that hold a cue and do not negate.
const COMPOUNDS: &str = "\
    なければならない|なければなりません|なければいけない|なければいけません|\
    ないといけない|ないといけません|ないとだめ|かもしれない|かもしれません|しかない|\
    問題ない|問題ありません|間違いない|少ない|危ない|不错|不過|不过|不仅|不但|不同|\
    不断|不少|不管|不论|没问题|没关系|特别|特別|别的|区别|分别|个别|级别|类别|\
    别人|别名|識別|识别|差别|対不起|对不起|문제없|문제 없";

/// Words so general that two sentences share nothing by sharing them.
const GENERAL: &str = "用使请請应該该必须须要在的了是和与把将被は";

/// Says whether a clause is written in one of these scripts at all.
pub(super) fn is_written_in(clause: &str) -> bool {
    clause.contains(|c| is_unspaced(c) || is_hangul(c))
}

/// Returns the clause without its negations, and whether they turn it around.
pub(super) fn without_cues(clause: &str) -> (String, bool) {
    if !is_written_in(clause) {
        return (clause.to_owned(), false);
    }
    let mut out = String::with_capacity(clause.len());
    let mut count = 0;
    let mut rest = clause;
    while let Some(c) = rest.chars().next() {
        if let Some(compound) = COMPOUNDS.split('|').find(|word| rest.starts_with(word)) {
            out.push_str(compound);
            rest = &rest[compound.len()..];
        } else if let Some(cue) = CUES.split('|').find(|cue| rest.starts_with(cue)) {
            count += 1;
            rest = &rest[cue.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    (out, count % 2 == 1)
}

/// Returns the pairs of neighbouring characters, as words are in these scripts.
pub(super) fn pairs(clause: &str) -> Vec<String> {
    let mut pairs = Vec::new();
    let telling = |c: char| is_unspaced(c) && !is_kana(c) && !GENERAL.contains(c);
    for run in clause.split(|c| !telling(c)) {
        let chars: Vec<char> = run.chars().collect();
        match chars.as_slice() {
            [] => {}
            [one] => pairs.push(one.to_string()),
            many => pairs.extend(many.windows(2).map(|pair| pair.iter().collect::<String>())),
        }
    }
    pairs
}

/// Hiragana carries endings and particles; what is telling stands in kanji and katakana.
fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{309f}')
}
