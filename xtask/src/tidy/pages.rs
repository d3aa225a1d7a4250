//! Rules for files that are not code: config keys, prompts, migrations, pending snapshots.
//!
//! A folder that does not exist yet breaks no rule.

use std::collections::BTreeSet;

use super::Problem;
use crate::files::TextFile;

const CONFIG: &str = "cli/config.toml";
const PROMPTS: &str = "prompts/text/";
const MIGRATIONS: [&str; 2] = ["store/migrations/sqlite/", "store/migrations/postgres/"];

/// Returns the breaches of these rules.
pub(crate) fn check(files: &[TextFile]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = files.iter().flat_map(of_file).collect();
    problems.extend(lonely_migrations(files, MIGRATIONS[0], MIGRATIONS[1]));
    problems.extend(lonely_migrations(files, MIGRATIONS[1], MIGRATIONS[0]));
    problems
}

fn of_file(file: &TextFile) -> Vec<Problem> {
    let path = file.path.as_str();
    if path == CONFIG {
        return keys_without_sense(file);
    }
    if path.starts_with(PROMPTS) && path.ends_with(".txt") && !has_version(&file.text) {
        return vec![Problem::on_line(
            path,
            1,
            "a prompt opens with `version: N`",
        )];
    }
    if path.ends_with(".snap.new") || path.ends_with(".pending-snap") {
        return vec![Problem::in_file(
            path,
            "a snapshot waits to be accepted or rejected: `cargo insta review`",
        )];
    }
    Vec::new()
}

fn has_version(text: &str) -> bool {
    let number = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("version: "));
    number.is_some_and(|number| number.trim_end().parse::<u32>().is_ok())
}

fn keys_without_sense(file: &TextFile) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut before = "";
    for (at, line) in file.text.lines().enumerate() {
        let explained = before.starts_with('#') && key(before).is_none();
        if let Some(key) = key(line).filter(|_| !explained) {
            let says = format!("no comment right above `{key}` says what it is for");
            problems.push(Problem::on_line(&file.path, at + 1, says));
        }
        before = line;
    }
    problems
}

/// Returns the key that a line sets, also where the line is commented out.
fn key(line: &str) -> Option<&str> {
    let (key, value) = line.trim_start_matches(['#', ' ']).split_once('=')?;
    let key = key.trim_end();
    let sound =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.-".contains(&byte);
    (!key.is_empty() && key.bytes().all(sound) && !value.trim().is_empty()).then_some(key)
}

fn lonely_migrations(files: &[TextFile], here: &str, there: &str) -> Vec<Problem> {
    let names = |folder: &str| -> BTreeSet<String> {
        files
            .iter()
            .filter_map(|file| file.path.strip_prefix(folder))
            .map(str::to_owned)
            .collect()
    };
    let lonely: Vec<String> = names(here).difference(&names(there)).cloned().collect();
    lonely
        .iter()
        .map(|name| {
            Problem::in_file(
                &format!("{here}{name}"),
                format!("there is no {there}{name} beside it"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::shown;

    fn check_files(files: &[(&str, &str)], expect: &[&str]) {
        let file = |(path, text): &(&str, &str)| TextFile {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        let files: Vec<TextFile> = files.iter().map(file).collect();
        assert_eq!(shown(&check(&files)), expect, "{files:?}");
    }

    #[test]
    fn every_config_key_has_its_line_of_sense() {
        check_files(
            &[(
                CONFIG,
                "[a]\n# How long.\nkeep_days = 90\n\n# Where.\n# url = \"x\"\n",
            )],
            &[],
        );
        let says = "cli/config.toml:2: no comment right above `keep_days` says what it is for";
        check_files(&[(CONFIG, "[a]\nkeep_days = 90\n")], &[says]);
        check_files(
            &[(CONFIG, "# Where.\n# url = \"x\"\n# more = 1\n")],
            &["cli/config.toml:3: no comment right above `more` says what it is for"],
        );
        check_files(
            &[(CONFIG, "# A sentence with a = b in it is no key.\n")],
            &[],
        );
    }

    #[test]
    fn a_prompt_states_its_version() {
        check_files(
            &[("prompts/text/extract.txt", "version: 3\nSay it.\n")],
            &[],
        );
        let says = "prompts/text/extract.txt:1: a prompt opens with `version: N`";
        check_files(&[("prompts/text/extract.txt", "Say it.\n")], &[says]);
        check_files(&[("prompts/text/extract.txt", "version: new\n")], &[says]);
    }

    #[test]
    fn both_engines_have_the_same_migrations() {
        let both = [
            ("store/migrations/sqlite/1.sql", ""),
            ("store/migrations/postgres/1.sql", ""),
        ];
        check_files(&both, &[]);
        check_files(
            &both[..1],
            &[
                "store/migrations/sqlite/1.sql: there is no store/migrations/postgres/1.sql beside it",
            ],
        );
        check_files(
            &both[1..],
            &[
                "store/migrations/postgres/1.sql: there is no store/migrations/sqlite/1.sql beside it",
            ],
        );
    }

    #[test]
    fn a_pending_snapshot_is_a_problem() {
        let says =
            "a/b.snap.new: a snapshot waits to be accepted or rejected: `cargo insta review`";
        check_files(&[("a/b.snap.new", "")], &[says]);
    }
}
