//! What a person sees who chooses a model, or does not: from the real binary, over real HTTP.
//!
//! The replies are written by hand. They test the way, and say nothing of any model's quality.

use llm::scripted::{Server, Step};
use serde_json::{Value, json};
use tests::{House, Transcript};

const SAID: &str =
    "In this repository pnpm is what installs packages, npm is not, because of the lockfile.";

const RIGHT: &str = r#"<memories><memory kind="preference" domain="tooling" scope="project" asserted_by="user">
<what>This repository uses pnpm, never npm.</what><when>installing a package</when>
<evidence turn="t1">pnpm is what installs packages, npm is not</evidence></memory></memories>"#;

const INVENTED: &str = r#"<memories><memory kind="fact" asserted_by="user"><what>The build takes 40 minutes.</what>
<evidence turn="t1">the build takes 40 minutes on this machine</evidence></memory></memories>"#;

/// A house with one transcript that nobody has read yet.
fn unread() -> House {
    let house = House::new();
    let cwd = house.work().display().to_string();
    let session = Transcript::new("5e551014-0000-4000-8000-0000000000c1", &cwd)
        .user(SAID)
        .assistant("Understood, pnpm it is.");
    house.write("transcripts/one.jsonl", session.text());
    house
}

/// The same, where a server that follows this script was chosen.
fn asking(server: &Server) -> House {
    unread()
        .set("DORMOUSE_LLM_PROVIDER", "compatible")
        .set("DORMOUSE_LLM_MODEL", "scripted")
        .set("DORMOUSE_LLM_BASE_URL", &server.base_url())
        .set("DORMOUSE_LLM_WINDOW", "32000")
        .set("DORMOUSE_LLM_API_KEY_ENV", "MY_OWN_KEY")
        .set("MY_OWN_KEY", "key-4711-secret")
}

fn status(house: &House) -> Value {
    house.json(&["status"]).remove(0)
}

#[test]
fn a_key_that_lies_about_chooses_nothing() {
    let server = Server::start(vec![Step::says(RIGHT)]);
    let house = unread()
        .set("OPENAI_API_KEY", "key-of-somebody")
        .set("OPENAI_BASE_URL", &server.base_url());
    house.ok(&["ingest", "../transcripts"]);
    assert!(server.seen().is_empty());
    let told = house.ok(&["status"]);
    assert!(told.contains("none: nothing is sent anywhere"), "{told}");
}

#[test]
fn a_chosen_model_reads_and_status_says_where_the_words_went() {
    let server = Server::start(vec![Step::says(RIGHT)]);
    let house = asking(&server);
    house.ok(&["ingest", "../transcripts"]);
    let found = house.json(&["list"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["what"], "This repository uses pnpm, never npm.");
    assert_eq!(found[0]["evidence"][0]["said_by"], "user");
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].body.contains("because of the lockfile"));
    let sent = &status(&house)["sent"][0];
    assert_eq!(sent["host"], server.host());
    assert_eq!((&sent["calls"], &sent["answered"]), (&json!(1), &json!(1)));
    assert!(house.ok(&["status"]).contains(&server.host()));
    assert_eq!(
        house.files_holding("key-4711-secret"),
        Vec::<std::path::PathBuf>::new()
    );
    house.ok(&["ingest", "../transcripts"]);
    assert_eq!(server.seen().len(), 1, "what was read is not asked again");
}

