//! The user's own rules beside a model: heard at once, said again by nobody, and taken back whole.

use std::sync::Arc;

use domain::ModelError;
use pipeline::turn;

use crate::house::scripted::{Says, Script, Scripted};
use crate::house::{House, RULE};
use crate::model::{down, house, states};

/// A house whose user laid down a rule in so many words.
async fn ruled(says: impl IntoIterator<Item = Says>) -> (House, Arc<Script>) {
    let (mut house, script) = house(says).await;
    house.write_session("one", &[RULE], "2026-03-02T10:00:00Z");
    house.model = Some(Box::new(Scripted {
        script: Arc::clone(&script),
        host: Some("api.example"),
    }));
    (house, script)
}

#[tokio::test]
async fn the_users_own_rules_are_there_at_once_whatever_the_model_does() {
    let ends = [
        Says::Error(down()),
        Says::Error(ModelError::NotYet {
            on: "reply 1".to_owned(),
        }),
        Says::Whole("<none/>"),
        Says::Whole("I have taken note of everything!"),
    ];
    for end in ends {
        let (house, script) = ruled([end]).await;
        house.drain().await;
        let held = house.memories().await;
        let whats: Vec<&str> = held
            .iter()
            .map(|record| record.memory.lesson.what.as_str())
            .collect();
        assert_eq!(whats, [RULE]);
        let shown = &script.asked()[0].request.user;
        assert!(
            shown.contains(held[0].memory.id.as_str()),
            "the model is shown it as known"
        );
    }
}

#[tokio::test]
async fn what_the_model_says_of_a_rule_that_is_known_is_support_and_no_second_memory() {
    let (house, script) = ruled([Says::Error(down())]).await;
    house.drain().await;
    let known = house.memories().await.remove(0);
    let quoted = format!(r#"<evidence turn="t1">{RULE}</evidence></memory>"#);
    let reply = domain::xml::write(&known.memory.lesson).replace("</memory>", &quoted);
    script.then([Says::Whole(String::leak(reply))]);
    house.drain().await;
    let held = house.memories().await;
    assert_eq!((held.len(), held[0].evidence.len()), (1, 1));
    assert_eq!(
        held[0].belief, known.belief,
        "the same words are no new evidence"
    );
}

#[tokio::test]
async fn an_undo_takes_the_users_rules_back_too_and_they_are_not_heard_again() {
    let (house, _) = ruled([Says::Error(down())]).await;
    house.drain().await;
    let run = house.store.last_run_with_memories().await.expect("answers");
    let run = run.expect("a run").id;
    let now = domain::Clock::now(&house.clock);
    house.store.undo(run, now).await.expect("undoes");
    house.enqueue_source(&house.session()).await;
    house.drain().await;
    assert_eq!(house.memories().await, Vec::new());
    assert_eq!(states(&house).await, []);
}

#[tokio::test]
async fn an_undo_between_reading_and_hearing_leaves_nothing_to_be_heard() {
    let (house, script) = ruled([]).await;
    turn(&house.ports(), &house.rules).await.expect("ingests");
    let kinds = |jobs: Vec<store::Queued>| -> Vec<&'static str> {
        jobs.iter().map(|job| job.work.kind()).collect()
    };
    let jobs = house.store.jobs().await.expect("lists");
    let run = jobs[0].run;
    assert_eq!(kinds(jobs), ["heed", "extract"]);
    let now = domain::Clock::now(&house.clock);
    house.store.undo(run, now).await.expect("undoes");
    house.drain().await;
    assert_eq!(house.memories().await, Vec::new());
    assert!(script.asked().is_empty());
}
