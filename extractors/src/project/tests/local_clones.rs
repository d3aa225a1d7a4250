//! Clones of a repository on this machine: one project with it, and kept out with it.

use std::fs;

use domain::{Alias, AliasKind};

use super::super::locate;
use super::{Disk, named, of_kind, origin};

fn shares_a_name(one: &[Alias], other: &[Alias]) -> bool {
    one.iter().any(|alias| other.contains(alias))
}

#[test]
fn a_clone_by_path_is_one_project_with_its_origin_however_the_path_is_written() {
    let check = |url: &dyn Fn(&Disk) -> String| {
        let disk = Disk::new();
        disk.git("code/shop/.git", "[core]\n\tbare = false\n");
        disk.git("code/clone/.git", &origin(&url(&disk)));
        let (shop, clone) = (
            named(&disk.path("code/shop")),
            named(&disk.path("code/clone")),
        );
        assert!(shares_a_name(&shop, &clone), "{}", url(&disk));
        assert_eq!(
            of_kind(&clone, AliasKind::GitDir),
            [disk.text("code/shop/.git"), disk.text("code/clone/.git")]
        );
    };
    check(&|disk| disk.text("code/shop"));
    check(&|disk| format!("{}/", disk.text("code/shop")));
    check(&|disk| disk.text("code/shop/.git"));
    check(&|disk| format!("file://{}", disk.text("code/shop")));
    check(&|disk| format!("file://localhost{}", disk.text("code/shop")));
    check(&|_| "../shop".to_owned());
}

#[test]
fn clones_of_one_bare_repository_are_one_project() {
    let disk = Disk::new();
    disk.git("git/shop.git", "[core]\n\tbare = true\n");
    disk.git("a/.git", &origin(&disk.text("git/shop")));
    disk.git("b/.git", &origin(&disk.text("git/shop.git")));
    let (a, b) = (named(&disk.path("a")), named(&disk.path("b")));
    assert!(shares_a_name(&a, &b), "{a:?} {b:?}");
}

#[test]
fn a_clone_of_a_clone_goes_by_the_remote_that_others_know() {
    let disk = Disk::new();
    disk.git("shop/.git", &origin("git@github.com:acme/shop.git"));
    disk.git("clone/.git", &origin(&disk.text("shop")));
    disk.git("again/.git", &origin(&disk.text("clone")));
    assert_eq!(
        of_kind(&named(&disk.path("again")), AliasKind::Remote),
        ["github.com/acme/shop"]
    );
}

#[test]
fn a_path_that_is_no_repository_or_no_clones_origin_joins_nothing() {
    let disk = Disk::new();
    disk.git("lib/.git", "[core]\n\tbare = false\n");
    disk.folder("empty");
    let lib = named(&disk.path("lib"));
    let other = format!(
        "{}[remote \"lib\"]\n\turl = {}\n",
        origin("/nowhere/at/all"),
        disk.text("lib")
    );
    for config in [
        other,
        origin(&disk.text("empty")),
        origin(&format!("host:{}", disk.text("lib"))),
        origin(""),
    ] {
        disk.git("shop/.git", &config);
        let shop = named(&disk.path("shop"));
        assert!(!shares_a_name(&lib, &shop), "{config}");
    }
}

#[test]
fn two_that_name_each_other_are_followed_once() {
    let disk = Disk::new();
    disk.git("a/.git", &origin(&disk.text("b")));
    disk.git("b/.git", &origin(&disk.text("a")));
    assert_eq!(
        of_kind(&named(&disk.path("a")), AliasKind::GitDir),
        [disk.text("b/.git"), disk.text("a/.git")]
    );
}

#[test]
fn a_place_lies_where_its_worktrees_and_local_clones_keep_their_history() {
    let disk = Disk::new();
    disk.git("shop/.git", "[core]\n\tbare = false\n");
    disk.worktree("shop", "fix", "elsewhere/fix");
    disk.git("clone/.git", &origin(&disk.text("shop")));
    disk.folder("elsewhere/fix/src");
    fs::create_dir_all(disk.path("clone/src")).expect("a folder");
    let lies_in = |path: &str| locate(&disk.path(path), None).lies_in;
    assert_eq!(
        lies_in("elsewhere/fix/src"),
        [disk.text("elsewhere/fix/src"), disk.text("shop/.git")]
    );
    assert_eq!(
        lies_in("clone/src"),
        [
            disk.text("clone/src"),
            disk.text("clone/.git"),
            disk.text("shop/.git")
        ]
    );
}
