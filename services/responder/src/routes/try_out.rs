//! `/api/assistant/try`: what would be answered to a text. It goes the way of a customer's text up to
//! the answer and no further: nothing is sent, and of the conversation nothing is written.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chassis::api::{Failure, conn, once, replayed};
use domain::store::conversations::{TurnRow, read as conversations};
use domain::store::responder::write;
use domain::store::{StoreError, Tx};
use domain::{ConversationId, Encoding, StaticResponseId, segments_of};
use events::ReplySource;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::body::Post;
use web::{Identity, Problem};

use super::Desk;
use super::fields::Fields;
use super::runs::RuleName;
use crate::answer::{Asked, Customer, Found, Scene, Silence, Verdict, Wish, silent};
use crate::consume::muted;
use crate::language::Language;
use crate::static_response::Weighed;

/// How long a person waits for the model, whose client makes several attempts.
const PATIENCE: Duration = Duration::from_secs(25);

/// A text, and who wrote it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTrial {
    /// What the customer writes.
    #[schema(min_length = 1, max_length = 1600, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    #[schema(example = "¿Cuánto cuesta la sala Coyoacán?")]
    text: String,
    /// The customer's language on record; what the text itself is written in counts more.
    #[serde(default)]
    #[schema(inline)]
    language: Option<Language>,
    /// As the next text in this conversation; null for one from a stranger.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    conversation_id: Option<ConversationId>,
}

/// What would be answered, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Trial {
    #[schema(inline)]
    would: Would,
    /// The answer.
    #[schema(required, example = "La sala Coyoacán de tres piezas cuesta $14,900 MXN.")]
    body: Option<String>,
    /// SMS segments of the answer.
    #[schema(required, minimum = 1, example = 1)]
    segments: Option<u16>,
    /// How the answer would travel.
    #[schema(inline, required)]
    encoding: Option<Alphabet>,
    /// The rule that would answer.
    #[schema(required)]
    rule: Option<RuleName>,
    #[schema(inline)]
    why: Why,
    /// The same in words, for a person; also why the answer would not leave for this conversation.
    note: String,
    /// Every rule of the account, the first to be tried first.
    #[schema(max_items = 500)]
    rules: Vec<WeighedRule>,
    /// The model, if it was asked.
    #[schema(required, example = "claude-haiku-5-5")]
    model: Option<String>,
    /// Tokens read; they count against the day's budget.
    #[schema(minimum = 0, example = 1_640)]
    input_tokens: u32,
    /// Tokens written; they count against the day's budget.
    #[schema(minimum = 0, example = 48)]
    output_tokens: u32,
    /// How long the model took, in milliseconds.
    #[schema(minimum = 0, example = 820)]
    model_ms: u32,
}

/// A rule, and what came of holding it against the text.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WeighedRule {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: StaticResponseId,
    /// Its name.
    #[schema(example = "horario")]
    name: String,
    /// Whether the text is what it looks for, at this hour and in this language.
    matched: bool,
    #[schema(inline)]
    why: RuleWhy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Would {
    StaticResponse,
    Assistant,
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Alphabet {
    Gsm7,
    Ucs2,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Why {
    RuleMatched,
    Answered,
    HandOff,
    NoProfile,
    Disabled,
    BudgetSpent,
    ModelUnavailable,
    RefusedByCheck,
    NoAnswer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum RuleWhy {
    /// It answers.
    Matched,
    /// It would, but another comes before it.
    Outranked,
    Off,
    OtherLanguage,
    OutOfHours,
    BrokenPattern,
    OtherText,
}

/// Nothing moves on while one tries.
struct Trying;

impl Wish for Trying {
    async fn lapsed(&self) -> Result<Option<&'static str>, StoreError> {
        Ok(None)
    }
}

/// Try the assistant.
///
/// Rules, then the model with the profile's prompt, checks and budget: what a customer who writes this
/// text now would be answered. Nothing is sent.
#[utoipa::path(
    tag = "assistant",
    request_body = NewTrial,
    responses((status = 200, description = "What would be answered", body = Trial))
)]
#[post("/api/assistant/try")]
pub(super) async fn try_assistant(
    desk: Data<Desk>,
    post: Post<NewTrial>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, body, once: again } = post;
    body.check()?;
    if let Some(answer) = replayed(&desk.pool, &identity, &again).await? {
        return Ok(answer);
    }
    let (scene, muted) = desk.scene(&identity, body).await?;
    let found = match tokio::time::timeout(PATIENCE, desk.finder.find(&scene, &Trying)).await {
        Ok(found) => found?,
        Err(_) => silent(Silence::Unreachable, "the model took too long to answer"),
    };
    let spent = found.asked.as_ref().map(|asked| (asked.day, asked.tokens()));
    let answer = Trial::of(&desk, &scene, found, muted);
    let (account, now) = (identity.account, desk.clock.now());
    once(&desk.pool, &identity, &again, now, StatusCode::OK, async |tx: &mut Tx| {
        // No answer to a customer, so none of the day's replies.
        if let Some((day, tokens @ 1..)) = spent {
            write::spend(tx, account, day, 0, tokens).await?;
        }
        Ok(answer)
    })
    .await
}

