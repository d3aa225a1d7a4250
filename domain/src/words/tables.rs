//! Shows, text by text, which tokens, questions and words come out.
//!
//! It must be read before a line of it is changed: a changed line is a new tokenizer version.

use super::{jaccard, query, tokens, words};

#[track_caller]
fn check(of: fn(&str) -> Vec<String>, text: &str, expected: &str) {
    assert_eq!(of(text).join(" "), expected, "{text:?}");
}

#[test]
fn names_are_indexed_whole_and_in_parts() {
    for (text, expected) in [
        (
            "getStagedFiles",
            "getstagedfiles getstagedfil get staged stag files file",
        ),
        ("snake_case_name", "snake_case_name snake snak case name"),
        ("HTTPServer2", "httpserver2 httpserver http server2 server"),
        ("utf8String", "utf8string utf8 utf string"),
        (
            "getStaged_files",
            "getstaged_files getstaged getstag get staged stag files file",
        ),
        ("MAX_TOKENS", "max_tokens max tokens token"),
        ("URLs IDs", "urls url ids"),
        ("__init__", "__init__ init"),
        ("x86_64 sha256", "x86_64 x86 64 sha256 sha"),
        ("_ __ ._.", ""),
    ] {
        check(tokens, text, expected);
    }
}

#[test]
fn versions_paths_flags_and_codes_stay_findable() {
    for (text, expected) in [
        ("1.95.0", "1_95_0 1 95 0"),
        ("v2.1", "v2_1 2_1 v2 1"),
        ("port 8080.", "port 8080"),
        ("src/store/mod.rs", "src store stor mod_rs mod rs"),
        (r"C:\tmp\a.txt", "c tmp a_txt a txt"),
        ("tech-stack", "tech_stack tech stack"),
        ("tech-stack.md", "tech_stack_md tech_stack tech stack md"),
        ("--no-verify -x", "no_verify no verify verifi x"),
        ("error[E0308] ENT-242", "error e0308 ent_242 ent 242"),
        (
            "jo.doe@example.com",
            "jo_doe jo doe example_com example exampl com",
        ),
        (
            "https://docs.rs/serde-json?q=1",
            "https http docs_rs docs doc rs serde_json serde serd json q 1",
        ),
        (
            "std::fs, serde@1.0.200",
            "std fs serde serd 1_0_200 1 0 200",
        ),
        ("2027-03-28T02:30", "2027_03_28t02 2027 03 28t02 30"),
        (
            "a..b a.-b 'q' don't l’été",
            "a b a b q dont don t lete l ete",
        ),
    ] {
        check(tokens, text, expected);
    }
}

#[test]
fn spelling_does_not_hide_a_word() {
    for (text, expected) in [
        ("café CAFE\u{301}", "cafe cafe"),
        ("Straße STRASSE", "strasse strass strasse strass"),
        ("Überprüfung", "uberprufung"),
        ("Łódź smørrebrød Æther", "lodz smorrebrod aether"),
        ("İstanbul ISTANBUL", "istanbul istanbul"),
        ("ﬁle １２３ ㎏", "file 123 kg"),
        ("Проверка ёлка Й", "проверка ёлка й"),
        ("ΟΔΟΣ οδος", "οδοσ οδοσ"),
        ("हिन्दी", "हिनदी"),
        ("co\u{AD}operate", "cooperate cooperat"),
        ("🚀 deploy 👩‍💻 1️⃣ 🇩🇪", "deploy 1"),
        ("installing tests", "installing install tests test"),
    ] {
        check(tokens, text, expected);
    }
}

#[test]
fn scripts_without_spaces_are_indexed_by_pairs_and_single_characters() {
    for (text, expected) in [
        ("用户", "用户 用 户"),
        ("使用pnpm", "使用 使 用 pnpm"),
        ("第3章。", "第 3 章"),
        ("カタカナ", "カタ タカ カナ カ タ カ ナ"),
        ("ｶﾞｷﾞ", "ガギ ガ ギ"),
        ("한국어 테스트", "한국 국어 한 국 어 테스 스트 테 스 트"),
        ("ไทย", "ไท ทย ไ ท ย"),
        ("用户.rs", "用户 用 户 rs"),
    ] {
        check(tokens, text, expected);
    }
    check(query, "日本語のテスト", "日本 本語 語の のテ テス スト");
    check(query, "使用pnpm", "使用 pnpm");
    check(query, "한국어 테스트 가", "한국 국어 테스 스트 가");
    check(query, "户", "户");
}

#[test]
fn any_text_is_a_question() {
    for (text, expected) in [
        ("what's my tech-stack?", "tech_stack tech stack"),
        ("\"", ""),
        ("*", ""),
        ("", ""),
        ("\0 \u{FFFD} --", ""),
        ("NEAR(", "near"),
        ("a AND b OR NOT c*", "b not c"),
        ("col:val ^x {y}", "col val x y"),
        (
            "installing the tests, tests!",
            "installing install tests test",
        ),
        ("should we never push to main", "never push main"),
    ] {
        check(query, text, expected);
    }
}

#[test]
fn stop_words_are_kept_where_nothing_else_is_asked() {
    check(query, "what is this?", "what is this");
}

#[test]
fn a_long_question_is_capped_at_its_first_distinct_tokens() {
    let text: String = (0..10_000).map(|n| format!("{n} the ")).collect();
    let asked = query(&text);
    assert_eq!(asked.len(), super::MAX_QUERY_TOKENS);
    assert_eq!((asked[0].as_str(), asked[255].as_str()), ("0", "255"));
}

#[test]
fn a_blob_costs_one_token() {
    let blob = "aB3xYz".repeat(100);
    assert_eq!(tokens(&blob), ["ab3xyz".repeat(11)[..64].to_owned()]);
    assert_eq!(tokens(&"ü".repeat(300)), ["u".repeat(64)]);
    // Up to 200 characters, what underscores set apart is still found.
    let name = format!("{}_tail", "a".repeat(70));
    assert_eq!(
        tokens(&name),
        ["a".repeat(64), "a".repeat(64), "tail".to_owned()]
    );
}

#[test]
fn words_are_whole_and_unstemmed() {
    for (text, expected) in [
        ("The tests PASS, don't they?", "the tests pass dont they"),
        (
            "Use `getStagedFiles` in snake_case.",
            "use getstagedfiles in snake_case",
        ),
        ("_never_ tech-stack 1.95.0", "never tech stack 1 95 0"),
        ("schön schon Straße", "schön schon strasse"),
        ("使用pnpm。", "使用 pnpm"),
        ("カタカナ 字", "カタ タカ カナ 字"),
    ] {
        check(words, text, expected);
    }
}

#[test]
fn punctuation_makes_no_difference_and_a_number_does() {
    let alike = |a: &str, b: &str| jaccard(&words(a), &words(b));
    assert_eq!(alike("所有测试都通过了。", "所有测试都通过了"), 1.0);
    assert_eq!(alike("Run the tests.", "run the TESTS"), 1.0);
    assert_eq!(alike("port 8080", "port 8081"), 1.0 / 3.0);
    assert_eq!(alike("a b c d", "c d e f"), 2.0 / 6.0);
    assert_eq!(alike("a a a b", "a b b"), 1.0);
    assert_eq!(alike("one", "two"), 0.0);
    assert_eq!(alike("🚀", "🔥"), 0.0);
}
