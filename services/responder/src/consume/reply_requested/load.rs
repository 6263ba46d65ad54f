//! What must be known before anything is said. Every query is by account.

use chassis::HandleError;
use chrono::{NaiveDate, NaiveDateTime};
use diesel_async::AsyncPgConnection;
use domain::store::conversations::{ConversationRow, TurnRow, read as conversations};
use domain::store::gateway::read::{self as gateway, AccountRow};
use domain::store::no_connection;
use domain::store::responder::{ProfileRow, SpentRow, StaticRow, read as responder};
use domain::{BusinessHours, Zone};
use events::{ReplyRequested, WithheldReason};

use super::{Outcome, Replies, withheld};
use crate::language::Language;
use crate::prompt::Material;
use crate::static_response::Occasion;

/// What loading came to.
pub(super) enum Loaded {
    /// There is nothing to look for.
    Settled(Outcome),
    /// There is.
    Scene(Box<Scene>),
}

/// A conversation that waits for an answer.
pub(super) struct Scene {
    pub(super) request: ReplyRequested,
    pub(super) conversation: ConversationRow,
    pub(super) account: AccountRow,
    pub(super) profile: Option<ProfileRow>,
    pub(super) rules: Vec<StaticRow>,
    pub(super) spent: SpentRow,
    /// The day that the budget is of.
    pub(super) day: NaiveDate,
    turns: Vec<TurnRow>,
    zone: Zone,
    local: NaiveDateTime,
    /// Certain, of what the customer wrote last.
    pub(super) spoken: Option<Language>,
}

/// Why a request can never be served.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error("there is no such conversation in this account")]
    Conversation,
    #[error("there is no such account")]
    Account,
}

impl Replies {
    pub(super) async fn load(&self, request: &ReplyRequested) -> Result<Loaded, HandleError> {
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conversation = conversation(&mut conn, request).await?;
        if let Some(why) = stale(&mut conn, &conversation, request).await? {
            return Ok(Loaded::Settled(withheld(WithheldReason::Superseded, why)));
        }
        let at_most = self.turns_in_prompt.at_most();
        let turns = conversations::turns(&mut conn, conversation.id, at_most).await?;
        if turns.last().is_none_or(|turn| turn.direction != "inbound") {
            // A picture without words, or something of ours came in between: a person should look.
            let why = "the customer's last message has no words to answer";
            return Ok(Loaded::Settled(withheld(WithheldReason::HandOff, why)));
        }
        let account = gateway::account(&mut conn, request.account).await?;
        let account = account.ok_or_else(|| HandleError::dead(LoadError::Account))?;
        let zone = zone(&account, request);
        let now = self.clock.now();
        let day = zone.day_of(now);
        let spoken = turns.last().and_then(|turn| Language::of(&turn.body));
        Ok(Loaded::Scene(Box::new(Scene {
            profile: responder::profile(&mut conn, request.account).await?,
            rules: responder::static_responses(&mut conn, request.account).await?,
            spent: responder::spent(&mut conn, request.account, day).await?,
            local: zone.local(now).naive_local(),
            request: request.clone(),
            conversation,
            account,
            day,
            turns,
            zone,
            spoken,
        })))
    }

    /// Whether the request is still wanted, now that time has passed; why not.
    pub(super) async fn stale_by_now(
        &self,
        request: &ReplyRequested,
    ) -> Result<Option<&'static str>, HandleError> {
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conversation = conversation(&mut conn, request).await?;
        stale(&mut conn, &conversation, request).await
    }
}

async fn conversation(
    conn: &mut AsyncPgConnection,
    request: &ReplyRequested,
) -> Result<ConversationRow, HandleError> {
    conversations::conversation(conn, request.conversation)
        .await?
        .filter(|conversation| conversation.account_id == request.account)
        .ok_or_else(|| HandleError::dead(LoadError::Conversation))
}

/// Why an answer is no longer wanted.
async fn stale(
    conn: &mut AsyncPgConnection,
    conversation: &ConversationRow,
    request: &ReplyRequested,
) -> Result<Option<&'static str>, HandleError> {
    if conversation.reply_epoch != request.reply_epoch {
        return Ok(Some("the conversation has moved on"));
    }
    if conversation.assistant != "on" {
        return Ok(Some("a person has the word"));
    }
    if conversation.conversation_status == "blocked" {
        return Ok(Some("the conversation is blocked"));
    }
    let to = &conversation.to_number;
    let opted_out = conversations::is_opted_out(conn, conversation.account_id, to).await?;
    Ok(opted_out.then_some("the customer has opted out"))
}

fn zone(account: &AccountRow, request: &ReplyRequested) -> Zone {
    Zone::parse(&account.time_zone).unwrap_or_else(|error| {
        tracing::warn!(account.id = %request.account, %error, "account {} has no such zone, taking Mexico City's", request.account);
        Zone::default()
    })
}

impl Scene {
    pub(super) fn occasion(&self) -> Occasion<'_> {
        Occasion {
            text: self.turns.last().map_or("", |turn| &turn.body),
            language: self.language(),
            local: self.local,
            hours: self.hours(),
        }
    }

    pub(super) fn material<'a>(&'a self, profile: &'a ProfileRow) -> Material<'a> {
        Material {
            profile,
            account_name: &self.account.name,
            contact_name: &self.conversation.contact_name,
            language: self.language(),
            local: self.local,
            zone: self.zone,
            is_open: self.hours().is_none_or(|hours| hours.contains(self.local)),
            turns: &self.turns,
        }
    }

    /// What the customer speaks: what they just wrote says it best, then their record, then where
    /// the business is.
    fn language(&self) -> Language {
        let on_record = || Language::from_code(self.conversation.contact_language.as_deref()?);
        self.spoken
            .or_else(on_record)
            .or_else(|| Language::from_code(&self.account.language))
            .unwrap_or(Language::Spanish)
    }

    /// `None` when the profile names no span: then the business never closes.
    fn hours(&self) -> Option<BusinessHours> {
        let profile = self.profile.as_ref()?;
        BusinessHours::new(
            u8::try_from(profile.open_days).ok()?,
            u16::try_from(profile.open_from_minute).ok()?,
            u16::try_from(profile.open_to_minute).ok()?,
        )
        .ok()
    }
}
