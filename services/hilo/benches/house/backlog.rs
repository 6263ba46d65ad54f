//! A campaign that waits: rows straight into the send queue, and how fast numbers may work it off.

use diesel_async::SimpleAsyncConnection;
use domain::delivery::DeliveryStatus;
use testkit::TestDb;

/// Queues bulk texts to strangers, dealt evenly over all numbers.
pub async fn queue(db: &TestDb, count: u32) -> anyhow::Result<()> {
    let (first, rank) = (10_000_000, DeliveryStatus::Queued.rank());
    let last = first + count - 1;
    let sql = format!(
        "INSERT INTO contacts (id, account_id, phone_number, phone_raw, created_at)
           SELECT gen_random_uuid(), a.id, '+5233' || n, '+5233' || n, now()
           FROM accounts a, generate_series({first}, {last}) n;
         INSERT INTO user_conversations (id, account_id, contact_id, to_number, number_id,
             from_twilio_number, last_message_at, created_at, assigned_reason, assigned_at)
           SELECT gen_random_uuid(), c.account_id, c.id, c.phone_number, p.id, p.phone_number,
             now(), now(), 'rotation', now()
           FROM contacts c JOIN (
             SELECT *, row_number() OVER (ORDER BY id) - 1 AS seat, count(*) OVER () AS seats
             FROM phone_numbers) p ON p.seat = substr(c.phone_number, 6)::bigint % p.seats
           WHERE c.phone_number LIKE '+5233%';
         INSERT INTO sms_messages (id, account_id, conversation_id, number_id, direction, author,
             body, segments, status, status_rank, lane, send_after, created_at)
           SELECT gen_random_uuid(), account_id, id, number_id, 'outbound', 'campaign',
             'Esta semana todos los comedores con entrega gratis.', 1, 'queued', {rank}, 1, now(), now()
           FROM user_conversations WHERE assigned_reason = 'rotation';
         ANALYZE; CHECKPOINT;"
    );
    Ok(db.conn().await.batch_execute(&sql).await?)
}

/// What every number may send, with a bucket that holds just what is kept for replies.
pub async fn pace(db: &TestDb, segments_per_second: f64) -> anyhow::Result<()> {
    let burst = (segments_per_second * 10.0).max(12.0);
    let reserve = burst * 2.0 / 3.0;
    let sql = format!(
        "UPDATE number_pace SET segments_per_second = {segments_per_second}, burst = {burst},
           reserve = {reserve}, tokens = {reserve}, tokens_at = now()"
    );
    Ok(db.conn().await.batch_execute(&sql).await?)
}

/// How many wait.
pub async fn waiting(db: &TestDb) -> String {
    let sql = "SELECT count(*) FROM sms_messages WHERE status = 'queued'";
    db.ask(sql).await.unwrap_or_default()
}
