//! Reads shell commands: what a command is once its dressing is off, why it failed, what mends that.
//!
//! Knows only what the machine lacked (a program, a package, a right, a port); faults of the code
//! under work are none of its business.

use std::sync::LazyLock;

use regex::Regex;

/// What the machine lacked when a command failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A program, a package or a folder is not there.
    Missing,
    /// Somebody may not do something.
    Forbidden,
    /// A port or a lock is held by another.
    Taken,
    /// A server that must run does not.
    Down,
    /// The program has no such option.
    Option,
}

// Longer lines are listings or stacks, and nobody would read them in a lesson.
const LONGEST_LINE_CHARS: usize = 200;

const FAULTS: &[(Fault, &[&str])] = &[
    (
        Fault::Option,
        &[
            r"(?:unknown|unrecogni[sz]ed|invalid|unexpected|illegal) (?:option|flag|argument|shorthand flag|switch)",
            "no such option",
        ],
    ),
    (
        Fault::Missing,
        &[
            "command not found",
            ": not found$",
            "is not recognized as an internal",
            "modulenotfounderror",
            "no module named",
            "cannot find (?:module|package)",
            "err_module_not_found",
            "no required module provides",
            "can't find crate",
            r"not installed\b",
            "error while loading shared libraries",
            "executable doesn't exist",
            "no such file or directory",
            "missing (?:dependency|dependencies|package)",
        ],
    ),
    (
        Fault::Forbidden,
        &[
            "permission denied",
            "eacces",
            "operation not permitted",
            r"eperm\b",
        ],
    ),
    (
        Fault::Taken,
        &[
            "eaddrinuse",
            "address already in use",
            r"port \d+ is (?:already )?(?:in use|allocated|taken)",
            "port is already allocated",
        ],
    ),
    (
        Fault::Down,
        &[
            "econnrefused",
            "connection refused",
            "cannot connect to the docker daemon",
            "is the server running",
            "could not connect to server",
        ],
    ),
];

// What is missing from the work itself is written next, and teaches nothing: `./a`, `../a`, `@/a`.
const OWN_CODE: &str = r#"['"`](?:\.{1,2}/|@/|~/|src/)|\bstat /|cd:"#;

const MENDS: &[(Fault, &[&str])] = &[
    (
        Fault::Missing,
        &[
            concat!(
                r"\b(?:npm|pnpm|yarn|bun|pip3?|pipx|uv|poetry|conda|cargo|rustup|brew|apt|apt-get|dnf|apk|go|gem|bundle|",
                r"composer|mise|asdf|corepack|nvm|volta|npx|playwright|dotnet|mix|python3? -m pip)\b.* ",
                r"(?:install|i|ci|add|get|sync|restore|enable|use|update|tidy|download)\b",
            ),
            r"\bmkdir -p\b",
            r"\bsubmodule update\b",
        ],
    ),
    (
        Fault::Forbidden,
        &[r"\b(?:chmod|chown|usermod|setfacl|xattr)\b"],
    ),
    (
        Fault::Taken,
        &[
            r"\b(?:kill|pkill|killall|fuser -k|docker (?:stop|rm|compose down)|docker-compose down)\b",
        ],
    ),
    (
        Fault::Down,
        &[
            r"\b(?:systemctl|service|brew services) .*\b(?:start|restart)\b",
            r"\bdocker(?: |-)compose up\b|\bdocker (?:start|run)\b",
            r"\bcolima start\b|\bopen -a docker\b|\bpg_ctl .*start\b|\bredis-server\b",
        ],
    ),
];

// These look and do not work: that they fail and later pass is no news.
const LOOKS: &str = "ls cat cd head tail grep rg find wc stat which type echo pwd file tree sed awk diff ps \
    lsof rm cp mv mkdir chmod kill test sleep touch command du df readlink";

static FAULT: LazyLock<Vec<(Fault, Regex)>> = LazyLock::new(|| table(FAULTS));
static MEND: LazyLock<Vec<(Fault, Regex)>> = LazyLock::new(|| table(MENDS));
static OWN: LazyLock<Regex> = LazyLock::new(|| pattern(OWN_CODE));
static DRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:cd \S+ && )+|(?: 2>&1| 2>/dev/null| \| (?:tail|head)(?: -\S+)*(?: \d+)?)+$")
});

