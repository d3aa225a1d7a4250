//! What is learnt in no project is weighed without what other projects hold.

use std::path::Path;
use std::sync::Arc;

use store::ListWish;

use crate::house::House;
use crate::house::scripted::{Says, Script, Scripted};

const RETOLD: &str = r#"<memories><memory kind="fact" domain="release" scope="project" asserted_by="user">
  <what>The backlog is emptied with drain_backlog before every release of the client.</what>
  <evidence turn="t1">the backlog is emptied before every release of the client</evidence>
</memory></memories>"#;

/// Lets one project lay down a rule, and returns how the lesson stands that is learnt elsewhere.
async fn learnt_in(cwd: &Path) -> Vec<String> {
    let rule = "We always use drain_backlog in this repository, never empty_backlog.";
    let mut house = House::with_session(&[rule]).await;
    let script = Script::of([Says::Whole("<none/>"), Says::Whole(RETOLD)]);
    house.model = Some(Box::new(Scripted {
        script: Arc::clone(&script),
        host: Some("models.test"),
    }));
    house.drain().await;
    assert_eq!(house.memories().await.len(), 1);
    let said = "Note that the backlog is emptied before every release of the client.";
    let path = house.write_session_in(cwd, "two", &[said], "2026-03-02T11:00:00Z");
    house.enqueue_source(&path).await;
    house.drain().await;
    let wish = ListWish::all(domain::View::default(), 9);
    let all = house.store.list(&wish).await.expect("lists");
    let learnt = all
        .iter()
        .filter(|record| record.memory.lesson.what.starts_with("The backlog"));
    learnt
        .map(|record| {
            format!(
                "{:?} {:?}",
                record.standing,
                record.memory.project.is_some()
            )
        })
        .collect()
}

#[tokio::test]
async fn a_name_that_only_a_project_knows_founds_no_lesson_outside_of_it() {
    assert_eq!(learnt_in(Path::new("/srv/shop")).await, ["Active true"]);
    assert_eq!(learnt_in(Path::new("")).await, ["Quarantined false"]);
}
