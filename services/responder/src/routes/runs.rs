//! `/api/assistant/runs`: what was tried for which text, and what came of it.

use actix_web::get;
use actix_web::web::{Data, Json};
use chassis::api::{Failure, conn};
use domain::store::responder::{RunRow, read};
use domain::{ConversationId, MessageId, RunId, StaticResponseId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::Identity;
use web::body::Params;
use web::page::window;

use super::Desk;

/// Which attempts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RunQuery {
    /// Of this conversation only.
    #[param(value_type = Option<Uuid>)]
    conversation_id: Option<ConversationId>,
    /// At most so many.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// A rule, by name.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleName {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub(super) id: StaticResponseId,
    /// Its name.
    #[schema(example = "horario")]
    pub(super) name: String,
}

/// Whose decision it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Source {
    /// A rule answered.
    StaticResponse,
    /// The model answered, or chose not to.
    Assistant,
    /// Nobody was there to decide.
    None,
}

/// One attempt to find an answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Run {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: RunId,
    /// The text that was to be answered.
    #[schema(value_type = Uuid)]
    message_id: MessageId,
    #[schema(inline)]
    source: Source,
    /// The rule that answered, unless it was deleted since.
    #[schema(required)]
    rule: Option<RuleName>,
    /// The model, if it was asked.
    #[schema(required, example = "claude-haiku-5-5")]
    model: Option<String>,
    /// `reply`, or why there was none: `hand_off`, `stay_silent`, `no_model`, `over_budget`,
    /// `model_failed`, `unfit_answer`, `superseded`.
    #[schema(example = "reply")]
    outcome: String,
    /// The same in words, for a person.
    note: String,
    /// Tokens read.
    #[schema(minimum = 0, example = 1_640)]
    input_tokens: i32,
    /// Tokens written.
    #[schema(minimum = 0, example = 48)]
    output_tokens: i32,
    /// How long the model took, in milliseconds.
    #[schema(minimum = 0, example = 820)]
    model_ms: i32,
    /// When.
    #[schema(value_type = DateTime<Utc>)]
    created_at: Timestamp,
}

/// Attempts, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunList {
    /// At most as many as were asked for.
    #[schema(max_items = 200)]
    items: Vec<Run>,
}

/// What was tried, the latest first.
#[utoipa::path(
    tag = "assistant",
    params(RunQuery),
    responses((status = 200, description = "The latest first", body = RunList))
)]
#[get("/api/assistant/runs")]
pub(super) async fn list_assistant_runs(
    desk: Data<Desk>,
    identity: Identity,
    query: Params<RunQuery>,
) -> Result<Json<RunList>, Failure> {
    let Params(RunQuery { conversation_id, limit }) = query;
    let limit = window(None, limit)?.limit;
    let mut conn = conn(&desk.pool).await?;
    let runs = read::runs(&mut conn, identity.account, conversation_id, limit).await?;
    Ok(Json(RunList { items: runs.into_iter().map(Run::from).collect() }))
}

impl From<RunRow> for Run {
    fn from(row: RunRow) -> Self {
        Self {
            id: row.id,
            message_id: row.message_id,
            source: match row.source.as_str() {
                "static_response" => Source::StaticResponse,
                "assistant" => Source::Assistant,
                _ => Source::None,
            },
            rule: row.rule_id.zip(row.rule_name).map(|(id, name)| RuleName { id, name }),
            model: row.model,
            outcome: row.outcome,
            note: row.note,
            input_tokens: row.input_tokens,
            output_tokens: row.output_tokens,
            model_ms: row.model_ms,
            created_at: row.created_at,
        }
    }
}
