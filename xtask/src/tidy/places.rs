//! No file names a place on the machine of whoever wrote it.
//!
//! Invented people may have homes; recorded data is not looked at.

use super::Problem;
use crate::files::TextFile;

/// Where homes lie. The second half is put on at run time, or this file would break its own rule.
const HOMES: [&str; 2] = ["/home", "/Users"];
const ROOT: &str = "/root";

/// People who exist in examples only.
const INVENTED: [&str; 37] = [
    "a",
    "ada",
    "alice",
    "amy",
    "ann",
    "anna",
    "b",
    "ben",
    "bob",
    "carol",
    "dana",
    "dev",
    "eve",
    "grace",
    "ian",
    "jane",
    "jo",
    "joe",
    "kim",
    "lena",
    "lin",
    "linus",
    "max",
    "me",
    "name",
    "nobody",
    "nobody-here",
    "p",
    "runner",
    "sam",
    "someone",
    "test",
    "tom",
    "u",
    "user",
    "x",
    "you",
];

/// Returns the lines that name a real-looking home.
pub(crate) fn check(files: &[TextFile]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        for (at, line) in file.text.lines().enumerate() {
            if let Some(place) = place(line) {
                let says = format!(
                    "`{place}` is a place on one machine; use an invented home such as /home/ada"
                );
                problems.push(Problem::on_line(&file.path, at + 1, says));
            }
        }
    }
    problems
}

fn place(line: &str) -> Option<String> {
    let starts =
        |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-/~}".contains(c));
    if line
        .match_indices(&format!("{ROOT}/"))
        .any(|(at, _)| starts(at))
    {
        return Some(format!("{ROOT}/"));
    }
    HOMES.iter().find_map(|homes| {
        let prefix = format!("{homes}/");
        let found = line.match_indices(&prefix).filter(|(at, _)| starts(*at));
        found
            .map(|(at, _)| &line[at + prefix.len()..])
            .find_map(|rest| {
                let word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
                let name: String = rest.chars().take_while(|c| word(*c)).collect();
                (!name.is_empty() && !INVENTED.contains(&name.as_str()))
                    .then(|| format!("{prefix}{name}"))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_line(line: &str, expect: Option<&str>) {
        assert_eq!(place(line).as_deref(), expect, "{line}");
    }

    #[test]
    fn a_home_of_someone_real_is_found() {
        for (homes, name) in [("/home", "karl"), ("/Users", "karl.k")] {
            let expect = format!("{homes}/karl");
            check_line(&format!("see {homes}/{name}/notes"), Some(&expect));
        }
        check_line(&format!("\"{}{}\"", ROOT, "/x"), Some(&format!("{ROOT}/")));
    }

    #[test]
    fn invented_people_and_other_folders_are_fine() {
        check_line("cwd /home/ada/shop and /Users/me", None);
        check_line("docs/home/page, /rooted, ../root/x", None);
    }
}
