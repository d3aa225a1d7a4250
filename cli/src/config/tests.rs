//! Settings from file and environment, and what is refused.

use super::*;

fn check(file: &str, env: &[(&str, &str)]) -> Result<(Config, Vec<Setting>)> {
    parse(file, "config.toml", |name| {
        env.iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| (*value).to_owned())
    })
}

fn refusal(file: &str, env: &[(&str, &str)]) -> String {
    check(file, env)
        .map(|_| ())
        .map_err(|error| format!("{error:#}"))
        .expect_err("is refused")
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
    let file = "[reading]\nturns = 7\nline_mb = 2\n";
    let (config, settings) = check(file, &[("DORMOUSE_READING_TURNS", "9")]).expect("good");
    assert_eq!((config.reading.turns, config.reading.line_mb), (9, 2));
    assert_eq!(config.journal.keep_days, 90);
    let origin = |key: &str| {
        settings
            .iter()
            .find(|setting| setting.key == key)
            .map(|setting| setting.from.clone())
    };
    let variable = Origin::Environment("DORMOUSE_READING_TURNS".to_owned());
    assert_eq!(origin("reading.turns"), Some(variable));
    assert_eq!(origin("reading.line_mb"), Some(Origin::File));
    assert_eq!(origin("journal.keep_days"), Some(Origin::Default));
}

#[test]
fn a_bad_value_names_file_key_and_range() {
    insta::assert_snapshot!(refusal("[reading]\nturns = 0", &[]), @"config.toml: reading.turns is 0, but must be from 1 to 5000");
    insta::assert_snapshot!(refusal("[reading]\nturns = \"x\"", &[]), @r#"config.toml: reading.turns must be a integer, not "x""#);
    insta::assert_snapshot!(refusal("[reading]\ntrns = 1", &[]), @"config.toml: [reading] has no key trns; known are line_mb, turns");
    insta::assert_snapshot!(refusal("[raeding]", &[]), @"config.toml: there is no [raeding]; known are episodes, journal, llm, log, reading, store, work");
    insta::assert_snapshot!(refusal("", &[("DORMOUSE_READING_TURNS", "many")]), @"DORMOUSE_READING_TURNS=many: is not a whole number: invalid digit found in string");
    insta::assert_snapshot!(refusal("[log]\nlevel = \"loud\"", &[]), @r#"config.toml: log.level is "loud", but must be error, warn, info or debug"#);
}

#[test]
fn a_list_in_a_variable_is_words_or_json() {
    let command = |text: &str| {
        let (config, _) = check("", &[("DORMOUSE_LLM_API_KEY_COMMAND", text)])?;
        anyhow::Ok(config.llm.api_key_command)
    };
    assert_eq!(
        command("pass show openai").expect("good"),
        ["pass", "show", "openai"]
    );
    let json = r#"["pass", "show", "my key"]"#;
    assert_eq!(command(json).expect("good"), ["pass", "show", "my key"]);
    assert!(command(r#"["pass", 7]"#).is_err());
}

#[test]
fn a_variable_of_a_section_that_names_no_key_is_refused() {
    let (_, settings) = check("", &[]).expect("good");
    let refused = |name: &str| {
        let names = std::iter::once(name.to_owned());
        let refused = variables::refuse_unknown(&settings, names).err();
        refused.map(|error| error.to_string())
    };
    insta::assert_snapshot!(refused("DORMOUSE_JOURNAL_KEEPDAYS").expect("is refused"), @"DORMOUSE_JOURNAL_KEEPDAYS sets nothing; known are DORMOUSE_JOURNAL_KEEP_DAYS");
    assert!(refused("DORMOUSE_LLM_TRIS").is_some());
    for fine in [
        "DORMOUSE_LLM_TRIES",
        "DORMOUSE_HOME",
        "DORMOUSE_NOW",
        "DORMOUSE_TEST_POSTGRES",
        "PATH",
    ] {
        assert_eq!(refused(fine), None);
    }
}
