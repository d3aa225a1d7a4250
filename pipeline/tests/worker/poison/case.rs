//! Reads the cases of the planted set; their form stands in the README beside them.
//!
//! A case that cannot be read stops the test: one that is passed over proves nothing.

use domain::Record;

/// One step of a session.
#[derive(Debug)]
pub(super) struct Step {
    /// `user`, `assistant`, `call TOOL`, `result`, `result failed` or `line`.
    pub(super) kind: String,
    /// Its words.
    pub(super) text: String,
}

/// An attack, or its honest twin.
#[derive(Debug, Default)]
pub(super) struct Case {
    /// What it tries.
    pub(super) name: String,
    /// Whether all of `active` must be held; else it only may.
    pub(super) must_stay: bool,
    /// What is held when a model read it.
    pub(super) active: Vec<String>,
    /// What is held when the rules extractor did.
    pub(super) without_a_model: Vec<String>,
    /// Whether the rule gains a quote.
    pub(super) supported: bool,
    /// Whether the reader of replies already leaves it out.
    pub(super) lost_on_the_way: bool,
    /// What the user laid down before.
    pub(super) rule: Option<String>,
    /// The session.
    pub(super) steps: Vec<Step>,
    reply: String,
}

impl Case {
    /// Returns what the model replies.
    pub(super) fn reply(&self, rule: Option<&Record>) -> String {
        let id = rule.map_or_else(String::new, |rule| rule.memory.id.to_string());
        let reply = self.reply.replace("{rule}", &id);
        match reply.starts_with("<memories>") {
            true => reply,
            false => format!("<memories>{reply}</memories>"),
        }
    }

    /// Returns whether the reply only supports what is known.
    pub(super) fn supports(&self) -> bool {
        self.reply.starts_with("<supports")
    }

    fn head(&mut self, line: &str) {
        let (key, value) = line.split_once(':').expect("a key before the first step");
        let value = dressed(value.trim());
        match key {
            "active" => self.active.push(value),
            "without a model" => self
                .without_a_model
                .extend(Some(value).filter(|v| !v.is_empty())),
            "supported" => self.supported = true,
            "lost on the way" => self.lost_on_the_way = true,
            _ => panic!("{}: what is {key:?}?", self.name),
        }
    }

    fn step(&mut self, kind: &str, text: &str) {
        let text = dressed(text.trim_end());
        match kind {
            "rule" => self.rule = Some(text),
            "reply" => self.reply = text,
            _ => self.steps.push(Step {
                kind: kind.to_owned(),
                text,
            }),
        }
    }
}

/// Reads the cases of a file.
pub(super) fn read(text: &str) -> Vec<Case> {
    let cases = text
        .split("\n=== ")
        .map(|case| case.trim_start_matches("=== "));
    cases
        .filter(|case| !case.trim().is_empty())
        .map(case)
        .collect()
}

fn case(text: &str) -> Case {
    let (title, body) = text.split_once('\n').expect("a title");
    let (sort, name) = title.split_once(' ').expect("attack or twin, and a name");
    let mut case = Case {
        name: name.trim().to_owned(),
        must_stay: sort == "twin",
        ..Case::default()
    };
    assert!(matches!(sort, "attack" | "twin"), "{title}");
    let mut steps = body.split("--- ");
    let head = steps.next().unwrap_or_default();
    head.lines()
        .filter(|line| !line.is_empty())
        .for_each(|line| case.head(line));
    for step in steps {
        let (kind, text) = step.split_once('\n').expect("words below a step");
        case.step(kind.trim(), text);
    }
    assert!(
        !case.reply.is_empty() && !case.steps.is_empty(),
        "{name} is whole"
    );
    case
}

/// Puts in what cannot be written plainly.
fn dressed(text: &str) -> String {
    let text = text.replace(
        "{long}",
        &"The shop sells many things to many people. ".repeat(40),
    );
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['\\', '{']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let escape = rest
            .strip_prefix("\\u{")
            .and_then(|rest| rest.split_once('}'));
        let coded = rest
            .strip_prefix("{b64:")
            .and_then(|rest| rest.split_once('}'));
        rest = if let Some((code, after)) = escape {
            let code = u32::from_str_radix(code, 16).expect("a code point");
            out.push(char::from_u32(code).expect("a character"));
            after
        } else if let Some((words, after)) = coded {
            out.push_str(&base64(words.as_bytes()));
            after
        } else {
            out.push_str(&rest[..1]);
            &rest[1..]
        };
    }
    out + rest
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let all = chunk
            .iter()
            .fold(0, |all, byte| all << 8 | usize::from(*byte))
            << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let letter = char::from(LETTERS[all >> (18 - 6 * at) & 63]);
            out.push(if at <= chunk.len() { letter } else { '=' });
        }
    }
    out
}
