//! What a person meets on the first day: files that are none of ours, slips, and what is said of them.

use tests::{House, Transcript};

const SESSION: &str = "5e551014-0000-4000-8000-0000000000fd";

fn session(text: &str) -> String {
    Transcript::new(SESSION, "/srv/shop").user(text).text()
}

#[test]
fn files_of_a_folder_that_are_no_transcripts_are_named_for_who_wants_to_know() {
    let house = House::new();
    house.write(
        "folder/one.jsonl",
        session("We always use pnpm, never npm."),
    );
    house.write("folder/notes/plans.txt", "buy milk");
    let ran = house.run(&["ingest", "../folder"]);
    assert!(
        ran.stderr()
            .contains("1 files are no transcripts; the log names them"),
        "{}",
        ran.stderr()
    );
    let in_log = house.files_holding("folder/notes/plans.txt is no transcript");
    assert_eq!(in_log, [house.home().join("dormouse.log")]);
    for words in [
        &["ingest", "../folder"][..],
        &["ingest", "../folder", "--dry-run"],
    ] {
        let told = house.json(words).remove(0);
        let names = told["no_transcripts"].to_string();
        assert!(
            names.contains("folder/notes/plans.txt"),
            "{words:?}: {told}"
        );
    }
}

/// Two projects, of which one is to go, as Claude Code lays their transcripts down.
fn with_two_projects() -> House {
    let house = House::new().set("DORMOUSE_NOW", "2026-03-02T12:00:00Z");
    for (project, session) in [("gwrqfshop", GOING), ("blog", SESSION)] {
        let cwd = format!("/srv/{project}");
        let text = Transcript::new(session, &cwd)
            .user("We always use pnpm in this repository, never npm.")
            .assistant("Understood.")
            .text();
        house.write(&format!("projects/-srv-{project}/{session}.jsonl"), text);
    }
    house.write("projects/-srv-gwrqfshop/notes.txt", "none of ours");
    house.ok(&["ingest", "../projects"]);
    house
}

const GOING: &str = "90106090-0000-4000-8000-0000000000fe";

#[test]
fn no_name_and_no_path_of_a_purged_project_is_left_in_any_byte_of_the_home() {
    for words in [
        &["purge", "--of-project", "gwrqfshop", "--yes"][..],
        &["purge", "--pattern", "gwrqfshop", "--yes"],
    ] {
        let house = with_two_projects();
        let notice = r#"{"occasion":"stop","session":"s","transcript":"/x","cwd":"/srv/gwrqfshop","at":"2026-03-02T11:00:00Z"}"#;
        house.write("home/spool/odd/0001.json", notice);
        assert!(house.files_holding("gwrqfshop").len() > 2);
        std::fs::remove_file(house.write("projects/-srv-gwrqfshop/notes.txt", "")).expect("gone");
        house.ok(words);
        let none: [std::path::PathBuf; 0] = [];
        assert_eq!(house.files_holding("gwrqfshop"), none, "{words:?}");
        assert!(!house.ok(&["project", "list"]).contains("gwrqfshop"));
        // What it held is not brought back by its source, nor is its name.
        let ran = house.run(&["ingest", "../projects/-srv-gwrqfshop"]);
        assert!(
            ran.stderr().contains("were purged and have not grown"),
            "{}",
            ran.stderr()
        );
        assert_eq!(house.files_holding("gwrqfshop"), none, "{words:?}");
        assert_eq!(
            house.json(&["list", "--all-projects"]).len(),
            1,
            "the other stays"
        );
        assert!(house.ok(&["project", "list"]).contains("blog"));
        // A session that goes on is read on, and only what is new in it.
        let grown = Transcript::new(GOING, "/srv/gwrqfshop")
            .user("We always use pnpm in this repository, never npm.")
            .assistant("Understood.")
            .user("From now on, run pnpm lint before you commit.")
            .text();
        house.write(&format!("projects/-srv-gwrqfshop/{GOING}.jsonl"), grown);
        house.ok(&["ingest", "../projects"]);
        assert_eq!(
            house.json(&["list", "--all-projects"]).len(),
            2,
            "{words:?}"
        );
        assert!(house.ok(&["project", "list"]).contains("gwrqfshop"));
    }
}

#[test]
fn a_purged_session_is_listed_no_more_also_when_its_transcript_is_read_again() {
    let house = with_two_projects();
    let listed = || house.ok(&["conversations", "list", "--all-projects"]);
    assert!(listed().contains(GOING));
    house.ok(&["purge", "--session", GOING, "--yes"]);
    assert!(!listed().contains(GOING), "{}", listed());
    house.ok(&["ingest", "../projects"]);
    assert!(!listed().contains(GOING) && listed().contains(SESSION));
}

#[test]
fn a_purge_says_what_stays_and_why() {
    let house = with_two_projects();
    house.ok(&["exclude", "/srv/gwrqfshop"]);
    let ran = house.run(&["purge", "--of-project", "gwrqfshop", "--yes"]);
    assert!(
        ran.stderr()
            .contains("stays: /srv/gwrqfshop stays among the paths that are kept out"),
        "{}",
        ran.stderr()
    );
}

