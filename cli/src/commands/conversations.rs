//! `conversations`: what was said, word for word.

use anyhow::{Result, bail};
use domain::{Library, Part, PartKind, SessionId, Turn, TurnHit, TurnId, View};
use recall::Hit;
use serde_json::json;
use store::Conversation;

use super::search;
use crate::args::{self, Wanted};
use crate::house::House;
use crate::moment;
use crate::out::{self, Ink, harmless, headline};

/// So many sessions are looked through at a time for the beginning of a name.
const PAGE: usize = 200;

/// Lists, searches or shows.
pub(super) async fn run(house: &House, words: &args::Conversations) -> Result<()> {
    match words {
        args::Conversations::List {
            limit,
            all_projects,
        } => list(house, *limit, *all_projects).await,
        args::Conversations::Search {
            query,
            limit,
            why,
            all_projects,
        } => {
            let wanted = Wanted {
                all_projects: *all_projects,
                ..Wanted::default()
            };
            let view = house.view(&wanted).await?;
            self::search(house, &view, &query.join(" "), *limit, *why).await
        }
        args::Conversations::Show {
            session,
            around,
            limit,
        } => show(house, session, around.as_deref(), *limit).await,
    }
}

async fn list(house: &House, limit: usize, all_projects: bool) -> Result<()> {
    let wanted = Wanted {
        all_projects,
        ..Wanted::default()
    };
    let project = house.view(&wanted).await?.project;
    let sessions = house
        .store
        .conversations(project.as_ref(), None, limit)
        .await?;
    if sessions.is_empty() && !house.out.is_json() {
        out::say("no conversations here; --all-projects lists all, `dormouse ingest` reads more");
    }
    for session in &sessions {
        if house.out.is_json() {
            house.out.value(session)?;
            continue;
        }
        let name = house.out.ink(Ink::Name, session.session.id.as_str());
        let (turns, begun) = (session.turns, moment::show(session.session.started_at));
        house.out.line(format!("{name} {begun} {turns:>5} turns"))?;
    }
    Ok(())
}

/// Prints the turns that a query's words lead to.
pub(super) async fn search(
    house: &House,
    view: &View,
    query: &str,
    limit: usize,
    why: bool,
) -> Result<()> {
    let hits = recall::search_turns(&house.store, view, query, limit).await?;
    if hits.is_empty() && !house.out.is_json() {
        out::say("nothing was said in these words; --all-projects looks everywhere");
    }
    hits.iter().try_for_each(|hit| print_hit(house, hit, why))
}

fn print_hit(house: &House, hit: &Hit<TurnHit>, why: bool) -> Result<()> {
    let (out, turn) = (house.out, &hit.found.turn);
    if out.is_json() {
        return out.value(&json!({
            "session": turn.session, "turn": turn.id, "at": turn.at,
            "project": hit.found.project, "text": turn.quotable(),
            "score": search::rounded(hit.score), "why": search::reasons_json(hit),
        }));
    }
    let speaker = turn.speaker().map_or("nobody", |speaker| speaker.as_str());
    let place = format!(
        "{} {speaker} in session {}",
        moment::show(turn.at),
        turn.session
    );
    out.line(format!(
        "{} {}",
        out.ink(Ink::Name, turn.id.as_str()),
        out.ink(Ink::Faint, place)
    ))?;
    out.line(format!("  {}", headline(&turn.quotable(), 240)))?;
    if why {
        out.line(format!("  {}", out.ink(Ink::Faint, search::reasons(hit))))?;
    }
    Ok(())
}

async fn show(house: &House, prefix: &str, around: Option<&str>, limit: usize) -> Result<()> {
    let session = session_named(house, prefix).await?;
    let around = around.map(TurnId::new);
    let turns = house
        .store
        .conversation(&session, around.as_ref(), limit)
        .await?;
    if house.out.is_json() {
        return turns.iter().try_for_each(|turn| house.out.value(turn));
    }
    turns.iter().try_for_each(|turn| print_turn(house, turn))
}

/// Returns the one session whose name begins so.
pub(super) async fn session_named(house: &House, prefix: &str) -> Result<SessionId> {
    let mut after: Option<Conversation> = None;
    let mut found: Vec<SessionId> = Vec::new();
    loop {
        let from = after
            .as_ref()
            .map(|last| (last.session.started_at, &last.session.id));
        let mut page = house.store.conversations(None, from, PAGE).await?;
        let named = page
            .iter()
            .filter(|one| one.session.id.as_str().starts_with(prefix));
        found.extend(named.map(|one| one.session.id.clone()));
        match page.pop() {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => bail!("no session's name begins with {prefix}; `dormouse conversations list`"),
        several => match several.iter().find(|id| id.as_str() == prefix) {
            Some(exact) => Ok(exact.clone()),
            None => bail!(
                "{} sessions' names begin with {prefix}: give more of it",
                several.len()
            ),
        },
    }
}

fn print_turn(house: &House, turn: &Turn) -> Result<()> {
    for part in &turn.parts {
        let place = format!("{} {}", moment::show(turn.at), turn.id);
        let place = house.out.ink(Ink::Faint, place);
        house.out.line(format!(
            "{} {place}",
            house.out.ink(Ink::Strong, title(part))
        ))?;
        for line in harmless(&part.text).lines() {
            house.out.line(format!("  {line}"))?;
        }
    }
    Ok(())
}

fn title(part: &Part) -> String {
    let speaker = part.speaker.as_str();
    match &part.kind {
        PartKind::Said => speaker.to_owned(),
        PartKind::Call { tool, .. } => format!("{speaker} calls {}", harmless(tool)),
        PartKind::Result {
            tool,
            failed: false,
            ..
        } => format!("{speaker} {}", harmless(tool)),
        PartKind::Result {
            tool, failed: true, ..
        } => {
            format!("{speaker} {} failed", harmless(tool))
        }
        PartKind::Refusal { .. } => format!("{speaker} refuses"),
    }
}
