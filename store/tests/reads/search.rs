//! What a search finds, on both engines alike.

use domain::{Holding, Library as _, LinkKind, Lookup, ProjectId, Record, Turn, View, words};
use store::Store;

use crate::house::*;

/// Looks up as recall does: the rarer a term, the more it is worth.
fn lookup(view: &View, query: &str, limit: usize) -> Lookup {
    Lookup {
        view: view.clone(),
        terms: words::query(query),
        worth: |_, holding| 1.0 / (1.0 + holding as f64),
        limit,
    }
}

async fn holding(store: &Store, lookup: &Lookup) -> Holding<Record> {
    let holding = store.memories_holding(lookup).await;
    let holding = holding.expect("it can be looked up");
    assert_eq!(holding.census.holding.len(), lookup.terms.len());
    holding
}

async fn find(store: &Store, view: &View, query: &str, limit: usize) -> Vec<String> {
    let holding = holding(store, &lookup(view, query, limit)).await;
    let found = whats(&holding.found).into_iter();
    found.map(str::to_owned).collect()
}

async fn find_turns(store: &Store, view: &View, query: &str) -> Vec<Turn> {
    let holding = store.turns_holding(&lookup(view, query, 10)).await;
    let found = holding.expect("it can be looked up").found.into_iter();
    let mut turns: Vec<Turn> = found.map(|hit| hit.turn).collect();
    turns.sort_by(|a, b| a.id.cmp(&b.id));
    turns
}

async fn fill(house: &Opened, texts: &[&str]) {
    for (text, seconds) in texts.iter().zip(0..) {
        let memory = told(&house.store, None, text, seconds);
        write_as(&house.store, "save", &saved(memory, Vec::new())).await;
    }
}