#[test]
fn a_purge_finds_its_pattern_in_either_case_and_takes_none_that_means_everything() {
    let house = House::new();
    house.ok(&["save", "The password is Hunter2"]);
    for pattern in ["", "x*", "(?i)", "a|"] {
        let ran = house.run(&["purge", "--pattern", pattern, "--yes"]);
        assert_eq!(ran.code(), Some(2), "{pattern:?}");
        assert!(
            ran.stderr().contains("found in every text"),
            "{}",
            ran.stderr()
        );
    }
    let ran = house.run(&["purge", "--pattern", "hunter2", "--match-case", "--yes"]);
    assert!(ran.ok().contains("0 memories"));
    assert_eq!(house.json(&["list"]).len(), 1);
    let ran = house.run(&["purge", "--pattern", "hunter2", "--yes"]);
    assert!(
        ran.stderr().contains("in upper and lower case alike"),
        "{}",
        ran.stderr()
    );
    assert!(house.files_holding("hunter2").is_empty());
}

#[test]
fn what_an_undo_took_away_says_how_it_comes_back() {
    let house = House::new();
    let saved = house.json(&["save", "Deploys run from main"]).remove(0);
    let id = saved["id"].as_str().expect("an id").to_owned();
    let undone = house.ok(&["undo"]);
    let (_, by) = undone.split_once("taken back, by ").expect("the run");
    let (by, _) = by.split_once(';').expect("and how to go back");
    assert!(
        undone.contains(&format!("`dormouse undo {by}`")),
        "{undone}"
    );
    for command in ["show", "restore", "history"] {
        let ran = house.run(&[command, &id]);
        let told = format!("{id} was taken back by {by}; `dormouse undo {by}` brings it back");
        assert!(ran.stderr().contains(&told), "{}", ran.stderr());
    }
    house.ok(&["undo", by]);
    assert!(house.ok(&["show", &id]).contains("Deploys run from main"));
    let missing = house.run(&["show", "mzzz"]);
    assert!(
        missing.stderr().contains("list --all"),
        "{}",
        missing.stderr()
    );
}

#[test]
fn a_history_says_of_each_change_what_changed() {
    let house = House::new();
    let saved = house.json(&["save", "Deploys run from main"]).remove(0);
    let id = saved["id"].as_str().expect("an id");
    for edit in [
        &["--kind", "decision"][..],
        &["--tag", "ops", "--tag", "ci"],
        &["--when", "deploying"],
        &["--when", ""],
    ] {
        house.ok(&[&["edit", id], edit].concat());
    }
    house.ok(&["pin", id]);
    let history = house.ok(&["history", id]);
    for told in [
        "revision 1: Deploys run from main",
        "revision 2: kind decision",
        "revision 3: tags ops ci",
        "revision 4: when “deploying”",
        "revision 5: no when any more",
        "revision 6: pinned",
    ] {
        assert!(history.contains(told), "{told:?} in:\n{history}");
    }
}

#[test]
fn what_a_person_saved_herself_is_not_called_hers_anew() {
    let house = House::new();
    house.ok(&["save", "Deploys run from main"]);
    let again = house.ok(&["save", "Deploys run from main"]);
    assert!(again.starts_with("known already: "), "{again}");
}

#[test]
fn lines_of_unknown_kinds_are_counted_and_their_file_is_named() {
    let house = House::new();
    let text = session("We always use pnpm, never npm.");
    house.write(
        "folder/one.jsonl",
        format!("{text}[1]\n[2]\n{{\"type\":\"dream\"}}\n"),
    );
    let told = house.run(&["ingest", "../folder"]).stderr();
    let line =
        "folder/one.jsonl: lines of unknown kinds were passed over: (no object): 2, dream: 1";
    assert!(told.contains(line), "{told}");
}

#[cfg(unix)]
mod homes {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("is there").permissions().mode() & 0o7777
    }

    #[test]
    fn a_folder_that_others_use_is_refused_and_left_as_it_is() {
        let house = House::new();
        let shared = house.write("shared/other", "").with_file_name("");
        fs::set_permissions(&shared, Permissions::from_mode(0o1777)).expect("is ours");
        let named = shared.display().to_string();
        for words in [&["save", "x"][..], &["ingest", "."], &["list"], &["status"]] {
            let ran = house.run(&[&["--home", &named], words].concat());
            let reads = matches!(words[0], "list" | "status");
            assert_eq!(ran.code(), Some(i32::from(!reads)), "{words:?}");
            assert!(
                reads
                    || ran
                        .stderr()
                        .contains("it holds other things, such as other")
            );
            assert_eq!(mode(&shared), 0o1777, "{words:?}");
            assert_eq!(
                fs::read_dir(&shared).expect("a folder").count(),
                1,
                "{words:?}"
            );
        }
        // One of our own is closed to others, as before, whatever else a person put into it.
        house.ok(&["save", "Deploys run from main"]);
        house.write("home/notes.txt", "mine");
        fs::set_permissions(house.home(), Permissions::from_mode(0o755)).expect("is ours");
        house.ok(&["save", "Releases are tagged"]);
        assert_eq!(mode(&house.home()), 0o700);
    }

    #[test]
    fn a_command_that_only_reads_makes_nothing() {
        let house = House::new();
        for words in [
            &["list"][..],
            &["status"],
            &["search", "pnpm"],
            &["project", "list"],
            &["exclude"],
            &["conversations", "list"],
            &["export"],
            &["config"],
        ] {
            house.ok(words);
            assert!(!house.home().exists(), "{words:?}");
        }
    }
}
