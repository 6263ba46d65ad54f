//! The response document: message, usage, headers.

use actix_web::HttpResponse;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::claude::answer::{self, Action};
use crate::claude::{schema, tools};
use crate::clock::now;

/// Characters in a token, roughly, of a Spanish text.
const CHARS_PER_TOKEN: usize = 4;

/// A tool's input when one is forced, else words.
pub(crate) fn answer(body: &Value) -> Value {
    let draft = answer::draft(&system_text(body), &last_user_text(body));
    match tools::forced(body) {
        Some(tool) => {
            let input = schema::fill(tool.get("input_schema").unwrap_or(&Value::Null), &draft);
            let name = tool.get("name").cloned().unwrap_or_default();
            let id = format!("toolu_{}", Uuid::now_v7().simple());
            let block = json!({ "type": "tool_use", "id": id, "name": name, "input": input });
            message(body, &[block], "tool_use")
        }
        None => {
            // Words can't be silence: without a tool the model always says something.
            let text = match draft.action {
                Action::StaySilent => draft.language.pick("Con gusto.", "You are welcome."),
                Action::Reply | Action::HandOff => &draft.text,
            };
            message(body, &[json!({ "type": "text", "text": text })], "end_turn")
        }
    }
}

/// 200 with nothing in it, and a reason.
pub(crate) fn refusal(body: &Value) -> Value {
    let mut message = message(body, &[], "refusal");
    if let Some(fields) = message.as_object_mut() {
        let details = json!({ "type": "refusal", "category": null, "explanation": null });
        fields.insert("stop_details".to_owned(), details);
    }
    message
}

/// 200 that ended in the middle: half a sentence, or a tool's input without its fields.
pub(crate) fn truncated(body: &Value) -> Value {
    let block = match tools::forced(body) {
        Some(tool) => json!({
            "type": "tool_use",
            "id": format!("toolu_{}", Uuid::now_v7().simple()),
            "name": tool.get("name"),
            "input": {},
        }),
        None => json!({ "type": "text", "text": "Con gusto le" }),
    };
    message(body, &[block], "max_tokens")
}

pub(crate) fn ok(message: &Value) -> HttpResponse {
    let reset = now().format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut answer = HttpResponse::Ok();
    answer.insert_header(("request-id", request_id()));
    let limits = [
        ("requests", "4000", "3999"),
        ("tokens", "4800000", "4799000"),
        ("input-tokens", "4000000", "3999000"),
        ("output-tokens", "800000", "799000"),
    ];
    for (what, limit, remaining) in limits {
        let name = |part: &str| format!("anthropic-ratelimit-{what}-{part}");
        answer.insert_header((name("limit"), limit));
        answer.insert_header((name("remaining"), remaining));
        answer.insert_header((name("reset"), reset.clone()));
    }
    answer.json(message)
}

pub(crate) fn request_id() -> String {
    format!("req_{}", Uuid::now_v7().simple())
}

fn message(body: &Value, content: &[Value], stop_reason: &str) -> Value {
    let tokens = |value: &Value| value.to_string().chars().count() / CHARS_PER_TOKEN + 1;
    let input = ["system", "tools", "messages"].iter().filter_map(|name| body.get(*name));
    json!({
        "id": format!("msg_{}", Uuid::now_v7().simple()),
        "type": "message",
        "role": "assistant",
        "model": body.get("model"),
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": null,
        "usage": {
            "input_tokens": input.map(tokens).sum::<usize>(),
            "output_tokens": content.iter().map(tokens).sum::<usize>(),
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
        },
    })
}

fn system_text(body: &Value) -> String {
    body.get("system").map(text_of).unwrap_or_default()
}

fn last_user_text(body: &Value) -> String {
    let messages = body.get("messages").and_then(Value::as_array);
    let mut users = messages.into_iter().flatten().rev();
    let last = users.find(|message| message.get("role").and_then(Value::as_str) == Some("user"));
    last.and_then(|message| message.get("content")).map(text_of).unwrap_or_default()
}

/// The text of a string, or of a list's text blocks.
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => {
            let texts = blocks.iter().filter_map(|block| block.get("text")?.as_str());
            texts.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}
