//! Secrets stop at the door: not a byte of them reaches the home.

use llm::scripted::{Server, Step};
use serde_json::json;
use tests::{Failed, House, Transcript};

#[test]
fn planted_secrets_are_in_no_file_of_the_home() {
    // Put together here so that nobody's scanner takes this file for a leak.
    let planted = [
        ["ghp", "_", "Zx81kQpLmN0rStUvWxYz2345AbCdEf67GhIj"].concat(),
        ["AKIA", "Q3EGRZ7TN4", "PLMK8W"].concat(),
        ["sk-ant-", "api03-", "q9Zt7Lk2Xv4Bn6Mw8Rs1Yp3Hd5Fg0Jc"].concat(),
        ["correct", "-horse-", "battery-", "9471"].concat(),
    ];
    let [github, aws, anthropic, password] = &planted;
    let house = House::new();
    let session = Transcript::new("5e551014-0000-4000-8000-0000000005ec", "/srv/shop")
        .user(&format!(
            "We always deploy with {github} in this repository, never another token."
        ))
        .assistant(&format!("I'll export AWS_ACCESS_KEY_ID={aws} and go on."))
        .bash(
            "cat .env",
            &format!("ANTHROPIC_API_KEY={anthropic}\nDATABASE_URL=postgres://u:{password}@db/x"),
            Failed::No,
        );
    house.write("work/session.jsonl", session.text());
    house.ok(&["ingest", "session.jsonl"]);
    house.ok(&["save", &format!("The deploy token is {github}")]);
    assert!(
        house
            .ok(&["search", "deploy", "token"])
            .contains("[redacted:")
    );
    for secret in &planted {
        assert_eq!(
            house.files_holding(secret),
            Vec::<std::path::PathBuf>::new()
        );
    }
}

#[test]
fn a_secret_in_an_edited_memory_stops_at_the_door_too() {
    let token = ["ghp", "_", "Zx81kQpLmN0rStUvWxYz2345AbCdEf67GhIj"].concat();
    let house = House::new();
    let saved = house.json(&["save", "Deploys need a token"]).remove(0);
    let id = saved["id"].as_str().expect("an id");
    house.ok(&["edit", id, "--what", &format!("Deploys need {token}")]);
    house.ok(&["edit", id, "--do", &format!("export GH_TOKEN={token}")]);
    assert!(house.files_holding(&token).is_empty());
}

/// Put together here so that nobody's scanner takes this file for a leak.
fn blabbed() -> [String; 3] {
    [
        ["ghp", "_", "Zx81kQpLmN0rStUvWxYz2345AbCdEf67GhIj"].concat(),
        ["AKIA", "Q3EGRZ7TN4", "PLMK8W"].concat(),
        ["correct", "-horse-", "battery-", "9471"].concat(),
    ]
}

/// What a model says that repeats secrets, and speaks to the terminal: in prose, elements, attributes.
fn blabs() -> String {
    let [github, aws, password] = blabbed();
    format!(
        "Your key {aws} is \u{1b}[31mleaked\u{7}!\u{9b}\n\
         <memories><memory kind=\"preference\" domain=\"{aws}\" asserted_by=\"user\">\
         <what>This repository uses pnpm, never npm.</what><warn>the password is {password}</warn>\
         <do>export GITHUB_TOKEN={github}</do>\
         <evidence turn=\"t1\">always use pnpm in this repository, never npm</evidence></memory></memories>"
    )
}

fn unread() -> House {
    let house = House::new();
    let session = Transcript::new("5e551014-0000-4000-8000-0000000005ed", "/srv/shop")
        .user("We always use pnpm in this repository, never npm, because of the lockfile.")
        .assistant("Understood, pnpm it is.");
    house.write("transcripts/one.jsonl", session.text());
    house
}

fn holds_none_of_it(house: &House) {
    let raw = ["\u{1b}[31m", "\u{7}!", "\u{9b}"].map(str::to_owned);
    for said in blabbed().iter().chain(&raw) {
        assert!(house.files_holding(said).is_empty(), "{said:?}");
    }
    let kept = house.files_holding("uses pnpm, never npm");
    assert!(!kept.is_empty(), "and yet the reply was read");
}

#[test]
fn secrets_in_a_models_reply_are_in_no_file_of_the_home() {
    let server = Server::start(vec![Step::says(&blabs())]);
    let house = unread()
        .set("DORMOUSE_LLM_PROVIDER", "compatible")
        .set("DORMOUSE_LLM_MODEL", "scripted")
        .set("DORMOUSE_LLM_BASE_URL", &server.base_url())
        .set("DORMOUSE_LLM_WINDOW", "32000");
    house.ok(&["ingest", "../transcripts"]);
    house.ok(&["save", "This repository uses pnpm, never npm."]);
    assert_eq!(
        server.seen().len(),
        2,
        "an episode and a note were asked about"
    );
    holds_none_of_it(&house);
}

#[test]
fn secrets_in_an_error_of_a_host_are_in_no_file_of_the_home() {
    let error = json!({"error": {"message": format!("refused: {}", blabs())}});
    let server = Server::start(vec![Step::status(400, &error.to_string())]);
    let house = unread()
        .set("DORMOUSE_LLM_PROVIDER", "compatible")
        .set("DORMOUSE_LLM_MODEL", "scripted")
        .set("DORMOUSE_LLM_BASE_URL", &server.base_url())
        .set("DORMOUSE_LLM_WINDOW", "32000");
    let ran = house.run(&["ingest", "../transcripts"]);
    assert!(
        ran.stderr().contains("refuses this request"),
        "{}",
        ran.stderr()
    );
    for said in blabbed() {
        assert!(!ran.stderr().contains(&said), "{}", ran.stderr());
        assert!(house.files_holding(&said).is_empty(), "{said:?}");
    }
}

#[test]
fn secrets_in_what_lies_in_a_mailbox_come_no_further() {
    let house = unread().set("DORMOUSE_LLM_PROVIDER", "mailbox");
    // Who answers keeps files of their own; what we write is the home.
    let mailbox = house.write("mailbox/here", "");
    let mailbox = mailbox.parent().expect("a folder").to_owned();
    let house = house.set("DORMOUSE_LLM_MAILBOX", &mailbox.display().to_string());
    house.ok(&["ingest", "../transcripts"]);
    let requests = std::fs::read_to_string(mailbox.join("requests.jsonl")).expect("requests");
    let request: serde_json::Value = serde_json::from_str(requests.trim()).expect("one line");
    let reply = json!({"custom_id": request["custom_id"], "text": blabs()});
    house.write("mailbox/replies.jsonl", format!("{reply}\n"));
    house.ok(&["work"]);
    holds_none_of_it(&house);
}
