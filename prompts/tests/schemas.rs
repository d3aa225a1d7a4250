//! Holds every reply's schema to the rules under which endpoints promise to keep it.
//!
//! The words used are those that OpenAI and Azure both take in strict mode: no lengths, no patterns.

use domain::{Kind, Speaker};
use serde_json::Value;

const WORDS: [&str; 7] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "anyOf",
];
const TYPES: [&str; 4] = ["object", "array", "string", "null"];
// Azure takes five levels of objects.
const DEPTH: usize = 5;

const SCHEMAS: [(&str, &str); 5] = [
    ("extract", include_str!("../text/extract.schema.json")),
    ("structure", include_str!("../text/structure.schema.json")),
    ("merge", include_str!("../text/merge.schema.json")),
    ("judge", include_str!("../text/judge.schema.json")),
    ("brief", include_str!("../text/brief.schema.json")),
];

fn schema(name: &str) -> Value {
    let (_, text) = SCHEMAS
        .iter()
        .find(|(known, _)| *known == name)
        .expect("the schema is in the list");
    serde_json::from_str(text).expect("a schema is JSON")
}

/// Returns the breaches of the rules in a schema and below it.
fn breaches(value: &Value, place: &str, depth: usize) -> Vec<String> {
    let Some(object) = value.as_object() else {
        return vec![format!("{place} is no schema")];
    };
    let mut found: Vec<String> = object
        .keys()
        .filter(|word| !WORDS.contains(&word.as_str()))
        .map(|word| format!("{place} says {word}"))
        .collect();
    let types: Vec<&str> = match &value["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    if types.is_empty() == value["anyOf"].is_null() || types.iter().any(|t| !TYPES.contains(t)) {
        found.push(format!("{place} has the types {types:?}"));
    }
    if types.contains(&"object") {
        found.extend(breaches_of_object(value, place, depth + 1));
    }
    if types.contains(&"array") {
        found.extend(breaches(&value["items"], &format!("{place}[]"), depth));
    }
    for (at, one) in value["anyOf"].as_array().into_iter().flatten().enumerate() {
        found.extend(breaches(one, &format!("{place}|{at}"), depth));
    }
    found
}

fn breaches_of_object(value: &Value, place: &str, depth: usize) -> Vec<String> {
    let mut found = Vec::new();
    if depth > DEPTH {
        found.push(format!("{place} lies too deep"));
    }
    if value["additionalProperties"] != Value::Bool(false) {
        found.push(format!("{place} lets other keys in"));
    }
    let properties = value["properties"].as_object().cloned().unwrap_or_default();
    let mut keys: Vec<&str> = properties.keys().map(String::as_str).collect();
    let required = value["required"].as_array().cloned().unwrap_or_default();
    let mut required: Vec<&str> = required.iter().filter_map(Value::as_str).collect();
    keys.sort_unstable();
    required.sort_unstable();
    if keys != required || keys.is_empty() {
        found.push(format!("{place} has {keys:?} and requires {required:?}"));
    }
    for (key, one) in &properties {
        found.extend(breaches(one, &format!("{place}.{key}"), depth));
    }
    found
}

#[test]
fn every_schema_keeps_the_strict_rules() {
    for (name, _) in SCHEMAS {
        let schema = schema(name);
        assert_eq!(schema["type"], "object", "{name}: the root is an object");
        assert_eq!(breaches(&schema, name, 0), Vec::<String>::new());
    }
}

#[test]
fn the_rules_see_a_breach() {
    let check = |text: &str| {
        let schema = serde_json::from_str(text).expect("it is JSON");
        breaches(&schema, "x", 0)
    };
    let open = r#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#;
    assert_eq!(check(open), ["x lets other keys in"]);
    let optional = r#"{"type":"object","properties":{"a":{"type":"string","minLength":1}},
        "required":[],"additionalProperties":false}"#;
    let found = ["x has [\"a\"] and requires []", "x.a says minLength"];
    assert_eq!(check(optional), found);
}

#[test]
fn the_closed_sets_are_those_of_the_domain() {
    let words = |value: &Value| {
        let words = value.as_array().cloned().unwrap_or_default();
        let mut words: Vec<String> = words
            .iter()
            .filter_map(|word| word.as_str().map(str::to_owned))
            .collect();
        words.sort();
        words
    };
    let mut kinds: Vec<String> = Kind::ALL.iter().map(ToString::to_string).collect();
    kinds.sort();
    let extract = &schema("extract")["properties"]["memories"]["items"]["properties"];
    assert_eq!(words(&extract["kind"]["enum"]), kinds);
    for name in ["structure", "merge"] {
        let memory = &schema(name)["properties"]["memory"]["anyOf"][0]["properties"];
        assert_eq!(words(&memory["kind"]["enum"]), kinds, "{name}");
    }
    for word in words(&extract["asserted_by"]["enum"]) {
        let speaker = Speaker::from_word(&word).expect("a speaker of the domain");
        assert!(speaker.bears_witness(), "{word}");
    }
}
