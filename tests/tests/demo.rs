//! The demo prints what the README shows, every time.

use tests::{House, root};

#[test]
fn the_readme_shows_what_the_demo_prints() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a README");
    let printed = House::new().ok(&["demo"]);
    let picture = format!("```console\n$ dormouse demo\n{printed}```\n<!-- end of demo -->");
    assert!(
        readme.contains(&picture),
        "the README's demo is stale: run `cargo xtask picture`.\n{printed}"
    );
}

#[test]
fn the_demo_leaves_nothing_behind() {
    let house = House::new();
    let scratch = house.write("scratch/keep", "");
    let scratch = scratch.parent().expect("it has a folder");
    let mut demo = house.command(&["demo"]);
    assert!(
        demo.env("TMPDIR", scratch)
            .output()
            .expect("it runs")
            .status
            .success()
    );
    let left: Vec<_> = std::fs::read_dir(scratch).expect("a folder").collect();
    assert_eq!(
        left.len(),
        1,
        "only the file that was there before: {left:?}"
    );
    assert!(
        !house.home().exists(),
        "the person's own home is not touched"
    );
}
