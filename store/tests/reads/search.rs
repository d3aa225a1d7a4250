//! What a search finds, on both engines alike.

use domain::{Library as _, LinkKind, Lookup, ProjectId, Turn, View, words};
use store::Store;

use crate::house::*;

/// Searches as recall does: the census gives each term its weight.
async fn find(store: &Store, view: &View, query: &str, limit: usize) -> Vec<String> {
    let terms = words::query(query);
    let census = store
        .memory_census(view, &terms)
        .await
        .expect("it can be counted");
    assert_eq!(census.holding.len(), terms.len());
    let weigh = |holding: &u64| 1.0 / (1.0 + *holding as f64);
    let lookup = Lookup {
        view: view.clone(),
        terms: terms
            .into_iter()
            .zip(census.holding.iter().map(weigh))
            .collect(),
        limit,
    };
    let found = store
        .memories_holding(&lookup)
        .await
        .expect("it can be looked up");
    whats(&found).into_iter().map(str::to_owned).collect()
}

async fn find_turns(store: &Store, view: &View, query: &str) -> Vec<Turn> {
    let terms = words::query(query);
    let lookup = Lookup {
        view: view.clone(),
        terms: terms.into_iter().map(|term| (term, 1.0)).collect(),
        limit: 10,
    };
    let found = store
        .turns_holding(&lookup)
        .await
        .expect("it can be looked up");
    let mut turns: Vec<Turn> = found.into_iter().map(|hit| hit.turn).collect();
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
        let census = house.store.memory_census(&View::default(), &raw).await;
        assert_eq!(census.expect("it can be counted").holding, [0; 5]);
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
        let terms = words::query(query);
        let view = View::default();
        let left = one
            .store
            .memory_census(&view, &terms)
            .await
            .expect("counted");
        let right = two
            .store
            .memory_census(&view, &terms)
            .await
            .expect("counted");
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
        let term = ["pnpm".to_owned()];
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
            let census = store
                .memory_census(&view(project), &term)
                .await
                .expect("counted");
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
        let census = house
            .store
            .turn_census(&in_shop, &["pnpm".to_owned()])
            .await;
        let census = census.expect("counted");
        assert_eq!((census.documents, census.holding), (1, vec![1]));
    })
    .await;
}
