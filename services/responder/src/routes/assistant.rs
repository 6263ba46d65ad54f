//! `/api/assistant`: how the account's assistant speaks, what it knows and how far it may go.

use actix_web::web::{Data, Json};
use actix_web::{get, put};
use chassis::api::{Failure, conn};
use domain::store::Tx;
use domain::store::gateway::read::account;
use domain::store::responder::{ProfileRow, ProfileSheet, SpentRow, read, write};
use domain::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::body::JsonBody;
use web::{Identity, Problem};

use super::Desk;
use super::fields::Fields;
use crate::answer::zone;

/// What an account that has written no profile sees; its assistant is off.
const NAMELESS: &str = "Asistente";

/// The account's assistant, as a person writes it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewProfile {
    /// Whether the model may be asked at all. Rules answer either way.
    enabled: bool,
    /// What the assistant calls itself.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    #[schema(example = "Lupita")]
    display_name: String,
    /// Tone and task.
    #[schema(max_length = 8000, pattern = r"^[^\x00]*$", example = "Trate al cliente de usted.")]
    instructions: String,
    /// The only source of prices, links, dates and promises.
    #[schema(max_length = 60000, pattern = r"^[^\x00]*$", example = "Sala Coyoacán: $14,900 MXN.")]
    facts: String,
    /// Longest answer, in SMS segments.
    #[schema(minimum = 1, maximum = 10, example = 2)]
    max_segments: i16,
    /// How long a customer must be silent before an answer is sought, in milliseconds.
    #[schema(minimum = 0, maximum = 60000, example = 2500)]
    debounce_ms: i32,
    /// Most answers of the model a day, in the account's time zone.
    #[schema(minimum = 0, maximum = 1_000_000, example = 1000)]
    max_replies_per_day: i32,
    /// Most tokens of the model a day, in the account's time zone.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64, example = 5_000_000)]
    max_tokens_per_day: i64,
    /// Business days: bit 0 is Monday, bit 6 Sunday.
    #[schema(minimum = 0, maximum = 127, example = 63)]
    open_days: i16,
    /// Minute of the local day at which the business opens. A span that begins and ends at the same
    /// minute means that it never closes.
    #[schema(minimum = 0, maximum = 1439, example = 540)]
    open_from_minute: i16,
    /// Minute of the local day at which it closes; one before the opening lies on the next day.
    #[schema(minimum = 0, maximum = 1440, example = 1140)]
    open_to_minute: i16,
    /// What HELP and AYUDA answer; empty for the house's own words.
    #[schema(
        max_length = 480,
        pattern = r"^[^\x00]*$",
        example = "Muebles La Esperanza: 55 5000 0001."
    )]
    help_text: String,
}

/// The account's assistant, and what it has done today.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Profile {
    /// Whether the model may be asked at all.
    enabled: bool,
    /// What the assistant calls itself.
    #[schema(example = "Lupita")]
    display_name: String,
    /// Tone and task.
    #[schema(example = "Trate al cliente de usted.")]
    instructions: String,
    /// The only source of prices, links, dates and promises.
    #[schema(example = "Sala Coyoacán: $14,900 MXN.")]
    facts: String,
    /// Longest answer, in SMS segments.
    #[schema(minimum = 1, maximum = 10, example = 2)]
    max_segments: i16,
    /// How long a customer must be silent before an answer is sought, in milliseconds.
    #[schema(minimum = 0, maximum = 60000, example = 2500)]
    debounce_ms: i32,
    /// Most answers of the model a day.
    #[schema(minimum = 0, example = 1000)]
    max_replies_per_day: i32,
    /// Most tokens of the model a day.
    #[schema(minimum = 0, example = 5_000_000)]
    max_tokens_per_day: i64,
    /// Business days: bit 0 is Monday, bit 6 Sunday.
    #[schema(minimum = 0, maximum = 127, example = 63)]
    open_days: i16,
    /// Minute of the local day at which the business opens.
    #[schema(minimum = 0, maximum = 1439, example = 540)]
    open_from_minute: i16,
    /// Minute of the local day at which it closes.
    #[schema(minimum = 0, maximum = 1440, example = 1140)]
    open_to_minute: i16,
    /// What HELP and AYUDA answer; empty for the house's own words.
    #[schema(example = "")]
    help_text: String,
    /// When a person changed it last; of a profile that nobody wrote yet, when the account was made.
    #[schema(value_type = DateTime<Utc>)]
    updated_at: Timestamp,
    /// Answers of the model today, in the account's time zone.
    #[schema(minimum = 0, example = 12)]
    replies_today: i32,
    /// Tokens of the model today, try-outs included.
    #[schema(minimum = 0, example = 20_480)]
    tokens_today: i64,
    /// The model; null where there are static responses only.
    #[schema(required, example = "claude-haiku-5-5")]
    model: Option<String>,
}

