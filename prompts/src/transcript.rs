//! Writes an episode's turns as a transcript: who said what, under ids that a reply can cite.
//!
//! Never shows what was put into the context, nor a compaction's retelling. A line that begins with
//! the mark is somebody's words; every other line is ours.

use std::collections::HashMap;

use domain::{Episode, Part, PartKind, Speaker, Turn, TurnId};

use crate::fit::{Class, Piece, fit};
use crate::lines::{MARK, clean, field};

const TOOL_CHARS: usize = 60;
const FOLDER_CHARS: usize = 200;

/// Returns the transcript in at most so many tokens.
pub(crate) fn transcript(episode: &Episode, turns: &[Turn], room: usize) -> String {
    let place = place(episode);
    let left = room.saturating_sub(domain::words::estimate_tokens(&place));
    let mut out = place;
    out.push_str(&fit(&pieces(episode, turns), left));
    out.truncate(out.trim_end().len());
    out
}

/// Returns what compactions retold in these turns.
pub(crate) fn retold(turns: &[Turn]) -> String {
    let parts = turns.iter().flat_map(|turn| &turn.parts);
    parts
        .filter(|part| part.speaker == Speaker::Compaction)
        .map(|part| clean(&part.text))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Says when and where; both are data, for a folder may be called anything.
fn place(episode: &Episode) -> String {
    let day = episode.started_at.strftime("%Y-%m-%d");
    let folder = episode.place.cwd.as_deref().unwrap_or("an unknown folder");
    format!("{MARK} {day}, in {}\n", field(folder, FOLDER_CHARS))
}

fn pieces(episode: &Episode, turns: &[Turn]) -> Vec<Piece> {
    let tools = tools(turns);
    let mut placed: Vec<(usize, &Turn)> = turns
        .iter()
        .filter_map(|turn| Some((position(episode, &turn.id)?, turn)))
        .collect();
    placed.sort_by_key(|(at, _)| *at);
    let parts = placed
        .iter()
        .flat_map(|(at, turn)| turn.parts.iter().map(move |part| (at + 1, part)));
    parts
        .filter_map(|(number, part)| piece(number, part, &tools))
        .collect()
}

fn position(episode: &Episode, turn: &TurnId) -> Option<usize> {
    episode.turns.iter().position(|known| known == turn)
}

/// Returns the tool that each call names.
fn tools(turns: &[Turn]) -> HashMap<&str, &str> {
    let parts = turns.iter().flat_map(|turn| &turn.parts);
    parts
        .filter_map(|part| match &part.kind {
            PartKind::Call { call, tool } => Some((call.as_str(), tool.as_str())),
            _ => None,
        })
        .collect()
}

/// Returns how a part is shown; `None` where nothing was said that may be seen.
fn piece(number: usize, part: &Part, tools: &HashMap<&str, &str>) -> Option<Piece> {
    if !part.speaker.bears_witness() {
        return None;
    }
    let text = clean(&part.text);
    let speaker = part.speaker.as_str();
    let (does, class) = match &part.kind {
        PartKind::Said if text.is_empty() => return None,
        PartKind::Said => (String::new(), class(part.speaker)),
        PartKind::Call { tool, .. } => (format!(" calls {}", name(tool)), Class::Call),
        PartKind::Result { tool, failed, .. } => {
            let end = if *failed { "failed" } else { "answered" };
            let class = if *failed {
                Class::Failure
            } else {
                class(part.speaker)
            };
            (format!(": {} {end}", name(tool)), class)
        }
        PartKind::Refusal { call } => {
            let tool = tools.get(call.as_str()).copied().unwrap_or_default();
            (format!(" refuses {}", name(tool)), Class::User)
        }
    };
    Some(Piece {
        heading: format!("[t{number} {speaker}{does}]\n"),
        class,
        text,
    })
}

fn class(speaker: Speaker) -> Class {
    match speaker {
        Speaker::User => Class::User,
        Speaker::Assistant => Class::Assistant,
        Speaker::Tool => Class::Tool,
        Speaker::Outside | Speaker::Injected | Speaker::Compaction => Class::Outside,
    }
}

/// Returns a tool's name with nothing in it that a heading could be closed with: it is data too.
fn name(tool: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || "_-.:/".contains(*c);
    let name: String = tool.chars().filter(plain).take(TOOL_CHARS).collect();
    if name.is_empty() {
        return "a tool".to_owned();
    }
    name
}

#[cfg(test)]
mod tests;
