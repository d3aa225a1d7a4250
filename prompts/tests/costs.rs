//! Holds the table of costs in the README to the texts.
//!
//! It counts by our own estimate; what a model's server counts is another matter.

use domain::words::estimate_tokens;
use domain::{Episode, EpisodeId, Kind, Lesson, Place, Request, Scope, SessionId};
use jiff::Timestamp;
use prompts::{Brief, Extract, Form, Judge, Merge, Received, Structure};

fn cost(request: &Request) -> usize {
    estimate_tokens(&request.system) + estimate_tokens(&request.user)
}

fn extract(form: Form) -> Request {
    let episode = Episode {
        id: EpisodeId::new("e1"),
        session: SessionId::new("s"),
        project: None,
        place: Place::default(),
        started_at: Timestamp::UNIX_EPOCH,
        turns: Vec::new(),
    };
    let ask = Extract {
        episode: &episode,
        turns: &[],
        known: &[],
        standing: "",
        hints: "",
        form,
        room: prompts::LEAST_ROOM,
    };
    prompts::extract(&ask).request
}

fn costs(form: Form) -> Vec<(&'static str, usize, u32)> {
    let nothing = Lesson {
        kind: Kind::Fact,
        scope: Scope::Project,
        what: String::new(),
        when: None,
        do_: None,
        warn: None,
    };
    let first = extract(form);
    let note = Structure {
        content: "",
        kind: None,
        domain: None,
        form,
        room: 2_000,
    };
    let pair = Judge {
        a: &nothing,
        b: &nothing,
        form,
    };
    let page = Brief {
        memories: &[],
        words: 300,
        form,
    };
    let members = Merge { members: &[], form };
    let rest = prompts::rest(&first, Received::default()).expect("all may be missing");
    let row = |name, request: &Request| (name, cost(request), request.max_output_tokens);
    let more = cost(&rest.request) - cost(&first);
    vec![
        row("extract", &first),
        (
            "rest, beside the first",
            more,
            rest.request.max_output_tokens,
        ),
        row("structure", &prompts::structure(&note).request),
        row("merge", &prompts::merge(&members).request),
        row("judge", &prompts::judge(&pair).request),
        row("brief, of 300 words", &prompts::brief(&page).request),
    ]
}

#[test]
fn the_readme_says_what_each_prompt_costs() {
    let mut table =
        String::from("| prompt | as XML | as JSON | reply at most |\n|---|---|---|---|\n");
    for ((name, xml, reply), (_, json, _)) in costs(Form::Xml).into_iter().zip(costs(Form::Json)) {
        table.push_str(&format!("| {name} | {xml} | {json} | {reply} |\n"));
    }
    let page = include_str!("../README.md");
    assert!(page.contains(&table), "the README should have\n{table}");
}
