//! Fills the prompt that asks how a new lesson stands to a known one.
//!
//! The verdict is advice: what follows from it, code decides.

use domain::Lesson;

use crate::filled::{Filled, Form, filled, system};
use crate::lines::{MARK, field};
use crate::text::JUDGE;
use crate::{fence, memories};

// One word in its form, and what some models say before it.
const REPLY_TOKENS: u32 = 100;
const LESSON_CHARS: usize = 2_000;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    /// What is known.
    pub a: &'a Lesson,
    /// What is new.
    pub b: &'a Lesson,
    /// The form of the reply.
    pub form: Form,
}

/// Returns the prompt, filled.
pub fn judge(ask: &Judge<'_>) -> Filled {
    let [a, b] = [ask.a, ask.b].map(line);
    let fence = fence::word(&[&a, &b]);
    let user = JUDGE.fill("user", &[("fence", &fence), ("a", &a), ("b", &b)]);
    filled(
        &JUDGE,
        ask.form,
        system(&JUDGE, ask.form, &[]),
        user,
        REPLY_TOKENS,
    )
}

fn line(lesson: &Lesson) -> String {
    format!(
        "{MARK} {}",
        field(&memories::said(lesson, None), LESSON_CHARS)
    )
}
