//! The laws of looking back: what was taken back is still told, and a time past is shown as it was.

mod house;

use domain::*;
use house::*;
use store::{Change, Happening, ListWish, Store};

/// What happened to a memory, in short: the change, its run, and the run that took it back.
async fn history(store: &Store, id: &MemoryId) -> Vec<(&'static str, RunId, Option<RunId>)> {
    let happened = store.history(id).await.expect("a history");
    let short = |one: &Happening| {
        let change = match &one.change {
            Change::Written(_) => "written",
            Change::Removed => "removed",
            Change::Quoted(_) => "quoted",
            Change::Believed(_) => "believed",
            Change::Linked(_) => "linked",
            Change::Unlinked(_) => "unlinked",
        };
        (change, one.run, one.taken_back_by)
    };
    happened.iter().map(short).collect()
}

/// The one memory as it was known at a time, if it was held then.
async fn known(store: &Store, when: i64) -> Option<Record> {
    let view = View {
        known_at: Some(at(when)),
        ..View::default()
    };
    let page = store.list(&ListWish::held(view, 9)).await.expect("a page");
    assert!(page.len() < 2, "there is one memory");
    page.into_iter().next()
}

/// How many quotes it had then, what spoke for it, and how it stood.
async fn then(store: &Store, when: i64) -> Option<(usize, i64, Standing)> {
    let known = known(store, when).await?;
    Some((known.evidence.len(), known.belief.support, known.standing))
}

fn linked(links: Vec<Link>, when: i64) -> Changes {
    Changes {
        links,
        ..Changes::at(at(when))
    }
}

async fn exported(store: &Store) -> Vec<String> {
    let mut export = store.export();
    let mut lines = Vec::new();
    while let Some(mut page) = export.page().await.expect("a page") {
        lines.append(&mut page);
    }
    lines
}