/// The assistant's profile.
///
/// An account that has written none gets one that is off.
#[utoipa::path(
    tag = "assistant",
    responses((status = 200, description = "The profile, and what today has cost", body = Profile))
)]
#[get("/api/assistant")]
pub(super) async fn get_assistant(
    desk: Data<Desk>,
    identity: Identity,
) -> Result<Json<Profile>, Failure> {
    let mut conn = conn(&desk.pool).await?;
    desk.profile(&mut conn, identity.account).await.map(Json)
}

/// Write the assistant's profile.
///
/// Answers from now on follow it; so do answers that are being sought.
#[utoipa::path(
    tag = "assistant",
    request_body = NewProfile,
    responses((status = 200, description = "The profile as it is now", body = Profile))
)]
#[put("/api/assistant")]
pub(super) async fn put_assistant(
    desk: Data<Desk>,
    identity: Identity,
    body: JsonBody<NewProfile>,
) -> Result<Json<Profile>, Failure> {
    let JsonBody(body) = body;
    body.check()?;
    let mut conn = conn(&desk.pool).await?;
    let (account, now) = (identity.account, desk.clock.now());
    write::save_profile(&mut conn, account, &body.profile(), now).await?;
    desk.profile(&mut conn, account).await.map(Json)
}

impl NewProfile {
    fn check(&self) -> Result<(), Problem> {
        let mut fields = Fields::default();
        fields.text("display_name", &self.display_name, 1..=100);
        fields.text("instructions", &self.instructions, 0..=8_000);
        fields.text("facts", &self.facts, 0..=60_000);
        fields.number("max_segments", self.max_segments, 1..=10);
        fields.number("debounce_ms", self.debounce_ms, 0..=60_000);
        fields.number("max_replies_per_day", self.max_replies_per_day, 0..=1_000_000);
        fields.number("max_tokens_per_day", self.max_tokens_per_day, 0..=1_000_000_000_000);
        fields.number("open_days", self.open_days, 0..=127);
        fields.number("open_from_minute", self.open_from_minute, 0..=1_439);
        fields.number("open_to_minute", self.open_to_minute, 0..=1_440);
        fields.text("help_text", &self.help_text, 0..=480);
        fields.check()
    }

    fn profile(&self) -> write::NewProfile<'_> {
        write::NewProfile {
            enabled: self.enabled,
            display_name: &self.display_name,
            instructions: &self.instructions,
            facts: &self.facts,
            max_segments: self.max_segments,
            debounce_ms: self.debounce_ms,
            max_replies_per_day: self.max_replies_per_day,
            max_tokens_per_day: self.max_tokens_per_day,
            open_days: self.open_days,
            open_from_minute: self.open_from_minute,
            open_to_minute: self.open_to_minute,
            help_text: &self.help_text,
        }
    }
}

impl Desk {
    async fn profile(&self, conn: &mut Tx, id: AccountId) -> Result<Profile, Failure> {
        // Who was just admitted has an account, unless it went in this very moment.
        let account = account(conn, id).await?;
        let account = account.ok_or_else(|| Problem::not_found("no-such-account"))?;
        let today = zone(&account, id).day_of(self.clock.now());
        let sheet = match read::profile_sheet(conn, id).await? {
            Some(sheet) => sheet,
            None => unwritten(read::account_made_at(conn, id).await?),
        };
        let spent = read::spent(conn, id, today).await?;
        Ok(Profile::of(sheet, spent, self.finder.model_name()))
    }
}

/// The columns' defaults, and off.
fn unwritten(updated_at: Timestamp) -> ProfileSheet {
    let default = write::NewProfile::default();
    ProfileSheet {
        profile: ProfileRow {
            enabled: false,
            display_name: NAMELESS.to_owned(),
            instructions: String::new(),
            facts: String::new(),
            max_segments: default.max_segments,
            max_replies_per_day: default.max_replies_per_day,
            max_tokens_per_day: default.max_tokens_per_day,
            open_days: default.open_days,
            open_from_minute: default.open_from_minute,
            open_to_minute: default.open_to_minute,
        },
        debounce_ms: default.debounce_ms,
        help_text: String::new(),
        updated_at,
    }
}

impl Profile {
    fn of(sheet: ProfileSheet, spent: SpentRow, model: Option<&str>) -> Self {
        let ProfileSheet { profile, debounce_ms, help_text, updated_at } = sheet;
        Self {
            enabled: profile.enabled,
            display_name: profile.display_name,
            instructions: profile.instructions,
            facts: profile.facts,
            max_segments: profile.max_segments,
            debounce_ms,
            max_replies_per_day: profile.max_replies_per_day,
            max_tokens_per_day: profile.max_tokens_per_day,
            open_days: profile.open_days,
            open_from_minute: profile.open_from_minute,
            open_to_minute: profile.open_to_minute,
            help_text,
            updated_at,
            replies_today: spent.replies,
            tokens_today: spent.tokens,
            model: model.map(str::to_owned),
        }
    }
}
