//! A tool's input that satisfies its JSON schema: the decision and the words where they belong,
//! something sensible in every other required property.

use serde_json::{Map, Value, json};

use crate::claude::answer::{Action, Draft};
use crate::gsm;

/// Deeper schemas are answered with empty objects.
const DEEPEST: u32 = 8;

pub(crate) fn fill(schema: &Value, draft: &Draft) -> Value {
    object(schema, draft, 0)
}

fn object(schema: &Value, draft: &Draft, depth: u32) -> Value {
    let mut input = Map::new();
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return Value::Object(input);
    };
    let required = schema.get("required").and_then(Value::as_array);
    let is_required =
        |name: &str| required.is_some_and(|list| list.iter().any(|item| item == name));
    for (name, property) in properties {
        let is_words = is_words(name) && draft.action != Action::StaySilent;
        if depth < DEEPEST && (is_required(name) || name == "action" || is_words) {
            input.insert(name.clone(), value(name, property, draft, depth));
        }
    }
    Value::Object(input)
}

fn is_words(name: &str) -> bool {
    matches!(name, "text" | "message" | "reply")
}

fn value(name: &str, property: &Value, draft: &Draft, depth: u32) -> Value {
    if let Some(constant) = property.get("const") {
        return constant.clone();
    }
    if let Some(choices) = property.get("enum").and_then(Value::as_array) {
        return choose(name, choices, draft);
    }
    let options = property.get("anyOf").or_else(|| property.get("oneOf"));
    if let Some(first) = options.and_then(|options| options.get(0)) {
        return value(name, first, draft, depth);
    }
    let (kind, is_nullable) = kind_of(property);
    if is_words(name) && kind == "string" {
        return match (draft.text.is_empty(), is_nullable) {
            (true, true) => Value::Null,
            _ => Value::String(draft.text.clone()),
        };
    }
    match kind {
        "string" => Value::String(string(name, property, draft)),
        "integer" => property.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "number" => property.get("maximum").cloned().unwrap_or_else(|| json!(0.9)),
        "boolean" => Value::Bool(name.contains("hand") && draft.action == Action::HandOff),
        "array" => Value::Array(items(name, property, draft, depth)),
        "object" => object(property, draft, depth + 1),
        _ => Value::Null,
    }
}

/// The first of its types that is not null, and whether null is among them.
fn kind_of(property: &Value) -> (&str, bool) {
    match property.get("type") {
        Some(Value::String(kind)) => (kind, false),
        Some(Value::Array(kinds)) => {
            let mut names = kinds.iter().filter_map(Value::as_str);
            let is_nullable = names.clone().any(|kind| kind == "null");
            (names.find(|kind| *kind != "null").unwrap_or("null"), is_nullable)
        }
        _ => ("string", false),
    }
}

fn choose(name: &str, choices: &[Value], draft: &Draft) -> Value {
    let wanted = match name {
        "action" => draft.action.as_str(),
        "language" | "lang" => draft.language.code(),
        _ => "",
    };
    let found = choices.iter().find(|choice| *choice == wanted);
    // An enum that does not know our word: a reply is the least surprising thing to do.
    let reply = choices.iter().find(|choice| name == "action" && *choice == "reply");
    found.or(reply).or_else(|| choices.first()).cloned().unwrap_or_default()
}

fn string(name: &str, property: &Value, draft: &Draft) -> String {
    let text = match name {
        "language" | "lang" => draft.language.code(),
        _ => draft.reason,
    };
    let bound = |key: &str| property.get(key).and_then(Value::as_u64);
    let bound = |key: &str| bound(key).and_then(|length| usize::try_from(length).ok());
    let cut: String = gsm::fold(text).chars().take(bound("maxLength").unwrap_or(200)).collect();
    let shortest = bound("minLength").unwrap_or(0);
    format!("{cut:.<shortest$}")
}

/// As few as the schema allows.
fn items(name: &str, property: &Value, draft: &Draft, depth: u32) -> Vec<Value> {
    let least = property.get("minItems").and_then(Value::as_u64).unwrap_or(0).min(16);
    let item = property.get("items").unwrap_or(&Value::Null);
    (0..least).map(|_| value(name, item, draft, depth + 1)).collect()
}