both_engines! {
    async fn what_was_taken_back_stays_in_the_history(house: House) {
        let store = house.open().await;
        let one = memory("use pnpm", "t1");
        let id = one.memory.id.clone();
        let born = write(&store, &saving(std::slice::from_ref(&one))).await;
        let gained = Changes {
            evidence: vec![(id.clone(), evidence("t4", "pnpm again"))],
            beliefs: vec![belief(&id, "s4", 150)],
            links: vec![link(&id, None, LinkKind::Proposed, 6)],
            ..Changes::at(at(6))
        };
        let gained = write(&store, &gained).await;
        let back = store.undo(gained, at(7)).await.expect("undoes").by;
        let told = [
            ("quoted", born, None),
            ("quoted", gained, Some(back)),
            ("written", born, None),
            ("believed", gained, Some(back)),
            ("linked", gained, Some(back)),
        ];
        let mut found = history(&store, &id).await;
        found[..2].sort();
        assert_eq!(found, told);
        store.prune_journal(at(1000)).await.expect("prunes");
        let mut found = history(&store, &id).await;
        found[..2].sort();
        assert_eq!(found, told, "history outlives the journal");
    }

    async fn a_link_is_told_by_the_run_that_began_it_and_the_run_that_ended_it(house: House) {
        let store = house.open().await;
        let one = memory("use pnpm", "t1");
        let id = one.memory.id.clone();
        write(&store, &saving(&[one])).await;
        let doubt = link(&id, None, LinkKind::Quarantined, 3);
        let began = write(&store, &linked(vec![doubt.clone()], 3)).await;
        let ended = write(&store, &linked(vec![doubt.ended(at(4))], 4)).await;
        let links = async || {
            let mut told = history(&store, &id).await;
            told.retain(|(change, ..)| change.ends_with("linked"));
            told
        };
        assert_eq!(links().await, [("linked", began, None), ("unlinked", ended, None)]);
        let back = store.undo(ended, at(5)).await.expect("undoes").by;
        assert_eq!(links().await, [("linked", began, None), ("unlinked", ended, Some(back))]);
        store.undo(back, at(6)).await.expect("undoes the undo");
        assert_eq!(links().await, [("linked", began, None), ("unlinked", ended, None)]);
    }

    async fn no_revision_is_used_twice_and_an_export_cannot_tell(house: House) {
        let store = house.open().await;
        let one = memory("use npm", "t1");
        let id = one.memory.id.clone();
        let born = write(&store, &saving(std::slice::from_ref(&one))).await;
        let before = exported(&store).await;
        let second = reworded(&one.memory, "use pnpm");
        let edit = Changes { updated: vec![second.clone()], ..Changes::at(at(2)) };
        let edit = write(&store, &edit).await;
        let late = Changes { read: vec![(id.clone(), second.revision)], ..Changes::at(at(5)) };
        store.undo(edit, at(3)).await.expect("undoes");
        assert_eq!(exported(&store).await, before);
        let revision = "SELECT CAST(revision AS TEXT) FROM memories";
        assert_eq!(house.dump(revision).await, ["3"]);
        let third = Memory { revision: Revision(4), ..reworded(&one.memory, "use bun") };
        write(&store, &Changes { updated: vec![third], ..Changes::at(at(4)) }).await;
        let by = Author::Person("edit".to_owned());
        let found = store.apply(&late, &by).await.expect("answers");
        assert_eq!(found, Finished::Stale(vec![id]), "it was decided on the second revision");
        let later = RunId(born.0 + 3);
        store.undo(later, at(6)).await.expect("undoes the last edit");
        store.undo(born, at(7)).await.expect("takes the memory away");
        write(&store, &Changes { at: at(8), ..saving(std::slice::from_ref(&one)) }).await;
        assert_eq!(house.dump(revision).await, ["6"], "born again, but not at its first revision");
        assert_eq!(exported(&store).await, before);
    }

    async fn known_at_a_time_nothing_counts_that_was_written_later(house: House) {
        let store = house.open().await;
        let one = memory("use pnpm", "t1");
        let id = one.memory.id.clone();
        write(&store, &saving(&[one])).await;
        // It was said and believed at 5, and linked at 6, but we took that in at 10.
        let gained = Changes {
            evidence: vec![(id.clone(), Evidence { at: at(5), ..evidence("t4", "pnpm again") })],
            beliefs: vec![belief(&id, "s4", 150)],
            links: vec![link(&id, None, LinkKind::DisputedWith, 6)],
            ..Changes::at(at(10))
        };
        let gained = write(&store, &gained).await;
        assert_eq!(known(&store, 0).await, None);
        let (young, grown) = (Some((1, 0, Standing::Active)), Some((2, 150, Standing::Disputed)));
        assert_eq!(then(&store, 8).await, young);
        assert_eq!(then(&store, 10).await, grown);
        let back = store.undo(gained, at(20)).await.expect("undoes").by;
        store.undo(back, at(30)).await.expect("undoes the undo");
        for (when, expect) in [(8, young), (15, grown), (25, young), (35, grown)] {
            assert_eq!(then(&store, when).await, expect, "known at {when}");
        }
    }

    async fn known_at_a_time_what_was_hidden_then_is_hidden(house: House) {
        let store = house.open().await;
        let one = memory("use pnpm", "t1");
        let id = one.memory.id.clone();
        write(&store, &saving(&[one])).await;
        let hidden = link(&id, None, LinkKind::Forgotten, 10);
        write(&store, &linked(vec![hidden.clone()], 10)).await;
        // At 20 somebody brings it back, and says that it was wrong from 12 on.
        write(&store, &linked(vec![hidden.ended(at(12))], 20)).await;
        let again = link(&id, None, LinkKind::Quarantined, 30);
        let again = write(&store, &linked(vec![again], 30)).await;
        store.undo(again, at(40)).await.expect("undoes");
        for (when, held) in [(5, true), (11, false), (15, false), (25, true), (35, false), (45, true)] {
            assert_eq!(known(&store, when).await.is_some(), held, "known at {when}");
        }
    }

    async fn an_import_brings_what_was_known_elsewhere_with_its_own_dates(house: House) {
        let other = House::sqlite().opened().await;
        let elsewhere = &other.store;
        let one = memory("use pnpm", "t1");
        let id = one.memory.id.clone();
        let changes = Changes { beliefs: vec![belief(&id, "s1", 200)], ..saving(&[one]) };
        write(elsewhere, &changes).await;
        let hidden = link(&id, None, LinkKind::Forgotten, 30);
        write(elsewhere, &linked(vec![hidden], 30)).await;
        let store = house.open().await;
        let lines = exported(elsewhere).await.into_iter().map(Ok);
        store.import(lines, at(1000)).await.expect("is read in");
        assert_eq!(then(&store, 3).await, Some((1, 0, Standing::Active)));
        assert_eq!(then(&store, 20).await, Some((1, 200, Standing::Active)));
        assert_eq!(known(&store, 40).await, None);
    }

    async fn an_import_is_one_run_however_long_it_is(house: House) {
        let other = House::sqlite().opened().await;
        let elsewhere = &other.store;
        let (shop, clone) = (project("shop"), project("shop-clone"));
        let told = (0..600).map(|n| told(elsewhere, Some(&shop.id), &format!("rule {n}"), 2));
        let saved = told.map(|memory| NewMemory { memory, evidence: Vec::new() });
        let changes = Changes {
            projects: vec![shop.clone(), clone.clone()],
            saved: saved.collect(),
            ..Changes::at(at(2))
        };
        write(elsewhere, &changes).await;
        elsewhere.merge_projects(&clone.id, &shop.id, at(3)).await.expect("merges");
        let lines = exported(elsewhere).await;
        let store = house.open().await;
        let done = store.import(lines.iter().cloned().map(Ok), at(50)).await.expect("is read in");
        assert_eq!((done.lines, done.memories), (602, 600));
        assert_eq!(exported(&store).await, lines);
        let run = done.run.expect("there was something new");
        let undone = store.undo(run, at(60)).await.expect("undoes");
        assert_eq!((undone.undoing.removed.len(), undone.undoing.projects), (600, 1));
        assert!(house.dump("SELECT id FROM memories").await.is_empty());
    }

    async fn a_purge_reaches_what_was_taken_back(house: House) {
        let store = house.open().await;
        let one = memory("use pnpm", "t1");
        let id = one.memory.id.clone();
        write(&store, &saving(&[one])).await;
        let gained = |session: &str, turn: &str, words: &str| {
            let quote = Evidence { session: SessionId::new(session), ..evidence(turn, words) };
            Changes { evidence: vec![(id.clone(), quote)], ..Changes::at(at(3)) }
        };
        for (session, turn, words) in [("s7", "t7", "by session"), ("s8", "t8", "by pattern")] {
            let run = write(&store, &gained(session, turn, words)).await;
            store.undo(run, at(4)).await.expect("undoes");
        }
        let kept = "SELECT body FROM former ORDER BY number";
        assert_eq!(house.dump(kept).await.len(), 2);
        let what = store::Purge::Session(SessionId::new("s7"));
        store.purge(&what, at(5)).await.expect("purges");
        let left = house.dump(kept).await;
        assert!(left.len() == 1 && left[0].contains("by pattern"), "{left:?}");
        let what = store::Purge::Pattern(regex::Regex::new("by pattern").expect("a pattern"));
        store.purge(&what, at(6)).await.expect("purges");
        assert!(house.dump(kept).await.is_empty());
    }

    async fn only_what_is_really_new_is_counted(house: House) {
        let store = house.open().await;
        let by = Author::Worker;
        let count = async |changes: &Changes| match store.apply(changes, &by).await.expect("answers") {
            Finished::Done { wrote, .. } => wrote,
            other => panic!("not written: {other:?}"),
        };
        let (good, doubted) = (memory("use pnpm", "t1"), memory("use yarn", "t2"));
        let changes = Changes {
            turns: vec![turn("t1", "s1", 1, "use pnpm"), turn("t2", "s1", 2, "use yarn")],
            links: vec![
                link(&doubted.memory.id, None, LinkKind::Quarantined, 1),
                link(&good.memory.id, Some(&doubted.memory.id), LinkKind::Near, 1),
            ],
            ..saving(&[good.clone(), doubted])
        };
        let first = Wrote { turns: 2, memories: 1, quarantined: 1, supported: 0 };
        assert_eq!(count(&changes).await, first);
        assert_eq!(count(&changes).await, Wrote::default(), "all of it is known");
        let again = |turn: &str| (good.memory.id.clone(), evidence(turn, "pnpm again"));
        let support = Changes { evidence: vec![again("t3"), again("t4")], ..Changes::at(at(2)) };
        assert_eq!(count(&support).await, Wrote { supported: 1, ..Wrote::default() });
        let what = store::Purge::Pattern(regex::Regex::new("pnpm").expect("a pattern"));
        store.purge(&what, at(3)).await.expect("purges");
        assert_eq!(count(&changes).await.memories, 0, "what was purged is not written again");
    }
}
