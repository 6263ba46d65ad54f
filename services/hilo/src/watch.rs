//! Tells the person at the terminal that it works: the first answers of this start, as delivered.

use std::time::Duration;

use chassis::House;
use chrono::{DateTime, Utc};
use diesel::sql_types::{Double, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use domain::store::stmt::stmt;
use domain::store::{PoolSettings, Tx, no_connection, pool};
use domain::{Clock, SystemClock};

use crate::cli::say;

/// Between two looks.
const EVERY: Duration = Duration::from_millis(250);

#[derive(diesel::QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    author: String,
    #[diesel(sql_type = Text)]
    asked: String,
    #[diesel(sql_type = Text)]
    answered: String,
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Double)]
    seconds: f64,
}

/// Returns when a rule and the model have each answered somebody, from the number that was written
/// to, and the answer was delivered. Without `within` there is nobody to answer.
pub async fn first_answers(house: &House, within: Option<Duration>) -> anyhow::Result<()> {
    let Some(within) = within else { return Ok(()) };
    let since = SystemClock.now();
    let settings = PoolSettings { url: house.database_url.clone(), role: None, size: 1 };
    let pool = pool::pool(&settings)?;
    let deadline = tokio::time::Instant::now() + within;
    let mut told: Vec<String> = Vec::new();
    while told.len() < 2 {
        anyhow::ensure!(
            tokio::time::Instant::now() < deadline,
            "A rule and the model should each have answered somebody within {within:?}; `hilo doctor` may know why not."
        );
        let mut conn = pool.get().await.map_err(no_connection)?;
        for answer in delivered(&mut conn, since).await? {
            if !told.contains(&answer.author) {
                say(&describe(&answer));
                told.push(answer.author);
            }
        }
        tokio::time::sleep(EVERY).await;
    }
    say("  Conversations are going on.");
    Ok(())
}

async fn delivered(conn: &mut Tx, since: DateTime<Utc>) -> anyhow::Result<Vec<Answer>> {
    Ok(stmt(
        "SELECT DISTINCT ON (m.author) m.author, q.body AS asked, m.body AS answered, n.phone_number AS number,
           EXTRACT(EPOCH FROM m.finished_at - q.created_at)::float8 AS seconds
         FROM sms_messages m JOIN sms_messages q ON q.id = m.in_reply_to
         JOIN phone_numbers n ON n.id = m.number_id
         WHERE m.status = 'delivered' AND m.number_id = q.number_id AND q.created_at >= $1
           AND m.author IN ('static_response', 'assistant')
         ORDER BY m.author, m.finished_at",
    )
    .bind::<Timestamptz, _>(since)
    .load(conn)
    .await?)
}

fn describe(answer: &Answer) -> String {
    let who = if answer.author == "assistant" { "the model" } else { "a rule" };
    format!(
        "  «{}» was answered by {who} from {}, delivered after {:.1} s: «{}»",
        answer.asked, answer.number, answer.seconds, answer.answered
    )
}