impl NewTrial {
    fn check(&self) -> Result<(), Problem> {
        let mut fields = Fields::default();
        fields.text("text", &self.text, 1..=1_600);
        fields.check()
    }
}

impl Desk {
    /// The text as the next one of its conversation, and why nothing of ours would leave for it.
    async fn scene(
        &self,
        identity: &Identity,
        body: NewTrial,
    ) -> Result<(Scene, Option<&'static str>), Failure> {
        let mut conn = conn(&self.pool).await?;
        let NewTrial { text, language, conversation_id } = body;
        let (mut customer, mut turns, mut muting) = (Customer::default(), Vec::new(), None);
        if let Some(id) = conversation_id {
            let conversation = conversations::conversation(&mut conn, id)
                .await?
                .filter(|conversation| conversation.account_id == identity.account)
                .ok_or_else(|| Problem::not_found("no-such-conversation"))?;
            muting = muted(&mut conn, &conversation).await?;
            let at_most = self.turns_in_prompt.at_most() - 1;
            turns = conversations::turns(&mut conn, id, at_most).await?;
            customer.name = conversation.contact_name;
            customer.language = conversation.contact_language;
        }
        if let Some(language) = language {
            customer.language = Some(language.code().to_owned());
        }
        turns.push(TurnRow { direction: "inbound".to_owned(), body: text });
        let now = self.clock.now();
        let scene = Scene::load(&mut conn, identity.account, customer, turns, now).await?;
        let scene = scene.ok_or_else(|| Problem::not_found("no-such-account"))?;
        Ok((scene, muting))
    }
}

impl Trial {
    fn of(desk: &Desk, scene: &Scene, found: Found, muted: Option<&str>) -> Self {
        let Found { verdict, asked, .. } = found;
        let (would, why, body, answers, note) = match verdict {
            Verdict::Drafted { body, source: ReplySource::StaticResponse, rule } => {
                (Would::StaticResponse, Why::RuleMatched, Some(body), rule, String::new())
            }
            Verdict::Drafted { body, source: ReplySource::Assistant, rule } => {
                (Would::Assistant, Why::Answered, Some(body), rule, String::new())
            }
            Verdict::Withheld { why, note } => (Would::Nothing, why.into(), None, None, note),
        };
        let rules: Vec<WeighedRule> = desk
            .finder
            .weigh(scene)
            .into_iter()
            .map(|(rule, weighed)| WeighedRule {
                id: rule.id,
                name: rule.name.clone(),
                matched: weighed == Weighed::Matches,
                why: RuleWhy::of(weighed, answers == Some(rule.id)),
            })
            .collect();
        let rule = rules.iter().find(|rule| Some(rule.id) == answers);
        let rule = rule.map(|rule| RuleName { id: rule.id, name: rule.name.clone() });
        let air = body.as_deref().map(segments_of);
        let usage = asked.as_ref().map(|asked| asked.usage).unwrap_or_default();
        Self {
            would,
            segments: air.map(|air| air.count()),
            encoding: air.map(|air| air.encoding.into()),
            body,
            rule,
            why,
            note: muted.map_or(note, |why| format!("nothing would leave: {why}")),
            rules,
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            model_ms: asked.as_ref().map_or(0, millis),
            model: asked.map(|asked| asked.model),
        }
    }
}

fn millis(asked: &Asked) -> u32 {
    u32::try_from(asked.took.as_millis()).unwrap_or(u32::MAX)
}

impl RuleWhy {
    fn of(weighed: Weighed, answers: bool) -> Self {
        match weighed {
            Weighed::Matches if answers => Self::Matched,
            Weighed::Matches => Self::Outranked,
            Weighed::Off => Self::Off,
            Weighed::OtherLanguage => Self::OtherLanguage,
            Weighed::OutOfHours => Self::OutOfHours,
            Weighed::Broken => Self::BrokenPattern,
            Weighed::OtherText => Self::OtherText,
        }
    }
}

impl From<Silence> for Why {
    fn from(why: Silence) -> Self {
        match why {
            Silence::NoModel | Silence::Unreachable => Self::ModelUnavailable,
            Silence::NoProfile => Self::NoProfile,
            Silence::Disabled => Self::Disabled,
            Silence::OverBudget => Self::BudgetSpent,
            Silence::HandOff => Self::HandOff,
            Silence::UnfitAnswer => Self::RefusedByCheck,
            Silence::StaySilent | Silence::NothingUsable | Silence::Superseded => Self::NoAnswer,
        }
    }
}

impl From<Encoding> for Alphabet {
    fn from(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Gsm7 => Self::Gsm7,
            Encoding::Ucs2 => Self::Ucs2,
        }
    }
}
