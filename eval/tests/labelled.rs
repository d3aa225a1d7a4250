//! Holds the measuring of labelled sessions to a small made-up one: what is true survives, what is not is told.
//!
//! Its figures stand for themselves; how the house does on recorded sessions is in the docs.

use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/labelled")
}

#[test]
fn what_was_said_is_grounded_and_what_was_corrupted_is_caught() {
    let figures = eval::ground(&folder()).expect("measures");
    let gold = figures.gold;
    assert_eq!(gold.whole, 3);
    assert!(gold.rejected.is_empty(), "{:?}", gold.rejected);
    for kind in [
        "number swapped",
        "identifier swapped",
        "flag swapped",
        "quote invented",
        "quote from a wrong turn",
        "quote from injected text",
        "quote with a number changed",
        "quote with a negation dropped",
        "speaker lied about",
    ] {
        let caught = gold.kinds.get(kind).expect(kind);
        assert!(
            caught.copies > 0 && caught.caught == caught.copies,
            "{kind}: {caught:?}"
        );
    }
    let negations = gold
        .kinds
        .iter()
        .filter(|(kind, _)| kind.starts_with("negation"));
    assert!(negations.count() > 2, "{:?}", gold.kinds.keys());
    assert!(figures.sentences.whole > 9);
    assert!(
        figures.sentences.rejected.is_empty(),
        "{:?}",
        figures.sentences.rejected
    );
}

#[tokio::test]
async fn labelled_lessons_survive_to_be_found_and_the_rest_is_told() {
    let figures = eval::extract(&folder()).await.expect("measures");
    let kept = figures.to_keep;
    assert_eq!((kept.told, kept.survived), (3, 3), "{:?}", kept.fallen);
    assert_eq!(kept.found_by_when, 3);
    let stopped = figures.not_to_keep;
    assert_eq!(stopped.told, 3);
    let reason = |name: &str| {
        let one = stopped.each.iter().find(|one| one.what.starts_with(name));
        one.map(|one| one.why.clone()).expect(name)
    };
    assert!(
        reason("made_up#N1").contains("opposite"),
        "{}",
        reason("made_up#N1")
    );
    assert!(
        reason("made_up#N2").contains("injected"),
        "{}",
        reason("made_up#N2")
    );
    assert!(
        reason("made_up#N3").contains("none of its lines"),
        "{}",
        reason("made_up#N3")
    );
    let overhead = figures.overhead;
    assert!(
        overhead.calls > 0 && overhead.input_tokens > 900,
        "{overhead:?}"
    );
    assert!(overhead.memories > 0, "{overhead:?}");
}

#[tokio::test]
async fn a_folder_without_labels_is_named() {
    let empty = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let error = eval::extract(&empty).await.expect_err("nothing is there");
    assert!(error.to_string().contains("gold"), "{error}");
}
