//! What must be known before anything is said. Every query is by account.

use chrono::{NaiveDate, NaiveDateTime};
use diesel_async::AsyncPgConnection;
use domain::store::StoreError;
use domain::store::conversations::TurnRow;
use domain::store::gateway::read::{self as gateway, AccountRow};
use domain::store::responder::{ProfileRow, SpentRow, StaticRow, read as responder};
use domain::{AccountId, BusinessHours, Timestamp, Zone};

use crate::language::Language;
use crate::prompt::Material;
use crate::static_response::Occasion;

/// Somebody who waits for an answer, as far as we know them.
#[derive(Clone, Default)]
pub struct Customer {
    /// Empty when unknown.
    pub name: String,
    /// On record: `es` or `en`.
    pub language: Option<String>,
}

/// A text that waits for an answer, and all that the answer depends on.
pub struct Scene {
    /// The account's rules.
    pub rules: Vec<StaticRow>,
    /// The account's assistant, if it has one.
    pub profile: Option<ProfileRow>,
    /// What the model has cost on [`Scene::day`].
    pub spent: SpentRow,
    /// The day that the budget is of, in the account's zone.
    pub day: NaiveDate,
    /// What the customer's last text is certainly written in.
    pub spoken: Option<Language>,
    account: AccountRow,
    customer: Customer,
    turns: Vec<TurnRow>,
    zone: Zone,
    local: NaiveDateTime,
}

impl Scene {
    /// Looks up what the account has; `None` when there is no such account. The last of `turns` is
    /// the text to be answered.
    pub async fn load(
        conn: &mut AsyncPgConnection,
        id: AccountId,
        customer: Customer,
        turns: Vec<TurnRow>,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let Some(account) = gateway::account(conn, id).await? else { return Ok(None) };
        let zone = zone(&account, id);
        let day = zone.day_of(now);
        let spoken = turns.last().and_then(|turn| Language::of(&turn.body));
        Ok(Some(Self {
            rules: responder::static_responses(conn, id).await?,
            profile: responder::profile(conn, id).await?,
            spent: responder::spent(conn, id, day).await?,
            local: zone.local(now).naive_local(),
            day,
            spoken,
            account,
            customer,
            turns,
            zone,
        }))
    }

    /// What the rules are held against.
    pub fn occasion(&self) -> Occasion<'_> {
        Occasion {
            text: self.turns.last().map_or("", |turn| &turn.body),
            language: self.language(),
            local: self.local,
            hours: self.hours(),
        }
    }

    /// What the model is told.
    pub fn material<'a>(&'a self, profile: &'a ProfileRow) -> Material<'a> {
        Material {
            profile,
            account_name: &self.account.name,
            contact_name: &self.customer.name,
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
        let on_record = || Language::from_code(self.customer.language.as_deref()?);
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

/// The account's zone; Mexico City's where it has none that we know.
pub(crate) fn zone(account: &AccountRow, id: AccountId) -> Zone {
    Zone::parse(&account.time_zone).unwrap_or_else(|error| {
        tracing::warn!(account.id = %id, %error, "account {id} has no such zone, taking Mexico City's");
        Zone::default()
    })
}
