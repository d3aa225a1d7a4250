//! What is kept out: how far it reaches, that nothing is stored there, and how it is let in again.

use std::path::Path;

use tests::{House, Transcript};

const RULE: &str = "We always use pnpm in this repository, never npm.";

/// A repository in the working directory, and a worktree of it beside.
fn house() -> House {
    let house = House::new();
    let shop = house.work().join("shop");
    let inner = shop.join(".git/worktrees/fix");
    house.write("work/shop/.git/HEAD", "ref: refs/heads/main\n");
    house.write("work/shop/.git/config", "[core]\n\tbare = false\n");
    house.write("work/shop/.git/worktrees/fix/HEAD", "ref: refs/heads/fix\n");
    house.write("work/shop/.git/worktrees/fix/commondir", "../..\n");
    house.write("work/shop/secret/notes.md", "");
    house.write("fix/.git", format!("gitdir: {}\n", inner.display()));
    house
}

fn says(house: &House, number: usize, cwd: &Path) {
    let session = format!("5e551014-0000-4000-8000-00000000e0{number:02}");
    let text = Transcript::new(&session, &cwd.display().to_string())
        .user(RULE)
        .assistant("Understood.")
        .text();
    house.write(&format!("transcripts/{number}.jsonl"), text);
}

/// Returns how many sessions are read of what was said in these folders.
fn read(house: &House, folders: &[&str]) -> usize {
    for (number, folder) in folders.iter().enumerate() {
        let folder = house.work().join(folder).canonicalize();
        says(house, number, &folder.expect("it is there"));
    }
    house.ok(&["ingest", "../transcripts"]);
    sessions(house)
}

fn sessions(house: &House) -> usize {
    house
        .json(&["conversations", "list", "--all-projects"])
        .len()
}

#[test]
fn a_repository_is_kept_out_with_its_worktrees_and_read_when_it_is_let_in() {
    let house = house();
    house.ok(&["exclude", "shop"]);
    assert_eq!(read(&house, &["shop", "shop/secret", "../fix"]), 0);
    house.ok(&["exclude", "--off", "shop"]);
    assert_eq!(sessions(&house), 0);
    house.ok(&["work"]);
    assert_eq!(sessions(&house), 3, "nobody named the files again");
}

#[test]
fn a_repository_is_kept_out_also_when_a_worktree_of_it_is_named() {
    let house = house();
    house.ok(&["exclude", "../fix"]);
    assert_eq!(read(&house, &["shop", "../fix"]), 0);
    house.ok(&["exclude", "--off", "../fix"]);
    house.ok(&["work"]);
    assert_eq!(sessions(&house), 2);
    assert_eq!(house.ok(&["exclude"]), "", "nothing of it is left behind");
}

#[test]
fn a_folder_in_a_repository_is_kept_out_alone_and_the_rest_is_offered() {
    let house = house();
    let ran = house.run(&["exclude", "shop/secret"]);
    assert!(
        ran.stderr().contains("the whole repository"),
        "{}",
        ran.stderr()
    );
    assert_eq!(read(&house, &["shop", "shop/secret", "../fix"]), 2);
}

#[test]
fn a_folder_named_by_a_link_or_by_the_way_up_is_the_folder_itself() {
    let house = house();
    std::os::unix::fs::symlink(house.work().join("shop"), house.work().join("link"))
        .expect("a link");
    house.ok(&["exclude", "link/secret/.."]);
    assert_eq!(read(&house, &["shop"]), 0);
}

#[test]
fn nothing_is_saved_in_a_place_that_is_kept_out() {
    let house = house();
    house.ok(&["exclude", "shop"]);
    let save = |house: &House| house.run(&["--project", "shop/secret", "save", "A quiet fact"]);
    let refused = save(&house);
    assert_eq!(refused.code(), Some(1));
    assert!(
        refused.stderr().contains("dormouse exclude --off"),
        "{}",
        refused.stderr()
    );
    assert!(house.files_holding("a quiet fact").is_empty());
    house.ok(&["exclude", "--off", "shop"]);
    save(&house).ok();
}

#[test]
fn whoever_lets_in_a_part_is_told_what_keeps_it_out() {
    let house = house();
    house.ok(&["exclude", "shop"]);
    let refused = house.run(&["exclude", "--off", "shop/secret"]);
    assert_eq!(refused.code(), Some(1));
    let shop = house.work().join("shop").display().to_string();
    assert!(refused.stderr().contains(&shop), "{}", refused.stderr());
}
