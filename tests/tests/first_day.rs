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
