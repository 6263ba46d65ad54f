//! The response, checked strictly: a model's output is input like any other. Nothing that it says
//! gets into an error.

use providers::{Answer, ModelError, Usage};
use serde::Deserialize;
use serde_json::Value;

use crate::request::TOOL;

#[derive(Deserialize)]
struct Response {
    content: Vec<Block>,
    stop_reason: Option<String>,
    usage: Tokens,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    ToolUse {
        name: String,
        input: Value,
    },
    /// Text beside the tool, thinking, and whatever comes to be.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Tokens {
    input_tokens: u32,
    output_tokens: u32,
    cache_creation_input_tokens: Option<u32>,
    cache_read_input_tokens: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    action: Action,
    text: String,
    language: Language,
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Reply,
    HandOff,
    StaySilent,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Language {
    Es,
    En,
}

/// Reads a response with status 200.
pub(crate) fn read(body: &[u8]) -> Result<(Answer, Usage), ModelError> {
    let response: Response = serde_json::from_slice(body).map_err(|_| unusable("the response"))?;
    match response.stop_reason.as_deref() {
        Some("tool_use" | "end_turn") => {}
        Some("refusal") => return Err(ModelError::Refused),
        Some("max_tokens" | "model_context_window_exceeded") => return Err(ModelError::Truncated),
        _ => return Err(unusable("its stop_reason")),
    }
    let mut inputs = response.content.into_iter().filter_map(|block| match block {
        Block::ToolUse { name, input } if name == TOOL => Some(input),
        Block::ToolUse { .. } | Block::Other => None,
    });
    let (Some(input), None) = (inputs.next(), inputs.next()) else {
        return Err(unusable("not one use of the tool"));
    };
    let input: Input = serde_json::from_value(input).map_err(|_| unusable("the tool's input"))?;
    Ok((Answer::try_from(input)?, response.usage.into()))
}

impl TryFrom<Input> for Answer {
    type Error = ModelError;

    fn try_from(input: Input) -> Result<Self, ModelError> {
        match input.action {
            Action::Reply => match input.text.trim() {
                "" => Err(unusable("a reply without text")),
                text => Ok(Self::Reply {
                    text: text.to_owned(),
                    language: input.language.code().to_owned(),
                }),
            },
            Action::HandOff => Ok(Self::HandOff { reason: input.reason }),
            Action::StaySilent => Ok(Self::StaySilent { reason: input.reason }),
        }
    }
}

impl Language {
    fn code(&self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }
}

impl From<Tokens> for Usage {
    /// The provider counts what it cached apart from the rest; together it is what was read.
    fn from(tokens: Tokens) -> Self {
        let read = tokens.cache_read_input_tokens.unwrap_or(0);
        let written = tokens.cache_creation_input_tokens.unwrap_or(0);
        Self {
            input_tokens: tokens.input_tokens.saturating_add(read).saturating_add(written),
            cached_tokens: read,
            output_tokens: tokens.output_tokens,
        }
    }
}

fn unusable(what: &str) -> ModelError {
    ModelError::Unusable { what: what.to_owned() }
}
