//! The desk keeps requests as first built, buys no reply twice, and never lets a budget be overdrawn.

mod house;

use domain::*;
use house::*;
use jiff::Timestamp;
use store::Store;

const ROOMY: Budget = budget(1_000_000, 1_000_000);

const fn budget(day_tokens: u64, session_tokens: u64) -> Budget {
    Budget {
        day_begins: Timestamp::UNIX_EPOCH,
        day_tokens,
        session_tokens,
    }
}

async fn frozen(store: &Store, ask: &Ask) -> Ask {
    let kept = store.freeze(ask, &Shows::default()).await;
    kept.expect("it is kept").expect("nothing is gone")
}

async fn yes(store: &Store, call: &Call, budget: &Budget) -> CallId {
    match store.reserve(call, budget).await.expect("answers") {
        Reserved::Yes(id) => id,
        other => panic!("there is room: {other:?}"),
    }
}

both_engines! {
    async fn a_request_stays_as_it_was_first_built(house: House) {
        let store = house.open().await;
        let first = asked("extract e1", "what was said first", at(1));
        let later = asked("extract e1", "what would be said today", at(2));
        assert_eq!(frozen(&store, &first).await, first);
        assert_eq!(frozen(&store, &later).await, first);
        let other = asked("extract e2", "another matter", at(2));
        assert_eq!(frozen(&store, &other).await, other);
    }

    async fn a_bought_reply_is_never_overwritten(house: House) {
        let store = house.open().await;
        let ask = asked("extract e1", "what was said", at(1));
        frozen(&store, &ask).await;
        let (one, two) = (call(&ask, 50, at(2)), call(&ask, 50, at(3)));
        let one = yes(&store, &one, &ROOMY).await;
        let two = yes(&store, &two, &ROOMY).await;
        let bought = answered("bought", at(4));
        store.settle(one, &CallEnd::Answered(bought.clone())).await.expect("settles");
        let again = answered("bought again", at(5));
        store.settle(two, &CallEnd::Answered(again.clone())).await.expect("settles");
        store.answer(&ask.id, &again).await.expect("answers");
        assert_eq!(frozen(&store, &ask).await.reply, Some(bought));
    }

    async fn a_reply_that_comes_by_itself_ends_the_call_that_was_made_for_it(house: House) {
        let store = house.open().await;
        let ask = asked("extract e1", "what was said", at(1));
        frozen(&store, &ask).await;
        yes(&store, &call(&ask, 500, at(2)), &ROOMY).await;
        store.answer(&ask.id, &answered("later", at(9))).await.expect("answers");
        let account = store.account(at(0), None).await.expect("answers");
        assert_eq!((account[0].tokens, account[0].answered), (33, 1));
    }

    async fn a_cut_reply_is_known_as_one(house: House) {
        let store = house.open().await;
        let ask = asked("extract e1", "what was said", at(1));
        frozen(&store, &ask).await;
        let cut = Reply { ended: Ended::Cut, ..answered("half of", at(2)) };
        store.answer(&ask.id, &cut).await.expect("answers");
        assert_eq!(frozen(&store, &ask).await.reply, Some(cut));
    }

    async fn what_was_purged_meanwhile_is_not_asked_about(house: House) {
        let store = house.open().await;
        let said = turn("t1", "s1", 1, "use pnpm");
        let held = memory("use pnpm", "t1");
        let changes = Changes {
            turns: vec![said.clone()],
            ..saving(std::slice::from_ref(&held))
        };
        store.apply(&changes, &Author::Worker).await.expect("is written");
        let shows = Shows {
            turns: vec![said.id.clone()],
            memories: vec![held.memory.id.clone()],
        };
        let ask = asked("extract e1", "use pnpm", at(1));
        assert!(store.freeze(&ask, &shows).await.expect("answers").is_some());
        for gone in [
            Shows { turns: vec![TurnId::new("gone")], ..shows.clone() },
            Shows { memories: vec![MemoryId::new("gone")], ..shows },
        ] {
            let ask = asked("extract e2", "use pnpm", at(1));
            assert_eq!(store.freeze(&ask, &gone).await.expect("answers"), None);
        }
        assert_eq!(house.dump("SELECT about FROM asks").await, ["extract e1"]);
    }

    async fn the_day_has_room_for_so_much_and_no_more(house: House) {
        let store = house.open().await;
        let ask = asked("extract e1", "what was said", at(1));
        let tight = budget(100, 1_000);
        yes(&store, &call(&ask, 60, at(2)), &tight).await;
        let more = call(&ask, 41, at(3));
        assert_eq!(store.reserve(&more, &tight).await.expect("answers"), Reserved::DayFull);
        yes(&store, &call(&ask, 40, at(3)), &tight).await;
        let tomorrow = Budget { day_begins: at(4), ..tight };
        yes(&store, &call(&ask, 100, at(5)), &tomorrow).await;
        assert_eq!(house.dump("SELECT ask FROM calls").await.len(), 3);
    }

    async fn a_session_has_room_for_so_much_whatever_the_day(house: House) {
        let store = house.open().await;
        let ask = asked("extract e1", "what was said", at(1));
        let tight = Budget { day_begins: at(9), ..budget(1_000, 100) };
        yes(&store, &call(&ask, 60, at(2)), &tight).await;
        let more = call(&ask, 41, at(10));
        assert_eq!(store.reserve(&more, &tight).await.expect("answers"), Reserved::SessionFull);
        let other = Call { session: Some(SessionId::new("s2")), ..more };
        yes(&store, &other, &tight).await;
    }

    async fn what_was_not_sent_costs_nothing_and_what_broke_stays_spent(house: House) {
        let store = house.open().await;
        let ask = asked("extract e1", "what was said", at(1));
        frozen(&store, &ask).await;
        let mut calls = Vec::new();
        for when in 2..7 {
            calls.push(yes(&store, &call(&ask, 100, at(when)), &ROOMY).await);
        }
        let ends = [
            CallEnd::Unsent("no key".to_owned()),
            CallEnd::Unheard("refused".to_owned()),
            CallEnd::Broken("timed out".to_owned()),
            CallEnd::Answered(answered("said", at(7))),
        ];
        for (id, end) in calls.iter().zip(&ends) {
            store.settle(*id, end).await.expect("settles");
        }
        let account = store.account(at(0), None).await.expect("answers");
        let [one] = account.as_slice() else { panic!("one host: {account:?}") };
        assert_eq!((one.calls, one.answered), (4, 1), "what was not sent was no call");
        assert_eq!(one.tokens, 100 + 33 + 100, "broken, answered, and one under way");
        assert_eq!((one.usage.input_tokens, one.usage.output_tokens), (30, 3));
        assert_eq!(one.cost_millionths, (30 * 100 + 3 * 200) / 100);
        assert_eq!(store.account(at(0), Some(RunId(7))).await.expect("answers"), account);
        assert_eq!(store.account(at(0), Some(RunId(8))).await.expect("answers"), []);
        assert_eq!(store.account(at(9), None).await.expect("answers"), []);
    }

    async fn two_callers_never_both_get_what_is_there_for_one(house: House) {
        let ask = asked("extract e1", "what was said", at(1));
        let tight = budget(1_000, 1_000_000);
        let mut callers = tokio::task::JoinSet::new();
        for number in 0..20 {
            // Each caller is a process of its own, with its own connections.
            let (store, call) = (house.open().await, call(&ask, 100, at(number)));
            callers.spawn(async move { store.reserve(&call, &tight).await.expect("answers") });
        }
        let answers = callers.join_all().await;
        let given = answers.iter().filter(|answer| matches!(answer, Reserved::Yes(_)));
        assert_eq!(given.count(), 10);
    }

    async fn a_budget_and_its_account_are_one_persons(house: House) {
        let store = house.open().await;
        let ask = asked("extract e1", "what was said", at(1));
        let tight = budget(100, 100);
        yes(&store, &call(&ask, 100, at(2)), &tight).await;
        for other in [who("acme", "bob"), who("other", "ann")] {
            let other = store.seen_by(other);
            let id = yes(&other, &call(&ask, 100, at(2)), &tight).await;
            assert_eq!(other.account(at(0), None).await.expect("answers").len(), 1);
            let end = CallEnd::Answered(answered("theirs", at(3)));
            other.settle(id, &end).await.expect("settles");
        }
        assert_eq!(frozen(&store, &ask).await.reply, None);
    }
}