fn table(rows: &[(Fault, &[&str])]) -> Vec<(Fault, Regex)> {
    rows.iter()
        .map(|(fault, words)| (*fault, pattern(&words.join("|"))))
        .collect()
}

fn pattern(words: &str) -> Regex {
    Regex::new(&format!("(?i)(?:{words})")).expect("a pattern in the source")
}

/// Returns the command without the folder it starts in and the cut of its output.
pub(super) fn bare(command: &str) -> String {
    let line = command.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut bare = line.clone();
    loop {
        let next = DRESS.replace_all(&bare, "").trim().to_owned();
        if next == bare {
            return if next.is_empty() { line } else { next };
        }
        bare = next;
    }
}

/// Returns whether the command does work whose failure is worth remembering.
pub(super) fn works(command: &str) -> bool {
    let program = command
        .split([' ', ';', '|', '&'])
        .next()
        .unwrap_or_default();
    !program.is_empty() && !LOOKS.split(' ').any(|looks| looks == program)
}

/// Returns what the machine lacked, and the line of the output that says so.
pub(super) fn fault(output: &str) -> Option<(Fault, &str)> {
    let lines = output
        .lines()
        .map(str::trim)
        .filter(|line| line.chars().count() <= LONGEST_LINE_CHARS);
    let mut told = lines.filter(|line| !OWN.is_match(line)).filter_map(|line| {
        let (fault, _) = FAULT.iter().find(|(_, words)| words.is_match(line))?;
        Some((*fault, line))
    });
    told.next()
}

/// Returns whether a command is of the sort that mends such a fault.
pub(super) fn mends(command: &str, fault: Fault) -> bool {
    MEND.iter()
        .any(|(of, words)| *of == fault && words.is_match(command))
}

/// Returns whether `passed` is `failed` without the option that the error names.
pub(super) fn drops_option(failed: &str, passed: &str, error: &str) -> bool {
    let (before, after): (Vec<&str>, Vec<&str>) = (words(failed), words(passed));
    let named = |option: &&&str| {
        let name = option
            .trim_start_matches('-')
            .split('=')
            .next()
            .unwrap_or_default();
        option.starts_with('-') && !name.is_empty() && error.contains(name)
    };
    let Some(option) = before.iter().find(named) else {
        return false;
    };
    let name = option.split('=').next().unwrap_or(option);
    let kept = before.iter().filter(|word| after.contains(word)).count();
    // The rest of the command must have stayed, or another thing was tried.
    before.len() >= 2
        && before.first() == after.first()
        && kept + 1 >= before.len()
        && !after
            .iter()
            .any(|word| word.split('=').next() == Some(name))
}

fn words(command: &str) -> Vec<&str> {
    command.split(' ').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dressing_of_a_command_does_not_count() {
        assert_eq!(
            bare("cd /a && cd b && npm test  2>&1 | tail -20"),
            "npm test"
        );
        assert_eq!(bare("npm\n test | head -n 5"), "npm test");
        assert_eq!(bare("cd /a"), "cd /a");
    }

    #[test]
    fn only_what_the_machine_lacks_is_a_fault() {
        assert_eq!(
            fault("x\nzsh: command not found: rg"),
            Some((Fault::Missing, "zsh: command not found: rg"))
        );
        assert_eq!(
            fault("Error: listen EADDRINUSE: address").map(|found| found.0),
            Some(Fault::Taken)
        );
        assert_eq!(fault("Cannot find module './later'"), None);
        assert_eq!(fault("FAIL src/a.test.ts > adds\nexpected 2 to be 3"), None);
        assert_eq!(fault("undefined: ValidateSessionID"), None);
    }

    #[test]
    fn a_fault_is_mended_by_its_own_sort_of_command() {
        assert!(mends("pnpm add -D vitest", Fault::Missing));
        assert!(!mends("pnpm add -D vitest", Fault::Taken));
        assert!(!mends("npm test", Fault::Missing));
        assert!(mends("chmod +x run.sh", Fault::Forbidden));
    }

    #[test]
    fn an_option_that_is_dropped_leaves_the_rest_as_it_was() {
        let error = "error: unknown option `dry-run'";
        assert!(drops_option(
            "git gc --auto --dry-run",
            "git gc --auto",
            error
        ));
        assert!(!drops_option(
            "git gc --auto --dry-run",
            "git status",
            error
        ));
        assert!(!drops_option("git gc --auto", "git gc", error));
    }
}
