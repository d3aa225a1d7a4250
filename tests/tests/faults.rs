//! Bad input and bad luck: a clear word, and nothing lost.

use std::process::Stdio;

use tests::{House, Transcript};

fn session() -> Transcript {
    Transcript::new("5e551014-0000-4000-8000-0000000000fa", "/srv/shop")
        .user("We always use pnpm in this repository, never npm.")
        .assistant("Understood.")
}

#[test]
fn a_store_that_is_damaged_is_said_so_and_left_as_it_is() {
    let house = House::new();
    house.write(
        "home/dormouse.db",
        "this is no database, and nobody may overwrite it",
    );
    let ran = house.run(&["list"]);
    assert_eq!(ran.code(), Some(1));
    assert!(ran.stderr().contains("damaged"), "{}", ran.stderr());
    let kept = std::fs::read_to_string(house.home().join("dormouse.db")).expect("it is there");
    assert!(kept.starts_with("this is no database"));
}

#[test]
fn what_is_no_file_is_refused_and_never_waited_for() {
    let house = House::new();
    let pipe = house.work().join("pipe.jsonl");
    let made = std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .expect("mkfifo runs");
    assert!(made.success());
    let ran = house.run(&["ingest", "pipe.jsonl"]);
    assert_eq!(ran.code(), Some(1));
    assert!(ran.stderr().contains("not a file"), "{}", ran.stderr());
}

#[test]
fn broken_lines_are_counted_and_the_rest_is_read() {
    let house = House::new();
    let text = session().text();
    let (first, second) = text.split_once('\n').expect("two lines");
    house.write(
        "work/session.jsonl",
        format!("{first}\n{{\"type\":\"user\", oops\nno JSON\n{second}"),
    );
    let ran = house.run(&["ingest", "session.jsonl"]);
    assert!(
        ran.stderr()
            .contains("no JSON were passed over, the first at byte"),
        "{}",
        ran.stderr()
    );
    ran.ok();
    assert_eq!(house.json(&["list", "--all-projects"]).len(), 1);
}

#[test]
fn a_line_that_is_still_being_written_is_read_when_it_is_whole() {
    let house = House::new();
    let text = session().text();
    let whole = house.write("work/session.jsonl", &text[..text.len() - 40]);
    house.ok(&["ingest", "session.jsonl"]);
    assert_eq!(house.json(&["conversations", "show", "5e55"]).len(), 1);
    house.write("work/session.jsonl", &text);
    assert!(whole.exists());
    house.ok(&["ingest", "session.jsonl"]);
    assert_eq!(house.json(&["conversations", "show", "5e55"]).len(), 2);
}

#[test]
fn a_setting_that_is_wrong_names_its_file_key_and_range() {
    let house = House::new();
    house.write("home/config.toml", "[reading]\nturns = 0\n");
    let ran = house.run(&["list"]);
    assert_eq!(ran.code(), Some(1));
    assert!(
        ran.stderr().contains("config.toml: reading.turns is 0"),
        "{}",
        ran.stderr()
    );
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let house = House::new();
    for number in 0..30 {
        house.ok(&["save", &format!("Fact number {number} about the build")]);
    }
    let mut list = house.command(&["list", "--limit", "100"]);
    let mut list = list
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(list.stdout.take());
    assert!(list.wait().expect("it ends").success());
}

#[test]
fn the_home_is_closed_to_everybody_else() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new();
    house.write("work/session.jsonl", session().text());
    house.ok(&["ingest", "session.jsonl"]);
    let mode = |path: std::path::PathBuf| {
        std::fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode(house.home()), 0o700);
    for entry in std::fs::read_dir(house.home()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(path.clone()), wanted, "{}", path.display());
    }
}

#[test]
fn writers_of_every_sort_wait_for_each_other() {
    let house = House::new();
    let tools = ["pnpm", "cargo", "ruff", "just", "mise", "poetry"];
    for (number, tool) in tools.into_iter().enumerate() {
        let session = format!("5e551014-0000-4000-8000-0000000001{number:02}");
        let text = Transcript::new(&session, "/srv/shop")
            .user(&format!(
                "We always use {tool} in this repository, never a script."
            ))
            .assistant("Understood.")
            .text();
        house.write(&format!("work/{number}.jsonl"), text);
    }
    let ingests = (0..6).map(|n| vec!["ingest".to_owned(), format!("{n}.jsonl")]);
    let saves = (0..12).map(|n| vec!["save".to_owned(), format!("Fact {n} of the build")]);
    let running: Vec<_> = ingests
        .chain(saves)
        .map(|words| {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let mut command = house.command(&words);
            command
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("it starts")
        })
        .collect();
    for child in running {
        let ran = child.wait_with_output().expect("it ends");
        assert!(
            ran.status.success(),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
    }
    assert_eq!(
        house
            .json(&["list", "--limit", "100", "--all-projects"])
            .len(),
        18
    );
}

#[test]
fn damage_in_the_middle_of_the_file_is_found_by_whoever_looks_for_it() {
    let house = House::new();
    let session = "5e551014-0000-4000-8000-0000000000da";
    let mut talk = Transcript::new(session, "/srv/shop");
    for number in 0..400 {
        let words = format!("{number} {}", "said at some length, ".repeat(number % 90));
        talk = talk.user(&words);
    }
    house.write("transcripts/long.jsonl", talk.text());
    house.ok(&["ingest", "../transcripts"]);
    assert!(house.ok(&["status", "--check"]).contains("no damage found"));
    let path = house.home().join("dormouse.db");
    let mut bytes = std::fs::read(&path).expect("is there");
    let (from, to) = (bytes.len() / 3, bytes.len() * 2 / 3);
    bytes[from..to].fill(0x5a);
    house.write("home/dormouse.db", bytes);
    let ran = house.run(&["status", "--check"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stdout());
    assert!(ran.stderr().contains("is damaged"), "{}", ran.stderr());
}
