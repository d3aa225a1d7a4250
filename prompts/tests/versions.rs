//! Holds each prompt's text to its version: kept replies name the version that asked for them.
//!
//! It must not be silenced by changing a digest under a version that was ever used.

use domain::digest;

/// Name and version, and the digest of the text and its schema. A new version is a new row; the old
/// ones stay, as the record of what was once said.
const SAID: &[(&str, &str)] = &[
    ("extract/1", "dqps23x32j0k0"),
    ("rest/1", "d4kvs0vk6fpzs"),
    ("structure/1", "ds25s6vs0cj8n"),
    ("merge/1", "dyhh9jqpepjte"),
    ("judge/1", "dn11pmbm1jbja"),
    ("brief/1", "dhbf8ppprv446"),
];

fn texts() -> [(&'static str, &'static str, &'static str); 6] {
    [
        (
            "extract",
            include_str!("../text/extract.txt"),
            include_str!("../text/extract.schema.json"),
        ),
        ("rest", include_str!("../text/rest.txt"), ""),
        (
            "structure",
            include_str!("../text/structure.txt"),
            include_str!("../text/structure.schema.json"),
        ),
        (
            "merge",
            include_str!("../text/merge.txt"),
            include_str!("../text/merge.schema.json"),
        ),
        (
            "judge",
            include_str!("../text/judge.txt"),
            include_str!("../text/judge.schema.json"),
        ),
        (
            "brief",
            include_str!("../text/brief.txt"),
            include_str!("../text/brief.schema.json"),
        ),
    ]
}

#[test]
fn a_text_changes_only_with_its_version() {
    let versions = prompts::versions();
    let mut changed = Vec::new();
    for (name, text, schema) in texts() {
        let version = versions
            .iter()
            .find(|version| version.split('/').next() == Some(name))
            .expect("every text is a prompt");
        let now = digest('d', &[text, schema]);
        let said = SAID.iter().find(|(known, _)| known == version);
        if said.is_none_or(|(_, digest)| *digest != now) {
            changed.push(format!("(\"{name}/N\", \"{now}\"),"));
        }
    }
    assert!(
        changed.is_empty(),
        "raise the versions in text/, and add with them\n{}",
        changed.join("\n")
    );
    assert_eq!(versions.len(), texts().len());
}

#[test]
fn no_version_stands_twice() {
    for (at, (version, _)) in SAID.iter().enumerate() {
        assert!(SAID[..at].iter().all(|(earlier, _)| earlier != version));
    }
}
