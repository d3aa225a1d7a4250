//! Fills the second prompt of an episode whose reply was cut off: names what came, asks for the rest.
//!
//! Repeats the first request as it was frozen, whatever would be built today. It is asked once.

use domain::{Lesson, MemoryId, Request};

use crate::filled::Filled;
use crate::lines::{MARK, field};
use crate::text::REST;
use crate::{MEMORIES_AT_MOST, fence};

/// So many tokens are added to the first request at the most.
pub const REST_TOKENS: usize = 600;

const WHAT_CHARS: usize = 300;
const SUPPORTS_AT_MOST: usize = 10;

/// What came through of a reply that was cut off.
#[derive(Clone, Copy, Debug, Default)]
pub struct Received<'a> {
    /// The memories that came whole.
    pub lessons: &'a [Lesson],
    /// The known memories whose support came whole.
    pub supported: &'a [MemoryId],
}

/// Returns the prompt, filled; `None` when no memory may be missing any more.
pub fn rest(first: &Request, received: Received<'_>) -> Option<Filled> {
    let left = MEMORIES_AT_MOST.saturating_sub(received.lessons.len());
    if left == 0 {
        return None;
    }
    let data = data(received);
    let fence = fence::word(&[&first.user, &data]);
    let values = [
        ("first", first.user.as_str()),
        ("fence", &fence),
        ("data", &data),
        ("left", &left.to_string()),
    ];
    Some(Filled {
        prompt: REST.prompt(),
        request: Request {
            user: REST.fill("user", &values),
            ..first.clone()
        },
    })
}

fn data(received: Received<'_>) -> String {
    let lessons = received
        .lessons
        .iter()
        .map(|lesson| format!("{MARK} memory: {}", field(&lesson.what, WHAT_CHARS)));
    let supported = received.supported.iter().take(SUPPORTS_AT_MOST);
    let supported = supported.map(|id| format!("{MARK} supports {}", field(id.as_str(), 20)));
    let all: Vec<String> = lessons.chain(supported).collect();
    if all.is_empty() {
        return format!("{MARK} nothing that could be read");
    }
    all.join("\n")
}
