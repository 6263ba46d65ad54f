//! Tools and the choice among them: what is refused, and which tool a request forces.

use serde_json::{Map, Value};

use crate::claude::error::Failure;
use crate::claude::validate::invalid;

/// The tool that must be called: the named one, or with `any` the first.
pub(crate) fn forced(body: &Value) -> Option<&Value> {
    let tools = body.get("tools")?.as_array()?;
    let choice = body.get("tool_choice")?;
    match choice.get("type")?.as_str()? {
        "any" => tools.first(),
        "tool" => {
            let name = choice.get("name")?;
            tools.iter().find(|tool| tool.get("name") == Some(name))
        }
        _ => None,
    }
}

pub(crate) fn is_forced(body: &Map<String, Value>) -> bool {
    let kind = body.get("tool_choice").and_then(|choice| choice.get("type"));
    matches!(kind.and_then(Value::as_str), Some("any" | "tool"))
}

pub(crate) fn validate(body: &Map<String, Value>) -> Result<(), Failure> {
    let mut names = Vec::new();
    if let Some(tools) = body.get("tools") {
        let tools =
            tools.as_array().ok_or_else(|| invalid("tools: Input should be a valid list"))?;
        for (place, tool) in tools.iter().enumerate() {
            let name = tool_of(&format!("tools.{place}.custom"), tool)?;
            if names.contains(&name) {
                return Err(invalid("tools: Tool names must be unique."));
            }
            names.push(name);
        }
    }
    match body.get("tool_choice") {
        Some(choice) => choice_of(choice, &names),
        None => Ok(()),
    }
}

fn tool_of<'a>(at: &str, tool: &'a Value) -> Result<&'a str, Failure> {
    let name = tool.get("name").and_then(Value::as_str);
    let name = name.ok_or_else(|| invalid(format!("{at}.name: Field required")))?;
    let is_sound = (1..=128).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if !is_sound {
        let why = format!("{at}.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'");
        return Err(invalid(why));
    }
    let schema = tool.get("input_schema");
    let schema = schema.ok_or_else(|| invalid(format!("{at}.input_schema: Field required")))?;
    if schema.get("type").and_then(Value::as_str) != Some("object") {
        return Err(invalid(format!("{at}.input_schema.type: Input should be 'object'")));
    }
    let is_strict = tool.get("strict").and_then(Value::as_bool) == Some(true);
    if is_strict && schema.get("additionalProperties") != Some(&Value::Bool(false)) {
        let why = format!(
            "{at}: For 'object' type, 'additionalProperties' must be explicitly set to false"
        );
        return Err(invalid(why));
    }
    Ok(name)
}

fn choice_of(choice: &Value, names: &[&str]) -> Result<(), Failure> {
    let kind = choice.get("type").and_then(Value::as_str);
    let kind = kind.ok_or_else(|| invalid("tool_choice.type: Field required"))?;
    if !matches!(kind, "auto" | "any" | "tool" | "none") {
        let why = "tool_choice: Input tag does not match any of 'auto', 'any', 'tool', 'none'";
        return Err(invalid(why));
    }
    if names.is_empty() && kind != "none" {
        return Err(invalid("tool_choice may only be specified while providing tools"));
    }
    if kind == "tool" {
        let name = choice.get("name").and_then(Value::as_str);
        let name = name.ok_or_else(|| invalid("tool_choice.tool.name: Field required"))?;
        if !names.contains(&name) {
            return Err(invalid(format!("Tool '{name}' not found in provided tools")));
        }
    }
    Ok(())
}
