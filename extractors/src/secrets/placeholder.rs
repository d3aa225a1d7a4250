//! Recognises what stands where a secret would be: templates, variables, dummies.
//!
//! Judges the value alone. A wrong yes leaks a secret, so every test here is narrow.

use super::entropy::looks_random;
use super::span::MARK;

// What people write when they mean "put yours here".
const WITHIN: [&str; 17] = [
    "your",
    "example",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "change-this",
    "replace",
    "redacted",
    "dummy",
    "fake",
    "mock",
    "xxx",
    "***",
    "...",
    "…",
    "•••",
];

// Words that say what goes there, not what it is.
const WHOLE: [&str; 40] = [
    "password",
    "passwd",
    "passwort",
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "string",
    "str",
    "required",
    "hidden",
    "none",
    "null",
    "nil",
    "true",
    "false",
    "undefined",
    "default",
    "optional",
    "text",
    "varchar",
    "username",
    "invalid",
    "incorrect",
    "missing",
    "empty",
    "testing",
    "current",
    "refresh",
    "access",
    "bearer",
    "apikey",
    "api_key",
    "boolean",
    "number",
    "object",
    "credential",
    "credentials",
    "somepassword",
];

/// Returns whether the value stands for a secret rather than being one.
pub(super) fn is_placeholder(value: &str) -> bool {
    is_template(value) || is_one_character(value) || is_dummy(value)
}

// Filler shows early, and hostile values are long.
fn opening(value: &str) -> &str {
    &value[..value.floor_char_boundary(128)]
}

/// Returns whether the word stands in the value, in any case.
pub(super) fn contains(value: &str, word: &str) -> bool {
    let mut windows = value.as_bytes().windows(word.len());
    windows.any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

/// Returns whether nothing but filler follows a token's prefix, as in `ghp_xxxx`.
pub(super) fn is_filler(body: &str) -> bool {
    body.bytes()
        .all(|byte| matches!(byte, b'x' | b'X' | b'.' | b'-' | b'_' | b'=' | b'0'))
}

// `${VAR}`, `$VAR`, `{{ var }}`, `<your-key>`, `%s`, `[redacted:…]`, `process.env.X`.
fn is_template(value: &str) -> bool {
    let opens = value.starts_with(['<', '[', '(']) || value.starts_with("%(");
    let variable = value
        .strip_prefix(['$', '%', '#', '@'])
        .is_some_and(is_name);
    let held = ["${", "{{", "$(", "#{", "<%", "%{"]
        .iter()
        .any(|mark| value.contains(mark));
    let braced = value.starts_with('{') && value.ends_with('}');
    let environment = [
        "process.env",
        "os.environ",
        "import.meta",
        "env.",
        "secrets.",
        "vault:",
    ];
    opens
        || variable
        || held
        || braced
        || value.contains(MARK)
        || environment.iter().any(|start| value.starts_with(start))
}

fn is_name(rest: &str) -> bool {
    let rest = rest.trim_matches(|c: char| matches!(c, '{' | '}' | '%'));
    rest.is_empty()
        || rest
            .bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_uppercase())
        || rest
            .bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_lowercase())
        || rest.chars().all(|c| c.is_ascii_alphabetic()) && rest.len() < 16
}

fn is_one_character(value: &str) -> bool {
    let mut chars = value.chars();
    let first = chars.next();
    chars.all(|c| Some(c) == first)
}

fn is_dummy(value: &str) -> bool {
    let mine = ["my-", "my_", "some-", "some_", "test-", "test_"];
    let starts = |start: &&str| {
        value
            .get(..start.len())
            .is_some_and(|v| v.eq_ignore_ascii_case(start))
    };
    WHOLE.iter().any(|word| value.eq_ignore_ascii_case(word))
        || WITHIN.iter().any(|word| contains(opening(value), word))
        || mine.iter().any(starts) && !looks_random(value)
}