#[tokio::test]
async fn words_of_every_script_are_found() {
    on_both(async |house| {
        let texts = [
            "用户 使用pnpm 安装",
            "テストは毎回走らせる",
            "한국어 테스트를 먼저 돌린다",
            "Überprüfe die Größe",
            "getStagedFiles is slow",
        ];
        fill(&house, &texts).await;
        for (query, text) in [
            ("用户", texts[0]),
            ("使用pnpm", texts[0]),
            ("テスト", texts[1]),
            ("테스트", texts[2]),
            ("uberprufe", texts[3]),
            ("staged files", texts[4]),
        ] {
            let found = find(&house.store, &View::default(), query, 10).await;
            assert_eq!(found, [text], "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn any_text_is_safe_as_a_query() {
    on_both(async |house| {
        fill(&house, &["what is my tech stack", "near the end"]).await;
        let long = "word \" OR * NEAR( ' -- ".repeat(2_200);
        for query in [
            "what's my tech-stack?",
            "\"",
            "NEAR(",
            "*",
            "",
            "a AND b OR NOT c*",
            "'; DROP TABLE memories; --",
            "\\",
            "\u{0}",
            "{ } ^ : ~",
            long.as_str(),
        ] {
            find(&house.store, &View::default(), query, 10).await;
            find_turns(&house.store, &View::default(), query).await;
        }
        let found = find(&house.store, &View::default(), "what's my tech-stack?", 10).await;
        assert_eq!(found, ["what is my tech stack"]);
        // Terms that no tokenizer of ours made do no harm either.
        let raw = ["\"", "a\" OR \"b", "", "'", "x' | 'y"].map(str::to_owned);
        let raw = Lookup {
            terms: raw.to_vec(),
            ..lookup(&View::default(), "", 10)
        };
        let holding = holding(&house.store, &raw).await;
        assert_eq!(
            (holding.census.holding, holding.found),
            (vec![0; 5], vec![])
        );
    })
    .await;
}

#[tokio::test]
async fn both_engines_choose_the_same_candidates() {
    let (one, two) = (
        House::sqlite().opened().await,
        House::postgres().await.opened().await,
    );
    let texts: Vec<String> = (0..120)
        .map(|n| format!("rule {n} says{} thing{} end{}", n % 3, n % 7, n % 11))
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    fill(&one, &texts).await;
    fill(&two, &texts).await;
    for query in [
        "thing3",
        "says1 thing2 end5",
        "rule",
        "rule end7 says0",
        "none",
    ] {
        let view = View::default();
        let asked = lookup(&view, query, 10);
        let left = holding(&one.store, &asked).await.census;
        let right = holding(&two.store, &asked).await.census;
        assert_eq!(left, right, "{query}");
        for limit in [1, 5, 30] {
            let left = find(&one.store, &view, query, limit).await;
            let right = find(&two.store, &view, query, limit).await;
            assert_eq!(left, right, "{query}, {limit}");
            assert!(query == "none" || left.len() == limit || limit > 10);
        }
    }
}

#[tokio::test]
async fn of_many_terms_the_rarest_find_what_few_terms_find() {
    on_both(async |house| {
        let texts: Vec<String> = (0..30).map(|n| format!("rule n{n} about pnpm")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        fill(&house, &texts).await;
        // Seventeen and more are counted before any is listed.
        let others: Vec<String> = (100..140).map(|n| format!("n{n}")).collect();
        let long = format!("pnpm rule {} n7", others.join(" "));
        let view = View::default();
        assert_eq!(
            find(&house.store, &view, &long, 1).await,
            ["rule n7 about pnpm"]
        );
        let few = holding(&house.store, &lookup(&view, "pnpm rule n7", 9)).await;
        let many = holding(&house.store, &lookup(&view, &long, 9)).await;
        assert_eq!(whats(&few.found), whats(&many.found));
        assert_eq!(many.census.holding[..2], few.census.holding[..2]);
        assert_eq!(many.census.holding.last(), few.census.holding.last());
    })
    .await;
}

#[tokio::test]
async fn the_census_counts_what_the_reader_may_find_and_nothing_else() {
    on_both(async |house| {
        let (ann, bob) = (&house.store, house.seen_by("acme", "bob"));
        let shop = project("shop");
        let blog = project("blog");
        let mut first = saved(told(ann, Some(&shop.id), "pnpm in the shop", 1), Vec::new());
        first.projects = vec![shop.clone(), blog.clone()];
        write_as(ann, "save", &first).await;
        write_as(
            ann,
            "save",
            &saved(told(ann, Some(&blog.id), "pnpm in the blog", 2), vec![]),
        )
        .await;
        write_as(
            ann,
            "save",
            &saved(told(ann, None, "pnpm is what I like", 3), vec![]),
        )
        .await;
        let gone = told(ann, Some(&shop.id), "pnpm is gone", 4);
        write_as(ann, "save", &saved(gone.clone(), Vec::new())).await;
        write_as(ann, "forget", &hidden(&gone, LinkKind::Forgotten, None, 5)).await;
        let view = |project: Option<&ProjectId>| View {
            project: project.cloned(),
            ..View::default()
        };
        for (store, project, expected) in [
            (ann, Some(&shop.id), 2),
            (ann, None, 3),
            (&bob, Some(&shop.id), 1),
            (&bob, None, 2),
            (&house.seen_by("other", "ann"), None, 0),
        ] {
            let census = holding(store, &lookup(&view(project), "pnpm", 10))
                .await
                .census;
            assert_eq!(census.documents, expected, "{project:?}");
            assert_eq!(census.holding, [expected]);
            assert!(expected == 0 || census.mean_tokens > 3.0);
            assert_eq!(
                find(store, &view(project), "pnpm", 10).await.len(),
                expected as usize
            );
        }
    })
    .await;
}

#[tokio::test]
async fn filters_come_before_the_limit() {
    on_both(async |house| {
        let store = &house.store;
        for n in 0..40 {
            let mut memory = told(store, None, &format!("rule n{n} about pnpm"), n);
            if n == 0 {
                memory.lesson.kind = domain::Kind::Bug;
            }
            write_as(store, "save", &saved(memory, Vec::new())).await;
        }
        let bugs = View {
            kinds: vec![domain::Kind::Bug],
            ..View::default()
        };
        assert_eq!(find(store, &bugs, "pnpm", 1).await, ["rule n0 about pnpm"]);
        let early = View {
            as_of: Some(at(1)),
            ..View::default()
        };
        assert_eq!(find(store, &early, "pnpm", 2).await.len(), 2);
        assert_eq!(find(store, &early, "n5", 2).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn turns_are_found_by_their_owner_alone_and_in_their_project() {
    on_both(async |house| {
        let shop = project("shop");
        let mut changes = domain::Changes::at(at(9));
        changes.projects = vec![shop.clone()];
        changes.sessions = vec![talk("s1", Some(&shop.id), 1), talk("s2", None, 1)];
        changes.turns = vec![
            turn("t1", "s1", 1, "we use pnpm here"),
            turn("t2", "s2", 2, "pnpm 用户"),
        ];
        write_as(&house.store, "ingest", &changes).await;
        let all = View::default();
        let in_shop = View {
            project: Some(shop.id.clone()),
            ..View::default()
        };
        assert_eq!(find_turns(&house.store, &all, "pnpm").await, changes.turns);
        assert_eq!(
            find_turns(&house.store, &all, "用户").await,
            changes.turns[1..]
        );
        assert_eq!(
            find_turns(&house.store, &in_shop, "pnpm").await,
            changes.turns[..1]
        );
        assert!(
            find_turns(&house.seen_by("acme", "bob"), &all, "pnpm")
                .await
                .is_empty()
        );
        let holding = house
            .store
            .turns_holding(&lookup(&in_shop, "pnpm", 10))
            .await;
        let census = holding.expect("it can be looked up").census;
        assert_eq!((census.documents, census.holding), (1, vec![1]));
    })
    .await;
}
