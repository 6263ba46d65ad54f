//! `/api/static-responses`: rules that answer without the model.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, delete, get, post, put};
use chassis::api::{Failure, conn, once};
use domain::store::responder::{StaticRow, read, write};
use domain::store::{StoreError, Tx};
use domain::{AccountId, StaticResponseId, segments_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::body::{JsonBody, Post};
use web::problem::ProblemDocument;
use web::{Identity, Problem};

use super::Desk;
use super::fields::Fields;
use crate::language::Language;
use crate::static_response::{BrokenRule, Pattern};

/// What a rule looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// One of its words, separated by commas, is the whole text.
    Keyword,
    /// The text holds its words, in this order and next to each other.
    Phrase,
    /// The text matches the expression.
    Regex,
}

/// When a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Hours {
    /// At any hour.
    Always,
    /// Within the business hours.
    Open,
    /// Outside of them.
    Closed,
}

/// A rule, as a person writes it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRule {
    /// Unique in the account.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    #[schema(example = "horario")]
    name: String,
    #[schema(inline)]
    kind: Kind,
    /// What it looks for. Upper and lower case and accents do not matter. A keyword or a phrase has at
    /// least one letter or digit; an expression must compile.
    #[schema(min_length = 1, max_length = 500, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    #[schema(example = "horario, a qué hora abren")]
    pattern: String,
    /// What it answers.
    #[schema(min_length = 1, max_length = 1600, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    #[schema(example = "Abrimos de lunes a sábado de 9 a 19 horas.")]
    body: String,
    /// Only for customers of this language; null for all.
    #[serde(default)]
    #[schema(inline)]
    language: Option<Language>,
    /// The highest that matches answers; among equals the first by name.
    #[schema(minimum = -1000, maximum = 1000, example = 10)]
    priority: i32,
    #[schema(inline)]
    hours: Hours,
    /// Whether it is tried at all.
    enabled: bool,
}

/// A rule that answers without the model.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Rule {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: StaticResponseId,
    /// Unique in the account.
    #[schema(example = "horario")]
    name: String,
    #[schema(inline)]
    kind: Kind,
    /// What it looks for.
    #[schema(example = "horario, a qué hora abren")]
    pattern: String,
    /// What it answers.
    #[schema(example = "Abrimos de lunes a sábado de 9 a 19 horas.")]
    body: String,
    /// Only for customers of this language; null for all.
    #[schema(inline, required)]
    language: Option<Language>,
    /// The highest that matches answers.
    #[schema(example = 10)]
    priority: i32,
    #[schema(inline)]
    hours: Hours,
    /// Whether it is tried at all.
    enabled: bool,
    /// SMS segments of the answer.
    #[schema(minimum = 1, example = 1)]
    segments: u16,
}

/// The account's rules, the first to be tried first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleList {
    /// At most 500.
    #[schema(max_items = 500)]
    items: Vec<Rule>,
}

/// The rules.
#[utoipa::path(
    tag = "assistant",
    responses((status = 200, description = "The first to be tried first", body = RuleList))
)]
#[get("/api/static-responses")]
pub(super) async fn list_static_responses(
    desk: Data<Desk>,
    identity: Identity,
) -> Result<Json<RuleList>, Failure> {
    let mut conn = conn(&desk.pool).await?;
    let rows = read::static_responses(&mut conn, identity.account).await?;
    let items = rows.into_iter().map(Rule::of).collect::<Result<_, _>>()?;
    Ok(Json(RuleList { items }))
}

