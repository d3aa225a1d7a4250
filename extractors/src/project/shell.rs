//! Follows a shell command through the folders that it enters or names.
//!
//! Pure, and no shell: what it does not plainly understand (variables, globs, home) it leaves out.

// Options by which a tool is told the folder to work in.
const FOLDER_OPTIONS: [&str; 5] = ["-C", "--prefix", "--cwd", "--dir", "--directory"];

// They take `-C` for a folder; to others (`grep -C 3`, `tail`) it means something else.
const TAKE_C: [&str; 8] = ["git", "make", "pnpm", "tar", "cargo", "yarn", "go", "ninja"];

/// Returns the folders that a command enters (`cd x && …`) or is told (`git -C x`), each with a
/// closing `/`, seen from the working directory.
pub(super) fn folders(command: &str, cwd: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut here = cwd.to_owned();
    let mut outer = Vec::new();
    for step in steps(command) {
        match step {
            Step::Enter => outer.push(here.clone()),
            Step::Leave => here = outer.pop().unwrap_or(here),
            Step::Words(words) => {
                if let Some(to) = change_of(&words) {
                    here = joined(&here, to);
                    found.push(format!("{}/", here.trim_end_matches('/')));
                }
                if let Some(told) = told(&words) {
                    let folder = joined(&here, told);
                    found.push(format!("{}/", folder.trim_end_matches('/')));
                }
            }
        }
    }
    found
}

/// Returns a path as seen from a folder.
pub(super) fn joined(folder: &str, path: &str) -> String {
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with(['/', '~']) || drive || folder.is_empty() {
        return path.to_owned();
    }
    let path = path.strip_prefix("./").unwrap_or(path);
    format!("{}/{path}", folder.trim_end_matches('/'))
}

fn change_of<'a>(words: &'a [String]) -> Option<&'a str> {
    let [verb, rest @ ..] = words else {
        return None;
    };
    if verb != "cd" && verb != "pushd" {
        return None;
    }
    let target: &'a String = rest.iter().find(|word| *word != "--")?;
    plain(target)
}

fn told(words: &[String]) -> Option<&str> {
    let program = words.first()?;
    for (at, word) in words.iter().enumerate() {
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word.as_str(), None),
        };
        let takes = name != "-C" || TAKE_C.contains(&program.as_str());
        if FOLDER_OPTIONS.contains(&name) && takes {
            return plain(inline.or_else(|| words.get(at + 1).map(String::as_str))?);
        }
    }
    None
}

/// Refuses a path that only a shell could resolve.
fn plain(path: &str) -> Option<&str> {
    let odd = path.contains(['$', '`', '*', '?', '~', '{']) || path.starts_with('-');
    (!path.is_empty() && !odd).then_some(path)
}

enum Step {
    Words(Vec<String>),
    Enter,
    Leave,
}

/// Cuts a command line into its simple commands, quotes understood.
fn steps(command: &str) -> Vec<Step> {
    let mut cut = Cut::default();
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match (cut.quote, c) {
            (Some(quote), _) if c == quote => cut.quote = None,
            (None, '\'' | '"') => cut.quote = Some(c),
            (None, '\\') => cut.word.extend(chars.next()),
            (None, ';' | '&' | '|' | '\n') => cut.end_command(),
            (None, '(') => cut.mark(Step::Enter),
            (None, ')') => cut.mark(Step::Leave),
            (None, _) if c.is_whitespace() => cut.end_word(),
            _ => cut.word.push(c),
        }
    }
    cut.end_command();
    cut.steps
}

#[derive(Default)]
struct Cut {
    steps: Vec<Step>,
    words: Vec<String>,
    word: String,
    quote: Option<char>,
}

impl Cut {
    fn end_word(&mut self) {
        if !self.word.is_empty() {
            self.words.push(std::mem::take(&mut self.word));
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        if !self.words.is_empty() {
            self.steps
                .push(Step::Words(std::mem::take(&mut self.words)));
        }
    }

    fn mark(&mut self, step: Step) {
        self.end_command();
        self.steps.push(step);
    }
}
