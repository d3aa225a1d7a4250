//! Keys that are printed by a command, and what is wrong with a choice before anything is sent.

use llm::scripted::{Server, Step};
use llm::{KeyFrom, Provider};

use crate::house::{around, asked, of, settings};

#[tokio::test]
async fn a_printed_key_that_has_run_out_is_printed_anew_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let count = folder.path().join("count");
    let script = format!("echo x >> {0}; wc -l < {0}", count.display());
    let words = ["sh", "-c", script.as_str()].map(str::to_owned);
    let server = Server::start(vec![
        Step::status(401, "{}"),
        Step::says("<none/>"),
        Step::status(401, "{}"),
    ]);
    let mut settings = settings(&server);
    settings.key = KeyFrom::Command(words.to_vec());
    asked(settings.clone())
        .await
        .expect("the second key is good");
    let error = asked(settings)
        .await
        .expect_err("none of these keys is good");
    assert!(
        error
            .to_string()
            .contains("the command in llm.api_key_command prints"),
        "{error}"
    );
    let seen = server.seen();
    let keys: Vec<_> = seen
        .iter()
        .map(|seen| seen.header("authorization"))
        .collect();
    let expect = ["Bearer 1", "Bearer 2", "Bearer 3", "Bearer 4"].map(Some);
    assert_eq!(keys, expect);
}

#[tokio::test]
async fn a_key_that_cannot_be_had_sends_nothing() {
    let server = Server::start(vec![Step::says("<none/>")]);
    let mut settings = settings(&server);
    settings.key = KeyFrom::Command(vec!["no-such-program-here".to_owned()]);
    let error = asked(settings)
        .await
        .expect_err("there is no key")
        .to_string();
    assert!(
        error.contains("the command in llm.api_key_command cannot be run"),
        "{error}"
    );
    assert_eq!(server.seen(), []);
}

fn wrong(change: impl FnOnce(&mut llm::Settings), says: &str) {
    let mut settings = of(Provider::OpenAi, String::new());
    change(&mut settings);
    let error = llm::open(settings, around())
        .err()
        .expect("it cannot be opened")
        .to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn a_choice_that_cannot_work_says_what_to_do() {
    wrong(|s| s.model.clear(), "llm.model is empty: name the model");
    wrong(
        |s| s.key = KeyFrom::Nowhere,
        "llm.provider is openai, which wants a key",
    );
    wrong(
        |s| s.key = KeyFrom::Variable("NO_SUCH".to_owned()),
        "the variable NO_SUCH is not set",
    );
    wrong(
        |s| s.base_url = "http://api.openai.com/v1".to_owned(),
        "write https",
    );
    wrong(
        |s| s.provider = Provider::Compatible,
        "llm.base_url is empty",
    );
    wrong(
        |s| s.temperature = 3.0,
        "llm.temperature is 3, but must be from 0 to 2",
    );
    wrong(|s| s.temperature = f64::NAN, "llm.temperature is NaN");
    wrong(
        |s| s.concurrency = 0,
        "llm.concurrency is 0, but must be from 1 to 64",
    );
    wrong(|s| s.patience.tries = 0, "llm.tries is 0");
    wrong(
        |s| s.patience.answer = s.patience.whole * 2,
        "llm.answer_seconds is 600s",
    );
}

#[test]
fn what_is_chosen_can_be_shown_without_a_key() {
    let mut settings = of(Provider::OpenAi, String::new());
    for key in [
        KeyFrom::Variable("sk-mine".to_owned()),
        KeyFrom::Command(vec!["sk-mine".to_owned()]),
    ] {
        settings.key = key;
        assert!(!format!("{settings:?}").contains("sk-mine"));
    }
}

#[test]
fn the_host_is_named_unless_the_words_stay_here() {
    let host = |provider: Provider, base_url: &str, model: &str| {
        let mut settings = of(provider, base_url.to_owned());
        settings.model = model.to_owned();
        let model = llm::open(settings, around()).expect("the settings are sound");
        model.host().map(str::to_owned)
    };
    assert_eq!(
        host(Provider::OpenAi, "", "m").as_deref(),
        Some("api.openai.com")
    );
    assert_eq!(
        host(Provider::Anthropic, "", "m").as_deref(),
        Some("api.anthropic.com")
    );
    assert_eq!(host(Provider::Ollama, "", "qwen3:8b"), None);
    assert_eq!(
        host(Provider::Ollama, "", "gpt-oss:120b-cloud").as_deref(),
        Some("ollama.com")
    );
    let far = host(Provider::Ollama, "http://192.168.0.7:11434/v1", "qwen3:8b");
    assert_eq!(far.as_deref(), Some("192.168.0.7:11434"));
    // A server of somebody's own may hand the words on.
    let near = host(Provider::Compatible, "http://127.0.0.1:4000/v1", "m");
    assert_eq!(near.as_deref(), Some("127.0.0.1:4000"));
}
