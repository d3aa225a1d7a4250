//! Writes memories one a line, as data that is shown to a model.
//!
//! What they say was once said by others: each is held to its one line, so that none can pass for
//! another's id.

use domain::{Lesson, Memory, Slot};

use crate::lines::{MARK, field};

// Ours have thirteen; an imported one may be anything.
const ID_CHARS: usize = 40;

/// Returns a memory's marked line: its id, then what it says.
pub(crate) fn line(memory: &Memory, chars: usize) -> String {
    let said = said(&memory.lesson, memory.slot.as_ref());
    let line = format!("{}: {said}", memory.domain);
    let id = field(memory.id.as_str(), ID_CHARS);
    format!("{MARK} {id} {}\n", field(&line, chars))
}

/// Returns what a lesson says, with its kind, scope and slot.
pub(crate) fn said(lesson: &Lesson, slot: Option<&Slot>) -> String {
    let mut out = format!("({}, {}) {}", lesson.kind, lesson.scope, lesson.what);
    let rest = [
        ("When", &lesson.when),
        ("Do", &lesson.do_),
        ("Warn", &lesson.warn),
    ];
    for (name, text) in rest {
        if let Some(text) = text {
            out.push_str(&format!(" · {name}: {text}"));
        }
    }
    if let Some(slot) = slot {
        let Slot {
            subject,
            attribute,
            value,
        } = slot;
        out.push_str(&format!(" · Slot: {subject} / {attribute} = {value}"));
    }
    out
}
