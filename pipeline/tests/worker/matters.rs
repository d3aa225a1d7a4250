//! Which episodes a model is shown: the same however a file is read, and each with what it follows on.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{Ask, Source};
use extractors::{Budget, Limits};

use crate::house::scripted::{Says, Script, Scripted};
use crate::house::{House, RULE};

const NOTHING: &str = "<none/>";

/// Some 400 tokens on one matter.
fn long(matter: usize) -> String {
    let words = [
        "pillow", "harbour", "lantern", "meadow", "copper", "thistle", "bridge", "falcon",
    ];
    let words = words.iter().zip(0..);
    let said = words.map(|(word, n)| format!("{word}{matter}x{n} and {word}{matter}y{n} fit. "));
    said.collect::<String>().repeat(4)
}

async fn house(said: &[&str], step: usize, says: Vec<Says>) -> (House, Arc<Script>) {
    let mut house = House::with_session(said).await;
    let script = Script::of(says);
    house.model = Some(Box::new(Scripted {
        script: Arc::clone(&script),
        host: Some("models.test"),
    }));
    house.rules.episodes = Limits {
        max_tokens: 2_000,
        min_tokens: 600,
        ..Limits::default()
    };
    house.rules.reading = Budget {
        turns: step,
        ..Budget::default()
    };
    house.rules.spending.session_tokens = 1_000_000;
    house.rules.spending.day_tokens = 1_000_000;
    (house, script)
}

async fn asked(said: &[&str], step: usize) -> Vec<(String, String)> {
    let says = (0..100).map(|_| Says::Whole(NOTHING)).collect();
    let (house, script) = house(said, step, says).await;
    house.drain().await;
    let asked = |ask: Ask| (ask.about, ask.request.user);
    script.asked().into_iter().map(asked).collect()
}

#[tokio::test]
async fn the_same_is_asked_however_large_the_steps_are() {
    let said: Vec<String> = (0..40).map(|n| long(n / 3)).collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let whole = asked(&said, 500).await;
    assert!(whole.len() > 8, "{} calls", whole.len());
    for step in [7, 12, 20] {
        assert_eq!(asked(&said, step).await, whole, "in steps of {step}");
    }
}

#[tokio::test]
async fn an_estimate_says_just_what_will_be_asked_whatever_the_steps() {
    let said: Vec<String> = (0..40).map(|n| long(n / 3)).collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let whole = asked(&said, 500).await;
    let (house, _) = house(&said, 12, Vec::new()).await;
    let path = house.session().display().to_string();
    let source = Source::unread(path, domain::Format::ClaudeCodeJsonl);
    let mut seen = BTreeSet::new();
    let told = pipeline::foresee(&house.ports(), &house.rules, &source, &mut seen).await;
    let told = told.expect("reads");
    assert_eq!((told.calls, told.turns), (whole.len() as u64, 40));
    let again = pipeline::foresee(&house.ports(), &house.rules, &source, &mut seen).await;
    assert_eq!(
        again.expect("reads").calls,
        0,
        "a turn costs once, in however many files it stands"
    );
}

#[tokio::test]
async fn a_matter_that_runs_on_is_shown_with_its_last_words_and_they_teach_nothing_twice() {
    let (first, third) = (long(1).repeat(5), long(1).repeat(5));
    let twice = r#"<memories><memory kind="preference" asserted_by="user">
        <what>The repository is installed with pnpm and never npm.</what><when>installing</when>
        <evidence turn="t1">always use pnpm in this repository, never npm</evidence></memory></memories>"#;
    let says = vec![Says::Whole(NOTHING), Says::Whole(twice)];
    let (house, script) = house(&[&first, RULE, &third], 500, says).await;
    house.drain().await;
    let asked = script.asked();
    assert_eq!(asked.len(), 2);
    let second = &asked[1].request.user;
    assert!(
        second.contains("[t1 user]") && second.contains(RULE),
        "{second}"
    );
    assert!(second.contains("look for lessons from t2 on"), "{second}");
    let held = house.memories().await;
    let held: Vec<&str> = held
        .iter()
        .map(|record| record.memory.lesson.what.as_str())
        .collect();
    assert_eq!(held, [RULE], "the user's own words, and nothing twice");
}
