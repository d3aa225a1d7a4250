//! Which package a lesson is about: a monorepo with two packages that test in opposite ways.

use std::os::unix::fs::symlink;
use std::path::Path;

use domain::{Part, PartKind, Place, Scope, SessionId, Speaker, Turn, TurnId};
use jiff::Timestamp;

use super::super::{package_scope, touched_files};
use super::{Disk, origin};

fn monorepo() -> Disk {
    let disk = Disk::new();
    disk.git("shop/.git", &origin("git@github.com:acme/shop.git"));
    disk.file("shop/package.json", r#"{"workspaces": ["packages/*"]}"#);
    disk.file(
        "shop/packages/api/package.json",
        r#"{"scripts": {"test": "vitest run"}}"#,
    );
    disk.file(
        "shop/packages/web/package.json",
        r#"{"scripts": {"test": "jest --runInBand"}}"#,
    );
    disk.file("shop/packages/api/plugins/pay/package.json", "{}");
    disk.folder("shop/packages/api/src/routes");
    disk.folder("shop/packages/web/src");
    disk.file("shop/native/app/App.csproj", "<Project/>");
    disk.folder("shop/scripts");
    disk
}

fn scope_of(files: &[&str], root: &Path) -> Option<Scope> {
    let files: Vec<String> = files.iter().map(|f| (*f).to_owned()).collect();
    package_scope(&files, root)
}

fn in_package(path: &str) -> Option<Scope> {
    Some(Scope::Path(path.to_owned()))
}

#[test]
fn opposite_test_commands_land_in_their_own_packages() {
    let disk = monorepo();
    let root = disk.path("shop");
    let cwd = disk.text("shop");
    for (command, package) in [
        ("cd packages/api && npm test -- run", "packages/api"),
        ("(cd packages/web; npm test)", "packages/web"),
        ("npm --prefix packages/web test", "packages/web"),
        ("pnpm -C packages/api test | tail -5", "packages/api"),
    ] {
        let touched = touched_files(&turn(&[("Bash", command)]), &cwd);
        assert_eq!(package_scope(&touched, &root), in_package(package));
    }
}

#[test]
fn files_of_one_package_scope_to_it_and_mixed_files_to_the_project() {
    let disk = monorepo();
    let root = disk.path("shop");
    let absolute = disk.text("shop/packages/api/src/routes/pay.ts");
    let check = |files: &[&str], expect: Option<Scope>| {
        assert_eq!(scope_of(files, &root), expect, "{files:?}");
    };
    check(&[&absolute], in_package("packages/api"));
    check(
        &["packages/api/src/a.ts", "./packages/api/package.json"],
        in_package("packages/api"),
    );
    check(
        &["packages/api/plugins/pay/x.ts"],
        in_package("packages/api/plugins/pay"),
    );
    check(
        &["packages/api/plugins/pay/x.ts", "packages/api/src/a.ts"],
        in_package("packages/api"),
    );
    check(
        &["packages/api/src/a.ts", "packages/web/src/b.ts"],
        Some(Scope::Project),
    );
    check(
        &["packages/api/src/a.ts", "README.md"],
        Some(Scope::Project),
    );
    check(&["native/app/Main.cs"], in_package("native/app"));
    check(&["scripts/release.sh"], Some(Scope::Project));
    check(
        &["packages/api/../web/src/b.ts"],
        in_package("packages/web"),
    );
}

#[test]
fn what_lies_outside_or_was_installed_says_nothing() {
    let disk = monorepo();
    let root = disk.path("shop");
    for files in [
        &[][..],
        &["/tmp/scratch.txt"],
        &["../other/file.ts"],
        &["~/.claude/settings.json"],
        &["C:\\Users\\ann\\x.ts"],
        &["packages/api/node_modules/left-pad/index.js"],
    ] {
        assert_eq!(scope_of(files, &root), None, "{files:?}");
    }
    assert_eq!(
        scope_of(&["/tmp/scratch.txt", "packages/api/src/a.ts"], &root),
        in_package("packages/api")
    );
    let neighbour = format!("{}pster/packages/api/a.ts", disk.text("shop"));
    assert_eq!(scope_of(&[&neighbour], &root), None);
}

#[test]
fn a_file_named_through_a_link_lies_where_it_leads() {
    let disk = monorepo();
    symlink(disk.path("shop"), disk.path("link")).expect("a link");
    let file = disk.text("link/packages/web/src/b.ts");
    assert_eq!(
        scope_of(&[&file], &disk.path("shop")),
        in_package("packages/web")
    );
}

#[test]
fn a_tree_that_is_not_here_is_read_by_custom() {
    let root = Path::new("/Users/nobody-here/shop");
    let check = |files: &[&str], expect: Option<Scope>| {
        assert_eq!(scope_of(files, root), expect, "{files:?}");
    };
    check(
        &["/Users/nobody-here/shop/packages/api/src/a.ts"],
        in_package("packages/api"),
    );
    check(&["crates/core/src/lib.rs"], in_package("crates/core"));
    check(
        &["apps/web/x.ts", "apps/web/y/z.ts"],
        in_package("apps/web"),
    );
    check(&["apps/web/x.ts", "apps/api/x.ts"], Some(Scope::Project));
    check(&["apps/README.md"], Some(Scope::Project));
    check(&["src/services/auth/login.ts"], Some(Scope::Project));
    assert_eq!(
        package_scope(
            &["C:\\code\\shop\\packages\\api\\a.ts".to_owned()],
            Path::new("C:\\code\\shop")
        ),
        in_package("packages/api")
    );
}

#[test]
fn a_package_that_was_deleted_is_still_read_by_custom() {
    let disk = monorepo();
    assert_eq!(
        scope_of(&["packages/gone/src/a.ts"], &disk.path("shop")),
        in_package("packages/gone")
    );
}

fn turn(calls: &[(&str, &str)]) -> Turn {
    let part = |(index, (tool, text)): (usize, &(&str, &str))| Part {
        speaker: Speaker::Assistant,
        kind: PartKind::Call {
            call: format!("c{index}"),
            tool: (*tool).to_owned(),
        },
        text: (*text).to_owned(),
    };
    Turn {
        id: TurnId::new("t"),
        session: SessionId::new("s"),
        parent: None,
        at: Timestamp::UNIX_EPOCH,
        position: 0,
        place: Place::default(),
        sidechain: None,
        parts: calls.iter().enumerate().map(part).collect(),
    }
}

#[test]
fn calls_name_the_files_and_folders_they_touch() {
    let check = |tool: &str, text: &str, expect: &[&str]| {
        assert_eq!(
            touched_files(&turn(&[(tool, text)]), "/r"),
            expect,
            "{text}"
        );
    };
    check("Edit", "/r/a.ts\nold\nnew", &["/r/a.ts"]);
    check("Read", "src/b.ts", &["/r/src/b.ts"]);
    check("MultiEdit", "./c.ts\nx", &["/r/c.ts"]);
    check("Write", "", &[]);
    check("Grep", "needle\nsrc", &[]);
    check("Bash", "npm test", &[]);
    check("Bash", "cd a && cd b && ls", &["/r/a/", "/r/a/b/"]);
    check("Bash", "(cd a && ls) && cd b", &["/r/a/", "/r/b/"]);
    check("Bash", "cd \"my folder\"; ls", &["/r/my folder/"]);
    check("Bash", "cd /srv/x/ && ls", &["/srv/x/"]);
    check("Bash", "cd $HOME; cd ~; cd -; cd; cd pkg/*", &[]);
    check("Bash", "echo 'cd x' \"; cd y\"", &[]);
    check("Bash", "git -C sub status", &["/r/sub/"]);
    check("Bash", "grep -C 3 needle", &[]);
    check("Bash", "bun --cwd=apps/web test", &["/r/apps/web/"]);
}

#[test]
fn a_path_touched_twice_is_listed_once() {
    let calls = [
        ("Read", "a.ts"),
        ("Edit", "a.ts\nx"),
        ("Bash", "cd b"),
        ("Bash", "cd b"),
    ];
    assert_eq!(touched_files(&turn(&calls), "/r"), ["/r/a.ts", "/r/b/"]);
}
