//! `edit`: changes the wording, kind or tags of a memory; the old wording stays in its history.

use anyhow::{Context, Result, bail};
use domain::{Lesson, Memory};

use super::memories;
use crate::args::Edit;
use crate::house::House;

/// Writes the memory's row anew.
pub(super) async fn run(house: &House, words: &Edit) -> Result<()> {
    let record = memories::one(house, &words.id).await?;
    let before = record.memory;
    let lesson = edited(&before.lesson, words)
        .tidied()
        .context("the edited memory")?;
    let tags = words.tag.clone().unwrap_or_else(|| before.tags.clone());
    let after = Memory {
        lesson,
        tags,
        ..before.clone()
    };
    if after == before {
        bail!("nothing to change; `dormouse edit --help` names what can be");
    }
    let id = before.id.clone();
    memories::rewrite(house, &before, after, "edit").await?;
    memories::tell(house, "edited", &id).await
}

fn edited(lesson: &Lesson, words: &Edit) -> Lesson {
    let clean = |text: &String| extractors::secrets::redact(text).text.into_owned();
    let laid_over = |new: &Option<String>, old: &Option<String>| {
        new.as_ref().map(clean).or_else(|| old.clone())
    };
    Lesson {
        kind: words.kind.unwrap_or(lesson.kind),
        scope: lesson.scope.clone(),
        what: words
            .what
            .as_ref()
            .map_or_else(|| lesson.what.clone(), clean),
        when: laid_over(&words.when, &lesson.when),
        do_: laid_over(&words.do_, &lesson.do_),
        warn: laid_over(&words.warn, &lesson.warn),
    }
}
