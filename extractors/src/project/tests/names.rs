//! Which folders are one project: repositories, worktrees, submodules, links and foreign paths.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use domain::{AliasKind, Project};

use super::super::{aliases, locate};
use super::{Disk, named, of_kind, origin};

const SHOP: &str = "git@github.com:acme/shop.git";

fn shop() -> Disk {
    let disk = Disk::new();
    disk.git("shop/.git", &origin(SHOP));
    disk.folder("shop/src/deep");
    disk
}

#[test]
fn a_repository_goes_by_remote_git_directory_and_root() {
    let disk = shop();
    let found = locate(&disk.path("shop/src/deep"), None);
    assert_eq!(found.root, disk.path("shop"));
    let kinds: Vec<_> = found.aliases.iter().map(|a| a.kind).collect();
    assert_eq!(
        kinds,
        [AliasKind::Remote, AliasKind::GitDir, AliasKind::Path]
    );
    let values: Vec<_> = found.aliases.iter().map(|a| a.value.clone()).collect();
    assert_eq!(
        values,
        [
            "github.com/acme/shop".to_owned(),
            disk.text("shop/.git"),
            disk.text("shop")
        ]
    );
    let name = Project::from_aliases(found.aliases).expect("has aliases");
    assert_eq!(name.name, "shop");
}

#[test]
fn worktrees_are_one_project_and_clones_too() {
    let disk = shop();
    disk.worktree("shop", "fix", "elsewhere/fix");
    disk.git("clone/.git", &origin("https://github.com/Acme/Shop"));
    disk.folder("elsewhere/fix/src");
    let main = named(&disk.path("shop"));
    let tree = named(&disk.path("elsewhere/fix/src"));
    let clone = named(&disk.path("clone"));
    for kind in [AliasKind::Remote, AliasKind::GitDir] {
        assert_eq!(of_kind(&main, kind), of_kind(&tree, kind));
    }
    assert_eq!(
        of_kind(&tree, AliasKind::Path),
        [disk.text("elsewhere/fix")]
    );
    assert_eq!(
        of_kind(&main, AliasKind::Remote),
        of_kind(&clone, AliasKind::Remote)
    );
    assert_ne!(
        of_kind(&main, AliasKind::GitDir),
        of_kind(&clone, AliasKind::GitDir)
    );
}

#[test]
fn a_worktree_with_relative_pointers_is_the_same_project() {
    let disk = shop();
    disk.worktree("shop", "fix", "fix");
    disk.file("fix/.git", "gitdir: ../shop/.git/worktrees/fix\n");
    assert_eq!(
        of_kind(&named(&disk.path("fix")), AliasKind::GitDir),
        [disk.text("shop/.git")]
    );
}

#[test]
fn a_remote_that_appears_later_joins_by_the_git_directory() {
    let disk = Disk::new();
    disk.folder("new");
    let before_git = named(&disk.path("new"));
    disk.git("new/.git", "[core]\n\tbare = false\n");
    let before = named(&disk.path("new"));
    disk.git("new/.git", &origin(SHOP));
    let after = named(&disk.path("new"));
    assert!(of_kind(&before, AliasKind::Remote).is_empty());
    assert_eq!(
        of_kind(&before, AliasKind::GitDir),
        of_kind(&after, AliasKind::GitDir)
    );
    assert_eq!(
        of_kind(&before_git, AliasKind::Path),
        of_kind(&after, AliasKind::Path)
    );
}

#[test]
fn a_submodule_is_a_project_of_its_own() {
    let disk = shop();
    disk.git(
        "shop/.git/modules/lib",
        &origin("https://github.com/acme/lib"),
    );
    disk.file("shop/lib/.git", "gitdir: ../.git/modules/lib\n");
    let lib = named(&disk.path("shop/lib"));
    assert_eq!(of_kind(&lib, AliasKind::Remote), ["github.com/acme/lib"]);
    assert_eq!(
        of_kind(&lib, AliasKind::GitDir),
        [disk.text("shop/.git/modules/lib")]
    );
}

#[test]
fn a_bare_repository_and_a_walk_from_inside_git_are_recognised() {
    let disk = shop();
    disk.git("bare.git", &origin(SHOP));
    disk.git("hub/.bare", &origin(SHOP));
    disk.file("hub/.git", "gitdir: ./.bare\n");
    disk.folder("shop/.git/hooks");
    for (cwd, git) in [
        ("bare.git", "bare.git"),
        ("hub", "hub/.bare"),
        ("shop/.git/hooks", "shop/.git"),
    ] {
        let names = named(&disk.path(cwd));
        assert_eq!(of_kind(&names, AliasKind::Remote), ["github.com/acme/shop"]);
        assert_eq!(of_kind(&names, AliasKind::GitDir), [disk.text(git)]);
    }
}

#[test]
fn a_folder_without_git_is_its_path() {
    let disk = Disk::new();
    let notes = disk.folder("notes");
    let names = named(&notes);
    assert_eq!(names.len(), 1);
    assert_eq!(of_kind(&names, AliasKind::Path), [disk.text("notes")]);
    let dotted = Path::new(&disk.text("notes")).join("./");
    assert_eq!(named(&dotted), names);
}

