//! The same secrets in the places a transcript puts them: prose, JSON, shells, listings, cuts.
//!
//! Each place must lose the whole secret and nothing else.

use super::positives::{alnum, cases, hex, key_body, planted};
use crate::secrets::redact;

fn github() -> String {
    format!("gh{}{}", "p_", alnum(36))
}

#[test]
fn a_key_is_found_wherever_it_stands() {
    let frames = [
        "I put {} into the file.",
        "{\"content\":\"first\\n{}\\nlast\"}",
        "$ curl -H 'X-Thing: {}' https://host",
        "`{}`",
        "\"{}\"",
        "({}),",
        "schlüssel→{}←ende",
        "鍵{}鍵",
        "https://host/?x=%3D{}&y=1",
        "\u{1b}[32m{}\u{1b}[0m",
        "{}.",
    ];
    for frame in frames {
        let text = planted(frame, &github());
        assert_eq!(
            redact(&text).text,
            planted(frame, "[redacted:github-token]"),
            "{text}"
        );
    }
}

#[test]
fn every_planted_secret_is_gone_from_the_middle_of_a_text() {
    for (kind, frame, secret) in cases() {
        let line = planted(frame, &secret);
        for text in [
            format!("Läuft so:\n{line}\nund weiter."),
            format!("> {line} # ok"),
        ] {
            let clean = redact(&text);
            assert!(
                !clean.text.contains(&secret),
                "{kind}: {text}\n  -> {}",
                clean.text
            );
        }
    }
}

#[test]
fn every_planted_secret_is_gone_from_raw_json() {
    for (kind, frame, secret) in cases() {
        let decoded = planted(frame, &secret);
        let raw = serde_json::json!({ "text": format!("a\n{decoded}\nb") }).to_string();
        let inner = serde_json::json!(secret).to_string();
        let clean = redact(&raw);
        assert!(
            !clean.text.contains(inner.trim_matches('"')),
            "{kind}: {raw}"
        );
        let reread: Result<serde_json::Value, _> = serde_json::from_str(&clean.text);
        assert!(reread.is_ok(), "{kind}: {}", clean.text);
    }
}

#[test]
fn a_private_key_is_gone_whole_cut_numbered_or_quoted() {
    let (begin, end) = (
        format!("-----BEGIN {} KEY-----", "PRIVATE"),
        "-----END PRIVATE KEY-----",
    );
    let body = key_body();
    let numbered: Vec<String> = body
        .lines()
        .enumerate()
        .map(|(at, line)| format!("{:>6}→{line}", at + 2))
        .collect();
    let quoted: Vec<String> = body
        .lines()
        .map(|line| format!("  \"{line}\\n\" +"))
        .collect();
    let texts = [
        format!("{begin}\n{body}\n{end}"),
        format!("{begin}\n{}", &body[..300]),
        format!("{}\n{end}", &body[70..]),
        format!("     1→{begin}\n{}\n    10→{end}", numbered.join("\n")),
        format!("\"{begin}\\n\" +\n{}\n  \"{end}\"", quoted.join("\n")),
        format!("{begin}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0F\n\n{body}\n{end}"),
        format!("Private-Lines: 8\n{body}\nPrivate-MAC: {}", hex(40)),
    ];
    for text in texts {
        let text = format!("before\n{text}\nafter");
        let clean = redact(&text);
        let left = body
            .lines()
            .filter(|line| line.len() > 8)
            .any(|line| clean.text.contains(line));
        assert!(!left, "{text}\n  -> {}", clean.text);
        assert!(
            clean.text.starts_with("before\n") && clean.text.ends_with("\nafter"),
            "{text}"
        );
    }
}

#[test]
fn a_key_in_a_named_value_is_called_by_its_own_kind() {
    let text = format!("GITHUB_TOKEN=\"{}\"", github());
    assert_eq!(
        redact(&text).text,
        "GITHUB_TOKEN=\"[redacted:github-token]\""
    );
}

#[test]
fn the_pair_of_an_access_key_and_its_secret_goes_together() {
    let text = format!(
        "{}{},{}\n",
        concat!("AK", "IA"),
        "IOSFODNN7EXAMPLE",
        alnum(40)
    );
    let clean = redact(&text);
    assert_eq!(
        clean.text,
        "[redacted:aws-access-key],[redacted:aws-secret-key]\n"
    );
}

#[test]
fn finds_of_one_kind_are_counted_together() {
    let clean = redact(&format!("{} and {}", github(), github())).found;
    assert_eq!(clean.len(), 1);
    assert_eq!(clean[0].count, 2);
}

#[test]
fn every_planted_secret_is_gone_from_between_tags_and_the_tags_stay() {
    for (kind, frame, secret) in cases() {
        let line = planted(frame, &secret);
        if line.ends_with('>') || line.contains("-----") {
            continue;
        }
        let text = format!("<what>{line}</what><do>next</do>");
        let clean = redact(&text).text;
        assert!(!clean.contains(&secret), "{kind}: {text}\n  -> {clean}");
        assert!(
            clean.ends_with("</what><do>next</do>"),
            "{kind}: {text}\n  -> {clean}"
        );
    }
}

#[test]
fn a_secret_with_the_signs_of_a_closing_tag_in_it_goes_as_a_whole() {
    let secret = "Tr0ub4dor</cd9xyz";
    for frame in [
        "PASSWORD={}\n",
        "password={}&next=1",
        "password: {} ok",
        "--password {} next",
        "the password is {} ok",
        "<password>{}</password>",
        "redis-cli -h cache -a {} ping",
    ] {
        let text = planted(frame, secret);
        let clean = redact(&text).text;
        assert!(!clean.contains("cd9"), "{text} -> {clean}");
        assert!(!clean.contains("Tr0"), "{text} -> {clean}");
    }
    // What looks like a tag and has letters right behind it, is none.
    let clean = redact("PASSWORD=Tr0ub4dor</cd>9xyz").text;
    assert!(!clean.contains("9xyz"), "{clean}");
}
