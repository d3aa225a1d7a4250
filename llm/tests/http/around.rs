//! What lies around in the environment and must reach nobody, and proxies.

use std::process::Command;
use std::sync::OnceLock;

use llm::scripted::{Server, Step};
use llm::{Provider, Surroundings};

use crate::house::{KEY, around, ask, asked, key_stands_only_in, of, on_the_wire, settings};

const LEFT: &str = "sk-left-lying-around";

#[tokio::test]
async fn what_lies_in_the_environment_reaches_nobody() {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test runs itself again in an environment full of traps, and must know which run it is"
    )]
    let inside = std::env::var("OPENAI_API_KEY").is_ok_and(|key| key == LEFT);
    if !inside {
        return run_again_among_traps();
    }
    let server = Server::start(vec![Step::says("<none/>")]);
    asked(settings(&server))
        .await
        .expect("it is asked as it was chosen");
    let seen = on_the_wire(&server, 1).remove(0);
    assert!(
        !format!("{seen:?}").contains("left-lying-around"),
        "{seen:?}"
    );
    // Ollama wants no key, and one that lies around is not for it.
    let ollama = Server::start(vec![Step::says("<none/>")]);
    let mut settings = of(Provider::Ollama, ollama.base_url());
    settings.key = llm::KeyFrom::Nowhere;
    asked(settings).await.expect("it is asked as it was chosen");
    assert_eq!(ollama.seen()[0].header("authorization"), None);
}

fn run_again_among_traps() {
    let itself = std::env::current_exe().expect("a test has a program");
    let name = "around::what_lies_in_the_environment_reaches_nobody";
    // Nobody listens on port 9: whoever asked there would fail.
    let nowhere = "http://127.0.0.1:9";
    let output = Command::new(itself)
        .args(["--exact", name])
        .env("OPENAI_API_KEY", LEFT)
        .env("OPENAI_ADMIN_KEY", LEFT)
        .env("OPENAI_BASE_URL", nowhere)
        .env("OPENAI_ORG_ID", "org-left-lying-around")
        .env("OPENAI_PROJECT_ID", "proj-left-lying-around")
        .envs(["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"].map(|name| (name, nowhere)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .expect("it can run again");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

static PROXY: OnceLock<String> = OnceLock::new();

#[tokio::test]
async fn a_proxy_sees_where_and_neither_key_nor_words() {
    let proxy = Server::start(vec![Step::status(403, "not for you")]);
    PROXY
        .set(format!("http://{}", proxy.host()))
        .expect("it is set once");
    let surroundings = Surroundings {
        variable: |name| match name {
            "HTTPS_PROXY" => PROXY.get().cloned(),
            "TEST_KEY" => Some(KEY.to_owned()),
            _ => None,
        },
        ..around()
    };
    let settings = of(Provider::OpenAi, "https://api.example.test/v1".to_owned());
    let model = llm::open(settings, surroundings).expect("the settings are sound");
    let error = model
        .ask(&ask("extract e1"))
        .await
        .expect_err("it leads nowhere");
    assert!(
        error
            .to_string()
            .contains("api.example.test cannot answer now"),
        "{error}"
    );
    let all = proxy.seen();
    assert_eq!(all.len(), 3);
    for seen in all {
        assert_eq!(seen.line, "CONNECT api.example.test:443 HTTP/1.1");
        key_stands_only_in(&seen, "none at all");
        assert_eq!(seen.body, "");
    }
}
