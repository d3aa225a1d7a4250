//! The worker with a model that says what the test tells it: late, cut, unreadable, untrue, or right.

use std::sync::Arc;

use crate::house::scripted::{Says, Script, Scripted};
use crate::house::{House, at};
use domain::{ModelError, Queue as _, Rest, Sent, Speaker, Standing};
use pipeline::{run, turn};
use store::{JobState, ListWish};

const SAID: &str =
    "In this repository pnpm is what installs packages, npm is not, because of the lockfile.";

const RIGHT: &str = r#"<memories><memory kind="preference" domain="tooling" scope="project" asserted_by="user">
  <what>This repository uses pnpm, never npm.</what>
  <when>installing a package</when>
  <evidence turn="t1">pnpm is what installs packages, npm is not</evidence>
</memory></memories>"#;

const INVENTED: &str = r#"<memories><memory kind="fact" asserted_by="user">
  <what>The build takes 40 minutes.</what>
  <evidence turn="t1">the build takes 40 minutes on this machine</evidence>
</memory></memories>"#;

/// A house with one session to read and a model that follows a script.
pub(super) async fn house(says: impl IntoIterator<Item = Says>) -> (House, Arc<Script>) {
    let mut house = House::with_session(&[SAID]).await;
    let script = Script::of(says);
    house.model = Some(Box::new(Scripted {
        script: Arc::clone(&script),
        host: Some("api.example"),
    }));
    (house, script)
}

pub(super) fn down() -> ModelError {
    ModelError::Down {
        host: "api.example".to_owned(),
        why: "connection refused".to_owned(),
        again: None,
        sent: Sent::Nothing,
    }
}

pub(super) async fn states(house: &House) -> Vec<JobState> {
    let jobs = house.store.jobs().await.expect("lists");
    jobs.into_iter().map(|job| job.state).collect()
}

#[tokio::test]
async fn what_a_model_says_stands_on_the_words_that_it_quotes() {
    let (house, script) = house([Says::Whole(RIGHT)]).await;
    house.drain().await;
    let held = house.memories().await;
    assert_eq!(held.len(), 1);
    let evidence = &held[0].evidence[0];
    assert_eq!(evidence.said_by, Speaker::User);
    assert_eq!(held[0].memory.asserted_by, Speaker::User);
    assert!(SAID.contains(&evidence.quote));
    let asked = script.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].request.user.contains(SAID));
}

#[tokio::test]
async fn what_nobody_said_is_quarantined_with_its_reason() {
    let (house, _) = house([Says::Whole(INVENTED)]).await;
    house.drain().await;
    assert!(house.memories().await.is_empty());
    let wish = ListWish::all(domain::View::default(), 9);
    let all = house.store.list(&wish).await.expect("lists");
    assert_eq!(all[0].standing, Standing::Quarantined);
    let links = house.store.links(&all[0].memory.id).await.expect("links");
    assert!(
        links[0].why.contains("does not stand in its turn"),
        "{links:?}"
    );
}

#[tokio::test]
async fn a_model_that_is_down_for_a_day_loses_nothing_and_costs_no_attempt() {
    let (house, script) = house([Says::Error(down())]).await;
    house.drain().await;
    let turns = house.store.status().await.expect("counts").kept["turns"];
    assert_eq!(turns, 1, "what was said is archived all the same");
    let states = states(&house).await;
    let on = "api.example cannot answer now: connection refused";
    assert_eq!(
        states,
        [JobState::Waiting {
            on: Some(on.to_owned())
        }]
    );
    house.clock.set(at("2026-03-03T12:00:00Z"));
    script.then([Says::Whole(RIGHT)]);
    let job = house.claim().await.expect("it is due again");
    assert_eq!(job.attempts, 0);
    let changes = run(&house.ports(), &house.rules, &job).await.expect("runs");
    house.store.finish(&job, &changes).await.expect("finishes");
    assert_eq!(house.memories().await.len(), 1);
    let asked = script.asked();
    assert_eq!(
        asked[0], asked[1],
        "the request is the one that was first built"
    );
}

#[tokio::test]
async fn many_who_wait_for_a_host_cost_one_call_when_a_worker_starts() {
    let (house, script) = house([Says::Error(down())]).await;
    for name in ["two", "three"] {
        let path = house.write_session(name, &[SAID], "2026-03-02T11:00:00Z");
        house.enqueue_source(&path).await;
    }
    house.drain().await;
    let before = script.asked().len();
    script.then([Says::Error(down())]);
    house.drain().await;
    assert_eq!(
        script.asked().len(),
        before + 1,
        "one looks whether it is up"
    );
    script.then([
        Says::Whole(RIGHT),
        Says::Whole("<none/>"),
        Says::Whole("<none/>"),
    ]);
    house.drain().await;
    assert_eq!(states(&house).await, [], "and when it is, all are done");
}

