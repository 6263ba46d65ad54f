//! After the last kill: waiting until nothing moves any more.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::{Context, ensure};
use chassis::settings;
use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncConnection, RunQueryDsl};
use domain::store::Tx;
use secrecy::{ExposeSecret, SecretString};
use simulator::Simulator;
use tokio::process::Command;
use tokio::time::Instant;

use crate::house::PREFIX;
use crate::report::say;

const EVERY: Duration = Duration::from_secs(1);
/// The person at the terminal wants to know.
const SAY_EVERY: Duration = Duration::from_secs(10);
/// Looks in a row that must find it quiet: the broker's counts lag behind by a moment.
const QUIET: u32 = 4;

/// How it ended.
#[derive(Debug)]
pub struct Drained {
    pub took: Duration,
    /// What still moved when the patience was at its end.
    pub left: Vec<String>,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(diesel::QueryableByName)]
struct Sid {
    #[diesel(sql_type = Text)]
    twilio_sid: String,
}

const UNFINISHED: &str = "
    SELECT 'texts ' || status AS what, count(*) AS n FROM sms_messages
    WHERE status IN ('queued', 'sending', 'uncertain') GROUP BY 1
    UNION ALL SELECT 'outbox', count(*) FROM outbox
    UNION ALL SELECT 'replies due', count(*) FROM user_conversations WHERE reply_due_at IS NOT NULL";

/// Waits until every text has an end, every queue is empty and what never reached us was recovered;
/// at most for `deadline`.
pub async fn run(
    database: &SecretString,
    world: &Simulator,
    deadline: Duration,
) -> anyhow::Result<Drained> {
    let begun = Instant::now();
    let (mut quiet, mut said) = (0, begun);
    loop {
        let left = unfinished(database, world).await?;
        quiet = if left.is_empty() { quiet + 1 } else { 0 };
        if quiet >= QUIET || begun.elapsed() > deadline {
            return Ok(Drained { took: begun.elapsed(), left });
        }
        if said.elapsed() > SAY_EVERY && !left.is_empty() {
            say(&format!("torture: coming to rest: {}", left.join(", ")));
            said = Instant::now();
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn unfinished(database: &SecretString, world: &Simulator) -> anyhow::Result<Vec<String>> {
    let mut conn = Tx::establish(database.expose_secret()).await.context("the database is away")?;
    let counts: Vec<Count> = diesel::sql_query(UNFINISHED).load(&mut conn).await?;
    let sids: Vec<Sid> =
        diesel::sql_query("SELECT twilio_sid FROM sms_messages WHERE direction = 'inbound'")
            .load(&mut conn)
            .await?;
    let known: HashSet<String> = sids.into_iter().map(|row| row.twilio_sid).collect();
    let ledger = world.ledger();
    let missing = ledger.inbound.iter().filter(|text| !known.contains(&text.sid)).count();
    let under_way = world.summary().under_way;
    let mut left: Vec<String> = counts
        .iter()
        .filter(|count| count.n > 0)
        .map(|count| format!("{}: {}", count.what, count.n))
        .collect();
    for (what, n) in [("texts that never reached us", missing), ("at the carrier", under_way)] {
        if n > 0 {
            left.push(format!("{what}: {n}"));
        }
    }
    let queues = queues().await?;
    let waiting = queues.iter().filter(|(name, n)| *n > 0 && !name.ends_with(".dead"));
    left.extend(waiting.map(|(name, n)| format!("{name}: {n}")));
    Ok(left)
}

/// Dead letters by queue.
pub async fn dead_letters() -> anyhow::Result<Vec<(String, u64)>> {
    let queues = queues().await?;
    Ok(queues.into_iter().filter(|(name, n)| name.ends_with(".dead") && *n > 0).collect())
}

/// Our queues and how many messages each holds, those in somebody's hand included.
async fn queues() -> anyhow::Result<Vec<(String, u64)>> {
    let environment = settings::environment();
    let ctl =
        environment.get("HILO_TEST_RABBITMQ_CTL").context("HILO_TEST_RABBITMQ_CTL is not set")?;
    let mut command = Command::new(ctl);
    command.args(["--quiet", "list_queues", "--no-table-headers", "name", "messages"]);
    let listed = command.output().await?;
    ensure!(listed.status.success(), "the queues cannot be listed: {}", listed.status);
    let listed = String::from_utf8(listed.stdout)?;
    let queue = |line: &str| {
        let (name, n) = line.split_once('\t')?;
        Some((name.strip_prefix(PREFIX)?.to_owned(), n.trim().parse().ok()?))
    };
    Ok(listed.lines().filter_map(queue).collect())
}
