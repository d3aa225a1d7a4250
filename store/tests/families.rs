//! Projects that are one stay one when names of theirs are purged, and go together or not at all.

mod house;

use domain::*;
use house::*;
use regex::Regex;
use store::Purge;

fn pattern(text: &str) -> Purge {
    Purge::Pattern(Regex::new(text).expect("a pattern"))
}

both_engines! {
    async fn a_project_to_which_a_living_one_was_merged_loses_its_names_and_stays(house: House) {
        let store = house.open().await;
        let (shop, clone) = (project("plugh"), project("clone"));
        let of_clone = told(&store, Some(&clone.id), "of the clone", 3);
        let changes = Changes {
            projects: vec![shop.clone(), clone.clone()],
            ..saved(of_clone, Vec::new())
        };
        write(&store, &changes).await;
        store.merge_projects(&clone.id, &shop.id, at(4)).await.expect("merges");
        store.purge(&pattern("plugh"), at(5)).await.expect("purges");
        let listed = store.projects().await.expect("lists");
        let listed: Vec<_> = listed.iter().map(|one| (&one.project.name, one.memories)).collect();
        assert_eq!(listed, [(&shop.id.to_string(), 1)], "it goes by its id");
        store.purge(&pattern("clone"), at(6)).await.expect("purges");
        assert!(house.dump("SELECT id FROM projects").await.is_empty(), "they hold nothing now");
    }
}
