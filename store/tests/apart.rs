//! Two tenants in one store, with the same names for everything: what the one does moves nothing of the
//! other's, and what the other has counts for nothing.
//!
//! That jobs, undos and prunings keep apart stands in `fences.rs` and `restored.rs`.

mod house;

use domain::*;
use house::*;
use regex::Regex;
use store::{Purge, Store};

/// Ann of Acme, and an Ann of another tenant.
async fn twins(house: &House) -> (Store, Store) {
    let ann = house.open().await;
    let eve = ann.seen_by(who("other", "ann"));
    (ann, eve)
}

async fn exported(store: &Store) -> Vec<String> {
    let mut export = store.export();
    let mut lines = Vec::new();
    while let Some(mut page) = export.page().await.expect("a page") {
        lines.append(&mut page);
    }
    lines
}

fn forgetting(memory: &Memory) -> Changes {
    hidden(memory, LinkKind::Forgotten, None, 3)
}

fn edit(memory: &Memory, when: i64) -> Changes {
    Changes {
        updated: vec![memory.clone()],
        ..Changes::at(at(when))
    }
}

both_engines! {
    async fn what_is_let_in_again_is_ones_own_and_of_its_own_kind(house: House) {
        let (ann, eve) = twins(&house).await;
        let others = [ann.seen_by(who("acme", "bob")), eve];
        let out = [Exclusion::Path("x".to_owned()), Exclusion::Project(ProjectId::new("x"))];
        for store in others.iter().chain([&ann]) {
            for what in &out {
                assert!(store.exclude(what, at(1)).await.expect("keeps out"));
            }
        }
        assert!(ann.include(&out[0], at(2)).await.expect("lets in"));
        assert_eq!(ann.exclusions().await.expect("a list"), out[1..]);
        for store in &others {
            assert_eq!(store.exclusions().await.expect("a list"), out, "{:?}", store.who());
        }
    }

    async fn a_project_counts_what_its_reader_sees_in_it(house: House) {
        let (ann, eve) = twins(&house).await;
        let bob = ann.seen_by(who("acme", "bob"));
        let shop = project("shop");
        for (store, name) in [(&ann, "ann"), (&bob, "bob"), (&eve, "eve")] {
            let told = told(store, Some(&shop.id), &format!("{name} uses pnpm"), 2);
            let changes = Changes {
                projects: vec![shop.clone()],
                sessions: vec![talk(&format!("s-{name}"), Some(&shop.id), 1)],
                turns: vec![turn(&format!("t-{name}"), &format!("s-{name}"), 1, "use pnpm")],
                ..saved(told, Vec::new())
            };
            write(store, &changes).await;
        }
        let name = Alias { kind: AliasKind::Path, value: "/srv/of-eve".to_owned() };
        assert!(eve.alias(&shop.id, &name).await.expect("is named"));
        let projects = ann.projects().await.expect("a list");
        let [seen] = projects.as_slice() else { panic!("{projects:?}") };
        // Memories of a project are everybody's of the tenant; what was said is one's own.
        assert_eq!((seen.memories, seen.sessions, seen.turns), (2, 1, 1));
        assert_eq!(seen.project, shop);
    }

    async fn projects_are_named_and_merged_for_one_tenant_alone(house: House) {
        let (ann, eve) = twins(&house).await;
        let [shop, clone, hers] = ["shop", "clone", "hers"].map(project);
        let both = vec![shop.clone(), clone.clone()];
        write(&ann, &Changes { projects: both.clone(), ..Changes::at(at(1)) }).await;
        write(&eve, &Changes { projects: [both, vec![hers.clone()]].concat(), ..Changes::at(at(1)) }).await;
        let name = Alias { kind: AliasKind::Path, value: "/srv/elsewhere".to_owned() };
        let named = ann.alias(&hers.id, &name).await;
        assert!(matches!(named, Err(StoreError::Refused(_))), "{named:?}");
        let merged = ann.merge_projects(&shop.id, &hers.id, at(2)).await;
        assert!(matches!(merged, Err(StoreError::Refused(_))), "{merged:?}");
        let count = async |store: &Store| store.projects().await.expect("a list").len();
        let run = ann.merge_projects(&clone.id, &shop.id, at(3)).await.expect("merges");
        assert_eq!((count(&ann).await, count(&eve).await), (1, 3));
        eve.merge_projects(&clone.id, &shop.id, at(4)).await.expect("merges");
        ann.undo(run, at(5)).await.expect("undoes");
        assert_eq!((count(&ann).await, count(&eve).await), (2, 2));
    }

    async fn a_run_of_the_same_number_is_another_run(house: House) {
        let (ann, eve) = twins(&house).await;
        let (one, two) = (memory("use pnpm", "t1"), memory("use bun", "t2"));
        let said = Changes { turns: vec![turn("t1", "s1", 1, "words")], ..Changes::at(at(1)) };
        let empty = write(&eve, &said).await;
        let first = write(&ann, &saving(std::slice::from_ref(&one))).await;
        assert_eq!(first, empty);
        assert_eq!(eve.last_run_with_memories().await.expect("answers"), None);
        let hers = write(&eve, &saving(std::slice::from_ref(&one))).await;
        let edited = reworded(&one.memory, "use yarn");
        write(&eve, &edit(&edited, 2)).await;
        write(&eve, &edit(&reworded(&edited, "use npm"), 2)).await;
        let second = write(&ann, &saving(std::slice::from_ref(&two))).await;
        assert_eq!(second, hers);
        let removed = async |run| {
            let preview = ann.undo_preview(run).await.expect("nothing of ours came later");
            preview.removed.into_iter().map(|memory| memory.id).collect::<Vec<_>>()
        };
        assert_eq!(removed(first).await, [one.memory.id]);
        assert_eq!(removed(second).await, [two.memory.id]);
        let third = Changes { at: at(900), ..saving(&[memory("use deno", "t3")]) };
        let third = write(&ann, &third).await;
        // Hers of that number is old; ours is young.
        assert_eq!(ann.prune_journal(at(500)).await.expect("prunes"), 4);
        ann.undo(third, at(901)).await.expect("undoes");
    }

    async fn what_another_forgot_or_purged_still_stands_here(house: House) {
        let (ann, eve) = twins(&house).await;
        let known = memory("use pnpm", "t1");
        let second = reworded(&known.memory, "use pnpm at home");
        write(&eve, &saving(std::slice::from_ref(&known))).await;
        write(&eve, &edit(&second, 2)).await;
        write(&ann, &saving(std::slice::from_ref(&known))).await;
        let numbers = "SELECT tenant || CAST(number AS TEXT) FROM revisions ORDER BY tenant, number";
        assert_eq!(house.dump(numbers).await, ["acme1", "other1", "other2"]);
        let standing = "SELECT tenant || ' ' || standing FROM memories ORDER BY tenant";
        write(&eve, &forgetting(&known.memory)).await;
        assert_eq!(house.dump(standing).await, ["acme active", "other forgotten"]);
        // Whatever moves on ours is derived from our own links, and the same link is ours to make.
        let edited = write(&ann, &edit(&second, 5)).await;
        assert_eq!(house.dump(standing).await, ["acme active", "other forgotten"]);
        write(&ann, &forgetting(&known.memory)).await;
        assert_eq!(house.dump(standing).await, ["acme forgotten", "other forgotten"]);
        let pnpm = Purge::Pattern(Regex::new("pnpm").expect("a pattern"));
        eve.purge(&pnpm, at(6)).await.expect("purges");
        ann.undo(edited, at(7)).await.expect("undoes");
        assert_eq!(house.dump("SELECT tenant || ' ' || what FROM memories").await, ["acme use pnpm"]);
    }

    async fn an_export_of_another_is_read_in_whole_beside_it(house: House) {
        let (ann, eve) = twins(&house).await;
        let (one, two) = (memory("use pnpm", "t1"), memory("use npm", "t2"));
        let changes = Changes {
            beliefs: vec![belief(&one.memory.id, "s1", 100)],
            links: vec![link(&two.memory.id, Some(&one.memory.id), LinkKind::SupersededBy, 3)],
            ..saving(&[one, two])
        };
        write(&eve, &changes).await;
        let lines = exported(&eve).await;
        let done = ann.import(lines.iter().cloned().map(Ok), at(9)).await.expect("is read in");
        assert_eq!((done.memories, done.loose_links), (2, 0));
        assert_eq!(exported(&ann).await, lines);
    }
}