#[test]
fn a_model_that_cannot_be_opened_keeps_nobody_from_reading() {
    let server = Server::start(vec![Step::says(RIGHT)]);
    let house = asking(&server).set("MY_OWN_KEY", "");
    let ran = house.run(&["ingest", "../transcripts"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
    assert!(ran.stderr().contains("MY_OWN_KEY"), "{}", ran.stderr());
    let told = status(&house);
    assert_eq!(told["status"]["kept"]["turns"], 2);
    assert_eq!(told["jobs"][0]["state"], "waiting");
    let house = house.set("MY_OWN_KEY", "key-4711-secret");
    house.ok(&["work"]);
    assert_eq!(
        house.json(&["list"]).len(),
        1,
        "and with the key all is done"
    );
}

#[test]
fn a_model_that_is_down_costs_nothing_but_time() {
    let server = Server::start(vec![
        Step::status(503, "<html>busy</html>"),
        Step::says(RIGHT),
    ]);
    let house = asking(&server).set("DORMOUSE_LLM_TRIES", "1");
    house.ok(&["ingest", "../transcripts"]);
    let jobs = &status(&house)["jobs"];
    assert_eq!(
        (&jobs[0]["state"], &jobs[0]["attempts"]),
        (&json!("waiting"), &json!(0))
    );
    house.ok(&["work"]);
    assert_eq!(house.json(&["list"]).len(), 1);
    let seen = server.seen();
    assert_eq!(seen[0].body, seen[1].body, "the same words are sent again");
}

#[test]
fn a_mailbox_is_answered_by_hand_and_days_later() {
    let house = unread()
        .set("DORMOUSE_LLM_PROVIDER", "mailbox")
        .set("DORMOUSE_NOW", "2026-03-02T12:00:00Z");
    let told = house.ok(&["ingest", "../transcripts"]);
    assert!(
        told.contains("1 extract job waits: a reply in the mailbox"),
        "{told}"
    );
    let mailbox = house.home().join("mailbox");
    let requests = std::fs::read_to_string(mailbox.join("requests.jsonl")).expect("requests");
    let request: Value = serde_json::from_str(requests.trim()).expect("one line of JSON");
    assert!(request.to_string().contains("because of the lockfile"));
    let reply = json!({"custom_id": request["custom_id"], "text": RIGHT});
    house.write("home/mailbox/replies.jsonl", format!("{reply}\n"));
    let house = house.set("DORMOUSE_NOW", "2026-03-05T12:00:00Z");
    house.ok(&["work"]);
    assert_eq!(house.json(&["list"]).len(), 1);
    assert_eq!(
        status(&house)["sent"],
        json!([]),
        "nothing left the machine"
    );
}

#[test]
fn what_could_not_be_checked_waits_for_a_yes_or_a_no() {
    let server = Server::start(vec![Step::says(INVENTED)]);
    let house = asking(&server);
    house.ok(&["ingest", "../transcripts"]);
    assert_eq!(house.json(&["list"]), Vec::<Value>::new());
    let waiting = house.json(&["review"]);
    assert_eq!(waiting.len(), 1);
    let id = waiting[0]["id"].as_str().expect("an id");
    let why = waiting[0]["why"][0].as_str().expect("a reason");
    assert!(why.contains("does not stand in its turn"), "{why}");
    house.ok(&["review", id, "--accept"]);
    assert_eq!(house.json(&["list"])[0]["standing"], "active");
    assert_eq!(house.json(&["review"]), Vec::<Value>::new());
    house.ok(&["undo"]);
    house.ok(&["review", id, "--reject"]);
    assert_eq!(house.json(&["list"]), Vec::<Value>::new());
    let again = house.run(&["review", id, "--accept"]);
    assert_eq!(again.code(), Some(1));
    assert!(again.stderr().contains("forgotten"), "{}", again.stderr());
}

#[test]
fn five_a_day_are_asked_for_and_the_old_are_let_be() {
    let server = Server::start(vec![Step::says(INVENTED)]);
    let house = asking(&server).set("DORMOUSE_NOW", "2026-03-02T12:00:00Z");
    house.ok(&["ingest", "../transcripts"]);
    let house = house.set("DORMOUSE_NOW", "2026-04-02T12:00:00Z");
    assert_eq!(
        house.json(&["review"]),
        Vec::<Value>::new(),
        "a month is enough"
    );
    assert_eq!(house.json(&["review", "--all"]).len(), 1);
}

#[test]
fn a_saved_note_gets_its_form_from_the_model_and_its_words_from_the_person() {
    let good = r#"<memory kind="decision" domain="release"><what>Releases are tagged by hand.</what><when>making a release</when></memory>"#;
    let adds = r#"<memory kind="fact" domain="release"><what>Releases are tagged by hand with v2.7.1.</what></memory>"#;
    let no = r#"<reject reason="only says what is being done right now"/>"#;
    let server = Server::start(vec![Step::says(good), Step::says(adds), Step::says(no)]);
    let house = asking(&server);
    let saved = house
        .json(&["save", "Releases are tagged by hand."])
        .remove(0);
    assert_eq!(
        (&saved["kind"], &saved["when"]),
        (&json!("decision"), &json!("making a release"))
    );
    let ran = house.run(&["--json", "save", "Releases get their tags by hand, always."]);
    assert!(ran.stderr().contains("stored as given"), "{}", ran.stderr());
    assert!(!ran.stdout().contains("2.7.1"), "{}", ran.stdout());
    let ran = house.run(&["save", "Now I am fixing the build."]);
    assert_eq!(ran.code(), Some(1));
    assert!(
        ran.stderr().contains("being done right now"),
        "{}",
        ran.stderr()
    );
    house.ok(&["save", "--as-given", "Now I am fixing the build."]);
    assert_eq!(server.seen().len(), 3);
    assert_eq!(house.json(&["list"]).len(), 3);
}

#[test]
fn an_estimate_asks_nobody_and_keeps_nothing() {
    let server = Server::start(vec![Step::says(RIGHT)]);
    let house = asking(&server).set("DORMOUSE_LLM_PRICE_IN", "2.5");
    let told = house
        .json(&["ingest", "../transcripts", "--estimate"])
        .remove(0);
    assert_eq!((&told["calls"], &told["turns"]), (&json!(1), &json!(2)));
    assert!(told["input_tokens"].as_u64() > Some(500), "{told}");
    assert!(told["cost_at_most"].as_f64() > Some(0.0), "{told}");
    assert!(server.seen().is_empty());
    assert_eq!(status(&house)["status"]["kept"]["turns"], 0);
}

/// Saves a note where the model gives it this form, and returns what was stored and what was said.
fn saved_as(form: &str, note: &str) -> (Value, String) {
    let server = Server::start(vec![Step::says(form)]);
    let house = asking(&server);
    let ran = house.run(&["--json", "save", note]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
    assert_eq!(server.seen().len(), 1, "it was asked");
    let stored = serde_json::from_str(&ran.stdout()).expect("a memory");
    (stored, ran.stderr())
}

#[test]
fn what_a_person_wrote_is_never_replaced_by_a_models_words() {
    let note = "Deploy only after the tests passed";
    let forms = [
        r#"<memory kind="decision" domain="release"><what>Ask the colleague before you deploy.</what><do>ignore tests</do></memory>"#,
        r#"<memory kind="decision" domain="release"><what>Deploy only after the tests passed.</what><do>deploy</do></memory>"#,
        r#"<memory kind="decision" domain="release"><what>Deploy only after the tests passed.</what><when>deploying with v9.9</when></memory>"#,
    ];
    for form in forms {
        let (stored, told) = saved_as(form, note);
        assert_eq!(stored["what"], note);
        assert_eq!(
            (&stored["when"], &stored["do"]),
            (&Value::Null, &Value::Null)
        );
        assert!(told.contains("stored as given"), "{told}");
    }
    let form = r#"<memory kind="decision" domain="release"><what>Deploy only after the tests have passed!</what><when>deploying</when></memory>"#;
    let (stored, told) = saved_as(form, note);
    assert_eq!(
        stored["what"], note,
        "the form is the model's, the words are not"
    );
    assert_eq!((&stored["when"], told.as_str()), (&json!("deploying"), ""));
}

#[test]
fn in_a_session_that_is_turned_off_nothing_is_asked() {
    let server = Server::start(vec![Step::says(RIGHT)]);
    let house = asking(&server).set("DORMOUSE_OFF", "1");
    house.ok(&["save", "Releases are tagged by hand."]);
    house.ok(&["ingest", "../transcripts"]);
    assert!(server.seen().is_empty());
    assert_eq!(house.json(&["list"]).len(), 1);
}

#[test]
fn a_reply_that_gives_no_reason_refuses_nothing() {
    let replies = [
        "<none/>",
        "<reject/>",
        "[]",
        r#"{"memory": null, "reject": null}"#,
        "!!",
    ];
    for reply in replies {
        let (stored, told) = saved_as(reply, "Releases are tagged by hand.");
        assert_eq!(stored["what"], "Releases are tagged by hand.", "{reply}");
        assert!(told.contains("stored as given"), "{reply}: {told}");
    }
}

#[test]
fn the_users_own_rules_are_known_while_the_model_is_down() {
    let server = Server::start(vec![Step::status(503, "<html>busy</html>")]);
    let house = asking(&server).set("DORMOUSE_LLM_TRIES", "1");
    let session = Transcript::new("5e551014-0000-4000-8000-0000000000c2", "/srv/shop")
        .user("Always deploy from the main branch.")
        .assistant("Understood.");
    house.write("transcripts/two.jsonl", session.text());
    house.ok(&["ingest", "../transcripts"]);
    let held = house.json(&["list", "--all-projects"]);
    assert_eq!(held.len(), 1);
    assert_eq!(held[0]["what"], "Always deploy from the main branch.");
}
