//! One transcript's way through the house, as a person sees it.

use tests::{Failed, House, Ran, Transcript};

const RULE: &str = "We always use pnpm in this repository, never npm.";

fn session(house: &House) -> Transcript {
    let cwd = house.work().display().to_string();
    Transcript::new("5e551014-0000-4000-8000-000000000001", &cwd)
        .user(RULE)
        .assistant("Understood, pnpm it is.")
        .bash(
            "pnpm test",
            "Error: connect ECONNREFUSED 127.0.0.1:5433",
            Failed::Yes,
        )
        .bash("docker compose up -d db", "Started", Failed::No)
        .bash("pnpm test", "11 passed", Failed::No)
        .user("Don't push yet.")
        .assistant("I'll wait.")
}

fn with_session() -> House {
    let house = House::new();
    house.write("transcripts/one.jsonl", session(&house).text());
    house.ok(&["ingest", "../transcripts"]);
    house
}

fn ids(house: &House, words: &[&str]) -> Vec<String> {
    let found = house.json(words);
    found
        .iter()
        .map(|memory| memory["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[test]
fn a_rule_is_read_found_explained_and_shown_with_its_words() {
    let house = with_session();
    let found = house.json(&["search", "which package manager, pnpm or npm?"]);
    let rule = found.first().expect("a hit");
    assert!(
        rule["what"].as_str().expect("words").contains("pnpm"),
        "{rule}"
    );
    assert_eq!(rule["evidence"][0]["said_by"], "user");
    let id = rule["id"].as_str().expect("an id");
    assert!(house.ok(&["show", id]).contains("pnpm"));
    assert!(house.ok(&["explain", &id[..6]]).contains("confidence 0.75"));
    assert!(house.ok(&["history", id]).contains("revision 1"));
}

#[test]
fn what_is_bound_to_the_task_is_no_lesson() {
    let house = with_session();
    assert!(
        house
            .json(&["list", "--limit", "100"])
            .iter()
            .all(|memory| { !memory["what"].as_str().expect("words").contains("push") })
    );
}

#[test]
fn reading_again_adds_nothing() {
    let house = with_session();
    let before = house.ok(&["export"]);
    house.ok(&["ingest", "../transcripts"]);
    house.write("transcripts/copy.jsonl", session(&house).text());
    house.ok(&["ingest", "../transcripts"]);
    assert_eq!(house.ok(&["export"]), before);
}

#[test]
fn what_is_forgotten_stays_forgotten_when_it_is_said_again() {
    let house = with_session();
    let id = ids(&house, &["search", "never", "npm"]).remove(0);
    house.ok(&["forget", &id]);
    let cwd = house.work().display().to_string();
    let again = Transcript::new("5e551014-0000-4000-8000-000000000002", &cwd).user(RULE);
    house.write("transcripts/two.jsonl", again.text());
    house.ok(&["ingest", "../transcripts"]);
    assert!(!ids(&house, &["list", "--limit", "100"]).contains(&id));
    assert!(house.json(&["search", "pnpm"]).iter().all(|memory| {
        !memory["what"]
            .as_str()
            .expect("words")
            .contains("never npm")
    }));
    house.ok(&["restore", &id]);
    assert!(ids(&house, &["search", "pnpm"]).contains(&id));
}

#[test]
fn a_second_session_supports_what_the_first_said() {
    let house = with_session();
    let id = ids(&house, &["search", "never", "npm"]).remove(0);
    let cwd = house.work().display().to_string();
    let again = Transcript::new("5e551014-0000-4000-8000-000000000002", &cwd).user(RULE);
    house.write("transcripts/two.jsonl", again.text());
    house.ok(&["ingest", "../transcripts"]);
    let shown = house.json(&["show", &id]).remove(0);
    assert_eq!(
        shown["evidence"].as_array().map(Vec::len),
        Some(2),
        "{shown}"
    );
    assert!(
        shown["confidence"].as_f64().expect("a number") > 0.75,
        "{shown}"
    );
}

#[test]
fn a_run_is_taken_back_and_its_episode_is_not_read_again() {
    let house = House::new();
    let before = house.ok(&["export"]);
    house.write("transcripts/one.jsonl", session(&house).text());
    house.ok(&["ingest", "../transcripts"]);
    assert_ne!(house.ok(&["export"]), before);
    assert!(
        house
            .ok(&["undo", "--dry-run"])
            .contains("would be taken back")
    );
    house.ok(&["undo"]);
    assert_eq!(house.json(&["list", "--limit", "100", "--all"]).len(), 0);
    house.ok(&["ingest", "../transcripts"]);
    assert_eq!(house.json(&["list", "--limit", "100", "--all"]).len(), 0);
}

#[test]
fn a_persons_word_is_saved_edited_pinned_and_remembered_in_all_its_wordings() {
    let house = House::new();
    let saved = house
        .json(&["save", "Deploys run from main", "--kind", "decision"])
        .remove(0);
    let id = saved["id"].as_str().expect("an id").to_owned();
    house.ok(&["edit", &id, "--what", "Deploys run from the release branch"]);
    house.ok(&["pin", &id]);
    let history = house.ok(&["history", &id]);
    assert!(history.contains("Deploys run from main"), "{history}");
    assert!(history.contains("release branch"), "{history}");
    assert!(house.ok(&["list"]).contains("[pinned]"));
    let again = house
        .json(&["save", "deploys run from the release branch."])
        .remove(0);
    assert_eq!(
        again["id"],
        id.as_str(),
        "the same words are the same memory"
    );
}

#[test]
fn an_export_moves_house_and_keeps_its_names() {
    let old = with_session();
    let exported = old.ok(&["export"]);
    let new = House::new();
    new.write("work/memories.jsonl", &exported);
    new.ok(&["import", "memories.jsonl"]);
    assert_eq!(new.ok(&["export"]), exported);
    new.ok(&["import", "memories.jsonl"]);
    assert_eq!(new.ok(&["export"]), exported);
}

#[test]
fn what_is_kept_out_is_not_read() {
    let house = House::new();
    house.ok(&["exclude", "."]);
    house.write("transcripts/one.jsonl", session(&house).text());
    house.ok(&["ingest", "../transcripts"]);
    assert_eq!(
        house
            .json(&["list", "--limit", "100", "--all-projects"])
            .len(),
        0
    );
    assert!(house.files_holding("ECONNREFUSED").is_empty());
}

#[test]
fn nothing_is_read_while_dormouse_is_off() {
    let house = House::new().set("DORMOUSE_OFF", "1");
    house.write("transcripts/one.jsonl", session(&house).text());
    house.ok(&["ingest", "../transcripts"]);
    assert!(!house.home().exists());
}

#[test]
fn wrong_words_and_failures_have_their_own_exit_codes() {
    let house = House::new();
    assert_eq!(house.run(&["no-such-command"]).code(), Some(2));
    assert_eq!(house.run(&["show", "x"]).code(), Some(2));
    let missing: Ran = house.run(&["show", "mzzz"]);
    assert_eq!(missing.code(), Some(1));
    assert!(
        missing.stderr().contains("dormouse list --all"),
        "{}",
        missing.stderr()
    );
    assert_eq!(house.run(&["ingest", "nowhere.jsonl"]).code(), Some(1));
}

#[test]
fn a_purge_is_previewed_done_and_not_undone_by_reading_again() {
    let house = with_session();
    assert!(
        house
            .ok(&["purge", "--pattern", "ECONNREFUSED", "--dry-run"])
            .contains("would remove")
    );
    assert!(!house.files_holding("econnrefused").is_empty());
    let unasked = house.run(&["purge", "--pattern", "ECONNREFUSED"]);
    assert_eq!(unasked.code(), Some(1), "nobody can be asked here");
    house.ok(&["purge", "--pattern", "ECONNREFUSED", "--yes"]);
    assert_eq!(
        house.files_holding("econnrefused"),
        Vec::<std::path::PathBuf>::new()
    );
    house.ok(&["ingest", "../transcripts"]);
    assert_eq!(
        house.files_holding("econnrefused"),
        Vec::<std::path::PathBuf>::new()
    );
    assert_eq!(
        house.run(&["purge", "--yes"]).code(),
        Some(2),
        "it must be said what"
    );
}

#[test]
fn what_is_let_in_again_is_read_after_all() {
    let house = House::new();
    house.ok(&["exclude", "."]);
    house.write("transcripts/one.jsonl", session(&house).text());
    house.ok(&["ingest", "../transcripts"]);
    house.ok(&["exclude", "--off", "."]);
    house.ok(&["work"]);
    assert!(!house.json(&["search", "never", "npm"]).is_empty());
}

#[test]
fn what_was_believed_is_shown_in_the_words_of_its_time() {
    let house = House::new().set("DORMOUSE_NOW", "2026-03-01T10:00:00Z");
    let saved = house.json(&["save", "The port is 1111"]).remove(0);
    let house = house.set("DORMOUSE_NOW", "2026-04-01T10:00:00Z");
    house.ok(&[
        "edit",
        saved["id"].as_str().expect("an id"),
        "--what",
        "The port is 2222",
    ]);
    let then = house.ok(&["list", "--known-at", "2026-03-15"]);
    assert!(then.contains("1111") && !then.contains("2222"), "{then}");
    assert!(house.ok(&["list"]).contains("2222"));
    assert!(
        house
            .ok(&["list", "--as-of", "2026-03-01"])
            .contains("port")
    );
}

#[test]
fn a_watching_worker_reads_for_whoever_asks() {
    let house = House::new();
    let mut watcher = house
        .command(&["work", "--watch"])
        .spawn()
        .expect("it starts");
    house.write("transcripts/one.jsonl", session(&house).text());
    let lock = house.home().join("worker.lock");
    while std::fs::read(&lock).map_or(true, |pid| pid.is_empty()) {
        assert_eq!(
            watcher.try_wait().expect("it is ours"),
            None,
            "the watcher stays"
        );
    }
    house.ok(&["ingest", "../transcripts"]);
    assert!(!house.json(&["search", "never", "npm"]).is_empty());
    watcher.kill().expect("it is there");
    watcher.wait().expect("it ends");
}

#[test]
fn a_project_is_given_another_path() {
    let house = with_session();
    house.ok(&["project", "alias", "work", "/srv/elsewhere"]);
    assert!(house.ok(&["project", "list"]).contains("/srv/elsewhere"));
}

#[test]
fn a_merge_that_is_taken_back_says_so() {
    let house = with_session();
    let elsewhere = Transcript::new("5e551014-0000-4000-8000-000000000003", "/srv/other");
    house.write("transcripts/other.jsonl", elsewhere.user(RULE).text());
    house.ok(&["ingest", "../transcripts"]);
    let merged = house.json(&["project", "merge", "other", "work"]).remove(0);
    let undone = house.ok(&["undo", &format!("r{}", merged["run"])]);
    assert!(
        undone.contains("two projects that were made one are two again"),
        "{undone}"
    );
    assert!(!undone.contains(" 0 "), "{undone}");
}

#[test]
fn words_that_cannot_be_meant_are_refused_with_what_is_right() {
    let house = House::new();
    let check = |words: &[&str], right: &str| {
        let ran = house.run(words);
        assert_eq!(ran.code(), Some(2), "{words:?}");
        assert!(ran.stderr().contains(right), "{words:?}: {}", ran.stderr());
    };
    check(
        &["search", "--conversations", "--kind", "bug", "pnpm"],
        "leave out --kind",
    );
    check(&["export", "--markdown", "--json"], "leave out one of them");
    check(&["undo", "zzz"], "a run is written r12; `dormouse status");
    check(&["status", "--retry", "zzz"], "a job is written j12");
    check(&["purge", "--pattern", "("], "unclosed group");
    let unknown = house.run(&["undo", "r99"]);
    assert_eq!(unknown.code(), Some(1));
    assert!(
        unknown.stderr().contains("`dormouse status --runs 50`"),
        "{}",
        unknown.stderr()
    );
}

#[test]
fn the_same_words_are_never_held_twice_by_forgetting_saving_and_restoring() {
    let house = House::new();
    let old = house
        .json(&["save", "Deploys run from main", "--when", "deploying"])
        .remove(0);
    let old = old["id"].as_str().expect("a name");
    let again = house.json(&["save", "deploys run from main"]).remove(0);
    assert_eq!(
        again["id"], old,
        "what is held in these words is not saved anew"
    );
    house.ok(&["forget", old]);
    let refused = house.run(&["save", "Deploys run from main."]);
    assert_eq!(refused.code(), Some(1));
    assert!(
        refused
            .stderr()
            .contains(&format!("dormouse restore {old}")),
        "{}",
        refused.stderr()
    );
    // Said with another moment it is another memory, and then the old one is in its way.
    let new = house
        .json(&["save", "Deploys run from main", "--when", "releasing"])
        .remove(0);
    let new = new["id"].as_str().expect("a name");
    let refused = house.run(&["restore", old]);
    assert_eq!(refused.code(), Some(1));
    assert!(refused.stderr().contains(new), "{}", refused.stderr());
    assert_eq!(house.json(&["list"]).len(), 1);
    house.ok(&["forget", new]);
    house.ok(&["restore", old]);
    assert_eq!(house.json(&["list"]).len(), 1);
}
