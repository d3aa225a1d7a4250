//! With `--json`, every command prints JSON and nothing else.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::{Failed, House, Transcript};

/// How much a command prints.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One value.
    One,
    /// A value for each thing, a line each.
    Lines,
}
use Form::{Lines, One};

/// A made-up session with labels.
const LABELLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../eval/tests/data/labelled");

/// A house with a session, a memory that a person saved (its name is returned), and a parked job.
fn lived_in() -> (House, String) {
    let house = House::new().set("DORMOUSE_NOW", "2026-03-02T12:00:00Z");
    let cwd = house.work().display().to_string();
    let session = Transcript::new("5e551014-0000-4000-8000-0000000000b5", &cwd)
        .user("We always use pnpm in this repository, never npm.")
        .assistant("Understood.")
        .bash("pnpm test", "11 passed", Failed::No);
    house.write("transcripts/one.jsonl", session.text());
    let elsewhere = Transcript::new("5e551014-0000-4000-8000-0000000000b6", "/srv/other")
        .user("We always use cargo in this repository, never make.");
    house.write("transcripts/two.jsonl", elsewhere.text());
    house.ok(&["ingest", "../transcripts"]);
    // A folder can never be read, so this job waits for a person.
    let notice = format!(
        r#"{{"occasion":"stop","session":"s","transcript":"{cwd}","cwd":"{cwd}","at":"2026-03-02T11:00:00Z"}}"#
    );
    house.write("home/spool/0001.json", notice);
    assert_eq!(house.run(&["work"]).code(), Some(1));
    let saved = house.json(&["save", "Deploys run from main"]).remove(0);
    (house, saved["id"].as_str().expect("an id").to_owned())
}

/// Every command, in an order in which each has something to do.
fn walk<'a>(id: &'a str, job: &'a str, run: &'a str) -> Vec<(Form, Vec<&'a str>)> {
    vec![
        (One, vec!["demo"]),
        (One, vec!["ingest", "../transcripts"]),
        (One, vec!["ingest", "../transcripts", "--dry-run"]),
        (One, vec!["ingest", "../transcripts", "--estimate"]),
        (One, vec!["reread", "--estimate"]),
        (Lines, vec!["search", "pnpm"]),
        (Lines, vec!["search", "--conversations", "pnpm"]),
        (Lines, vec!["list"]),
        (One, vec!["show", id]),
        (One, vec!["explain", id]),
        (Lines, vec!["history", id]),
        (One, vec!["save", "Releases are tagged"]),
        (One, vec!["edit", id, "--when", "deploying"]),
        (One, vec!["pin", id]),
        (One, vec!["forget", id]),
        (One, vec!["restore", id]),
        (One, vec!["review", id]),
        (One, vec!["undo", "--dry-run"]),
        (One, vec!["undo"]),
        (One, vec!["status"]),
        (One, vec!["status", "--retry", job]),
        (Lines, vec!["conversations", "list"]),
        (Lines, vec!["conversations", "search", "pnpm"]),
        (
            Lines,
            vec![
                "conversations",
                "show",
                "5e551014-0000-4000-8000-0000000000b5",
            ],
        ),
        (Lines, vec!["project", "list"]),
        (One, vec!["project", "alias", "work", "/srv/elsewhere"]),
        (One, vec!["project", "merge", "other", "work"]),
        (One, vec!["undo", run]),
        (One, vec!["exclude", "/srv/secret"]),
        (Lines, vec!["exclude"]),
        (One, vec!["exclude", "--off", "/srv/secret"]),
        (One, vec!["project", "model", ".", "none"]),
        (One, vec!["project", "model", ".", "chosen"]),
        (One, vec!["purge", "--pattern", "11 passed", "--dry-run"]),
        (One, vec!["purge", "--pattern", "11 passed", "--yes"]),
        (Lines, vec!["export"]),
        (One, vec!["import", "memories.jsonl"]),
        (Lines, vec!["config"]),
        (One, vec!["eval", "reading", "--data", "../transcripts"]),
        (Lines, vec!["eval", "rules", "--data", "../transcripts"]),
        (One, vec!["eval", "ground", "--data", LABELLED]),
        (One, vec!["eval", "extract", "--data", LABELLED]),
        (One, vec!["completions", "bash"]),
    ]
}