#[tokio::test]
async fn a_reply_that_came_before_a_crash_is_not_bought_again() {
    let (house, script) = house([Says::Whole(RIGHT)]).await;
    for _ in ["the ingest", "the user's own words"] {
        turn(&house.ports(), &house.rules).await.expect("works");
    }
    let job = house.claim().await.expect("the extraction");
    let first = run(&house.ports(), &house.rules, &job).await.expect("runs");
    let again = run(&house.ports(), &house.rules, &job).await.expect("runs");
    assert_eq!(first, again);
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test]
async fn a_reply_that_is_there_is_read_while_the_model_rests() {
    let (house, script) = house([Says::Whole(RIGHT)]).await;
    for _ in ["the ingest", "the user's own words"] {
        turn(&house.ports(), &house.rules).await.expect("works");
    }
    let job = house.claim().await.expect("the extraction");
    let first = run(&house.ports(), &house.rules, &job).await.expect("runs");
    script.rest(Rest {
        why: down(),
        until: at("2026-03-03T12:00:00Z"),
    });
    let again = run(&house.ports(), &house.rules, &job).await.expect("runs");
    assert_eq!(first, again);
}

#[tokio::test]
async fn a_reply_nobody_can_read_waits_for_a_person_and_is_kept() {
    let (house, script) = house([Says::Whole("I have taken note of everything!")]).await;
    house.drain().await;
    let jobs = house.store.jobs().await.expect("lists");
    assert_eq!(jobs[0].state, JobState::Parked);
    let why = jobs[0].why.clone().expect("a reason");
    let ask = &script.asked()[0];
    assert!(
        why.contains(ask.id.as_str()) && why.contains("taken note"),
        "{why}"
    );
    script.then([Says::Whole(RIGHT)]);
    let now = domain::Clock::now(&house.clock);
    assert!(house.store.retry(jobs[0].id, now).await.expect("retries"));
    house.drain().await;
    assert_eq!(
        house.memories().await.len(),
        1,
        "a person's retry asks anew"
    );
    assert_eq!(script.asked().len(), 2);
}

#[tokio::test]
async fn a_request_that_is_refused_waits_for_a_person() {
    let refused = ModelError::Refused {
        host: "api.example".to_owned(),
        why: "content filter".to_owned(),
    };
    let (house, _) = house([Says::Error(refused)]).await;
    house.drain().await;
    assert_eq!(states(&house).await, [JobState::Parked]);
}

#[tokio::test]
async fn of_a_reply_that_breaks_off_the_rest_is_asked_for_once() {
    let half = r#"<memories><memory kind="preference" asserted_by="user">
<what>This repository uses pnpm, never npm.</what>
<evidence turn="t1">pnpm is what installs packages, npm is not</evidence></memory>
<memory kind="fact"><what>The lockf"#;
    let (house, script) = house([Says::Cut(half), Says::Cut("<memories><memory kind=")]).await;
    house.drain().await;
    assert_eq!(house.memories().await.len(), 1, "what came whole is kept");
    let asked = script.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked[1].about.starts_with("rest of "), "{}", asked[1].about);
    assert!(asked[1].request.user.contains("uses pnpm"));
    assert_eq!(states(&house).await, []);
}

#[tokio::test]
async fn a_reply_that_breaks_off_twice_with_nothing_whole_in_it_waits_for_a_person() {
    let nested: &'static str = "<memories>".repeat(270_000).leak();
    for half in ["<memories><memory kind=\"fact\"", nested] {
        let (house, script) = house([Says::Cut(half), Says::Cut("<memories><memory kind=")]).await;
        house.drain().await;
        assert_eq!(script.asked().len(), 2, "the rest is asked for once");
        let jobs = house.store.jobs().await.expect("lists");
        assert_eq!(jobs[0].state, JobState::Parked);
        let why = jobs[0].why.clone().expect("a reason");
        assert!(why.contains("breaks off"), "{why}");
        script.then([Says::Whole(RIGHT)]);
        let now = domain::Clock::now(&house.clock);
        assert!(house.store.retry(jobs[0].id, now).await.expect("retries"));
        house.drain().await;
        assert_eq!(states(&house).await, [], "a person's retry asks anew");
        assert_eq!(script.asked().len(), 3);
    }
}

/// Returns what the first waiting job waits for.
async fn waits_for(house: &House) -> String {
    let states = states(house).await;
    let on = states.into_iter().find_map(|state| match state {
        JobState::Waiting { on } => on,
        _ => None,
    });
    on.expect("one waits for something")
}

