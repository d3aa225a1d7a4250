//! What moves house, and what is one: imports, merged projects and their names, and long archives.
//!
//! That an export comes back byte for byte stands in `reads/export.rs`.

mod house;

use domain::*;
use house::*;
use regex::Regex;
use store::{ImportError, Imported, ListWish, Purge, Store};

async fn exported(store: &Store) -> Vec<String> {
    let mut export = store.export();
    let mut lines = Vec::new();
    while let Some(mut page) = export.page().await.expect("a page") {
        lines.append(&mut page);
    }
    lines
}

async fn import(store: &Store, lines: &[String]) -> Result<Imported, ImportError> {
    let lines = lines.iter().map(|line| Ok(line.clone()));
    store.import(lines, at(50)).await
}

async fn all(store: &Store) -> Vec<Record> {
    let wish = ListWish::all(View::default(), 2000);
    store.list(&wish).await.expect("a list")
}

fn pattern(text: &str) -> Purge {
    Purge::Pattern(Regex::new(text).expect("a pattern"))
}

both_engines! {
    async fn whoever_imports_owns_what_is_new(house: House) {
        let ann = house.open().await;
        write(&ann, &saved(told(&ann, None, "use pnpm", 1), Vec::new())).await;
        let lines = exported(&ann).await;
        let new = House::sqlite();
        let bob = new.open_for(who("acme", "bob")).await;
        import(&bob, &lines).await.expect("is read in");
        let owners = new.dump("SELECT owner FROM memories").await;
        assert_eq!(owners, ["bob"]);
    }

    async fn a_known_memory_gains_the_quotes_that_an_import_brings(house: House) {
        let ann = house.open().await;
        let known = memory("use pnpm", "t1");
        write(&ann, &saving(std::slice::from_ref(&known))).await;
        let more = vec![(known.memory.id.clone(), evidence("t2", "pnpm it is"))];
        let run = write(&ann, &Changes { evidence: more, ..Changes::at(at(2)) }).await;
        let lines = exported(&ann).await;
        ann.undo(run, at(3)).await.expect("undoes");
        import(&ann, &lines).await.expect("is read in");
        let turns = "SELECT turn FROM evidence ORDER BY 1";
        assert_eq!(house.dump(turns).await, ["t1", "t2"]);
    }

    async fn a_link_to_a_memory_that_nobody_knows_is_counted_and_left_out(house: House) {
        let ann = house.open().await;
        let (one, two) = (memory("use npm", "t1"), memory("use pnpm", "t2"));
        let over = link(&one.memory.id, Some(&two.memory.id), LinkKind::SupersededBy, 4);
        let gone = two.memory.id.to_string();
        write(&ann, &Changes { links: vec![over], ..saving(&[one, two]) }).await;
        let mut lines = exported(&ann).await;
        lines.retain(|line| !(line.contains(&gone) && line.contains("\"what\"")));
        let new = House::sqlite();
        let done = import(&new.open().await, &lines).await.expect("is read in");
        assert_eq!((done.memories, done.loose_links), (1, 1));
        assert_eq!(new.dump("SELECT standing FROM memories").await, ["active"]);
    }

    async fn merged_projects_stay_one_when_they_are_merged_again(house: House) {
        let store = house.open().await;
        let projects = ["a", "b", "c"].map(project);
        let [a, b, c] = projects.clone().map(|project| project.id);
        write(&store, &Changes { projects: projects.to_vec(), ..Changes::at(at(1)) }).await;
        store.merge_projects(&a, &b, at(2)).await.expect("merges");
        let second = store.merge_projects(&b, &c, at(3)).await.expect("merges");
        let roots = "SELECT DISTINCT merged_into FROM projects WHERE merged_into IS NOT NULL";
        assert_eq!(house.dump(roots).await, [c.to_string()]);
        store.undo(second, at(4)).await.expect("undoes");
        assert_eq!(house.dump(roots).await, [b.to_string()]);
    }

    async fn a_name_is_given_to_a_project_that_is_there_and_once(house: House) {
        let store = house.open().await;
        let [shop, other] = ["shop", "other"].map(project);
        let projects = vec![shop.clone(), other.clone()];
        write(&store, &Changes { projects, ..Changes::at(at(1)) }).await;
        let alias = Alias { kind: AliasKind::Path, value: "/srv/elsewhere".to_owned() };
        let nobody = store.alias(&ProjectId::new("p-none"), &alias).await;
        assert!(matches!(nobody, Err(StoreError::Refused(_))), "{nobody:?}");
        assert!(store.alias(&shop.id, &alias).await.expect("answers"));
        assert!(!store.alias(&other.id, &alias).await.expect("answers"), "the name is taken");
    }
}

#[tokio::test]
async fn an_import_of_many_lines_loses_none() {
    let (old, new) = (House::sqlite(), House::sqlite());
    let (from, into) = (old.open().await, new.open().await);
    let many: Vec<NewMemory> = (0..1001)
        .map(|n| memory(&format!("fact {n}"), &format!("t{n}")))
        .collect();
    write(&from, &saving(&many)).await;
    let lines = exported(&from).await;
    import(&into, &lines).await.expect("is read in");
    assert_eq!(all(&into).await.len(), 1001);
}

#[tokio::test]
async fn a_foreign_file_with_a_version_is_no_export() {
    let house = House::sqlite();
    let head = r#"{"format":"other-export","version":1}"#.to_owned();
    let refused = import(&house.open().await, &[head]).await;
    assert!(matches!(refused, Err(ImportError::Foreign)), "{refused:?}");
}

#[tokio::test]
async fn a_purge_looks_through_a_long_archive_and_into_every_place_of_a_turn() {
    let house = House::sqlite();
    let store = house.open().await;
    let mut turns: Vec<Turn> = (0..1100)
        .map(|n| turn(&format!("t{n:04}"), "s1", n, "nothing"))
        .collect();
    turns[1001].parts[0].text = "say plugh".to_owned();
    turns[1050].place.cwd = Some("/srv/plugh".to_owned());
    turns[1099].place.branch = Some("fix-plugh".to_owned());
    let changes = Changes {
        turns,
        ..Changes::at(at(2))
    };
    write(&store, &changes).await;
    let done = store.purge(&pattern("plugh"), at(3)).await.expect("purges");
    assert_eq!(done.turns, 3);
}

#[tokio::test]
async fn a_purge_reads_what_was_written_with_escapes() {
    let house = House::sqlite();
    let store = house.open().await;
    let once = told(&store, None, "say \"plugh\"\ntwice", 1);
    write(&store, &saved(once.clone(), Vec::new())).await;
    let mended = reworded(&once, "it says nothing");
    let mending = Changes {
        updated: vec![mended],
        ..Changes::at(at(2))
    };
    write(&store, &mending).await;
    let done = store.purge(&pattern("\"plugh\"\ntwice"), at(3)).await;
    let done = done.expect("purges");
    assert_eq!((done.revisions, done.journal), (1, 1));
}