#[test]
fn every_command_prints_json_and_nothing_else() {
    let (house, id) = lived_in();
    house.write("work/memories.jsonl", house.ok(&["export"]));
    let status = house.json(&["status"]).remove(0);
    let job = format!("j{}", status["jobs"][0]["id"]);
    let last = status["status"]["kept"]["runs"].as_i64();
    assert!(last.is_some(), "{status}");
    let mut run = String::new();
    let mut walked = BTreeSet::new();
    for number in 0..walk(&id, &job, &run).len() {
        let row = run.clone();
        let (form, words) = walk(&id, &job, &row).remove(number);
        walked.insert(words[0].to_owned());
        let values = values(&house, &words);
        assert!(form == Lines || values.len() == 1, "{words:?}: {values:?}");
        assert!(!values.is_empty(), "{words:?} says nothing");
        if words[..2.min(words.len())] == ["project", "merge"] {
            run = format!("r{}", values[0]["run"]);
        }
    }
    // `work` has nothing to do at the end but what was let in; the parked job fails again.
    let work = house.run(&["--json", "work"]);
    assert_eq!(parsed(&work.stdout()).len(), 1, "{}", work.stderr());
    walked.insert("work".to_owned());
    let known: BTreeSet<String> = commands(&house).into_iter().collect();
    assert_eq!(walked, known, "a command is not walked here");
}

#[test]
fn a_command_that_fails_prints_nothing_for_scripts() {
    let house = House::new();
    for words in [
        &["show", "mzzz"][..],
        &["undo", "r99"],
        &["exclude", "--off", "/srv/nowhere"],
        &["purge", "--pattern", "x"],
        &["export", "--markdown"],
        &["project", "merge", "a", "b"],
    ] {
        let ran = house.run(&[&["--json"], words].concat());
        assert_ne!(ran.code(), Some(0), "{words:?}");
        assert_eq!(ran.stdout(), "", "{words:?}");
        assert_ne!(ran.stderr(), "", "{words:?}");
    }
}

#[test]
fn a_script_is_answered_also_when_there_is_nothing_to_do() {
    let house = House::new().set("DORMOUSE_OFF", "1");
    let tally = house.json(&["work"]).remove(0);
    assert_eq!(tally["jobs"], 0);
}

#[test]
fn a_memory_says_whether_it_is_pinned_and_what_it_is_about() {
    let house = House::new();
    let saved = house.json(&["save", "Deploys run from main", "--domain", "release"]);
    assert_eq!(saved[0]["domain"], "release");
    assert_eq!(saved[0]["pinned"], false);
    let id = saved[0]["id"].as_str().expect("an id");
    assert_eq!(house.json(&["pin", id])[0]["pinned"], true);
}

fn values(house: &House, words: &[&str]) -> Vec<Value> {
    parsed(&house.run(&[&["--json"], words].concat()).ok())
}

fn parsed(printed: &str) -> Vec<Value> {
    let value = |line: &str| {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line:?}"))
    };
    printed.lines().map(value).collect()
}

/// The commands that the help names.
fn commands(house: &House) -> Vec<String> {
    let help = house.ok(&["--help"]);
    let named = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    let names = named.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_teaches_itself_and_every_shell_completes_it() {
    let house = House::new();
    let commands = commands(&house);
    for command in &commands {
        let help = house.ok(&[command, "--help"]);
        assert!(
            help.contains(&format!("Usage: dormouse {command}")),
            "{help}"
        );
    }
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = house.ok(&["completions", shell]);
        let missing = commands.iter().find(|command| !script.contains(*command));
        assert_eq!(missing, None, "{shell}");
        // The scripts of the other two complete no values.
        let values = !["elvish", "powershell"].contains(&shell);
        assert_eq!(script.contains("preference"), values, "{shell} and kinds");
    }
}