#[tokio::test]
async fn a_request_that_no_budget_would_ever_hold_says_what_it_needs() {
    let (mut house, script) = house([]).await;
    house.rules.spending.session_tokens = 100;
    house.drain().await;
    let on = waits_for(&house).await;
    assert!(
        on.starts_with("a larger llm.session_tokens: this request alone needs ")
            && on.ends_with("llm.session_tokens is 100"),
        "{on}"
    );
    house.rules.spending.day_tokens = 99;
    house.drain().await;
    let on = waits_for(&house).await;
    assert!(on.ends_with("llm.day_tokens is 99"), "{on}");
    assert!(script.asked().is_empty());
}

#[tokio::test]
async fn when_the_days_tokens_are_spent_the_work_waits_for_tomorrow_without_a_call() {
    let (mut house, script) = house([Says::Whole(RIGHT)]).await;
    house.rules.spending.day_tokens = 1;
    house.drain().await;
    let on = waits_for(&house).await;
    let needs = on.split_whitespace().find_map(|word| word.parse().ok());
    let needs: u64 = needs.expect("it says how many");
    house.rules.spending.day_tokens = needs + 900;
    house.drain().await;
    let path = house.write_session("two", &[SAID], "2026-03-02T11:00:00Z");
    house.enqueue_source(&path).await;
    house.drain().await;
    assert_eq!(script.asked().len(), 1);
    let on = waits_for(&house).await;
    assert!(on.starts_with("tomorrow: "), "{on}");
    let due = domain::Queue::next_due(&house.store)
        .await
        .expect("answers");
    assert_eq!(due, Some(at("2026-03-03T00:00:00Z")));
    house.rules.spending.day_tokens = 200_000;
    script.then([Says::Whole("<none/>")]);
    house.drain().await;
    assert_eq!(states(&house).await, [], "a larger budget is seen at once");
}

#[tokio::test]
async fn what_a_reply_cost_is_accounted_to_host_and_run() {
    let (house, _) = house([Says::Whole(RIGHT)]).await;
    house.drain().await;
    let account = house.store.account(at("2026-03-01T00:00:00Z"), None).await;
    let account = account.expect("answers");
    assert_eq!(
        (account.len(), account[0].host.as_str()),
        (1, "api.example")
    );
    assert_eq!((account[0].tokens, account[0].answered), (950, 1));
}

#[tokio::test]
async fn a_mailbox_that_is_answered_days_later_still_matches() {
    let on = "reply 1";
    let waits = ModelError::NotYet { on: on.to_owned() };
    let (mut house, script) = house([Says::Error(waits)]).await;
    house.model = Some(Box::new(Scripted {
        script: Arc::clone(&script),
        host: None,
    }));
    house.drain().await;
    house.drain().await;
    assert_eq!(
        script.asked().len(),
        1,
        "nobody asks while nothing has come"
    );
    house.clock.set(at("2026-03-02T12:10:00Z"));
    script.arrive(on);
    script.then([Says::Whole(RIGHT)]);
    house.drain().await;
    assert_eq!(house.memories().await.len(), 1);
    let account = house.store.account(at("2026-03-01T00:00:00Z"), None).await;
    assert_eq!(
        account.expect("answers"),
        [],
        "what stays here costs nothing"
    );
}

#[tokio::test]
async fn a_known_memory_is_shown_and_gains_support_from_the_users_words_alone() {
    let (house, script) = house([Says::Whole(RIGHT)]).await;
    house.drain().await;
    let known = house.memories().await.remove(0);
    let path = house.write_session(
        "two",
        &["again: pnpm it is here, not npm, for every install"],
        "2026-03-03T10:00:00Z",
    );
    house.enqueue_source(&path).await;
    let reply = format!(
        r#"<memories><supports id="{}"><evidence turn="t1">again: pnpm it is here, not npm</evidence></supports>
        <supports id="m000000000000"><evidence turn="t1">for every install</evidence></supports></memories>"#,
        known.memory.id
    );
    script.then([Says::Whole(String::leak(reply))]);
    house.drain().await;
    assert!(
        script.asked()[1]
            .request
            .user
            .contains(known.memory.id.as_str())
    );
    let held = house.memories().await;
    assert_eq!((held.len(), held[0].evidence.len()), (1, 2));
    assert!(held[0].belief.support > known.belief.support);
}

#[tokio::test]
async fn a_secret_that_a_model_says_is_in_no_byte_of_the_store() {
    // Put together here so that nobody's scanner takes this file for a leak.
    let token = ["ghp", "_", "Zx81kQpLmN0rStUvWxYz2345AbCdEf67GhIj"].concat();
    let told = format!("I saw {token} and \u{1b}[31m{RIGHT}");
    let (house, script) = house([Says::Whole(told.leak())]).await;
    house.drain().await;
    assert_eq!((script.asked().len(), house.memories().await.len()), (1, 1));
    for entry in std::fs::read_dir(house.folder.path().join("home")).expect("a home") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        let holds = |text: &str| bytes.windows(text.len()).any(|own| own == text.as_bytes());
        assert!(!holds(&token) && !holds("\u{1b}[31m"));
    }
}