#[test]
fn a_path_that_is_not_here_borrows_no_repository() {
    let disk = shop();
    let gone = format!("{}/packages//gone/", disk.text("shop"));
    let names = named(Path::new(&gone));
    assert_eq!(names.len(), 1);
    assert_eq!(
        of_kind(&names, AliasKind::Path),
        [disk.text("shop/packages/gone")]
    );
    for (foreign, expect) in [
        ("C:\\Users\\ann\\shop\\", "C:\\Users\\ann\\shop"),
        ("relative/shop", "relative/shop"),
        (
            "/Users/nobody-here/code/./shop",
            "/Users/nobody-here/code/shop",
        ),
        ("", ""),
    ] {
        let names = named(Path::new(foreign));
        assert_eq!(of_kind(&names, AliasKind::Path), [expect]);
        assert_eq!(names.len(), 1);
    }
}

#[test]
fn links_lead_to_the_same_project() {
    let disk = shop();
    disk.folder("notes");
    symlink(disk.path("shop/src"), disk.path("link")).expect("a link");
    symlink(disk.path("notes"), disk.path("notes-link")).expect("a link");
    assert_eq!(
        named(&disk.path("link/deep")),
        named(&disk.path("shop/src/deep"))
    );
    assert_eq!(
        of_kind(&named(&disk.path("notes-link")), AliasKind::Path),
        [disk.text("notes"), disk.text("notes-link")]
    );
}

#[test]
fn a_broken_git_leaves_only_the_path() {
    type Build = fn(&Disk);
    let broken: [(&str, Build); 6] = [
        ("no pointer", |disk| drop(disk.file("shop/.git", "what?\n"))),
        ("empty", |disk| drop(disk.file("shop/.git", ""))),
        ("points nowhere", |disk| {
            disk.file("shop/.git", "gitdir: /nowhere/at/all\n");
        }),
        ("empty folder", |disk| drop(disk.folder("shop/.git"))),
        ("dangling link", |disk| {
            disk.folder("shop");
            symlink("/nowhere/at/all", disk.path("shop/.git")).expect("a link");
        }),
        ("common directory gone", |disk| {
            disk.file("trees/x/HEAD", "ref: x\n");
            disk.file("trees/x/commondir", "../gone\n");
            disk.file("shop/.git", "gitdir: ../trees/x\n");
        }),
    ];
    for (why, build) in broken {
        let disk = Disk::new();
        disk.git(".git", &origin("https://github.com/acme/outer"));
        build(&disk);
        disk.folder("shop/src");
        let names = named(&disk.path("shop/src"));
        assert_eq!(names.len(), 1, "{why}: {names:?}");
        assert_eq!(of_kind(&names, AliasKind::Path), [disk.text("shop")]);
    }
}

#[test]
fn a_repository_in_the_home_folder_is_no_umbrella() {
    let disk = Disk::new();
    disk.git("home/.git", &origin("https://github.com/ann/dotfiles"));
    disk.folder("home/code/notes");
    disk.git("home/code/shop/.git", &origin(SHOP));
    let home = disk.path("home");
    let below = aliases(&disk.path("home/code/notes"), Some(&home));
    assert!(of_kind(&below, AliasKind::Remote).is_empty());
    assert_eq!(
        of_kind(&below, AliasKind::Path),
        [disk.text("home/code/notes")]
    );
    let itself = aliases(&home, Some(&home));
    assert_eq!(
        of_kind(&itself, AliasKind::Remote),
        ["github.com/ann/dotfiles"]
    );
    let shop = aliases(&disk.path("home/code/shop"), Some(&home));
    assert_eq!(of_kind(&shop, AliasKind::Remote), ["github.com/acme/shop"]);
}

#[test]
fn the_walk_ends_where_no_tree_is_so_deep() {
    let disk = Disk::new();
    disk.git("deep/.git", &origin(SHOP));
    let deep = disk.folder(&format!("deep/{}", "d/".repeat(80)));
    assert!(of_kind(&named(&deep), AliasKind::Remote).is_empty());
}

#[test]
fn a_local_origin_gives_way_to_a_remote_that_others_know() {
    let disk = Disk::new();
    let config = origin("/srv/git/shop.git") + "[remote \"hub\"]\n\turl = " + SHOP + "\n";
    disk.git("shop/.git", &config);
    assert_eq!(
        of_kind(&named(&disk.path("shop")), AliasKind::Remote),
        ["github.com/acme/shop"]
    );
}

#[test]
fn a_pipe_in_the_place_of_a_config_is_not_waited_for() {
    let disk = shop();
    fs::remove_file(disk.path("shop/.git/config")).expect("it is there");
    // A folder of that name stands in for everything that is no regular file.
    disk.folder("shop/.git/config");
    let names = named(&disk.path("shop"));
    assert!(of_kind(&names, AliasKind::Remote).is_empty());
    assert_eq!(of_kind(&names, AliasKind::GitDir), [disk.text("shop/.git")]);
}
