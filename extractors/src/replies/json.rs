//! Reads a reply in JSON into the same drafts as one in XML.
//!
//! It must not ask for more than the XML does: keys may lack, and words may stand for lists.

use serde_json::{Map, Value};

use super::carve::{self, Carved};
use super::draft::{Draft, Field};
use super::mend::MAX_BLOCKS;
use super::names::Name;
use super::sheet::Sheet;

// Models that correct themselves write two; whoever writes more is not answering us.
const MAX_VALUES: usize = 8;

/// Reads the JSON values of a text from a place on.
pub(super) fn read(text: &str, start: usize) -> Sheet {
    let mut sheet = Sheet::default();
    let mut next = Some(start);
    for _ in 0..MAX_VALUES {
        let Some(start) = next else { break };
        let carved = carve::carve(text, start);
        if !take(&mut sheet, text, &carved) {
            sheet.is_half = true;
            sheet.is_closed = false;
            break;
        }
        sheet.is_closed = true;
        next = carve::start(text, carved.place.end);
    }
    sheet
}

/// Takes one value in; false when it breaks off, and only its whole items could be read.
fn take(sheet: &mut Sheet, text: &str, carved: &Carved) -> bool {
    if carved.is_whole {
        match parse(&text[carved.place.clone()]) {
            Ok(value) => root(sheet, value),
            Err(why) => sheet.broken.push(why),
        }
        return true;
    }
    for (key, item) in &carved.items {
        let key = key.clone().map_or("memories", |key| &text[key]);
        match parse(&text[item.clone()]) {
            Ok(value) => list(sheet, key, vec![value]),
            Err(why) => sheet.broken.push(why),
        }
    }
    false
}

fn parse(json: &str) -> Result<Value, String> {
    serde_json::from_str(&carve::mend(json)).map_err(|error| error.to_string())
}

fn root(sheet: &mut Sheet, value: Value) {
    match value {
        Value::Array(items) => {
            sheet.says_none |= items.is_empty();
            list(sheet, "memories", items);
        }
        Value::Object(map) if map.keys().any(|key| Name::of(key) == Some(Name::What)) => {
            add(sheet, Name::Memory, map);
        }
        Value::Object(map) => {
            sheet.says_none |= map.is_empty();
            for (key, value) in map {
                entry(sheet, &key, value);
            }
        }
        _ => {}
    }
}

fn entry(sheet: &mut Sheet, key: &str, value: Value) {
    match (Name::of(key), value) {
        (Some(Name::Memories | Name::Supports | Name::Memory), Value::Array(items)) => {
            sheet.says_none |= items.is_empty();
            list(sheet, key, items);
        }
        (Some(Name::Memory | Name::Memories), Value::Null)
        | (Some(Name::None), Value::Bool(true)) => sheet.says_none = true,
        (Some(name @ (Name::Memory | Name::Supports)), Value::Object(map)) => add(sheet, name, map),
        (Some(name @ (Name::Reject | Name::Verdict)), value) => {
            if let Some(text) = words(&value) {
                let mut draft = Draft::new(name, Vec::new());
                draft.push(
                    Name::Reason,
                    Field {
                        text,
                        beside: Vec::new(),
                    },
                );
                push(sheet, draft);
            }
        }
        // The reply as a string inside an envelope of the model's own making.
        (_, Value::String(text)) => sheet.inner = sheet.inner.take().or(Some(text)),
        _ => {}
    }
}

fn list(sheet: &mut Sheet, key: &str, items: Vec<Value>) {
    let block = match Name::of(key) {
        Some(Name::Supports) => Name::Supports,
        Some(Name::Memories | Name::Memory) => Name::Memory,
        _ => return,
    };
    for item in items {
        match item {
            Value::Object(map) => add(sheet, block, map),
            _ => sheet
                .broken
                .push("an entry of the list is no object".to_owned()),
        }
    }
}

fn add(sheet: &mut Sheet, block: Name, map: Map<String, Value>) {
    let mut draft = Draft::new(block, Vec::new());
    for (key, value) in map {
        let Some(name) = Name::of(&key).filter(|name| name.is_field()) else {
            continue;
        };
        match name {
            Name::Slot | Name::Evidence | Name::Quote => {
                let name = if name == Name::Quote {
                    Name::Evidence
                } else {
                    name
                };
                for field in several(value).iter().filter_map(field) {
                    draft.push(name, field);
                }
            }
            _ => {
                if let Some(text) = words(&value) {
                    draft.push(
                        name,
                        Field {
                            text,
                            beside: Vec::new(),
                        },
                    );
                }
            }
        }
    }
    push(sheet, draft);
}

fn push(sheet: &mut Sheet, draft: Draft) {
    if sheet.drafts.len() == MAX_BLOCKS {
        sheet.left_over += 1;
    } else {
        sheet.drafts.push(draft);
    }
}

fn several(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// Reads a slot or a piece of evidence.
fn field(value: &Value) -> Option<Field> {
    let Value::Object(map) = value else {
        let text = words(value)?;
        return Some(Field {
            text,
            beside: Vec::new(),
        });
    };
    let mut field = Field::default();
    for (key, value) in map {
        match (Name::of(key), words(value)) {
            (Some(Name::Value | Name::Quote | Name::Evidence), Some(text)) => field.text = text,
            (Some(name), Some(text)) if name.is_short() => field.beside.push((name, text)),
            _ => {}
        }
    }
    Some(field)
}

/// Returns what a value says in words; several words stand on lines of their own.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Array(items) => {
            let lines: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            (!lines.is_empty()).then(|| lines.join("\n"))
        }
        Value::Null | Value::Object(_) => None,
    }
}
