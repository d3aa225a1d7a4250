//! Secrets stop at the door: not a byte of them reaches the home.

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
