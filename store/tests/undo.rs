//! The laws of taking back: what stood before stands again, and nobody's later work is lost.

mod house;

use domain::*;
use house::*;
use store::Store;

/// All that an undo restores, as an export would tell it.
async fn told(house: &House) -> Vec<String> {
    let questions = [
        "SELECT id || '|' || what || '|' || COALESCE(when_, '') || '|' || tags || '|' || standing || '|'
            || CAST(run AS TEXT) || '|' || CAST(seen_at AS TEXT)
         FROM memories ORDER BY 1",
        "SELECT id || '|' || quote || '|' || CAST(run AS TEXT) FROM evidence ORDER BY 1",
        "SELECT id || '|' || CAST(weight AS TEXT) || '|' || CAST(run AS TEXT) FROM beliefs ORDER BY 1",
        "SELECT id || '|' || COALESCE(CAST(ended_at AS TEXT), '') || '|' || why || '|' || CAST(run AS TEXT)
         FROM links ORDER BY 1",
        "SELECT kind || '|' || id || '|' || CAST(tokens AS TEXT) FROM docs ORDER BY 1",
    ];
    let mut told = Vec::new();
    for question in questions {
        told.extend(house.dump(question).await);
    }
    told
}

/// Two memories, one of them archived behind the other.
async fn furnish(store: &Store) -> (Memory, Memory) {
    let (one, two) = (memory("use pnpm", "t1"), memory("never npm", "t2"));
    let behind = link(
        &one.memory.id,
        Some(&two.memory.id),
        LinkKind::ArchivedBehind,
        2,
    );
    let changes = Changes {
        beliefs: vec![belief(&one.memory.id, "s1", 200)],
        links: vec![behind],
        ..saving(&[one.clone(), two.clone()])
    };
    write(store, &changes).await;
    (one.memory, two.memory)
}

/// Everything that a run can do to memories at once.
fn upheaval(one: &Memory, two: &Memory) -> Changes {
    let born = memory("pnpm everywhere", "t3");
    let behind = link(&one.id, Some(&two.id), LinkKind::ArchivedBehind, 2);
    Changes {
        read: vec![(one.id.clone(), one.revision)],
        updated: vec![reworded(one, "use pnpm at home")],
        evidence: vec![(two.id.clone(), evidence("t3", "never ever npm"))],
        beliefs: vec![
            belief(&two.id, "s2", 150),
            belief(&born.memory.id, "s2", 50),
        ],
        links: vec![
            behind.ended(at(8)),
            link(&two.id, Some(&born.memory.id), LinkKind::SupersededBy, 8),
        ],
        saved: vec![born],
        ..Changes::at(at(8))
    }
}

async fn refusal(store: &Store, run: RunId) -> String {
    match store.undo(run, at(90)).await {
        Err(StoreError::Refused(why)) => why,
        other => panic!("not refused: {other:?}"),
    }
}

