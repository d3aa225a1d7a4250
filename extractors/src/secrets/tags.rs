//! Tells where a closing tag stands, which is where a value between tags ends.
//!
//! Must not take a secret for a tag: `ab</cd9` is a password, and a tag's name alone does not end it.

// The longest name of a tag that is looked for.
const MAX_NAME: usize = 32;

/// Returns whether a closing tag begins at `at`: `</`, a name, `>`, and no word that goes on behind it.
pub(super) fn closes(bytes: &[u8], at: usize) -> bool {
    let Some(rest) = bytes[at..].strip_prefix(b"</") else {
        return false;
    };
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-:.".contains(byte);
    let name = rest.iter().take(MAX_NAME).take_while(is_part).count();
    let is_named = rest.first().is_some_and(u8::is_ascii_alphabetic);
    let goes_on = rest.get(name + 1).is_some_and(u8::is_ascii_alphanumeric);
    is_named && rest.get(name) == Some(&b'>') && !goes_on
}

/// Returns where the first closing tag begins between `start` and `end`.
pub(super) fn first_closing(bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    memchr::memmem::find_iter(&bytes[start..end], b"</")
        .map(|at| start + at)
        .find(|at| closes(bytes, *at))
}