/// Make a rule.
#[utoipa::path(
    tag = "assistant",
    request_body = NewRule,
    responses(
        (status = 201, description = "The rule", body = Rule),
        (status = 409, description = "`rule-exists`: another has the name; `rule-book-full`: there are 500",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "Field `pattern`: `not-a-regex` or `no-words`",
            body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[post("/api/static-responses")]
pub(super) async fn create_static_response(
    desk: Data<Desk>,
    post: Post<NewRule>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, body, once: again } = post;
    body.check()?;
    let (account, now) = (identity.account, desk.clock.now());
    once(&desk.pool, &identity, &again, now, StatusCode::CREATED, async |tx: &mut Tx| {
        if read::static_responses(tx, account).await?.len() >= usize::from(read::MOST_RULES) {
            return Err(Problem::conflict("rule-book-full").into());
        }
        let id = StaticResponseId::generate();
        if !write::create_static(tx, account, id, &body.rule()).await? {
            return Err(rule_exists());
        }
        Rule::read(tx, account, id).await
    })
    .await
}

/// Write a rule anew.
#[utoipa::path(
    tag = "assistant",
    params(("id" = Uuid, Path, description = "The rule")),
    request_body = NewRule,
    responses(
        (status = 200, description = "The rule", body = Rule),
        (status = 409, description = "`rule-exists`: another has the name",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "Field `pattern`: `not-a-regex` or `no-words`",
            body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[put("/api/static-responses/{id}")]
pub(super) async fn change_static_response(
    desk: Data<Desk>,
    identity: Identity,
    id: Path<StaticResponseId>,
    body: JsonBody<NewRule>,
) -> Result<Json<Rule>, Failure> {
    let JsonBody(body) = body;
    body.check()?;
    let mut conn = conn(&desk.pool).await?;
    let changed = write::change_static(&mut conn, identity.account, *id, &body.rule()).await;
    match changed.map_err(StoreError::from) {
        Ok(true) => Rule::read(&mut conn, identity.account, *id).await.map(Json),
        Ok(false) => Err(no_such_rule()),
        Err(error) if error.is_unique_violation() => Err(rule_exists()),
        Err(error) => Err(error.into()),
    }
}

/// Take a rule away.
#[utoipa::path(
    tag = "assistant",
    params(("id" = Uuid, Path, description = "The rule")),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/api/static-responses/{id}")]
pub(super) async fn delete_static_response(
    desk: Data<Desk>,
    identity: Identity,
    id: Path<StaticResponseId>,
) -> Result<HttpResponse, Failure> {
    let mut conn = conn(&desk.pool).await?;
    match write::delete_static(&mut conn, identity.account, *id).await? {
        true => Ok(HttpResponse::NoContent().finish()),
        false => Err(no_such_rule()),
    }
}

fn no_such_rule() -> Failure {
    Problem::not_found("no-such-rule").into()
}

fn rule_exists() -> Failure {
    Problem::conflict("rule-exists").field("name", "taken").into()
}

impl NewRule {
    fn check(&self) -> Result<(), Problem> {
        let mut fields = Fields::default();
        fields.text("name", &self.name, 1..=100);
        fields.text("pattern", &self.pattern, 1..=500);
        fields.text("body", &self.body, 1..=1_600);
        fields.number("priority", self.priority, -1_000..=1_000);
        match Pattern::compile(self.kind.as_str(), &self.pattern) {
            Ok(_) => {}
            Err(BrokenRule::NoWords) => fields.wrong("pattern", "no-words"),
            Err(BrokenRule::Regex(_)) => fields.wrong("pattern", "not-a-regex"),
            Err(BrokenRule::Kind) => fields.wrong("kind", "unexpected-value"),
        }
        fields.check()
    }

    fn rule(&self) -> write::NewStatic<'_> {
        write::NewStatic {
            name: &self.name,
            kind: self.kind.as_str(),
            pattern: &self.pattern,
            body: &self.body,
            language: self.language.map(Language::code),
            priority: self.priority,
            hours: self.hours.as_str(),
            enabled: self.enabled,
        }
    }
}

impl Rule {
    async fn read(
        conn: &mut Tx,
        account: AccountId,
        id: StaticResponseId,
    ) -> Result<Self, Failure> {
        let row = read::static_response(conn, account, id).await?;
        Ok(Self::of(row.ok_or_else(no_such_rule)?)?)
    }

    fn of(row: StaticRow) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::Corrupt { column };
        Ok(Self {
            id: row.id,
            name: row.name,
            kind: Kind::ALL
                .into_iter()
                .find(|kind| kind.as_str() == row.kind)
                .ok_or_else(|| corrupt("static_responses.kind"))?,
            pattern: row.pattern,
            segments: segments_of(&row.body).count(),
            body: row.body,
            language: row.language.as_deref().and_then(Language::from_code),
            priority: row.priority,
            hours: Hours::ALL
                .into_iter()
                .find(|hours| hours.as_str() == row.hours)
                .ok_or_else(|| corrupt("static_responses.hours"))?,
            enabled: row.enabled,
        })
    }
}

impl Kind {
    const ALL: [Self; 3] = [Self::Keyword, Self::Phrase, Self::Regex];

    fn as_str(self) -> &'static str {
        match self {
            Self::Keyword => "keyword",
            Self::Phrase => "phrase",
            Self::Regex => "regex",
        }
    }
}

impl Hours {
    const ALL: [Self; 3] = [Self::Always, Self::Open, Self::Closed];

    fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}