both_engines! {
    async fn a_run_taken_back_leaves_what_stood_before_it(house: House) {
        let store = house.open().await;
        let (one, two) = furnish(&store).await;
        let before = told(&house).await;
        let run = write(&store, &upheaval(&one, &two)).await;
        let after = told(&house).await;
        assert_ne!(after, before);
        let preview = store.undo_preview(run).await.expect("previews");
        assert_eq!(told(&house).await, after, "a preview changes nothing");
        let undone = store.undo(run, at(9)).await.expect("undoes");
        assert_eq!(undone.undoing, preview);
        assert_eq!((preview.removed.len(), preview.restored.len()), (1, 1));
        assert_eq!((preview.evidence, preview.beliefs, preview.links.len()), (2, 2, 2));
        assert_eq!(told(&house).await, before);
        assert!(refusal(&store, run).await.contains("was taken back already"));
        // And once more: the undo is a run like any other.
        store.undo(undone.by, at(10)).await.expect("undoes the undo");
        assert_eq!(told(&house).await, after);
        store.undo(run, at(11)).await.expect("undoes again");
        assert_eq!(told(&house).await, before);
    }

    async fn a_later_run_on_the_same_rows_is_named_and_nothing_is_lost(house: House) {
        let store = house.open().await;
        let (one, two) = furnish(&store).await;
        let first = write(&store, &upheaval(&one, &two)).await;
        let edited = reworded(&reworded(&one, "use pnpm at home"), "use pnpm at work");
        let later = write(&store, &Changes { updated: vec![edited], ..Changes::at(at(9)) }).await;
        let stood = told(&house).await;
        assert!(refusal(&store, first).await.contains(&format!("run {later} changed")));
        assert_eq!(told(&house).await, stood);
        store.undo(later, at(10)).await.expect("undoes");
        store.undo(first, at(11)).await.expect("then the first can go too");
    }

    async fn a_memory_that_others_lean_on_is_not_taken_from_under_them(house: House) {
        let store = house.open().await;
        let known = memory("use pnpm", "t1");
        let id = known.memory.id.clone();
        let born = write(&store, &saving(std::slice::from_ref(&known))).await;
        let leaning = Changes {
            beliefs: vec![belief(&id, "s7", 150)],
            ..Changes::at(at(4))
        };
        let leaning = write(&store, &leaning).await;
        assert!(refusal(&store, born).await.contains(&leaning.to_string()));
        store.undo(leaning, at(5)).await.expect("undoes");
        let other = memory("use npm", "t2");
        let linked = Changes {
            links: vec![link(&other.memory.id, Some(&id), LinkKind::SupersededBy, 6)],
            ..saving(&[other])
        };
        let linked = write(&store, &linked).await;
        assert!(refusal(&store, born).await.contains(&linked.to_string()));
    }

    async fn runs_on_other_rows_do_not_hinder(house: House) {
        let store = house.open().await;
        let (one, _) = furnish(&store).await;
        let edited = reworded(&one, "use pnpm at home");
        let first = write(&store, &Changes { updated: vec![edited], ..Changes::at(at(8)) }).await;
        write(&store, &saving(&[memory("unrelated", "t8")])).await;
        // More evidence for the same memory is another row.
        let gained = vec![(one.id.clone(), evidence("t4", "pnpm again"))];
        write(&store, &Changes { evidence: gained, ..Changes::at(at(9)) }).await;
        store.undo(first, at(10)).await.expect("undoes");
        assert_eq!(house.dump("SELECT id FROM evidence WHERE turn = 't4'").await.len(), 1);
        assert_eq!(house.dump("SELECT id FROM memories WHERE what = 'use pnpm'").await.len(), 1);
    }

    async fn turns_and_cursors_stay_and_their_episodes_are_left_in_peace(house: House) {
        let store = house.open().await;
        let source = Source::unread("/t.jsonl", Format::ClaudeCodeJsonl);
        store.enqueue(&ingest(source.id.as_str()), at(0), at(0)).await.expect("enqueues");
        let job = store.claim(at(1), seconds(60)).await.expect("claims").expect("is due");
        let episode = episode("s1", &["t1"]);
        let again = Job::Extract { episode: episode.id.clone(), project: None };
        let read = Changes {
            cursor: Some((source.id.clone(), Cursor { offset: 9, ..Cursor::default() })),
            sources: vec![source.clone()],
            turns: vec![turn("t1", "s1", 1, "use pnpm")],
            episodes: vec![episode],
            saved: vec![memory("use pnpm", "t1")],
            next: vec![
                NextJob { job: again.clone(), due: at(2) },
                NextJob { job: ingest(source.id.as_str()), due: at(2) },
            ],
            ..Changes::at(at(2))
        };
        store.finish(&job, &read).await.expect("finishes");
        store.undo(job.run, at(3)).await.expect("undoes");
        assert!(house.dump("SELECT id FROM memories").await.is_empty());
        assert_eq!(house.dump("SELECT id FROM turns").await, ["t1"]);
        assert_eq!(house.dump("SELECT CAST(cursor_bytes AS TEXT) FROM sources").await, ["9"]);
        assert_eq!(store.enqueue(&again, at(4), at(4)).await.expect("answers"), None);
        // Reading goes on, in a run of its own, so that what it finds is not counted as taken back.
        let on = store.claim(at(5), seconds(60)).await.expect("claims").expect("is due");
        assert_eq!(on.job, ingest(source.id.as_str()));
        assert_ne!(on.run, job.run);
        store.finish(&on, &Changes { next: vec![NextJob { job: again, due: at(6) }], ..Changes::at(at(6)) })
            .await
            .expect("finishes");
        assert!(store.claim(at(7), seconds(60)).await.expect("claims").is_none());
    }

    async fn whoever_holds_a_job_during_an_undo_decides_again(house: House) {
        let store = house.open().await;
        let (one, two) = furnish(&store).await;
        let run = write(&store, &upheaval(&one, &two)).await;
        store.enqueue(&extract("e", None), at(0), at(0)).await.expect("enqueues");
        let job = store.claim(at(1), seconds(60)).await.expect("claims").expect("is due");
        store.undo(run, at(9)).await.expect("undoes");
        let found = store.finish(&job, &saving(&[memory("late", "t5")])).await;
        assert_eq!(found.expect("answers"), Finished::Lost);
        let again = store.claim(at(9), seconds(60)).await.expect("claims").expect("is due at once");
        assert_eq!(again.id, job.id);
    }

    async fn the_last_run_that_wrote_memories_is_the_one_to_take_back(house: House) {
        let store = house.open().await;
        assert_eq!(store.last_run_with_memories().await.expect("answers"), None);
        let first = write(&store, &saving(&[memory("use pnpm", "t1")])).await;
        let second = write(&store, &saving(&[memory("use bun", "t2")])).await;
        write(&store, &Changes { turns: vec![turn("t1", "s1", 1, "words")], ..Changes::at(at(4)) }).await;
        let last = async || store.last_run_with_memories().await.expect("answers").map(|run| run.id);
        assert_eq!(last().await, Some(second));
        store.undo(second, at(5)).await.expect("undoes");
        assert_eq!(last().await, Some(first));
        let bob = store.seen_by(who("acme", "bob"));
        assert_eq!(bob.last_run_with_memories().await.expect("answers"), None);
        assert!(refusal(&bob, first).await.contains("there is no run"));
    }

    async fn a_pruned_journal_says_that_it_no_longer_reaches_back(house: House) {
        let store = house.open().await;
        let old = write(&store, &saving(&[memory("use pnpm", "t1")])).await;
        let young = Changes { at: at(1000), ..saving(&[memory("use bun", "t2")]) };
        let young = write(&store, &young).await;
        assert_eq!(store.prune_journal(at(500)).await.expect("prunes"), 2);
        assert!(refusal(&store, old).await.contains("no longer reaches back"));
        store.undo(young, at(1001)).await.expect("undoes");
        assert!(refusal(&store, RunId(99)).await.contains("there is no run r99"));
    }

    async fn a_row_that_a_run_wrote_twice_stands_as_before_the_first_time(house: House) {
        let store = house.open().await;
        let (one, _) = furnish(&store).await;
        let before = told(&house).await;
        let second = reworded(&one, "use pnpm at home");
        let third = reworded(&second, "use pnpm at work");
        store.enqueue(&ingest("s"), at(3), at(3)).await.expect("enqueues");
        let job = store.claim(at(3), seconds(60)).await.expect("claims").expect("is due");
        let first = Changes {
            updated: vec![second],
            next: vec![NextJob { job: extract("e", None), due: at(4) }],
            ..Changes::at(at(4))
        };
        store.finish(&job, &first).await.expect("finishes");
        let next = store.claim(at(4), seconds(60)).await.expect("claims").expect("is due");
        assert_eq!(next.run, job.run, "both belong to one run");
        store.finish(&next, &Changes { updated: vec![third], ..Changes::at(at(5)) }).await.expect("finishes");
        let undone = store.undo(job.run, at(6)).await.expect("undoes");
        let restored: Vec<&str> =
            undone.undoing.restored.iter().map(|memory| memory.lesson.what.as_str()).collect();
        assert_eq!(restored, ["use pnpm"]);
        assert_eq!(told(&house).await, before);
    }

    async fn a_run_is_as_old_as_what_it_wrote_last(house: House) {
        let store = house.open().await;
        store.enqueue(&ingest("s"), at(0), at(0)).await.expect("enqueues");
        // It began long ago, and its work came late.
        let job = store.claim(at(900), seconds(60)).await.expect("claims").expect("is due");
        let late = Changes { at: at(900), ..saving(&[memory("use pnpm", "t1")]) };
        store.finish(&job, &late).await.expect("finishes");
        assert_eq!(store.prune_journal(at(500)).await.expect("prunes"), 0);
        store.undo(job.run, at(901)).await.expect("the journal still reaches back");
        assert!(house.dump("SELECT id FROM memories").await.is_empty());
    }

    async fn history_tells_of_an_undo(house: House) {
        let store = house.open().await;
        let known = memory("use npm", "t1");
        let born = write(&store, &saving(std::slice::from_ref(&known))).await;
        let second = reworded(&known.memory, "use pnpm");
        let edit = write(&store, &Changes { updated: vec![second], ..Changes::at(at(2)) }).await;
        store.undo(edit, at(3)).await.expect("undoes");
        store.undo(born, at(4)).await.expect("undoes");
        let told = house
            .dump("SELECT verb || ' ' || CAST(revision AS TEXT) || ' ' || COALESCE(SUBSTR(body, 1, 1), '-')
                   FROM revisions ORDER BY number")
            .await;
        assert_eq!(told, ["save 1 {", "save 2 {", "undo 3 {", "undo 3 -"]);
    }

    async fn a_merge_of_projects_is_taken_back_too(house: House) {
        let store = house.open().await;
        let project = |path: &str| {
            let alias = Alias { kind: AliasKind::Path, value: path.to_owned() };
            Project::from_aliases(vec![alias]).expect("has a name")
        };
        let (one, two) = (project("/one"), project("/two"));
        write(&store, &Changes { projects: vec![one.clone(), two.clone()], ..Changes::at(at(1)) }).await;
        let merged = store.merge_projects(&one.id, &two.id, at(2)).await.expect("merges");
        let apart = "SELECT id FROM projects WHERE merged_into IS NULL";
        assert_eq!(house.dump(apart).await.len(), 1);
        assert_eq!(store.undo(merged, at(3)).await.expect("undoes").undoing.projects, 1);
        assert_eq!(house.dump(apart).await.len(), 2);
    }
}
