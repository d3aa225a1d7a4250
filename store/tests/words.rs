//! Where a pattern is looked for: in every word that somebody said, wrote or named, and in no word of
//! our own format.
//!
//! That no byte is left of what was found stands in `reads/purge.rs`.

mod house;

use domain::*;
use house::*;
use regex::Regex;
use store::{Purge, Store};

fn pattern(text: &str) -> Purge {
    Purge::Pattern(Regex::new(text).expect("a pattern"))
}

/// A turn in no place, with these parts.
fn spoken(id: &str, when: i64, parts: Vec<Part>) -> Turn {
    Turn {
        place: domain::Place::default(),
        parts,
        ..turn(id, "s1", when, "")
    }
}

fn part(speaker: Speaker, kind: PartKind, text: &str) -> Part {
    Part {
        speaker,
        kind,
        text: text.to_owned(),
    }
}

/// Memories of each reach with everything that hangs on them, changed once and taken back once, and a
/// request with its reply.
async fn furnish(store: &Store) {
    let shop = project("shop");
    let said = spoken("t1", 1, vec![part(Speaker::User, PartKind::Said, "pnpm")]);
    let own = told(store, None, "pnpm", 2);
    let common = told(store, Some(&shop.id), "bun", 2);
    let changes = Changes {
        projects: vec![shop],
        turns: vec![said.clone()],
        beliefs: vec![belief(&own.id, "s1", 100)],
        links: vec![link(&own.id, Some(&common.id), LinkKind::Near, 3)],
        saved: vec![
            NewMemory {
                memory: own.clone(),
                evidence: vec![quote(&said, "pnpm")],
            },
            NewMemory {
                memory: common,
                evidence: Vec::new(),
            },
        ],
        ..Changes::at(at(2))
    };
    write(store, &changes).await;
    let again = Changes {
        updated: vec![reworded(&own, "pnpm 9")],
        evidence: vec![(own.id.clone(), quote(&said, "pnpm 9"))],
        ..Changes::at(at(3))
    };
    let run = write(store, &again).await;
    store.undo(run, at(4)).await.expect("undoes");
    let ask = Ask {
        reply: Some(answered("pnpm", at(6))),
        ..asked("extract e1", "pnpm?", at(5))
    };
    let kept = store.freeze(&ask, &Shows::default()).await;
    kept.expect("is kept").expect("nothing is gone");
}

both_engines! {
    async fn a_word_of_our_own_format_purges_nothing(house: House) {
        let store = house.open().await;
        furnish(&store).await;
        for word in [
            "user", "project", "said", "speaker", "text", "kind", "preference", "scope", "domain",
            "general", "evidence", "memory", "revision", "near", "^run", "extract", "system",
            "max_output", "100", "false", "null", "[{]",
        ] {
            let preview = store.purge_preview(&pattern(word)).await.expect("previews");
            assert!(preview.is_empty(), "{word}: {preview:?}");
        }
        let preview = store.purge_preview(&pattern("pnpm")).await.expect("previews");
        assert_eq!((preview.turns, preview.memories.len(), preview.asks), (1, 1, 1));
    }

    async fn a_pattern_finds_a_slot_a_tool_and_what_a_tool_was_asked(house: House) {
        let store = house.open().await;
        let call = |tool: &str| PartKind::Call { call: "c1".to_owned(), tool: tool.to_owned() };
        let asks = r#"{"command":"say \"plugh\"\ntwice"}"#;
        let mut filled = told(&store, None, "the word of the house", 1);
        filled.slot = Some(Slot {
            subject: "house".to_owned(),
            attribute: "word".to_owned(),
            value: "xyzzy".to_owned(),
        });
        let changes = Changes {
            turns: vec![
                spoken("t1", 1, vec![part(Speaker::Assistant, call("mcp__plover__ask"), "{}")]),
                spoken("t2", 2, vec![part(Speaker::Assistant, call("Bash"), asks)]),
            ],
            ..saved(filled, Vec::new())
        };
        write(&store, &changes).await;
        for (word, turns, memories) in [("plover", 1, 0), ("\"plugh\"\ntwice", 1, 0), ("xyzzy", 0, 1)] {
            let done = store.purge(&pattern(word), at(9)).await.expect("purges");
            assert_eq!((done.turns, done.memories.len()), (turns, memories), "{word}");
        }
    }

    async fn the_error_of_a_call_goes_also_where_nothing_else_says_it(house: House) {
        let store = house.open().await;
        let ask = asked("extract e1", "pnpm?", at(5));
        let kept = store.freeze(&ask, &Shows::default()).await;
        kept.expect("is kept").expect("nothing is gone");
        let budget = Budget { day_begins: at(0), day_tokens: 1000, session_tokens: 1000 };
        let reserved = store.reserve(&call(&ask, 10, at(6)), &budget).await.expect("answers");
        let Reserved::Yes(id) = reserved else { panic!("{reserved:?}") };
        let end = CallEnd::Broken("cannot read plugh".to_owned());
        store.settle(id, &end).await.expect("settles");
        let done = store.purge(&pattern("plugh"), at(9)).await.expect("purges");
        assert_eq!((done.notes, done.asks), (1, 0));
        let whys = house.dump("SELECT COALESCE(why, '-') FROM calls").await;
        assert_eq!(whys, ["-"]);
    }

    async fn an_episode_of_which_turns_are_left_forgets_the_place_that_is_purged(house: House) {
        let store = house.open().await;
        let place = |cwd: &str, branch: &str| domain::Place {
            cwd: Some(cwd.to_owned()),
            branch: Some(branch.to_owned()),
        };
        let moved = Turn { place: place("/srv/plugh", "main"), ..turn("t1", "s1", 1, "here") };
        let at_plugh = Episode { place: moved.place.clone(), ..episode("s1", &["t1", "t2"]) };
        let elsewhere = Episode { place: place("/srv/shop", "main"), ..episode("s1", &["t3"]) };
        let changes = Changes {
            turns: vec![moved, turn("t2", "s1", 2, "there"), turn("t3", "s1", 3, "and there")],
            episodes: vec![at_plugh, elsewhere],
            ..Changes::at(at(3))
        };
        write(&store, &changes).await;
        let done = store.purge(&pattern("plugh"), at(4)).await.expect("purges");
        assert_eq!((done.turns, done.notes), (1, 1));
        let places = "SELECT COALESCE(cwd, '-') || ' ' || COALESCE(branch, '-') FROM episodes ORDER BY 1";
        assert_eq!(house.dump(places).await, ["- -", "/srv/shop main"]);
    }
}
