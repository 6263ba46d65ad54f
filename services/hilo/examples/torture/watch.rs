//! Looks at every outbound text a few times a second: no status may fall.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use diesel::sql_types::{Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnection, RunQueryDsl};
use domain::store::Tx;
use domain::{Clock, SystemClock, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const EVERY: Duration = Duration::from_millis(200);
/// The rank of `sent`: from here on nothing falls. Below, a text that certainly did not leave may be
/// put back to `queued`.
pub const SENT: i16 = 30;

/// What was seen.
#[derive(Debug, Default)]
pub struct Watched {
    /// How often we looked.
    pub looks: u32,
    /// Falls, described.
    pub fell: Vec<String>,
    /// Texts that were uncertain at some time.
    pub uncertain: HashSet<Uuid>,
    /// When an opt-out was first seen committed; whatever is claimed later must have seen it too.
    pub opted_out: HashMap<Uuid, Timestamp>,
    last: HashMap<Uuid, Standing>,
}

/// Where a text stands.
#[derive(Debug, Clone, diesel::QueryableByName)]
pub struct Standing {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = SmallInt)]
    pub status_rank: i16,
    #[diesel(sql_type = SmallInt)]
    pub attempts: i16,
    #[diesel(sql_type = Nullable<Text>)]
    pub twilio_sid: Option<String>,
}

#[derive(diesel::QueryableByName)]
struct OptOut {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Watches until `stop`, through every death of the database.
pub async fn run(database: SecretString, stop: CancellationToken) -> Watched {
    let mut watched = Watched::default();
    while !stop.is_cancelled() {
        // An error is an outage: connect again.
        let _ = look_on(&mut watched, &database, &stop).await;
        stop.run_until_cancelled(tokio::time::sleep(EVERY)).await;
    }
    watched
}

async fn look_on(
    watched: &mut Watched,
    database: &SecretString,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let mut conn = Tx::establish(database.expose_secret()).await?;
    while !stop.is_cancelled() {
        let rows: Vec<Standing> = diesel::sql_query(
            "SELECT id, status, status_rank, attempts, twilio_sid FROM sms_messages WHERE direction = 'outbound'",
        )
        .load(&mut conn)
        .await?;
        let opt_outs: Vec<OptOut> =
            diesel::sql_query("SELECT id FROM opt_outs").load(&mut conn).await?;
        let now = SystemClock.now();
        for opt_out in opt_outs {
            watched.opted_out.entry(opt_out.id).or_insert(now);
        }
        rows.into_iter().for_each(|row| watched.see(row));
        watched.looks += 1;
        stop.run_until_cancelled(tokio::time::sleep(EVERY)).await;
    }
    Ok(())
}

impl Watched {
    /// Compares a text with how it stood before.
    pub fn see(&mut self, now: Standing) {
        if now.status == "uncertain" {
            self.uncertain.insert(now.id);
        }
        if let Some(before) = self.last.get(&now.id)
            && let Some(why) = fall(before, &now)
        {
            self.fell.push(format!("{}: {why}: {before:?} -> {now:?}", now.id));
        }
        self.last.insert(now.id, now);
    }
}

fn fall(before: &Standing, now: &Standing) -> Option<&'static str> {
    if now.attempts < before.attempts {
        Some("attempts fell")
    } else if before.status_rank >= SENT && now.status_rank < before.status_rank {
        Some("what was sent fell back")
    } else if now.attempts == before.attempts
        && now.status_rank < before.status_rank
        && now.status != "queued"
    {
        Some("fell without a new attempt")
    } else if before.twilio_sid.is_some() && now.twilio_sid != before.twilio_sid {
        Some("became another text of the provider's")
    } else {
        None
    }
}
