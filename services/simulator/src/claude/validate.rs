//! What the Messages API refuses with 400, in the provider's words where they are known.

use serde_json::{Map, Value};

use crate::claude::error::Failure;
use crate::claude::tools;

const FIELDS: [&str; 15] = [
    "cache_control",
    "container",
    "context_management",
    "max_tokens",
    "messages",
    "metadata",
    "model",
    "output_config",
    "service_tier",
    "stop_sequences",
    "stream",
    "system",
    "thinking",
    "tool_choice",
    "tools",
];

const MOST_BREAKPOINTS: usize = 4;

const PREFILL: &str = "This model does not support assistant message prefill. \
The conversation must end with a user message.";

pub(crate) fn validate(body: &Value) -> Result<(), Failure> {
    let body = body.as_object().ok_or_else(|| invalid("The request body must be an object"))?;
    for name in body.keys() {
        if !FIELDS.contains(&name.as_str()) {
            return Err(invalid(format!("{name}: Extra inputs are not permitted")));
        }
    }
    model(body)?;
    max_tokens(body)?;
    messages(body)?;
    system(body)?;
    metadata(body)?;
    tools::validate(body)?;
    thinking(body)?;
    breakpoints(body)?;
    if body.get("stream").and_then(Value::as_bool) == Some(true) {
        return Err(invalid("stream: this simulator does not stream"));
    }
    Ok(())
}

fn model(body: &Map<String, Value>) -> Result<(), Failure> {
    let model = body.get("model").ok_or_else(|| invalid("model: Field required"))?;
    match model.as_str() {
        None => Err(invalid("model: Input should be a valid string")),
        Some(name) if !name.starts_with("claude-") => {
            Err(Failure::not_found(format!("model: {name}")))
        }
        Some(_) => Ok(()),
    }
}

fn max_tokens(body: &Map<String, Value>) -> Result<(), Failure> {
    let tokens = body.get("max_tokens").ok_or_else(|| invalid("max_tokens: Field required"))?;
    match tokens.as_i64() {
        None => Err(invalid("max_tokens: Input should be a valid integer")),
        Some(tokens) if tokens < 1 => {
            Err(invalid("max_tokens: Input should be greater than or equal to 1"))
        }
        Some(_) => Ok(()),
    }
}

fn messages(body: &Map<String, Value>) -> Result<(), Failure> {
    let messages = body.get("messages").ok_or_else(|| invalid("messages: Field required"))?;
    let messages =
        messages.as_array().ok_or_else(|| invalid("messages: Input should be a valid list"))?;
    if messages.is_empty() {
        return Err(invalid("messages: at least one message is required"));
    }
    let mut roles = Vec::with_capacity(messages.len());
    for (place, message) in messages.iter().enumerate() {
        roles.push(turn(place, message)?);
    }
    if roles.first() != Some(&"user") {
        return Err(invalid("messages: first message must use the \"user\" role"));
    }
    if roles.last() == Some(&"assistant") {
        return Err(invalid(PREFILL));
    }
    Ok(())
}

fn turn(place: usize, message: &Value) -> Result<&str, Failure> {
    let at = format!("messages.{place}");
    let fields = message
        .as_object()
        .ok_or_else(|| invalid(format!("{at}: Input should be a valid dictionary")))?;
    if let Some(name) = fields.keys().find(|name| !matches!(name.as_str(), "role" | "content")) {
        return Err(invalid(format!("{at}.{name}: Extra inputs are not permitted")));
    }
    let role = match fields.get("role").and_then(Value::as_str) {
        Some(role @ ("user" | "assistant")) => role,
        Some(other) => {
            let why = format!("{at}.role: Input should be 'user' or 'assistant', not '{other}'");
            return Err(invalid(why));
        }
        None => return Err(invalid(format!("{at}.role: Field required"))),
    };
    let content =
        fields.get("content").ok_or_else(|| invalid(format!("{at}.content: Field required")))?;
    content_of(&format!("{at}.content"), content)?;
    Ok(role)
}

fn system(body: &Map<String, Value>) -> Result<(), Failure> {
    match body.get("system") {
        None | Some(Value::String(_)) => Ok(()),
        Some(blocks) => content_of("system", blocks),
    }
}

/// A string that says something, or a list of typed blocks.
fn content_of(at: &str, content: &Value) -> Result<(), Failure> {
    match content {
        Value::String(text) if text.is_empty() => {
            Err(invalid(format!("{at}: messages must have non-empty content")))
        }
        Value::String(_) => Ok(()),
        Value::Array(blocks) if blocks.is_empty() => {
            Err(invalid(format!("{at}: messages must have non-empty content")))
        }
        Value::Array(blocks) => blocks
            .iter()
            .enumerate()
            .try_for_each(|(n, block)| block_of(&format!("{at}.{n}"), block)),
        _ => Err(invalid(format!("{at}: Input should be a valid string or list"))),
    }
}

fn block_of(at: &str, block: &Value) -> Result<(), Failure> {
    let kind = block.get("type").and_then(Value::as_str);
    match kind {
        None => Err(invalid(format!("{at}.type: Field required"))),
        Some("text") => match block.get("text").and_then(Value::as_str) {
            None => Err(invalid(format!("{at}.text.text: Field required"))),
            Some("") => Err(invalid(format!("{at}: text content blocks must be non-empty"))),
            Some(_) => Ok(()),
        },
        Some(_) => Ok(()),
    }
}

fn metadata(body: &Map<String, Value>) -> Result<(), Failure> {
    let fields = body.get("metadata").and_then(Value::as_object);
    match fields.and_then(|fields| fields.keys().find(|name| name.as_str() != "user_id")) {
        Some(name) => Err(invalid(format!("metadata.{name}: Extra inputs are not permitted"))),
        None => Ok(()),
    }
}

fn thinking(body: &Map<String, Value>) -> Result<(), Failure> {
    let Some(thinking) = body.get("thinking") else { return Ok(()) };
    let kind = thinking.get("type").and_then(Value::as_str);
    if !matches!(kind, Some("enabled" | "adaptive" | "disabled")) {
        let why = "thinking.type: Input should be 'adaptive', 'enabled' or 'disabled'";
        return Err(invalid(why));
    }
    if kind != Some("disabled") && tools::is_forced(body) {
        return Err(invalid("Thinking may not be enabled when tool_choice forces tool use."));
    }
    Ok(())
}

fn breakpoints(body: &Map<String, Value>) -> Result<(), Failure> {
    let found: usize = body.values().map(count_breakpoints).sum::<usize>()
        + usize::from(body.get("cache_control").is_some_and(|control| !control.is_null()));
    if found > MOST_BREAKPOINTS {
        let why = format!(
            "A maximum of {MOST_BREAKPOINTS} blocks with cache_control may be provided. \
             Found {found}."
        );
        return Err(invalid(why));
    }
    Ok(())
}

fn count_breakpoints(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(count_breakpoints).sum(),
        Value::Object(fields) => {
            usize::from(fields.get("cache_control").is_some_and(|control| !control.is_null()))
                + fields.values().map(count_breakpoints).sum::<usize>()
        }
        _ => 0,
    }
}

pub(crate) fn invalid(message: impl Into<String>) -> Failure {
    Failure::invalid(message)
}
