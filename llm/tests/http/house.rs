//! What the tests share: settings for a scripted server, an ask, and a look at the wire.

use std::sync::Arc;
use std::time::Duration;

use domain::{Ask, Clock, Model, ModelError, OwnerId, Reply, Request, Schema, SessionId};
use jiff::Timestamp;
use llm::scripted::{Seen, Server};
use llm::{KeyFrom, Patience, Provider, Settings, Surroundings};

/// The key of all tests.
pub(crate) const KEY: &str = "sk-test-0123456789abcdef";

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        noon()
    }
}

pub(crate) fn noon() -> Timestamp {
    "2027-01-02T12:00:00Z".parse().expect("an instant")
}

/// Hides nothing by itself; only what must not be shown anywhere else is looked for.
pub(crate) fn around() -> Surroundings {
    Surroundings {
        clock: Arc::new(Noon),
        redact: |text| text.replace("AKIAEXAMPLE", "[secret]"),
        variable: |name| (name == "TEST_KEY").then(|| format!("{KEY}\n")),
    }
}

/// Settings for a server that is somebody's own, with waits of a moment.
pub(crate) fn settings(server: &Server) -> Settings {
    of(Provider::Compatible, server.base_url())
}

pub(crate) fn of(provider: Provider, base_url: String) -> Settings {
    let key = KeyFrom::Variable("TEST_KEY".to_owned());
    Settings {
        base_url,
        patience: Patience {
            first_wait: Duration::from_millis(1),
            tries: 3,
            ..Patience::default()
        },
        ..Settings::usual(provider, "scripted-model", key)
    }
}

pub(crate) fn open(settings: Settings) -> Box<dyn Model> {
    llm::open(settings, around()).expect("the settings are sound")
}

pub(crate) fn ask(about: &str) -> Ask {
    let owner = OwnerId::new("me".to_owned());
    Ask {
        id: Ask::name(&owner, about, "extract/1", "scripted-model"),
        about: about.to_owned(),
        session: Some(SessionId::new("s1".to_owned())),
        prompt: "extract/1".to_owned(),
        model: "scripted-model".to_owned(),
        request: Request {
            system: "Find lessons.".to_owned(),
            user: "t1: use pnpm".to_owned(),
            schema: None,
            max_output_tokens: 500,
        },
        asked_at: noon(),
        reply: None,
    }
}

pub(crate) fn ask_with_schema() -> Ask {
    let mut ask = ask("extract e2");
    ask.request.schema = Some(Schema {
        name: "lessons".to_owned(),
        json: r#"{"type":"object"}"#.to_owned(),
    });
    ask
}

/// Asks a server once with these settings.
pub(crate) async fn asked(settings: Settings) -> Result<Reply, ModelError> {
    open(settings).ask(&ask("extract e1")).await
}

/// Returns what was seen after checking what holds of every request: it came so often, to the one
/// path, with the key in its header and nowhere else.
pub(crate) fn on_the_wire(server: &Server, times: usize) -> Vec<Seen> {
    let all = server.seen();
    assert_eq!(all.len(), times, "{all:?}");
    for seen in &all {
        assert_eq!(seen.line, "POST /v1/chat/completions HTTP/1.1");
        assert_eq!(seen.header("host"), Some(server.host().as_str()));
        assert_eq!(
            seen.header("authorization"),
            Some(format!("Bearer {KEY}").as_str())
        );
        key_stands_only_in(seen, "authorization");
    }
    all
}

pub(crate) fn key_stands_only_in(seen: &Seen, header: &str) {
    let others = seen.headers.iter().filter(|(name, _)| name != header);
    let mut rest: Vec<String> = others
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    rest.extend([seen.line.clone(), seen.body.clone()]);
    assert!(!rest.join("\n").contains(KEY), "{rest:?}");
}

/// Checks that an error shows no key, in words or in full.
pub(crate) fn keeps_the_key(error: &ModelError) {
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains(KEY) && !shown.contains("AKIAEXAMPLE"),
        "{shown}"
    );
}
